// The clerk's terminal: who is signed in, the panel, and the keyboard. Rule: no shortcut fires while someone types.
import "../shared/demo.js";
import { del } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { lang, languageName, languages, onLang, setLang, t } from "../shared/i18n.js";
import { askChoose } from "./choose.js";
import { Desk } from "./desk.js";
import { askReferral, askRefusal, showReferrals } from "./handing.js";
import { confirmHandover, confirmSigned, signHandover } from "./handover.js";
import { showGuide } from "./item_guide.js";
import { lastWords } from "./last.js";
import { askMail } from "./mail.js";
import { openMenu } from "./menu.js";
import { askNotice, todaysNotices } from "./notice.js";
import { finishAs, showMine } from "./outcome.js";
import { Panel } from "./panel.js";
import { PracticeDesk } from "./practice.js";
import { askReprint } from "./reprint.js";
import { Returned } from "./returned.js";
import { askFind, askWalkIn, confirm, sheet, sheetOpen } from "./sheets.js";
import { gatePage, passwordForm, resume, signInForm } from "./sign_in.js";

const AGAIN = 2000;
const practising = location.hash === "#practice";
const desk = practising ? new PracticeDesk(boot.place) : new Desk(boot.place, `window/${boot.place}`);
let who = null;
let panel = null;
let opening = false;
let asked = false; // whether a hand-over waits for this clerk's signature

/** The page while no panel may be shown: nobody is signed in, or someone who may not be here. */
function gate(title, ...content) {
  panel = null;
  gatePage(title, ...content);
}

function askSignIn() {
  who = taken = null;
  asked = false;
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
  const own = who?.window;
  const home = own && own !== boot.place;
  who = null; // whatever is still loading must not draw over this
  gate(t("pk.window", { win: boot.place }),
    h("p.band.amber", t("w.forbidden")),
    home && h("a.btn.primary", { href: `/window/${own}` }, t("w.homeWindow", { win: own })),
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
    const answer = await confirmHandover(boot.place, desk.window.version);
    if (answer) await desk.live.seen(answer.seq);
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    put(error, problem.lost ? t("pk.lost") : problem.message);
  }
}

/** The clerk signs for what is open. A paused window stays paused: whoever takes over signs in. */
async function handOver() {
  if (!(await signHandover(boot.place))) return;
  if (desk.phase === "paused" && (await confirm(t("wn.handOver"), t("wn.handOverAsk"), t("w.logOut")))) await leave();
  else desk.tell(t("hv.signedNow"));
}

/** A sheet that ends in words for the clerk. */
async function written(ask) {
  const words = await desk.told(() => ask(desk));
  if (words) desk.tell(words);
}

/** What somebody signed before is confirmed by who signs in next, once. */
async function takeOn() {
  if (await confirmSigned(boot.place)) desk.tell(t("hv.taken"));
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

/** Rare things by whom they concern; the end of the shift, which comes every day, leads. */
function menu() {
  const { phase } = desk;
  const opened = phase !== "closed";
  return openMenu(who.name, [
    [t("wm.shift"), [
      [t("w.signOut"), signOff],
      ["open", "paused", "advice"].includes(phase) && [t("hv.name"), handOver]]],
    [t("wm.citizen"), [
      [t("hg.pass"), () => written(askReferral)],
      [t("hg.record"), () => written(askRefusal)],
      opened && [t("mf.menu"), () => written(askMail)],
      [t("rp.title"), () => written(askReprint)],
      [t("vs.find"), () => written(askFind)],
      phase === "open" && [t("vs.walkIn"), walkIn],
      phase === "open" && desk.mayChoose && !desk.held && [t("wq.choose"), choose]]],
    [t("wm.window"), [
      opened && [t("oc.mine"), () => desk.told(() => showMine(desk))],
      opened && [t("ot.todays"), () => written(todaysNotices)],
      [t("hg.inbox"), () => showReferrals(desk)]]],
    [t("wm.me"), [
      [t("me.title"), () => (location.href = "/me")],
      [t("si.change"), changePassword],
      ["closed", "paused"].includes(phase) && [t("wn.practice"), () => practice(true)],
      ...languages.filter((code) => code !== lang()).map((code) => [languageName(code), () => setLang(code), { lang: code }])]],
  ]);
}

/** `parking`: the body of a park for papers, which asks for the notice first (H06). */
async function giveNotice(parking = null) {
  const given = await desk.told(() => askNotice(desk, parking));
  if (given?.quick) await desk.press("park", given.quick);
  else if (given) desk.tell(given.words);
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
  if (clerk && clerk.name !== who.name) return occupiedBy(clerk.name);
  taken = null;
  desk.mayChoose = who.may_choose;
  if (!panel) show();
  panel.update();
  if (clerk && !asked) {
    asked = true;
    takeOn();
  }
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
  const more = h("button.btn.top-who", { type: "button", onclick: menu }, h("span", who.name), h("span.top-more", t("w.menu")));
  const acts = { outcome: () => finishAs(desk), notice: (parking) => giveNotice(parking), itemGuide: () => desk.told(() => showGuide(desk)) };
  panel = new Panel(desk, { head: [more], acts, above: [new Returned(desk)] });
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
