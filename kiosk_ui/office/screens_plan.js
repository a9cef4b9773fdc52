// The form of a screens' plan: which screens, which pages in which order and for how long, on which days and hours.
import { create, post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { check, optional, ordered, time, weekdays } from "./controls.js";

const ALL = [1, 2, 3, 4, 5, 6, 7];
const USUAL = 12; // seconds

export function askPlan(ctx, row, options) {
  const zones = (ctx.catalog.zones || []).map((z) => [z.code, pick(z)]);
  const zone = optional("zone", t("scr.zone"), row, [["", t("scr.everywhere")], ...zones]);
  const days = weekdays("days", t("scr.days"), row || { days: ALL });
  const fields = [
    { ...zone, value: () => zone.value() || "" }, turns(row, options), { ...days, value: () => days.value() || [] },
    time("start", t("scr.start"), row || { start: "00:00" }), time("until", t("scr.until"), row || { until: "24:00" }, { hint: t("scr.hoursHint") }),
    check("active", t("scr.active"), row, { preset: true }),
  ];
  return askFields(t("scr.planTitle"), fields, t("o.save"), (v) => (row ? post(`/public/plans/${row.id}`, v) : create("/public/plans", v)));
}

/** Pages in an order of one's own, each with its seconds. */
function turns(row, options) {
  const seconds = (turn, name) => h("input.input.short", { type: "number", min: 5, max: 120, step: 1, value: turn.seconds, "aria-label": t("scr.secondsOf", { name }),
    oninput: (event) => (turn.seconds = Math.round(Number(event.target.value))) });
  const chosen = { pages: (row?.pages || []).map((turn) => ({ ...turn })) };
  const words = { add: t("scr.pageAdd"), empty: t("scr.pagesNone"), hint: t("scr.secondsHint") };
  return ordered("pages", t("scr.pages"), chosen, options, words, { code: (turn) => turn.page, make: (page) => ({ page, seconds: USUAL }), beside: seconds });
}
