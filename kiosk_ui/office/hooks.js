// 数据推送: what other systems were told, and what they did not take.
import { post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act, join, load, section, when } from "./parts.js";
import { Table } from "./table.js";

const COLOUR = { done: "green", waiting: "plain", refused: "red", given_up: "red" };
const TROUBLE = ["refused", "given_up"];

export function hooks(ctx) {
  const box = h("div.stack");
  const mayAct = ["office", "admin"].includes(ctx.who.role);
  const again = () => load(box, "/webhooks", (rows) => put(box, rows.length ? rows.map((row) => one(row, mayAct, again)) : h("p.empty", t("hk.none"))));
  again();
  return { node: section(t("o.hooks"), h("p.muted", t("hk.note")), box), update: () => {} };
}

const eventWord = (name) => t(`hk.e_${name}`);

function one(row, mayAct, again) {
  const taken = row.latest.find((each) => each.state === "done");
  const table = new Table([
    { key: "at", label: t("hk.at"), tight: true, value: (r) => r.at, cell: (r) => h("span.num", when(r.at)) },
    { key: "event", label: t("hk.event"), tight: true, value: (r) => eventWord(r.event) },
    { key: "state", label: t("hk.state"), tight: true, value: (r) => t(`hk.s_${r.state}`), cell: (r) => h(`span.badge.${COLOUR[r.state]}`, t(`hk.s_${r.state}`)) },
    { key: "tries", label: t("hk.tries"), right: true, tight: true, value: (r) => r.tries },
    { key: "answer", label: t("hk.answer"), value: (r) => r.answer },
    { key: "act", label: "", cell: (r) => mayAct && TROUBLE.includes(r.state) && act(t("hk.again"), async () => (await post(`/webhooks/deliveries/${r.id}/again`), again())) },
  ], { empty: t("o.none"), caption: row.name }).set(row.latest);
  return h("div.stack",
    h("h3", row.name),
    h("p", join(row.events.map(eventWord)), ` · ${t("hk.waiting")} ${row.waiting} · ${t("hk.last")} ${taken ? when(taken.settled_at) : t("o.none")}`),
    table.node);
}
