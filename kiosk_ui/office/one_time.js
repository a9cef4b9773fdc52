// 一次性告知书: second requests that wait for a leader, the notices, and the figures of each department (H06, H07, D10).
import { get, list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { text } from "./controls.js";
import { act, join, named, section } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const STATES = ["asked", "given", "met", "lapsed", "refused", "void"];
const COLOUR = { asked: "amber", given: "action", met: "green", lapsed: "red", refused: "plain", void: "plain" };
const DECIDE = ["office", "admin", "chief"];

export function oneTime(ctx) {
  const boxes = { head: h("div"), waiting: h("div"), rows: h("div"), units: h("div"), unwritten: h("div") };
  const days = period(30, () => again());
  const state = h("select.input", { "aria-label": t("ot.colState") }, h("option", { value: "" }, named(t("ot.colState"), t("ot.all"))),
    STATES.map((code) => h("option", { value: code }, t(`ot.state_${code}`))));
  const department = h("select.input", { "aria-label": t("o.colDept") }, h("option", { value: "" }, named(t("o.colDept"), t("ot.all"))),
    (ctx.catalog.departments || []).map((d) => h("option", { value: d.code }, pick(d))));
  const second = h("input", { type: "checkbox" });
  const query = () => [days.query(), state.value && `state=${state.value}`, department.value && `department=${encodeURIComponent(department.value)}`, second.checked && "second=1"].filter(Boolean).join("&");
  const again = async () => {
    try {
      const unit = department.value ? `&department=${encodeURIComponent(department.value)}` : "";
      const [asked, rows, figures, sent] = await Promise.all([list(`/one-time-notices?state=asked${unit}`), list(`/one-time-notices?${query()}`), get(`/one-time-notices/figures?${days.query()}${unit}`), list(`/one-time-notices/unwritten?${days.query()}${unit}`)]);
      put(boxes.waiting, waiting(ctx, asked, again).node);
      put(boxes.rows, notices(ctx, rows).node);
      put(boxes.unwritten, unwritten(ctx, sent).node);
      put(boxes.head, summary(figures.total));
      put(boxes.units, units(ctx, figures.departments.filter((r) => r.given || r.sent || r.refused)).node);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(boxes.rows, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  for (const input of [state, department, second]) input.addEventListener("change", again);
  again();
  let known = "";
  return {
    node: h("div.stack",
      section(t("ot.title"), h("p.muted", t("ot.pageNote")), boxes.head),
      section(t("ot.waiting"), boxes.waiting),
      section(t("ot.list"), h("div.bar", days.node), h("div.bar", state, ctx.who.role !== "chief" && department, h("label.check", second, h("span", t("ot.onlySecond")))), boxes.rows),
      section(t("ot.report"), boxes.units),
      section(t("ot.colUnwritten"), boxes.unwritten)),
    update: () => {
      const open = ctx.live.list("notice/").filter((n) => n.key?.startsWith("onetime/")).map((n) => n.key).join();
      if (open !== known) again();
      known = open;
    },
  };
}

/** Each count with what it is a share of; the numbers stand side by side, not as a bare rate. */
function summary(total) {
  const fig = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value), h("small", sub)));
  return h("dl.figures", fig(t("ot.colGiven"), total.given), fig(t("ot.colSecond"), total.second, t("ot.ofCases", { m: total.cases })),
    fig(t("ot.colUnwritten"), total.unwritten, t("ot.ofSent", { m: total.sent })), fig(t("ot.colMet"), total.met), fig(t("ot.state_lapsed"), total.lapsed));
}

const badge = (row) => h(`span.badge.${COLOUR[row.state]}`, t(`ot.state_${row.state}`));
const papers = (row) => join(pick(row, "content").missing.map((paper) => paper.name)) || t(row.papers ? "ui.forgotten" : "ot.complete");
const about = (ctx) => [
  { key: "number", label: t("o.colNumber"), tight: true, value: (r) => r.number, cell: (r) => [h("strong", r.number), h("small.muted.block", ctx.name("services", r.service))] },
  { key: "window", label: t("o.colWindow"), tight: true, value: (r) => r.window, cell: (r) => [r.window, h("small.muted.block", r.clerk)] },
  { key: "papers", label: t("ot.colMissing"), value: papers, cell: (r) => [papers(r), r.why && h("small.muted.block", t("ot.whyOf", { why: r.why })), r.leader && h("small.muted.block", t(r.state === "refused" ? "ot.refusedBy" : "ot.approvedBy", r))] },
];

const waiting = (ctx, rows, again) => new Table([
  { key: "at", label: t("o.colTime"), tight: true, value: (r) => r.at, cell: (r) => h("span.num", r.at.slice(5, 16).replace("T", " ")) },
  ...about(ctx),
  { key: "nth", label: t("ot.colNth"), tight: true, value: (r) => r.nth, cell: (r) => t("ot.nth", { n: r.nth }) },
  ...(DECIDE.includes(ctx.who.role) ? [{ key: "do", label: t("o.colActions"), cell: (r) => h("span.btn-row", decision(r, "approve", again, ".primary"), decision(r, "refuse", again)) }] : []),
], { empty: t("ot.waitingNone"), sort: "at", caption: t("ot.waiting") }).set(rows);

const decision = (row, verb, again, kind = "") => act(t(`ot.${verb}`), async () => {
  const fields = [text("leader", t("ot.leader"), null, { maxlength: 40 }), text("said", t("ot.said"), null, { maxlength: 200, hint: t("ui.noNames") })];
  const note = `${row.number} · ${papers(row)} · ${t("ot.whyOf", { why: row.why })}`;
  if (await askFields(t("ot.approveTitle"), fields, t(`ot.${verb}`), (values) => post(`/one-time-notices/${row.id}/${verb}`, values), note)) await again();
}, kind);

const notices = (ctx, rows) => new Table([
  { key: "no", label: t("ot.colNo"), tight: true, value: (r) => r.no || "", cell: (r) => (r.no ? [DECIDE.includes(ctx.who.role) ? h("a", { href: `/window/notices/${r.id}/print`, target: "_blank", title: t("ot.print") }, r.no) : r.no, r.nth > 1 && h("span.badge.amber", t("ot.nth", { n: r.nth }))] : h("span.muted", t("o.none"))) },
  { key: "day", label: t("o.colTime"), tight: true, value: (r) => r.at, cell: (r) => h("span.num", r.at.slice(5, 16).replace("T", " ")) },
  ...about(ctx),
  { key: "state", label: t("ot.colState"), tight: true, value: (r) => t(`ot.state_${r.state}`), cell: badge },
  { key: "back", label: t("ot.colReturn"), tight: true, value: (r) => r.return_by || "" },
], { empty: t("ot.listNone"), sort: "day", down: true, caption: t("ot.list") }).set(rows);

const unwritten = (ctx, rows) => new Table([
  { key: "at", label: t("o.colTime"), tight: true, value: (r) => r.at, cell: (r) => h("span.num", r.at.slice(5, 16).replace("T", " ")) },
  { key: "number", label: t("o.colNumber"), tight: true, value: (r) => r.number, cell: (r) => h("strong", r.number) },
  { key: "service", label: t("o.colService"), value: (r) => ctx.name("services", r.service) },
  { key: "department", label: t("o.colDept"), value: (r) => ctx.name("departments", r.department) },
  { key: "window", label: t("o.colWindow"), tight: true, value: (r) => r.window },
  { key: "clerk", label: t("ot.pageSign"), tight: true, value: (r) => r.clerk },
], { empty: t("ot.unwrittenNone"), sort: "at", down: true, caption: t("ot.colUnwritten") }).set(rows);

const units = (ctx, rows) => new Table([
  { key: "department", label: t("o.colDept"), value: (r) => ctx.name("departments", r.department) },
  { key: "given", label: t("ot.colGiven"), right: true, value: (r) => r.given },
  { key: "second", label: t("ot.colSecond"), right: true, value: (r) => r.second, cell: (r) => t("ot.of", { n: r.second, m: r.cases }) },
  { key: "unwritten", label: t("ot.colUnwritten"), right: true, value: (r) => r.unwritten, cell: (r) => t("ot.of", { n: r.unwritten, m: r.sent }) },
  { key: "met", label: t("ot.colMet"), right: true, value: (r) => r.met },
  { key: "lapsed", label: t("ot.state_lapsed"), right: true, value: (r) => r.lapsed },
], { empty: t("o.none"), sort: "second", down: true, caption: t("ot.report") }).set(rows);
