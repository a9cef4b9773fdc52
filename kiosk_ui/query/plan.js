// Where the windows are: each floor of the item as a row of windows per area, in their order, its own ones marked (A16).
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

export const plans = (floors) => floors.map((floor) =>
  h("figure.plan", h("figcaption", t("qy.plan", { n: floor.floor }), h("span.plan-key", t("qy.planMine"))), floor.zones.map(zone)));

const zone = (one) => h("div.plan-zone", h("p", pick(one)), h("ol.plan-row", one.windows.map(window)));

function window(one) {
  if (!one.mine) return h("li", { "aria-hidden": "true" }, one.no);
  const words = t(one.open ? "qy.planOpen" : "qy.planShut", { no: one.no });
  return h(`li.mine${one.open ? ".open" : ""}`, h("span", { "aria-hidden": "true" }, one.no), h("span.sr-only", words));
}
