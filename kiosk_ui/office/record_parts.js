// The parts of a person's record, for the office's page and for one's own: what a figure means comes with the answer.
import { h } from "../shared/dom.js";
import { has, lang, pick, t } from "../shared/i18n.js";
import { bars, sized } from "../board/chart.js";
import { evidenceName, join, lasted, section } from "./parts.js";
import { levelMark } from "./ratings.js";
import { Table } from "./table.js";

const LEVELS = [5, 4, 3, 2, 1];
const GOOD = 3;
const MISSED = ["time_out", "skipped", "next_visit", "late", "open", "excluded", "no_pad"];

export const percent = (value) => (value === null || value === undefined ? t("o.none") : `${Math.round(value * 1000) / 10}%`);
export const times = (value) => (value === null || value === undefined ? t("o.none") : value.toFixed(2));
const number = (value) => (Number.isInteger(value) ? value : value.toFixed(1));

/** A definition's words by the page's language. */
const said = (row, name) => row[lang().startsWith("zh") ? (name ? `${name}_zh` : "zh") : name ? `${name}_en` : "en"];

/** The names of figures are the standard's, so that what it is called and what it means cannot part. */
function namerOf(definitions) {
  const known = new Map(definitions.map((row) => [row.key, row]));
  return (key) => {
    const row = known.get(key);
    return row ? h("span", { title: said(row, "means") }, said(row)) : has(`rc.${key}`) ? t(`rc.${key}`) : key;
  };
}

export const figure = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value), sub && h("small", sub)));

/** D17: out of the year's awards, and by which case. */
export const noAward = ({ no_award: numbers }) => numbers.length > 0 && h("p.band.red", t("rc.noAward", { no: join(numbers) }));

/** What a record begins with, for the office and for one's own eyes alike. */
export const figures = (found, ctx) => [
  noAward(found),
  summary(found),
  h("div.columns", levels(found), overTime(found)),
  coverage(found),
  work(found, ctx),
  days(found),
  guiding(found),
];

export function summary(found) {
  const named = namerOf(found.definitions);
  const { coverage: c, satisfaction: s } = found;
  return h("dl.figures",
    figure(named("served"), found.served, t("rc.servedSub", { cases: found.cases, weighted: number(found.weighted) })),
    figure(named("handling_ratio"), times(found.handling_ratio), t("rc.ratioSub", { r: times(found.occupancy_ratio) })),
    figure(named("invite_rate"), percent(c.invite_rate), t("rc.of", { a: c.invited, b: c.due })),
    figure(named("answer_rate"), percent(c.answer_rate), t("rc.of", { a: c.rated, b: c.invited })),
    figure(named("satisfied_share"), percent(s.share), s.raters ? t("rc.between", { low: percent(s.low), high: percent(s.high), n: s.raters }) : t("rc.nobody")),
    figure(t("o.missed"), found.no_shows),
    figure(t("vs.transferred"), found.transferred));
}

/** Bars with their numbers; not rated stands below a line of its own, being no level. */
export function levels(found) {
  const { raters, rank_value: place, rank_least: least } = found.satisfaction;
  const top = Math.max(1, ...LEVELS.map((n) => found.levels[n]), found.unrated);
  const row = (mark, n, of, kind) => {
    const bar = h(`span.bar-fill.${kind}`);
    bar.style.setProperty("width", `${(n / top) * 100}%`);
    return h("li.level", mark, h("span.bar-track", bar), h("strong.num", n), h("small.num.muted", of ? percent(n / of) : ""));
  };
  return section(t("rc.levels"),
    h("ul.levels",
      LEVELS.map((n) => row(levelMark(n), found.levels[n], raters, n >= GOOD ? "good" : "bad")),
      h("li.divide"),
      row(h("span.badge.plain", t("r.0")), found.unrated, 0, "none")),
    raters > 0 && place === null && h("p.muted", t("rc.fewRaters", { n: least })),
    h("p.muted", t("rc.unratedNote")));
}

const pair = (key, value) => h("div", h("dt.muted", t(`rc.${key}`)), h("dd.num", value));

export function coverage(found) {
  const c = found.coverage;
  return section(t("rc.coverage"), h("dl.pairs.record-pairs", pair("due", c.due), pair("invited", c.invited), pair("rated", c.rated), MISSED.map((key) => pair(key, c[key]))));
}

const sum = (counts, from, to) => LEVELS.filter((n) => n >= from && n <= to).reduce((total, n) => total + counts[n], 0);

/** By day, or by week for one's own eyes. */
function overTime(found) {
  const rows = (found.own ? found.by_week : found.by_day).map(({ day, levels: counts }) => ({ day, parts: [sum(counts, GOOD, 5), sum(counts, 1, GOOD - 1)] }));
  const title = t(found.own ? "rc.byWeek" : "rc.byDay");
  if (!rows.some(({ parts }) => parts[0] + parts[1])) return section(title, h("p.empty", t("rc.nobody")));
  return section(title,
    sized((width, height) => bars(rows, { width, height, size: 13, unit: t("o.overTimeUnit"), label: title })),
    h("p.legend", h("span.key.part-0"), t("o.good"), h("span.key.part-1"), t("o.badLevels")));
}

export function work(found, ctx) {
  const against = (row, what) => [h("span", lasted(row[`${what}_s`])), h("small.muted.block", `${t("rc.norm")} ${lasted(row[`${what}_norm_s`])}`)];
  const table = new Table([
    { key: "service", label: t("rc.service"), value: (r) => ctx.name("services", r.service) },
    { key: "visits", label: t("rc.visits"), right: true, value: (r) => r.visits },
    { key: "cases", label: t("rc.cases"), right: true, value: (r) => r.cases },
    { key: "weighted", label: t("rc.weighted"), right: true, value: (r) => r.weighted, cell: (r) => number(r.weighted) },
    { key: "handling", label: t("rc.handling"), right: true, value: (r) => r.handling_s, cell: (r) => against(r, "handling") },
    { key: "ratio", label: t("rc.ratio"), right: true, value: (r) => r.handling_ratio, cell: (r) => times(r.handling_ratio) },
    { key: "occupancy", label: t("rc.occupancy"), right: true, value: (r) => r.occupancy_s, cell: (r) => against(r, "occupancy") },
    { key: "basis", label: t("rc.basis"), value: (r) => join(r.norm_basis.map((basis) => t(`rc.basis_${basis}`))) },
  ], { empty: t("rc.noWork"), sort: "visits", down: true, caption: t("rc.work") }).set(found.services);
  return section(t("rc.work"), h("p.muted", t("rc.workNote")), table.node);
}

export function days(found) {
  const rows = found.days;
  const total = (name) => lasted(rows.reduce((all, row) => all + row[name], 0));
  const length = (key, name) => ({ key, label: t(`rc.${key}`), right: true, value: (r) => r[name], cell: (r) => (r[name] ? lasted(r[name]) : t("o.none")) });
  const word = (mark) => (has(`rc.m_${mark}`) ? t(`rc.m_${mark}`) : mark);
  const marks = (row) => [
    ...row.marks.split(",").filter((mark) => mark && !(mark in row.corrected)).map((mark) => h("span.badge.amber", word(mark))),
    ...Object.entries(row.corrected).map(([mark, why]) => h("small.muted.block", t("rc.excused", { mark: word(mark), why }))),
  ];
  const table = new Table([
    { key: "day", label: t("rc.day"), tight: true, value: (r) => r.day, cell: (r) => h("span.num", r.day) },
    length("onPost", "on_post_s"), length("paused", "paused_s"), length("away", "away_s"), length("offPost", "off_post_s"),
    length("idle", "idle_s"), length("walking", "walking_s"), length("extended", "extended_s"),
    { key: "marks", label: t("rc.marks"), value: (r) => r.marks, cell: marks },
  ], { empty: t("rc.noDays"), sort: "day", down: true, caption: t("rc.days") }).set(rows);
  if (!rows.length) return section(t("rc.days"), h("p.empty", t("rc.noDays")));
  return section(t("rc.days"),
    h("dl.pairs.record-pairs", pair("onDays", rows.length), pair("onPost", total("on_post_s")), pair("offPost", total("off_post_s")), pair("idle", total("idle_s")), pair("extended", total("extended_s"))),
    h("details.more", h("summary", t("rc.byEach")), table.node));
}

/** D12: only of who guides. */
export function guiding({ guide: g }) {
  if (!g) return null;
  return section(t("rc.guiding"), h("dl.pairs.record-pairs", pair("onDays", g.days), pair("onPost", lasted(g.on_post_s)), pair("escorts", g.escorts), pair("leaves", g.leaves), pair("leaveTime", lasted(g.leave_s))));
}

/** A formula may name kinds of its own, and then words them, too. */
const kindOf = (found) => (code) => (has(`rk.${code}`) ? t(`rk.${code}`) : said(found.kinds[code] || { zh: code, en: code }));

/** `link(ref)`: where the evidence stands, or nothing. */
export function ledger(found, link = () => null) {
  const kind = kindOf(found);
  const evidence = (row) => {
    const href = link(row.ref);
    return href ? h("a", { href }, evidenceName(row.ref)) : h("span.num", evidenceName(row.ref));
  };
  const table = new Table([
    { key: "day", label: t("rc.day"), tight: true, value: (r) => r.day, cell: (r) => h("span.num", r.day) },
    { key: "what", label: t("rc.what"), value: (r) => kind(r.kind), cell: (r) => h("strong", kind(r.kind)) },
    { key: "amount", label: t("rc.amount"), right: true, value: (r) => r.amount },
    { key: "clause", label: t("rc.clause"), value: (r) => r.clause },
    { key: "note", label: t("rc.note"), value: (r) => r.note, cell: (r) => [r.note, r.cancelled && h("span.badge.plain.block", t("rc.cancelled", { why: r.cancelled.note }))] },
    { key: "evidence", label: t("rc.evidence"), tight: true, value: (r) => r.ref, cell: evidence },
  ], { empty: t("rc.noLedger"), sort: "day", down: true, caption: t("rc.ledger") }).set(found.entries);
  return section(t("rc.ledger"), table.node);
}

export function findings(found) {
  const table = new Table([
    { key: "day", label: t("rc.day"), tight: true, value: (r) => r.day, cell: (r) => h("span.num", r.day) },
    { key: "what", label: t("rc.what"), value: (r) => pick(r, "what"), cell: (r) => [h("strong", pick(r, "what")), r.note && h("small.muted.block", r.note)] },
    { key: "clause", label: t("rc.clause"), value: (r) => r.clause },
    { key: "state", label: t("rc.state"), value: (r) => (has(`pl.st_${r.state}`) ? t(`pl.st_${r.state}`) : r.state) },
  ], { empty: t("rc.noFindings"), sort: "day", down: true, caption: t("rc.findings") }).set(found.findings);
  return section(t("rc.findings"), table.node);
}

export function casesAbout(found) {
  const words = (table, code) => (code && has(`cs.${table}.${code}`) ? t(`cs.${table}.${code}`) : code || t("o.none"));
  const table = new Table([
    { key: "no", label: t("rc.number"), tight: true, value: (r) => r.no, cell: (r) => (found.own ? h("span.num", r.no) : h("a.num", { href: `#cases/${r.id}` }, r.no)) },
    { key: "day", label: t("rc.day"), tight: true, value: (r) => r.day, cell: (r) => h("span.num", r.day) },
    { key: "kind", label: t("rc.kind"), value: (r) => words("kind", r.kind) },
    { key: "state", label: t("rc.state"), value: (r) => words("state", r.state) },
    { key: "verdict", label: t("rc.verdict"), value: (r) => words("result", r.verdict) },
  ], { empty: t("rc.noCases"), sort: "day", down: true, caption: t("rc.casesAbout") }).set(found.cases_about);
  return section(t("rc.casesAbout"), found.own && h("p.muted", t("rc.casesOwn")), table.node);
}

/** `actions(row)`: what may be done with one; `extra`: what stands above the table. */
export function awards(found, actions = null, extra = null) {
  const table = new Table([
    { key: "day", label: t("rc.day"), tight: true, value: (r) => r.day, cell: (r) => h("span.num", r.day) },
    { key: "kind", label: t("rc.kind"), value: (r) => t(`rc.${r.kind}`), cell: (r) => h("span.badge.green", t(`rc.${r.kind}`)) },
    { key: "reason", label: t("rc.reason"), value: (r) => r.reason, cell: (r) => [h("strong", r.reason), r.withdrawn && h("span.badge.plain.block", t("rc.withdrawn", { why: r.withdrawn }))] },
    { key: "source", label: t("rc.clause"), value: (r) => r.source },
    { key: "by", label: t("rc.by"), value: (r) => r.by },
    ...(actions ? [{ key: "do", label: t("o.colActions"), cell: actions }] : []),
  ], { empty: t("rc.noAwards"), sort: "day", down: true, caption: t("rc.awards") }).set(found.commendations);
  return section(t("rc.awards"), extra, table.node);
}

/** 指标口径: printed with the figures. */
export function definitions({ definitions: rows, definitions_version: version }) {
  const table = new Table([
    { key: "name", label: t("rc.d_name"), cell: (r) => h("strong", said(r)) },
    { key: "means", label: t("rc.d_means"), cell: (r) => said(r, "means") },
    { key: "top", label: t("rc.d_top"), cell: (r) => said(r, "top") },
    { key: "bottom", label: t("rc.d_bottom"), cell: (r) => said(r, "bottom") },
    { key: "source", label: t("rc.d_source"), cell: (r) => said(r, "source") },
    { key: "without", label: t("rc.d_without"), cell: (r) => said(r, "without") },
  ], { empty: "", caption: t("rc.definitions") }).set(rows);
  return h("section.card.stack.definitions", h("h2", t("rc.definitions"), h("small.muted", `　${version ? t("rc.definitionsOf", { v: version }) : t("rc.definitionsShipped")}`)), table.node);
}
