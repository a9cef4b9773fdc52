// One window as it stands in the hall: strip above, clerk behind the glass, pad on the counter, citizen before it.
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { setFault } from "./act.js";
import { citizen, clerk, plug } from "./drawings.js";
import { Led } from "./led.js";
import { miniature } from "./pad.js";

export const isOut = (device) => device.faults.includes("unplug");

/** What a strip's dots say, in words. */
export const stripWords = (device) =>
  device.pages.length ? t("vh.stripSays", { text: device.pages.map((page) => page.text).join("，") }) : t("vh.dark");

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
    this.cable = h("span.cable-at");
    this.plate = h("strong.plate", no);
    this.department = h("span.department");
    this.name = h("span.clerk-name");
    this.behind = h("span.behind");
    this.pad = h("span.pad-at");
    this.before = h("span.before");
    this.button = h("button.desk-open", { type: "button", onclick: () => open(no) },
      h("span.glass", h("span.where", this.plate, this.department), this.behind, this.name), h("span.counter-top", this.pad), this.before);
    this.node = h("article.desk", h("div.hang", this.led.canvas, this.cable), this.button);
  }

  show(feed, chosen) {
    const window = feed.get(`window/${this.no}`);
    const strip = feed.device("led", this.no);
    const pad = feed.device("pad", this.no);
    this.node.classList.toggle("chosen", chosen);
    this.node.dataset.state = window.state;
    if (strip) this.led.show(strip.pages, stripWords(strip));
    this.#redraw({ window, out: strip && isOut(strip), pad: pad && [pad.citizen, pad.alive, isOut(pad)] }, () => this.#draw(window, strip, pad));
  }

  #redraw(what, draw) {
    const sign = JSON.stringify([what, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    draw();
  }

  #draw(window, strip, pad) {
    this.button.setAttribute("aria-label", t("vh.look", { win: this.no }));
    say(this.department, pick(window, "department"));
    say(this.name, window.clerk ? window.clerk.name : t("vh.empty"));
    put(this.behind, window.clerk && clerk());
    put(this.before, window.ticket && [citizen(), h("span.held", window.ticket.number)]);
    put(this.cable, strip && cable(strip, `${t("vh.window", { win: this.no })} ${t("vh.strip")}`));
    put(this.pad, pad && miniature(pad));
  }
}
