// Words of the page in its language. Texts come with the shell; a missing key shows itself.
import { boot } from "./boot.js";

const KEPT = "hallq.lang";
/** The hall's own devices speak its first language, whatever their browser was installed with. */
const DEVICES = ["kiosk", "screen", "board", "pad-citizen"];
const isDevice = DEVICES.includes(boot.page) || (boot.page === "query" && Boolean(boot.place));
export const firstLang = isDevice ? boot.languages[0] : boot.lang || boot.languages[0];
const listeners = new Set();
let current = kept() || firstLang;
document.documentElement.lang = current;

function kept() {
  const value = sessionStorage.getItem(KEPT);
  return boot.languages.includes(value) ? value : null;
}

export const lang = () => current;
export const languages = boot.languages;

/** t("k.wait", {n: 5}) in the current language, else in the hall's first one. */
export function t(key, values = {}) {
  const text = boot.texts[current]?.[key] ?? boot.texts[boot.languages[0]]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const has = (key) => Boolean(boot.texts[current]?.[key] ?? boot.texts[boot.languages[0]]?.[key]);

/** A record's value in the current language: pick(service, "name") reads name_en in English, where there is one. */
export function pick(record, field = "name") {
  if (!record) return "";
  const other = current.startsWith("zh") ? null : record[`${field}_${current.split("-")[0]}`];
  return other || record[field] || "";
}

/** The attributes of words that may be in Chinese only: an English page marks them so. */
export const spoken = (words) => (current.startsWith("zh") || !/\p{Script=Han}/u.test(words) ? {} : { lang: "zh-CN" });

export function setLang(next) {
  if (!boot.languages.includes(next) || next === current) return;
  current = next;
  sessionStorage.setItem(KEPT, next);
  document.documentElement.lang = next;
  for (const fn of listeners) fn(next);
}

/** fn runs after each switch: render everything again. */
export function onLang(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** The name of a language, written in that language. */
export const languageName = (code) => ({ "zh-CN": "中文", en: "English" }[code] || code);
