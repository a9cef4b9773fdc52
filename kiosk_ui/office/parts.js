// Small pieces that the office's pages share: times in words, buttons that ask first, panels that load.
import { get, list } from "../shared/api.js";
import { hallDate, hm, hubNow, isoDay, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { has, lang, pick, t } from "../shared/i18n.js";

const DAY = 86400000;

/** "10:06" today, "11-20 10:06" on another day. */
export function when(at) {
  if (!at) return t("o.none");
  const d = hallDate(at);
  const today = isoDay(hubNow()) === d.toISOString().slice(0, 10);
  return today ? hm(at) : `${d.toISOString().slice(5, 10)} ${hm(at)}`;
}

/** "2026-11-24 09:00"; at midnight the day alone, and an end is said with the day before: forms speak of days. */
export function dayTime(at, ends = false) {
  if (!at) return "";
  const clock = hallDate(at).toISOString().slice(11, 16);
  if (clock !== "00:00") return `${isoDay(at)} ${clock}`;
  return isoDay(ends ? ms(at) - 1 : at);
}

export const minutesSince = (at) => Math.max(0, Math.floor((hubNow() - ms(at)) / 60000));

/** Seconds as "7 分 43 秒" or "1 小时 5 分". */
export function lasted(seconds) {
  if (seconds === null || seconds === undefined) return t("o.none");
  const s = Math.round(seconds);
  if (s < 3600) return t("o.minSec", { m: Math.floor(s / 60), s: s % 60 });
  return t("o.hourMin", { h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) });
}

export const dayBefore = (days) => isoDay(hubNow() - days * DAY);

/** A button; while its work runs it cannot be pressed again, and a refusal stands beside it in words. */
export function act(words, work, kind = "") {
  const error = h("span.error", { role: "alert" });
  const button = h(`button.btn.small${kind}`, { type: "button", onclick: async () => {
    button.disabled = true;
    error.textContent = "";
    try {
      await work();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      error.textContent = problem.message || t("o.lost");
    } finally {
      button.disabled = false;
    }
  } }, words);
  return h("span.act", button, error);
}

/** A list of which `first` is the first page: `add(items)` shows a page, the key that is returned loads the next one. */
export function paged(path, first, add, key = act) {
  const more = h("div.btn-row");
  const show = (page) => {
    add(page.items);
    put(more, page.next && key(t("ui.more"), async () => show(await get(`${path}&next=${page.next}`))));
  };
  show(first);
  return more;
}

/** The same in a table: the table and the key. */
export function pagedTable(table, path, first) {
  const rows = [];
  const more = paged(path, first, (items) => (rows.push(...items), table.set(rows)));
  return [table.node, more];
}

/** Loads a list into a box: 正在读取 first, then content, or the error with a key to try again. */
export async function load(box, path, show) {
  if (!box.childElementCount) put(box, h("p.empty", t("o.loading")));
  try {
    show(await list(path));
  } catch (error) {
    if (error.status === undefined) throw error;
    const words = error.status === 403 ? t("o.notAllowed") : error.message || t("o.lost");
    put(box, h("p.band.amber", words), h("button.btn", { type: "button", onclick: () => load(box, path, show) }, t("o.retry")));
  }
}

export const section = (title, ...content) => h("section.card.stack", h("h2", title), ...content);

/** Names of codes in the catalogue, in the page's language. */
export function namer(catalog) {
  const tables = Object.fromEntries(["services", "departments", "zones", "categories"].map((name) =>
    [name, new Map((catalog[name] || []).map((row) => [row.code, row]))]));
  return (table, code) => pick(tables[table].get(code)) || code || t("o.none");
}

export const join = (words) => words.filter(Boolean).join(lang().startsWith("zh") ? "、" : ", ");
/** "渠道：全部", "Channel: all". */
export const named = (name, value) => `${name}${lang().startsWith("zh") ? "：" : ": "}${value}`;

/** What a record is called that another rests upon: "pause/8" is 暂停记录 8. */
export function evidenceName(ref) {
  const [kind, number] = ref.split("/");
  return has(`ev.${kind}`) ? t(`ev.${kind}`, { n: number }) : ref;
}
