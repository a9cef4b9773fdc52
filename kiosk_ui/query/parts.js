// Pieces of the query page's stages: pages of cards, an item's card, and what is said of an item in one line.
import { boot } from "../shared/boot.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

const root = document.documentElement;

/** At a machine a page holds what fits its glass; elsewhere all stand below each other. */
export function pageOf(all, wanted, few = false) {
  const large = root.dataset.size === "large" || root.dataset.reach === "low";
  const size = boot.place ? (few ? 6 : 8) / (large ? 2 : 1) : 200;
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(wanted, pages - 1);
  return { shown: all.slice(page * size, (page + 1) * size), page, pages };
}

export function pager(page, pages, go) {
  if (pages < 2) return null;
  const key = (step, label) => {
    const to = page + step;
    return h("button.btn.key", { type: "button", disabled: to < 0 || to >= pages, onclick: () => go.page(to) }, label);
  };
  return h("div.pager", key(-1, t("ui.prev")), h("p", t("ui.page", { n: page + 1, m: pages })), key(1, t("ui.next")));
}

/** Names must fit their card: a hanzi is one wide, a letter about half. */
export function widthOf(name) {
  const width = [...name].reduce((sum, c) => sum + (c > "\u2e7f" ? 1 : 0.56), 0);
  return width <= 13 ? "" : width <= 24 ? ".long" : ".longer";
}

export const days = (n) => t(n === 0 ? "qy.atOnce" : n === 1 ? "qy.days1" : "qy.days", { n });

/** "等候 5 人，约 20 分钟", or why no number is given. */
export function waitOf(now) {
  if (!now.windows.length && !now.waiting && now.open) return "";
  if (!now.open) return now.opens ? t("qy.nowClosed", { t: now.opens }) : t("qy.nowStopped");
  const minutes = Math.round(now.wait.likely / 60);
  return now.waiting || minutes > 1 ? t("qy.nowWaiting", { n: now.waiting, m: Math.max(1, minutes) }) : t("qy.nowFree");
}

export const windowsOf = (now) =>
  (now.windows.length ? t("qy.nowWindows", { wins: now.windows.join(t("k.and")) }) : t("qy.nowNone"));

/** A line of its own is for the guide: here it is said in a word. */
const feeOf = (item) => (widthOf(pick(item, "fee")) ? t("qy.feeDepends") : pick(item, "fee"));

const aboutOf = (item) =>
  [pick(item, "department_name"), item.promised_days !== null && days(item.promised_days), feeOf(item)].filter(Boolean).join(" · ");

export const itemCard = (item, go) =>
  h(`button.choice.item${item.now.open ? "" : ".off"}`, { type: "button", onclick: () => go.item(item.service) },
    h(`span.card-name.balanced${widthOf(pick(item))}`, pick(item)),
    h("span.card-sub", aboutOf(item)),
    h("span.card-wait", item.now.windows.length ? waitOf(item.now) : windowsOf(item.now)));
