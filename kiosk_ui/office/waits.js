// Waits of a period (A27): how long, how often sent on, who gave up; each figure with what it means beside it.
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { lasted, load, section } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const MEANINGS = ["isTickets", "isWait", "isShare", "isMoves", "isStops", "isMissed", "isGreen"];
const COLOUR = { green: "green", ordinary: "plain" };

export function waits() {
  const box = h("div");
  const file = h("a.btn", { download: true }, t("wf.file"));
  const days = period(7, () => again());
  const again = () => {
    file.setAttribute("href", `/api/v1/export/waits.csv?${days.query()}`);
    return load(box, `/figures/waits?${days.query()}`, (rows) => put(box, table(rows.filter((r) => r.tickets)).node));
  };
  again();
  return {
    node: h("div.stack",
      section(t("o.waits"), h("p.muted", t("wf.note")), h("div.bar", days.node, file), box),
      section(t("wf.how"), h("ul", MEANINGS.map((key) => h("li", t(`wf.${key}`)))))),
    update: () => {},
  };
}

const share = (value) => (value === null ? t("o.none") : `${Math.round(value * 100)}%`);
const mean = (value) => (value === null ? t("o.none") : value.toFixed(2));
const number = (key, label, cell) => ({ key, label: t(`wf.${label}`), right: true, tight: true, value: (r) => r[key], cell: (r) => cell(r[key]) });

const table = (rows) => new Table([
  { key: "name", label: t("wf.name"), value: nameOf, cell: (r) => h("strong", nameOf(r)) },
  { key: "class", label: t("wf.class"), tight: true, value: (r) => t(`wf.c_${r.class}`), cell: (r) => (COLOUR[r.class] ? h(`span.badge.${COLOUR[r.class]}`, t(`wf.c_${r.class}`)) : t("wf.c_all")) },
  number("tickets", "tickets", String), number("waited", "waited", String),
  number("mean_s", "mean", lasted), number("p50_s", "p50", lasted), number("p90_s", "p90", lasted),
  number("moves", "moves", mean), number("stops", "stops", mean), number("no_show_rate", "no_show_rate", share),
], { empty: t("wf.none"), caption: t("o.waits") }).set(rows);

const nameOf = (row) => pick(row) || t("wf.hall");
