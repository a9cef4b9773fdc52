// The hall now (G04): people and windows by area, which window does what, closures with a receipt, today's appointments.
import { create, list } from "../shared/api.js";
import { ms, since } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { ofForm, shown } from "../shared/shown.js";
import { stateMark } from "../window/state.js";
import { atKiosk, drawer, press } from "./parts.js";

const WORD = { open: "stOpen", serving: "stServing", away: "stAway", paused: "stPaused", closed: "stClosed", advice_only: "stAdvice" };
const ON = ["open", "serving", "away"];
const KEPT = "hallq.guide.read";
const NEWS = ["closure", "suspension", "change", "peak", "info"];
const LOOK_EVERY = 30000;
const STAYS = 8000;
const byNumber = (a, b) => a.no.localeCompare(b.no, undefined, { numeric: true });

const readBefore = () => JSON.parse(localStorage.getItem(KEPT) || "[]");
const newsOf = ({ live }) => live.list("notice/").filter((n) => (NEWS.includes(n.kind) || ofForm(n)) && pick(n, "text"));

/** Forms' notices that this guide has not confirmed on this tablet (B20). */
export const unread = (ctx) => newsOf(ctx).filter((n) => ofForm(n) && !readBefore().includes(n.id));

function read(notice) {
  localStorage.setItem(KEPT, JSON.stringify([...readBefore(), notice.id].slice(-100)));
  shown(notice);
}

export function hallNow(ctx) {
  const zones = h("div.g-zones");
  const news = h("div.stack");
  const windows = h("div.stack");
  const bookings = h("div.stack");
  const find = h("input.input", { type: "search", placeholder: t("gd.findWindow"), "aria-label": t("gd.findWindow") });
  const [drawZones, drawNews, drawWindows] = [zones, news, windows].map(drawer);
  let names = new Map();
  let telling = 0; // numbers just given stand there for a while
  const update = () => {
    const figures = ctx.catalog.zones.map((zone) => figuresOf(zone, ctx));
    drawZones([lang(), figures], () => figures.map(zoneCard));
    const told = newsOf(ctx);
    drawNews([lang(), told.map((n) => [n.id, n.text]), unread(ctx).length], () => told.length ? told.map((n) => item(n, ctx, update)) : h("p.muted", t("gd.newsNone")));
    const words = find.value.trim().toLowerCase();
    const rows = ctx.live.list("window/").sort(byNumber).filter((w) => said(w, names).toLowerCase().includes(words) || w.no === words);
    drawWindows([lang(), words, names.size, rows.map((w) => [w.no, w.state, w.clerk?.id, w.ticket?.number])], () =>
      ctx.catalog.zones.map((zone) => windowList(zone, rows.filter((w) => w.zone === zone.code), names)));
  };
  const tell = async (work) => {
    telling += 1;
    try {
      await work();
    } finally {
      telling -= 1;
    }
    look();
  };
  const look = () => list("/appointments").then((items) => telling || put(bookings, items.length
    ? items.sort((a, b) => ms(a.at) - ms(b.at)).map((one) => booking(one, ctx, names, tell)) : h("p.muted", t("gd.appointmentsNone"))), () => null);
  find.addEventListener("input", update);
  list("/services").then((items) => ((names = new Map(items.map((s) => [s.code, s]))), update(), look()), () => null);
  const timer = setInterval(look, LOOK_EVERY);
  const card = (title, ...content) => h("section.card.stack", h("h2", title), ...content);
  return {
    node: h("div.stack", h("h2.sr-only", t("gd.hallNow")), zones, card(t("gd.news"), news), card(t("gd.appointments"), bookings), card(t("o.windows"), find, windows)),
    update, stop: () => clearInterval(timer),
  };
}

const said = (w, names) => [w.no, w.clerk?.name, pick(w, "department_name"), ...w.services.map((code) => pick(names.get(code)))].join(" ");

/** Who waits for a service waits where its windows are; for one in several areas they are shared evenly. */
function figuresOf(zone, { live }) {
  const windows = live.list("window/");
  const here = windows.filter((w) => w.zone === zone.code);
  let waiting = 0, longest = 0;
  for (const queue of live.list("queue/")) {
    const areas = new Set(windows.filter((w) => w.services.includes(queue.code)).map((w) => w.zone));
    if (!areas.has(zone.code)) continue;
    waiting += queue.waiting / areas.size;
    if (queue.head) longest = Math.max(longest, Math.floor(since(queue.head.since) / 60));
  }
  return { zone, waiting: Math.round(waiting), longest, on: here.filter((w) => ON.includes(w.state)).length, all: here.length };
}

function zoneCard({ zone, waiting, longest, on, all }) {
  return h("section.card.g-zone", h("h3", pick(zone)), h("p.g-zone-n", waiting ? t("gd.zoneWaiting", { n: waiting }) : t("gd.zoneCalm")),
    h("p", t("gd.zoneOpen", { n: on, m: all })), h("p.muted", waiting > 0 && longest > 0 && t("gd.zoneLongest", { n: longest })));
}

function item(n, ctx, again) {
  const known = !ofForm(n) || readBefore().includes(n.id);
  return h("div.band.g-news", { class: n.level === "alarm" ? "red" : n.level === "warn" ? "amber" : "" }, h("span", pick(n, "text")),
    known ? ofForm(n) && h("span.badge.green", t("gd.readAlready")) : h("button.btn.g-key", { type: "button", onclick: () => (read(n), again()) }, t("gd.read")));
}

function windowList(zone, rows, names) {
  if (!rows.length) return null;
  return h("section.stack", h("h3", pick(zone)), h("ul.g-windows", rows.map((w) => h("li",
    h("strong.num", w.no),
    stateMark(w.state, w.closed && !w.clerk ? t(`fm.shut.${w.closed}`) : t(`o.${WORD[w.state]}`)),
    h("span", h("strong", pick(w, "department_name")), w.clerk && ` · ${w.clerk.name}`, w.ticket && ` · ${t("gd.serving", { no: w.ticket.number })}`,
      h("small.block.muted", w.services.map((code) => pick(names.get(code))).filter(Boolean).join(lang().startsWith("zh") ? "、" : ", ")))))));
}

function booking(one, ctx, names, tell) {
  const done = h("span.badge.green", { role: "status", hidden: true });
  const arrive = () => tell(async () => {
    const ticket = await create("/appointments/arrive", { code: one.code, ...atKiosk(ctx) });
    say(done, t("gd.checkedIn", { no: ticket.number, n: ticket.ahead }));
    done.hidden = false;
    await new Promise((over) => setTimeout(over, STAYS));
  });
  return h("div.g-booking", h("strong.num", one.time), h("span", pick(names.get(one.service)) || one.service, one.name && ` · ${one.name}`,
    one.needs.length > 0 && h("span.badge.action", one.needs.map((need) => t(`nd.${need}`)).join(" "))),
  one.state === "booked" ? h("span", press(t("gd.checkIn"), arrive), done) : h(`span.badge.${one.state === "arrived" ? "green" : "plain"}`, t(`gd.ap_${one.state}`)));
}
