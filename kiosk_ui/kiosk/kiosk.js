// The kiosk: three touches to a number. One state, one stage at a time, back to the start when nobody is there.
import { actAs, create, requestId } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond } from "../shared/clock.js";
import "../shared/demo.js";
import { h, put } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { firstLang, onLang, pick, t } from "../shared/i18n.js";
import { pair } from "../shared/pair.js";
import { appointmentPage } from "./appointment.js";
import { fullPage } from "./busy.js";
import { forget, readerUp, watchCards } from "./card.js";
import { choose, greenPage } from "./choose.js";
import { complainPage, complainSend } from "./complain.js";
import { confirm } from "./confirm.js";
import { findPage, foundPage } from "./find.js";
import { keepFresh, live, load, reasonOf, serviceOf, whyNot } from "./hall.js";
import { numberPage } from "./number.js";
import { rateFindPage, ratePage } from "./rate.js";
import { ask, callHelp, foot, resetSwitches, tell, tellFor, top } from "./parts.js";

const QUIET = 40;
const COUNT = 8;
const CALM = 5;
const GRACE = 3000;
const NEEDS_GUIDE = ["ask_guide", "identity_needed"];
const STAGES = { choose, green: greenPage, confirm, number: numberPage, find: findPage, found: foundPage, appointment: appointmentPage, full: fullPage, rateFind: rateFindPage, rate: ratePage, complain: complainPage, complainSend };
const KEEPS = ["choose", "green", "confirm", "full"];
const NO_MORE = ["full", "stopped"];
const LOOKS = { found: "number", appointment: "find", rateFind: "find", complain: "green", complainSend: "find" };
const root = document.documentElement;

const fresh = () => ({
  stage: "choose", tab: "common", group: null, page: 0, service: null, category: "ordinary",
  people: 1, cases: 1, needs: new Set(), then: [], adding: false, ticket: null, found: null, request: null, card: null, taking: false,
});

let state = fresh();
let current = null;
let quiet = 0;
let question = null;
let news = false;
const stage = h("main.stage");
const bar = h("div.bar");

const untouched = () =>
  state.stage === "choose" && state.tab === "common" && state.category === "ordinary" && state.page === 0 && !state.card;
const asIs = () => untouched() && !root.dataset.size && !root.dataset.reach && root.lang === firstLang;

function render({ focus = true } = {}) {
  root.dataset.stage = LOOKS[state.stage] || state.stage;
  current = STAGES[state.stage](state, go);
  put(stage, current.nodes);
  const back = BACK[state.stage]();
  put(bar, foot({ back, switches: state.stage === "choose" && !back, changed: () => render({ focus: false }) }));
  if (focus) stage.querySelector("h1")?.focus({ preventScroll: true });
}

const change = (part) => {
  Object.assign(state, part);
  render();
};

const BACK = {
  choose: () => {
    if (state.group !== null) return () => change({ group: null, page: 0 });
    if (state.adding) return () => change({ adding: false, stage: "confirm" });
    return state.tab === "common" && state.page === 0 ? null : () => change({ tab: "common", page: 0 });
  },
  green: () => () => change({ stage: "choose" }),
  confirm: () => () => change({ stage: "choose", people: 1, cases: 1, needs: new Set(), then: [] }),
  number: () => null,
  full: () => () => change({ stage: "choose", people: 1, cases: 1, needs: new Set(), then: [] }),
  find: () => () => go.home(),
  found: () => null,
  appointment: () => () => go.home(),
  rateFind: () => () => go.home(),
  rate: () => () => go.home(),
  complain: () => () => go.home(),
  complainSend: () => () => go.complain(),
};

const go = {
  tab: (tab) => change({ tab, group: null, page: 0 }),
  group: (group) => change({ group, page: 0 }),
  page: (page) => change({ page }),
  green: () => change({ stage: "green" }),
  category: (category) => change({ category, stage: "choose" }),
  service: (service) => {
    const why = whyNot(service);
    if (NO_MORE.includes(why)) change({ service, stage: "full", counted: false });
    else if (why) tellFor(15, reasonOf(service, why), { tone: "warn" });
    else if (state.adding) withStop(service);
    else change({ service, stage: "confirm", request: requestId() });
  },
  home: (text) => {
    if (state.stage === "choose" && untouched()) return;
    if (state.card) forget(state.card);
    state = fresh();
    resetSwitches();
    render();
    if (text) tellFor(6, text);
  },
  addStop: () => change({ stage: "choose", adding: true, tab: "common", group: null, page: 0 }),
  dropStop: (service) => change({ then: state.then.filter((s) => s !== service) }),
  find: () => change({ stage: "find" }),
  appointment: () => change({ stage: "appointment" }),
  arrived: (arrived) => change({ ...arrived, stage: "number", taking: false }),
  rate: () => change({ stage: "rateFind" }),
  complain: () => change({ stage: "complain" }),
  complaint: (complaint) => change({ complaint, stage: "complainSend" }),
  rating: (rated) => change({ rated, stage: "rate" }),
  found: (found) => change({ found, stage: "found" }),
  card,
  guides: () => location.assign(`/query?id=${encodeURIComponent(boot.place)}`),
  guide: (service) => location.assign(`/query?id=${encodeURIComponent(boot.place)}&item=${encodeURIComponent(service.code)}`),
  redraw: () => render({ focus: false }),
  take,
  asked,
};

/** While the hub is asked nothing else can be pressed, and the page's own time stands still. Gives the hub's answer. */
async function asked(question) {
  stage.inert = bar.inert = true;
  try {
    return await question();
  } finally {
    stage.inert = bar.inert = false;
  }
}

function withStop(service) {
  const known = [state.service, ...state.then].some((s) => s.code === service.code);
  change({ then: known ? state.then : [...state.then, service], adding: false, stage: "confirm" });
}

/** A card was laid on the reader, or (null) is no longer held. Another card is another citizen. */
function card(next) {
  const keeps = KEEPS.includes(state.stage);
  if (next ? stage.inert : state.taking || !keeps) return void (state.card = next); // nothing that is typed or asked is lost
  if (!next && state.card) forget(state.card);
  if (next && (state.card || state.taking || !keeps)) {
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    state = fresh();
    resetSwitches();
  }
  quiet = 0;
  change({ card: next, request: requestId() });
}

function wish() {
  const { service, category, people, cases, needs, then } = state;
  const stops = then.map((s) => s.code);
  return { service: service.code, category, people, cases, needs: [...needs], then: stops, kiosk: boot.place, ...(state.card && { card: state.card.handle }) };
}

/** One press, one number: the request keeps its id, and what it asks for, until its answer is known. */
async function take(key, body = wish()) {
  const citizen = state;
  key.disabled = state.taking = true;
  put(key, t("k.taking"));
  try {
    const ticket = await asked(() => create("/tickets", body, state.request));
    if (state === citizen) change({ ticket, stage: "number", taking: false });
  } catch (error) {
    if (error.status === undefined) throw error;
    if (state !== citizen) return;
    if (error.lost || error.status === 503) return again(key, body);
    change({ taking: false });
    refused(error, state.service);
  }
}

function refused(error, service) {
  const citizen = state;
  const svc = pick(service);
  const { number: no, ahead: n } = error.detail || {};
  if (error.code === "already_waiting") {
    const text = no && n !== undefined ? t("k.one", { svc, no, n }) : t("k.have", { svc });
    return tell(text, { note: t("k.more"), tone: "warn" }).answer.then(() => state === citizen && go.home());
  }
  if (["quota_reached", "stopped"].includes(error.code)) return change({ stage: "full", counted: true });
  if (error.code === "card_gone") card(null);
  if (error.code === "identity_needed" && readerUp()) return void tellFor(15, t("ki.lay"));
  if (NEEDS_GUIDE.includes(error.code)) return askGuide(error.message);
  state.request = requestId();
  tellFor(15, error.message || t("k.failed"), { tone: "warn" });
}

/** A guide gives this number: one press calls one. */
async function askGuide(words) {
  const citizen = state;
  const keys = [{ label: t("k.leave"), value: false }, { label: t("k.help"), value: true, primary: true }];
  const yes = await ask(words, keys, { tone: "warn" }).answer;
  if (state !== citizen) return; // another card closed the question
  go.home();
  if (yes) callHelp();
}

async function again(key, body) {
  const citizen = state;
  const keys = [{ label: t("k.leave"), value: false }, { label: t("k.retry"), value: true, primary: true }];
  const yes = await ask(t("k.unsure"), keys, { tone: "warn" }).answer;
  if (state !== citizen) return;
  if (yes) take(key, body);
  else go.home();
}

/** Any touch says that somebody is there; one beside the question answers it. */
function touched(event) {
  quiet = 0;
  if (question && !event.target.closest?.("button")) question.close();
}

/** Nobody there: ask first, then go back to the start. */
function watchQuiet() {
  if (["number", "found"].includes(state.stage)) return void (quiet = 0);
  quiet += 1;
  if (quiet < QUIET) return;
  if (asIs()) return void (quiet = 0);
  if (untouched()) return void (resetSwitches(), render({ focus: false }), (quiet = 0));
  const left = QUIET + COUNT - quiet;
  if (!question) askStill(left);
  put(question.words, t("k.still", { s: Math.max(0, left) }));
  if (left <= 0) leave();
}

/** The list changes under nobody's finger. */
function showNews() {
  if (!news || state.stage !== "choose" || quiet <= CALM) return;
  news = false;
  render({ focus: false });
}

function askStill(left) {
  const keys = [{ label: t("k.leave"), value: false }, { label: t("k.stay"), value: true, primary: true }];
  question = ask(t("k.still", { s: left }), keys);
  question.answer.then((value) => {
    question = null;
    quiet = 0;
    if (value === false) go.home();
  });
}

function leave() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  go.home();
}

const down = h("div.down", { role: "alert", hidden: true });

function watchLine() {
  let timer = null;
  live.watch((connected) => {
    clearTimeout(timer);
    if (connected) down.hidden = true;
    else timer = setTimeout(showDown, GRACE);
  });
}

function showDown() {
  put(down, h("p.down-text", t("k.down")), h("p.down-sub", t("k.down.sub")));
  down.hidden = state.stage === "number";
  if (state.stage === "number") setTimeout(() => !live.connected && showDown(), GRACE);
}

async function start() {
  actAs(boot.place);
  let stranger = false;
  live.denied = () => {
    stranger = true;
    pair({ role: "kiosk", place: boot.place });
  };
  live.idle = asIs;
  watchLine();
  emergency(live, { full: true });
  live.start();
  await loaded();
  if (stranger) return;
  put(document.body, top(), stage, bar, down);
  live.subscribe("", () => current?.update());
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, true);
  document.addEventListener("keydown", (event) => stage.inert || current?.key?.(event), true);
  onLang(() => render({ focus: false }));
  everySecond(() => (stage.inert || current?.second?.(), watchQuiet(), showNews()));
  keepFresh(() => (news = true));
  watchCards(card);
  render();
  takeWished();
}

/** Who read a guide first has chosen the service already. */
function takeWished() {
  const code = new URLSearchParams(location.hash.slice(1)).get("take");
  const service = code && serviceOf(code);
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (service) go.service(service);
}

/** The first minute after a power cut: the hub may still be starting. */
async function loaded() {
  put(document.body, h("p.starting", { role: "status" }, t("net.starting")));
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

start();
