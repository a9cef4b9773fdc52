// The summary of a period (F08): findings by group and department, repeats, put right in time; printed or as a file.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { severityBadge, what, where } from "./finding_detail.js";
import { join, section } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const EXPORTERS = ["office", "admin", "auditor"];

export function patrolSummary(ctx) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const days = period(30, () => again());
  const file = EXPORTERS.includes(ctx.who.role) && h("a.btn", { download: true }, t("pl.exportCsv"));
  const again = async () => {
    if (file) file.setAttribute("href", `/api/v1/export/findings.csv?${days.query()}`);
    try {
      put(box, drawn(ctx, await get(`/patrols/summary?${days.query()}`)));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  again();
  return section(t("pl.sumTitle"), h("div.bar.no-print", days.node, file, h("button.btn", { type: "button", onclick: () => print() }, t("pl.print"))), box);
}

function drawn(ctx, sum) {
  const kinds = Object.entries(sum.patrols).filter(([, n]) => n);
  const walked = kinds.map(([kind, n]) => `${t(`pl.k_${kind}`)} ${n}`);
  return [
    h("p", `${sum.since} — ${sum.until}　${t("pl.sumPatrols", { n: kinds.reduce((all, [, n]) => all + n, 0) })}`, walked.length > 1 && ` · ${join(walked)}`),
    sum.missing_days.length > 0 && h("p.band.amber", t("pl.sumMissing", { days: join(sum.missing_days) })),
    figures(sum), h("p.muted", t("pl.sumDef")),
    sum.total.found > 0 && [h("h3", t("pl.byGroup")), tally(t("pl.byGroup"), t("pl.c_group_name"), sum.groups, (row) => pick(row)).node,
      h("h3", t("pl.byDepartment")), tally(t("pl.byDepartment"), t("pl.c_department"), sum.departments, (row) => pick(row) || t("pl.hall")).node,
      h("h3", t("pl.sumFound")), items(ctx, sum.items).node],
    sum.praise.length > 0 && [h("h3", t("pl.sumPraise")), items(ctx, sum.praise).node],
  ];
}

function figures(sum) {
  const fig = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value), sub && h("small", sub)));
  const { found, serious, repeats, rectified, due } = sum.total;
  return h("dl.figures", fig(t("pl.sumFound"), found), fig(t("pl.sumSerious"), serious), fig(t("pl.sumRepeats"), repeats),
    fig(t("pl.sumFixed"), due ? `${rectified}／${due}` : t("o.none"), due ? `${Math.round((rectified / due) * 100)}%` : ""),
    fig(t("pl.sumOpen"), sum.open), fig(t("pl.sumWithdrawn"), sum.withdrawn), fig(t("pl.sumPraise"), sum.praise.length));
}

const tally = (caption, label, rows, name) => new Table([
  { key: "name", label, value: name },
  ...["found", "serious", "repeats"].map((key) => ({ key, label: t(`pl.sum${key[0].toUpperCase()}${key.slice(1)}`), right: true, value: (row) => row[key] })),
  { key: "fixed", label: t("pl.sumFixed"), right: true, value: (row) => (row.due ? row.rectified / row.due : null), cell: (row) => (row.due ? `${row.rectified}／${row.due}` : t("o.none")) },
], { empty: "", sort: "found", down: true, caption }).set(rows);

const items = (ctx, rows) => new Table([
  { key: "id", label: t("pl.c_id"), tight: true, value: (r) => r.id, cell: (r) => h("a", { href: `#patrols/${r.id}` }, r.id) },
  { key: "day", label: t("pl.c_day"), tight: true, value: (r) => r.day },
  { key: "what", label: t("pl.c_what"), value: what, cell: (r) => [h("strong", what(r)), r.note && h("small.block", r.note)] },
  { key: "where", label: t("pl.c_where"), value: (r) => where(ctx, r) },
  { key: "name", label: t("pl.c_name"), tight: true, value: (r) => r.name },
  { key: "severity", label: t("pl.c_severity"), tight: true, value: (r) => r.severity, cell: severityBadge },
], { empty: "", sort: "id", caption: t("pl.sumFound") }).set(rows);
