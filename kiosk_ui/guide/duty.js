// A guide's post of the day (G01, G05, G08) and the short leave: asked, confirmed by who stands in, ten minutes (G02, G03).
import { create, post } from "../shared/api.js";
import { hm, hubNow, ms, since, span } from "../shared/clock.js";
import { h, say } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { drawer, press } from "./parts.js";

const KINDS = ["desk", "moving"];
const SOON = 180; // seconds before the time is up: amber

const placeOf = (ctx, it) => [t(`gd.post_${it.kind}`), it.zone ? ctx.name("zones", it.zone) : t("gd.zoneAll")].join(" · ");

/** What stands beside the name at the top of each area. */
export function postWords(ctx) {
  const me = ctx.me();
  if (!me) return "";
  if (me.leave?.state === "away") return t("gd.away");
  return me.post ? placeOf(ctx, me.post) : t("gd.noPost");
}

export function duty(ctx) {
  const own = h("section.card.stack");
  const leave = h("section.card.stack");
  const all = h("section.card.stack");
  const [drawOwn, drawLeave, drawAll] = [own, leave, all].map(drawer);
  let asked = null;
  let declined = false;
  const again = async () => (await ctx.look(), update());
  const update = () => {
    const me = ctx.me();
    own.hidden = leave.hidden = !me;
    leave.classList.toggle("is-on", Boolean(me?.leave));
    drawAll([lang(), ctx.guides, Math.floor(hubNow() / 60000)], () => [h("h2", t("gd.guides")), guideList(ctx)]);
    if (!me) return;
    declined = me.leave?.state === "asked" ? false : declined || (asked !== null && !me.leave);
    asked = me.leave?.state === "asked" ? me.leave.id : null;
    drawOwn([lang(), me.post], () => myPost(ctx, me, again));
    const asks = leave.querySelector("[name=stand-in]:checked")?.value;
    const peak = ctx.live.list("notice/").some((n) => n.kind === "peak");
    drawLeave([lang(), me.leave, me.leaves, free(ctx).map((g) => g.id), here(ctx).length, standingIn(ctx)?.id, peak, declined], () => myLeave(ctx, me, { peak, declined, asks, again, taken: () => ((declined = false), (asked = null)) }));
    tick();
  };
  const tick = () => drawClock(leave, ctx.me()?.leave);
  return { node: h("div.g-duty", own, leave, all), update, tick };
}

/** Who else is here, and who of them could stand in. */
const here = (ctx) => ctx.guides.filter((g) => g.post && g.id !== ctx.who.id && g.leave?.state !== "away");
const free = (ctx) => here(ctx).filter((g) => !ctx.guides.some((one) => one.leave?.state === "away" && one.leave.replacement === g.id));
const standingIn = (ctx) => ctx.guides.find((g) => g.leave?.state === "away" && g.leave.replacement === ctx.who.id);

/** Choices drawn as keys; returns [node, read]. */
function keys(name, legend, options, chosen) {
  const box = h("fieldset.options", h("legend", legend), h("div.btn-row", options.map(([value, words]) =>
    h("label.option", h("input", { type: "radio", name, value, checked: value === chosen }), h("span.btn.g-key", words)))));
  return [box, () => box.querySelector("input:checked")?.value || ""];
}

function myPost(ctx, me, again) {
  const [kind, readKind] = keys("kind", t("gd.postAsk"), KINDS.map((one) => [one, t(`gd.post_${one}`)]), me.post?.kind || "desk");
  const zones = [...ctx.catalog.zones.map((zone) => [zone.code, ctx.name("zones", zone.code)]), ["", t("gd.zoneAll")]];
  const [zone, readZone] = keys("zone", t("gd.zone"), zones, me.post ? me.post.zone || "" : zones[0][0]);
  const go = async () => {
    await create("/guides/post", { kind: readKind(), ...(readZone() ? { zone: readZone() } : {}) });
    await again();
  };
  return [
    h("h2", t("gd.myPost")),
    h("p", me.post ? [h("strong", placeOf(ctx, me.post)), "　", h("span.muted", t("gd.postSince", { t: hm(me.post.since) }))] : t("gd.postNone")),
    kind, zone,
    h("div.g-acts", press(t(me.post ? "gd.postChange" : "gd.postGo"), go, me.post ? "" : ".primary"),
      me.post && press(t("gd.postEnd"), () => post("/guides/post/end").then(again), ".danger")),
  ];
}

/** `asks`: who was chosen to stand in, before others came or went. */
function myLeave(ctx, me, { peak, declined, asks, again, taken }) {
  const head = [h("h2", t("gd.leaveTitle")), h("p.muted", t("gd.leaveRule", { m: Math.round(ctx.limit / 60) })),
    h("p", t("gd.leaveCount", { n: me.leaves }))];
  const other = ctx.guides.find((g) => g.id === me.leave?.replacement)?.name || "";
  if (me.leave?.state === "asked") {
    return [...head, h("p.band.amber", t("gd.asking", { name: other })), press(t("gd.withdraw"), () => (taken(), post("/guides/back").then(again)))];
  }
  if (me.leave) {
    return [...head, h("p.g-clock.num", { role: "timer" }), h("p.g-clock-words"), press(t("gd.iAmBack"), () => post("/guides/back").then(again), ".primary.g-go")];
  }
  if (peak) return [...head, h("p.band.red", t("refusal.peak_locked"))];
  const watched = standingIn(ctx);
  if (watched) return [...head, h("p.band.amber", t("refusal.standing_in", { name: watched.name }))];
  const others = free(ctx);
  const present = here(ctx);
  if (present.length && !others.length) return [...head, h("p.band.amber", t("refusal.needs_replacement", { names: present.map((g) => g.name).join("、") }))];
  const names = others.map((g) => [String(g.id), g.name]);
  const [who, read] = keys("stand-in", t("gd.standIn"), names, names.some(([id]) => id === asks) ? asks : names[0]?.[0]);
  const go = async () => {
    await create("/guides/leave", others.length ? { replacement: Number(read()) } : {});
    taken();
    await again();
  };
  return [...head, declined && h("p.band.amber", t("gd.declined")), others.length > 0 && who,
    press(t(others.length ? "gd.ask" : "gd.leaveAlone"), go, others.length ? ".primary" : "")];
}

function drawClock(box, leave) {
  const clock = box.querySelector(".g-clock");
  if (!clock || leave?.state !== "away") return;
  const left = (ms(leave.until) - hubNow()) / 1000;
  clock.className = `g-clock num ${left < 0 ? "red" : left < SOON ? "amber" : ""}`;
  say(clock, span(since(leave.since)));
  say(box.querySelector(".g-clock-words"), left < 0 ? t("gd.awayLate", { m: Math.round((ms(leave.until) - ms(leave.since)) / 60000) }) : t("gd.awayUntil", { t: hm(leave.until) }));
}

/** Where every guide is; the office's page shows the same. */
export function guideList(ctx) {
  if (!ctx.guides.length) return h("p.empty", t("gd.guidesNone"));
  return h("div.table-wrap", { tabindex: "0" }, h("table.table", h("thead", h("tr", ["o.colName", "gd.colPost", "gd.colNow", "gd.colToday"].map((key) => h("th", { scope: "col" }, t(key))))),
    h("tbody", ctx.guides.map((g) => h("tr", h("td", h("strong", g.name)),
      h("td", g.post ? [placeOf(ctx, g.post), h("small.block.muted", t("gd.postSince", { t: hm(g.post.since) }))] : h("span.muted", t("gd.noPost"))),
      h("td", now(g, ctx)), h("td", t("gd.did", { e: g.escorted, i: g.issued, l: g.leaves })))))));
}

function now(g, ctx) {
  const other = ctx.guides.find((one) => one.id === g.leave?.replacement)?.name;
  if (!g.leave) return g.post ? h("span.badge.green", t("gd.onPost")) : "";
  if (g.leave.state === "asked") return [h("span.badge.green", t("gd.onPost")), h("small.block.muted", t("gd.isAsking", { name: other }))];
  const minutes = Math.floor(since(g.leave.since) / 60);
  const late = hubNow() > ms(g.leave.until);
  return h(`span.badge.${late ? "red" : "amber"}`, t(other ? "gd.awayMin" : "gd.awayAlone", { n: minutes, name: other }));
}
