// 标准与口径: what no law fixes for good. Each list shows its version and source; a change is the next version from a day on.
import { create, get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { field, filled } from "../window/sign_in.js";
import { KINDS, step } from "./case_words.js";
import { dayBefore, join, named, section, when } from "./parts.js";
import { Table, scrolling } from "./table.js";

const EDITORS = ["office", "admin"];
const TOMORROW = -1;
const LONG = 26; // half-width characters from which a column has two lines to a cell
const WORD = 10; // that a chosen word has room for: the longest ones may be cut, their list is not

export function standards(ctx, kind) {
  const box = h("div", h("p.empty", t("o.loading")));
  const draw = kind ? () => get(`/standards/${kind}`).then((found) => put(box, one(ctx, found, draw))) : () => get("/standards").then(({ items }) => put(box, all(items)));
  const failed = (error) => put(box, h("p.band.amber", error.message || t("o.lost")));
  draw().catch(failed);
  return { node: box, update: () => {} };
}

const word = (prefix, name) => t(`sd.${prefix}_${name}`);
const versionWord = (found) => (found.version ? t("sd.version", { n: found.version }) : t("sd.shipped"));

const all = (items) => section(t("o.standards"), h("p.muted", t("sd.note")), new Table([
  { key: "kind", label: t("sd.kind"), value: (r) => word("k", r.kind), cell: (r) => h("a", { href: `#standards/${r.kind}` }, h("strong", word("k", r.kind))) },
  { key: "version", label: t("sd.inForce"), tight: true, value: (r) => r.version, cell: versionWord },
  { key: "from", label: t("sd.from"), tight: true, value: (r) => r.from_day || "", cell: (r) => r.from_day || t("o.none") },
  { key: "source", label: t("sd.source"), value: (r) => r.source },
], { empty: t("o.none"), caption: t("o.standards") }).set(items).node);

function one(ctx, found, again) {
  const mayEdit = EDITORS.includes(ctx.who.role);
  const parts = Object.entries(found.content).map(([name, value]) => (Array.isArray(value) ? grid(name, value, mayEdit, found.content) : single(name, value, mayEdit, choices("", name, found.content))));
  const singles = parts.filter((part) => part.single);
  return h("div.stack",
    section(word("k", found.kind),
      h("p", h("a", { href: "#standards" }, `← ${t("o.standards")}`)),
      h("p", h("strong", versionWord(found)), found.from_day ? ` · ${t("sd.since", { day: found.from_day })}` : ""),
      h("p.muted", named(t("sd.source"), found.source)),
      singles.length > 0 && h("div.standard-values", singles.map((part) => part.node)),
      parts.filter((part) => !part.single).map((part) => part.node),
      mayEdit && enactForm(found, parts, again)),
    section(t("sd.versions"), versions(found.versions)));
}

/** In half-width characters: a Chinese one takes two places. */
const width = (text) => [...String(text)].reduce((sum, sign) => sum + (sign.codePointAt(0) > 0xff ? 2 : 1), 0);

/** What a column may hold, as [value, word]: codes of the table that it names, else these words; nothing: free text. */
const WORDS = {
  of: ["bad", "good"], group: ["eff", "lvl", "att", "other"], period: ["workday", "month", "none"], whose: ["person", "place"],
  clock: ["spot", "working", "none"], slip: ["", "accept", "refuse", "supplement", "giveback", "advice"],
  unit: ["working", "calendar"], duty: ["department", "office"], per: ["event", "minute"], shape: ["linear", "step"],
};
const STEPS = ["open", "verify", "contact", "rectify", "accept", "investigate", "decide", "approve", "confirm", "handle", "answer", "visit", "return", "close"];

function choices(table, column, content) {
  if (table === "deadlines" && column === "kind") return KINDS.map((kind) => [kind, t(`cs.kind.${kind}`)]);
  if (table === "deadlines" && ["step", "after"].includes(column)) return STEPS.map((name) => [name, step(name)]);
  if (column === "tie") return content.indicator.map((row) => [row.figure, pick({ name: row.zh, name_en: row.en })]);
  if (![table, "code"].includes(column) && content[column]?.[0]?.code) return content[column].map((row) => [row.code, pick({ name: row.zh, name_en: row.en })]);
  return WORDS[column]?.map((value) => [value, value ? t(`ev.${column}_${value}`) : t("o.none")]);
}

/** A value whose column has words, chosen by them; one that has none stands as it is. */
function chosen(label, value, mayEdit, words) {
  const all = words.some(([known]) => known === value) || value === "" ? words : [...words, [value, value]];
  if (!mayEdit) return { node: h("span.tight", all.find(([known]) => known === value)?.[1] ?? ""), value: () => value };
  const room = Math.max(...all.map(([, name]) => width(name)));
  const input = h("select.input", { "aria-label": label, style: { "min-width": `${Math.min(room, WORD) + 7}ch` } }, !words.some(([known]) => known === "") && (value === "" || label === word("c", "tie")) && h("option", { value: "" }, t("o.none")), all.map(([known, name]) => h("option", { value: known, selected: known === value }, name)));
  return { node: input, value: () => input.value };
}

/** A value as an input that gives back the same type; `room` is the width of the widest text of its column. */
function cell(label, value, mayEdit, room = width(value)) {
  if (!mayEdit) return { node: typeof value === "boolean" ? t(value ? "sd.yes" : "sd.no") : String(value), value: () => value };
  if (typeof value === "boolean") {
    const input = h("input", { type: "checkbox", "aria-label": label, checked: value });
    return { node: input, value: () => input.checked };
  }
  if (typeof value === "number") {
    const input = h("input.input.num", { type: "number", step: "any", "aria-label": label, value });
    return { node: input, value: () => Number(input.value) };
  }
  const long = room > LONG;
  const input = h(`${long ? "textarea" : "input"}.input`, { "aria-label": label, value, rows: long ? 2 : null, style: { "min-width": `${Math.min(room, LONG) + 4}ch` } });
  return { node: input, value: () => input.value };
}

function single(name, value, mayEdit, words) {
  const made = words ? chosen(word("c", name), value, mayEdit, words) : cell(word("c", name), value, mayEdit);
  return { single: true, name, value: made.value, node: h("label.field", h("span", word("c", name)), made.node) };
}

/** A table whose rows can be changed, added and taken out. */
function grid(name, rows, mayEdit, content) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const model = Object.fromEntries(columns.map((column) => [column, rows.find((row) => column in row)[column]]));
  const room = Object.fromEntries(columns.map((column) => [column, Math.max(...rows.map((row) => width(row[column] ?? "")))]));
  const words = Object.fromEntries(columns.map((column) => [column, choices(name, column, content)]));
  const made = (column, value) => {
    const label = `${word("c", column)} ${lines.length + 1}`;
    return words[column] ? chosen(label, value, mayEdit, words[column]) : cell(label, value, mayEdit, room[column]);
  };
  const lines = [];
  const body = h("tbody");
  const add = (row) => {
    const cells = columns.filter((column) => column in row).map((column) => [column, made(column, row[column])]);
    const own = Object.fromEntries(cells);
    const line = { value: () => Object.fromEntries(cells.map(([column, input]) => [column, input.value()])) };
    const out = mayEdit && h("td", h("button.btn.small.quiet", { type: "button", onclick: () => (lines.splice(lines.indexOf(line), 1), tr.remove()) }, t("sd.remove")));
    const tr = h("tr", columns.map((column) => h("td", own[column]?.node ?? "")), out);
    lines.push(line);
    body.append(tr);
  };
  rows.forEach(add);
  const empty = () => Object.fromEntries(columns.map((column) => [column, { string: "", number: 0, boolean: true }[typeof model[column]]]));
  const node = h("div.stack",
    h("h3", word("t", name)),
    scrolling(h("div.table-wrap.standard-grid", h("table.table",
      h("caption.sr-only", word("t", name)),
      h("thead", h("tr", columns.map((column) => h("th", { scope: "col" }, word("c", column))), mayEdit && h("th", { scope: "col" }, h("span.sr-only", t("sd.remove"))))),
      body))),
    mayEdit && h("div", h("button.btn.small", { type: "button", onclick: () => add(empty()) }, t("sd.add"))));
  return { name, value: () => lines.map((line) => line.value()), node };
}

function enactForm(found, parts, again) {
  const from = field(t("sd.from"), { type: "date", value: dayBefore(TOMORROW) });
  const source = field(t("sd.source"), { maxlength: 300 });
  const note = field(t("sd.why"), { maxlength: 500 });
  const key = h("button.btn.primary", { type: "submit" }, t("sd.enact"));
  const send = async (event) => {
    event.preventDefault();
    if (!filled(source)) return;
    key.disabled = true;
    try {
      const content = Object.fromEntries(parts.map((part) => [part.name, part.value()]));
      await create(`/standards/${found.kind}`, { content, from_day: from.value(), source: source.value().trim(), note: note.value().trim() });
      await again();
    } catch (error) {
      if (error.status === undefined) throw error;
      from.fail(join([error.message || t("o.lost"), error.detail?.field]));
    } finally {
      key.disabled = false;
    }
  };
  return h("form.stack.cover-form", { onsubmit: send }, h("h3", t("sd.next")), h("p.muted", t("sd.nextNote")), from.node, source.node, note.node, h("div.btn-row", key));
}

const versions = (rows) => new Table([
  { key: "version", label: t("sd.versions"), tight: true, value: (r) => r.version, cell: versionWord },
  { key: "from", label: t("sd.from"), tight: true, value: (r) => r.from_day || "", cell: (r) => r.from_day || t("o.none") },
  { key: "source", label: t("sd.source"), value: (r) => r.source },
  { key: "note", label: t("sd.why"), value: (r) => r.note || "" },
  { key: "at", label: t("sd.madeAt"), tight: true, value: (r) => r.made_at || "", cell: (r) => (r.made_at ? when(r.made_at) : t("o.none")) },
], { empty: t("o.none"), caption: t("sd.versions") }).set(rows).node;
