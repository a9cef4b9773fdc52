// The overview: can the hall open, what needs a hand, windows and queues as they are now.
import { list } from "../shared/api.js";
import { hm, hubNow, isoDay, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { stateMark } from "../window/state.js";
import { dueAlarms } from "./alarms.js";
import { faultsOf } from "./device_words.js";
import { minutesSince, section } from "./parts.js";
import { Table } from "./table.js";

const WORD = { open: "stOpen", serving: "stServing", away: "stAway", paused: "stPaused", closed: "stClosed", advice_only: "stAdvice" };
/** A window that a form keeps closed is not one that nobody came to. */
const stateWord = (w) => (w.closed && !w.clerk ? t(`fm.shut.${w.closed}`) : t(`o.${WORD[w.state]}`));

export function home(ctx) {
  list("/staff").then((people) => (ctx.standIns = people.filter((p) => p.until_day === isoDay() && !p.leaving).length), () => null);
  list(`/leaves?from=${isoDay()}&to=${isoDay()}`).then((rows) => (ctx.onLeave = rows), () => null);
  const verdict = h("section.verdict", { "aria-live": "polite" });
  const figures = h("dl.figures");
  const windows = new Table(windowColumns(ctx), { empty: t("o.windowsEmpty"), sort: "no", caption: t("o.windows") });
  const queues = new Table(queueColumns(ctx), { empty: t("o.queuesEmpty"), sort: "waiting", down: true, caption: t("o.queues") });
  const update = () => {
    drawVerdict(verdict, ctx);
    drawFigures(figures, ctx.live.get("notice/figures") || {});
    windows.set(ctx.live.list("window/"));
    queues.set(ctx.live.list("queue/").filter((q) => q.waiting > 0));
  };
  return { node: h("div.stack", verdict, figures, h("div.columns", section(t("o.windows"), windows.node), section(t("o.queues"), queues.node))), update };
}

/** [colour, words, where to act] of everything that needs a hand. */
function troubles(ctx) {
  const { live, pairings, outages } = ctx;
  const windows = live.list("window/");
  const f = live.get("notice/figures") || {};
  const today = isoDay(hubNow());
  const count = {
    lookHelp: [live.list("notice/").filter((n) => n.kind === "help").length, "red", "notices"],
    lookDevices: [live.list("device/").filter((d) => !d.mark && faultsOf(d).length).length, "red", "devices"],
    lookPairings: [pairings.length, "amber", "devices"],
    lookEmpty: [f.empty || 0, "red", "home"],
    lookPaused: [windows.filter((w) => w.paused && hubNow() >= ms(w.paused.limit_at)).length, "amber", "home"],
    lookBad: [f.bad_open || 0, "amber", "cases"],
    lookBroken: [outages.filter((o) => isoDay(ms(o.since)) === today).length, "amber", "outage"],
  };
  const alarmed = dueAlarms(ctx);
  const shut = live.list("notice/").filter((n) => ["closure", "suspension"].includes(n.kind)).length;
  const rows = [];
  if (alarmed) rows.push(["red", t("op.lookAlarms", { n: alarmed }), "alarms"]);
  const unsettled = live.list("notice/").filter((n) => n.key?.startsWith("settle/")).map((n) => n.detail);
  rows.push(...unsettled.map(({ day, left }) => ["red", t("sl.left", { day, left }), `settle/${day}`]));
  const waiting = live.list("notice/").filter((n) => /^(bulletin\/|interviews$)/.test(n.key || ""));
  const due = (key, level) => waiting.filter((n) => n.key.startsWith(key) && n.level === level);
  for (const [level, colour, words] of [["alarm", "red", "bl.lookLate"], ["warn", "amber", "bl.lookDue"]]) {
    const n = due("bulletin/", level).length;
    if (n) rows.push([colour, t(words, { n }), "bulletins"]);
    rows.push(...due("interviews", level).map((one) => [colour, pick(one, "text"), "bulletins"]));
  }
  const told = live.list("notice/").filter((n) => n.key?.startsWith("findings/") && (ctx.who.role !== "chief" || n.detail.code === ctx.who.department));
  rows.push(...told.map((n) => ["amber", pick(n, "text"), "patrols"]));
  const objected = ctx.who.role === "chief" ? null : live.list("notice/").find((n) => n.key === "objections");
  if (objected) rows.push(["amber", pick(objected, "text"), "patrols"]);
  const asked = ctx.who.role === "chief" ? [] : live.list("notice/").filter((n) => /^items?\/(asked$|\d+\/waits$)/.test(n.key || ""));
  rows.push(...asked.map((n) => ["amber", pick(n, "text"), "items/:requests"]));
  const short = live.get("notice/forecast")?.short.length || 0;
  if (short) rows.push(["amber", t("pm.lookShort", { n: short }), "peak"]);
  if (live.list("notice/").some((n) => n.kind === "peak")) rows.push(["amber", t("pm.lookPeak"), "peak"]);
  if (shut) rows.push(["amber", t("op.lookClosures", { n: shut }), "closing"]);
  rows.push(...onLeave(ctx, windows));
  if (ctx.standIns) rows.push(["plain", t("op.lookStandIns", { n: ctx.standIns }), "cover"]);
  rows.push(...Object.entries(count).filter(([, [n]]) => n > 0).map(([key, [n, colour, tab]]) => [colour, t(`o.${key}`, { n }), tab]));
  if (!windows.length) rows.push(["amber", t("o.lookNoWindows"), "home"]);
  if (windows.length && !windows.some((w) => w.clerk)) rows.push(["amber", t("o.lookNobody"), "staff"]);
  return rows;
}

/** J03: who is away, and the windows that stay empty for it. */
function onLeave({ onLeave: rows = [] }, windows) {
  const people = new Set(rows.map((r) => r.person));
  const vacant = windows.filter((w) => !w.clerk && !w.closed && rows.some((r) => r.window === w.no)).length;
  return [people.size && ["plain", t("sf.lookLeave", { n: people.size }), "leaves"], vacant && ["amber", t("sf.lookVacant", { n: vacant }), "cover"]].filter(Boolean);
}

function drawVerdict(node, ctx) {
  const rows = troubles(ctx);
  node.className = `verdict ${rows.some(([c]) => c === "red") ? "red" : rows.length ? "amber" : "green"}`;
  put(node,
    h("h2", stateMark(rows.length ? (rows.some(([c]) => c === "red") ? "empty" : "restored") : "open", rows.length ? t("o.look", { n: rows.length }) : t("o.canOpen"))),
    rows.length === 0 && h("p", t("o.canOpenSub")),
    h("ul.troubles", rows.map(([colour, words, tab]) => h("li", h(`a.badge.${colour}`, { href: `#${tab}` }, words)))));
}

function drawFigures(node, f) {
  const share = (x) => `${Math.round(x * 100)}%`;
  const one = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value ?? "–"), sub && h("small", sub)));
  put(node,
    one(t("o.figWaiting"), f.waiting),
    one(t("o.figLongest"), f.longest_wait === undefined ? null : t("o.minutes", { n: Math.floor(f.longest_wait / 60) })),
    one(t("o.figStaffed"), f.staffed === undefined ? null : `${f.staffed} / ${f.due}`),
    one(t("o.figIssued"), f.issued),
    one(t("o.figDone"), f.done),
    f.raters ? one(t("o.figSat"), share(f.satisfied), t("o.figSatSub", { n: f.raters, m: Math.round(f.coverage * 100) })) : one(t("o.figSat"), "–", t("o.figSatNone")));
}

function windowColumns({ name }) {
  const since = (w) => w.paused?.since || w.away?.since || w.ticket?.started_at || w.ticket?.called_at;
  return [
    { key: "no", label: t("o.colWindow"), value: (w) => w.no, cell: (w) => h("strong", w.no) },
    { key: "dept", tight: true, label: t("o.colDept"), value: (w) => `${name("departments", w.department)} ${name("zones", w.zone)}`, cell: (w) => [name("departments", w.department), h("small.muted.block", name("zones", w.zone))] },
    { key: "state", label: t("o.colState"), value: (w) => stateWord(w), cell: (w) => stateMark(w.state, stateWord(w)) },
    { key: "clerk", tight: true, label: t("o.colClerk"), value: (w) => w.clerk?.name || "", cell: (w) => (w.clerk ? h("a", { href: `#record/${w.clerk.id}` }, w.clerk.name) : t("o.none")) },
    { key: "ticket", label: t("o.colTicket"), value: (w) => w.ticket?.number || "" },
    { key: "since", label: t("o.colSince"), right: true, value: (w) => (since(w) ? minutesSince(since(w)) : null), cell: (w) => (since(w) ? t("o.minutes", { n: minutesSince(since(w)) }) : "") },
  ];
}

function queueColumns({ name }) {
  const at = (s) => hm(hubNow() + s * 1000);
  return [
    { key: "service", label: t("o.colService"), value: (q) => name("services", q.code) },
    { key: "waiting", label: t("o.colWaiting"), right: true, value: (q) => q.waiting },
    { key: "green", label: t("o.colGreen"), right: true, value: (q) => q.green || 0 },
    { key: "wait", label: t("o.colWait"), right: true, value: (q) => q.wait?.likely ?? null, cell: (q) => (q.wait ? t("wt.range", { t1: at(q.wait.low), t2: at(q.wait.high) }) : "") },
    { key: "next", label: t("o.colNext"), value: (q) => q.next?.[0] || "" },
  ];
}
