// What the pages of forms say of one: its state, whose turn it is, what the rules say.
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { dayTime, join } from "./parts.js";

const STATE = {
  draft: "plain", signed: "amber", approved: "amber", published: "action", active: "green",
  ended: "plain", refused: "red", withdrawn: "plain",
};
const OVER = ["ended", "refused", "withdrawn"];
const WEIGHT = { refuse: ["red", "fm.refused"], lift: ["amber", "fm.liftable"], lifted: ["amber", "fm.lifted"], warn: ["plain", "fm.warn"] };

export const stateBadge = (form) => h(`span.badge.${STATE[form.state]}`, t(`fm.st.${form.state}`));
export const kindName = (form) => t(`fm.kind.${form.form === "suspensions" ? "stop" : form.kind}`);
export const span = (form) => [dayTime(form.from), form.until && dayTime(form.until, true)].filter(Boolean).join(" — ");
export const services = (ctx, codes) => join((codes || []).map((code) => ctx.name("services", code)));
export const mayWrite = (ctx) => ["chief", "office", "admin"].includes(ctx.who.role);

/** Whose turn it is, in words. */
export function nextWords(form) {
  if (OVER.includes(form.state)) return t("o.none");
  return t(`fm.turn.${form.state}`, { t: dayTime(form.state === "active" ? form.until : form.from) });
}

/** What the rules say, the weightiest first; nothing stands against it: one green line. */
export function findingList(items) {
  if (!items.length) return h("p.band.green", t("fm.allowed"));
  const rank = Object.keys(WEIGHT);
  return h("ul.findings", [...items].sort((a, b) => rank.indexOf(a.weight) - rank.indexOf(b.weight)).map((one) => {
    const [colour, words] = WEIGHT[one.weight];
    return h("li", h(`span.badge.${colour}`, t(words)), h("span", one.text));
  }));
}
