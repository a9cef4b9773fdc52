// Which keys a clerk has in each state of the window. Pure. Rule: the primary key is always the next sensible verb.

/** What each key posts (or which sheet asks first), its word and its shortcut. */
export const VERBS = {
  onDuty: { path: "sign-in", bare: true },
  next: { path: "call-next" },
  finishNext: { path: "finish", body: { next: true } },
  finish: { path: "finish", key: "F4" },
  outcome: { own: true, path: "finish", key: "F5" },
  recall: { path: "recall", key: "F3" },
  start: { path: "start", key: "F6" },
  missed: { path: "no-show", key: "F7" },
  transfer: { sheet: "transfer", path: "transfer", key: "F8" },
  park: { sheet: "park", path: "park", key: "F9" },
  away: { sheet: "away", path: "away", key: "F10" },
  pause: { sheet: "pause", path: "pause", key: "F10" },
  back: { path: "back" },
  resume: { path: "resume" },
  continue: { path: "continue" },
  return: { path: "return", key: "F4" },
  notice: { own: true, key: "F11" },
  itemGuide: { own: true },
  verified: { path: "verified" },
  unproved: { path: "unproved" },
  undo: { path: "undo", key: "Ctrl+Z" },
  help: { path: "help", key: "F1", bare: true },
  offDuty: { path: "sign-out", bare: true },
};

export const PRIMARY_KEY = "F2";

/** Where the window stands, seen from its clerk. */
export function phaseOf(w) {
  if (!w || !w.clerk) return "closed";
  if (w.restored) return "restored";
  if (w.away) return "away";
  if (w.ticket) return w.ticket.state;
  if (w.paused) return "paused";
  return w.state === "advice_only" ? "advice" : "open";
}

const CALLS = 2;

/** No-show is possible from no_show_at on. Without it no call is proved: after two presses the hub has the word. */
export function noShow(w, now) {
  if (!w.no_show_at) return { unspoken: (w.ticket?.calls || 0) < CALLS, seconds: 0 };
  return { unspoken: false, seconds: Math.max(0, Math.ceil((Date.parse(w.no_show_at) - now) / 1000)) };
}

const VISIT = ["finish", "outcome", "transfer", "park", "away", "notice", "itemGuide"];
const GRID = {
  called: ["recall", "start", ...VISIT],
  serving: VISIT,
  open: ["pause"],
  advice: ["pause"],
};

/** {primary, beside, can: Set of verbs that are possible now}. `waiting`: how many this window could call. */
export function keysOf(w, waiting, now) {
  const phase = phaseOf(w);
  const can = new Set(GRID[phase] || []);
  if (phase !== "closed") can.add("help");
  if (w?.undo && Date.parse(w.undo.until) > now) can.add("undo");
  const missed = phase === "called" ? noShow(w, now) : null;
  if (missed && !missed.unspoken && missed.seconds === 0) can.add("missed");
  if (["open", "paused", "advice"].includes(phase)) can.add("offDuty");
  const { primary, beside } = leading(phase, waiting);
  for (const verb of [primary, beside]) if (verb) can.add(verb);
  return { phase, primary, beside, can };
}

/** With nobody waiting, finishing is the next sensible verb: calling would be refused. */
function leading(phase, waiting) {
  const visit = waiting > 0 ? { primary: "finishNext", beside: "finish" } : { primary: "finish", beside: null };
  return {
    closed: { primary: "onDuty", beside: null },
    restored: { primary: "continue", beside: "return" },
    open: { primary: "next", beside: null },
    called: visit,
    serving: visit,
    away: { primary: "back", beside: null },
    paused: { primary: "resume", beside: null },
  }[phase] || { primary: null, beside: null };
}

/** How many this window could call, how many of them in the green channel, and how the next one is called: never who. */
export function demandOf(w, queues) {
  const mine = (w?.services || []).map((code) => queues[code]).filter(Boolean);
  const heads = mine.map((q) => q.head).filter(Boolean);
  heads.sort((a, b) => b.green - a.green || String(a.since || "").localeCompare(String(b.since || "")));
  const sum = (field) => mine.reduce((total, q) => total + (q[field] || 0), 0);
  return { waiting: sum("waiting"), green: sum("green"), head: heads[0] || null };
}
