// The screens of the citizen's side: pad/NO -> elements. No state here.
import { hm, shortDay } from "../shared/clock.js";
import { h } from "../shared/dom.js";
import { fullWords } from "../shared/emergency.js";
import { has, pick, t } from "../shared/i18n.js";
import { canSpeak } from "../shared/spoken.js";
import { bars, cut, face, person, sound } from "./faces.js";

const LEVELS = [5, 4, 3, 2, 1];
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
  const size = clerk.name.length > 5 ? ".long" : "";
  return h("div.id-card", portrait(clerk), h(`h1${size}`, { tabindex: "-1" }, clerk.name),
    h("p.title", [pick(clerk, "title"), staff].filter(Boolean).join("　"), clerk.badge && h("span.post-badge", clerk.badge)), h("p.at-service", t("pc.idle.short")));
}

const called = (pad) => [
  h("h1.sr-only", { tabindex: "-1" }, t("pc.called", { no: pad.number })),
  h("p.call-words", { "aria-hidden": "true" }, t("pc.called.please")),
  h("p.big-number", { "aria-hidden": "true" }, pad.number),
  h("p.call-words", { "aria-hidden": "true" }, t("pc.called.here")),
];

/** Who goes to fetch papers: until when to come back, with priority and the same number. */
const notice = ({ sent }) => [h("p.ticket", sent.number), head(t("pc.notice", { date: shortDay(sent.return_by) }))];

const serving = (pad) => [
  h("p.sub", t("pc.serving.head")), head(pick(pad, "service")), pad.number && h("p.ticket", pad.number),
];

const away = (pad) => [
  head(t("pc.away")),
  pad.until && h("p.sub", t("pc.away.until", { t: hm(pad.until) })),
  pad.number && h("p.ticket", pad.number),
];

const paused = (pad) => [
  h("h1", { tabindex: "-1" }, bars(), t("pc.paused")),
  h("p.sub", pick(pad, "reason")),
  pad.until && h("p.sub", t("pc.paused.until", { t: hm(pad.until) })),
  h("p.note", t("pc.paused.note")),
];

const closed = (pad) =>
  pad.reason ? head(pick(pad, "reason")) : pad.opens ? [head(t("pc.closed.now")), h("p.sub", t("pc.opens", { t: pad.opens }))] : [head(t("pc.closed"))];

const emergency = (pad) => fullWords({ text: pad.reason, text_en: pad.reason_en, detail: { kind: pad.emergency } });

const offline = () => [cut(), head(t("pc.offline"))];

function rate(pad, rating) {
  const key = (level) =>
    h(`button.level${rating.keys.chosen === level || (rating.pending && rating.pressed === level) ? ".pressed" : ""}`,
      { type: "button", "aria-keyshortcuts": level, onclick: () => rating.press(level) },
      face(level), h("span", t(`r.${level}`)));
  const state = rating.note || (rating.slow ? "pc.saving" : rating.keys.chosen ? "rt.keyChosen" : null);
  return [
    head(t("pc.rate")), h("p.sub", t("pc.rate.secret")),
    h("div.levels", { role: "group", "aria-label": t("pc.rate") }, LEVELS.map(key)),
    h("div.below", listenKey(rating), h("p.state", { role: "status" }, state && t(state)),
      h("button.btn", { type: "button", disabled: rating.pending, onclick: () => rating.skip() }, t("pc.skip"))),
  ];
}

/** Reads aloud what the keys mean; a hub without a voice has no such key. */
const listenKey = (rating) =>
  canSpeak() && h("button.btn.listen", { type: "button", onclick: () => rating.keys.listen() }, sound(), t("rt.listen"));

/** Goes by itself when its eight seconds are over: drawing the page again would take the keys from under a finger. */
function changeKey(rating) {
  const props = { type: "button", hidden: !rating.left, disabled: rating.pending, onclick: () => rating.chooseAgain() };
  const key = h("button.btn.change", props, t("pc.change"));
  setTimeout(() => (key.hidden = true), rating.left);
  return key;
}

function reasonKey(reason, rating) {
  const { code } = reason;
  const note = code === CLEAN && h("small", t("r.clean.note"));
  const key = h(`button.reason.${code === CLEAN ? "apart" : "plain"}`, { type: "button", onclick: () => flip() },
    pick(reason), note);
  const draw = () => key.setAttribute("aria-pressed", String(rating.reasons.has(code)));
  const flip = () => {
    if (!rating.reasons.delete(code)) rating.reasons.add(code);
    draw();
  };
  draw();
  return key;
}

function reasonGroup(group, listed, rating) {
  const name = has(`r.${group}`) && h("h2", t(`r.${group}`));
  return h(`div.group${listed.length > 3 ? ".two" : ""}`, name, listed.map((reason) => reasonKey(reason, rating)));
}

/** Up to three reasons make a column, more a double one; the report of favours stands apart, where a row is free. */
function reasonGroups(rating) {
  const bad = rating.offered.filter((reason) => reason.active && reason.of === "bad");
  const listed = bad.filter((reason) => reason.code !== CLEAN);
  const names = [...new Set(listed.map((reason) => reason.group))];
  const groups = names.map((name) => reasonGroup(name, listed.filter((reason) => reason.group === name), rating));
  const wide = groups.find((group) => group.classList.contains("two"));
  const clean = bad.find((reason) => reason.code === CLEAN);
  const apart = clean && reasonKey(clean, rating);
  if (wide && apart) wide.append(apart);
  return h("div.groups", groups, !wide && apart);
}

const reasons = (pad, rating) => [
  h("div.why", head(t("pc.why")), h("p.chosen", t("pc.confirm", { level: t(`r.${pad.level}`) }))),
  reasonGroups(rating),
  h("div.below", changeKey(rating),
    h("p.state", { role: "status" }, rating.note && t(rating.note)),
    h("button.btn.primary", { type: "button", disabled: rating.pending, onclick: () => rating.submit(pad.level) },
      t("pc.submit"))),
];

const thanks = (pad, rating) => [
  head(t("pc.thanks")),
  pad.level && h("p.sub", t("pc.confirm", { level: t(`r.${pad.level}`) })),
  pad.level && changeKey(rating),
];

export const SCREENS = {
  idle, notice, called, serving, away, paused, closed, offline, rate, reasons, thanks, emergency,
  welcome: () => head(t("pc.welcome")),
  starting: () => head(t("net.starting")),
};
