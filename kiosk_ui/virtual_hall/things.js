// Keypads, button evaluators, dispensers and card readers as they stand in the hall, each drawn from what it was sent.
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { pressBox, pressButton, putCard, typeKeys } from "./act.js";
import { segments } from "./digits.js";

const ROWS = [["7", "8", "9", "call_next"], ["4", "5", "6", "recall"], ["1", "2", "3", "evaluate"], ["cancel", "0", "transfer", "pause"]];
const known = (digits) => Number(digits || 0);
const keypadWords = (pad) =>
  pad.waiting || pad.number ? t("vd.keypadOf", { waiting: known(pad.waiting), number: pad.number }) : t("vd.keypadDark");

/** A thing is drawn again only when what it shows has changed, so that nothing is taken from under a finger. */
class Thing {
  constructor(look, draw) {
    this.node = h(`div.${look}`);
    this.draw = draw;
  }

  show(device, feed) {
    const sign = JSON.stringify([{ ...device, hex: "", hub: 0, faults: 0, link: 0 }, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    const held = document.activeElement?.dataset?.key;
    put(this.node, this.draw(device, feed));
    if (held) this.node.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
  }
}

const small = (label, digits) => h("span.small-digits", h("i", label), segments(digits, 3));

const face = (pad) =>
  h("div.keypad-face", { role: "img", "aria-label": keypadWords(pad) },
    small(t("vd.waitingDigits"), pad.waiting), small(t("vd.ticketDigits"), pad.number));

const digitKey = (key) => /\d/.test(key);
const keypadKey = (pad, key) =>
  h(`button.cap${digitKey(key) ? "" : ".word"}`, { type: "button", "data-key": key, onclick: () => typeKeys(pad, key) }, digitKey(key) ? key : t(`vd.key.${key}`));

export const keypad = () =>
  new Thing("keypad", (pad) => [
    face(pad),
    h("div.keypad-keys", ROWS.flat().map((key) => keypadKey(pad, key)), h("button.cap.word.confirm", { type: "button", "data-key": "confirm", onclick: () => typeKeys(pad, "confirm") }, t("vd.key.confirm"))),
    h("p.muted", [t("vd.keypadHint", { pin: pad.pin }), pad.beeps > 0 && t("vd.beeps", { n: pad.beeps }), pad.given_up > 0 && t("vd.givenUp", { n: pad.given_up })].filter(Boolean).join("　")),
  ]);

export const evaluator = () =>
  new Thing("evaluator", (device) => [
    h("p.evaluator-ask", { role: "status" }, t(device.asking ? "vd.buttonsAsk" : "vd.buttonsRest")),
    h(`div.evaluator-keys${device.asking ? ".lit" : ""}`, device.levels.map(({ level, value }) =>
      h("button.lamp-key", { type: "button", "data-key": value, onclick: () => pressButton(device, value) }, h(`span.lamp.l${level}`), h("span", t(`r.${level}`))))),
  ]);

export const box = () =>
  new Thing("box", (device, feed) => [
    h("p.muted", t("vd.boxHint")),
    h("div.box-keys", Object.entries(device.keys).map(([key, service]) =>
      h("button.box-key", { type: "button", "data-key": key, onclick: () => pressBox(device, key) }, h("b", key.replace("KP", "")), h("span", pick(feed.get("hall").services[service]) || service)))),
    h("p.muted", t("vd.boxPressed", { n: device.pressed })),
  ]);

const idCard = (card, onclick, words) =>
  h(`button.id-card${card.about === "foreign" ? ".foreign" : ""}`, { type: "button", "data-key": card.code, onclick, "aria-label": words },
    h("i", t(card.about === "foreign" ? "vd.foreignCard" : "vd.citizenCard")), h("b", pick(card)), h("small", t(`vd.about.${card.about}`)));

export const reader = () =>
  new Thing("reader", (device, feed) => {
    const { cards } = feed.get("hall");
    const lying = cards.find((card) => card.code === device.lies);
    return [
      h("p.muted", t("vd.readerHint")),
      h(`div.reader-plate${device.read ? ".read" : ""}`,
        lying ? idCard(lying, () => putCard(device, ""), t("vd.lift")) : h("p", t("vd.readerEmpty")),
        lying && h("p", { role: "status" }, t(device.read ? "vd.readerRead" : "vd.readerUnread"))),
      lying && h("button.btn", { type: "button", "data-key": "lift", onclick: () => putCard(device, "") }, t("vd.lift")),
      h("div.wallet", cards.filter((card) => card !== lying).map((card) => idCard(card, () => putCard(device, card.code), t("vd.put", { name: pick(card) })))),
    ];
  });

/** What stands on a window's counter, thumbnail size. Words are on the button around it. */
export const keypadMini = (pad) => h("span.keypad-mini", segments(pad.waiting, 3), segments(pad.number, 3));
export const evaluatorMini = (device) =>
  h(`span.evaluator-mini${device.asking ? ".lit" : ""}`, device.levels.map(({ level }) => h(`i.l${level}`)));
