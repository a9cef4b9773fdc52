// 首问转交, 否定报备 and 交接班: what was passed on, refused, or handed over at a window, each with its figures.
import { get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { askFields } from "./ask.js";
import { text } from "./controls.js";
import { area } from "./form_fields.js";
import { act, pagedTable, section, when } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const gone = () => h("span.muted", t("ui.forgotten"));
const WORKERS = ["office", "admin", "chief"];
const works = (ctx) => WORKERS.includes(ctx.who.role);

/** A list of some days with a tick for what is open; `draw(page, again, path)` returns what stands beneath. */
function ledger({ title, note, path, tick, draw }) {
  const box = h("div.stack");
  const days = period(30, () => again());
  const only = tick && h("input", { type: "checkbox", onchange: () => again() });
  const again = async () => {
    try {
      const asked = `${path}?${days.query()}${only?.checked ? `&${tick[0]}=1` : ""}`;
      put(box, draw(await get(asked), again, asked));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  again();
  return { node: section(title, h("p.muted", note), h("div.bar", days.node, only && h("label.check", only, h("span", t(tick[1])))), box), update: () => {} };
}

/** How many of each department, and how many of them wait. */
const counts = (ctx, figures, columns) => figures.length > 0 && h("details.card.stack", h("summary", t("hg.figures")), new Table([
  { key: "department", label: t("hg.dept"), value: (f) => ctx.name("departments", f.department) },
  ...columns.map(([key, words]) => ({ key, label: t(words), right: true, value: (f) => f[key] })),
], { empty: "", caption: t("hg.figures") }).set(figures).node);

// -- 首问转交

export const referrals = (ctx) => ledger({
  title: t("hg.title"), note: t("hg.note"), path: "/referrals", tick: ["open", "hg.openOnly"],
  draw: ({ items, figures }, again) => [referralTable(ctx, again).set(items).node, counts(ctx, figures, [["n", "hg.count"], ["open", "hg.countOpen"], ["late", "hg.countLate"]])],
});

const referralTable = (ctx, again) => new Table([
  { key: "no", label: t("hg.no"), tight: true, value: (r) => r.no, cell: (r) => [r.no, h("small.muted.block", when(r.at))] },
  { key: "citizen", label: t("hg.citizen"), tight: true, value: (r) => r.name, cell: (r) => (r.blanked_at ? h("span.muted", t("hg.blanked")) : [r.name || t("hg.none"), r.phone && h("small.muted.block", r.phone)]) },
  { key: "matter", label: t("hg.matter"), value: (r) => r.matter, cell: (r) => [r.matter || gone(), r.answer && h("small.muted.block", `${t("hg.answer")}：${r.answer}`)] },
  { key: "from", label: t("hg.from"), tight: true, value: (r) => r.writer, cell: (r) => [r.writer, r.window && h("small.muted.block", t("hv.windowNo", { win: r.window }))] },
  { key: "to", label: t("hg.to"), tight: true, value: (r) => ctx.name("departments", r.department), cell: (r) => [ctx.name("departments", r.department), r.person_name && h("small.muted.block", r.person_name)] },
  { key: "state", label: t("hg.state"), tight: true, value: (r) => r.state, cell: stateOf },
  ...(works(ctx) ? [{ key: "do", label: t("hg.do"), cell: (r) => referralKeys(ctx, r, again) }] : []),
], { empty: t("hg.empty"), sort: "no", down: true, caption: t("hg.title") });

const COLOUR = { open: "amber", taken: "plain", answered: "green" };
const stateOf = (r) => [h(`span.badge.${COLOUR[r.state]}`, t(`hg.state_${r.state}`)), r.late && h("span.badge.red", t("hg.overdue")),
  h("small.muted.block", r.closed_at ? when(r.closed_at) : `${t("hg.due")} ${r.due_day.slice(5)}`)];

function referralKeys(ctx, r, again) {
  const answer = () => askFields(t("hg.answer"), [area("answer", t("hg.answer"), t("hg.answerHint"))], t("hg.save"), (values) => post(`/referrals/${r.id}/answer`, values)).then((done) => done && again());
  return h("span.btn-row",
    r.state === "open" && act(t("hg.take"), async () => (await post(`/referrals/${r.id}/take`), again())),
    r.state !== "answered" && act(t("hg.answer"), answer),
    !r.blanked_at && act(t("hg.look"), () => lookAt(r)),
    h("a.btn.small", { href: `/office/referrals/${r.id}/print`, target: "_blank" }, t("hg.print")));
}

/** The citizen in full; the look is recorded. */
async function lookAt(r) {
  const who = await get(`/referrals/${r.id}/identity`);
  await sheet(t("hg.looked"), (done) => [
    h("dl.handing-who", ["name", "phone", "address", "message"].map((key) => h("div", h("dt", t(`hg.${key}`)), h("dd", who[key] || t("hg.none"))))),
    h("div.btn-row.sheet-foot", h("button.btn", { type: "button", "data-first": true, onclick: () => done() }, t("hg.close")))]);
}

// -- 否定报备

export const refusals = (ctx) => ledger({
  title: t("hg.refusals"), note: t("hg.refusalsNote"), path: "/refusals", tick: ["unseen", "hg.unseenOnly"],
  draw: ({ items, figures }, again) => [refusalTable(ctx, again).set(items).node, counts(ctx, figures, [["n", "hg.count"], ["unseen", "hg.countUnseen"]])],
});

const refusalTable = (ctx, again) => new Table([
  { key: "no", label: t("hg.no"), tight: true, value: (r) => r.no, cell: (r) => [r.no, h("small.muted.block", when(r.at))] },
  { key: "department", label: t("hg.dept"), tight: true, value: (r) => ctx.name("departments", r.department), cell: (r) => [ctx.name("departments", r.department), r.window && h("small.muted.block", t("hv.windowNo", { win: r.window }))] },
  { key: "what", label: t("hg.what"), value: (r) => r.what, cell: (r) => [r.what || gone(), r.outcome && h("small.muted.block", t("hg.auto"))] },
  { key: "reason", label: t("hg.reason"), value: (r) => r.reason, cell: (r) => [r.reason, r.basis && h("small.muted.block", r.basis)] },
  { key: "writer", label: t("hg.writer"), tight: true, value: (r) => r.writer },
  { key: "opinion", label: t("hg.opinion"), value: (r) => r.leader || "", cell: (r) => opinionOf(ctx, r, again) },
  { key: "print", label: t("hg.print"), tight: true, cell: (r) => h("a.btn.small", { href: `/office/refusals/${r.id}/print`, target: "_blank" }, t("hg.print")) },
], { empty: t("hg.refusalsEmpty"), sort: "no", down: true, caption: t("hg.refusals") });

function opinionOf(ctx, r, again) {
  if (r.seen_at) return [h("strong", r.leader), r.opinion && h("span.block", r.opinion), h("small.muted.block", when(r.seen_at))];
  const note = () => askFields(t("hg.see"), [text("leader", t("hg.leader"), null, { maxlength: 60 }), area("opinion", t("hg.opinion"), t("ui.noNames"))], t("hg.save"), (values) => post(`/refusals/${r.id}/note`, values)).then((done) => done && again());
  return [h("span.badge.amber", t("hg.waiting")), " ", works(ctx) && act(t("hg.see"), note)];
}

// -- 交接班

export const handovers = (ctx) => ledger({
  title: t("hv.name"), note: t("hv.note"), path: "/handovers",
  draw: (first, again, asked) => pagedTable(handoverTable(), asked, first),
});

const signed = (name, at, remark) => (at ? [h("strong", name), h("small.muted.block", when(at)), remark && h("span.block", remark)] : [name, h("small.muted.block", t("hv.unsigned"))]);
const sum = ({ content: c, faults }) => t("hv.sum", { p: c.parked.length, n: (c.notices || []).length, o: (c.outcomes || []).length, f: faults.length });

const handoverTable = () => new Table([
  { key: "day", label: t("hv.day"), tight: true, value: (r) => r.day },
  { key: "window", label: t("hv.window"), tight: true, value: (r) => r.window, cell: (r) => t("hv.windowNo", { win: r.window }) },
  { key: "items", label: t("hv.items"), value: sum },
  { key: "giver", label: t("hv.giver"), value: (r) => r.giver_name, cell: (r) => signed(r.giver_name, r.signed_at, r.remark) },
  { key: "taker", label: t("hv.taker"), value: (r) => r.taker_name, cell: (r) => signed(r.taker_name, r.taken_over_at, r.taken_remark) },
  { key: "print", label: t("hv.print"), tight: true, cell: (r) => h("a.btn.small", { href: `/office/handovers/${r.id}/print`, target: "_blank" }, t("hv.print")) },
], { empty: t("hv.empty"), sort: "day", down: true, caption: t("hv.name") });
