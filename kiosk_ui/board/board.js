// The leaders' wall: is it going well, what is red, who acts since when. Reads only; nobody's name is on it.
import "../shared/demo.js";
import { get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { day, everySecond, hm, hubNow, known, ms } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { lang, onLang, pick, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { pair } from "../shared/pair.js";
import { signInForm } from "../window/sign_in.js";
import { shape } from "../window/state.js";
import { curve, sized } from "./chart.js";
import { Floors } from "./tiles.js";

const CURVE_EVERY = 60000;
const SHOWN = 4;
const SHIFTS = [[0, 0], [3, 1], [5, 4], [2, 5], [-2, 4], [-4, 1], [-3, -3], [1, -4]];
const GUEST = "hallq.guestUntil";
const asked = new URLSearchParams(location.search).has("guest"); // a wall that visitors see always
const guest = asked || Number(sessionStorage.getItem(GUEST)) > Date.now();
const live = new Live("board", guest ? { guest: 1 } : {});
let points = [];
let lastSeen = 0;
let page = null;

const percent = (share) => (share === null || share === undefined ? "–" : `${Math.round(share * 100)}`);
const mins = (seconds) => Math.floor((seconds || 0) / 60);

/** Seconds as [number, unit] pairs: 47 min, or 1 h 12 min. */
function wait(seconds) {
  const m = mins(seconds);
  return m < 60 ? [[m, t("b.minute")]] : [[Math.floor(m / 60), t("b.hour")], [m % 60, t("b.min0")]];
}

/** One of the seven: label, large value, and what explains it. */
class Figure {
  constructor(label) {
    this.key = label;
    this.label = h("h2");
    this.value = h("p.figure-value.num");
    this.sub = h("p.figure-sub");
    this.node = h("section.figure", this.label, this.value, this.sub);
  }

  show(parts, sub = "", alarm = "") {
    say(this.label, t(this.key));
    const looks = JSON.stringify([parts, sub, alarm, lang()]);
    if (looks === this.looks) return;
    this.looks = looks;
    put(this.value, parts.flatMap(([n, unit]) => [h("strong", n), unit && h(unit.startsWith("/") ? "span.of" : "small", unit)]));
    put(this.sub, alarm && shape("warn"), sub);
    const long = parts.length > 1 || parts.some(([n, unit]) => String(n).length > 3 && unit);
    this.node.className = `figure ${alarm} ${long ? "long" : ""}`;
  }
}

class Board {
  constructor() {
    this.title = h("h1");
    this.clock = h("p.clock.num");
    this.date = h("p.date");
    this.guest = h("button.guest-key", { type: "button", onclick: turn }, t(guest ? "gv.off" : "gv.on"));
    this.lost = h("p.strip.lost", { role: "alert", hidden: true });
    const keys = ["waiting", "next", "longest", "windows", "paused", "issuedDone", "satisfied"];
    this.figures = Object.fromEntries(keys.map((k) => [k, new Figure(`b.${k}`)]));
    this.floors = new Floors();
    this.curveTitle = h("h2");
    this.curve = sized((width, height) => this.drawCurve(width, height));
    this.fair = h("section.fair.panel");
    this.alerts = h("section.alerts.panel");
    new ResizeObserver(() => this.alerts.fit?.()).observe(this.alerts);
    this.faults = h("section.faults.panel");
    this.node = h("main.board",
      h("header.head", this.title, this.guest, this.date, this.clock), this.lost,
      h("div.figures", keys.map((k) => this.figures[k].node)),
      this.floors.node,
      h("section.day", this.curveTitle, this.curve),
      h("aside.side", this.fair, this.alerts, this.faults));
  }

  tick() {
    say(this.title, t("b.title", { hall: boot.hall.name }));
    say(this.date, known() ? day(lang()) : "");
    say(this.clock, known() ? hm() : "");
    this.lost.hidden = live.connected;
    say(this.lost, t("b.lost", { t: lastSeen ? hm(lastSeen) : "–" }));
    this.node.classList.toggle("is-lost", !live.connected);
  }

  update() {
    this.tick();
    if (live.seq === null) return;
    this.showFigures(live.get("notice/figures") || {});
    this.floors.update(live.list("window/"));
    this.showAlerts();
    this.showFaults();
    say(this.curveTitle, t("b.curve"));
  }

  showFigures(f) {
    const fig = this.figures;
    fig.waiting.show([[f.waiting ?? "–", t("b.people")]]);
    this.showNext(live.get("notice/forecast"));
    fig.longest.show(f.longest_wait ? wait(f.longest_wait) : [[f.longest_wait ?? "–", t("b.minute")]]);
    const shut = live.list("notice/").some((n) => n.kind === "peak") && f.staffed < f.due;
    const lacks = f.empty ? t("b.emptyOf", { n: f.empty }) : shut ? t("pb.allOpen") : "";
    fig.windows.show([[f.staffed ?? "–", f.due === 0 ? "" : `/ ${f.due ?? "–"}`]], lacks, lacks && "red");
    fig.paused.show([[f.paused ?? "–", ""]], f.paused_long ? t("b.pausedOf", { n: f.paused_long }) : "", f.paused_long ? "amber" : "");
    fig.issuedDone.show([[f.issued ?? "–", `/ ${f.done ?? "–"}`]], f.no_show_rate ? t("b.missedOf", { m: percent(f.no_show_rate) }) : "");
    if (f.raters) fig.satisfied.show([[percent(f.satisfied), "%"]], t("b.satSub", { n: f.raters, m: percent(f.coverage) }));
    else fig.satisfied.show([["–", ""]], t("b.satNone"));
    this.showFair(f);
  }

  /** Who will come in the coming hour; red words when not everyone will be served. */
  showNext(f) {
    const short = f?.short.length || 0;
    this.figures.next.show([[f?.next_hour ?? "–", t("b.people")]], short ? t("pb.short", { n: short }) : f?.basis === "none" ? t("pb.none") : "", short ? "amber" : "");
  }

  /** The green channel's wait beside the ordinary one, with the bound that keeps it fair. */
  showFair(f) {
    const ordinary = Math.max(0, (f.waiting || 0) - (f.green_waiting || 0));
    const row = (colour, form, word, n, longest) => h(`div.fair-row.${colour}`,
      h("span.fair-word", shape(form), word),
      h("strong.num", n), h("span", t("b.people")), h("span.num.fair-long", t("b.longestOf", { m: mins(longest) })));
    put(this.fair, h("h2", t("b.fairTitle")),
      row("green", "ring", t("b.greenOf"), f.green_waiting || 0, f.green_longest),
      row("plain", "dash", t("b.ordinaryOf"), ordinary, f.ordinary_longest),
      f.bound !== undefined && h("p.muted", t("b.bound", { n: f.bound })),
      this.caseRates(f.cases));
  }

  /** This month's two rates with what they are a share of (I01, I16); only where a kind of case was ever chosen. */
  caseRates(cases) {
    const words = ["spot", "promise"].filter((name) => cases?.[name].denominator).map((name) => {
      const { percent: p, numerator: n, denominator: m } = cases[name];
      return h("span", t(`oc.board_${name}`, { p, n, m }));
    });
    return words.length > 0 && h("p.case-rates.num", words);
  }

  showAlerts() {
    const open = live.list("notice/").filter((n) => ["alert", "help", "alarm", "peak"].includes(n.kind));
    const figures = live.get("notice/figures");
    const known = guest ? byCause(open) : open;
    const rows = known.sort((a, b) => (b.rank || 0) - (a.rank || 0) || ms(a.at) - ms(b.at)).map((n) =>
      [n.level === "alarm" || n.kind === "help" ? "red" : "amber", this.alertWords(n), whoActs(n), mins((hubNow() - ms(n.at)) / 1000)]);
    if (figures?.bad_open) rows.unshift(["red", `${t("b.bad")} ${figures.bad_open}${figures.bad_late ? `　${t("b.badLate", { n: figures.bad_late })}` : ""}`, "", null]);
    listing(this.alerts, t("b.alert"), rows, t("b.allGood"));
  }

  alertWords(n) {
    const where = n.window ? `${t("b.atWindow", { win: n.window })} ` : n.kiosk ? `${n.kiosk} ` : "";
    const words = pick(n, "text") || t("b.help");
    return words.includes(where.trim()) ? words : where + words;
  }

  showFaults() {
    const down = guest && live.get("notice/figures")?.devices_down;
    const rows = guest ? (down ? [["amber", t("gv.devices", { n: down }), "", null]] : []) : live.list("device/").map((d) => [d, faultOf(d)]).filter(([, fault]) => fault)
      .sort(([, a], [, b]) => (a[0] === "red" ? 0 : 1) - (b[0] === "red" ? 0 : 1))
      .map(([d, [colour, words]]) => [colour, `${d.place?.window ? t("b.atWindow", { win: d.place.window }) + " " : ""}${d.id}`, words, mins((hubNow() - ms(d.since)) / 1000)]);
    listing(this.faults, t("b.dev"), rows, t("b.devGood"), kindsOnline(live.get("notice/figures")?.kinds));
  }

  drawCurve(width, height) {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.5; // as its letters
    if (!points.length) return h("p.empty", t("b.curveNone"));
    return curve(points, { width, height, size, unit: t("b.curveUnit"), label: t("b.curve") });
  }
}

/** Before visitors one row for one cause, with all its windows. */
function byCause(notices) {
  const causes = new Map();
  for (const n of [...notices].sort((a, b) => ms(a.at) - ms(b.at))) {
    const known = causes.get(n.text);
    causes.set(n.text, known ? { ...known, windows: [...known.windows, n.window] } : { ...n, windows: [n.window] });
  }
  return [...causes.values()].map((n) => ({ ...n, window: [...new Set(n.windows.filter(Boolean))].join("、") || null }));
}

/** Into the view without names, and back; by itself after some time. */
function turn() {
  if (guest) sessionStorage.removeItem(GUEST);
  else sessionStorage.setItem(GUEST, String(Date.now() + boot.guest_s * 1000));
  location.href = "/board";
}

/** Who acts since when; else who has been told. */
function whoActs(n) {
  if (guest) return n.owner ? t("gv.act") : "";
  if (n.kind === "peak") return n.detail.order ? t("pb.order", { names: n.detail.order }) : "";
  if (n.owner) return `${t("b.owner", { name: n.owner.name })}　${t("b.min", { m: mins((hubNow() - ms(n.owned_at)) / 1000) })}`;
  return t(n.kind === "alarm" ? `ba.told${n.rank || 3}` : "b.nobodyYet");
}

/** Of calling, taking numbers and rating: how many devices are online of how many (A01). */
const kindsOnline = (kinds) => kinds && h("span.kinds.num", Object.entries(kinds).filter(([, c]) => c.total).map(([kind, c]) =>
  h(c.online ? "span" : "span.none", t("kd.online", { kind: t(`kd.${kind}`), n: c.online, m: c.total }))));

function faultOf(d) {
  if (d.mark) return ["amber", t("b.devMarked")];
  if (d.state === "down") return ["red", t("b.devDown")];
  if (d.detail?.paper === "out") return ["red", t("b.devPaper")];
  if (d.detail?.cover === "open") return ["red", t("b.devCover")];
  if (d.state === "fault") return ["red", t("b.devFault")];
  return d.detail?.paper === "low" ? ["amber", t("b.devLow")] : null;
}

/** Rows of [colour, what, who or how, age in minutes]: as many as there is room for; the rest is counted, not scrolled. */
function listing(node, title, rows, good, beside = "") {
  const draw = (n) => put(node, h("h2", title, beside),
    rows.length === 0 && h("p.good", shape("ring"), good),
    h("ul", rows.slice(0, n).map(([colour, what, how, age]) => h(`li.issue.${colour}`,
      shape("warn"), h("span.issue-what", what), h("span.issue-how", how), h("span.num", age === null ? "" : t("b.min", { m: age }))))),
    rows.length > n && h("p.muted", t("b.more", { n: rows.length - n })));
  node.fit = () => {
    let n = SHOWN;
    for (draw(n); n > 1 && node.scrollHeight > node.clientHeight; draw(n)) n -= 1;
  };
  node.fit();
}

/** Long hours on one wall: everything moves a few pixels each minute, and the night is black but for a clock. */
function spare() {
  const [x, y] = SHIFTS[Math.floor(hubNow() / 60000) % SHIFTS.length];
  page.node.style.setProperty("transform", `translate(${x}px, ${y}px)`);
  const hours = live.get("notice/hours");
  document.documentElement.classList.toggle("night", Boolean(hours && hours.open === false));
}

async function fetchCurve() {
  try {
    ({ points } = await get("/figures/curve"));
    page?.curve.redraw();
  } catch (error) {
    if (error.status === undefined) throw error;
  }
}

function show() {
  page = new Board();
  put(document.body, page.node);
  page.update();
}

/** A wall screen is paired; a leader's own browser signs in. */
function gate() {
  if (boot.demo) return pair({ role: "board", place: "" });
  page = null;
  document.documentElement.classList.add("gated");
  put(document.body, h("main.gate", h("h1", t("b.signIn")), h("p.muted", t("b.askOffice")),
    signInForm(() => location.reload()),
    h("button.btn", { type: "button", onclick: () => pair({ role: "board", place: "" }) }, t("b.pairKey"))));
}

live.denied = gate;
live.watch((connected) => {
  if (connected && !page) show();
  if (connected) fetchCurve();
  page?.update();
});
live.subscribe("", () => {
  lastSeen = hubNow();
  page?.update();
});
onLang(() => page && show());
show();
everySecond(() => {
  if (!page) return;
  page.tick();
  spare();
  if (guest && !asked && Number(sessionStorage.getItem(GUEST)) <= Date.now()) location.reload();
});
setInterval(() => page?.update(), 15000);
setInterval(() => page && fetchCurve(), CURVE_EVERY);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "g" && !event.target.closest("input")) turn();
});
emergency(live, { more: ["em.guide"] });
live.start();
