// 首问转交 from the tablet: the guide is whom a citizen asks first, and passes the matter on in writing (I17).
import { create } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { press } from "./parts.js";

const PERSONAL = [["name", 100], ["phone", 40], ["address", 200]];

export function referral(ctx) {
  const said = h("p.band.green", { role: "status", hidden: true });
  const error = h("p.error", { role: "alert" });
  const department = h("select.input", h("option", { value: "" }), ctx.catalog.departments.map((d) => h("option", { value: d.code }, pick(d))));
  const matter = h("textarea.input", { maxlength: 500, rows: 2 });
  const tel = h("input.input", { maxlength: 40, inputmode: "tel" });
  const personal = PERSONAL.map(([name, maxlength]) => [name, h("input.input", { maxlength, autocomplete: "off", ...(name === "phone" ? { inputmode: "tel" } : {}) })]);
  const message = h("textarea.input", { maxlength: 500, rows: 2 });
  const kiosk = () => ctx.catalog.kiosks.find((k) => k.zone === ctx.me()?.post?.zone)?.id; // its printer makes the slip
  const send = async () => {
    said.hidden = true;
    const missing = !department.value || !matter.value.trim();
    say(error, missing ? t("hg.needed") : "");
    if (missing) return;
    const values = Object.fromEntries([...personal, ["message", message], ["tel", tel], ["matter", matter]].map(([name, input]) => [name, input.value.trim()]));
    const made = await create("/referrals", { ...values, department: department.value, ...(kiosk() ? { kiosk: kiosk() } : {}) });
    say(said, t(made.printed ? "hg.sent" : "hg.sentNoSlip", { no: made.no, dept: pick(ctx.catalog.departments.find((d) => d.code === made.department)) }));
    said.hidden = false;
    for (const input of [department, matter, tel, message, ...personal.map(([, one]) => one)]) input.value = "";
  };
  const field = (words, input, hint = "") => h("label.field", h("span.label", words), input, hint && h("small.muted", hint));
  return h("section.card.stack", h("h2", t("hg.title")), field(t("hg.department"), department), field(t("hg.matter"), matter, t("hg.matterHint")), field(t("hg.tel"), tel),
    personal.map(([name, input]) => field(t(`hg.${name}`), input)), field(t("hg.message"), message), error, press(t("hg.write"), send, ".primary.g-go"), said);
}
