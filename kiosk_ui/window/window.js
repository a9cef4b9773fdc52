// The clerk's terminal: who is signed in, the panel, and the keyboard. Rule: no shortcut fires while someone types.
import "../shared/demo.js";
import { del, get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { lang, languageName, languages, onLang, setLang, t } from "../shared/i18n.js";
import { Desk } from "./desk.js";
import { Panel } from "./panel.js";
import { confirm, sheet, sheetOpen } from "./sheets.js";
import { passwordForm, signInForm } from "./sign_in.js";

const AGAIN = 2000;
const desk = new Desk(boot.place, `window/${boot.place}`);
let who = null;
let panel = null;
let opening = false;

const otherLanguages = () => languages.filter((code) => code !== lang());

/** The page while no panel may be shown: nobody is signed in, or someone who may not be here. */
function gate(title, ...content) {
  panel = null;
  const words = otherLanguages().map((code) =>
    h("button.btn.quiet", { type: "button", lang: code, onclick: () => setLang(code) }, languageName(code)));
  put(document.body, h("main.gate", h("p.gate-hall", boot.hall.name), h("h1", title), ...content, h("div.btn-row", words)));
}

function askSignIn() {
  who = null;
  gate(t("w.signInTitle", { win: boot.place }), signInForm(entered));
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

const occupied = (name) => gate(t("pk.window", { win: boot.place }),
  h("p.band.amber", t("w.occupied", { name })),
  h("button.btn", { type: "button", onclick: leave }, t("w.logOut")));

async function leave() {
  await del("/session").catch(() => null);
  location.reload();
}

async function signOff() {
  if (!["open", "paused", "advice", "closed"].includes(desk.phase)) return desk.tell(t("w.signOutOpen"));
  if (!(await confirm(t("w.signOut"), t("w.signOutAsk"), t("w.signOut")))) return;
  if (desk.phase === "closed" || (await desk.press("offDuty", {}, "primary"))) await leave();
}

function menu() {
  const row = (words, act, props = {}) =>
    h("button.btn.choice", { type: "button", onclick: act, ...props }, h("strong", words));
  return sheet(who.name, (done) => h("div.choices",
    row(t("w.signOut"), () => (done(), signOff()), { "data-first": true }),
    row(t("si.change"), () => (done(), changePassword())),
    otherLanguages().map((code) => row(languageName(code), () => (done(), setLang(code)), { lang: code })),
    h("button.btn", { type: "button", onclick: () => done() }, t("pk.close"))));
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

desk.changed = draw;
desk.live.denied = (code) => (code === 4401 ? askSignIn() : forbidden());
desk.live.idle = () => ["closed", "open", "paused"].includes(desk.phase) && !sheetOpen();
desk.live.watch(draw);
desk.live.subscribe("", draw);
document.addEventListener("keydown", onKey);
everySecond(() => panel?.update());
onLang(() => {
  if (!who) return askSignIn();
  panel = null;
  draw();
});

async function begin() {
  try {
    who = await get("/session");
    if (who.must_change) gate(t("si.changeTitle"), h("p.muted", t("si.changeSub")), passwordForm(() => location.reload()));
    else connect();
  } catch (error) {
    if (error.status === 401) return askSignIn();
    if (error.status === undefined) throw error;
    gate(t("pk.window", { win: boot.place }), h("p.band.amber", t("net.lost")));
    setTimeout(begin, AGAIN);
  }
}

begin();
