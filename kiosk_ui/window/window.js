// The clerk's terminal: who is signed in, the panel, and the keyboard. Rule: no shortcut fires while someone types.
import "../shared/demo.js";
import { del, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { lang, languageName, languages, onLang, setLang, t } from "../shared/i18n.js";
import { askChoose } from "./choose.js";
import { Desk } from "./desk.js";
import { confirmHandover } from "./handover.js";
import { lastWords } from "./last.js";
import { Panel } from "./panel.js";
import { PracticeDesk } from "./practice.js";
import { askReprint } from "./reprint.js";
import { askFind, askWalkIn, confirm, sheet, sheetOpen } from "./sheets.js";
import { gatePage, passwordForm, resume, signInForm } from "./sign_in.js";

const AGAIN = 2000;
const practising = location.hash === "#practice";
const desk = practising ? new PracticeDesk(boot.place) : new Desk(boot.place, `window/${boot.place}`);
let who = null;
let panel = null;
let opening = false;

/** The page while no panel may be shown: nobody is signed in, or someone who may not be here. */
function gate(title, ...content) {
  panel = null;
  gatePage(title, ...content);
}

function askSignIn() {
  who = null;
  gate(t("w.signInTitle", { win: boot.place }), signInForm(entered),
    h("button.btn.quiet", { type: "button", onclick: () => practice(true) }, t("wn.practice")));
  document.querySelector(".gate input")?.focus();
}

/** After the password the clerk's own window opens by itself: one step less each morning. */
function entered(person) {
  who = person;
  opening = !who.window || who.window === boot.place;
  connect();
}

function connect() {
  desk.live.start();
  load();
  draw();
}

async function load() {
  await desk.load().catch((error) => {
    if (error.status === undefined) throw error;
    setTimeout(load, AGAIN);
  });
}

function forbidden() {
  const home = who?.window && who.window !== boot.place;
  gate(t("pk.window", { win: boot.place }),
    h("p.band.amber", t("w.forbidden")),
    home && h("a.btn.primary", { href: `/window/${who.window}` }, t("w.homeWindow", { win: who.window })),
    h("button.btn", { type: "button", onclick: leave }, t("w.logOut")));
}

/** Somebody else is signed in here; one who has paused may be relieved. */
function occupied(name) {
  const paused = Boolean(desk.window.paused);
  const error = h("p.error", { role: "alert" });
  gate(t("pk.window", { win: boot.place }),
    h("p.band.amber", t(paused ? "wn.takeOverFrom" : "w.occupied", { name })),
    h("button.btn.primary", { type: "button", onclick: () => takeOver(error) }, t("wn.takeOver")), error,
    h("button.btn", { type: "button", onclick: leave }, t("w.logOut")));
}

async function takeOver(error) {
  try {
    if (!(await confirmHandover(boot.place))) return;
    const answer = await post(`/windows/${encodeURIComponent(boot.place)}/take-over`, { seen: desk.window.version });
    await desk.live.seen(answer?.seq);
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    put(error, problem.lost ? t("pk.lost") : problem.message);
  }
}

/** The clerk goes, the window stays paused: whoever takes over signs in. */
async function handOver() {
  if (await confirm(t("wn.handOver"), t("wn.handOverAsk"), t("w.logOut"))) await leave();
}

/** The pretend hall is another life of this page: what was here is loaded again afterwards. */
function practice(on) {
  location.hash = on ? "practice" : "";
  location.reload();
}

async function leave() {
  await del("/session").catch(() => null);
  location.reload();
}

async function signOff() {
  if (!["open", "paused", "advice", "closed"].includes(desk.phase)) return desk.tell(t("w.signOutOpen"));
  const words = desk.phase === "closed" ? "" : await lastWords(desk, "wq.lastSignOut");
  if (!(await confirm(t("w.signOut"), words || t("w.signOutAsk"), t("w.signOut")))) return;
  if (desk.phase === "closed" || (await desk.press("offDuty", {}, "primary"))) await leave();
}

function menu() {
  const row = (words, act, props = {}) =>
    h("button.btn.choice", { type: "button", onclick: act, ...props }, h("strong", words));
  return sheet(who.name, (done) => h("div.choices",
    row(t("w.signOut"), () => (done(), signOff()), { "data-first": true }),
    desk.phase === "paused" && row(t("wn.handOver"), () => (done(), handOver())),
    ["closed", "paused"].includes(desk.phase) && row(t("wn.practice"), () => practice(true)),
    row(t("vs.find"), () => (done(), find())),
    row(t("rp.title"), () => (done(), reprint())),
    desk.phase === "open" && row(t("vs.walkIn"), () => (done(), walkIn())),
    desk.phase === "open" && desk.mayChoose && !desk.held && row(t("wq.choose"), () => (done(), choose())),
    row(t("me.title"), () => (location.href = "/me")),
    row(t("si.change"), () => (done(), changePassword())),
    languages.filter((code) => code !== lang()).map((code) => row(languageName(code), () => (done(), setLang(code)), { lang: code })),
    h("button.btn", { type: "button", onclick: () => done() }, t("pk.close"))));
}

async function find() {
  const words = await askFind();
  if (words) desk.tell(words);
}

async function reprint() {
  const words = await askReprint(desk);
  if (words) desk.tell(words);
}

async function walkIn() {
  const body = await askWalkIn(desk);
  if (body) await desk.send("walk-in", body, "primary");
}

async function choose() {
  const body = await askChoose(desk).catch((error) => (error.status === undefined ? Promise.reject(error) : desk.tell(error.message)));
  if (body) await desk.send("call", body, "primary");
}

async function changePassword() {
  const changed = await sheet(t("si.change"), (done) =>
    [passwordForm(done), h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))]);
  if (changed) desk.tell(t("si.changed"));
}

function draw() {
  if (!who) return;
  const clerk = desk.window?.clerk;
  if (clerk && clerk.name !== who.name) return occupied(clerk.name);
  desk.mayChoose = who.may_choose;
  if (!panel) show();
  panel.update();
  if (!opening || !desk.window) return;
  opening = false;
  if (desk.phase === "closed") desk.press("onDuty", {}, "primary");
}

let taken = null;

/** Drawn again only when it says something else: a focus stays where it is. */
function occupiedBy(name) {
  const looks = `${name} ${Boolean(desk.window.paused)} ${lang()}`;
  if (taken !== looks) occupied(name);
  taken = looks;
}

function show() {
  const more = h("button.btn.quiet.top-who", { type: "button", onclick: menu }, h("span", who.name), h("span.top-more", t("w.menu")));
  panel = new Panel(desk, { head: [more] });
  panel.who = who.name;
  put(document.body, panel.node);
}

const typing = (el) => el instanceof HTMLElement && (el.isContentEditable || el.matches("input, textarea, select"));

function onKey(event) {
  if (!panel || sheetOpen() || typing(event.target) || event.repeat || event.altKey || event.metaKey) return;
  if (event.code === "Space" && event.target.closest?.("button, a")) return;
  const name = event.code === "Space" ? "Space" : event.ctrlKey ? `Ctrl+${event.key.toUpperCase()}` : event.key;
  if (panel.byShortcut(name)) event.preventDefault();
}

desk.changed = practising ? () => panel?.update() : draw;
desk.live.denied = (code) => (code === 4401 ? askSignIn() : forbidden());
desk.live.idle = () => ["closed", "open", "paused"].includes(desk.phase) && !sheetOpen();
desk.live.watch(draw);
desk.live.subscribe("", draw);
emergency(desk.live, { more: ["em.clerk"] });
document.addEventListener("keydown", onKey);
everySecond(() => panel?.update());
onLang(() => {
  if (practising) return beginPractice();
  if (!who) return askSignIn();
  panel = taken = null;
  draw();
});

function beginPractice() {
  who = { name: t("wn.practiceWho") };
  desk.load();
  panel = new Panel(desk, { head: [] });
  panel.who = who.name;
  const end = h("button.btn", { type: "button", onclick: () => practice(false) }, t("wn.practiceEnd"));
  put(document.body, h("div.practice.band.amber", { role: "status" }, h("strong", t("wn.practiceBand")), end), panel.node);
  panel.update();
}

/** Signed in before this page was opened: the window goes on where it was. */
function goOn(person) {
  who = person;
  connect();
}

if (practising) beginPractice();
else resume(t("pk.window", { win: boot.place }), gate, goOn, askSignIn);
