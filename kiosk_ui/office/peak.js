// Peaks: the mode and its plans, how many will come, and what stops a service's numbers.
import { create, get, post } from "../shared/api.js";
import { hm, hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sized, slots } from "../board/chart.js";
import { askFields } from "./ask.js";
import { number, text } from "./controls.js";
import { act, section } from "./parts.js";
import { plansOf } from "./peak_plans.js";
import { Table } from "./table.js";

const EVERY = 60000;
const FEW_DAYS = 10;

const isOffice = (ctx) => ["office", "admin"].includes(ctx.who.role);

export function peak(ctx) {
  const mode = h("section.card.stack");
  const day = h("input.input", { type: "date", value: isoDay(hubNow()), min: isoDay(hubNow()) });
  const head = h("div.stack");
  const figure = sized((width, height) => draw(seen, width, height));
  const table = new Table(columns(ctx, () => again(), () => seen), { empty: t("o.nothingFound"), sort: "short", down: true, caption: t("pm.forecast") });
  const error = h("p.error", { role: "alert" });
  let seen = null;
  let firstCall = null;
  const again = async () => {
    try {
      seen = await get(`/forecast?day=${day.value || isoDay(hubNow())}`);
      put(error);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      return void put(error, problem.message || t("o.lost"));
    }
    put(head, facts(seen));
    figure.redraw();
    table.set(mine(ctx, seen.services));
  };
  const plans = plansOf(ctx, (first) => ((firstCall = first), update()));
  let drawn = "";
  const update = () => {
    const now = modeOf(ctx, firstCall);
    const looks = JSON.stringify([now, firstCall]);
    if (looks !== drawn) put(mode, modeCard(ctx, now, plans.again));
    drawn = looks;
  };
  day.addEventListener("change", again);
  again();
  const timer = setInterval(again, EVERY);
  return {
    node: h("div.stack", mode,
      section(t("pm.forecast"), h("div.bar", h("label.period", t("pm.day"), day)), error, head, h("div", figure, legend()), table.node),
      plans.node),
    update,
    stop: () => clearInterval(timer),
  };
}

function mine(ctx, services) {
  if (ctx.who.role !== "chief") return services;
  const own = new Set((ctx.catalog.services || []).filter((s) => s.department === ctx.who.department).map((s) => s.code));
  return services.filter((s) => own.has(s.code));
}

// -- the mode

/** What stands on the card: the open notice of the peak, and how many of its windows are open. */
function modeOf(ctx, firstCall) {
  const notice = ctx.live.list("notice/").find((n) => n.kind === "peak");
  if (!notice) return null;
  const services = notice.detail.services || [];
  const windows = ctx.live.list("window/").filter((w) => !services.length || w.services.some((code) => services.includes(code)));
  return { notice, firstCall, open: windows.filter((w) => w.clerk && !w.paused).length, all: windows.length };
}

function modeCard(ctx, now, again) {
  if (!now) {
    return [h("h2", t("pm.mode")), h("p", h("span.badge.plain", t("pm.off")), " ", h("span.muted", t("pm.offNote"))),
      isOffice(ctx) && h("div.btn-row", h("button.btn", { type: "button", onclick: () => askStart(again) }, t("pm.start")))];
  }
  const { notice, open, all, firstCall } = now;
  const { order, guiding, advice, early } = notice.detail;
  const duty = [["order", order], ["guiding", guiding], ["advice", advice]].filter(([, names]) => names);
  return [h("h2", t("pm.mode")),
    h("p.band.amber", h("strong", pick(notice, "text"))),
    h("div.bar", h(`span.badge.${open < all ? "red" : "green"}`, t("pm.windowsOpen", { n: open, m: all })), open < all && h("span", t("pm.allOpen")),
      early && h("span.badge.plain", t("pm.early", { t: early })), firstCall && h("span.badge.plain", t("pm.firstCall", { t: firstCall }))),
    duty.length > 0 && h("dl.pairs", duty.map(([key, names]) => h("div", h("dt.muted", t(`pm.${key}`)), h("dd", names)))),
    isOffice(ctx) && h("div.btn-row", h("button.btn.danger", { type: "button", onclick: () => askEnd(again) }, t("pm.end")))];
}

const askStart = (again) => askFields(t("pm.startTitle"), [
  text("reason", t("pm.reason"), null, { maxlength: 200 }),
  text("until_day", t("pm.untilDay"), null, { type: "date", value: isoDay(hubNow()), min: isoDay(hubNow()) }),
  text("order", t("pm.order"), null, { maxlength: 400 }),
], t("pm.start"), (v) => create("/peak/start", v), t("pm.offNote")).then((done) => done && again());

const askEnd = (again) => askFields(t("pm.endTitle"), [text("why", t("pm.reason"), null, { maxlength: 200 })], t("pm.end"),
  (v) => post("/peak/end", v)).then((done) => done && again());

// -- the forecast

function facts(f) {
  const away = Object.values(f.turned_away);
  const sum = (...kinds) => away.reduce((n, row) => n + kinds.reduce((m, kind) => m + (row[kind] || 0), 0), 0);
  const [turned, diverted] = [sum("full", "stopped"), sum("diverted")];
  return [
    h(`p${f.basis === "model" ? ".muted" : ".band.amber"}`, t(`pm.basis_${f.basis}`, { n: FEW_DAYS })),
    f.next_hour !== null && h("p", h("strong", t("pm.nextHour", { n: f.next_hour }))),
    turned + diverted > 0 && h("p.muted", t("pm.turned", { n: turned, m: diverted })),
  ].filter(Boolean);
}

function draw(f, width, height) {
  if (!f || (!f.came.length && !f.expected.length)) return h("p.empty", t("pm.chartNone"));
  const now = f.day === isoDay(hubNow()) ? hm() : null;
  return slots(f, { width, height, size: 13, unit: t("pm.people"), label: t("pm.chart"), now });
}

const legend = () => h("p.legend", h("span.key.part-0"), t("pm.came"), h("span.key.expected-key"), t("pm.expected"));

function columns(ctx, again, seen) {
  const name = (s) => ctx.name("services", s.code);
  return [
    { key: "service", label: t("pm.colService"), value: name, cell: (s) => [h("strong", name(s)),
      h("small.muted.block", t(s.measured ? "pm.perVisit" : "pm.perVisitGiven", { n: s.minutes }))] },
    { key: "waiting", label: t("pm.colWaiting"), right: true, value: (s) => s.waiting },
    { key: "day", label: t("pm.colToday"), right: true, value: (s) => s.high, cell: (s) => [h("span.num", seen().basis === "none" ? t("o.none") : `${s.low}–${s.high}`),
      s.came > 0 && h("small.muted.block", t("pm.camePart", { n: s.came }))] },
    { key: "coming", label: t("pm.colComing"), right: true, value: (s) => Math.round(s.coming) },
    { key: "capacity", label: t("pm.colCapacity"), right: true, value: (s) => s.capacity },
    { key: "short", label: t("pm.colVerdict"), value: (s) => s.short * 1000 + s.waiting + s.coming, cell: verdict },
    { key: "left", label: t("pm.colLeft"), right: true, value: (s) => s.left, cell: (s) => (s.stopped ? h("span.badge.red", t("pm.stopped")) : s.left ?? t("pm.noCap")) },
    { key: "do", label: t("pm.colDo"), cell: (s) => actions(ctx, s, name(s), again, seen) },
  ];
}

function verdict(s) {
  const windows = h("small.muted.block", t("pm.couldOpen", { n: s.open_windows, m: s.could_open }));
  if (s.short > 0) {
    const words = !s.to_open ? "pm.shortClosed" : s.to_open > s.could_open ? "pm.shortLimit" : "pm.short";
    return [h("span.badge.red.wraps", t(words, { n: s.short, k: s.to_open, m: s.could_open })), windows];
  }
  const idle = s.waiting + Math.round(s.coming) === 0;
  return [h(`span.badge.${idle ? "plain" : "green"}`, t(idle ? "pm.quiet" : "pm.enough")), windows];
}

function actions(ctx, s, svc, again, seen) {
  if (!isOffice(ctx) && ctx.who.role !== "chief") return null;
  const path = `/services/${encodeURIComponent(s.code)}`;
  const today = seen().day === isoDay(hubNow());
  const key = (words, work, kind = "") => h(`button.btn.small${kind}`, { type: "button", "aria-label": `${words} ${svc}`, onclick: work }, words);
  const cap = key(t("pm.cap"), () => askCap(s, svc, path, seen().day).then((done) => done && again()));
  if (!today) return cap;
  const stop = s.stopped
    ? act(t("pm.resume"), async () => (await post(`${path}/resume`), again()), ".primary")
    : key(t("pm.stop"), () => askStop(svc, path).then((done) => done && again()), ".danger");
  return h("span.btn-row", stop, cap);
}

const askStop = (svc, path) => askFields(t("pm.stopTitle", { svc }), [
  text("reason", t("pm.stopReason"), { reason: t("pm.stopPreset") }, { maxlength: 200 }),
], t("pm.stop"), (v) => post(`${path}/stop`, v), t("pm.stopNote"));

function askCap(s, svc, path, day) {
  const most = s.came + s.capacity;
  return askFields(t("pm.capTitle", { svc }), [
    number("cap", t("pm.capField"), null, { min: 0, max: 99999, step: 1, hint: t("pm.capSuggest", { n: most }) }),
  ], t("pm.set"), (v) => post(`${path}/cap`, { day, cap: v.cap }));
}
