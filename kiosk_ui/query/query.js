// Service guides for everybody: at a kiosk or a query machine in the kiosk's frame, on a telephone and a desk as a plain
// page. One state, one stage at a time; back goes the way one came.
import { actAs, get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond } from "../shared/clock.js";
import "../shared/demo.js";
import { h, put } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { onLang, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { pair } from "../shared/pair.js";
import { hush } from "../shared/spoken.js";
import { ask, foot, resetSwitches, tellFor, top } from "../kiosk/parts.js";
import { findPage, listPage } from "./find.js";
import { itemPage } from "./item.js";
import { startPage } from "./start.js";

const QUIET = 60;
const READING = 120; // a guide takes longer to read than a list
const COUNT = 10;
const STAGES = { start: startPage, list: listPage, find: findPage, item: itemPage };
const root = document.documentElement;
const kiosk = boot.place ? new Live("kiosk", { place: boot.place }) : null;
const stage = h("main.stage");
const bar = h("div.bar");

const fresh = () => ({ stage: "start", tab: "matters", group: null, words: "", page: 0, code: "" });
let state = fresh();
let past = [];
let current = null;
let choices = { matters: [], departments: [], events: [] };
let quiet = 0;
let question = null;

const untouched = () => state.stage === "start" && state.tab === "matters" && state.page === 0;

function render({ focus = true } = {}) {
  current?.end?.();
  root.dataset.stage = state.stage;
  current = STAGES[state.stage](state, go, choices);
  put(stage, current.nodes);
  drawFoot();
  scrollTo(0, 0);
  if (focus) (stage.querySelector("[data-first]") || stage.querySelector("h1"))?.focus({ preventScroll: true });
}

function drawFoot() {
  const back = past.length || boot.numbers ? () => (past.length ? history.back() : leave()) : null;
  bar.classList.toggle("bare", !back && state.stage !== "start");
  put(bar, foot({ back, switches: state.stage === "start", changed: () => render({ focus: false }), help: Boolean(boot.place) }));
}

/** Another stage: back leads here again. */
function enter(part) {
  past.push({ ...state });
  history.pushState(null, "");
  Object.assign(state, { page: 0 }, part);
  render();
}

const go = {
  tab: (tab) => (Object.assign(state, { tab, page: 0 }), render({ focus: false })),
  page: (page) => (Object.assign(state, { page }), render()),
  group: (kind, group) => enter({ stage: "list", kind, group }),
  find: () => enter({ stage: "find", words: "" }),
  item: (code) => enter({ stage: "item", code }),
  gone: () => (tellFor(10, t("qy.gone"), { tone: "warn" }), home()),
  kiosk: boot.numbers ? (code) => location.assign(`/kiosk?id=${encodeURIComponent(boot.place)}${code ? `#take=${encodeURIComponent(code)}` : ""}`) : null,
  live: kiosk,
};

const leave = () => (boot.numbers ? go.kiosk() : home());

function home() {
  state = fresh();
  past = [];
  render();
}

/** One browser, one citizen after the other: what the last one chose is gone. */
function end() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  hush();
  resetSwitches();
  if (boot.numbers) go.kiosk();
  else home();
}

function watchQuiet() {
  quiet += 1;
  const most = state.stage === "item" ? READING : QUIET;
  if (quiet < most) return;
  if (untouched() && !boot.numbers && !root.dataset.size && !root.dataset.reach) return void (quiet = 0);
  const left = most + COUNT - quiet;
  if (!question) askStill(left);
  put(question.words, t("qy.still", { s: Math.max(0, left) }));
  if (left <= 0) end();
}

function askStill(left) {
  const keys = [{ label: t("k.leave"), value: false }, { label: t("qy.stay"), value: true, primary: true }];
  question = ask(t("qy.still", { s: left }), keys);
  question.answer.then((stays) => {
    question = null;
    quiet = 0;
    if (stays === false) end();
  });
}

function touched(event) {
  quiet = 0;
  if (question && !event.target.closest?.("button")) question.close();
}

/** A machine of the hall: known by its pairing, told of emergencies, and left to the next one when nobody is there. */
function asMachine() {
  root.dataset.machine = "";
  actAs(boot.place);
  kiosk.denied = () => pair({ role: "kiosk", place: boot.place });
  kiosk.idle = untouched;
  emergency(kiosk, { full: true });
  kiosk.start();
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, touched, true);
  everySecond(watchQuiet);
}

/** The first minute after a power cut: the hub may still be starting. */
async function loaded() {
  put(document.body, h("p.starting", { role: "status" }, t("net.starting")));
  for (;;) {
    try {
      return await get("/query/choices");
    } catch (error) {
      if (error.status === undefined) throw error;
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

async function start() {
  if (kiosk) asMachine();
  choices = await loaded();
  put(document.body, top(), stage, bar);
  onLang(() => render({ focus: false }));
  addEventListener("popstate", () => {
    if (!past.length) return;
    state = past.pop();
    render();
  });
  const code = new URLSearchParams(location.search).get("item");
  if (code) enter({ stage: "item", code });
  else render();
}

start();
