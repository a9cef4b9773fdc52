// A person's record: one page with what was served, who rated and how, what the ledger holds, and what each figure means.
import { create, get, latest, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { field, filled } from "../window/sign_in.js";
import { askFields } from "./ask.js";
import { act, section } from "./parts.js";
import * as parts from "./record_parts.js";
import { period } from "./ratings.js";
import { loadSheet, stateBadge } from "./score_sheet.js";

const newest = latest();
const EVIDENCE = { case: "cases", finding: "patrols", bulletin: "bulletins" };
const WRITES = ["office", "admin"];
const EXPORTS = [...WRITES, "auditor", "chief"];

export function record(ctx, id) {
  const title = h("h1", t("rc.list"));
  const sub = h("p.muted");
  const box = h("div.stack");
  const files = ["csv", "xlsx"].map((kind) => h("a.btn.small", { download: true, hidden: !EXPORTS.includes(ctx.who.role) }, t(`rc.${kind}`)));
  const days = period(30, () => again());
  const print = h("button.btn.small", { type: "button", onclick: () => window.print() }, t("rc.print"));
  const again = () => {
    ["csv", "xlsx"].forEach((kind, n) => files[n].setAttribute("href", `/api/v1/export/record/${id}.${kind}?${days.query()}`));
    return load(ctx, id, days, title, sub, box, again);
  };
  again();
  return {
    node: h("div.stack.record", h("div.bar", h("a.btn.small", { href: "#records" }, `← ${t("rc.back")}`), title), sub, h("div.bar", days.node, files, print), box),
    update: () => {},
  };
}

async function load(ctx, id, days, title, sub, box, again) {
  if (!box.childElementCount) put(box, h("p.empty", t("o.loading")));
  try {
    const found = await newest(get(`/staff/${id}/record?${days.query()}`));
    title.textContent = t("rc.title", { name: found.name });
    sub.textContent = [found.title, found.window && t("o.atWindow", { win: found.window }), found.department && ctx.name("departments", found.department), t("rc.span", { a: found.from, b: found.to })].filter(Boolean).join("　·　");
    put(box, draw(found, ctx, again));
  } catch (error) {
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.status === 403 ? t("o.notAllowed") : error.message || t("o.lost")));
  }
}

const link = (ref) => {
  const [kind, number] = ref.split("/");
  return EVIDENCE[kind] ? `#${EVIDENCE[kind]}/${number}` : null;
};

function draw(found, ctx, again) {
  const may = WRITES.includes(ctx.who.role);
  return [
    parts.figures(found, ctx),
    score(found),
    parts.ledger(found, link),
    h("div.columns", parts.casesAbout(found), parts.findings(found)),
    parts.awards(found, may ? (row) => !row.withdrawn && act(t("rc.withdraw"), () => askWithdraw(row, again)) : null,
      may && h("div.bar", h("p.muted", t("rc.enterNote")), act(t("rc.enter"), () => askPraise(found, again), ".primary"))),
    parts.definitions(found),
    h("p.print-only.sign", t("rc.sign")),
  ];
}

/** The sheet of the month in which the days end; all that it rests on is a page of its own. */
function score({ id, to }) {
  const month = to.slice(0, 7);
  const box = h("div.stack", h("p.empty", t("o.loading")));
  loadSheet({ person: id }, month).then(
    ({ state, result }) => put(box, h("dl.figures", parts.figure(t("sc.score"), result.total, month), parts.figure(t("sc.state"), stateBadge(state))), h("p", h("a.btn.small", { href: `#scores/${month}.p${id}` }, t("rc.seeScore")))),
    (error) => (error.status === undefined ? Promise.reject(error) : put(box, h("p.empty", t("rc.noScore")))));
  return section(t("rc.score"), box);
}

function choice(label, name, options) {
  const select = h("select.input", options.map(([value, words]) => h("option", { value }, words)));
  const error = h("span.error", { role: "alert" });
  return { name, node: h("label.field", h("span.label", label), select, error), value: () => select.value, fail: (words) => put(error, words) };
}

const input = (name, label, props = {}) => ({ name, ...field(label, props) });

async function askPraise({ id }, again) {
  const reason = input("reason", t("rc.reason"), { maxlength: 300, "data-first": true });
  const fields = [
    choice(t("rc.kind"), "kind", ["commendation", "praise"].map((kind) => [kind, t(`rc.${kind}`)])),
    reason,
    input("source", t("rc.source"), { maxlength: 200 }),
    input("day", t("rc.given"), { type: "date", value: isoDay(hubNow()), max: isoDay(hubNow()) }),
  ];
  const done = await askFields(t("rc.enter"), fields, t("rc.save"), async (values) => {
    if (!filled(reason)) throw Object.assign(new Error(), { status: 0, message: t("rc.needed"), detail: { field: "reason" } });
    await create(`/staff/${id}/commendations`, values);
  });
  if (done) again();
}

async function askWithdraw(row, again) {
  const reason = input("reason", t("rc.withdrawWhy"), { maxlength: 300, "data-first": true });
  const done = await askFields(t("rc.withdraw"), [reason], t("rc.withdraw"), async (values) => {
    if (!filled(reason)) throw Object.assign(new Error(), { status: 0, message: t("rc.needed"), detail: { field: "reason" } });
    await post(`/commendations/${row.id}/withdraw`, values);
  });
  if (done) again();
}
