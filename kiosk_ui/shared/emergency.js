// An emergency over a page: all of it where citizens look, a red band where people work. It lies beside <body>, so that
// whatever the page draws stays underneath and is there again afterwards.
import { boot } from "./boot.js";
import { hm, since } from "./clock.js";
import { h, put, say } from "./dom.js";
import { lang, languages, onLang, pick, t } from "./i18n.js";

const root = document.documentElement;
const EVERY = 5000;
const inLanguage = (code, key) => boot.texts[code]?.[key] || "";

export const emergencyOf = (live) => live.list("notice/").find((n) => n.kind === "emergency") || null;

const headKey = (notice) => (notice.detail?.kind === "hold" ? "em.headHold" : "em.headEvacuate");

/** The words of a full page, in both languages of the hall. */
export function fullWords(notice) {
  const other = languages.find((code) => code !== lang());
  const foreign = other && (lang().startsWith("zh") ? notice.text_en : notice.text);
  return [
    h("h1.emergency-head", { tabindex: "-1" }, t(headKey(notice))),
    other && h("p.emergency-foreign", { lang: other }, inLanguage(other, headKey(notice))),
    h("p.emergency-text", pick(notice, "text")),
    foreign && h("p.emergency-foreign", { lang: other }, foreign),
    h("p.emergency-note", t("em.valid")),
  ];
}

function bandWords(notice, more, href) {
  return [h(href ? "a" : "strong", { href }, t("em.title")), h("span", pick(notice, "text")), more.map((key) => h("span", t(key))), h("span.num.emergency-since")];
}

/** emergency(live, {full: true}) or emergency(live, {more: ["em.clerk"], href: "#emergency"}). */
export function emergency(live, { full = false, more = [], href = null } = {}) {
  const box = h("div", { class: full ? "emergency-page" : "emergency-band", role: "alert", hidden: true });
  const words = (notice) => (full ? fullWords(notice) : bandWords(notice, more, href));
  root.append(box);
  let shown = "";
  const draw = () => {
    const notice = emergencyOf(live);
    const sign = notice ? `${notice.id}${notice.text}${lang()}` : "";
    if (sign !== shown) {
      box.hidden = !notice;
      put(box, notice ? words(notice) : "");
      if (full) document.body.inert = Boolean(notice);
      root.toggleAttribute("data-emergency", Boolean(notice));
      if (full && notice) box.querySelector("h1").focus({ preventScroll: true });
    }
    shown = sign;
    const clock = notice && box.querySelector(".emergency-since");
    if (clock) say(clock, t("em.since", { t: hm(notice.at), n: Math.floor(since(notice.at) / 60) }));
    root.style.setProperty("--band", notice && !full ? `${box.offsetHeight}px` : "0px");
  };
  live.subscribe("notice/", draw);
  onLang(draw);
  window.addEventListener("resize", draw);
  setInterval(draw, EVERY);
}
