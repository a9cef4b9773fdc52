// Bulletins (督查通报): what has to go out, the archive, and the interviews that follow. `#bulletins/7` opens one.
import { create, get, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { editor } from "./bulletin_editor.js";
import { bulletinState, fileLinks, titleOf } from "./bulletin_words.js";
import { choice, text } from "./controls.js";
import { dayBefore, section, when } from "./parts.js";
import { Table } from "./table.js";

const AGAIN = 2000;

export function bulletins(ctx, id) {
  return id ? editor(ctx, id) : overview(ctx);
}

function overview(ctx) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  let timer = null;
  const load = async () => {
    clearTimeout(timer);
    try {
      const [found, tasks] = await Promise.all([get("/bulletins"), get("/interviews")]);
      put(box, drawn(ctx, found, tasks.items, load));
      if (found.items.some((one) => one.state === "draft" && !one.facts_at && !one.job?.error)) timer = setTimeout(load, AGAIN);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: load }, t("o.retry")));
    }
  };
  load();
  return { node: box, update: () => {}, stop: () => clearTimeout(timer) };
}

export const mayWrite = (ctx) => ["office", "admin"].includes(ctx.who.role);

function drawn(ctx, found, tasks, again) {
  const may = mayWrite(ctx);
  const drafts = found.items.filter((one) => one.state === "draft");
  const rest = found.items.filter((one) => one.state !== "draft");
  const key = h("button.btn.primary", { type: "button", onclick: () => begin(ctx, found.kinds) }, t("bl.new"));
  return [
    section(t("o.bulletins"), h("div.bar", h("p.muted", t("bl.intro")), may && key)),
    may && section(t("bl.drafts"), draftTable(drafts).node),
    section(t("bl.interviews"), interviewTable(ctx, tasks, may, again).node),
    section(t("bl.archive"), archiveTable(rest).node),
  ];
}

const link = (one) => h("a", { href: `#bulletins/${one.id}` }, one.title);

function draftTable(rows) {
  return new Table([
    { key: "title", label: t("bl.colTitle"), value: (b) => b.title, cell: (b) => [link(b), b.corrects && h("small.muted.block", t("bl.corrects", { number: b.corrected_number }))] },
    { key: "kind", label: t("bl.colKind"), value: (b) => titleOf(b) },
    { key: "due", tight: true, label: t("bl.colDue"), value: (b) => b.due, cell: (b) => [h("span.num", b.due), b.late && h("span.badge.red", t("bl.late"))] },
    { key: "state", label: t("bl.colState"), value: (b) => b.steps.length, cell: (b) => bulletinState(b) },
  ], { empty: t("bl.draftsNone"), sort: "due", caption: t("bl.drafts") }).set(rows);
}

function archiveTable(rows) {
  return new Table([
    { key: "number", tight: true, label: t("bl.colNumber"), value: (b) => b.number, cell: (b) => h("span.num", b.number) },
    { key: "title", label: t("bl.colTitle"), value: (b) => b.title, cell: (b) => [link(b), b.correction?.number && h("small.muted.block", t("bl.correctedBy", { number: b.correction.number }))] },
    { key: "kind", label: t("bl.colKind"), value: (b) => titleOf(b) },
    { key: "at", tight: true, label: t("bl.colApproved"), value: (b) => b.approved_at || b.due, cell: (b) => (b.approved_at ? h("span.num", when(b.approved_at)) : bulletinState(b)) },
    { key: "files", tight: true, label: t("bl.colFiles"), cell: (b) => fileLinks(b) },
  ], { empty: t("bl.archiveNone"), sort: "at", down: true, caption: t("bl.archive") }).set(rows);
}

// -- interviews

function interviewTable(ctx, rows, may, again) {
  const state = (x) => {
    if (x.done_at) return [h("span.badge.green", t("bl.held", { day: x.held_on, a: x.interviewer, b: x.interviewee })), h("small.block", x.note)];
    return [h("span.num", x.due), x.due < isoDay(hubNow()) && h("span.badge.red", t("bl.late"))];
  };
  return new Table([
    { key: "department", tight: true, label: t("o.colDept"), value: (x) => ctx.name("departments", x.department) },
    { key: "level", label: t("bl.level"), value: (x) => t(`bl.${x.level}`) },
    { key: "facts", label: t("bl.facts"), value: (x) => x.facts },
    { key: "due", label: t("bl.heldOrDue"), value: (x) => (x.done_at ? `z${x.held_on}` : x.due), cell: state },
    may && { key: "do", label: t("o.colActions"), cell: (x) => !x.done_at && h("button.btn.small", { type: "button", onclick: () => hold(ctx, x, again) }, t("bl.hold")) },
  ].filter(Boolean), { empty: t("bl.interviewsNone"), sort: "due", caption: t("bl.interviews") }).set(rows);
}

function hold(ctx, x, again) {
  const title = `${ctx.name("departments", x.department)} · ${t(`bl.${x.level}`)}`;
  const fields = [
    text("held_on", t("bl.heldOn"), { held_on: isoDay(hubNow()) }, { type: "date", max: isoDay(hubNow()) }),
    text("interviewer", t("bl.interviewer"), null, { maxlength: 60 }),
    text("interviewee", t("bl.interviewee"), null, { maxlength: 60 }),
    text("note", t("bl.note"), null, { maxlength: 2000 }),
  ];
  askFields(title, fields, t("bl.hold"), (values) => post(`/interviews/${x.id}/hold`, values), x.facts).then((done) => done && again());
}

// -- a new one

function begin(ctx, kinds) {
  const departments = [["", t("bl.wholeHall")], ...(ctx.catalog.departments || []).map((d) => [d.code, pick(d)])];
  const fields = [
    choice("kind", t("bl.newKind"), { kind: "urgent" }, kinds.map((kind) => [kind.code, pick(kind)])),
    choice("department", t("bl.newDepartment"), null, departments),
    text("since", t("bl.since"), { since: dayBefore(30) }, { type: "date", max: isoDay(hubNow()) }),
    text("until", t("bl.until"), { until: isoDay(hubNow()) }, { type: "date", max: isoDay(hubNow()) }),
  ];
  let made = null;
  const save = async (values) => (made = await create("/bulletins", { ...values, department: values.department || null }));
  askFields(t("bl.new"), fields, t("bl.make"), save).then((done) => done && (location.hash = `#bulletins/${made.id}`));
}
