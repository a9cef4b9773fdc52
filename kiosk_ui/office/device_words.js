// Devices in words: what one is, where it stands, how it is, what is wrong with it.
import { h } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";

const STATE = { up: ["green", "o.dvUp"], starting: ["plain", "o.dvStarting"], down: ["red", "o.dvDown"], fault: ["red", "o.dvFault"], unknown: ["plain", "cm.unknown"] };
const SAID = new Set(["paper out", "cover open"]); // the detail says so, too
const ERRORS = [
  [/exclusively lock|resource busy/i, "taken"],
  [/permission denied/i, "rights"],
  [/^does not (answer|greet)|^silent/, "answer"],
  [/refused|^Connect call failed/i, "refused"],
  [/relay/i, "relay"],
  [/no connection in time|timed out|unreachable|no route/i, "way"],
  [/no such (file|device)|could not open|unplugged/i, "port"],
  [/^closed by the other side/, "closed"],
  [/is not in the database$/, "place"],
];

/** What the hub's one line means, or the line itself. */
function errorWords(error) {
  const known = ERRORS.find(([pattern]) => pattern.test(error));
  return known ? t(`cm.e_${known[1]}`) : error;
}

/** What is wrong with a device and what to do, in words; empty when it is well. */
export function faultsOf(d) {
  const words = [];
  if (d.detail?.paper === "out") words.push(t("o.paperOut"));
  if (d.detail?.paper === "low") words.push(t("o.paperLow"));
  if (d.detail?.cover === "open") words.push(t("o.coverOpen"));
  if (d.detail?.replaced) words.push(`${t("cm.d_replaced")} ${d.detail.replaced}`);
  if (d.error && !SAID.has(d.error)) words.push(errorWords(d.error));
  if (!words.length && ["down", "fault"].includes(d.state)) words.push(d.tokens ? t("cm.pageDown") : t(STATE[d.state][1]));
  return words;
}

export const kindName = (kind) => (has(`cm.k_${kind}`) ? t(`cm.k_${kind}`) : kind);
export const isPage = (d) => Boolean(d.tokens);
/** A paired page is called by what it is; its place stands beside it. */
export const deviceName = (d) => (isPage(d) ? kindName(d.kind) : d.id);

export function placeOf(d, name) {
  if (d.place?.window) return t("o.atWindow", { win: d.place.window });
  if (d.place?.kiosk) return t("o.atKiosk", { id: d.place.kiosk });
  return d.place?.zone ? name("zones", d.place.zone) : t("o.none");
}

/** To look at first: what is down, then what is marked, then what has a word to say. */
export function rank(d) {
  if (d.mark) return 1;
  if (["down", "fault"].includes(d.state)) return isPage(d) ? 2 : 0;
  return faultsOf(d).length ? 2 : 3;
}

export function stateMark(d) {
  const low = d.state === "up" && faultsOf(d).length;
  const [colour, word] = low ? ["amber", "o.dvLook"] : STATE[d.state] || STATE.starting;
  return [h(`span.badge.${isPage(d) && d.state === "down" ? "amber" : colour}`, t(word)), d.mark && [" ", h("span.badge.amber", t("cm.marked"))]];
}

export const detailName = (key) => (has(`cm.d_${key}`) ? t(`cm.d_${key}`) : key);
export const detailValue = (value) => (has(`cm.v_${value}`) ? t(`cm.v_${value}`) : value);
export const trip = (d) => (d.round_trip_ms === null || d.round_trip_ms === undefined ? "" : t("cm.ms", { n: d.round_trip_ms < 1 ? "< 1" : d.round_trip_ms < 10 ? d.round_trip_ms : Math.round(d.round_trip_ms) }));
export const resultName = (row) => t(`cm.result_${row.result}`, { n: row.cells.length });
