// The month's patrols: each working day, the joint ones, the leader's; a missing day is seen at once (F01-F03).
import { get, list } from "../shared/api.js";
import { hm, isoDay, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { join, section } from "./parts.js";
import { Table } from "./table.js";

export function patrolMonth() {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  let month = isoDay().slice(0, 7);
  const turn = (by) => () => {
    const [year, number] = month.split("-").map(Number);
    month = new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
    draw();
  };
  const draw = async () => {
    try {
      const [days, patrols] = await Promise.all([get(`/patrols/month?month=${month}`), list(`/patrols?from=${month}-01&to=${days31(month)}`)]);
      put(box, head(month, turn), needs(days), calendar(days), h("p.muted", t("pl.monthNote")), h("h3", t("pl.list")), table(patrols).node);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: draw }, t("o.retry")));
    }
  };
  draw();
  return section(t("pl.tabMonth"), box);
}

const days31 = (month) => {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
};

const head = (month, turn) => h("div.bar.cal-head",
  h("button.btn", { type: "button", "aria-label": t("pl.prev"), onclick: turn(-1) }, "‹"),
  h("h2", t("pl.month", { y: month.slice(0, 4), m: Number(month.slice(5)) })),
  h("button.btn", { type: "button", "aria-label": t("pl.next"), onclick: turn(1) }, "›"));

const needs = (month) => h("div.bar", month.needs.map((need) => h(`span.badge.${need.done >= need.needed ? "green" : "amber"}`,
  t("pl.needsOk", { what: t(`pl.k_${need.kind}`), n: need.done, m: need.needed }))),
month.missing.length > 0 && h("span.badge.red", t("pl.missingDays", { n: month.missing.length })));

function calendar(month) {
  const first = (new Date(`${month.month}-01T00:00Z`).getUTCDay() + 6) % 7;
  const rows = [...Array(first).fill(null), ...month.days];
  const weeks = [];
  while (rows.length) weeks.push(rows.splice(0, 7));
  return h("table.patrol-month", h("caption.sr-only", t("pl.tabMonth")),
    h("thead", h("tr", t("pl.weekdays").split(/[、,]/).map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", weeks.map((week) => h("tr", week.map(day)))));
}

function day(row) {
  if (!row) return h("td");
  const mark = row.kinds.length ? row.kinds.map((kind) => h("span.badge.green", t(`pl.k_${kind}`))) : row.missing && h("span.badge.red", t("pl.noPatrol"));
  return h("td", { class: row.working ? "" : "is-rest", "aria-current": row.day === isoDay() ? "date" : null },
    h("span.num", Number(row.day.slice(8))), !row.working && h("small.muted", ` ${t("pl.rest")}`), mark && h("div.patrol-marks", mark));
}

const table = (patrols) => new Table([
  { key: "day", label: t("pl.c_day"), tight: true, value: (p) => ms(p.started_at), cell: (p) => p.day },
  { key: "kind", label: t("pl.c_kind"), value: (p) => t(`pl.k_${p.kind}`) },
  { key: "time", label: t("pl.c_time"), tight: true, value: (p) => hm(p.started_at), cell: (p) => (p.ended_at ? `${hm(p.started_at)}—${hm(p.ended_at)}` : [hm(p.started_at), h("small.block", t("pl.notEnded"))]) },
  { key: "people", label: t("pl.c_people"), value: (p) => join(p.people) },
  { key: "checks", label: t("pl.c_checks"), right: true, value: (p) => p.checks },
  { key: "findings", label: t("pl.c_findings"), right: true, value: (p) => p.findings },
  { key: "note", label: t("pl.c_note"), value: (p) => p.note },
], { empty: t("pl.listNone"), sort: "day", down: true, caption: t("pl.list") }).set(patrols);
