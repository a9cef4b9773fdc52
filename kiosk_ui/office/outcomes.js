// 办件: the rates of each department with what they are a share of, and the cases behind them; #outcomes/12 is one case.
import { get, latest } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { outcomeDetail } from "./outcome_detail.js";
import { kindName, RATES, rateWords, stateBadge } from "./outcome_words.js";
import { named, pagedTable, section, when } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const newest = latest();
const STATES = ["open", "late", "untold", "unnumbered", "nokind", "void"];

export function outcomes(ctx, id) {
  return id ? outcomeDetail(ctx, id) : overview(ctx);
}

function overview(ctx) {
  const [head, box] = [h("div.stack"), h("div")];
  const days = period(30, () => again());
  const chief = ctx.who.role === "chief";
  const department = chooser("department", (ctx.catalog.departments || []).map((d) => [d.code, pick(d)]));
  const state = chooser("state", STATES.map((name) => [name, t(name === "late" ? "oc.filter_late" : `oc.state_${name}`)]));
  const kind = chooser("kind", []);
  const files = ["csv", "xlsx"].map((name) => h("a.btn", { download: true }, t(`oc.${name}`)));
  const query = () => [days.query(), department.value && `department=${encodeURIComponent(department.value)}`].filter(Boolean).join("&");
  const again = async () => {
    files.forEach((link, i) => link.setAttribute("href", `/api/v1/export/outcomes.${["csv", "xlsx"][i]}?${days.query()}`));
    const filter = [query(), state.value && `state=${state.value}`, kind.value && `kind=${kind.value}`].filter(Boolean).join("&");
    try {
      const [rates, page] = await newest(Promise.all([get(`/outcomes/rates?${query()}`), get(`/outcomes?${filter}`)]));
      put(head, figures(rates.hall), departments(rates.items));
      put(box, ...(state.value === "nokind" ? [bare(ctx, page.items)] : pagedTable(table(ctx), `/outcomes?${filter}`, page)));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  for (const input of [department, state, kind]) input.addEventListener("change", again);
  get("/standards/outcomes").then((found) => kind.append(...found.content.outcome.map((row) => h("option", { value: row.code }, kindName(row))))).catch(() => null);
  again();
  const mayExport = ["office", "admin", "auditor"].includes(ctx.who.role);
  return {
    node: h("div.stack", section(t("o.outcomes"), h("p.muted", t("oc.note")), h("div.bar", days.node, !chief && department), head),
      section(t("oc.list"), h("div.bar", state, kind, mayExport && files), box)),
    update: () => {},
  };
}

const chooser = (name, options) => h("select.input", { "aria-label": t(`oc.${name}`) }, h("option", { value: "" }, named(t(`oc.${name}`), t("oc.all"))),
  options.map(([value, words]) => h("option", { value }, words)));

/** Each rate with its numerator and denominator (I16); nothing to divide by is said, never 100 %. */
function figures(hall) {
  const fig = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value), h("small", sub)));
  const { linked, median_s: apart } = hall.system;
  return h("dl.figures",
    RATES.map((name) => fig(t(`oc.rate_${name}`), ...rateWords(hall.rates[name]))),
    fig(t("oc.lateCount"), hall.late), fig(t("oc.total"), hall.total), fig(t("oc.withoutKind"), hall.without_kind),
    fig(t("oc.linked"), linked, linked ? t("oc.apart", { s: apart }) : ""));
}

const rateCell = (rate) => {
  const [value, sub] = rateWords(rate);
  return [h("strong.num", value), h("small.muted.block", sub)];
};

const departments = (rows) => new Table([
  { key: "name", label: t("oc.department"), value: (r) => pick(r) },
  ...RATES.map((name) => ({ key: name, label: t(`oc.rate_${name}`), right: true, value: (r) => (r.rates[name].percent === null ? null : Number(r.rates[name].percent)), cell: (r) => rateCell(r.rates[name]) })),
  { key: "late", label: t("oc.lateCount"), right: true, value: (r) => r.late },
  { key: "total", label: t("oc.total"), right: true, value: (r) => r.total },
  { key: "without", label: t("oc.withoutKind"), right: true, value: (r) => r.without_kind },
], { empty: t("oc.empty"), sort: "name", caption: t("oc.rates") }).set(rows).node;

const common = (ctx) => [
  { key: "number", label: t("oc.number"), tight: true, value: (r) => r.number },
  { key: "item", label: t("oc.item"), value: (r) => ctx.name("services", r.service), cell: (r) => [ctx.name("services", r.service), h("small.muted.block", ctx.name("departments", r.department))] },
  { key: "window", label: t("oc.window"), tight: true, value: (r) => r.window, cell: (r) => [r.window, h("small.muted.block", r.clerk)] },
];

/** The list a page at a time: a hall closes hundreds of cases a day. */
const table = (ctx) => new Table([
  { key: "day", label: t("oc.day"), tight: true, value: (r) => `${r.day} ${r.id}`, cell: (r) => (r.state === "void" ? r.day : h("a", { href: `#outcomes/${r.id}` }, r.day)) },
  { key: "kind", label: t("oc.kind"), value: kindName, cell: (r) => [kindName(r), r.no && h("small.muted.block", `${t(`ocp.${r.slip}`)} ${r.no}`)] },
  ...common(ctx),
  { key: "case_no", label: t("oc.caseNo"), value: (r) => r.case_no || "" },
  { key: "due", label: t("oc.due"), tight: true, value: (r) => r.due_day || "", cell: (r) => (r.due_day ? [r.due_day, h("small.muted.block", t("oc.dueDays", { n: r.days }))] : t("o.none")) },
  { key: "state", label: t("oc.state"), tight: true, value: (r) => t(`oc.state_${r.state}`), cell: stateBadge },
], { empty: t("oc.empty"), sort: "day", down: true, caption: t("oc.list") });

/** Permits that were finished without a word of what they were (I09). */
const bare = (ctx, rows) => new Table([
  { key: "day", label: t("oc.day"), tight: true, value: (r) => r.ended_at, cell: (r) => when(r.ended_at) }, ...common(ctx),
], { empty: t("oc.empty"), sort: "day", down: true, caption: t("oc.state_nokind") }).set(rows).node;
