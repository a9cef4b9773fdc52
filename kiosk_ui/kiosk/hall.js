// What the kiosk knows of the hall: services from the hub's list, waiting and wait from the live picture.
import { get, list } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { hallDate, hm, hubNow, ms } from "../shared/clock.js";
import { lang, pick, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { ofForm } from "../shared/shown.js";

const EVERY = 60000;
const BUSY = 60 * 60;
const SOON = 5 * 60;
const FEW = 20;

export const live = new Live("kiosk", { place: boot.place });
export const hall = { services: [], departments: [], categories: [], zones: [] };

/** Reads the catalogue and the services, and keeps the services fresh. */
export async function load() {
  const catalog = await get("/catalog");
  Object.assign(hall, {
    departments: catalog.departments,
    categories: catalog.categories.filter((c) => c.green),
    zones: catalog.zones,
  });
  await refresh();
}

export async function refresh() {
  const rank = (s) => (s.common ? 0 : 1e6) + (s.ord ?? 0);
  hall.services = (await list("/services")).sort((a, b) => rank(a) - rank(b));
}

/** The office may edit the catalogue at any time: a service that comes or goes is seen at once, the rest in a minute. */
export function keepFresh(changed) {
  const again = () => load().then(changed, () => {});
  const moved = (key) => Boolean(live.get(key)) !== Boolean(serviceOf(key.slice("queue/".length)));
  setInterval(again, EVERY);
  live.subscribe("queue/", (keys) => keys.some(moved) && again());
}

const queue = (code) => live.get(`queue/${code}`);
export const serviceOf = (code) => hall.services.find((s) => s.code === code);
export const waiting = (service) => queue(service.code)?.waiting ?? service.waiting;
export const waitOf = (service) => queue(service.code)?.wait ?? service.wait;
export const isOpen = (service) => queue(service.code)?.open ?? service.open;

/** Why no number is given: full, early, suspend, unstaffed or closed. */
export function whyNot(service) {
  if (isOpen(service)) return null;
  const why = service.why || queue(service.code)?.why || (opens() ? "early" : null);
  if (why === "suspended" || suspended(service)) return "suspend";
  return ["full", "stopped", "early", "unstaffed"].includes(why) ? why : "closed";
}

/** The next time that numbers are given, while the hall is closed. */
const opens = () => (live.get("notice/hours")?.open === false ? live.get("notice/hours").opens : null);

const suspended = (service) => queue(service.code)?.suspended;

/** "11月30日"; the end of a suspension is said with the day before its midnight. */
const dayOf = (at) => (at ? new Intl.DateTimeFormat(lang(), { month: "long", day: "numeric", timeZone: "UTC" }).format(hallDate(at)) : "");

const facts = (service) => ({
  svc: pick(service), t: service.from ?? opens() ?? "",
  d1: dayOf(suspended(service)?.since), d2: dayOf(suspended(service) && ms(suspended(service).until) - 1),
  win: suspended(service)?.window ?? "",
});

/** Closures and suspensions that the public is told of, suspensions first; no more than there is room for. */
export const formNotices = () => live.list("notice/").filter((n) => ofForm(n) && n.text)
  .sort((a, b) => b.kind.localeCompare(a.kind) || ms(a.at) - ms(b.at)).slice(0, 2);
export const tagOf = (service, why) => t(`k.tag.${why}`, facts(service));
export const reasonOf = (service, why) => t(`k.${why}`, facts(service));

/** "等候 5 人 · 10:20—10:35" */
export function shortWait(service) {
  const n = waiting(service);
  const wait = waitOf(service);
  const range = wait && whole(t(n ? "wt.range" : "wt.span", times(wait)));
  if (!n) return [later(wait) ? range : t("k.free"), fewLeft(service)].filter(Boolean).join(" · ");
  return [t("k.waiting", { n }), fewLeft(service) || range].filter(Boolean).join(" · ");
}

/** Nobody waits, and yet it takes a while: no window works now. */
const later = (wait) => wait?.low > SOON;

/** "今天还剩 7 个号", when there are few. */
export function fewLeft(service) {
  const left = queue(service.code)?.left;
  return left !== null && left !== undefined && left < FEW ? t("kb.left", { n: left }) : "";
}

/** Who stopped the numbers says why, for everyone to read. */
export const stopReason = (service) => queue(service.code)?.stopped || "";

/** Not everyone will be served today: the forecast, or those who wait already. */
const isShort = (service) => Boolean(live.get("notice/busy")?.services.includes(service.code));

const clock = (seconds) => hm(hubNow() + seconds * 1000);
export const times = (wait) => ({ t1: clock(wait.low), t2: clock(Math.max(wait.high, wait.low + 60)) });

/** A range of times stays on one line. */
const whole = (text) => text.replace(/(\d)([—–])(\d)/g, "$1\u2060$2\u2060$3");

/** Where the midday break or closing time comes before the call. */
const EXPECTED = { break: "k.lunch", around: "wt.around", closing: "wt.closing" };
const NOTES = { break: "wt.noteBreak", around: "wt.noteAround", closing: "wt.noteClosing" };

/** When a ticket is called: the times, and what comes before. */
export function expected(ticket) {
  const note = NOTES[ticket.wait.over];
  const soon = ticket.ahead === 0 && !later(ticket.wait);
  return soon ? [] : [whole(t("k.when", times(ticket.wait))), note && t(note)].filter(Boolean);
}

/** The sentence of the confirm page, and whether it is a warning. */
export function longWait(service) {
  const n = waiting(service);
  const wait = waitOf(service);
  if (!wait || (!n && !later(wait))) return { text: n ? t("k.waiting", { n }) : t("k.wait0"), busy: false };
  const { t1, t2 } = times(wait);
  const busy = wait.high > BUSY || isShort(service);
  const noon = wait.over === "break" || wait.over === "around";
  return {
    text: whole(t(EXPECTED[wait.over] || (n ? "k.wait" : "wt.span"), { n, t1, t2 })),
    busy: busy && !noon ? t("k.busy", { t: t2 }) : false,
  };
}

/** The kiosk's printer cannot print now: say so before the number is taken, not after. */
export const printerDown = () =>
  live.list("device/").some((d) => d.driver === "escpos" && (d.state !== "up" || d.detail?.paper === "out"));

/** Where who holds a number of this service waits; empty when the hub does not say. */
export function zoneOf(service) {
  const windows = live.list("window/").filter((w) => w.services?.includes(service.code) && w.state !== "closed");
  const codes = service.zones || [...new Set(windows.map((w) => w.zone))];
  const zones = codes.map((code) => hall.zones.find((z) => z.code === code));
  return zones.filter(Boolean).map((z) => pick(z)).join(t("k.and"));
}
