// Beside the plan: the tour, or everything about the window or kiosk that was chosen, large.
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { tear } from "./act.js";
import { digitWords, stripWords } from "./desk.js";
import { display } from "./digits.js";
import { Led } from "./led.js";
import { Pad } from "./pad.js";
import { slip } from "./paper.js";
import { box, evaluator, keypad, reader } from "./things.js";
import { Wire } from "./wire.js";

const THINGS = { keypad: ["vd.keypad", keypad], evaluator: ["vd.buttons", evaluator], box: ["vd.box", box], reader: ["vd.reader", reader] };

const out = (href, words, look = "") =>
  h(`a.btn${look}`, { href, target: "_blank", rel: "noopener", title: t("vh.newTab") }, words);

/** What was chosen, and the way back to the tour. */
function title(head, name, more, back) {
  const sign = `${name} ${more}`;
  if (head.sign === sign) return;
  head.sign = sign;
  put(head, h("h2", name, more && h("small", more)), back());
}

/** What stands there besides strip, pad and printer: each a card of its own, with its line. */
class Others {
  constructor() {
    this.node = h("div.others");
    this.parts = new Map();
  }

  show(feed, place) {
    for (const kind of Object.keys(THINGS)) {
      const device = feed.device(kind, place);
      if (device) this.#part(device).show(device, feed);
    }
  }

  #part(device) {
    if (!this.parts.has(device.id)) {
      const part = new Part(device);
      this.parts.set(device.id, part);
      this.node.append(part.node);
    }
    return this.parts.get(device.id);
  }
}

class Part {
  constructor({ kind }) {
    [this.name, this.thing] = [THINGS[kind][0], THINGS[kind][1]()];
    this.wire = new Wire();
    this.head = h("h3");
    this.node = h("section.card", this.head, this.thing.node, this.wire.node);
  }

  show(device, feed) {
    say(this.head, t(this.name));
    this.thing.show(device, feed);
    this.wire.show(device);
  }
}

export class WindowPanel {
  constructor(no, back) {
    this.no = no;
    this.led = new Led();
    this.wire = new Wire();
    this.pad = new Pad();
    this.padWire = new Wire();
    this.head = h("div.panel-head");
    this.back = back;
    this.above = h("div.hang.large", this.led.canvas);
    this.strip = h("section.card", h("h3"), this.above, this.wire.node);
    this.others = new Others();
    this.padCard = h("section.card");
    this.links = h("nav.links");
    this.node = h("div.panel", this.head, this.strip, this.padCard, this.others.node, this.links);
  }

  show(feed) {
    const window = feed.get(`window/${this.no}`);
    const strip = feed.device("led", this.no);
    const pad = feed.device("pad", this.no);
    title(this.head, t("vh.window", { win: this.no }), pick(window, "department"), this.back);
    if (strip) {
      this.strip.firstChild.textContent = t("vh.strip");
      this.led.show(strip.pages, stripWords(strip));
      this.wire.show(strip);
    }
    const digits = feed.device("digits", this.no);
    if (digits) this.#digits(digits);
    this.#pad(pad, feed.at(this.no).some((device) => THINGS[device.kind]));
    this.others.show(feed, this.no);
    this.#links();
  }

  turn() {
    this.led.turn();
  }

  #digits(digits) {
    this.strip.firstChild.textContent = t("vd.digits");
    put(this.above, display(digits, digitWords(digits)));
    this.wire.show(digits);
  }

  #pad(pad, others) {
    this.padCard.hidden = !pad && others;
    if (!pad) return void put(this.padCard, h("h3", t("vh.pad")), h("p.muted", t("vh.noPad")));
    this.pad.show(pad);
    this.padWire.show(pad);
    if (!this.padCard.contains(this.pad.node)) put(this.padCard, h("h3"), this.pad.node, this.padWire.node);
    this.padCard.firstChild.textContent = t("vh.pad");
  }

  #links() {
    if (this.links.sign === t("vh.title")) return;
    this.links.sign = t("vh.title");
    const no = encodeURIComponent(this.no);
    put(this.links, out(`/window/${no}`, t("vh.openTerminal"), ".primary"), out(`/pad/${no}/citizen`, t("vh.openCitizen")), out(`/pad/${no}/clerk`, t("vh.openClerk")));
  }
}

export class KioskPanel {
  constructor(id, back) {
    this.id = id;
    this.back = back;
    this.wire = new Wire();
    this.head = h("div.panel-head");
    this.printer = h("section.card", h("h3"), this.wire.node);
    this.papers = h("section.card");
    this.others = new Others();
    this.node = h("div.panel", this.head, this.papers, this.others.node, this.printer);
  }

  show(feed) {
    const printer = feed.device("printer", this.id);
    const query = feed.list("floor/").some((floor) => floor.query === this.id);
    title(this.head, t(query ? "vh.queryMachine" : "vh.kiosk", { id: this.id }), "", this.back);
    this.printer.firstChild.textContent = t("vh.printer");
    this.wire.show(printer);
    this.others.show(feed, this.id);
    const sign = JSON.stringify([printer.slip, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    const top = printer.slip;
    put(this.papers, h("div.paper-head", h("h3", t("vh.paper")), top && h("button.btn", { type: "button", onclick: () => tear(printer) }, t("vh.tear")), out(`/${query ? "query" : "kiosk"}?id=${encodeURIComponent(this.id)}`, t(query ? "vh.openQuery" : "vh.openKiosk"), ".primary")),
      top ? h("div.slips", slip(top)) : h("p.empty", t("vh.noPaper")));
  }

  turn() {}
}

/** Nothing chosen: how to play, and what was said lately. */
export class TourPanel {
  constructor(choose) {
    this.choose = choose;
    this.said = h("section.card");
    this.node = h("div.panel");
  }

  show(feed, floor) {
    const [no] = floor.windows.filter((window) => feed.device("pad", window));
    const sign = JSON.stringify([no, floor, t("vh.title")]);
    if (sign !== this.sign) put(this.node, h("div.panel-head", h("h2", t("vh.tour"))), this.#steps(no, floor), this.said);
    this.sign = sign;
    this.#said(feed.device("speaker", floor.zone));
  }

  #steps(no, floor) {
    const step = (n, ...links) => h("li", h("p", t(`vh.tour${n}`)), links);
    return h("ol.tour.card",
      step(1, out(`/kiosk?id=${encodeURIComponent(floor.kiosk)}`, t("vh.openKiosk"))),
      step(2, out(`/window/${encodeURIComponent(no)}`, t("vh.tourWindow", { win: no }))),
      step(3, h("button.btn", { type: "button", onclick: () => this.choose(`window/${no}`) }, t("vh.tourPad", { win: no }))),
      step(4), step(5, out("/office", t("vh.office"))));
  }

  #said(speaker) {
    const sign = JSON.stringify([speaker?.said, t("vh.title")]);
    if (sign === this.saidSign) return;
    this.saidSign = sign;
    put(this.said, h("h3", t("vh.recent")), speaker?.said.length
      ? h("ul.said", speaker.said.map((one) => h("li", one)))
      : h("p.muted", t("vh.quiet")));
  }

  turn() {}
}
