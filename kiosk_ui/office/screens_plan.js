// The form of a screens' plan: which screens, which pages in which order and for how long, on which days and hours.
import { create, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { check, optional, time, weekdays } from "./controls.js";

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

/** Pages in an order of one's own, each with its seconds; moved by keys. */
function turns(row, options) {
  const chosen = (row?.pages || []).map((turn) => ({ ...turn }));
  const nameOf = (page) => options.find(([value]) => value === page)?.[1] || page;
  const items = h("ol.ordered", { "aria-label": t("scr.pages") });
  const more = h("select.input", { "aria-label": t("scr.pageAdd") });
  const error = h("span.error", { role: "alert" });
  const key = (sign, says, work, disabled = false) => h("button.btn.small", { type: "button", "aria-label": says, title: says, disabled, onclick: work }, sign);
  const move = (from, to) => {
    chosen.splice(to, 0, ...chosen.splice(from, 1));
    draw();
    items.children[to].querySelector("button:not(:disabled)").focus();
  };
  const drop = (at) => (chosen.splice(at, 1), draw(), add.focus());
  const seconds = (turn) => h("input.input.short", { type: "number", min: 5, max: 120, step: 1, value: turn.seconds, "aria-label": t("scr.secondsOf", { name: nameOf(turn.page) }),
    oninput: (event) => (turn.seconds = Math.round(Number(event.target.value))) });
  const draw = () => {
    put(items, chosen.map((turn, i) => h("li", h("span", nameOf(turn.page)), h("span.btn-row", seconds(turn),
      key("↑", t("o.cUp", { name: nameOf(turn.page) }), () => move(i, i - 1), i === 0),
      key("↓", t("o.cDown", { name: nameOf(turn.page) }), () => move(i, i + 1), i === chosen.length - 1),
      key("×", t("o.cRemove", { name: nameOf(turn.page) }), () => drop(i))))),
    !chosen.length && h("li.muted", t("scr.pagesNone")));
    const rest = options.filter(([page]) => !chosen.some((turn) => turn.page === page));
    put(more, rest.map(([value, says]) => h("option", { value }, says)));
    add.disabled = !rest.length;
  };
  const add = h("button.btn", { type: "button", onclick: () => (chosen.push({ page: more.value, seconds: USUAL }), draw()) }, t("scr.pageAdd"));
  draw();
  const node = h("div.field", h("span.label", t("scr.pages")), h("small.muted", t("scr.secondsHint")), items, h("div.bar", more, add), error);
  return { name: "pages", input: more, node, value: () => chosen, fail: (words) => say(error, words) };
}
