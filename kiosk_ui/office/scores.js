// 考核评分: a month's table, one sheet with everything it rests on, and the office's part of its way: publish, decide, freeze.
import { create, get, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { askFields } from "./ask.js";
import { choice, text } from "./controls.js";
import { act, dayTime, section } from "./parts.js";
import { contestKey } from "./score_contest.js";
import { loadSheet, months, sheetView, stateBadge } from "./score_sheet.js";
import { Table } from "./table.js";
import { fileField } from "./upload.js";

const DECIDERS = ["office", "admin"];
const EXPORTERS = ["office", "admin", "auditor"];

/** `#scores/2026-10`, `#scores/2026-10.p12` a person's sheet, `#scores/2026-10.dsb` a department's, `#scores/2026` a year. */
export function scores(ctx, id) {
  const today = isoDay(hubNow());
  const [month, of] = (id || lastMonth(today)).split(".");
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const again = async () => {
    try {
      if (/^\d{4}$/.test(month)) put(box, yearView(month, await get(`/scores/years/${month}`)));
      else if (of) put(box, oneSheet(ctx, await loadSheet(target(of), month), again));
      else put(box, monthView(ctx, await get(`/scores?month=${month}`), again));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  again();
  return { node: box, update: () => {} };
}

const go = (where) => (location.hash = `scores/${where}`);
const target = (of) => (of[0] === "p" ? { person: Number(of.slice(1)), department: null } : { person: null, department: of.slice(1) });
const address = (row, month) => `#scores/${month}.${row.person === null ? `d${row.department}` : `p${row.person}`}`;
const decides = (ctx) => DECIDERS.includes(ctx.who.role);

function lastMonth(today) {
  const [year, month] = today.split("-").map(Number);
  return new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
}

// -- a month

function monthView(ctx, found, again) {
  const { content } = found.formula;
  const people = found.items.filter((row) => row.person !== null);
  const departments = found.items.filter((row) => row.person === null);
  const open = found.items.reduce((sum, row) => sum + row.open, 0);
  return h("div.stack.printed",
    h("div.bar.no-print", months(found.today, found.month, go), h("a.btn.small", { href: `#scores/${found.month.slice(0, 4)}` }, t("sc.year")),
      h("button.btn.small", { type: "button", onclick: () => print() }, t("sc.print")),
      EXPORTERS.includes(ctx.who.role) && h("a.btn.small", { href: `/api/v1/scores/export?month=${found.month}`, download: true, title: t("sc.recompute") }, t("sc.export")),
      decides(ctx) && h("button.btn.small", { type: "button", onclick: () => enterItem(people, content, again) }, t("sc.enter")),
      decides(ctx) && turn(found, open, again)),
    h("h1", `${t("sc.title")}　${found.month}`),
    h("p.band", stateBadge(found.state), ` ${stateWords(found, open)}`),
    section(t("sc.people"), h("p.muted", t("sc.passMark", { a: content.scale, b: content.pass, n: content.top }), content.tie && t(`sc.tie_${content.tie}`)), table(ctx, found, people, content).node),
    departments.length > 0 && section(t("sc.departments"), departmentTable(found, departments).node));
}

function stateWords(found, open) {
  if (found.state === "draft") return t("sc.draftNote");
  if (found.state === "published") return t(found.today > found.object_until ? "sc.publishedOver" : "sc.publishedNote", { day: found.object_until, n: open });
  return t("sc.frozenNote", { at: dayTime(found.frozen_at), day: found.appeal_until });
}

/** The next step of the month, in one key. */
function turn(found, open, again) {
  const { month, state, today } = found;
  if (state === "frozen" || (state === "draft" && today.slice(0, 7) <= month)) return null;
  const [verb, words] = state === "draft"
    ? ["publish", t("sc.publishAsk", { month, n: found.formula.content.object_days })]
    : ["freeze", t("sc.freezeAsk", { month })];
  if (verb === "freeze" && (today <= found.object_until || open)) return null;
  return act(t(`sc.${verb}`), async () => {
    if (!(await confirm(t(`sc.${verb}`), words, t(`sc.${verb}`)))) return;
    await post(`/scores/${month}/${verb}`, {});
    again();
  }, ".primary");
}

const scoreCell = (row) => [h("strong.num", row.adjusted), row.adjusted !== row.total && h("small.muted.block", row.total)];
const contestedCell = (row) => row.objections + row.appeals > 0 && [`${row.objections}／${row.appeals}`, row.open > 0 && h("span.badge.amber", `${t("sc.open")} ${row.open}`)];

function table(ctx, found, people, content) {
  const marks = (row) => [
    row.days > 0 && h(`span.badge.${row.passed ? "green" : "red"}`, t(row.passed ? "sc.passed" : "sc.failed")),
    row.winner && h("span.badge.action", t("sc.winner")),
    row.no_award && h("span.badge.red", t("sc.noAward")),
    row.days < content.least_days && h("small.muted.block", t("sc.fewDays", { n: content.least_days })),
  ];
  return new Table([
    { key: "place", label: t("sc.place"), right: true, value: (r) => r.place, cell: (r) => r.place ?? t("o.none") },
    { key: "name", label: t("sc.name"), value: (r) => r.name, cell: (r) => h("a", { href: address(r, found.month) }, h("strong", r.name)) },
    { key: "department", label: t("sc.department"), value: (r) => ctx.name("departments", r.department) },
    { key: "days", label: t("sc.days"), right: true, value: (r) => r.days },
    { key: "score", label: t("sc.score"), right: true, value: (r) => r.adjusted, cell: scoreCell },
    { key: "state", label: t("sc.state"), value: (r) => Number(r.passed), cell: marks },
    { key: "contested", label: t("sc.contested"), tight: true, value: (r) => r.open, cell: contestedCell },
  ], { empty: t("sc.none"), sort: "place", caption: t("sc.people") }).set(people);
}

function departmentTable(found, rows) {
  return new Table([
    { key: "name", label: t("sc.department"), value: (r) => pick(r), cell: (r) => h("a", { href: address(r, found.month) }, h("strong", pick(r))) },
    { key: "score", label: t("sc.score"), right: true, value: (r) => r.adjusted, cell: scoreCell },
    { key: "state", label: t("sc.state"), cell: (r) => [h(`span.badge.${r.passed ? "green" : "red"}`, t(r.passed ? "sc.passed" : "sc.failed")), r.no_award && h("span.badge.red", t("sc.noAward"))] },
    { key: "contested", label: t("sc.contested"), tight: true, cell: contestedCell },
  ], { empty: t("o.none"), sort: "score", down: true, caption: t("sc.departments") }).set(rows);
}

/** D10: what the hub cannot see. */
function enterItem(people, content, again) {
  const kinds = [...new Map(content.points.filter((row) => row.hand).map((row) => [row.kind, pick({ name: row.zh, name_en: row.en })]))];
  const file = { ...fileField(t("sc.file")), value: () => null };
  const fields = [
    choice("kind", t("sc.item"), null, kinds), choice("person", t("sc.who"), null, people.map((row) => [String(row.person), row.name])),
    text("day", t("sc.day"), null, { type: "date", value: isoDay(hubNow()) }), text("note", t("sc.reason"), null, { maxlength: 500 }), file,
  ];
  const save = async (v) => create("/scores/entries", { kind: v.kind, person: Number(v.person), day: v.day, note: v.note, files: await file.ids() });
  askFields(t("sc.enter"), fields, t("sc.save"), save, t("sc.enterNote")).then((done) => done && again());
}

// -- one sheet

function oneSheet(ctx, sheet, again) {
  const actions = decides(ctx) ? { contest: (kind, row) => row.state === "open" && contestKey(kind, row, again) } : {};
  return h("div.stack",
    h("div.bar.no-print", h("a.btn.small", { href: `#scores/${sheet.month}` }, `← ${t("sc.back")}`), h("h1", t("sc.sheetOf", { name: pick(sheet), month: sheet.month })),
      stateBadge(sheet.state), h("button.btn.small", { type: "button", onclick: () => print() }, t("sc.print")),
      decides(ctx) && sheet.state === "frozen" && h("button.btn.small", { type: "button", onclick: () => adjust(sheet, again) }, t("sc.adjust"))),
    sheetView(sheet, actions));
}

function adjust(sheet, again) {
  const file = { ...fileField(t("sc.file")), value: () => null };
  const fields = [text("points", t("sc.adjustPoints"), null, { inputmode: "decimal", maxlength: 10 }), text("reason", t("sc.why"), null, { maxlength: 500 }), file];
  const whose = sheet.person === null ? { department: sheet.department } : { person: sheet.person };
  const save = async (v) => create(`/scores/${sheet.month}/adjustments`, { ...whose, points: v.points, reason: v.reason, files: await file.ids() });
  askFields(t("sc.adjust"), fields, t("sc.save"), save).then((done) => done && again());
}

// -- a year

function yearView(year, { items }) {
  const names = [...new Set(items.flatMap((row) => Object.keys(row.months)))].sort();
  const years = h("select.input", [0, 1, 2, 3].map((n) => String(Number(isoDay(hubNow()).slice(0, 4)) - n)).map((name) => h("option", { value: name, selected: name === year }, name)));
  years.addEventListener("change", () => go(years.value));
  const columns = [
    { key: "name", label: t("sc.name"), value: (r) => pick(r), cell: (r) => [h("strong", pick(r)), r.no_award && h("span.badge.red", t("sc.noAward"))] },
    ...names.map((name) => ({ key: name, label: name, right: true, value: (r) => r.months[name], cell: (r) => (name in r.months ? h("a.num", { href: address(r, name) }, r.months[name]) : t("o.none")) })),
    { key: "mean", label: t("sc.mean"), right: true, value: (r) => r.mean, cell: (r) => h("strong.num", r.mean) },
  ];
  const list = (title, rows) => section(title, new Table(columns, { empty: t("sc.yearNone"), sort: "mean", down: true, caption: title }).set(rows).node);
  return h("div.stack.printed",
    h("div.bar.no-print", h("label.period", t("sc.year"), years), h("a.btn.small", { href: "#scores" }, t("sc.byMonth")), h("button.btn.small", { type: "button", onclick: () => print() }, t("sc.print"))),
    h("h1", `${t("sc.title")}　${year}`), h("p.muted", t("sc.yearNote")),
    list(t("sc.people"), items.filter((row) => row.person !== null)),
    items.some((row) => row.person === null) && list(t("sc.departments"), items.filter((row) => row.person === null)));
}
