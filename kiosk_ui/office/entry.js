// The form of one entry of the catalogue: its fields by kind, saved as a whole; a refusal stands at its field.
import { create, post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { filled } from "../window/sign_in.js";
import { check, choice, number, optional, ordered, periods, text, time, weekdays } from "./controls.js";

const REQUIRED = ["code", "no", "id", "name", "prefix"];
const options = (rows) => rows.map((row) => [row.code, pick(row)]);

const code = (row) => text("code", t("o.cCode"), row, { hint: t("o.cCodeHint"), fixed: true, maxlength: 32 });
const named = (row) => [
  text("name", t("o.cName"), row, { maxlength: 60 }),
  text("name_en", t("o.cNameEn"), row, { maxlength: 120 }),
];
const order = (row) => number("ord", t("o.cOrd"), row, { hint: t("o.cOrdHint"), min: 0, max: 9999, step: 1 });
const department = (row, all) => choice("department", t("o.colDept"), row, options(all.departments));
const zone = (row, all) => choice("zone", t("o.colZone"), row, options(all.zones));

/** Words that may be left out: empty is null. */
const words = (name, label, row, props) => {
  const control = text(name, label, row, props);
  return { ...control, value: () => control.value() || null };
};

/** A tick that stands for one word, or for nothing. */
const ticked = (name, label, row, word) => {
  const control = check(name, label, row && { [name]: Boolean(row[name]) });
  return { ...control, value: () => (control.value() ? word : null) };
};

/** One person and one case to a number: kept as `groups` = false. */
const single = (row) => {
  const control = check("groups", t("cf.single"), row && { groups: row.groups === false });
  return { ...control, value: () => (control.value() ? false : null) };
};

/** What few services need: folded away until it is asked for. */
const seldom = (row) => [
  single(row),
  optional("identity", t("cf.identity"), row, [["", t("cf.identityNone")], ["ask", t("cf.identityAsk")], ["required", t("cf.identityRequired")]]),
  number("cases_per_call", t("cf.casesPerCall"), row, { hint: t("cf.casesPerCallHint"), min: 1, max: 99, step: 1 }),
  number("elder_age", t("cf.elderAge"), row, { hint: t("cf.elderAgeHint"), min: 40, max: 120, step: 1 }),
  weekdays("days", t("cf.days"), row, { hint: t("cf.daysHint") }),
  periods("periods", t("cf.periods"), row, { hint: t("cf.periodsHint") }),
  optional("at_noon", t("cf.noon"), row, [["", t("cf.noonHall")], ["finish", t("cf.noonFinish")], ["carry", t("cf.noonCarry")], ["rota", t("cf.noonRota")]]),
  words("elsewhere", t("cf.elsewhere"), row, { hint: t("cf.elsewhereHint"), maxlength: 120 }),
  words("elsewhere_en", t("cf.elsewhereEn"), row, { maxlength: 120 }),
].map((field) => ({ ...field, seldom: true }));

const staffOf = (all, row) => all.people.filter((p) => p.active && ["clerk", "chief"].includes(p.role) && (!row || !p.department || p.department === row.department || p.name === row.partner));

const FIELDS = {
  services: (row, all) => [
    code(row), ...named(row), department(row, all),
    text("prefix", t("o.cPrefix"), row, { hint: t("o.cPrefixHint"), maxlength: 3 }),
    check("common", t("o.cCommon"), row),
    text("matter", t("o.cMatter"), row, { hint: t("o.cMatterHint"), maxlength: 120 }),
    text("matter_en", t("o.cMatterEn"), row, { maxlength: 120 }),
    number("minutes", t("o.cMinutes"), row, { hint: t("o.cMinutesHint"), preset: 8, min: 0.5, max: 600, step: 0.5 }),
    number("quota", t("o.cQuota"), row, { hint: t("o.cQuotaHint"), min: 0, max: 9999, step: 1 }),
    time("issue_from", t("o.cFrom"), row, { hint: t("o.cTimesHint") }),
    time("issue_until", t("o.cUntil"), row, { hint: t("o.cTimesHint") }),
    order(row), ...seldom(row),
  ],
  windows: (row, all) => [
    text("no", t("o.cNo"), row, { hint: t("o.cCodeHint"), fixed: true, maxlength: 8 }),
    department(row, all), zone(row, all),
    ordered("services", t("o.cOffers"), row, options(all.services), { add: t("o.cOfferAdd"), empty: t("o.cOfferNone") }),
    check("advice_only", t("o.cAdvice"), row),
    ticked("channel", t("cf.channel"), row, "green"),
    optional("partner", t("cf.partner"), row, [["", t("cf.partnerNone")], ...staffOf(all, row).map((p) => [p.name, p.name])]),
    order(row),
  ],
  departments: (row) => [code(row), ...named(row), order(row)],
  zones: (row) => [code(row), ...named(row), number("floor", t("o.cFloor"), row, { preset: 1, min: -9, max: 199, step: 1 })],
  kiosks: (row, all) => [text("id", t("o.cKioskId"), row, { hint: t("o.cCodeHint"), fixed: true, maxlength: 32 }), zone(row, all), check("query", t("qy.isQuery"), row)],
  categories: (row) => [code(row), ...named(row), check("green", t("o.cGreen"), row, { preset: true, disabled: row?.code === "ordinary" }), order(row)],
  "pause-reasons": (row) => [
    code(row), text("name", t("o.cName"), row, { hint: t("o.cInnerHint"), maxlength: 60 }),
    text("public", t("o.cPublic"), row, { hint: t("o.cPublicHint"), maxlength: 120 }),
    text("public_en", t("o.cPublicEn"), row, { maxlength: 120 }),
    number("minutes", t("o.cLength"), row, { hint: t("o.cLengthHint"), min: 1, max: 600, step: 1 }),
    order(row),
  ],
};

function folded(fields) {
  if (!fields.length) return null;
  const set = fields.some((f) => f.value() !== null);
  return h("details.stack", { open: set }, h("summary", t("cf.more")), h("div.stack", fields.map((f) => f.node)));
}

/** Resolves with true once the entry is saved. `row`: null for a new one; `key`: the field that names it for ever. */
export function askEntry(kind, row, all, key, title) {
  return sheet(title, (done) => {
    const fields = FIELDS[kind](row, all);
    (row ? fields[1] : fields[0]).input.setAttribute("data-first", "");
    const keyOf = (name) => fields.find((f) => f.name === name) || fields[0];
    const send = async (event) => {
      event.preventDefault();
      if (!filled(...fields.filter((f) => REQUIRED.includes(f.name)))) return;
      const entry = Object.fromEntries(fields.map((f) => [f.name, f.value()]).filter(([, value]) => value !== null));
      try {
        await (row ? post(`/catalogue/${kind}`, entry) : create(`/catalogue/${kind}`, entry));
        done(true);
      } catch (error) {
        if (error.status === undefined) throw error;
        const wrong = keyOf(error.code === "code_taken" ? key : String(error.detail.field || "").split(".")[0]);
        wrong.node.closest("details")?.setAttribute("open", "");
        wrong.fail(error.message || t("o.lost"));
        wrong.input.focus();
      }
    };
    return h("form.stack.entry", { onsubmit: send, novalidate: true },
      fields.filter((f) => !f.seldom).map((f) => f.node), folded(fields.filter((f) => f.seldom)),
      h("div.btn-row.sheet-foot",
        h("button.btn.primary", { type: "submit" }, t("o.save")),
        h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel"))));
  });
}
