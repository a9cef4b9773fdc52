// The screens of the citizen's side: pad/NO -> elements. No state here.
import { boot } from "../shared/boot.js";
import { hm } from "../shared/clock.js";
import { h } from "../shared/dom.js";
import { has, pick, t } from "../shared/i18n.js";
import { bars, cut, face, person } from "./faces.js";

const LEVELS = [5, 4, 3, 2, 1];
const REASONS = ["eff.wait", "eff.slow", "eff.trips", "lvl.once", "lvl.explain", "lvl.skill", "lvl.extra", "att.cold", "att.rude", "att.shift", "clean"];

const CLEAN = "clean";
const LONG = 18;

const head = (text) => h(`h1${text.length > LONG ? ".long" : ""}`, { tabindex: "-1" }, text);

export function portrait(clerk) {
  if (clerk?.photo?.startsWith("/")) return h("img.photo", { src: clerk.photo, alt: "" });
  return h("span.photo", person());
}

function idle(pad) {
  const clerk = pad.clerk;
  if (!clerk) return closed(pad);
  const staff = clerk.staff_no && t("pc.staff", { no: clerk.staff_no });
  return h("div.id-card", portrait(clerk), h(`h1${clerk.name.length > 5 ? ".long" : ""}`, { tabindex: "-1" }, clerk.name),
    h("p.title", [pick(clerk, "title"), staff].filter(Boolean).join("　")), h("p.at-service", t("pc.idle.short")));
}

const called = (pad) => [
  h("h1.sr-only", { tabindex: "-1" }, t("pc.called", { no: pad.number })),
  h("p.call-words", { "aria-hidden": "true" }, t("pc.called.please")),
  h("p.big-number", { "aria-hidden": "true" }, pad.number),
  h("p.call-words", { "aria-hidden": "true" }, t("pc.called.here")),
];

const serving = (pad) => [
  h("p.sub", t("pc.serving.head")), head(pick(pad, "service")), pad.number && h("p.ticket", pad.number),
];

const away = (pad) => [
  head(t("pc.away")), pad.until && h("p.sub", t("pc.away.until", { t: hm(pad.until) })), pad.number && h("p.ticket", pad.number),
];

const paused = (pad) => [
  h("h1", { tabindex: "-1" }, bars(), t("pc.paused")),
  h("p.sub", pick(pad, "reason")),
  pad.until && h("p.sub", t("pc.paused.until", { t: hm(pad.until) })),
  h("p.note", t("pc.paused.note")),
];

const closed = (pad) =>
  pad.opens ? [head(t("pc.closed.now")), h("p.sub", t("pc.opens", { t: pad.opens }))] : [head(t("pc.closed"))];

const offline = () => [cut(), head(t("pc.offline"))];

function rate(pad, rating) {
  const key = (level) =>
    h(`button.level${rating.pending && rating.pressed === level ? ".pressed" : ""}`,
      { type: "button", "aria-keyshortcuts": level, onclick: () => rating.press(level) }, face(level), h("span", t(`r.${level}`)));
  const state = rating.note || (rating.slow ? "pc.saving" : null);
  return [
    head(t("pc.rate")), h("p.sub", t("pc.rate.secret")),
    h("div.levels", { role: "group", "aria-label": t("pc.rate") }, LEVELS.map(key)),
    h("div.below", h("p.state", { role: "status" }, state && t(state)),
      h("button.btn", { type: "button", disabled: rating.pending, onclick: () => rating.skip() }, t("pc.skip"))),
  ];
}

/** Goes by itself when its eight seconds are over: drawing the page again would take the keys from under a finger. */
function changeKey(rating) {
  const key = h("button.btn.change", { type: "button", hidden: !rating.left, disabled: rating.pending, onclick: () => rating.chooseAgain() }, t("pc.change"));
  setTimeout(() => (key.hidden = true), rating.left);
  return key;
}

/** Reasons come from the hall's versioned list, else the standard one: [{code, name}], grouped by what
 * stands before the dot. Praise is in the same list but answers no bad level. */
function reasonList() {
  const list = Array.isArray(boot.reasons) && boot.reasons.length ? boot.reasons : REASONS;
  const all = list.map((item) => (typeof item === "string" ? { code: item } : item)).filter(({ code }) => !code.startsWith("good."));
  return all.map((item) => ({
    code: item.code, name: item.name ? pick(item) : t(`r.${item.code}`), group: item.code.includes(".") ? item.code.split(".")[0] : "",
  }));
}

function reasonKey(reason, rating) {
  const note = reason.code === CLEAN && h("small", t("r.clean.note"));
  const key = h(`button.reason.${reason.code === CLEAN ? "apart" : "plain"}`,
    { type: "button", "aria-pressed": String(rating.reasons.has(reason.code)), onclick: () => flip() }, reason.name, note);
  const flip = () => {
    if (!rating.reasons.delete(reason.code)) rating.reasons.add(reason.code);
    key.setAttribute("aria-pressed", String(rating.reasons.has(reason.code)));
  };
  return key;
}

function reasonGroup(group, list, rating) {
  const name = group && has(`r.${group}`) && h("h2", t(`r.${group}`));
  return h(`div.group${list.length > 3 ? ".two" : ""}`, name, list.map((r) => reasonKey(r, rating)));
}

/** Up to three reasons make a column, more a double one; the report of favours stands apart, where a row is free. */
function reasonGroups(rating) {
  const all = reasonList();
  const clean = all.find((r) => r.code === CLEAN);
  const names = [...new Set(all.filter((r) => r !== clean).map((r) => r.group))];
  const groups = names.map((name) => reasonGroup(name, all.filter((r) => r !== clean && r.group === name), rating));
  const wide = groups.find((g) => g.classList.contains("two"));
  const apart = clean && reasonKey(clean, rating);
  if (wide && apart) wide.append(apart);
  return h("div.groups", groups, !wide && apart);
}

const reasons = (pad, rating) => [
  h("div.why", head(t("pc.why")), h("p.chosen", t("pc.confirm", { level: t(`r.${pad.level}`) }))),
  reasonGroups(rating),
  h("div.below", changeKey(rating),
    h("p.state", { role: "status" }, rating.note && t(rating.note)),
    h("button.btn.primary", { type: "button", disabled: rating.pending, onclick: () => rating.submit(pad.level) }, t("pc.submit"))),
];

const thanks = (pad, rating) => [
  head(t("pc.thanks")),
  pad.level && h("p.sub", t("pc.confirm", { level: t(`r.${pad.level}`) })),
  pad.level && changeKey(rating),
];

export const SCREENS = {
  idle, called, serving, away, paused, closed, offline, rate, reasons, thanks,
  welcome: () => head(t("pc.welcome")),
  starting: () => head(t("net.starting")),
};
