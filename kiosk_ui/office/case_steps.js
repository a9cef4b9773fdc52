// What may be done to a case: its next steps with what each asks, who handles it, and its rectification plan.
import { create, list, post } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { has, pick, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { check, choice, text } from "./controls.js";
import { area } from "./form_fields.js";
import { fileField } from "./upload.js";
import { field } from "../window/sign_in.js";

const RESULTS = { verify: ["upheld", "partly", "unfounded"], decide: ["upheld", "partly", "unfounded"], reject: ["invalid", "out_of_scope", "withdrawn"] };
const APPROVALS = ["approve", "confirm"];
const QUIET = ["terminate", "withdraw", "return", "reject"];

/** One chooser of the step, and beneath it what that step asks. */
export function stepForms(c, show) {
  const box = h("div");
  if (c.next.length === 1) return stepForm(c, c.next[0], show);
  const keys = c.next.map((step) => h("button.btn", { type: "button", "aria-pressed": "false", onclick: () => choose(step) }, t(`cs.step.${step}`)));
  const choose = (step) => {
    keys.forEach((key, i) => key.setAttribute("aria-pressed", String(c.next[i] === step)));
    put(box, stepForm(c, step, show));
  };
  choose(c.next.find((step) => !QUIET.includes(step)) || c.next[0]);
  return h("div.stack", h("div.btn-row", { role: "group", "aria-label": t("cs.nextTitle") }, keys), box);
}

function stepForm(c, step, show) {
  const result = RESULTS[step] && choice("result", t("cs.resultWord"), null, RESULTS[step].map((one) => [one, t(`cs.result.${one}`)]));
  const name = APPROVALS.includes(step) && text("name", t("cs.approver"), null, { maxlength: 60 });
  const note = area("note", t(has(`cs.ask.${step}`) ? `cs.ask.${step}` : "cs.noteWord"));
  const other = step === "investigate" && area("other_side", t("cs.otherSide"));
  const files = fileField(t("cs.addFiles"));
  const fields = [result, name, note, other].filter(Boolean);
  const error = h("p.error", { role: "alert" });
  const button = h(`button.btn${QUIET.includes(step) ? "" : ".primary"}`, { type: "submit" }, t(`cs.step.${step}`));
  const send = async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(error, "");
    try {
      show(await post(`/cases/${c.id}/${step}`, { ...Object.fromEntries(fields.map((f) => [f.name, f.value()])), files: await files.ids() }));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      const at = fields.find((f) => f.name === problem.detail?.field);
      if (at) at.fail(problem.message);
      else say(error, problem.message || t("o.lost"));
      button.disabled = false;
    }
  };
  return h("form.stack.entry.case-form", { onsubmit: send, novalidate: true }, h("div.case-fields", fields.map((f) => f.node), files.node), h("div.btn-row", button), error);
}

/** Departments and their handlers, who decides, and what marks the case. */
export function assignForm(ctx, c, show) {
  const departments = ctx.catalog.departments || [];
  const kinds = ["suggestion", "ordinary", "serious", "letter", "township"].map((one) => [one, t(`cs.kind.${one}`)]);
  const kind = c.kind !== "bad_rating" && c.state === "open" && choice("kind", t("cs.kind"), c, kinds);
  const rows = [0, 1, 2].map((n) => {
    const known = c.owners[n] || {};
    const department = h("select.input", { "aria-label": t("cs.department") }, h("option", { value: "" }, t("o.none")),
      departments.map((d) => h("option", { value: d.code, selected: d.code === known.department }, pick(d))));
    return { department, person: people(known.person, t("cs.handler")) };
  });
  const officer = people(c.officer, t("cs.officer"));
  const about = c.kind !== "bad_rating" && !c.verdict && people(c.person, t("cs.person"));
  const award = choice("no_award", t("cs.award"), c, [["", t("cs.award.none")], ...["person", "department", "both"].map((one) => [one, t(`cs.award.${one}`)])]);
  const urgent = check("urgent", t("cs.urgent_"), c);
  const secret = check("secret", t("cs.secret"), c);
  list("/staff").then((staff) => [...rows.map((r) => r.person), officer, about].filter(Boolean).forEach((one) => one.fill(staff)), () => {});
  const error = h("p.error", { role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    const owners = rows.filter((r) => r.department.value).map((r) => ({ department: r.department.value, person: r.person.value() }));
    const marks = Object.fromEntries([award, urgent, secret, kind].filter(Boolean).filter((f) => f.value() !== c[f.name]).map((f) => [f.name, f.value()]));
    try {
      show(await post(`/cases/${c.id}/assign`, { ...marks, ...(about && { person: about.value() }), officer: officer.value(), owners: owners.length ? owners : null }));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
    }
  };
  return h("form.stack.entry.case-form", { onsubmit: send, novalidate: true },
    h("fieldset.field.ticks-field", h("legend.label", t("cs.owners")), rows.map((r) => h("div.moment", r.department, r.person.node))),
    h("div.case-fields", h("label.field", h("span.label", t("cs.officer")), officer.node), about && h("label.field", h("span.label", t("cs.person")), about.node), kind && kind.node, award.node, urgent.node, secret.node),
    h("div.btn-row", h("button.btn", { type: "submit" }, t("cs.assign"))), error);
}

function people(known, label) {
  const node = h("select.input", { "aria-label": label }, h("option", { value: "" }, t("cs.nobody")));
  const fill = (staff) => node.append(...staff.map((p) => h("option", { value: p.id, selected: p.id === known }, p.name)));
  return { node, fill, value: () => (node.value ? Number(node.value) : null) };
}

const save = (c, path, show) => async (v) => show(await post(`/cases/${c.id}/${path}`, v));

export const planKeys = {
  add: (c, show) => h("div.btn-row", h("button.btn", { type: "button", onclick: () => {
    const day = field(t("cs.planDue"), { type: "date", min: isoDay() });
    const fields = [area("content", t("cs.planContent")), area("measures", t("cs.planMeasures")), { ...day, name: "due_day" }, text("responsible", t("cs.planWho"), null, { maxlength: 60 })];
    askFields(t("cs.planAdd"), fields, t("o.save"), async (v) => show(await create(`/cases/${c.id}/plans`, v)));
  } }, t("cs.planAdd"))),
  of: (ctx, c, p, show) => h("span.btn-row",
    h("button.btn.small", { type: "button", onclick: () => askFields(t("cs.planProgressDo"), [area("progress", t("cs.planProgress"))], t("o.save"), save(c, `plans/${p.id}`, show)) }, t("cs.planProgressDo")),
    ["office", "admin"].includes(ctx.who.role) && h("button.btn.small", { type: "button", onclick: () => askFields(t("cs.planStrike"), [area("result", t("cs.planResult"))], t("cs.planStrike"), save(c, `plans/${p.id}`, show)) }, t("cs.planStrike"))),
};
