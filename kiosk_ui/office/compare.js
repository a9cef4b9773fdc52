// Windows and departments beside each other: never a person, never on a wall; each share with who stands behind it.
import { get, latest } from "../shared/api.js";
import { h, put, svg } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sized } from "../board/chart.js";
import { lasted, section } from "./parts.js";
import { definitions, percent, times } from "./record_parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const newest = latest();
const EXPORTS = ["office", "admin", "auditor", "chief"];
const ROW = 26; // px of a line of the chart

export function compare(ctx) {
  const box = h("div.stack");
  const files = ["csv", "xlsx"].map((kind) => h("a.btn.small", { download: true, hidden: !EXPORTS.includes(ctx.who.role) }, t(`rc.${kind}`)));
  let by = "window";
  const keys = ["window", "department"].map((name) =>
    h("button.btn.small", { type: "button", onclick: () => ((by = name), again()) }, t(name === "window" ? "cmp.byWindow" : "cmp.byDepartment")));
  const days = period(30, () => again());
  const again = async () => {
    keys.forEach((key, n) => key.setAttribute("aria-pressed", String((n === 0) === (by === "window"))));
    ["csv", "xlsx"].forEach((kind, n) => files[n].setAttribute("href", `/api/v1/export/comparison.${kind}?by=${by}&${days.query()}`));
    if (!box.childElementCount) put(box, h("p.empty", t("o.loading")));
    try {
      put(box, draw(await newest(get(`/figures/comparison?by=${by}&${days.query()}`))));
    } catch (error) {
      if (error.status === undefined) throw error;
      put(box, h("p.band.amber", error.message || t("o.lost")));
    }
  };
  const print = h("button.btn.small", { type: "button", onclick: () => window.print() }, t("rc.print"));
  again();
  return { node: h("div.stack.record", h("h1", t("cmp.title")), h("div.bar", keys, days.node, files, print), box), update: () => {} };
}

function draw(found) {
  const least = found.items[0]?.satisfaction.rank_least ?? found.star?.least ?? "";
  return [
    h("p.muted", t("rc.span", { a: found.from, b: found.to })),
    found.star && star(found.star),
    section(t(found.by === "window" ? "cmp.byWindow" : "cmp.byDepartment"), h("p.muted", t("cmp.note", { n: least })), table(found).node),
    found.items.some((r) => r.satisfaction.raters) && section(t("cmp.intervals"), h("p.muted", t("cmp.intervalsNote")), intervals(found)),
    definitions(found),
  ];
}

/** D18: from data, with its rule beside it. */
function star({ windows, low, least, complaints_most: most }) {
  const words = windows.length ? windows.map((win) => t("cmp.starIs", { win, low: percent(low) })).join("；") : t("cmp.starNone");
  return section(t("cmp.star"), h("p", h("strong", words)), h("p.muted", t(most ? "cmp.starRule" : "cmp.starRuleNone", { n: least, m: most })));
}

const nameOf = (row) => (row.window === null ? pick(row) : t("o.atWindow", { win: row.window }));

function table({ by, items }) {
  const count = (key, of) => ({ key, label: t(`cmp.${key}`), right: true, value: of });
  const satisfied = (r) => {
    const s = r.satisfaction;
    return [h("span", percent(s.share)), h("small.muted.block", s.raters ? t("rc.raters", { n: s.raters }) : t("rc.nobody"))];
  };
  return new Table([
    { key: "name", label: t(`cmp.${by}`), tight: true, value: (r) => r.window ?? pick(r), cell: (r) => [h("strong", nameOf(r)), r.window !== null && h("small.muted.block", pick(r)), r.no_award.length > 0 && h("span.badge.red.block", t("cmp.noAward"))] },
    { key: "place", label: t("cmp.place"), right: true, value: (r) => r.place, cell: (r) => r.place ?? t("o.none") },
    count("served", (r) => r.served), count("cases", (r) => r.cases),
    { key: "weighted", label: t("cmp.weighted"), right: true, value: (r) => r.weighted },
    { key: "mean", label: t("cmp.mean_case"), right: true, tight: true, value: (r) => r.mean_case_s, cell: (r) => lasted(r.mean_case_s) },
    { key: "pace", label: t("cmp.pace"), right: true, value: (r) => r.pace, cell: (r) => times(r.pace) },
    { key: "answer", label: t("cmp.answer_rate"), right: true, value: (r) => r.answer_rate, cell: (r) => percent(r.answer_rate) },
    { key: "satisfied", label: t("cmp.satisfied"), right: true, tight: true, value: (r) => r.satisfaction.share, cell: satisfied },
    count("bad", (r) => r.bad), count("complaints", (r) => r.complaints), count("findings", (r) => r.findings),
    by === "window" && { key: "quiet", label: t("cmp.quiet"), right: true, value: (r) => r.quiet_days, cell: (r) => r.quiet_days ?? h("small.muted", t("cmp.never")) },
  ].filter(Boolean), { empty: t("cmp.empty"), sort: "place", caption: t("cmp.title") }).set(items);
}

/** Each share as a dot with its interval as a line, on one scale. */
function intervals({ items }) {
  const rows = items.filter((r) => r.satisfaction.raters).sort((a, b) => b.satisfaction.low - a.satisfaction.low);
  const box = sized((width, height) => chart(rows, width, height));
  box.style.setProperty("height", `${(rows.length + 1) * ROW}px`);
  return box;
}

function chart(rows, width, height) {
  const [left, right] = [Math.min(200, width / 3), width - 60];
  const from = Math.min(0.9, Math.floor(Math.min(...rows.map((r) => r.satisfaction.low)) * 10) / 10);
  const x = (share) => left + ((share - from) / (1 - from)) * (right - left);
  const marks = [from, (from + 1) / 2, 1].flatMap((share) => [
    svg("line.rule", { x1: x(share), x2: x(share), y1: 0, y2: height - ROW }),
    svg("text", { x: x(share), y: height - 6, "text-anchor": "middle" }, percent(share)),
  ]);
  const lines = rows.flatMap((r, n) => {
    const { low, high, share, raters } = r.satisfaction;
    const y = n * ROW + ROW / 2;
    return [
      svg("text", { x: left - 12, y: y + 5, "text-anchor": "end" }, nameOf(r)),
      svg("line.interval", { x1: x(low), x2: x(high), y1: y, y2: y }),
      svg("circle.share", { cx: x(share), cy: y, r: 5 }),
      svg("text", { x: right + 10, y: y + 5, "text-anchor": "start" }, raters),
    ];
  });
  return svg("svg.chart", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": t("cmp.intervals") }, marks, lines);
}
