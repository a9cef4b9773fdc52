// A clerk's record: what was served, each level counted, 未评价 apart, and every share with its numerator and denominator.
import { get, list } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { bars, sized } from "../board/chart.js";
import { lasted, section } from "./parts.js";
import { levelMark, period, ratingTable } from "./ratings.js";

const LEVELS = [5, 4, 3, 2, 1];
const GOOD = 3;

export function record(ctx, id) {
  const title = h("h1", t("o.record"));
  const box = h("div.stack");
  const days = period(30, () => again());
  const again = () => load(id, days.query(), title, box, ctx);
  again();
  return {
    node: h("div.stack", h("div.bar", h("a.btn.small", { href: "#staff" }, `← ${t("o.backToStaff")}`), title, days.node), box),
    update: () => {},
  };
}

async function load(id, query, title, box, ctx) {
  try {
    const [found, ratings] = await Promise.all([get(`/staff/${id}/record?${query}`), list(`/ratings?clerk=${id}&${query}`)]);
    const name = found.name || found.person?.name;
    if (name) title.textContent = `${name}　${t("o.record")}`;
    draw(box, found, ratings, ctx);
  } catch (error) {
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.status === 403 ? t("o.notAllowed") : error.message || t("o.lost")));
  }
}

function draw(box, found, ratings, ctx) {
  if (!found.served && !ratings.length) return put(box, h("p.card.empty", t("o.recordEmpty")));
  const rated = LEVELS.reduce((sum, n) => sum + (found.levels[n] || 0), 0);
  const good = LEVELS.filter((n) => n >= GOOD).reduce((sum, n) => sum + (found.levels[n] || 0), 0);
  return put(box,
    h("dl.figures",
      one(t("o.served"), found.served),
      one(t("o.coverage"), share(rated, rated + found.unrated), t("o.coverageOf", { a: rated, b: rated + found.unrated })),
      one(t("o.satisfiedOf"), share(good, rated), rated ? t("o.coverageOf", { a: good, b: rated }) : t("o.figSatNone")),
      one(t("o.handling"), lasted(found.mean_handling_s)),
      one(t("o.missed"), found.no_shows ?? "–"),
      one(t("vs.transferred"), found.transferred ?? "–")),
    h("div.columns",
      section(t("o.levels"), levels(found, rated), h("p.muted", t("o.coverageNote")), h("p.muted", t("o.satNote"))),
      section(t("o.overTime"), overTime(found.by_day))),
    section(t("o.list"), ratingTable(ratings, ctx, { clerk: false }).node));
}

const share = (a, b) => (b ? `${Math.round((a / b) * 100)}%` : "–");
const one = (label, value, sub = "") => h("div.fig", h("dt", label), h("dd", h("strong.num", value), sub && h("small", sub)));

/** Bars with their numbers; not rated stands below a line of its own, being no level. */
function levels(found, rated) {
  const top = Math.max(1, ...LEVELS.map((n) => found.levels[n] || 0), found.unrated);
  const row = (mark, n, of, kind) => {
    const bar = h(`span.bar-fill.${kind}`);
    bar.style.setProperty("width", `${(n / top) * 100}%`);
    return h("li.level", mark, h("span.bar-track", bar), h("strong.num", n), h("small.num.muted", of ? share(n, of) : ""));
  };
  return h("ul.levels",
    LEVELS.map((n) => row(levelMark(n), found.levels[n] || 0, rated, n >= GOOD ? "good" : "bad")),
    h("li.divide"),
    row(h("span.badge.plain", t("r.0")), found.unrated, 0, "none"));
}

function overTime(byDay) {
  const sum = (levels, from, to) => LEVELS.filter((n) => n >= from && n <= to).reduce((total, n) => total + (levels[n] || 0), 0);
  const days = byDay.map(({ day, levels }) => ({ day, parts: [sum(levels, GOOD, 5), sum(levels, 1, GOOD - 1)] }));
  if (!days.some(({ parts }) => parts[0] + parts[1])) return h("p.empty", t("o.ratingsEmpty"));
  const chart = sized((width, height) => bars(days, { width, height, size: 13, unit: t("o.overTimeUnit"), label: t("o.overTime") }));
  return h("div.stack", chart, h("p.legend", h("span.key.part-0"), t("o.good"), h("span.key.part-1"), t("o.badLevels")));
}
