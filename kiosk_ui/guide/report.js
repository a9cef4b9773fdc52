// What happened in the hall, to the office at once (G06, G08); and the emergency, for who may begin one.
import { create } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, say } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { emergencyPage } from "../office/emergency.js";
import { complaint } from "./complaint.js";
import { drawer, press } from "./parts.js";
import { referral } from "./referral.js";
import { repair } from "./repair.js";

const KINDS = ["dispute", "ill", "lost", "fault", "order", "other"];

export function report(ctx) {
  const said = h("p.band.green", { role: "status", hidden: true });
  const error = h("p.error", { role: "alert" });
  const kinds = h("fieldset.options", h("legend", t("gd.reportWhat")), h("div.g-kinds", KINDS.map((kind) =>
    h("label.option", h("input", { type: "radio", name: "incident", value: kind }), h("span.btn.g-key", t(`gd.in_${kind}`))))));
  const text = h("textarea.input", { maxlength: 200, rows: 2 });
  const own = ctx.me()?.post?.zone || "";
  const zone = h("select.input", [["", t("gd.zoneAll")], ...ctx.catalog.zones.map((z) => [z.code, pick(z)])].map(([value, words]) => h("option", { value, selected: value === own }, words)));
  const send = async () => {
    const chosen = kinds.querySelector("input:checked");
    said.hidden = true;
    say(error, chosen ? "" : t("gd.reportPick"));
    if (!chosen) return;
    await create("/incidents", { kind: chosen.value, text: text.value.trim(), ...(zone.value ? { zone: zone.value } : {}) });
    say(said, `${t("gd.sent")}　${hm()}`);
    said.hidden = false;
    chosen.checked = false;
    text.value = "";
  };
  const mine = h("section.card.stack");
  const draw = drawer(mine);
  const emergency = emergencyPage(ctx);
  const broken = repair(ctx);
  const update = () => {
    const open = ctx.live.list("notice/").filter((n) => n.kind === "alarm" && !n.key && n.person === ctx.who.id);
    mine.hidden = !open.length;
    draw([lang(), open.map((n) => [n.id, n.owner])], () => [h("h2", t("gd.myReports")), open.map((n) => h("p.band.amber", pick(n, "text"),
      h("small.block", n.owner ? t("gd.ownerIs", { name: n.owner.name, t: hm(n.owned_at) }) : t("gd.nobodyYet"), `　${hm(n.at)}`)))]);
    emergency.update?.();
  };
  return {
    node: h("div.stack.g-narrow", h("section.card.stack", h("h2", t("gd.reportTitle")), kinds,
      h("label.field", h("span.label", t("gd.zone")), zone), h("label.field", h("span.label", t("gd.reportText")), text), error,
      press(t("gd.reportGo"), send, ".primary.g-go"), said), mine, broken.node, complaint(ctx), referral(ctx), emergency.node),
    update, stop: () => (broken.stop(), emergency.stop?.()),
  };
}
