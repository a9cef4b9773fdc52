// Ratings: every one that was given, by day and clerk, and as a file.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";
import { dayBefore, join, load, section, when } from "./parts.js";
import { Table } from "./table.js";

const BAD = 2;
const COLOUR = { 5: "green", 4: "green", 3: "action", 2: "red", 1: "red" };
const CHANNEL = { pad: "chPad", page: "chPage", phone: "chPhone", kiosk: "roleKiosk" };

export const levelMark = (level) => h(`span.badge.${COLOUR[level]}`, t(`r.${level}`));

const codes = (reasons) => (Array.isArray(reasons) ? reasons : String(reasons || "").split(",").filter(Boolean));
const reasonWords = (reasons) => join(codes(reasons).map((code) => (has(`r.${code}`) ? t(`r.${code}`) : code)));

export function ratingTable(rows, ctx, { clerk = true } = {}) {
  const columns = [
    { key: "at", tight: true, label: t("o.colTime"), value: (r) => r.at, cell: (r) => h("span.num", when(r.at)) },
    { key: "number", tight: true, label: t("o.colNumber"), value: (r) => r.number ?? r.ticket },
    { key: "service", label: t("o.colService"), value: (r) => ctx.name("services", r.service) },
    { key: "window", label: t("o.colWindow"), value: (r) => r.window },
    clerk && { key: "clerk", tight: true, label: t("o.colClerk"), value: (r) => r.clerk || "" },
    { key: "level", label: t("o.colLevel"), value: (r) => r.level, cell: (r) => levelMark(r.level) },
    { key: "why", label: t("o.colReasons"), value: (r) => reasonWords(r.reasons) },
    { key: "comment", label: t("o.colComment"), value: (r) => r.comment || "" },
    { key: "channel", tight: true, label: t("o.colChannel"), value: (r) => (CHANNEL[r.channel] ? t(`o.${CHANNEL[r.channel]}`) : r.channel) },
  ].filter(Boolean);
  return new Table(columns, { empty: t("o.ratingsEmpty"), sort: "at", down: true, caption: t("o.ratings") }).set(rows);
}

/** Two days, with the usual spans as keys. */
export function period(days, changed) {
  const from = h("input.input", { type: "date", value: dayBefore(days - 1), "aria-label": t("o.from") });
  const to = h("input.input", { type: "date", value: dayBefore(0), "aria-label": t("o.to") });
  const span = (n) => () => {
    from.value = dayBefore(n - 1);
    to.value = dayBefore(0);
    changed();
  };
  for (const input of [from, to]) input.addEventListener("change", () => changed());
  const key = (words, n) => h("button.btn.small", { type: "button", onclick: span(n) }, words);
  const node = h("div.period", from, h("span", t("o.to")), to, key(t("o.today"), 1), key(t("o.week"), 7), key(t("o.month"), 30));
  return { node, query: () => `from=${from.value}&to=${to.value}` };
}

export function ratings(ctx) {
  const box = h("div");
  const clerk = h("select.input", { "aria-label": t("o.clerk") }, h("option", { value: "" }, `${t("o.clerk")}：${t("o.allClerks")}`));
  const level = h("select.input", { "aria-label": t("o.level") },
    [["", `${t("o.level")}：${t("o.allLevels")}`], ["bad", t("o.onlyBad")], ...[5, 4, 3, 2, 1].map((n) => [n, t(`r.${n}`)])].map(([value, words]) => h("option", { value }, words)));
  const file = h("a.btn", { download: true }, t("o.export"));
  const days = period(7, () => again());
  let rows = [];
  const draw = () => {
    const fits = (r) => !level.value || (level.value === "bad" ? r.level <= BAD : r.level === Number(level.value));
    put(box, h("p.muted", t("o.count", { n: rows.filter(fits).length })), ratingTable(rows.filter(fits), ctx).node);
  };
  const again = () => {
    file.setAttribute("href", `/api/v1/export/ratings.csv?${days.query()}`);
    return load(box, `/ratings?${days.query()}${clerk.value ? `&clerk=${clerk.value}` : ""}`, (items) => ((rows = items), draw()));
  };
  clerk.addEventListener("change", again);
  level.addEventListener("change", draw);
  get("/staff").then(({ items }) => clerk.append(...items.map((p) => h("option", { value: p.id }, p.name)))).catch(() => {});
  again();
  return { node: section(t("o.ratings"), h("div.bar", days.node, clerk, level, file), box), update: () => {} };
}
