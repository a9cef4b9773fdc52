// How a case and its rates are said, shared by the list and the page of one case.
import { h } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";

export const RATES = ["spot", "promise", "done"];
const LOOK = { open: "plain", late: "red", untold: "amber", done: "green", done_late: "red", void: "plain" };

/** Of a case, or of a row of the standard. */
export const kindName = (row) => (lang() === "en" ? row.kind_name_en ?? row.en : row.kind_name ?? row.zh);
export const stateBadge = (row) => h(`span.badge.${LOOK[row.state]}`, t(`oc.state_${row.state}`));

/** ["96.24%", "4657 / 4839 件"]. */
export function rateWords({ numerator: n, denominator: m, percent }) {
  return percent === null ? ["–", t("oc.ratesNone")] : [`${percent}%`, t("oc.ratesOf", { n, m })];
}
