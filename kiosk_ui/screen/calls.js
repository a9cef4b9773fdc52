// What the public screen shows, computed from the live picture. Pure.
import { ms } from "../shared/clock.js";

const SHOWN = new Set(["called", "serving", "finished"]);
const LAST = 8;
const READY = 6;
const MISSED = 6;

const at = (ticket) => ms(ticket.last_called_at || ticket.called_at || 0);
const here = (live, zone) => (ticket) => !zone || !ticket.window || live.get(`window/${ticket.window}`)?.zone === zone;

const byCall = (a, b) => at(b) - at(a) || String(b.id).localeCompare(String(a.id), undefined, { numeric: true });

/** The last eight calls of the zone, newest first. */
export function calls(live, zone) {
  return live.list("ticket/").filter((k) => SHOWN.has(k.state) && k.window && k.called_at)
    .filter(here(live, zone)).sort(byCall).slice(0, LAST);
}

export function missed(live, zone) {
  return live.list("ticket/").filter((k) => k.state === "no_show").filter(here(live, zone)).sort(byCall)
    .slice(0, MISSED).map((k) => k.number);
}

/** The next number of each queue that a window of the zone serves now, the longest queues first. */
export function ready(live, zone) {
  const windows = live.list("window/").filter((w) => (!zone || w.zone === zone) && w.state !== "closed");
  const served = new Set(windows.flatMap((w) => w.services || []));
  const queues = live.list("queue/").filter((q) => q.next?.length && served.has(q.code));
  return [...new Set(queues.sort((a, b) => b.waiting - a.waiting).map((q) => q.next[0]))].slice(0, READY);
}

const ofZone = (zone) => (notice) => !zone || !notice.zone || notice.zone === zone;

export function caption(live, zone) {
  const all = live.list("notice/").filter((n) => n.kind === "caption" && n.text).filter(ofZone(zone));
  return all.sort((a, b) => ms(b.at) - ms(a.at))[0] || null;
}

const TOLD = ["closure", "suspension", "change", "peak", "info"];

/** What the hall tells everyone, closures first. */
export function notices(live, zone) {
  const told = live.list("notice/").filter((n) => TOLD.includes(n.kind) && n.text).filter(ofZone(zone));
  return told.sort((a, b) => TOLD.indexOf(a.kind) - TOLD.indexOf(b.kind) || ms(a.at) - ms(b.at));
}

/** When the midday break of all that is served here ends; null: it goes on. */
export function noonUntil(live, zone) {
  const windows = live.list("window/").filter((w) => !zone || w.zone === zone);
  const queues = [...new Set(windows.flatMap((w) => w.services || []))].map((code) => live.get(`queue/${code}`)).filter(Boolean);
  return queues.length && queues.every((q) => q.noon === "rest") ? queues.map((q) => q.back).sort()[0] : null;
}

/** In the midday break people sit here and wait: the panel stays bright. */
export const atNoon = (live) => live.list("queue/").some((q) => q.noon);

export const closed = (live) => live.get("notice/hours")?.open === false;

/** One call of one ticket: a recall is another. */
export const callId = (ticket) => `${ticket.id}@${at(ticket)}`;

export const windowOf = (live, ticket) => live.get(`window/${ticket.window}`);
export const calledAt = at;
