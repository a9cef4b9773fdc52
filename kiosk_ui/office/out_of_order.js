// The monthly list of calls out of order: who was chosen, placed in front or given a number beyond the cap, by whom, why.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { load, section, when } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

export function outOfOrder(ctx) {
  const box = h("div");
  const days = period(30, () => again());
  const again = () => load(box, `/out-of-order?${days.query()}`, (rows) =>
    put(box, h("p.muted", t("oo.count", { n: rows.length })), new Table(columns(ctx), { empty: t("oo.empty"), sort: "at", down: true, caption: t("oo.title") }).set(rows).node));
  again();
  return { node: section(t("oo.title"), h("p.muted", t("oo.note")), h("div.bar", days.node), box), update: () => {} };
}

const columns = (ctx) => [
  { key: "at", tight: true, label: t("o.colTime"), value: (r) => r.at, cell: (r) => h("span.num", when(r.at)) },
  { key: "number", tight: true, label: t("o.colNumber"), value: (r) => r.number, cell: (r) => h("strong", r.number) },
  { key: "service", label: t("o.colService"), value: (r) => ctx.name("services", r.service) },
  { key: "kind", tight: true, label: t("oo.kind"), value: (r) => t(`oo.${r.kind}`) },
  { key: "window", tight: true, label: t("o.colWindow"), value: (r) => r.window || "" },
  { key: "person", tight: true, label: t("oo.who"), value: (r) => r.person || "" },
  { key: "reason", label: t("oo.reason"), value: (r) => r.reason },
];
