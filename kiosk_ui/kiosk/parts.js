// Pieces of every kiosk page: the bar at the foot with back and help in their fixed places, and the sheets that ask.
import { post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { day, everySecond, hm, known } from "../shared/clock.js";
import { h, say, svg } from "../shared/dom.js";
import { firstLang, lang, languageName, languages, setLang, t } from "../shared/i18n.js";

const root = document.documentElement;

const icon = (...paths) =>
  svg("svg.icon", { viewBox: "0 0 24 24", "aria-hidden": "true" }, paths.map((d) => svg("path", { d })));
const BACK = ["M14 5l-7 7 7 7"];
const HAND = ["M12 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7"];

export function top() {
  const clock = h("p.clock");
  const date = h("p.date");
  const bar = h("header.top", h("p.hall", boot.hall?.name || ""), h("div.when", date, clock));
  everySecond(() => {
    say(clock, known() ? hm() : "");
    say(date, known() ? day(lang()) : "");
  });
  return bar;
}

const toggle = (name, on, off, toggled) =>
  h(`button.btn.key.${name}`, { type: "button", "aria-pressed": String(toggled.is), onclick: toggled.flip },
    toggled.is ? off : on);

/** Kept from page to page of this machine, for the citizen who stands there. */
const KEPT = { size: "hallq.size", reach: "hallq.reach" };
for (const [name, kept] of Object.entries(KEPT)) {
  const value = sessionStorage.getItem(kept);
  if (value) root.dataset[name] = value;
}

function set(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  if (value) sessionStorage.setItem(KEPT[name], value);
  else sessionStorage.removeItem(KEPT[name]);
}

/** A switch of the page: `size` large, `reach` low. */
export const attribute = (name, value, changed) => ({
  is: root.dataset[name] === value,
  flip: () => {
    set(name, root.dataset[name] === value ? "" : value);
    changed();
  },
});

function otherLanguage() {
  const next = languages[(languages.indexOf(lang()) + 1) % languages.length];
  return h("button.btn.key", { type: "button", lang: next, onclick: () => setLang(next) }, languageName(next));
}

/** back: fn or null (first page). Back and help never move. The switches stand on the first page. */
export function foot({ back, switches, changed, help = true }) {
  return h("nav.foot",
    h("button.btn.key.back", { type: "button", hidden: !back, onclick: () => back() }, icon(...BACK), t("ui.back")),
    switches && h("div.switches",
      toggle("big", t("k.big"), t("k.small"), attribute("size", "large", changed)),
      toggle("low", t("k.low"), t("k.high"), attribute("reach", "low", changed)),
      languages.length > 1 && otherLanguage()),
    help && h("button.btn.key.help", { type: "button", onclick: callHelp }, icon(...HAND), t("k.help")));
}

export function resetSwitches() {
  for (const name of Object.keys(KEPT)) set(name, "");
  setLang(firstLang);
}

/** A question over the page. Resolves with the value of the pressed key, or undefined when closed otherwise. */
export function ask(text, keys, { note = "", tone = "" } = {}) {
  const words = h("p.ask-text", text);
  const dialog = h(`dialog.ask${tone ? `.${tone}` : ""}`, words, note && h("p.ask-note", note));
  const answer = new Promise((done) => {
    const close = (value) => {
      dialog.remove();
      done(value);
    };
    const key = ({ label, value, primary }) =>
      h(`button.btn.key${primary ? ".primary" : ""}`,
        { type: "button", autofocus: primary, onclick: () => close(value) }, label);
    dialog.append(h("div.ask-keys", keys.map(key)));
    dialog.addEventListener("close", () => close(undefined));
  });
  document.body.append(dialog);
  dialog.showModal();
  return { answer, words, close: () => dialog.open && dialog.close() };
}

export const tell = (text, options) => ask(text, [{ label: t("ui.ok"), value: true, primary: true }], options);

/** A tell that goes by itself. */
export function tellFor(seconds, text, options) {
  const sheet = tell(text, options);
  const timer = setTimeout(sheet.close, seconds * 1000);
  sheet.answer.then(() => clearTimeout(timer));
  return sheet;
}

export async function callHelp() {
  try {
    await post(`/kiosks/${boot.place}/help`, {});
    tellFor(12, t("k.help.sent"), { tone: "good" });
  } catch {
    tellFor(12, t("k.help.failed"), { tone: "warn" });
  }
}

export function stepper(what, value, most, set) {
  const out = h("output", value);
  const key = (sign, label, change) => h("button.btn", { type: "button", "aria-label": label, onclick: change }, sign);
  const move = (step) => () => {
    value = Math.min(most, Math.max(1, value + step));
    say(out, value);
    set(value);
  };
  return h("div.stepper", { role: "group", "aria-label": what }, h("span", what),
    key("−", t("k.fewer", { what }), move(-1)), out, key("+", t("k.more1", { what }), move(1)));
}
