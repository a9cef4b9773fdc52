// A table that sorts, filters and says what to do when it is empty. Rows may be set again; the order is kept.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const LONG = 10; // characters: a text that must not be squeezed into a column of single words
const collate = new Intl.Collator("zh-CN", { numeric: true });

/** What a row sorts by: numbers as numbers, all else as text; nothing goes last. */
function compare(a, b) {
  if (a === null || a === undefined || a === "") return b === null || b === undefined || b === "" ? 0 : 1;
  if (b === null || b === undefined || b === "") return -1;
  return typeof a === "number" && typeof b === "number" ? a - b : collate.compare(String(a), String(b));
}

/** What is wider than its place scrolls, and then the keyboard must reach it. */
export function scrolling(node) {
  const look = () => (node.scrollWidth > node.clientWidth ? (node.tabIndex = 0) : node.removeAttribute("tabindex"));
  const watch = new ResizeObserver(look);
  for (const each of [node, node.firstElementChild]) watch.observe(each);
  return node;
}

export class Table {
  /** columns: [{key, label, value(row), cell(row) -> node or text, right, tight (never wraps)}]; empty: what to do when there are no rows. */
  constructor(columns, { empty, caption = "", sort = null, down = false } = {}) {
    Object.assign(this, { columns, empty, sort, down, rows: [], words: "" });
    this.head = h("tr");
    this.body = h("tbody");
    this.table = h("table.table", caption && h("caption.sr-only", caption), h("thead", this.head), this.body);
    this.note = h("p.empty", { hidden: true });
    this.node = scrolling(h("div.table-wrap", this.table, this.note));
    this.drawHead();
  }

  drawHead() {
    put(this.head, this.columns.map((column) => {
      const on = this.sort === column.key;
      const arrow = on ? (this.down ? " ↓" : " ↑") : "";
      const inner = column.value
        ? h("button", { type: "button", onclick: () => this.sortBy(column.key), title: t("o.sortBy", { col: column.label }) }, column.label + arrow)
        : column.label;
      return h("th", { scope: "col", class: column.right ? "right" : "", "aria-sort": on ? (this.down ? "descending" : "ascending") : null }, inner);
    }));
  }

  sortBy(key) {
    this.down = this.sort === key && !this.down;
    this.sort = key;
    this.drawHead();
    this.draw();
    this.head.querySelector(`th:nth-child(${this.columns.findIndex((c) => c.key === key) + 1}) button`).focus();
  }

  filter(words) {
    this.words = words.trim().toLowerCase();
    this.draw();
  }

  set(rows) {
    this.rows = rows;
    this.draw();
    return this;
  }

  shown() {
    const texts = (row) => this.columns.map((c) => (c.value ? c.value(row) : "")).join(" ").toLowerCase();
    const rows = this.words ? this.rows.filter((row) => texts(row).includes(this.words)) : [...this.rows];
    const by = this.columns.find((c) => c.key === this.sort)?.value;
    if (by) rows.sort((a, b) => (this.down ? -1 : 1) * compare(by(a), by(b)));
    return rows;
  }

  cell(column, row) {
    const box = h("div", column.cell ? column.cell(row) : column.value(row) ?? "");
    const kind = [column.right && "right", column.tight && "tight", !column.tight && !column.right && box.textContent.length > LONG && "long", !box.hasChildNodes() && "void"].filter(Boolean).join(" ");
    return h("td", { class: kind, "data-label": column.label }, box);
  }

  draw() {
    const rows = this.shown();
    this.note.hidden = rows.length > 0;
    this.table.hidden = rows.length === 0;
    this.note.textContent = this.rows.length ? t("o.nothingFound") : this.empty;
    put(this.body, rows.map((row) => h("tr", this.columns.map((c) =>
      this.cell(c, row)))));
  }
}
