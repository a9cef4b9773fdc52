// Missed or lost: number and check code on large keys, then the number's place. Without the code a guide comes.
import { create, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { expected, hall, printerDown, serviceOf, zoneOf } from "./hall.js";
import { ask, callHelp } from "./parts.js";

const DIGITS = 4; // of a check code, and of a number at the most
const STAYS = 30;

/** The letters that numbers begin with, as the services stand. */
const letters = () => [...new Set(hall.services.map((s) => s.prefix))].sort();

const key = (label, press, classes = "") =>
  h(`button.btn.key.pad-key${classes}`, { type: "button", onclick: press }, label);

/** A missed number, or a lost slip. */
export function findPage(state, go) {
  const restore = async (number, code) => {
    const ticket = await go.asked(() => post("/tickets/restore", { number, check_code: code }));
    go.found({ ticket, code });
  };
  return codePage({ title: t("kf.title"), how: t("kf.how"), last: t("kf.find"), noCode: t("kf.noCode") }, restore, go);
}

/** {nodes, update}: number and check code, the keys for the field that is being filled; `send(number, code)` at the end. */
export function codePage(words, send, go) {
  const entry = { letter: letters().length === 1 ? letters()[0] : "", digits: "", code: "" };
  let at = "number";
  const fields = { number: field("number", t("kf.number"), () => move("number")), code: field("code", t("kf.code"), () => move("code")) };
  const row = h("div.pad-letters");
  const next = key("", () => forward(), ".primary.pad-next");
  const grid = h("div.pad-grid",
    [..."123456789"].map((d) => key(d, () => type(d))), key(t("kf.delete"), () => erase(), ".pad-word"), key("0", () => type("0")), next);

  const number = () => entry.letter + entry.digits;
  const full = () => (at === "number" ? entry.letter && entry.digits.length >= 3 : entry.code.length === DIGITS);
  const move = (to) => ((at = to), draw());
  const type = (digit) => {
    const name = at === "number" ? "digits" : "code";
    if (entry[name].length < DIGITS) entry[name] += digit;
    draw();
  };
  const erase = () => {
    if (at === "code") entry.code = entry.code.slice(0, -1);
    else if (entry.digits) entry.digits = entry.digits.slice(0, -1);
    else entry.letter = "";
    draw();
  };
  const choose = (letter) => ((entry.letter = letter), draw());

  async function forward() {
    if (!full()) return;
    if (at === "number") return void move("code");
    try {
      await send(number(), entry.code);
    } catch (error) {
      if (error.status === undefined) throw error;
      await refused(error);
    }
  }

  async function refused(error) {
    const why = error.lost ? t("kf.lost") : error.message;
    const keys = [{ label: t("k.help"), value: "help" }, { label: t("k.retry"), value: "again", primary: true }];
    const answer = await ask(why, keys, { tone: "warn" }).answer;
    if (!next.isConnected) return; // another card closed the question
    if (answer === "help") callHelp();
    if (error.code !== "wrong_code" && !error.lost) return void go.home();
    entry.code = "";
    draw();
  }

  function draw() {
    say(fields.number.value, number() || t("kf.numberEmpty"));
    say(fields.code.value, entry.code.padEnd(DIGITS, "·"));
    fields.number.value.classList.toggle("blank", !number());
    for (const [name, one] of Object.entries(fields)) one.node.setAttribute("aria-pressed", String(name === at));
    put(row, letters().map((l) => key(l, () => choose(l), entry.letter === l ? ".on" : "")));
    row.hidden = at !== "number";
    say(next, at === "number" ? t("kf.next") : words.last);
    next.setAttribute("aria-disabled", String(!full()));
  }

  /** The keypad beside the screen, and a keyboard. */
  function typed(event) {
    if (document.querySelector("dialog[open]") || event.target.closest?.("button")) return;
    const letter = letters().find((l) => l.toLowerCase() === event.key.toLowerCase());
    if (/^[0-9]$/.test(event.key)) type(event.key);
    else if (event.key === "Backspace") erase();
    else if (event.key === "Enter") forward();
    else if (letter && at === "number") choose(letter);
  }

  draw();
  const nodes = [
    h("div.find-head", h("h1.title", { tabindex: "-1" }, words.title), h("p.lead", words.how)),
    h("div.find-fields", fields.number.node, fields.code.node),
    h("div.pad", row, grid),
    h("button.btn.key.wide.find-help", { type: "button", onclick: callHelp }, words.noCode),
  ];
  return { nodes, update: () => {}, key: typed };
}

function field(name, label, press) {
  const value = h("span.find-value");
  return { value, node: h(`button.find-field.${name}`, { type: "button", onclick: press }, h("span.find-label", label), value) };
}

/** The number stands on the screen again: its place, and a new slip for who lost it. */
export function foundPage(state, go) {
  const { ticket } = state.found;
  const service = serviceOf(ticket.service);
  const box = h("section.slip-box", { "aria-live": "assertive" });
  const done = h("button.btn.key.primary", { type: "button", onclick: () => go.home() });
  let left = STAYS;
  let code = state.found.code;

  const second = () => (say(done, t("k.doneIn", { s: Math.max(0, left) })), left-- <= 0 && go.home());
  const reprint = h("button.btn.key", { type: "button", onclick: () => print() }, t("kf.reprint"));

  async function print() {
    reprint.disabled = true;
    left = STAYS;
    try {
      const fresh = await go.asked(() => create(`/tickets/${ticket.id}/reissue`, { check_code: code }));
      code = fresh.check_code;
      draw(fresh.print === "none" ? t("kf.newCode", { code }) : t("kf.printing", { code }));
    } catch (error) {
      draw(error.lost ? t("kf.lost") : error.message);
    }
  }

  function draw(words, keys = []) {
    put(box, h("p.slip-text", words), h("div.slip-keys", keys, done));
    second();
  }

  const words = ticket.priority === "return" ? "kf.returned" : ticket.restored ? "kf.restored" : "kf.waiting";
  draw(printerDown() ? t(`${words}Short`) : t(words), [reprint]);
  const zone = service ? zoneOf(service) : "";
  const nodes = [
    h("div.hero", h("h1.hero-label", { tabindex: "-1" }, t("k.number")),
      h("p.hero-number", ticket.number), h("p.hero-what.balanced", service ? pick(service) : "")),
    h("p.where.balanced", zone ? t("k.where", { zone }) : t("k.where0")),
    h("ul.facts", h("li", ticket.ahead > 0 ? t("k.ahead", { n: ticket.ahead }) : t("k.ahead0")),
      expected(ticket).map((line) => h("li", line))),
    box,
  ];
  return { nodes, update: () => {}, second };
}
