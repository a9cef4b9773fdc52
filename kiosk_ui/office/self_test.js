// B28: one press checks every device; each check is kept with who, when and what each device did.
import { create } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act, load, named, section, when } from "./parts.js";
import { Table } from "./table.js";

const LOOK = 1500;

/** The card of the devices' page; only the office may start a check. */
export function selfTest(may) {
  const box = h("div");
  const running = h("p.band.amber", { role: "status", hidden: true }, t("st.running"));
  const again = () => load(box, "/devices/checks", (rows) => {
    put(box, table(rows.filter((row) => row.ended)).node);
    running.hidden = !rows[0]?.running || !box.isConnected;
    if (!running.hidden) setTimeout(again, LOOK);
  });
  const start = async () => (await create("/devices/check", {}), again());
  setTimeout(again);
  return section(t("st.title"), h("p.muted", t("st.note")), may && h("div.btn-row", act(t("st.go"), start, ".primary")), running, box);
}

const table = (rows) => new Table([
  { key: "at", label: t("st.when"), tight: true, value: (r) => r.at, cell: (r) => when(r.at) },
  { key: "by", label: t("st.by"), tight: true, value: (r) => r.by },
  { key: "devices", label: t("st.devices"), right: true, tight: true, value: (r) => r.devices },
  { key: "failed", label: t("st.result"), value: (r) => r.failed, cell: result },
  { key: "print", label: t("st.print"), tight: true, cell: (r) => h("a", { href: `/office/checks/${r.id}/print`, target: "_blank" }, t("st.print")) },
], { empty: t("st.none"), sort: "at", down: true, caption: t("st.title") }).set(rows);

/** What is not well, by name. */
function result(row) {
  if (!row.failed) return h("span.badge.green", t("st.allDone"));
  const odd = Object.entries(row.results).filter(([, how]) => how !== "done");
  return [h("span.badge.amber", t("st.some", { n: row.failed })), h("small.muted.block", odd.map(([id, how]) => named(id, t(`st.${how}`))).join("；"))];
}
