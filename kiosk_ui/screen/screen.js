// The public screen: is it me, and where? Newest call large, the ones before in two fixed columns.
import { boot } from "../shared/boot.js";
import { day, everySecond, hm, hubNow, known } from "../shared/clock.js";
import "../shared/demo.js";
import { h, put, say } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { lang, languages, onLang, pick, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { pair } from "../shared/pair.js";
import { shown as prove } from "../shared/shown.js";
import { Rotation } from "./rotation.js";
import { atNoon, callId, calledAt, calls, caption, closed, missed, noonUntil, notices, ready, windowOf } from "./calls.js";

const STALE = 5000;
const NOTICE = 12000;
const SHIFT = 180000;
const LATE = 15 * 60000;
const PLACES = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1]];
const asked = new URLSearchParams(location.search);
const zone = asked.get("zone") || boot.place || "";
const preview = asked.has("preview"); // looked at in the office: no proof that anybody else has seen it
const live = new Live("screen", zone ? { zone } : {});
const root = document.documentElement;
const onlyPages = asked.get("show") === "pages"; // a panel beside the way: pages, and the last call as a strip
const upright = matchMedia("(orientation: portrait)");
const rotation = new Rotation(live, { zone, plan: asked.get("plan"), changed: (there) => {
  root.classList.toggle("with-pages", there && !onlyPages);
  root.classList.toggle("only-pages", there && onlyPages);
  draw();
} });

const parts = {
  clock: h("p.clock"), date: h("p.date"), stale: h("p.stale", { role: "alert", hidden: true }),
  newest: h("section.newest", { "aria-live": "polite" }), rows: h("div.rows", { role: "table" }),
  ready: h("section.next"), missed: h("section.missed"), voice: h("footer.voice"),
};

/** The other language of the hall, small beside the first. */
const other = () => languages.find((code) => code !== lang());
const both = (key) => [h("span", t(key)), other() && h("span.other", { lang: other() }, boot.texts[other()]?.[key] || "")];

const size = (number) => (number.length > 4 ? ".wide" : "");
const HAN = " 一二三四五六七八九十";
const floorName = (n) => t("d.floor", { floor: lang().startsWith("zh") ? HAN[n] || n : n });

/** The floor matters only on a screen of the whole hall. The window's number is larger than the word. */
function place(ticket, props = {}) {
  const floors = new Set(live.list("window/").map((w) => w.floor).filter(Boolean));
  const floor = !zone && floors.size > 1 && windowOf(live, ticket)?.floor;
  const [before, after] = t("d.win").split("{win}");
  return h("p.to", props,
    floor && h("span.floor", floorName(floor)), h("span.win", before, h("b", ticket.window), after));
}

function drawNewest(ticket) {
  const id = ticket ? callId(ticket) : "none";
  if (parts.newest.dataset.id === id + lang()) return;
  parts.newest.dataset.id = id + lang();
  parts.newest.classList.remove("pulse");
  if (!ticket) return put(parts.newest, h("p.quiet", both("d.none")));
  put(parts.newest,
    h("p.label", both("d.now"), ticket.green && h("span.badge.green", t("d.green"))),
    h("div.call", h(`p.number${size(ticket.number)}`, ticket.number), place(ticket)));
  void parts.newest.offsetWidth;
  parts.newest.classList.add("pulse");
}

const row = (ticket) =>
  h("div.row", { role: "row" },
    h("p.number", { role: "cell" }, ticket.number, ticket.green && h("span.badge.green", t("d.green"))), place(ticket, { role: "cell" }));

const numbers = (node, key, list) => {
  node.hidden = !list.length;
  put(node, h("h2", both(key)), h("p.list", list.map((no) => h("span", no))));
};

let turn = 0;

/** What the hall itself tells of its day: the midday break, a day off and when it opens again. */
function hallNotes() {
  const note = (key, values) => ({ id: key, at: "", text: in_("zh-CN", key, values), text_en: in_("en", key, values) });
  const noon = noonUntil(live, zone);
  if (noon) return [note("dayoff.noonNote", () => ({ t: hm(noon) }))];
  const hours = live.get("notice/hours");
  if (!hours?.day_off || !hours.opens_at) return [];
  const [zh, en] = hours.day_off;
  const key = zh ? "dayoff.holiday" : "dayoff.rest";
  return [note(key, (code) => ({ name: code === "en" ? en || zh : zh, day: day(code, hours.opens_at), t: hm(hours.opens_at) }))];
}

/** In a given language, whatever the page's is. */
const in_ = (code, key, values) =>
  (boot.texts[code]?.[key] || "").replace(/\{(\w+)\}/g, (_, name) => values(code)[name]);

/** E03: where one can complain, when nothing else is to be told or in turn with it. */
function complaintNote() {
  const { phones: tel, windows: win } = boot.complaints;
  if (!tel) return [];
  const said = (code) => in_(code, win ? "kc.foot" : "kc.footPhones", () => ({ tel, win }));
  return [{ id: "complaints", at: "", text: said("zh-CN"), text_en: said("en") }];
}

/** The foot: what the voice says now, else one notice after another. */
function drawVoice() {
  const said = caption(live, zone);
  const all = [...hallNotes(), ...notices(live, zone), ...complaintNote()];
  const shown = said || all[Math.floor(turn) % Math.max(1, all.length)];
  if (shown && !said && !preview) prove(shown);
  const sign = shown ? `${shown.id}${shown.at}${shown.text}${lang()}` : "";
  if (parts.voice.dataset.sign === sign) return;
  parts.voice.dataset.sign = sign;
  parts.voice.className = said ? "voice said" : "voice";
  const foreign = shown && other() && (lang().startsWith("zh") ? shown.text_en : shown.text);
  put(parts.voice, shown && [
    h("p.kind", t(said ? "d.voice" : "d.notice")),
    h("div.words", h("p.text", pick(shown, "text")), foreign && h("p.other", { lang: other() }, foreign))]);
  scrollLong();
}

/** A notice that does not fit scrolls; what the voice says is over too soon for that, and takes two lines. */
function scrollLong() {
  const text = parts.voice.querySelector(".text:not(.scrolls, .wraps)");
  if (!text || text.scrollWidth <= text.clientWidth + 2) return;
  if (parts.voice.classList.contains("said")) return void text.classList.add("wraps");
  text.style.setProperty("--away", `${text.clientWidth - text.scrollWidth}px`);
  text.classList.add("scrolls");
}

function draw() {
  const last = calls(live, zone);
  drawNewest(last[0]);
  put(parts.rows, last.slice(1).map(row));
  parts.rows.parentElement.classList.toggle("bare", last.length < 2);
  parts.rows.parentElement.classList.toggle("few", last.length < 6);
  const short = root.classList.contains("with-pages") && upright.matches; // in few words where there is one line
  numbers(parts.ready, short ? "pub.ready" : "d.ready", ready(live, zone));
  numbers(parts.missed, short ? "pub.missed" : "d.missed", missed(live, zone));
  drawVoice();
  darken(last[0]);
  second();
}

/** After hours, and some time after the last call, the panel rests. */
function darken(newest) {
  const resting = closed(live) && !atNoon(live) && (!newest || hubNow() - calledAt(newest) > LATE);
  root.classList.toggle("resting", resting);
}

function second() {
  say(parts.clock, known() ? hm() : "");
  say(parts.date, known() ? day(lang()) : "");
  const stale = live.seq !== null && !live.connected && Date.now() - live.lostAt > STALE;
  root.classList.toggle("is-stale", stale);
  if (parts.stale.hidden === stale) {
    parts.stale.hidden = !stale;
    put(parts.stale, stale ? both("d.stale") : "");
  }
  if (live.seq !== null) darken(calls(live, zone)[0]);
  rotation.tick();
  scrollLong();
}

/** A few pixels every few minutes, so that nothing burns in. */
function shift() {
  let step = 0;
  setInterval(() => {
    const [x, y] = PLACES[++step % PLACES.length];
    document.body.style.transform = `translate(${x * 4}px, ${y * 4}px)`;
  }, SHIFT);
}

/** A second time over a second column. */
const heads = (again) => h(`div${again}`, h("p", both("d.number")), h("p", both("d.window")));

function build() {
  put(document.body,
    h("header.top", h("p.hall", boot.hall?.name || ""), parts.stale, parts.date, parts.clock),
    parts.newest,
    h("main.lists",
      h("section.before",
        h("div.heads", { "aria-hidden": "true" }, heads(""), heads(".again")), parts.rows),
      h("aside.side", parts.ready, parts.missed), rotation.node),
    parts.voice);
}

function start() {
  live.denied = () => pair({ role: "screen", place: zone });
  put(document.body, h("p.starting", { role: "status" }, t("net.starting")));
  let built = false;
  live.subscribe("", () => {
    if (!built) build();
    draw();
    if (!built) rotation.start();
    built = true;
  });
  everySecond(second);
  setInterval(() => built && ((turn += 1), drawVoice()), NOTICE);
  addEventListener("resize", () => built && (draw(), scrollLong()));
  onLang(() => built && (build(), draw(), rotation.again()));
  shift();
  emergency(live, { full: true });
  live.start();
}

start();
