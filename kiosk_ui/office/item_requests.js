// Requests to change items (H14): filed by a department, decided in a leader's name, in force on their day.
import { get, list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { text } from "./controls.js";
import { area } from "./form_fields.js";
import { guideFacts } from "./item_detail.js";
import { differenceTable, differences, loadEvents, mayAsk, mayEdit, stateBadge } from "./item_words.js";
import { join, section, when } from "./parts.js";
import { Table } from "./table.js";

const OPEN = ["filed", "approved"];
const kind = (row) => t(`gt.kind_${row.kind}`);

export function requestList(ctx) {
  const box = h("div", h("p.empty", t("o.loading")));
  const again = () => list("/item-requests").then((rows) => put(box, requestTable(ctx, rows)), failed(box, () => again()));
  again();
  return {
    node: section(t("gt.requests"), h("p.muted", t("gt.requestsNote")), mayAsk(ctx) && h("div.bar", h("a.btn", { href: "#items/:new" }, t("gt.askNew"))), box),
    update: () => {},
  };
}

const failed = (box, again) => (problem) => {
  if (problem.status === undefined) throw problem;
  put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
};

export const requestTable = (ctx, rows) => new Table([
  { key: "id", label: t("gt.colNumber"), tight: true, value: (r) => r.id, cell: (r) => h("a", { href: `#items/:request=${r.id}` }, t("gt.requestIs", { n: r.id })) },
  { key: "kind", label: t("gt.colKind"), tight: true, value: kind },
  { key: "name", label: t("gt.item"), value: (r) => r.name, cell: (r) => [h("strong", r.name), h("small.muted.block", ctx.name("departments", r.department))] },
  { key: "reason", label: t("gt.reason"), value: (r) => r.reason },
  { key: "from", label: t("gt.fromDay"), tight: true, value: (r) => r.from_day },
  { key: "state", label: t("gt.colState"), tight: true, value: (r) => t(`gt.state_${r.state}`), cell: stateBadge },
], { empty: t("gt.noRequests"), caption: t("gt.requests"), sort: "id", down: true }).set(rows).node;

export function requestDetail(ctx, number) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const show = (row) => put(box, drawn(ctx, row, show));
  const again = () => Promise.all([get(`/item-requests/${number}`), loadEvents()]).then(([row]) => show(row), failed(box, () => again()));
  again();
  return { node: box, update: () => {} };
}

const drawn = (ctx, row, show) => [
  section(`${t("gt.requestIs", { n: row.id })}　${kind(row)}　${row.name}`,
    h("div.bar", h("a", { href: "#items/:requests" }, t("gt.backToRequests")), stateBadge(row), steps(ctx, row, show)),
    row.kind === "add" && OPEN.includes(row.state) && h("p.band.action", t("gt.newItemNote")),
    row.kind === "cancel" && h("p.muted", t("gt.cancelWords")),
    h("dl.facts", facts(ctx, row).filter(([, value]) => value).map(([label, value]) => [h("dt", label), h("dd", value)]))),
  row.guide && row.before && OPEN.includes(row.state) && section(t("gt.compare"), differenceTable(differences(row.before, row.guide))),
  row.guide && section(t("gt.wanted"), guideFacts(row.guide)),
].filter(Boolean);

const facts = (ctx, row) => [
  [t("gt.department"), ctx.name("departments", row.department)],
  [t("gt.item"), [h("a", { href: `#items/${row.service}` }, row.name), " ", h("code", row.service)]],
  [t("gt.trigger"), t(`gt.trigger_${row.trigger}`)],
  [t("gt.reason"), row.reason],
  [t("gt.document"), row.document],
  [t("gf.approver"), row.approver],
  [t("gt.fromDay"), row.from_day],
  [t("gt.askedBy"), join([row.by, when(row.at)])],
  [t("gt.decided"), row.decided_at && join([row.leader && t("gt.leaderIs", { name: row.leader }), row.decided_by, when(row.decided_at)])],
  [t("gt.why"), row.why],
];

/** What this person may do with it now. */
function steps(ctx, row, show) {
  const leader = () => text("leader", t("gt.leader"), null, { maxlength: 60 });
  const ask = (step, fields) => () => askFields(t(`gt.${step}`), fields(), t(`gt.${step}`), async (values) => show({ ...(await post(`/item-requests/${row.id}/${step}`, values)) }));
  const key = (step, fields, strong = "") => h(`button.btn${strong}`, { type: "button", onclick: ask(step, fields) }, t(`gt.${step}`));
  const decides = mayEdit(ctx) && row.state === "filed";
  return h("span.btn-row.item-keys",
    mayAsk(ctx) && OPEN.includes(row.state) && key("withdraw", () => [area("why", t("gt.why"))]),
    decides && key("refuse", () => [leader(), area("why", t("gt.why"))]),
    decides && key("approve", () => [leader()], ".primary"));
}
