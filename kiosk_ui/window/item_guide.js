// 办事指南: the six elements of the item in hand, at a glance; printed for the citizen where a printer stands.
import { get, post } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const several = (guide, name) => (!lang().startsWith("zh") && guide[`${name}_en`]?.length ? guide[`${name}_en`] : guide[name]);
const part = (label, ...lines) => (lines.flat().filter(Boolean).length ? [h("dt", label), h("dd", lines.flat().filter(Boolean).map((words) => h("p", words)))] : []);

function time(guide) {
  if (guide.handling === "spot" || guide.promised_days === 0) return t("ot.onSpot");
  return guide.promised_days ? t("ot.days", { n: guide.promised_days }) : "";
}

function material(one, n) {
  const copies = t("ot.copies", { form: t(`ot.form_${one.form}`), n: one.copies });
  const facts = [copies, one.when && t("ot.only", { when: pick(one, "when") })].filter(Boolean);
  return `${n + 1}. ${pick(one)}${lang().startsWith("zh") ? `（${facts.join("，")}）` : ` (${facts.join(", ")})`}`;
}

const elements = (guide) => h("dl.item-guide",
  part(t("ot.materials"), guide.materials.length ? guide.materials.map(material) : t("ot.noMaterials")),
  part(t("ot.conditions"), several(guide, "conditions")),
  part(t("ot.steps"), guide.steps.map((step, n) => [`${n + 1}. ${pick(step)}`, pick(step, "note")].filter(Boolean).join(" · "))),
  part(t("ot.promised"), time(guide)),
  part(t("ot.fee"), pick(guide, "fee")),
  part(t("ot.special"), pick(guide, "special")),
  part(t("ot.basis"), guide.basis),
  part(t("ot.phones"), [guide.phone, guide.supervision_phone].filter(Boolean).join("　")));

export async function showGuide(desk) {
  const { guide } = await get(`/windows/${encodeURIComponent(desk.no)}/notice-form`);
  await sheet(`${t("ot.guide")} · ${pick(guide)}`, (done) => {
    const error = h("p.error", { role: "alert" });
    const print = async () => {
      try {
        await post(`/query/items/${encodeURIComponent(guide.service)}/print`, { window: desk.no });
        done();
        desk.tell(t("ot.guidePrinted"));
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        say(error, problem.lost ? t("pk.lost") : problem.message);
      }
    };
    return h("div.stack", h("p.hint", guide.version ? t("ot.bothUsed", { n: guide.version, d: guide.from_day }) : t("ot.noGuide")), elements(guide), error,
      h("div.btn-row.sheet-foot", guide.version > 0 && h("button.btn.primary", { type: "button", onclick: print }, t("ot.guidePrint")),
        h("button.btn", { type: "button", "data-first": true, onclick: () => done() }, t("pk.close"))));
  });
}
