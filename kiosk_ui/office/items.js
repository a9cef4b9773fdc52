// 事项与办事指南: every item with what its guide lacks. #items/CODE is one; with a colon: requests, the editor, the workbook.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { itemDetail } from "./item_detail.js";
import { cancelForm, editor } from "./item_editor.js";
import { requestDetail, requestList } from "./item_requests.js";
import { fieldNames, itemName, mayAsk, mayEdit, versionWords } from "./item_words.js";
import { workbook } from "./item_workbook.js";
import { named, section } from "./parts.js";
import { Table } from "./table.js";

const PAGES = { requests: requestList, request: requestDetail, workbook, edit: editor, new: editor, cancel: cancelForm };
const ENTRIES = [["list", "#items"], ["requests", "#items/:requests"], ["workbook", "#items/:workbook"]];

export function items(ctx, id) {
  const [page, ...rest] = id?.startsWith(":") ? decodeURIComponent(id).slice(1).split("=") : [];
  const shown = page ? PAGES[page](ctx, rest.join("=")) : id ? itemDetail(ctx, id) : itemList(ctx);
  const current = page === "request" ? "requests" : ["requests", "workbook"].includes(page) ? page : "list";
  return { ...shown, node: h("div.stack.items", tabs(ctx, current), shown.node) };
}

const tabs = (ctx, current) => h("nav.sub-tabs", { "aria-label": t("o.items") },
  ENTRIES.filter(([name]) => name !== "workbook" || ctx.who.role !== "chief").map(([name, href]) =>
    h("a.tab", { href, "aria-current": name === current ? "page" : null }, t(`gt.${name}`))));

function itemList(ctx) {
  const head = h("div");
  const report = h("details.card.stack", { hidden: true });
  const department = h("select.input", { "aria-label": t("gt.department") }, h("option", { value: "" }, named(t("gt.department"), t("gt.all"))),
    (ctx.catalog.departments || []).map((d) => h("option", { value: d.code }, pick(d))));
  const lacking = h("input", { type: "checkbox" });
  const find = h("input.input.find", { type: "search", placeholder: t("gt.find"), "aria-label": t("gt.find") });
  const table = new Table(columns(ctx), { empty: t("gt.none"), caption: t("gt.list") });
  const box = h("div", h("p.empty", t("o.loading")));
  let rows = [];
  const draw = () => table.set(rows.filter((row) => (!department.value || row.department === department.value) && (!lacking.checked || row.missing.length || row.fields.length)));
  const again = () => get("/items").then((found) => {
    rows = found.items;
    draw();
    put(box, table.node);
    put(head, figures(rows));
    put(report, h("summary", t("gt.report")), reportTable(ctx, found.departments));
    report.hidden = found.departments.length < 2;
  }, (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
  });
  department.addEventListener("change", draw);
  lacking.addEventListener("change", draw);
  find.addEventListener("input", () => table.filter(find.value));
  again();
  return {
    node: h("div.stack",
      section(t("o.items"), h("p.muted", t("gt.note")), head),
      section(t("gt.list"), h("div.bar", find, ctx.who.role !== "chief" && department, h("label.check", lacking, h("span", t("gt.onlyLacking"))),
        mayAsk(ctx) && h("a.btn", { href: "#items/:new" }, t("gt.askNew"))), box),
      report),
    update: () => {},
  };
}

const full = (row) => !row.missing.length && !row.fields.length;

/** Each share with what it is a share of. */
function figures(rows) {
  const fig = (label, n, share = true) => h("div.fig", h("dt", label), h("dd",
    h("strong.num", share && rows.length ? `${Math.floor((n / rows.length) * 100)}%` : n),
    share && h("small", t("gt.ofAll", { n, m: rows.length }))));
  return h("dl.figures", fig(t("gt.countItems"), rows.length, false), fig(t("gt.countSix"), rows.filter((row) => !row.missing.length).length),
    fig(t("gt.countFull"), rows.filter(full).length), fig(t("gt.countWarn"), rows.filter((row) => row.warnings.length).length, false));
}

const columns = (ctx) => [
  { key: "name", label: t("gt.item"), value: (r) => `${itemName(r)} ${r.service}`, cell: (r) => [h("a", { href: `#items/${r.service}` }, h("strong", itemName(r))), h("code", r.service)] },
  { key: "department", label: t("gt.department"), tight: true, value: (r) => ctx.name("departments", r.department) },
  { key: "six", label: t("gt.six"), value: (r) => r.missing.length, cell: (r) => [lackBadge(r.missing), r.missing.length > 0 && r.missing.length < 6 && h("small.muted.block", fieldNames(r.missing))] },
  { key: "others", label: t("gt.others"), value: (r) => r.fields.length, cell: (r) => [lackBadge(r.fields, ""), r.fields.length > 0 && r.fields.length < 6 && h("small.muted.block", fieldNames(r.fields)),
    r.warnings.map((name) => h("small.block.item-warn", t(`gt.warn_${name}`)))] },
  { key: "version", label: t("gt.version"), tight: true, value: (r) => r.from_day || "", cell: (r) => [versionWords(r.version), r.from_day && h("small.muted.block", t("gt.since", { day: r.from_day }))] },
  { key: "do", label: "", tight: true, cell: (r) => (mayEdit(ctx) ? h("a.btn.small", { href: `#items/:edit=${r.service}` }, t(r.version ? "gt.edit" : "gt.write")) : "") },
];

const lackBadge = (missing, tone = ".amber") => (missing.length ? h(`span.badge${tone}`, t("gt.lacks", { n: missing.length })) : h("span.badge.green", t("gt.complete")));

const reportTable = (ctx, rows) => new Table([
  { key: "department", label: t("gt.department"), value: (r) => ctx.name("departments", r.department) },
  ...["six", "full"].map((key) => ({ key, label: t(key === "six" ? "gt.countSix" : "gt.countFull"), right: true, value: (r) => r[key] / r.den,
    cell: (r) => `${t("gt.ofAll", { n: r[key], m: r.den })}　${Math.floor((r[key] / r.den) * 100)}%` })),
], { empty: t("o.none"), caption: t("gt.report"), sort: "six" }).set(rows).node;
