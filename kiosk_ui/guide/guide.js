// The guide's page: one area at a time, a strip of tasks that never waits, and whoever is asked to stand in sees it everywhere.
import "../shared/demo.js";
import { del, get, post } from "../shared/api.js";
import { everySecond, hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { lang, onLang, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { namer } from "../office/parts.js";
import { sheetOpen } from "../window/sheets.js";
import { gatePage, languageKeys, resume, signInForm } from "../window/sign_in.js";
import { duty, postWords } from "./duty.js";
import { find } from "./find.js";
import { hallNow, unread } from "./hall.js";
import { registers } from "./registers.js";
import { report } from "./report.js";
import { press } from "./parts.js";
import { take } from "./take.js";
import { openTasks, tasks } from "./tasks.js";

const AREAS = { take: ["tabTake", take], tasks: ["tabTasks", tasks], find: ["tabFind", find], hall: ["tabHall", hallNow], duty: ["tabDuty", duty], registers: ["tabRegisters", registers], report: ["tabReport", report] };
const MAY = ["guide", "office", "admin"];
const LOOK_EVERY = 15000;
const live = new Live("guide");
const ctx = { live, who: null, catalog: null, guides: [], limit: 600, name: (_, code) => code, look };
let area = null;
let frame = null;
let stale = false;

const gate = (title, ...content) => {
  area?.stop?.();
  area = frame = ctx.who = null;
  gatePage(title, ...content);
};

const askSignIn = () => gate(t("gd.title"), signInForm(entered));
const forbidden = () => gate(t("gd.title"), h("p.band.amber", t("gd.notAllowed")), h("button.btn", { type: "button", onclick: leave }, t("gd.signOut")));

async function leave() {
  await del("/session").catch(() => null);
  location.reload();
}

/** Posts and leaves of all guides. */
async function look() {
  const answer = await get("/guides").catch(() => null);
  if (!answer) return;
  ctx.guides = answer.items;
  ctx.limit = answer.limit;
  stale = true;
}

async function entered(person) {
  if (!MAY.includes(person.role)) return forbidden();
  ctx.who = person;
  ctx.catalog = await get("/catalog");
  ctx.name = namer(ctx.catalog);
  await look();
  live.start();
  show();
}

/** Who works here is one of the guides; the office has no post. */
ctx.me = () => ctx.guides.find((guide) => guide.id === ctx.who.id) || null;

function show() {
  if (!ctx.who) return;
  area?.stop?.();
  const name = AREAS[location.hash.slice(1)] ? location.hash.slice(1) : "take";
  area = AREAS[name][1](ctx);
  frame = shell(name);
  put(document.body, frame.node);
  scrollTo(0, 0);
  update();
}

function shell(current) {
  const clock = h("span.num.muted");
  const own = h("a.g-post", { href: "#duty" });
  const lost = h("p.strip", { role: "alert", hidden: true }, t("net.lost"));
  const asked = h("div.g-asked", { "aria-live": "polite" });
  const counts = Object.fromEntries(["tasks", "hall"].map((name) => [name, h("span.count", { hidden: true })]));
  const link = ([name, [words]]) =>
    h("a.g-tab", { href: `#${name}`, "aria-current": name === current ? "page" : null }, t(`gd.${words}`), counts[name]);
  const node = h("div.guide",
    h("header.g-top", h("h1.hall", t("gd.title")), own, clock, h("span.who", ctx.who.name), h("a.btn.quiet", { href: "/me" }, t("me.title")), languageKeys(),
      h("button.btn.quiet", { type: "button", onclick: leave }, t("gd.signOut"))),
    lost,
    h("nav.g-tabs", { "aria-label": t("gd.areas") }, Object.entries(AREAS).map(link)),
    asked,
    h("main.g-page", area.node));
  return { node, clock, own, lost, asked, counts };
}

/** G03: who is asked to stand in answers here, whatever area is open. */
function asked() {
  const mine = live.list("notice/").filter((n) => n.kind === "leave" && n.detail.asked && n.detail.by === ctx.who.id);
  const answer = (n, word) => press(t(`gd.${word}`), () => post(`/guides/leave/${n.detail.leave}/${word}`).then(look), word === "confirm" ? ".primary" : "");
  return mine.map((n) => h("div.band.amber.g-ask", h("strong", t("gd.asksYou", { name: n.detail.name })), h("div.btn-row", answer(n, "confirm"), answer(n, "decline"))));
}

let drawnAsk = null;
function update() {
  if (!frame) return;
  stale = false;
  say(frame.clock, hm());
  say(frame.own, postWords(ctx));
  frame.lost.hidden = live.connected;
  const numbers = { tasks: openTasks(ctx).length, hall: unread(ctx).length };
  for (const [name, badge] of Object.entries(frame.counts)) {
    badge.hidden = !numbers[name];
    say(badge, numbers[name] || "");
    badge.setAttribute("aria-label", t("gd.open", { n: numbers[name] }));
  }
  const sign = frame.asked.isConnected + lang() + live.list("notice/").filter((n) => n.kind === "leave").map((n) => n.id + n.detail.asked).join();
  if (sign !== drawnAsk || !frame.asked.dataset.drawn) put(frame.asked, asked());
  frame.asked.dataset.drawn = "1";
  drawnAsk = sign;
  if (live.seq !== null) area.update();
}

live.denied = (code) => (code === 4401 ? askSignIn() : forbidden());
live.idle = () => !sheetOpen() && !document.activeElement?.matches("input, select, textarea");
live.watch(() => update());
emergency(live, { href: "#report" });
live.subscribe("", (keys) => {
  stale = true;
  if (ctx.who && keys.some((key) => key.startsWith("notice/"))) look();
});
window.addEventListener("hashchange", show);
onLang(() => (ctx.who ? show() : askSignIn()));
setInterval(() => ctx.who && look(), LOOK_EVERY);
everySecond(() => frame && (stale ? update() : (say(frame.clock, hm()), area.tick?.())));

resume(t("gd.title"), gate, entered, askSignIn);
