// One case: what it is about, its steps and deadlines, the next step, who handles it, its plan, its evidence.
import { get, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act, join, named, section, when } from "./parts.js";
import { about, channel, dueMark, eventWords, kind, marks, mayHandle, mayWork, reasonWords, stateBadge, step as stepWord, topic } from "./case_words.js";
import { askFields } from "./ask.js";
import { assignForm, planKeys, stepForms } from "./case_steps.js";
import { text } from "./controls.js";
import { area } from "./form_fields.js";
import { levelMark } from "./ratings.js";
import { Table } from "./table.js";

export function caseDetail(ctx, id) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const show = (c) => put(box, drawn(ctx, c, show));
  get(`/cases/${encodeURIComponent(id)}`).then(show, (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")), h("p", h("a", { href: "#cases" }, t("cs.back"))));
  });
  return { node: box, update: () => {} };
}

const drawn = (ctx, c, show) => [
  section(`${c.no}　${kind(c)}`,
    h("div.bar", h("a", { href: "#cases" }, t("cs.back")), stateBadge(c), ...marks(c), h("span", dueMark(c)),
      h("a.btn", { href: `/office/cases/${c.id}/print`, target: "_blank" }, t("cs.print"))),
    facts(rows(ctx, c))),
  mayHandle(ctx) && section(t("cs.nextTitle"), c.next.length ? stepForms(c, show) : h("p.muted", t("cs.nextNone"))),
  section(t("cs.steps"), stepTable(c.steps), mayHandle(ctx) && besides(ctx, c, show)),
  mayWork(ctx) && section(t("cs.assignTitle"), h("p.muted", t("cs.assignNote")), assignForm(ctx, c, show)),
  section(t("cs.plans"), plans(ctx, c, show)),
  c.timeline.length > 0 && section(t("cs.evidence"), h("p.muted", t("cs.evidenceNote")), timeline(c.timeline)),
  section(t("cs.files"), fileList(c)),
  c.complainant && section(t("cs.identity"), identity(c), mayWork(ctx) && identityKey(c, show)),
].filter(Boolean);

const facts = (pairs) => h("dl.facts", pairs.filter(([, value]) => value && value.length !== 0).map(([label, value]) => [h("dt", label), h("dd", value)]));

function rows(ctx, c) {
  const owners = c.owners.map((o) => `${ctx.name("departments", o.department)}${o.name ? `（${o.name}）` : ""}`);
  const rating = c.rating_is && [levelMark(c.rating_is.level), " ", join(reasonWords(c.rating_is)), c.rating_is.comment && h("p", c.rating_is.comment)];
  return [
    [t("cs.channel"), join([channel(c), t(c.named ? "cs.named" : "cs.anonymous")])],
    [t("cs.about"), about(c)],
    [t("cs.service"), c.service && ctx.name("services", c.service)],
    [t("cs.number"), c.number],
    [t("cs.rating"), rating],
    [t("cs.topic"), topic(c)],
    [t("cs.matter"), c.matter],
    [t("cs.verdictWord"), c.verdict && t(`cs.result.${c.verdict}`)],
    [t("cs.award"), c.no_award && t(`cs.award.${c.no_award}`)],
    [t("cs.owners"), join(owners)],
    [t("cs.officer"), c.officer_name],
    [t("cs.registrar"), [c.registrar || t("cs.byItself"), when(c.at)].filter(Boolean).join("　")],
    [t("cs.hear"), c.heard_at && t("cs.heardAt", { t: when(c.heard_at) })],
  ];
}

const stepTable = (steps) => new Table([
  { key: "at", label: t("cs.doneAt"), tight: true, value: (s) => s.at, cell: (s) => when(s.at) },
  { key: "step", label: t("cs.stepWord"), value: (s) => stepWord(s.step), cell: (s) => h("strong", stepWord(s.step)) },
  { key: "by", label: t("cs.doneBy"), value: (s) => s.name || (s.step === "open" ? t("cs.byItself") : "") },
  { key: "note", label: t("cs.noteWord"), value: (s) => s.note, cell: (s) => [s.step !== "assign" && s.result && h("strong.block", t(`cs.result.${s.result}`)), s.note,
    s.other_side && h("p", h("span.muted", named(t("cs.otherSide"), "")), s.other_side)] },
  { key: "due", label: t("cs.due"), tight: true, value: (s) => s.due_day || "", cell: (s) => s.due_day && [s.due_day, h("span.block", h(`span.badge.${s.late ? "red" : "green"}`, t(s.late ? "cs.lateWord" : "cs.inTime")))] },
], { empty: "", caption: t("cs.steps") }).set(steps).node;

/** Beside the ordered steps: a note, the clerk's own account, and opening the case to the clerk. */
function besides(ctx, c, show) {
  const ask = (step) => () => askFields(t(`cs.${step}`), [area("note", t("cs.noteWord"))], t("o.save"), async (v) => show(await post(`/cases/${c.id}/${step}`, v)));
  return h("div.btn-row",
    h("button.btn", { type: "button", onclick: ask("note") }, t("cs.note")),
    h("button.btn", { type: "button", onclick: ask("explain") }, t("cs.explain")),
    mayWork(ctx) && c.person && !c.heard_at && h("span", { title: t("cs.hearNote") }, act(t("cs.hear"), async () => show(await post(`/cases/${c.id}/hear`)))));
}

function plans(ctx, c, show) {
  const table = new Table([
    { key: "content", label: t("cs.planContent"), value: (p) => p.content },
    { key: "measures", label: t("cs.planMeasures"), value: (p) => p.measures },
    { key: "due", label: t("cs.planDue"), tight: true, value: (p) => p.due_day },
    { key: "who", label: t("cs.planWho"), value: (p) => p.responsible },
    { key: "progress", label: t("cs.planProgress"), value: (p) => [p.progress, p.result].filter(Boolean).join("；") },
    { key: "state", label: t("cs.state"), tight: true, value: (p) => Boolean(p.struck_at), cell: (p) => h(`span.badge.${p.struck_at ? "green" : "amber"}`, t(p.struck_at ? "cs.planStruck" : "cs.planOpen")) },
    ...(mayHandle(ctx) ? [{ key: "do", label: t("o.colActions"), cell: (p) => !p.struck_at && planKeys.of(ctx, c, p, show) }] : []),
  ], { empty: t("cs.plansNone"), caption: t("cs.plans") }).set(c.plans);
  return [table.node, mayHandle(ctx) && planKeys.add(c, show)];
}

function timeline(events) {
  return new Table([
    { key: "at", label: t("cs.doneAt"), tight: true, value: (e) => e.at, cell: (e) => when(e.at) },
    { key: "what", label: t("cs.evidence"), value: eventWords },
  ], { empty: "", caption: t("cs.evidence") }).set(events).node;
}

const fileList = (c) => (c.files.length
  ? h("ul.stack", c.files.map((f) => h("li", h("a", { href: `/api/v1/cases/${c.id}/files/${f.id}`, target: "_blank" }, f.name))))
  : h("p.muted", t("cs.filesNone")));

/** A citizen who wishes an answer says so later: the case becomes a named one. */
const identityKey = (c, show) => !["closed", "archived", "rejected", "withdrawn", "terminated"].includes(c.state) && h("div.btn-row",
  h("button.btn", { type: "button", onclick: () => askFields(t("cs.identityAdd"),
    [text("name", t("cs.name"), null, { maxlength: 60 }), text("contact", t("cs.contact"), null, { maxlength: 60 }), text("demand", t("cs.demand"), null, { maxlength: 500 })],
    t("o.save"), async (v) => show(await post(`/cases/${c.id}/identity`, v))) }, t("cs.identityAdd")));

/** Masked for everybody; the full name asks for a press, and the press is recorded. */
function identity(c) {
  const box = h("div.stack");
  const shown = c.complainant;
  const error = h("p.error", { role: "alert" });
  const open = async () => {
    try {
      const full = await get(`/cases/${c.id}/identity`);
      put(box, facts([[t("cs.name"), full.name], [t("cs.contact"), full.contact], [t("cs.demand"), full.demand]]));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
    }
  };
  const known = shown.name || shown.contact;
  if (shown.blanked_at) put(box, h("p.muted", t("cs.identityGone", { t: when(shown.blanked_at) })));
  else if (!known) put(box, h("p.muted", t("cs.identityNone")));
  else put(box, facts([[t("cs.name"), shown.name], [t("cs.contact"), shown.contact]]),
    c.sees_identity && h("div.btn-row", h("button.btn", { type: "button", onclick: open }, t("cs.identityShow")),
      h("a.btn", { href: `/office/cases/${c.id}/print?full=1`, target: "_blank" }, t("cs.printFull"))), error);
  const looks = new Table([
    { key: "at", label: t("cs.doneAt"), value: (s) => s.at, cell: (s) => when(s.at) },
    { key: "by", label: t("cs.doneBy"), value: (s) => s.name },
  ], { empty: t("cs.looksNone"), caption: t("cs.looks") }).set(c.looks).node;
  return [h("p.muted", t(c.secret ? "cs.secretHint" : "cs.identityNote")), box, known && h("div.stack", h("h3", t("cs.looks")), looks)];
}
