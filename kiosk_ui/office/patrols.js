// 巡查: findings with their states, the month and its gaps, the summary of a period, minutes for the camera; #patrols/12 is one finding.
import { get } from "../shared/api.js";
import { isoDay, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { findingDetail, fixBadge, severityBadge, stateBadge, what, where } from "./finding_detail.js";
import { load, section, when } from "./parts.js";
import { patrolMonth } from "./patrol_month.js";
import { patrolSummary } from "./patrol_summary.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const TABS = { findings, month: patrolMonth, summary: patrolSummary, camera };
const OPEN = ["told", "objected"];
const FILTERS = { All: () => true, Open: (row) => OPEN.includes(row.state), Fix: (row) => ["due", "reported"].includes(row.fix) && row.state !== "withdrawn" };

/** A chief has the own department's findings alone. */
const tabsFor = (ctx) => (ctx.who.role === "chief" ? ["findings"] : Object.keys(TABS));

export function patrols(ctx, id) {
  if (/^\d+$/.test(id || "")) return findingDetail(ctx, id);
  const name = tabsFor(ctx).includes(id) ? id : "findings";
  return { node: h("div.stack", tabs(ctx, name), TABS[name](ctx)), update: () => {} };
}

const tabs = (ctx, current) => h("nav.sub-tabs.no-print", { "aria-label": t("o.patrols") }, tabsFor(ctx).map((name) =>
  h("a.tab", { href: `#patrols/${name}`, "aria-current": name === current ? "page" : null }, t(`pl.tab${name[0].toUpperCase()}${name.slice(1)}`))));

const mayWalk = (ctx) => ["office", "admin"].includes(ctx.who.role);

function findings(ctx) {
  const box = h("div");
  const days = period(30, () => again());
  const chosen = h("select.input", { "aria-label": t("pl.c_state") }, Object.keys(FILTERS).map((name) => h("option", { value: name }, t(`pl.filter${name}`))));
  const again = () => load(box, `/findings?${days.query()}`, (rows) => put(box, table(ctx, rows.filter(FILTERS[chosen.value])).node));
  chosen.addEventListener("change", again);
  again();
  return section(t("pl.tabFindings"), h("p.muted", t("pl.countsNot")),
    h("div.bar", days.node, chosen, mayWalk(ctx) && h("a.btn.primary", { href: "/patrol" }, t("pl.openTablet"))), box);
}

export const table = (ctx, rows) => new Table([
  { key: "id", label: t("pl.c_id"), tight: true, value: (r) => r.id, cell: (r) => h("a", { href: `#patrols/${r.id}` }, r.id) },
  { key: "day", label: t("pl.c_day"), tight: true, value: (r) => ms(r.at), cell: (r) => [r.day.slice(5), h("small.muted.block", t(`pl.k_${r.source}`))] },
  { key: "what", label: t("pl.c_what"), value: (r) => what(r), cell: (r) => [h("strong", what(r)), r.note && h("small.block", r.note)] },
  { key: "where", label: t("pl.c_where"), value: (r) => where(ctx, r) },
  { key: "name", label: t("pl.c_name"), tight: true, value: (r) => r.name },
  { key: "severity", label: t("pl.c_severity"), tight: true, value: (r) => r.severity, cell: severityBadge },
  { key: "state", label: t("pl.c_state"), value: (r) => r.state, cell: stateBadge },
  { key: "fix", label: t("pl.c_fix"), value: (r) => r.fix, cell: fixBadge },
], { empty: t("pl.findingsNone"), sort: "id", down: true, caption: t("pl.tabFindings") }).set(rows);

/** F04. */
function camera(ctx) {
  const box = h("div");
  get("/patrols/facts").then(({ moments }) => put(box, new Table([
    { key: "window", label: t("pl.c_window"), value: (m) => m.window },
    { key: "kind", label: t("pl.c_what"), value: (m) => t(`pl.m_${m.kind}`) },
    { key: "since", label: t("op.colBegan"), right: true, value: (m) => ms(m.since), cell: (m) => when(m.since) },
    { key: "until", label: t("op.colEnded"), right: true, value: (m) => (m.ended_at ? ms(m.ended_at) : null), cell: (m) => when(m.ended_at) },
  ], { empty: t("pl.cameraNone"), sort: "since", caption: t("pl.tabCamera") }).set(moments).node),
  (problem) => put(box, h("p.band.amber", problem.message || t("o.lost"))));
  const seen = h("div");
  load(seen, `/findings?from=${isoDay()}&to=${isoDay()}`, (rows) => put(seen, rows.filter((r) => r.camera_at).map((r) =>
    h("p", h("a", { href: `#patrols/${r.id}` }, `${what(r)} · ${where(ctx, r)}`), ` ${t("pl.cameraAt", { t: when(r.camera_at) })}`))));
  return section(t("pl.tabCamera"), h("p.muted", t("pl.cameraNote")), box, seen);
}

