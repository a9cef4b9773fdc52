// Today on post: what the system saw of each person's day. A day that is over stands as it was kept.
import { get, latest, post } from "../shared/api.js";
import { hm, isoDay, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { choice, text } from "./controls.js";
import { act, join, section } from "./parts.js";
import { Table } from "./table.js";

const newest = latest();
const EVERY = 20000;
const OFFICE = ["office", "admin"];

export function dayFacts(ctx) {
  const day = h("input.input", { type: "date", value: isoDay(), max: isoDay(), "aria-label": t("sf.day") });
  const state = h("span");
  const box = h("div", h("p.empty", t("o.loading")));
  let table = null;
  const draw = () => newest(get(`/day-facts?day=${day.value}`)).then((found) => {
    const now = found.day === isoDay();
    put(state, h(`span.badge.${now ? "action" : "plain"}`, t(now ? "sf.live" : "sf.kept")));
    table ??= build(ctx, day, draw);
    table.set(found.items);
    if (!box.contains(table.node)) put(box, table.node);
  }, (error) => {
    if (error.status === undefined) throw error;
    table = null;
    put(box, h("p.band.amber", error.message || t("o.lost")));
  });
  day.addEventListener("change", draw);
  draw();
  const timer = setInterval(() => day.value === isoDay() && draw(), EVERY);
  const print = h("button.btn", { type: "button", onclick: () => window.print() }, t("sf.print"));
  return {
    node: section(t("sf.dayfacts"), h("p.muted", t("sf.dayfactsNote")), h("div.bar", day, state, print), h("div.day-facts", box)),
    update: () => {}, stop: () => clearInterval(timer),
  };
}

function build(ctx, day, again) {
  const time = (key, label) => ({ key, label, right: true, value: (r) => r[key], cell: (r) => (r[key] ? minutes(r[key]) : "") });
  const counted = (key, n, label) => ({ key, label, right: true, value: (r) => r[key], cell: (r) => (r[n] ? h("span.badge.amber", t("sf.times", { t: minutes(r[key]), n: r[n] })) : "") });
  const at = (key, label) => ({ key, label, right: true, value: (r) => (r[key] ? ms(r[key]) : null), cell: (r) => (r[key] ? hm(r[key]) : "") });
  return new Table([
    { key: "name", tight: true, label: t("o.colName"), value: (r) => r.name, cell: (r) => h("a", { href: `#person/${r.person}` }, r.name) },
    { key: "windows", label: t("o.colWindow"), value: (r) => r.windows.join(), cell: (r) => [join(r.windows), r.home && r.windows.some((no) => no !== r.home) && h("span.badge.amber", t("op.elsewhere", { win: r.home }))] },
    at("sign_in", t("sf.signIn")), at("sign_out", t("sf.signOut")),
    time("on_post_s", t("sf.onPost")), time("paused_s", t("sf.paused")), time("away_s", t("sf.away")),
    counted("off_post_s", "off_posts", t("sf.offPost")), counted("idle_s", "idles", t("sf.idle")),
    { key: "served", label: t("sf.served"), right: true, value: (r) => r.served, cell: (r) => (r.cases === r.served ? r.served : `${r.served} (${r.cases})`) },
    time("walking_s", t("sf.walking")), time("gap_s", t("sf.gap")), time("extended_s", t("sf.extended")),
    { key: "marks", label: t("sf.marks"), value: (r) => r.marks.length, cell: (r) => [r.marks.map((mark) => h(`span.badge.${r.corrected[mark] ? "plain" : "amber"}`, t(`sf.mark.${mark}`))), Object.entries(r.corrected).map(([mark, word]) => h("small.block", `${t(`sf.mark.${mark}`)}　${t("sf.corrected", word)}`))] },
    ...(OFFICE.includes(ctx.who.role) ? [{ key: "do", label: t("o.colActions"), cell: (r) => open(r).length > 0 && act(t("sf.correct"), async () => (await ask(r, day.value)) && again()) }] : []),
  ], { empty: t("sf.dayfactsNone"), sort: "windows", caption: t("sf.dayfacts") });
}

/** Whole minutes; what is shorter than ten has a decimal. */
const minutes = (seconds) => (seconds / 60).toFixed(seconds < 600 ? 1 : 0);

/** What a correction may be about. */
const open = (r) => [...r.marks, r.off_posts && "off_post", r.idles && "idle"].filter((mark) => mark && !r.corrected[mark]);

function ask(r, day) {
  const fields = [
    choice("mark", t("sf.correctMark"), null, open(r).map((mark) => [mark, t(`sf.mark.${mark}`)])),
    text("reason", t("sf.correctReason"), null, { maxlength: 200, "data-first": true }),
  ];
  return askFields(t("sf.correctTitle", { name: r.name, day }), fields, t("o.save"), (values) => post("/day-facts/corrections", { person: r.person, day, ...values }), t("sf.correctNote"));
}
