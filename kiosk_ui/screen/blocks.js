// What each page of the rotation is made of: a title, a note, rows that may be divided among parts. Pure but for the live picture.
import { boot } from "../shared/boot.js";
import { h } from "../shared/dom.js";
import { lang, languages, pick, t } from "../shared/i18n.js";
import { notices } from "./calls.js";

const FORMS = ["closure", "suspension", "change"];
const HAN = " 一二三四五六七八九十";
const zh = () => lang().startsWith("zh");
const other = () => languages.find((code) => code !== lang());
const join = (words) => words.filter(Boolean).join(zh() ? "、" : ", ");
const dayName = (day) => (zh() ? `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日` : `${Number(day.slice(8))} ${month(day)}`);
const month = (day) => new Date(`${day.slice(0, 7)}-15T12:00:00Z`).toLocaleString("en", { month: "short", timeZone: "UTC" });
const percent = (part, whole) => `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)}%`;

/** {title, title_en, note, rows: [node]} of a page, or null: nothing to show. */
export function made(page, live, zone) {
  const kind = page.page.startsWith("content/") ? "content" : page.page;
  const found = KINDS[kind]?.(page, live, zone);
  return found?.rows.length ? { title: t(`pub.${kind}`), other: other() && boot.texts[other()]?.[`pub.${kind}`], note: "", wide: false, ...found } : null;
}

const KINDS = {
  windows: (page, live, zone) => {
    const open = live.list("window/").filter((w) => (!zone || w.zone === zone) && w.state !== "closed");
    const floors = new Set(live.list("window/").map((w) => w.floor));
    return { rows: byDepartment(open).map((all) => openWindows(all, page.services, !zone && floors.size > 1)) };
  },
  promises: (page) => ({
    note: [h("span", t("pub.promisesNote")), ...Object.entries(page.kept).map(([name, r]) => h("span.kept", t(`pub.kept_${name}`, { p: r.percent, n: r.numerator, m: r.denominator })))],
    head: promise("", h("span", t("pub.item")), h("span", t("pub.promised")), h("span", t("pub.legal")), h("span", t("pub.fee"))),
    rows: page.items.map((item) => promise(".bold", h("span", pick(item)), h("strong", days(item.days)), h("span", days(item.legal_days)), h("span", pick(item, "fee") || t("pub.none")))),
  }),
  suspended: (page, live, zone) => ({
    rows: notices(live, zone).filter((n) => FORMS.includes(n.kind)).map((n) => h("div.p-row.told", h("span.kind", t(`pub.${n.kind}`)), h("p", pick(n, "text")))),
  }),
  lost: (page) => ({
    note: t("pub.lostNote"),
    rows: page.items.map((item) => h("div.p-row.lost", h("strong", item.name, item.count > 1 && ` ${t("pub.count", { n: item.count })}`),
      h("span", join([pick(item, "place"), t("pub.foundOn", { day: dayName(item.day) })])))),
  }),
  ratings: (page) => ({ title: `${t("pub.ratings")}　${monthName(page.month)}`, wide: true, rows: ratings(page) }),
  phones: (page) => ({
    rows: [
      boot.complaints.phones && phone(t("pub.complaint"), boot.complaints.phones, ".first"),
      boot.complaints.windows && phone(t("pub.unresolved"), t("pub.unresolvedAt", { win: boot.complaints.windows }), ".first"),
      ...page.items.map((item) => phone(pick(item), join(item.phones))),
    ].filter(Boolean),
  }),
  results: (page) => ({
    rows: page.items.map((item) => h("div.p-row.result", h("p", h("strong", item.who), item.matter), h("p", h("span", item.result), h("span.muted", dayName(item.from_day))))),
  }),
  content: (page) => ({ title: pick(page, "title"), other: page[zh() ? "title_en" : "title"] || "", wide: true, rows: [
    ...paragraphs(pick(page, "body")),
    ...(page.body_en && other() ? paragraphs(page[zh() ? "body_en" : "body"], ".other") : []),
  ] }),
};

const paragraphs = (body, kind = "") => body.split("\n").filter((line) => line.trim()).map((line) => h(`p.para${kind}`, line.trim()));
const monthName = (name) => (zh() ? `${name.slice(0, 4)}年${Number(name.slice(5))}月` : `${month(name)} ${name.slice(0, 4)}`);
const days = (n) => (n === null ? t("pub.none") : n === 0 ? t("pub.spot") : t(n === 1 ? "pub.day" : "pub.days", { n }));
const promise = (kind, ...cells) => h(`div.p-row.promise${kind}`, cells);
const phone = (what, number, kind = "") => h(`div.p-row.phone${kind}`, h("span", what), h("strong.num", number));

/** The windows of one department on one floor, floor by floor: nobody chooses among them, a number is called to one. */
function byDepartment(windows) {
  const groups = new Map();
  for (const w of [...windows].sort((a, b) => a.floor - b.floor || a.no.localeCompare(b.no, undefined, { numeric: true }))) {
    const key = `${w.floor} ${w.department}`;
    groups.set(key, [...(groups.get(key) || []), w]);
  }
  return [...groups.values()];
}

const SAID = { paused: ["amber", "pub.paused"], advice_only: ["amber", "pub.advice"] };

function openWindows(all, services, withFloor) {
  const [first] = all;
  const said = all.filter((w) => SAID[w.state]).map((w) => h(`span.badge.${SAID[w.state][0]}`, t("pub.winNo", { win: w.no }), t(SAID[w.state][1])));
  const does = [...new Set(all.flatMap((w) => w.services || []))].map((code) => services[code] && pick(services[code]));
  return h("div.p-row.window",
    h("p.of", withFloor && h("span.floor", t("pub.floor", { floor: zh() ? HAN[first.floor] || first.floor : first.floor })), h("strong", pick(first, "department_name")), said,
      h("b.no.num", t("pub.winNo", { win: join(all.map((w) => w.no)) }))),
    h("p.does", join(does)));
}

/** D02: never a share without the number of those who gave it. */
function ratings(page) {
  const most = Math.max(...Object.values(page.levels));
  const figure = (label, part, whole, of) => h("div.figure", h("p", label), h("strong.num", whole ? percent(part, whole) : t("pub.none")), h("small", t(of, { n: part, m: whole })));
  return [
    h("div.figures", figure(t("pub.satisfied"), page.satisfied, page.raters, "pub.satisfiedOf"), figure(t("pub.coverage"), page.rated, page.invited, "pub.coverageOf")),
    ...Object.entries(page.levels).sort(([a], [b]) => b - a).map(([level, n]) => h("div.level",
      h("span", t(`r.${level}`)), h("span.track", h("span.bar", { style: { width: `${most ? (n / most) * 100 : 0}%` } })), h("span.num", t("pub.people", { n })))),
  ];
}

