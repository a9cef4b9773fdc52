// Ratings: every one that was given, what looks wrong of them and why, coverage with its numbers, and the file.
import { get, latest, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { act, dayBefore, join, named, section, when } from "./parts.js";
import { rateAt } from "./rate_desk.js";
import { Table } from "./table.js";

const newestList = latest();
const newestCover = latest();
const COLOUR = { 5: "green", 4: "green", 3: "action", 2: "red", 1: "red" };
const CHANNELS = ["pad", "page", "button", "kiosk", "desk", "phone"];
const REVIEWERS = ["office", "admin"];
const PARTS = [["rated", "ratedCount"], ["timed_out", "timedOut"], ["skipped", "skipped"], ["next_visit", "nextVisit"], ["late", "late"], ["open", "stillOpen"], ["no_pad", "noPad"]];

export const levelMark = (level) => h(`span.badge.${COLOUR[level]}`, t(`r.${level}`));

const reasonOf = (code) => pick(boot.reasons.find((reason) => reason.code === code)) || code;
export const reasonWords = (reasons) => join((reasons || []).map(reasonOf));
const percent = (share) => (share === null ? t("o.none") : `${(share * 100).toFixed(1)}%`);

/** Two days, with the usual spans as keys. */
export function period(days, changed) {
  const from = h("input.input", { type: "date", value: dayBefore(days - 1), "aria-label": t("o.from") });
  const to = h("input.input", { type: "date", value: dayBefore(0), "aria-label": t("o.to") });
  const span = (n) => () => {
    from.value = dayBefore(n - 1);
    to.value = dayBefore(0);
    changed();
  };
  for (const input of [from, to]) input.addEventListener("change", () => changed());
  const key = (words, n) => h("button.btn.small", { type: "button", onclick: span(n) }, words);
  const node = h("div.period", from, h("span", t("o.to")), to, key(t("o.today"), 1), key(t("o.week"), 7), key(t("o.month"), 30));
  return { node, query: () => `from=${from.value}&to=${to.value}` };
}

/** Where it was pressed, and whether somebody pressed it for the citizen. */
const channel = (r) => [t(`rt.ch_${r.channel}`), r.assisted && h("span.badge.amber", t("rt.assisted"))];

function flagMark(flag) {
  const state = { keep: "kept", exclude: "excluded" }[flag.verdict] || "open";
  const colour = { kept: "plain", excluded: "red", open: "amber" }[state];
  return h("p", h(`span.badge.${colour}`, t(`rt.why_${flag.why}`)), h("small.muted", ` ${t(`rt.${state}`)}`),
    [flag.note, flag.review_note].filter(Boolean).map((note) => h("small.block", note)));
}

function ratingTable(ctx, again) {
  const may = REVIEWERS.includes(ctx.who.role);
  const columns = [
    { key: "at", tight: true, label: t("o.colTime"), value: (r) => r.at, cell: (r) => h("span.num", when(r.at)) },
    { key: "number", tight: true, label: t("o.colNumber"), value: (r) => r.ticket },
    { key: "service", label: t("o.colService"), value: (r) => ctx.name("services", r.service) },
    { key: "clerk", tight: true, label: t("o.colClerk"), value: (r) => `${r.window} ${r.clerk || ""}`, cell: (r) => [r.clerk, h("small.muted.block", t("o.atWindow", { win: r.window }))] },
    { key: "level", label: t("o.colLevel"), value: (r) => r.level, cell: (r) => levelMark(r.level) },
    { key: "why", label: t("o.colReasons"), value: (r) => [reasonWords(r.reasons), r.comment].filter(Boolean).join("　"),
      cell: (r) => [reasonWords(r.reasons), r.comment && h("small.block", r.comment)] },
    { key: "channel", label: t("o.colChannel"), value: (r) => t(`rt.ch_${r.channel}`), cell: channel },
    { key: "flags", label: t("rt.flagged"), value: (r) => join(r.flags.map((flag) => t(`rt.why_${flag.why}`))), cell: (r) => r.flags.map(flagMark) },
    ...(may ? [{ key: "do", label: t("o.colActions"), cell: (r) => actions(r, again) }] : []),
  ];
  return new Table(columns, { empty: t("o.ratingsEmpty"), caption: t("o.ratings") });
}

function actions(r, again) {
  const open = r.flags.find((flag) => !flag.verdict);
  if (open) return act(t("rt.review"), async () => (await review(open)) && again());
  return act(t("rt.raise"), async () => (await raise(r)) && again());
}

/** A reason that is kept with the record, and one key per decision. */
const reasoned = (title, how, keys) => sheet(title, (done) => {
  const note = h("textarea.input", { rows: 3, maxlength: 500, required: true, "data-first": true });
  const error = h("p.error", { role: "alert" });
  const send = (work) => async () => {
    if (!note.reportValidity()) return;
    try {
      await work(note.value);
      done(true);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
    }
  };
  const key = ([words, kind, work]) => h(`button.btn${kind}`, { type: "button", onclick: send(work) }, words);
  return h("div.stack", how && h("p.muted", how), h("label.field", h("span.label", t("rt.reviewNote")), note), error,
    h("div.btn-row.sheet-foot", keys.map(key), h("button.btn", { type: "button", onclick: () => done() }, t("rt.cancel"))));
});

function review(flag) {
  const decide = (verdict) => (note) => post(`/ratings/flags/${flag.id}/review`, { verdict, note });
  const [why, note] = [t(`rt.why_${flag.why}`), flag.note].filter(Boolean);
  return reasoned(t("rt.reviewTitle"), note ? named(why, note) : why, [[t("rt.keep"), ".primary", decide("keep")], [t("rt.exclude"), ".danger", decide("exclude")]]);
}

const raise = (r) => reasoned(t("rt.raiseTitle"), t("rt.raiseHow"),
  [[t("rt.raise"), ".primary", (note) => post(`/ratings/${r.id}/flags`, { note })]]);

/** Numerator, denominator and share, and what became of those who were not rated. */
function coverageTable(ctx, answer, by, names) {
  const name = { person: (key) => names.get(key) || t("rt.nobody"), window: (key) => key, service: (key) => ctx.name("services", key) }[by];
  const columns = [
    { key: "who", label: t("rt.who"), value: (row) => name(row.key) },
    { key: "invited", label: t("rt.invited"), right: true, value: (row) => row.invited },
    ...PARTS.map(([key, words]) => ({ key, label: t(`rt.${words}`), right: true, value: (row) => row[key] })),
    { key: "share", label: t("rt.share"), right: true, value: (row) => row.share, cell: (row) => percent(row.share) },
  ];
  const { rated, invited, share } = answer.total;
  return [
    h("p", t("rt.coverageIs", { rated, invited, share: percent(share) })),
    new Table(columns, { empty: t("rt.coverageNone"), sort: "invited", down: true, caption: t("rt.coverage") }).set(answer.items).node,
  ];
}

const select = (label, options) =>
  h("select.input", { "aria-label": label }, options.map(([value, words]) => h("option", { value }, words)));

function filters(ctx) {
  const chosen = (key, all, rows) => [key, select(t(`rt.${key}`), [["", t(all)], ...rows])];
  const services = (ctx.catalog.services || []).map((s) => [s.code, pick(s)]);
  const windows = ctx.live.list("window/").map((w) => [w.no, w.no]);
  return Object.fromEntries([
    chosen("service", "rt.allServices", services), chosen("window", "rt.allWindows", windows),
    ["clerk", select(t("o.clerk"), [["", named(t("o.clerk"), t("o.allClerks"))]])],
    ["level", select(t("o.level"), [["", named(t("o.level"), t("o.allLevels"))], ["bad", t("o.onlyBad")], ...[5, 4, 3, 2, 1].map((n) => [n, t(`r.${n}`)])])],
    chosen("channel", "rt.allChannels", CHANNELS.map((name) => [name, t(`rt.ch_${name}`)])),
    ["flagged", select(t("rt.flagged"), [["", named(t("rt.flagged"), t("rt.flaggedAll"))], ["open", t("rt.flaggedOpen")], ["any", t("rt.flaggedAny")]])],
  ]);
}

function queryOf(wishes) {
  const parts = Object.entries(wishes).filter(([, input]) => input.value).map(([name, input]) =>
    (name === "level" && input.value === "bad" ? "bad=true" : `${name}=${encodeURIComponent(input.value)}`));
  return parts.map((part) => `&${part}`).join("");
}

export function ratings(ctx) {
  const box = h("div");
  const covered = h("div.stack");
  const names = new Map();
  const wishes = filters(ctx);
  const by = select(t("rt.by"), [["person", t("rt.byPerson")], ["window", t("rt.byWindow")], ["service", t("rt.byService")]]);
  const file = h("a.btn", { download: true }, t("o.export"));
  const days = period(7, () => again());
  const count = h("p.muted", { role: "status" });
  const more = h("div.btn-row");
  const table = ratingTable(ctx, () => again());
  let rows = [];

  async function read(next = null) {
    const answer = await newestList(get(`/ratings?${days.query()}${queryOf(wishes)}${next ? `&next=${next}` : ""}`));
    rows = next ? [...rows, ...answer.items] : answer.items;
    table.set(rows);
    say(count, t("rt.listed", { n: rows.length }));
    put(more, answer.next && act(t("rt.more"), () => read(answer.next)));
  }

  async function again() {
    file.setAttribute("href", `/api/v1/export/ratings.csv?${days.query()}`);
    cover();
    try {
      await read();
      put(box, count, table.node, more);
    } catch (error) {
      if (error.status === undefined) throw error;
      put(box, h("p.band.amber", error.message || t("o.lost")), act(t("o.retry"), again));
    }
  }

  function cover() {
    newestCover(get(`/ratings/coverage?${days.query()}&by=${by.value}`)).then((answer) => put(covered, coverageTable(ctx, answer, by.value, names)), () => null);
  }

  const enter = async () => (await rateAt()) && again();
  for (const input of Object.values(wishes)) input.addEventListener("change", again);
  by.addEventListener("change", cover);
  get("/staff").then(({ items }) => {
    for (const person of items) names.set(person.id, person.name);
    wishes.clerk.append(...items.map((p) => h("option", { value: p.id }, p.name)));
    cover();
  }).catch(() => null);
  again();
  const assisted = REVIEWERS.includes(ctx.who.role) && act(t("rt.desk"), enter, ".primary");
  const node = h("div.stack",
    section(t("o.ratings"), h("div.bar", days.node, Object.values(wishes), file, assisted), h("p.muted", t("rt.proves")), box),
    section(t("rt.coverage"), h("div.bar", by), covered));
  return { node, update: () => {} };
}
