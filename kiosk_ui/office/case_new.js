// Registering what somebody said, by whatever channel it came (M6).
import { create, list } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { CHANNELS, TOPICS } from "./case_words.js";
import { check, choice, text } from "./controls.js";
import { area } from "./form_fields.js";
import { section } from "./parts.js";
import { fileField } from "./upload.js";
import { field } from "../window/sign_in.js";

const BY_HAND = CHANNELS.filter((one) => !["pad", "phone", "kiosk"].includes(one));
const KINDS = ["ordinary", "serious", "suggestion", "letter", "township"];
const byNumber = (a, b) => a.no.localeCompare(b.no, undefined, { numeric: true });
const empty = (words) => ["", words];

export function newCase(ctx) {
  const windows = ctx.live.list("window/").sort(byNumber);
  const window = choice("window", t("cs.window"), null, [empty(t("cs.unknownClerk")), ...windows.map((w) => [w.no, t("cs.windowNo", { win: w.no })])]);
  const person = choice("person", t("cs.clerk"), null, [empty(t("cs.unknownClerk"))]);
  const department = choice("department", t("cs.department"), null, [empty(t("cs.unknownClerk")), ...(ctx.catalog.departments || []).map((d) => [d.code, pick(d)])]);
  list("/staff").then((rows) => put(person.input, h("option", { value: "" }, t("cs.unknownClerk")), rows.map((p) => h("option", { value: p.id }, p.name))), () => {});
  const day = field(t("cs.numberDay"), { type: "date", value: isoDay(), max: isoDay() });
  const files = fileField(t("cs.addFiles"));
  const groups = [
    [choice("channel", t("cs.channel"), null, BY_HAND.map((one) => [one, t(`cs.channel.${one}`)])),
      choice("kind", t("cs.kind"), null, KINDS.map((one) => [one, t(`cs.kind.${one}`)])),
      choice("topic", t("cs.topic"), null, [empty(t("o.none")), ...TOPICS.map((one) => [one, t(`ct.${one}`)])])],
    [text("number", t("cs.ofTicket"), null, { maxlength: 8 }), { ...day, name: "number_day" }, window, person, department],
    [area("matter", t("cs.matter"), t("cs.matterHint"))],
    [text("name", t("cs.name"), null, { maxlength: 60 }), text("contact", t("cs.contact"), null, { maxlength: 60 }), text("demand", t("cs.demand"), null, { maxlength: 500 }),
      check("secret", t("cs.secret")), check("urgent", t("cs.urgent_"))],
  ];
  const fields = groups.flat();
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t("cs.save"));
  const send = async (event) => {
    event.preventDefault();
    key.disabled = true;
    say(error, "");
    try {
      const made = await create("/cases", { ...values(fields), files: await files.ids() });
      location.hash = `#cases/${made.id}`;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      const at = fields.find((f) => f.name === problem.detail?.field);
      if (at) at.fail(problem.message);
      else say(error, problem.message || t("o.lost"));
      key.disabled = false;
    }
  };
  const form = h("form.stack.entry.case-form", { onsubmit: send, novalidate: true },
    groups.map((group) => h("div.case-fields", group.map((f) => f.node))), files.node,
    h("div.btn-row", key, h("a.btn", { href: "#cases" }, t("o.cancel"))), error);
  return { node: section(t("cs.register"), h("p.muted", t("cs.registerNote")), form), update: () => {} };
}

/** What is filled. The ticket's day only counts with a number. */
function values(fields) {
  const found = Object.fromEntries(fields.map((f) => [f.name, f.value()]).filter(([, value]) => value !== "" && value !== null && value !== false));
  if (!found.number) delete found.number_day;
  if (found.person) found.person = Number(found.person);
  return found;
}
