// The hall's floors with every window as a tile in its state: number, word, shape, colour.
import { h, put, say } from "../shared/dom.js";
import { hubNow, ms } from "../shared/clock.js";
import { lang, t } from "../shared/i18n.js";
import { LOOK, shape } from "../window/state.js";

const NUMERALS = "零一二三四五六七八九十";
const WORD = { open: "stOpen", serving: "stServing", away: "stAway", paused: "stPaused", closed: "stClosed", advice_only: "stAdvice" };

export const floorName = (n) => t("b.floorName", { n: lang().startsWith("zh") && NUMERALS[n] ? NUMERALS[n] : n });

const ACROSS = 12; // tiles beside each other
const HIGH = 4; // rows of full tiles that leave room for the day's curve

const byNumber = (a, b) => a.no.localeCompare(b.no, undefined, { numeric: true });
const minutes = (since) => Math.floor((hubNow() - ms(since)) / 60000);

/** What stands under the number: the ticket in hand, or for how long the clerk is gone. */
function detail(w) {
  const gone = w.paused || w.away;
  if (gone) return t("b.min", { m: minutes(gone.since) });
  return w.ticket ? w.ticket.number : "";
}

class Tile {
  constructor() {
    this.no = h("strong.tile-no");
    this.mark = h("span.tile-mark");
    this.more = h("span.tile-more.num");
    this.node = h("li.tile", this.no, this.mark, this.more);
  }

  show(w) {
    const gone = w.paused || w.away;
    const long = gone && hubNow() >= ms(gone.limit_at);
    const [colour, form] = long ? ["red", "warn"] : LOOK[w.state] || LOOK.closed;
    const word = t(`b.${WORD[w.state] || "stClosed"}`);
    say(this.no, w.no);
    say(this.more, detail(w));
    const looks = `${colour} ${form} ${word}`;
    if (looks === this.looks) return;
    this.looks = looks;
    this.node.className = `tile is-${colour}`;
    put(this.mark, shape(form), h("span", word));
  }
}

export class Floors {
  constructor() {
    this.node = h("section.floors");
    this.tiles = new Map();
    this.plan = "";
  }

  update(windows) {
    const floors = new Map();
    for (const w of [...windows].sort(byNumber)) floors.set(w.floor, [...(floors.get(w.floor) || []), w]);
    const plan = JSON.stringify([lang(), ...[...floors].map(([n, ws]) => [n, ...ws.map((w) => w.no)])]);
    if (plan !== this.plan) this.build(floors);
    this.plan = plan;
    for (const w of windows) this.tiles.get(w.no).show(w);
    for (const [n, ws] of floors) say(this.counts.get(n), t("b.staffed", { n: ws.filter((w) => w.clerk).length, m: ws.length }));
  }

  build(floors) {
    this.tiles = new Map();
    this.counts = new Map();
    const rows = [...floors.values()].reduce((sum, ws) => sum + Math.ceil(ws.length / ACROSS), 0);
    this.node.classList.toggle("many", rows > HIGH);
    put(this.node, [...floors].sort(([a], [b]) => a - b).map(([n, ws]) => {
      const count = h("span.muted");
      this.counts.set(n, count);
      const tiles = ws.map((w) => {
        const tile = new Tile();
        this.tiles.set(w.no, tile);
        return tile.node;
      });
      return h("section.floor", h("h2", h("span", floorName(n)), count), h("ul.tiles", tiles));
    }));
  }
}
