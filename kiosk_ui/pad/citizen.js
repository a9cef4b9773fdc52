// The citizen's side of a browser pad: shows what the hub says this pad shows; a press is stored at once.
import { boot } from "../shared/boot.js";
import { everySecond, hm, hubNow, known, ms } from "../shared/clock.js";
import "../shared/demo.js";
import { h, put, say } from "../shared/dom.js";
import { firstLang, lang, languageName, languages, onLang, pick, setLang, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { pair } from "../shared/pair.js";
import { speak } from "../shared/spoken.js";
import { MailForm } from "./mail.js";
import { Rating } from "./rating.js";
import { portrait, SCREENS } from "./screens.js";
import { touchTest } from "./touch_test.js";

const WELCOME = 4000;
const GRACE = 3000;
const no = boot.place;
const live = new Live(`pad/${no}/citizen`);
const screen = h("main.screen", { "aria-live": "polite" });
const who = h("div.who");
const language = h("button.btn", { type: "button", onclick: nextLanguage });
const rating = new Rating(no, () => (rating.follow(pad()), render()));
const mail = new MailForm(no, live, () => render());

let offline = true;
let welcomeUntil = 0;
let last = null;

function nextLanguage() {
  setLang(languages[(languages.indexOf(lang()) + 1) % languages.length]);
}

const waitingScreen = { window: no, screen: "starting" };
const pad = () => live.get(`pad/${no}`) || waitingScreen;

/** The name of what is on the glass now. Offline and welcome are the pad's own. */
function nameOf(now) {
  if (rating.pressing && now.screen !== "emergency") return "rate";
  if (offline) return live.seq === null ? "starting" : "offline";
  if (now.screen === "emergency") return "emergency";
  if (mail.open(now)) return "mail";
  if (performance.now() < welcomeUntil) return "welcome";
  if (now.screen === "idle" && now.sent && hubNow() < ms(now.sent.until)) return "notice";
  return rating.choosing(now) ? "rate" : now.screen;
}

function head(now) {
  const clerk = now.screen === "idle" ? null : now.clerk;
  put(who, clerk && [portrait(clerk), h("p", [clerk.name, pick(clerk, "title")].filter(Boolean).join("　"))]);
  say(language, languageName(languages[(languages.indexOf(lang()) + 1) % languages.length]));
  language.hidden = languages.length < 2;
}

/** What the drawing depends on. While keys are up, `until` and `version` do not count: a touch moves them. */
function signOf(name, now) {
  if (name === "rate" || name === "reasons") return JSON.stringify([name, lang(), now.level, now.clerk, rating.sign()]);
  if (name === "mail") return JSON.stringify([name, lang(), mail.sign()]);
  return JSON.stringify([name, lang(), now, name === "thanks" && rating.sign()]);
}

/** Draws only what changed, so that a finger on a key never loses the key. */
function render() {
  const now = pad();
  const name = nameOf(now);
  const sign = signOf(name, now);
  if (sign === last) return;
  const fresh = document.documentElement.dataset.screen !== name;
  last = sign;
  document.documentElement.dataset.screen = name;
  head(now);
  screen.className = `screen ${name === "rate" ? "rating" : name}`;
  screen.classList.toggle("typing", name === "mail" && Boolean(mail.fields));
  put(screen, name === "mail" ? mail.draw() : SCREENS[name]?.(now, rating) || []);
  if (fresh && name === "rate" && !rating.again) speak("invite");
  if (fresh) screen.querySelector("h1")?.focus({ preventScroll: true });
}

let before = null;

function changed() {
  const now = pad();
  if (before === "called" && now.screen === "serving") {
    welcomeUntil = performance.now() + WELCOME;
    setTimeout(render, WELCOME + 50);
  }
  if (now.screen === "called") setLang(firstLang);
  before = now.screen;
  rating.follow(now);
  render();
}

function watchLine() {
  let timer = null;
  live.watch((connected) => {
    clearTimeout(timer);
    const set = (value) => () => ((offline = value), render());
    if (connected) set(false)();
    else timer = setTimeout(set(true), GRACE);
  });
}

/** Tactile keys: 5 is very satisfied, 1 very dissatisfied; at the question why, Enter ends it. */
function keyed(event) {
  const name = nameOf(pad());
  if (name === "rate") rating.keys.take(event);
  else if (name === "reasons" && event.key === "Enter" && !event.target.closest?.("button")) rating.submit(pad().level);
}

function contact() {
  if (["rate", "reasons"].includes(nameOf(pad()))) rating.touch();
}

function start() {
  live.denied = () => pair({ role: "pad-citizen", place: no });
  live.idle = () => !["rate", "reasons", "thanks", "mail"].includes(nameOf(pad())) && !rating.pending;
  const clock = h("p.clock");
  const title = h("p.window");
  put(document.body, h("header.head", title, who, language, clock), screen);
  const tick = () => say(clock, known() ? hm() : "");
  everySecond(tick);
  live.watch(tick);
  const named = () => say(title, t("pc.window", { win: no }));
  named();
  onLang(() => (named(), render()));
  watchLine();
  live.subscribe("pad/", changed);
  touchTest(live, no);
  document.addEventListener("pointerdown", contact, true);
  document.addEventListener("keydown", (event) => (contact(), keyed(event)), true);
  setInterval(render, 500);
  render();
  live.start();
}

start();
