// The journal: who changed rules, weights, closures, the calendar; who read personal data. Newest first, page by page.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";
import { act, section, when } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const ABOUT = ["", "rules", "catalogue", "closures", "calendar", "people", "order", "ratings", "cases", "ledger", "reads"];
const HIDDEN = ["order"]; // what a choice was made of stands in the sample, in words

export function journalSearch() {
  const box = h("div.stack");
  const days = period(30, () => search());
  const about = h("select.input", { onchange: () => search(), "aria-label": t("au.about") }, ABOUT.map((name) => h("option", { value: name }, t(`au.about_${name}`))));
  const actor = h("input.input", { type: "text", maxlength: 64, "aria-label": t("au.actor"), placeholder: t("au.actorHint") });
  const ask = (next) => get(`/audit/journal?about=${about.value}&actor=${encodeURIComponent(actor.value.trim())}&${days.query()}${next ? `&next=${next}` : ""}`);
  const search = async () => {
    const table = new Table(COLUMNS(), { empty: t("au.journalEmpty"), caption: t("au.journalTitle") });
    const foot = h("div.btn-row");
    const add = async (rows, next) => {
      const page = await ask(next);
      const all = [...rows, ...page.items];
      table.set(all);
      put(foot, page.next && act(t("au.more"), () => add(all, page.next)));
    };
    await add([], null);
    put(box, table.node, foot);
  };
  return section(t("au.journalTitle"), h("p.muted", t("au.journalNote")),
    h("div.bar", about, actor, days.node, act(t("au.search"), search, ".primary")),
    box);
}

const COLUMNS = () => [
  { key: "seq", tight: true, right: true, label: t("au.seq"), value: (e) => e.seq },
  { key: "at", tight: true, label: t("o.colTime"), value: (e) => e.at, cell: (e) => h("span.num", when(e.at)) },
  { key: "actor", tight: true, label: t("au.actor"), value: who },
  { key: "verb", tight: true, label: t("au.verb"), value: deed },
  { key: "facts", label: t("au.facts"), value: (e) => facts(e).join(" "), cell: (e) => facts(e).map((line) => h("small.block", line)) },
  { key: "rows", label: t("au.rows"), value: (e) => e.rows.join(" "), cell: (e) => [h("small", e.rows.slice(0, 4).join("  ")), e.written > 4 && h("small.block.muted", t("au.rowsMore", { n: e.written }))] },
];

const who = (e) => e.name || (e.actor === "hub" ? t("au.hub") : e.actor);

function deed(e) {
  const key = `aw.${e.verb.replace(/^_+/, "")}`;
  if (has(key)) return t(key);
  return e.actor === "hub" ? `${t("au.byItself")} ${e.verb}` : e.verb;
}

const said = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value));

function facts(e) {
  if (e.verb === "looked") return [e.facts.what === "read" ? e.facts.ref : `${e.facts.what} ${e.facts.ref}`];
  return Object.entries(e.facts).filter(([name]) => !HIDDEN.includes(name)).flatMap(([name, value]) =>
    (name === "rules" ? Object.entries(value).map(([rule, [before, after]]) => `${rule}: ${before ?? "–"} → ${after}`) : `${name}: ${said(value)}`));
}
