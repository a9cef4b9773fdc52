// Pages in turn beside the calls. Nothing scrolls: what is too long is divided into parts, and of very long ones the next
// parts come at the next turn. What is being read is never taken away before its time.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { made } from "./blocks.js";

const EVERY = 60000; // ms between looks at what there is to show
const AT_ONCE = 4; // parts of one page in one turn
const ENDS = "。；！？.;!?，、, "; // where a paragraph may be divided, the best first

export class Rotation {
  /** `changed(there)`: told whether there is anything to show. */
  constructor(live, { zone, plan, changed }) {
    Object.assign(this, { live, zone, plan, changed, pages: [], at: -1, parts: [], part: 0, from: new Map(), until: 0 });
    this.node = h("section.pages", { hidden: true });
    new ResizeObserver(() => this.parts.length && this.node.clientHeight !== this.height && this.again()).observe(this.node);
  }

  start() {
    this.load();
    setInterval(() => this.load(), EVERY);
    this.live.watch((connected) => connected && this.load());
  }

  async load() {
    const query = new URLSearchParams({ zone: this.zone, ...(this.plan && { plan: this.plan }) });
    try {
      const answer = await fetch(`/api/v1/public/pages?${query}`, { cache: "no-cache", credentials: "same-origin" }); // with its ETag
      if (!answer.ok) return;
      this.pages = (await answer.json()).pages;
    } catch {
      return; // the next look is in a minute, or when the line is back
    }
    if (!this.pages.length) this.hide();
    else if (this.node.hidden) this.next();
  }

  hide() {
    this.node.hidden = true;
    this.at = -1;
    this.changed(false);
  }

  /** Each second: the next part, the next page. */
  tick() {
    if (this.node.hidden || Date.now() < this.until) return;
    if (this.part + 1 < this.last) this.draw(this.part + 1);
    else this.next();
  }

  next() {
    for (let tries = 0; tries < this.pages.length; tries += 1) {
      this.at = (this.at + 1) % this.pages.length;
      if (this.open()) return;
    }
    this.hide();
  }

  /** False: this page has nothing to show now. */
  open() {
    const page = this.pages[this.at];
    const content = page && made(page, this.live, this.zone);
    if (!content) return false;
    if (this.node.hidden) {
      this.node.hidden = false;
      this.changed(true);
    }
    this.page = { ...page, ...content };
    this.frame();
    this.parts = divided(this.body, content.rows);
    const from = Math.min(this.from.get(page.page) || 0, this.parts.length - 1);
    this.last = Math.min(this.parts.length, from + AT_ONCE);
    this.from.set(page.page, this.last % this.parts.length);
    this.draw(from);
    return true;
  }

  /** The same page in another size or language, for the rest of its time. */
  again() {
    if (this.node.hidden || !this.pages[this.at]) return;
    const { until, last, parts } = this;
    this.from.set(this.page.page, this.part);
    if (!this.open()) return this.next();
    this.until = until;
    if (this.parts.length === parts.length) this.last = last;
  }

  frame() {
    const { title, other, note, head, wide, page } = this.page;
    this.count = h("span.part.num");
    this.body = h(`div.page-body${wide ? ".wide" : ""}`);
    put(this.node, h("header.page-head", h("h2", title), h("span.other", other), this.count), note && h("p.page-note", note),
      head && h("div.page-cols", head, head.cloneNode(true)), this.body);
    this.node.dataset.page = page.split("/")[0];
    this.height = this.node.clientHeight;
  }

  draw(part) {
    this.part = part;
    put(this.body, this.parts[part]);
    this.count.textContent = this.parts.length > 1 ? t("pub.part", { n: part + 1, m: this.parts.length }) : "";
    this.until = Date.now() + this.page.seconds * 1000;
    this.body.classList.remove("comes");
    void this.body.offsetWidth;
    this.body.classList.add("comes");
  }
}

/** Rows in groups that fit the body: as many columns of its height as its style says. */
function divided(body, rows) {
  const columns = Number(getComputedStyle(body).columnCount) || 1;
  const space = body.clientHeight;
  const probe = h("div.probe");
  put(body, probe);
  let heights = measured(probe, rows);
  for (let tries = 0; tries < 8 && heights.some((height, i) => height > space && rows[i].matches(".para")); tries += 1) {
    rows = rows.flatMap((row, i) => (heights[i] > space && row.matches(".para") ? halves(row) : [row]));
    heights = measured(probe, rows);
  }
  const parts = [];
  let column = columns, free = 0;
  rows.forEach((row, i) => {
    if (heights[i] > free && (column += 1) >= columns) {
      parts.push([]);
      column = 0;
    }
    if (heights[i] > free) free = space;
    free -= heights[i];
    parts.at(-1).push(row);
  });
  return parts;
}

/** The rows' heights in one column, looked at once. */
function measured(probe, rows) {
  put(probe, rows);
  return rows.map((row) => row.getBoundingClientRect().height);
}

function halves(row) {
  const words = row.textContent;
  const middle = Math.floor(words.length / 2);
  const ends = [...ENDS].map((end) => words.lastIndexOf(end, middle)).find((at) => at > middle / 2) ?? middle;
  return [words.slice(0, ends + 1), words.slice(ends + 1)].map((half) => {
    const copy = row.cloneNode(false);
    copy.textContent = half.trim();
    return copy;
  });
}
