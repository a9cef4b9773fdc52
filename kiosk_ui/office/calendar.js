// The hall's year: which days are worked, what the office has set, and whether the year is confirmed.
import { get, post } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { field } from "../window/sign_in.js";
import { sheet } from "../window/sheets.js";
import { act, section } from "./parts.js";

const EDITORS = ["office", "admin"];
const STEP = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const KINDS = ["work", "rest", "holiday", "makeup"];
const utc = (iso) => new Date(`${iso}T00:00:00Z`);
const weekday = (iso) => (utc(iso).getUTCDay() + 6) % 7; // Monday is 0
const written = (iso, options) => new Intl.DateTimeFormat(lang(), { timeZone: "UTC", ...options }).format(utc(iso));
const inFull = (iso) => written(iso, { year: "numeric", month: "long", day: "numeric", weekday: "long" });

export function calendar(ctx) {
  const box = h("div.stack");
  const editor = EDITORS.includes(ctx.who?.role);
  let year = Number(isoDay().slice(0, 4));
  let focused = isoDay();
  const show = async (refocus = false) => {
    try {
      put(box, page(await get(`/calendar?year=${year}`)));
      if (refocus) box.querySelector(`[data-day="${focused}"]`)?.focus();
    } catch (error) {
      if (error.status === undefined) throw error;
      put(box, h("p.band.amber", error.message || t("o.lost")));
    }
  };
  const turn = (by) => {
    year += by;
    focused = `${year}-01-01`;
    show();
  };

  const page = (data) => [
    h("div.bar.cal-head",
      h("button.btn", { type: "button", "aria-label": t("cal.prev"), onclick: () => turn(-1) }, "‹"),
      h("h2", t("cal.title", { year })),
      h("button.btn", { type: "button", "aria-label": t("cal.next"), onclick: () => turn(1) }, "›"),
      h("span.muted", t("cal.days", { n: data.working })),
      h("span.cal-legend", KINDS.map((kind) => h("span", h(`i.cal-key.${kind}`, { "aria-hidden": "true" }), t(`cal.${kind}`))),
        h("span", h("i.cal-key.own", { "aria-hidden": "true" }), t("cal.own"))),
      editor && h("a.btn", { href: "#catalogue/hours" }, t("cal.hours"))),
    standing(data),
    h("p.muted", t(editor ? "cal.keys" : "cal.look")),
    grid(data),
    section(t("cal.listTitle"), list(data)),
  ];

  const standing = (data) => {
    if (!data.observes) return h("p.band", t("cal.ignored"));
    if (data.announced) return h("p.band.green", t("cal.announced"));
    if (data.confirmed) return h("p.band.green", t("cal.confirmed", { name: data.confirmed_by }));
    return h("div.band.amber.cal-confirm", h("p", t("cal.forecast", { year })), editor && act(t("cal.confirmAsk", { year }), async () => {
      await post("/calendar/years", { year });
      show();
    }, ".primary"));
  };

  const grid = (data) => {
    const months = Array.from({ length: 12 }, (_, i) => data.days.filter((d) => Number(d.day.slice(5, 7)) === i + 1));
    if (!data.days.some((d) => d.day === focused)) focused = data.days[0].day;
    const node = h("div.cal-year", { onkeydown: keyed }, months.map(month));
    return node;
  };

  const month = (days) => h("section.cal-month",
    h("h3", written(days[0].day, { month: "long" })),
    h("div.cal-days",
      [1, 2, 3, 4, 5, 6, 7].map((n) => h("span.cal-weekday", { "aria-hidden": "true" }, t(`cal.w${n}`))),
      Array.from({ length: weekday(days[0].day) }, () => h("span")),
      days.map(dayKey)));

  const dayKey = (d) => {
    const name = pick(d, "name");
    const label = [inFull(d.day), t(`cal.${d.kind}`), name, d.own && t("cal.own")].filter(Boolean).join("，");
    const mark = { holiday: "cal.markHoliday", makeup: "cal.markMakeup" }[d.kind];
    return h(`button.cal-day.${d.kind}${d.own ? ".own" : ""}`, {
      type: "button", "data-day": d.day, "aria-label": label, title: [name, t(`cal.${d.kind}`)].filter(Boolean).join(" · "),
      tabindex: d.day === focused ? 0 : -1, "aria-current": d.day === isoDay() ? "date" : null,
      onclick: () => ((focused = d.day), edit(d)), onfocus: () => rove(d.day),
    }, h("span.num", Number(d.day.slice(8))), mark && h("small", { "aria-hidden": "true" }, t(mark)));
  };

  const rove = (day) => {
    focused = day;
    for (const key of box.querySelectorAll(".cal-day")) key.tabIndex = key.dataset.day === day ? 0 : -1;
  };

  const keyed = (event) => {
    const step = STEP[event.key];
    const from = event.target.dataset?.day;
    if (!step || !from) return;
    event.preventDefault();
    const to = new Date(utc(from).getTime() + step * 86400000).toISOString().slice(0, 10);
    box.querySelector(`[data-day="${to}"]`)?.focus();
  };

  const edit = async (d) => {
    if (!editor) return;
    if (d.day < isoDay()) return void sheet(inFull(d.day), (done) => [h("p", t("cal.past")), foot(done)]);
    const wish = await sheet(inFull(d.day), (done) => form(d, done));
    if (wish) show(true);
    else box.querySelector(`[data-day="${d.day}"]`)?.focus();
  };

  const form = (d, done) => {
    const name = field(t("cal.name"), { value: d.own ? d.name : "", maxlength: 40 });
    const nameEn = field(t("cal.nameEn"), { value: d.own ? d.name_en : "", maxlength: 40 });
    const note = h("p.error", { role: "alert" });
    const send = async (path, body) => {
      try {
        await post(path, body);
        done(true);
      } catch (error) {
        if (error.status === undefined) throw error;
        say(note, error.message || t("o.lost"));
      }
    };
    const set = (working) => send("/calendar/days", { day: d.day, working, name: name.input.value.trim(), name_en: nameEn.input.value.trim() });
    return [
      h("p", t("cal.asUsual", { kind: [t(`cal.${d.kind}`), pick(d, "name")].filter(Boolean).join(" · ") })),
      name.node, h("small.muted", t("cal.nameHint")), nameEn.node, note,
      h("div.btn-row",
        h("button.btn.primary", { type: "button", "data-first": true, onclick: () => set(!d.working) }, t(d.working ? "cal.shut" : "cal.open")),
        d.own && h("button.btn", { type: "button", onclick: () => set(d.working) }, t(d.working ? "cal.open" : "cal.shut")),
        d.own && h("button.btn", { type: "button", onclick: () => send(`/calendar/days/${d.day}/clear`, {}) }, t("cal.clear"))),
      foot(done),
    ];
  };

  const list = (data) => {
    const own = data.days.filter((d) => d.own);
    if (!own.length) return h("p.muted", t("cal.listEmpty"));
    return h("ul.cal-own", own.map((d) => h("li",
      h("strong.num", inFull(d.day)), h(`span.badge.${d.working ? "amber" : "green"}`, t(`cal.${d.kind}`)), h("span", pick(d, "name")))));
  };

  show();
  return { node: box, update: () => {} };
}

const foot = (done) => h("div.btn-row.sheet-foot", h("button.btn", { type: "button", onclick: () => done() }, t("cal.cancel")));
