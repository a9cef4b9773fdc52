// A floor as a plan: windows along both counters, between them the waiting area with kiosk, voice and public screen.
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { cable, Desk, isOut } from "./desk.js";
import { citizen, horn, seat } from "./drawings.js";
import { hear, hearKey } from "./hear.js";
import { hanging } from "./paper.js";
import { faultName } from "./wire.js";

const SEATS = 48;
const TV_WIDTH = 1920; // the real page, in its real size, made small

export class Plan {
  constructor(floor, choose) {
    this.floor = floor;
    this.choose = choose;
    this.desks = floor.windows.map((no) => new Desk(no, (chosen) => choose(`window/${chosen}`)));
    const half = Math.ceil(this.desks.length / 2);
    this.kiosk = h("div.kiosk-box");
    this.query = h("div.kiosk-box");
    this.voice = h("div.voice");
    this.caption = h("p.caption", { "aria-live": "polite" });
    this.seats = h("div.seats", { "aria-hidden": "true" });
    this.crowd = h("p.crowd");
    this.screen = h("div.tv-box");
    this.node = h("section.plan", { "aria-label": t("vh.plan", { n: floor.floor }) },
      h("div.counter", this.desks.slice(0, half).map((desk) => desk.node)),
      h("div.room", this.kiosk,
        h("div.middle", h("div.voice-row", this.voice, this.caption), this.seats, this.crowd), h("div.side", this.screen, this.query)),
      h("div.counter", this.desks.slice(half).map((desk) => desk.node)));
  }

  show(feed, chosen) {
    const floor = feed.get(`floor/${this.floor.floor}`);
    for (const desk of this.desks) desk.show(feed, chosen === `window/${desk.no}`);
    this.#kiosk(this.kiosk, feed, floor.kiosk, chosen);
    if (floor.query) this.#kiosk(this.query, feed, floor.query, chosen, "query");
    this.#voice(feed.device("speaker", floor.zone));
    this.#seats(floor.waiting);
    this.#screen(floor);
  }

  turn() {
    for (const desk of this.desks) desk.led.turn();
  }

  /** Drawn again only when its sign changed, so that nothing is taken from under a finger. */
  #fresh(node, ...what) {
    const sign = JSON.stringify([what, t("vh.title")]);
    if (node.sign === sign) return false;
    node.sign = sign;
    return true;
  }

  /** A kiosk, or a query machine. */
  #kiosk(box, feed, id, chosen, page = "kiosk") {
    const called = page === "query" ? "vh.queryMachine" : "vh.kiosk";
    const printer = feed.device("printer", id);
    const all = feed.at(id);
    const here = chosen === `kiosk/${id}`;
    const reader = all.find((device) => device.kind === "reader");
    const keys = all.find((device) => device.kind === "box");
    if (!printer || !this.#fresh(box, printer.slip, printer.printing, printer.faults, here, reader?.card, reader?.read, Boolean(keys))) return;
    const trouble = printer.faults.find((name) => ["paper_out", "cover_open", "cutter", "paper_low"].includes(name));
    put(box,
      h(`div.kiosk${here ? ".chosen" : ""}`,
        h("button.kiosk-face", { type: "button", onclick: () => this.choose(`kiosk/${id}`) }, h("strong", t(called, { id })), trouble && h("span.badge.red", faultName(trouble)), isOut(printer) && h("span.badge.red", t("vh.pulled"))),
        h("a.btn.primary", { href: `/${page}?id=${encodeURIComponent(id)}`, target: "_blank", rel: "noopener", title: t("vh.newTab") }, t(page === "query" ? "vh.openQuery" : "vh.openKiosk")),
        (reader || keys) && h("button.kiosk-extras", { type: "button", onclick: () => this.choose(`kiosk/${id}`) },
          reader && h(`span.reader-mini${reader.card ? ".on" : ""}${reader.read ? ".read" : ""}`, t("vd.reader")), keys && h("span.box-mini", t("vd.box"))),
        h("div.slot"), h("div.chute", hanging(printer)), h("span.cable-at", cable(printer, `${t(called, { id })} ${t("vh.printer")}`))));
  }

  #voice(speaker) {
    if (!speaker) return;
    hear(speaker);
    say(this.caption, speaker.saying || t(isOut(speaker) ? "vh.pulled" : "vh.quiet"));
    this.caption.classList.toggle("silent", !speaker.saying);
    if (!this.#fresh(this.voice, speaker.faults, Boolean(speaker.saying))) return;
    this.voice.classList.toggle("speaking", Boolean(speaker.saying));
    put(this.voice, horn(), h("span.voice-name", t("vh.speaker")), speaker.offers.includes("unplug") ? cable(speaker, t("vh.speaker")) : hearKey());
  }

  #seats(waiting) {
    if (!this.#fresh(this.seats, waiting)) return;
    put(this.seats, Array.from({ length: SEATS }, (_, i) => (i < waiting ? citizen() : seat())));
    const standing = waiting - SEATS;
    say(this.crowd, [waiting ? t("vh.waiting", { n: waiting }) : t("vh.nobody"), standing > 0 && t("vh.moreSeats", { n: standing })].filter(Boolean).join("，"));
  }

  #screen(floor) {
    if (!this.#fresh(this.screen, floor.zone)) return;
    const name = `${t("vh.screen")} ${pick(floor)}`;
    const glass = h("span.tv-glass", h("iframe", { src: `/screen?zone=${encodeURIComponent(floor.zone)}`, title: name, tabindex: -1 }));
    new ResizeObserver(() => glass.style.setProperty("--zoom", glass.clientWidth / TV_WIDTH)).observe(glass);
    put(this.screen, h("a.tv", { href: `/screen?zone=${encodeURIComponent(floor.zone)}`, target: "_blank", rel: "noopener", "aria-label": `${name}，${t("vh.newTab")}`, title: t("vh.newTab") },
      glass, h("span.tv-foot"), h("span.tv-name", t("vh.openScreen"))));
  }
}
