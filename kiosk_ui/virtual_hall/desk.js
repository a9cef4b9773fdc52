// One window as it stands in the hall: strip above, clerk behind the glass, pad on the counter, citizen before it.
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { setFault } from "./act.js";
import { display } from "./digits.js";
import { citizen, clerk, plug } from "./drawings.js";
import { Led } from "./led.js";
import { miniature } from "./pad.js";
import { evaluatorMini, keypadMini } from "./things.js";

export const isOut = (device) => device.faults.includes("unplug");

/** What a strip's dots say, in words. */
export const stripWords = (device) =>
  device.pages.length ? t("vh.stripSays", { text: device.pages.map((page) => page.text).join("，") }) : t("vh.dark");

export const digitWords = (device) => (device.text.trim() ? t("vd.digitsSay", { text: device.text }) : t("vd.digitsDark"));

/** A cable that can be pulled and put back. */
export function cable(device, what) {
  const out = isOut(device);
  const name = t(out ? "vh.plugOf" : "vh.pullOf", { what });
  return h("button.cable-key", {
    type: "button", "aria-label": name, title: name, "aria-pressed": String(out), onclick: () => setFault(device, "unplug", !out),
  }, plug(out));
}

export class Desk {
  constructor(no, open) {
    this.no = no;
    this.led = new Led();
    this.above = h("div.above", this.led.canvas);
    this.cable = h("span.cable-at");
    this.plate = h("strong.plate", no);
    this.department = h("span.department");
    this.name = h("span.clerk-name");
    this.behind = h("span.behind");
    this.pad = h("span.pad-at");
    this.before = h("span.before");
    this.button = h("button.desk-open", { type: "button", onclick: () => open(no) },
      h("span.glass", h("span.where", this.plate, this.department), this.behind, this.name), h("span.counter-top", this.pad), this.before);
    this.node = h("article.desk", h("div.hang", this.above, this.cable), this.button);
  }

  show(feed, chosen) {
    const window = feed.get(`window/${this.no}`);
    const strip = feed.device("led", this.no);
    const pad = feed.device("pad", this.no);
    const digits = feed.device("digits", this.no);
    const keypad = feed.device("keypad", this.no);
    const buttons = feed.device("evaluator", this.no);
    this.node.classList.toggle("chosen", chosen);
    this.node.dataset.state = window.state;
    if (strip) this.led.show(strip.pages, stripWords(strip));
    const own = strip || digits;
    const counter = [pad && [pad.citizen, pad.alive, isOut(pad)], keypad && [keypad.waiting, keypad.number], buttons?.asking];
    this.#redraw({ window, out: own && isOut(own), counter, digits: digits?.text }, () => this.#draw(window, own, [
      pad && miniature(pad), buttons && evaluatorMini(buttons), keypad && keypadMini(keypad)]));
  }

  #redraw(what, draw) {
    const sign = JSON.stringify([what, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    draw();
  }

  #draw(window, above, counter) {
    if (above?.kind === "digits") put(this.above, display(above, digitWords(above)));
    this.button.setAttribute("aria-label", t("vh.look", { win: this.no }));
    say(this.department, pick(window, "department"));
    say(this.name, window.clerk ? window.clerk.name : t("vh.empty"));
    put(this.behind, window.clerk && clerk());
    put(this.before, window.ticket && [citizen(), h("span.held", window.ticket.number)]);
    put(this.cable, above && cable(above, `${t("vh.window", { win: this.no })} ${t(above.kind === "digits" ? "vd.digits" : "vh.strip")}`));
    put(this.pad, counter);
  }
}
