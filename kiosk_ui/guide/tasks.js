// Who needs a hand (A12–A14): escorts before the turn, at the call and at the end; calls for help; crowds and a slow green channel.
import { post } from "../shared/api.js";
import { hm, ms, since } from "../shared/clock.js";
import { h } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { drawer, press } from "./parts.js";

const ALARMS = /^(crowd|green|paper|slip|found)\//;
const mineFirst = (who) => (n) => (n.owner?.id === who.id ? 0 : n.owner ? 2 : 1);
const isFound = (n) => n.key?.startsWith("found/");
const isOut = (n) => n.key?.startsWith("out/");
const isCalled = (n) => Boolean(n.window);
const urgency = (n) => (n.kind !== "escort" ? 1 : isCalled(n) ? 0 : 2);

/** What a guide acts on; a send-off only who went along. */
function tasksOf({ live, who }) {
  const mine = mineFirst(who);
  return live.list("notice/")
    .filter((n) => (n.kind === "escort" && (!isOut(n) || n.owner?.id === who.id)) || n.kind === "help" || (n.kind === "alarm" && ALARMS.test(n.key || "")))
    .sort((a, b) => mine(a) - mine(b) || urgency(a) - urgency(b) || ms(a.at) - ms(b.at));
}

/** Those that wait for somebody, or for this guide. */
export const openTasks = (ctx) => tasksOf(ctx).filter((n) => !n.owner || n.owner.id === ctx.who.id);

export function tasks(ctx) {
  const box = h("div.stack");
  const draw = drawer(box);
  const update = () => {
    const found = tasksOf(ctx);
    const mine = found.filter((n) => n.owner?.id === ctx.who.id);
    const rest = found.filter((n) => n.owner?.id !== ctx.who.id);
    draw([lang(), found.map((n) => [n.id, n.text, n.owner, n.arrived_at, minutes(n)])], () => [
      mine.length > 0 && h("section.stack", h("h2", t("gd.mine")), mine.map((n) => card(n, ctx))),
      h("section.stack", h("h2", t("gd.waitingFor")), rest.length ? rest.map((n) => card(n, ctx)) : h("p.empty.card", t("gd.tasksNone"))),
    ]);
  };
  return { node: box, update, tick: update };
}

const minutes = (n) => Math.floor(since(n.at) / 60);

function card(n, ctx) {
  return h(`article.card.g-task${n.owner?.id === ctx.who.id ? ".is-mine" : ""}`, n.kind === "escort" ? escort(n) : other(n),
    h("div.g-acts", keys(n, ctx)),
    n.owner && n.owner.id !== ctx.who.id && h("p.muted", t("gd.ownerIs", { name: n.owner.name, t: hm(n.owned_at) })),
    n.arrived_at && h("p.muted", t("gd.arrivedAt", { t: hm(n.arrived_at) })));
}

const word = (detail, name) => pick(detail, name) || "";

function escort(n) {
  const d = n.detail;
  const place = { from: d.from, from_en: word(d, "from"), floor: d.floor, windows: d.windows };
  const way = isOut(n) ? t("gd.outFrom", place) : d.from ? t("gd.fromTo", place) : t("gd.toOnly", place);
  const state = isOut(n) ? ["green", t("gd.goOut")] : isCalled(n) ? ["red", t("gd.isCalled")] : ["amber", d.n ? t("gd.soon", { n: d.n }) : t("gd.isNext")];
  return [
    h("p.g-task-head", h(`span.badge.${state[0]}`, state[1]), (d.needs || []).map((need) => h("span.badge.action", t(need)))),
    h("p.g-number.num", d.no),
    h("p", h("strong", way), h("span.block.muted", [word(d, "zone"), word(d, "service")].filter(Boolean).join(" · "))),
  ];
}

function other(n) {
  const help = n.kind === "help";
  const words = pick(n, "text") || t(n.kiosk ? "gd.helpKiosk" : "gd.helpWindow", { id: n.kiosk || n.window });
  return [
    h("p.g-task-head", h(`span.badge.${help ? "red" : "amber"}`, t(help ? "gd.kdHelp" : "gd.kdAlarm")), h("span.muted", minutes(n) ? t("gd.sinceMin", { n: minutes(n) }) : t("gd.sinceNow"))),
    h("p.g-task-text", words),
  ];
}

function keys(n, ctx) {
  if (isFound(n)) return h("a.btn.primary.g-key", { href: "#registers" }, t("rg.toDesk")); // done there, it ends by itself
  const at = `/notices/${encodeURIComponent(n.id)}`;
  const on = (words, path, kind, body) => press(t(`gd.${words}`), () => post(`${at}/${path}`, body), kind);
  if (n.owner?.id !== ctx.who.id) return [on(n.owner ? "take_over" : "take_on", "take", n.owner ? "" : ".primary")];
  if (n.kind === "alarm") return [on("solved", "clear", ".primary", { why: t("gd.solvedWhy") })];
  if (isOut(n)) return [on("doneOut", "done", ".primary")];
  const over = on(n.kind === "help" ? "solved" : "done", "done", n.arrived_at || n.kind === "help" ? ".primary" : "");
  return [n.kind === "escort" && !n.arrived_at && on("arrived", "arrived", ".primary"), over];
}
