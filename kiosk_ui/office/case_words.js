// How cases are said: kinds, states, deadlines, and the words of their steps.
import { h } from "../shared/dom.js";
import { has, lang, t } from "../shared/i18n.js";

export const KINDS = ["bad_rating", "suggestion", "ordinary", "serious", "letter", "township"];
export const CHANNELS = ["pad", "phone", "kiosk", "register", "box", "window", "telephone", "network", "12345", "guide"];
export const STATES = ["open", "verified", "contacted", "rectified", "accepted", "investigated", "proposed", "approved", "decided", "handled",
  "answered", "visited", "closed", "archived", "rejected", "withdrawn", "terminated"];
export const TOPICS = ["wait", "attitude", "skill", "trips", "stuck", "device", "idea", "other"];
const ENDED = ["closed", "archived", "rejected", "withdrawn", "terminated"];

export const mayWork = (ctx) => ["office", "admin"].includes(ctx.who.role);
export const mayHandle = (ctx) => mayWork(ctx) || ctx.who.role === "chief";
export const kind = (c) => t(`cs.kind.${c.kind}`);
export const channel = (c) => t(`cs.channel.${c.channel}`);
export const step = (name) => (has(`cs.step.${name}`) ? t(`cs.step.${name}`) : name);
export const windowNo = (no) => (no ? t("cs.windowNo", { win: no }) : "");
export const about = (c) => [windowNo(c.window), c.clerk].filter(Boolean).join(" ");
export const topic = (c) => (c.topic ? t(`ct.${c.topic}`) : "");
export const reasonWords = (rating) => (rating?.reasons || []).map((r) => (lang().startsWith("zh") ? r.zh : r.en));

export function stateBadge(c) {
  const colour = ENDED.includes(c.state) ? (c.state === "closed" || c.state === "archived" ? "green" : "plain") : c.state === "open" ? "amber" : "action";
  return h(`span.badge.${colour}`, t(`cs.state.${c.state}`));
}

/** A line of the number's own story. */
export function eventWords(e) {
  const where = e.what === "issued" ? (e.where ? t("ev.kiosk", { id: e.where }) : e.by) : e.where;
  return t(`cs.ev.${e.what}`, { win: e.window || "", clerk: e.clerk || "", where: where || t("o.none"), n: e.n || "", level: e.level ? t(`r.${e.level}`) : "" });
}

/** The running deadline; once over, in red and in words. */
export function dueMark(c) {
  if (!c.due_day) return "";
  const words = t("cs.dueOn", { day: c.due_day, step: step(c.due_step) });
  return c.overdue ? [h("span.badge.red", t("cs.overdue")), h("small.muted.block", words)] : words;
}

export const marks = (c) => [c.urgent && h("span.badge.red", t("cs.urgent_")), c.secret && h("span.badge.amber", t("cs.secret"))].filter(Boolean);
