// The hub's time. The browser's clock and zone are never believed: both come from the hub's `now`, and go on by a
// counter that no clock change on this machine moves.
import { boot } from "./boot.js";
import { lang } from "./i18n.js";

/** The demo's clock may run faster than real time. */
const passed = () => performance.now() * (boot.speed || 1);
let start = Date.now() - passed();
let zone = null;

const offsetOf = (iso) => {
  const m = /([+-])(\d\d):?(\d\d)$/.exec(iso);
  return m ? (m[1] === "-" ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) : 0;
};

/** The demo's clock runs at another speed from now on; what time it is must be said anew. */
export function pace(speed) {
  boot.speed = speed;
}

const WINDOW = 5000; // milliseconds over which a page of the demo measures how fast the hub's clock runs
let measured = null;
const rounded = (rate) => Math.round(rate) || rate;

function measure(at) {
  const now = performance.now();
  if (measured && now - measured.now < WINDOW) return;
  const passedThere = measured && at - measured.at;
  if (passedThere > 0) pace(rounded(passedThere / (now - measured.now)));
  measured = { now, at };
}

/** The hub said what time it is (ISO 8601 with the hall's offset). */
export function sync(iso) {
  if (!iso) return;
  if (boot.demo) measure(Date.parse(iso));
  start = Date.parse(iso) - passed();
  zone = offsetOf(iso);
}

/** False until the hub has spoken: no clock is better than a wrong one. */
export const known = () => zone !== null;

/** Hub time in milliseconds since the epoch. */
export const hubNow = () => Math.floor(start + passed());

/** Milliseconds of an ISO text or of a number. */
export const ms = (when) => (typeof when === "number" ? when : Date.parse(when));

/** The moment as a Date whose UTC fields read as the hall's wall clock. */
export function hallDate(when = hubNow()) {
  const offset = zone ?? -new Date().getTimezoneOffset();
  return new Date(ms(when) + offset * 60000);
}

const two = (n) => String(n).padStart(2, "0");

/** "09:05" on the hall's wall. */
export function hm(when = hubNow()) {
  const d = hallDate(when);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

export function hms(when = hubNow()) {
  return `${hm(when)}:${two(hallDate(when).getUTCSeconds())}`;
}

/** "11月21日 星期六" or "Saturday 21 November" by language. */
export function day(language, when = hubNow()) {
  const options = { month: "long", day: "numeric", weekday: "long", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, options).format(hallDate(when)).replace("日星期", "日 星期");
}

/** "2026-11-21" */
export const isoDay = (when = hubNow()) => hallDate(when).toISOString().slice(0, 10);

/** Seconds from `when` until now, never negative. */
export const since = (when) => Math.max(0, Math.floor((hubNow() - ms(when)) / 1000));

/** "4:07", "1:02:33" */
export function span(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${rest}` : rest.replace(/^0/, "");
}

/** Calls fn at once and then every second, on the second; returns the stop. */
export function everySecond(fn) {
  let timer = null;
  const beat = () => {
    timer = setTimeout(beat, 1000 - (((hubNow() % 1000) + 1000) % 1000) + 5);
    fn();
  };
  beat();
  return () => clearTimeout(timer);
}

/** "12月1日", "1 Dec". */
export function shortDay(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  return day.toLocaleDateString(lang(), { timeZone: "UTC", month: lang() === "en" ? "short" : "long", day: "numeric" });
}
