// Public screens: what they show in turn, the hall's own pages, results made public, and a look at a screen.
import { create, list, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { askFields } from "./ask.js";
import { check, number, optional, text } from "./controls.js";
import { area } from "./form_fields.js";
import { act, join, load, section } from "./parts.js";
import { askPlan } from "./screens_plan.js";
import { preview } from "./screens_preview.js";
import { Table } from "./table.js";

const KINDS = ["windows", "promises", "suspended", "lost", "ratings", "phones", "results"];
const OWN = "content/";

export function screens(ctx) {
  const may = ["office", "admin"].includes(ctx.who.role);
  const boxes = { plans: h("div"), content: h("div"), results: h("div") };
  const known = { content: [], plans: [] };
  const look = preview(ctx);
  const pageName = (page) => (page.startsWith(OWN) ? pick(known.content.find((c) => `${OWN}${c.id}` === page), "title") || t("pub.content") : t(`pub.${page}`));
  const options = () => [...KINDS, ...known.content.map((c) => `${OWN}${c.id}`)].map((page) => [page, pageName(page)]);
  const plans = () => load(boxes.plans, "/public/plans", (items) => {
    known.plans = items;
    put(boxes.plans, planTable(ctx, items, { may, pageName, look, edit: (row) => askPlan(ctx, row, options()).then((done) => done && all()) }));
  });
  const content = () => load(boxes.content, "/public/content", (items) => {
    known.content = items;
    put(boxes.content, contentTable(items, { may, used: (row) => known.plans.some((p) => p.active && p.pages.some((turn) => turn.page === `${OWN}${row.id}`)), all }));
  });
  const results = () => load(boxes.results, "/public/results", (items) => put(boxes.results, resultTable(ctx, items, { may, all })));
  const all = async () => {
    known.plans = await list("/public/plans").catch(() => []);
    await content();
    await Promise.all([plans(), results()]);
    look.again();
  };
  all();
  const key = (words, ask) => may && h("button.btn.primary", { type: "button", onclick: () => ask().then((done) => done && all()) }, words);
  return {
    node: h("div.stack",
      section(t("scr.plans"), h("div.bar", h("p.muted", t("scr.plansNote")), key(t("scr.addPlan"), () => askPlan(ctx, null, options()))), boxes.plans),
      section(t("scr.preview"), look.node),
      section(t("scr.content"), h("div.bar", h("p.muted", t("scr.contentNote")), key(t("scr.addContent"), () => askContent(null))), boxes.content),
      section(t("scr.results"), h("div.bar", h("p.muted", t("scr.resultsNote")), key(t("scr.addResult"), () => askResult(ctx))), boxes.results)),
    update: () => {},
    stop: look.stop,
  };
}

const fromTo = (row) => (row.from_day || row.until_day ? t("scr.fromTo", { a: row.from_day || "…", b: row.until_day || "…" }) : t("scr.always"));
const inUse = (row) => h(`span.badge.${row.active ? "green" : "plain"}`, t(row.active ? "scr.on" : "scr.off"));
const weekOf = (days) => (days.length === 7 ? t("scr.everyDay") : join(days.map((n) => t(`o.cDay${n}`))));

function planTable(ctx, items, { may, pageName, look, edit }) {
  return new Table([
    { key: "zone", label: t("scr.zone"), tight: true, value: (p) => zoneName(ctx, p.zone) },
    { key: "pages", label: t("scr.pages"), value: (p) => join(p.pages.map((turn) => pageName(turn.page))) },
    { key: "days", label: t("scr.days"), tight: true, value: (p) => weekOf(p.days) },
    { key: "hours", label: t("scr.hours"), tight: true, value: (p) => `${p.start}–${p.until}` },
    { key: "state", label: t("scr.state"), value: (p) => p.active, cell: inUse },
    { key: "do", label: t("o.colActions"), cell: (p) => h("span.btn-row",
      h("button.btn.small", { type: "button", onclick: () => look.show(p) }, t("scr.look")),
      may && h("button.btn.small", { type: "button", onclick: () => edit(p) }, t("scr.edit"))) },
  ], { empty: t("scr.plansEmpty"), caption: t("scr.plans") }).set(items).node;
}

const zoneName = (ctx, code) => (code ? ctx.name("zones", code) : t("scr.everywhere"));

function contentTable(items, { may, used, all }) {
  return new Table([
    { key: "title", label: t("scr.title"), tight: true, value: (c) => pick(c, "title"), cell: (c) => h("strong", pick(c, "title")) },
    { key: "body", label: t("scr.body"), value: (c) => pick(c, "body"), cell: (c) => pick(c, "body").slice(0, 60) + (pick(c, "body").length > 60 ? "…" : "") },
    { key: "period", label: t("scr.period"), tight: true, value: fromTo },
    { key: "state", label: t("scr.state"), value: (c) => c.active, cell: (c) => [inUse(c), h("small.muted.block", t(used(c) ? "scr.inPlan" : "scr.notInPlan"))] },
    { key: "do", label: t("o.colActions"), cell: (c) => may && h("button.btn.small", { type: "button", onclick: () => askContent(c).then((done) => done && all()) }, t("scr.edit")) },
  ], { empty: t("scr.contentEmpty"), caption: t("scr.content") }).set(items).node;
}

function long(name, label, row, rows, hint) {
  const control = area(name, label, hint);
  Object.assign(control.input, { value: row?.[name] ?? "", rows, maxLength: 3000 });
  return control;
}

const day = (name, label, row, hint) => {
  const control = text(name, label, row, { type: "date", hint });
  return { ...control, value: () => control.value() || null };
};

function askContent(row) {
  const fields = [
    text("title", t("scr.title"), row, { maxlength: 60 }), text("title_en", t("scr.titleEn"), row, { maxlength: 120 }),
    long("body", t("scr.body"), row, 6, t("scr.bodyHint")), long("body_en", t("scr.bodyEn"), row, 4),
    day("from_day", t("scr.fromDay"), row), day("until_day", t("scr.untilDay"), row, t("scr.dayHint")),
    number("ord", t("scr.ord"), row, { preset: 0, min: 0, max: 9999, step: 1 }), check("active", t("scr.active"), row, { preset: true }),
  ];
  return askFields(t("scr.contentTitle"), fields, t("o.save"), (v) => (row ? post(`/public/content/${row.id}`, v) : create("/public/content", v)));
}

/** H21: shown, not yet, over, ended by hand. */
function standing(row) {
  const today = isoDay(hubNow());
  if (row.ended_at) return ["plain", "ended"];
  if (row.from_day > today) return ["amber", "later"];
  return row.until_day < today ? ["plain", "past"] : ["green", "shown"];
}

function resultTable(ctx, items, { may, all }) {
  const end = (row) => act(t("scr.end"), async () => {
    if (!(await confirm(t("scr.end"), t("scr.endAsk", { who: row.who }), t("scr.end")))) return;
    await post(`/public/results/${row.id}/end`);
    all();
  });
  return new Table([
    { key: "who", label: t("scr.who"), value: (r) => r.who, cell: (r) => h("strong", r.who) },
    { key: "matter", label: t("scr.matter"), value: (r) => r.matter, cell: (r) => [r.matter, r.service && h("small.muted.block", ctx.name("services", r.service))] },
    { key: "result", label: t("scr.result"), value: (r) => r.result },
    { key: "period", label: t("scr.period"), tight: true, value: fromTo },
    { key: "state", label: t("scr.state"), value: (r) => standing(r)[1], cell: (r) => h(`span.badge.${standing(r)[0]}`, t(`scr.${standing(r)[1]}`)) },
    { key: "do", label: t("o.colActions"), cell: (r) => may && ["shown", "later"].includes(standing(r)[1]) && end(r) },
  ], { empty: t("scr.resultsEmpty"), caption: t("scr.results") }).set(items).node;
}

function askResult(ctx) {
  const today = isoDay(hubNow());
  const services = (ctx.catalog.services || []).map((s) => [s.code, pick(s)]);
  const fields = [
    text("who", t("scr.who"), null, { maxlength: 60, hint: t("scr.whoHint") }), check("company", t("scr.company"), null),
    text("matter", t("scr.matter"), null, { maxlength: 120 }), text("result", t("scr.result"), null, { maxlength: 200 }),
    optional("service", t("scr.service"), null, [["", t("scr.noService")], ...services]),
    text("from_day", t("scr.fromDay"), { from_day: today }, { type: "date" }),
    text("until_day", t("scr.untilDay"), { until_day: isoDay(hubNow() + 7 * 86400000) }, { type: "date" }),
  ];
  return askFields(t("scr.resultTitle"), fields, t("o.save"), (v) => create("/public/results", v), t("scr.resultsNote"));
}
