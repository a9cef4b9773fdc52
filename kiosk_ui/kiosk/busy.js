// No number today: why, and what can be done instead. Nobody goes home without knowing when to come again.
import { get, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { day, hm } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { stopReason } from "./hall.js";
import { callHelp } from "./parts.js";

/** Counted by the hub, where a refused request has not been counted already. */
const count = (service, why) => post(`/services/${encodeURIComponent(service.code)}/turned-away`, { why, kiosk: boot.place }).catch(() => null);

const way = (title, words, key) => h("li.way", h("div", h("strong", title), words && h("span", words)), key);

export function fullPage(state, go) {
  const { service } = state;
  const reason = stopReason(service);
  if (!state.counted) count(service, reason ? "stopped" : "full");
  state.counted = true;
  const ways = h("ul.ways");
  const draw = (other) => put(ways, waysOf(service, other, go));
  draw({});
  get(`/services/${encodeURIComponent(service.code)}/instead`).then(draw, () => null);
  const svc = pick(service);
  const nodes = [
    h("h1.title", { tabindex: "-1" }, t(reason ? "kb.stopped" : "kb.full", { svc })),
    h("p.lead", reason ? t("kb.stoppedWhy", { why: reason }) : t("kb.fullWhy")),
    h("p.ways-head", t("kb.can")), ways,
    h("button.btn.key.wide", { type: "button", onclick: () => go.home() }, t("k.leave")),
  ];
  return { nodes, update: () => {} };
}

/** A hall that never closes has no hour at which its numbers begin. */
function when(next) {
  const [d, time] = [day(lang(), next), hm(next)];
  return time === "00:00" ? t("kb.nextDay", { d }) : t("kb.nextAt", { d, t: time });
}

function waysOf(service, other, go) {
  const place = pick(other, "elsewhere");
  const there = () => (count(service, "diverted"), go.home(t("kb.gone", { place })));
  const guide = () => (go.home(), callHelp());
  return [
    other.next && way(t("kb.next"), when(other.next)),
    place && way(t("kb.elsewhere"), place, h("button.btn.key", { type: "button", onclick: there }, t("kb.go"))),
    other.bookable && way(t("kb.book"), t("kb.bookHow"), h("button.btn.key", { type: "button", onclick: guide }, t("k.help"))),
    !other.bookable && way(t("kb.guide"), t("kb.guideHow"), h("button.btn.key", { type: "button", onclick: guide }, t("k.help"))),
  ].filter(Boolean);
}
