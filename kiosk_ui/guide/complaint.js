// A suggestion or complaint that a citizen tells the guide: a quick note, and the office knows at once (E22).
import { create } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { press } from "./parts.js";

const TOPICS = ["wait", "attitude", "skill", "trips", "stuck", "device", "idea", "other"];

export function complaint(ctx) {
  const said = h("p.band.green", { role: "status", hidden: true });
  const error = h("p.error", { role: "alert" });
  const topics = h("fieldset.options", h("legend", t("kc.guideWhat")), h("div.g-kinds", TOPICS.map((topic) =>
    h("label.option", h("input", { type: "radio", name: "topic", value: topic }), h("span.btn.g-key", t(`ct.${topic}`))))));
  const own = ctx.me()?.post?.zone || "";
  const zone = h("select.input", [["", t("gd.zoneAll")], ...ctx.catalog.zones.map((z) => [z.code, pick(z)])].map(([value, words]) => h("option", { value, selected: value === own }, words)));
  const number = h("input.input", { maxlength: 8 });
  const contact = h("input.input", { maxlength: 60, inputmode: "tel" });
  const text = h("textarea.input", { maxlength: 500, rows: 2 });
  const send = async () => {
    const chosen = topics.querySelector("input:checked");
    said.hidden = true;
    say(error, chosen ? "" : t("gd.reportPick"));
    if (!chosen) return;
    const filled = Object.entries({ matter: text.value.trim(), number: number.value.trim(), contact: contact.value.trim(), zone: zone.value }).filter(([, value]) => value);
    const made = await create("/cases", { topic: chosen.value, ...(chosen.value === "idea" ? { kind: "suggestion" } : {}), ...Object.fromEntries(filled) });
    say(said, `${t("kc.guideDone", { no: made.no })}　${hm()}`);
    said.hidden = false;
    chosen.checked = false;
    text.value = number.value = contact.value = "";
  };
  const field = (words, input) => h("label.field", h("span.label", words), input);
  return h("section.card.stack", h("h2", t("kc.guideTitle")), topics, field(t("gd.zone"), zone), field(t("kc.guideNumber"), number),
    field(t("kc.guideText"), text), field(t("kc.phone"), contact), error, press(t("kc.guideGo"), send, ".primary.g-go"), said);
}
