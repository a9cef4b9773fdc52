// Items in words: fields and their values, what a guide lacks, what differs between two guides.
import { get } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { join, named } from "./parts.js";

/** The editor's groups, in its order: [field, control]. Materials and steps are rows of their own. */
export const GROUPS = {
  What: [["summary", "area"], ["kind", "choice"], ["handling", "choice"], ["audience", "choice"], ["basis", "lines"], ["conditions", "lines"], ["result", "text"], ["special", "text"], ["online", "text"]],
  Time: [["promised_days", "days"], ["legal_days", "days"], ["time_source", "choice"], ["fee", "text"], ["fee_basis", "text"]],
  Where: [["place", "text"], ["hours", "text"], ["phone", "text"], ["supervision_phone", "text"]],
  Find: [["aliases", "lines"], ["events", "events"], ["mail", "tick"], ["publish", "tick"]],
  English: [["summary_en", "area"], ["conditions_en", "lines"], ["result_en", "text"], ["special_en", "text"], ["online_en", "text"], ["fee_en", "text"], ["place_en", "text"], ["hours_en", "text"]],
};
export const CHOICES = {
  kind: ["permit", "confirm", "benefit", "levy", "register", "service", "other"],
  handling: ["spot", "promise"],
  audience: ["person", "company", "both"],
  time_source: ["law", "promise", "reference"],
  form: ["original", "copy", "both", "form", "electronic"],
};
export const TRIGGERS = ["law", "decision", "duty", "elements", "merge", "other"];
const MATERIAL = ["name", "name_en", "form", "copies", "when", "when_en", "source", "how", "how_en", "samples"];
const STEP = ["name", "name_en", "note", "note_en"];

export const mayEdit = (ctx) => ["office", "admin"].includes(ctx.who.role);
export const mayAsk = (ctx) => mayEdit(ctx) || ctx.who.role === "chief";

/** "承诺时限（工作日）" as 承诺时限: in lists the unit is noise. */
export const fieldName = (name) => t(`gf.${name}`).replace(/\s*[（(][^）)]*[）)]$/, name.endsWith("_en") ? "$&" : "");
export const fieldNames = (names) => join(names.map(fieldName));
export const versionWords = (n) => (n ? t("gt.versionIs", { n }) : t("gt.noVersion"));
export const days = (n) => (n === 0 ? t("gt.onTheSpot") : t("gt.days", { n }));
export const copies = (n) => t("gt.copies", { n });

let known = [];
/** Life events as [code, name], by the list in force. */
export const loadEvents = () => get("/standards/life_events").then((found) => (known = found.content.event), () => null).then(() => known.map((e) => [e.code, eventName(e.code)]));
export function eventName(code) {
  const event = known.find((one) => one.code === code);
  return event ? pick({ name: event.zh, name_en: event.en }) : code;
}

/** A single value as people read it; nothing is "". */
export function words(name, value) {
  if (value === null || value === undefined || value === "") return "";
  if (CHOICES[name]) return t(`gv.${name}_${value}`);
  if (name.endsWith("_days")) return days(value);
  if (typeof value === "boolean") return value ? t("gv.yes") : "";
  return String(value);
}

const partWords = (names, part) => names.map((name) => {
  if (name === "copies") return copies(part.copies);
  if (name === "samples") return part.samples.length ? named(t("gf.m_samples"), part.samples.length) : "";
  return words(name, part[name]);
}).filter(Boolean).join(" · ");

/** A field as lines, so that two versions can be held against each other. */
function lines(name, guide) {
  const value = guide?.[name];
  if (name === "materials") return (value || []).map((part) => partWords(MATERIAL, part));
  if (name === "steps") return (value || []).map((part) => partWords(STEP, part));
  if (name === "events") return (value || []).map(eventName);
  if (Array.isArray(value)) return value;
  return [words(name, value)].filter(Boolean);
}

/** What differs: [{field, before, after}] as lines. */
export const differences = (before, after) => Object.keys(after)
  .map((field) => ({ field, before: lines(field, before), after: lines(field, after) }))
  .filter((row) => row.before.join("\n") !== row.after.join("\n"));

const marked = (own, other, tag) => (own.length ? own.map((line) => h("p", other.includes(line) ? line : h(tag, line))) : h("p.muted", t("gt.nothingBefore")));

export function differenceTable(rows) {
  if (!rows.length) return h("p.muted", t("gt.noDifference"));
  return h("table.table.item-diff",
    h("thead", h("tr", ["field", "before", "after"].map((name) => h("th", { scope: "col" }, t(`gt.${name}`))))),
    h("tbody", rows.map((row) => h("tr", h("th", { scope: "row" }, fieldName(row.field)),
      h("td", { "data-label": t("gt.before") }, marked(row.before, row.after, "del")),
      h("td", { "data-label": t("gt.after") }, marked(row.after, row.before, "ins"))))));
}

/** What is missing, and what reads oddly; green where nothing is. */
export function lackBands(item) {
  const warnings = item.warnings.map((name) => h("p.band.amber", t(`gt.warn_${name}`)));
  if (!item.missing.length && !item.fields.length) return [h("p.band.green", t("gt.allThere")), ...warnings];
  return [
    item.missing.length > 0 && h("p.band.amber", t("gt.lacksSix", { what: fieldNames(item.missing) })),
    item.fields.length > 0 && h("p.muted", t("gt.lacksOthers", { what: fieldNames(item.fields) })),
    ...warnings,
  ];
}

export const itemName = (item) => pick(item) || item.service;
export const stateBadge = (row) => h(`span.badge${{ filed: ".amber", approved: ".action", done: ".green" }[row.state] || ""}`, t(`gt.state_${row.state}`));
