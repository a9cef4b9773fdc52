// 差评与投诉: one ledger for bad ratings and complaints, with its rates; #cases/new registers, #cases/12 is one case.
import { get, latest, list } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { caseDetail } from "./case_detail.js";
import { newCase } from "./case_new.js";
import { about, channel, CHANNELS, dueMark, kind, KINDS, marks, mayWork, stateBadge, STATES, topic, windowNo } from "./case_words.js";
import { named, section } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const newest = latest();
const RATES = ["rectified", "on_time", "visited"];

export function cases(ctx, id) {
  if (id === "new" && mayWork(ctx)) return newCase(ctx);
  return id ? caseDetail(ctx, id) : ledger(ctx);
}

function ledger(ctx) {
  const box = h("div");
  const head = h("div.stack");
  const quiet = h("div");
  const days = period(30, () => again());
  const filters = { kind: chooser("kind", KINDS), channel: chooser("channel", CHANNELS), state: chooser("state", STATES) };
  const department = h("select.input", { "aria-label": t("cs.department") }, h("option", { value: "" }, named(t("cs.department"), t("cs.all"))),
    (ctx.catalog.departments || []).map((d) => h("option", { value: d.code }, pick(d))));
  const overdue = tick(t("cs.onlyOverdue"));
  const open = tick(t("cs.openOnly"));
  const files = ["csv", "xlsx"].map((name) => h("a.btn", { download: true }, t(name === "csv" ? "cs.exportCsv" : "cs.exportXlsx")));
  const query = () => {
    const wishes = Object.entries({ ...Object.fromEntries(Object.entries(filters).map(([name, one]) => [name, one.value])), department: department.value,
      overdue: overdue.input.checked ? "1" : "", open: open.input.checked ? "1" : "" }).filter(([, value]) => value);
    return [days.query(), ...wishes.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)].join("&");
  };
  const again = async () => {
    files.forEach((link, i) => link.setAttribute("href", `/api/v1/export/cases.${["csv", "xlsx"][i]}?${query()}`));
    try {
      const [rows, figures] = await newest(Promise.all([list(`/cases?${query()}`), get(`/cases/figures?${days.query()}${department.value ? `&department=${department.value}` : ""}`)]));
      put(box, table(ctx, rows).node);
      put(head, summary(figures));
      put(quiet, quietTable(figures.quiet).node);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  for (const input of [...Object.values(filters), department, overdue.input, open.input]) input.addEventListener("change", again);
  again();
  const chief = ctx.who.role === "chief";
  return {
    node: h("div.stack",
      section(t("o.cases"), h("p.muted", t("cs.ledgerNote")), head),
      section(t("cs.ledger"),
        h("div.bar", days.node, mayWork(ctx) && h("a.btn.primary", { href: "#cases/new" }, t("cs.register"))),
        h("div.bar", ...Object.values(filters), !chief && department, open.node, overdue.node, ...files), box),
      h("details.card.stack", h("summary", t("cs.quiet")), quiet)),
    update: () => {},
  };
}

const chooser = (name, values) => h("select.input", { "aria-label": t(`cs.${name}`) }, h("option", { value: "" }, named(t(`cs.${name}`), t("cs.all"))),
  values.map((value) => h("option", { value }, t(`cs.${name}.${value}`))));

function tick(words) {
  const input = h("input", { type: "checkbox" });
  return { input, node: h("label.check", input, h("span", words)) };
}

/** Each rate with what it is a share of; nothing to divide by is said, never 100 %. */
function summary(figures) {
  const fig = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value), h("small", sub)));
  const rate = (name) => {
    const { numerator: n, denominator: m } = figures.rates[name];
    return fig(t(`cs.rate_${name}`), m ? `${Math.round((n / m) * 100)}%` : "–", m ? t("cs.rateOf", { n, m }) : t("cs.rateNone"));
  };
  return h("dl.figures", fig(t("cs.countBad"), figures.bad_ratings), fig(t("cs.countComplaints"), figures.complaints),
    fig(t("cs.countOpen"), figures.open), fig(t("cs.countOverdue"), figures.overdue), RATES.map(rate));
}

const table = (ctx, rows) => new Table([
  { key: "no", label: t("cs.no"), tight: true, value: (c) => c.no, cell: (c) => [h("a", { href: `#cases/${c.id}` }, c.no), ...marks(c).map((m) => h("span.block", m))] },
  { key: "day", label: t("cs.day"), tight: true, value: (c) => c.day },
  { key: "kind", label: t("cs.kind"), value: kind, cell: (c) => [kind(c), topic(c) && h("small.muted.block", topic(c))] },
  { key: "channel", label: t("cs.channel"), tight: true, value: channel },
  { key: "about", label: t("cs.about"), value: about, cell: (c) => [about(c) || t("o.none"), c.service && h("small.muted.block", ctx.name("services", c.service))] },
  { key: "department", label: t("cs.department"), value: (c) => (c.department ? ctx.name("departments", c.department) : "") },
  { key: "state", label: t("cs.state"), tight: true, value: (c) => t(`cs.state.${c.state}`), cell: stateBadge },
  { key: "due", label: t("cs.due"), value: (c) => c.due_day || "", cell: dueMark },
], { empty: t("cs.empty"), sort: "no", down: true, caption: t("cs.ledger") }).set(rows);

const quietTable = (rows) => new Table([
  { key: "window", label: t("cs.window"), value: (r) => r.window, cell: (r) => windowNo(r.window) },
  { key: "days", label: t("cs.quietCol"), right: true, value: (r) => r.days ?? 99999, cell: (r) => (r.days === null ? h("span.muted", t("cs.quietNever")) : t("cs.quietDays", { n: r.days })) },
  { key: "last", label: t("cs.last"), tight: true, value: (r) => r.last || "" },
], { empty: t("o.none"), sort: "days", caption: t("cs.quiet") }).set(rows);
