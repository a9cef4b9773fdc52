// The clerk's side of a pad, for windows whose computer stands on a network of its own: all verbs, nothing of the rating.
import "../shared/demo.js";
import { post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { lang, languageName, languages, onLang, setLang, t } from "../shared/i18n.js";
import { pair } from "../shared/pair.js";
import { Desk } from "../window/desk.js";
import { lastWords } from "../window/last.js";
import { finishAs } from "../window/outcome.js";
import { Panel } from "../window/panel.js";
import { confirm, sheet, sheetOpen } from "../window/sheets.js";

const AGAIN = 2000;
const LONGEST = 12;
const desk = new Desk(boot.place, `pad/${boot.place}/clerk`);
let panel = null;
let entry = null;

/** Staff number, then PIN, on the pad's own digits; a keyboard works too. */
class Entry {
  constructor() {
    this.values = { staffNo: "", pin: "" };
    this.at = "staffNo";
    this.error = h("p.entry-error", { role: "alert" });
    this.boxes = { staffNo: this.box("staffNo"), pin: this.box("pin") };
    this.go = h("button.btn.primary", { type: "button", onclick: () => this.send() }, t("cp.signIn"));
    this.lost = h("p.strip.lost", { role: "alert", hidden: true }, t("pk.lost"));
    this.node = h("main.entry",
      h("section.entry-form", h("h1", t("cp.signInTitle", { win: boot.place })), this.lost, this.boxes.staffNo, this.boxes.pin, this.error, this.go),
      h("section.digits", { "aria-label": t(`cp.${this.at}`) },
        [..."123456789"].map((d) => this.digit(d)),
        h("button.btn.digit.word", { type: "button", onclick: () => this.type(null) }, t("cp.clear")),
        this.digit("0"),
        h("button.btn.digit.word", { type: "button", onclick: () => this.type("") }, t("cp.delete"))));
    this.show();
  }

  box(name) {
    return h("button.btn.entry-box", { type: "button", onclick: () => ((this.at = name), this.show()) },
      h("span.muted", t(`cp.${name}`)), h("strong.num"));
  }

  digit(d) {
    return h("button.btn.digit", { type: "button", onclick: () => this.type(d) }, d);
  }

  /** A digit, "" takes one back, null takes all. */
  type(d) {
    const old = this.values[this.at];
    this.values[this.at] = d === null ? "" : d === "" ? old.slice(0, -1) : (old + d).slice(0, LONGEST);
    this.show("");
  }

  show(error = null) {
    for (const [name, box] of Object.entries(this.boxes)) {
      const value = this.values[name];
      say(box.querySelector("strong"), name === "pin" ? "●".repeat(value.length) : value);
      box.setAttribute("aria-pressed", String(this.at === name));
    }
    if (error !== null) say(this.error, error);
  }

  key(event) {
    if (/^[0-9A-Za-z]$/.test(event.key)) this.type(event.key);
    else if (event.key === "Backspace") this.type("");
    else if (event.key === "Enter" && !event.target.closest("button")) this.send();
  }

  async send() {
    for (const [name, words] of [["staffNo", "cp.needStaffNo"], ["pin", "cp.needPin"]]) {
      if (this.values[name]) continue;
      const first = this.at !== name;
      this.at = name;
      return this.show(first && name === "pin" ? "" : t(words));
    }
    if (this.go.disabled) return;
    this.go.disabled = true;
    try {
      const answer = await post(`/pads/${encodeURIComponent(boot.place)}/sign-in`, { staff_no: this.values.staffNo, pin: this.values.pin });
      await desk.live.seen(answer?.seq);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.values.pin = "";
      this.at = "pin";
      this.show(error.lost ? t("net.lost") : error.message);
    } finally {
      this.go.disabled = false;
    }
  }
}

async function signOff() {
  if (!["open", "paused", "advice"].includes(desk.phase)) return desk.tell(t("cp.openVisit"));
  const words = await lastWords(desk, "wq.lastSignOut");
  if (await confirm(t("pk.offDuty"), words || t("cp.signOutAsk"), t("pk.offDuty"))) desk.press("offDuty", {}, "primary");
}

function menu() {
  const row = (words, act) => h("button.btn.choice", { type: "button", onclick: act }, h("strong", words));
  return sheet(t("cp.more"), (done) => h("div.choices",
    desk.phase === "paused" && row(t("wn.takeOver"), () => (done(), relieve())),
    row(t("pk.offDuty"), () => (done(), signOff())),
    languages.filter((code) => code !== lang()).map((code) => row(languageName(code), () => (done(), setLang(code)))),
    h("button.btn", { type: "button", onclick: () => done() }, t("pk.close"))));
}

function showPanel() {
  entry = null;
  panel = new Panel(desk, { shortcuts: false, acts: { outcome: () => finishAs(desk, "cp.notPrinted") } });
  const more = h("button.btn.key.key-more", { type: "button", onclick: menu }, t("cp.more"));
  panel.node.querySelector(".foot").append(more);
  panel.keys.undo.node.before(panel.keys.outcome.node); // beside "finish", which it is another way of
  put(document.body, panel.node);
}

function showEntry() {
  panel = null;
  entry = new Entry();
  put(document.body, entry.node);
}

/** The next clerk signs in by staff number and PIN while the window is paused (AB岗). */
let relieving = null;

function relieve() {
  relieving = desk.window.clerk.id;
  showEntry();
  entry.node.querySelector(".entry-form").append(
    h("button.btn", { type: "button", onclick: () => ((relieving = null), draw()) }, t("pk.cancel")));
}

function draw() {
  const clerk = desk.window?.clerk;
  if (relieving && desk.phase === "paused" && clerk?.id === relieving) return;
  relieving = null;
  const signedIn = Boolean(clerk);
  if (signedIn && !panel) showPanel();
  if (!signedIn && !entry) showEntry();
  if (panel) panel.update();
  else entry.lost.hidden = desk.live.connected;
}

async function load() {
  await desk.load().catch((error) => {
    if (error.status === undefined) throw error;
    setTimeout(load, AGAIN);
  });
}

desk.changed = draw;
desk.live.denied = () => pair({ role: "pad-clerk", place: boot.place });
desk.live.idle = () => ["closed", "open", "paused"].includes(desk.phase) && !sheetOpen();
desk.live.watch(draw);
desk.live.subscribe("", draw);
document.addEventListener("keydown", (event) => entry?.key(event));
everySecond(() => panel?.update());
onLang(() => {
  panel = entry = null;
  draw();
});
emergency(desk.live, { more: ["em.clerk"] });
desk.live.start();
load();
