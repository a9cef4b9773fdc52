// The hall office: sign in, then one page per matter. The address keeps the page (#devices, #record/7).
import "../shared/demo.js";
import { del, get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond, hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { onLang, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { sheetOpen } from "../window/sheets.js";
import { gatePage, languageKeys, resume, signInForm } from "../window/sign_in.js";
import { alarms, dueAlarms } from "./alarms.js";
import { appointments } from "./appointments.js";
import { audit } from "./audit.js";
import { away } from "./away.js";
import { bulletins } from "./bulletins.js";
import { calendar } from "./calendar.js";
import { cases } from "./cases.js";
import { catalogue } from "./catalogue.js";
import { compare } from "./compare.js";
import { cover } from "./cover.js";
import { device } from "./device.js";
import { devices } from "./devices.js";
import { dayFacts } from "./day_facts.js";
import { emergencyPage } from "./emergency.js";
import { change, closing, suspend } from "./forms.js";
import { handovers, referrals, refusals } from "./handing.js";
import { home } from "./home.js";
import { hooks } from "./hooks.js";
import { items } from "./items.js";
import { notices, outages } from "./notices.js";
import { leaves } from "./leaves.js";
import { manual } from "./manual.js";
import { outcomes } from "./outcomes.js";
import { oneTime } from "./one_time.js";
import { outOfOrder } from "./out_of_order.js";
import { loadPairings } from "./pairings.js";
import { namer } from "./parts.js";
import { patrols } from "./patrols.js";
import { peak } from "./peak.js";
import { person } from "./person.js";
import { postings } from "./postings.js";
import { posts } from "./posts.js";
import { ratings } from "./ratings.js";
import { record } from "./record.js";
import { records } from "./records.js";
import { lostPage, mailPage } from "./registers.js";
import { reprint } from "./reprint.js";
import { scores } from "./scores.js";
import { screens } from "./screens.js";
import { settlement } from "./settle.js";
import { staff } from "./staff.js";
import { standards } from "./standards.js";
import { today } from "./today.js";
import { waits } from "./waits.js";

/**
 * Every page of the office: [name, its function, who sees it]; without roles everyone who may enter. Pages of one matter
 * share one entry of the list ([name, its pages]) and stand as keys over the page, so that the list fits a desk's screen.
 */
const OFFICE = ["office", "admin"];
const LOOKERS = [...OFFICE, "leader", "auditor"];
const ALL = [...LOOKERS, "chief"];
const GROUPS = {
  groupToday: [["home", home], ["alarms", alarms, ALL], ["notices", notices, LOOKERS], ["screens", screens, LOOKERS], ["emergency", emergencyPage, [...OFFICE, "guide"]]],
  groupWindows: [["posts", posts, ALL],
    ["adjust", [["todays", today, [...OFFICE, "chief"]], ["cover", cover, OFFICE]]],
    ["closures", [["closing", closing, ALL], ["suspend", suspend, ALL], ["change", change, ALL]]],
    ["catalogue", catalogue, OFFICE], ["calendar", calendar, ALL]],
  groupTickets: [["appointments", appointments, [...OFFICE, "chief"]], ["peak", peak, ALL],
    ["settling", [["settle", settlement, LOOKERS], ["manual", manual, OFFICE], ["reprint", reprint, OFFICE]]],
    ["waiting", [["waits", waits, ALL], ["outoforder", outOfOrder, ALL]]]],
  groupPapers: [["items", items, ALL], ["onetime", oneTime, ALL], ["outcomes", outcomes, ALL],
    ["handing", [["referrals", referrals, ALL], ["refusals", refusals, ALL], ["handovers", handovers, ALL]]],
    ["registers", [["lostproperty", lostPage, LOOKERS], ["mail", mailPage, LOOKERS]]]],
  groupPeople: [["onpost", [["dayfacts", dayFacts, ALL], ["away", away, ALL]]], ["staff", staff, ALL],
    ["coming", [["leaves", leaves, ALL], ["postings", postings, ALL]]]],
  groupAssess: [["ratings", ratings, LOOKERS], ["cases", cases, ALL], ["patrols", patrols, ALL],
    ["files", [["records", records, ALL], ["compare", compare, ALL]]], ["scores", scores, ALL], ["bulletins", bulletins, ALL], ["standards", standards, ALL]],
  groupSystem: [["machines", [["devices", devices, LOOKERS], ["outage", outages, LOOKERS], ["hooks", hooks, LOOKERS]]], ["audit", audit, ["admin", "auditor"]]],
};
const pagesOf = ([name, page, roles]) => (Array.isArray(page) ? page : [[name, page, roles]]);
const TABS = Object.fromEntries([...Object.values(GROUPS).flat().flatMap(pagesOf).map(([name, page]) => [name, page]), ["record", record], ["person", person], ["device", device]]);
const OF_ONE = { record: "records", person: "staff", device: "devices" }; // pages of one person or device, and the list that they belong to
const DRAW_EVERY = 1000;
const AGAIN = 2000;
const live = new Live("office");
const ctx = { live, catalog: {}, who: null, pairings: [], outages: [], name: (_, code) => code, again: prepare };
let tab = null;
let frame = null;
let stale = false;

function gate(title, ...content) {
  tab?.stop?.();
  tab = frame = null;
  gatePage(title, ...content);
}

function askSignIn() {
  ctx.who = null;
  gate(t("o.signInTitle"), signInForm(entered));
  document.querySelector(".gate input")?.focus();
}

function forbidden() {
  ctx.who = null; // whatever is still loading must not draw over this
  gate(t("o.title"), h("p.band.amber", t("o.notAllowed")), h("button.btn", { type: "button", onclick: leave }, t("o.signOut")));
}

async function leave() {
  await del("/session").catch(() => null);
  location.reload();
}

async function entered(person) {
  ctx.who = person;
  await prepare();
  live.start();
  await firstPicture();
  show();
}

/** The hall's day and time come with it; a page drawn before would ask for the wrong days. */
const firstPicture = () => new Promise((done) => {
  const stop = live.subscribe("", () => (stop(), done()));
  setTimeout(done, AGAIN);
});

/** What all pages need beside the live picture; without the right to see a part, that part stays empty. */
async function prepare() {
  const [catalog, pairings, broken] = await Promise.all([
    get("/catalog").catch(() => ({})),
    OFFICE.includes(ctx.who.role) ? loadPairings().catch(() => []) : [],
    get("/outages").then((answer) => answer.items).catch(() => []),
  ]);
  Object.assign(ctx, { catalog, pairings, outages: broken, name: namer(catalog) });
}

function show() {
  if (!ctx.who) return;
  tab?.stop?.();
  const [wanted, id] = location.hash.slice(1).split("/");
  const name = TABS[wanted] && (!OF_ONE[wanted] || id) ? wanted : "home";
  tab = TABS[name](ctx, id);
  const byKey = document.activeElement?.closest(".tabs");
  frame = shell(OF_ONE[name] || name);
  put(document.body, frame.node);
  fold();
  reveal(frame.node.querySelector(".tab[aria-current]"), byKey);
  update();
}

/** Where the list of pages does not fit the screen, only today's group and the current one stand open, and one more at a time. */
function fold() {
  const nav = frame?.node.querySelector(".tabs");
  if (!nav) return;
  const groups = [...nav.querySelectorAll("details")];
  const before = nav.classList.contains("folded") && groups.map((group) => group.open);
  nav.classList.remove("folded");
  for (const group of groups) group.open = true;
  const folded = nav.scrollHeight > nav.clientHeight + 1;
  nav.classList.toggle("folded", folded);
  groups.forEach((group, i) => {
    const head = group.firstElementChild;
    group.open = !folded || (before ? before[i] : "keep" in group.dataset);
    head.tabIndex = folded ? 0 : -1; // nothing to press where all stand open
    head.onclick = () => groups.forEach((other) => (other.open &&= other === group || "keep" in other.dataset));
  });
}

/** The list of pages is longer than some screens: the current one stands in its middle, and the page itself stays where it is. */
function reveal(tab, focused) {
  const nav = tab?.closest(".tabs");
  if (!nav) return;
  nav.scrollTo(tab.offsetLeft - (nav.clientWidth - tab.offsetWidth) / 2, tab.offsetTop - (nav.clientHeight - tab.offsetHeight) / 2);
  if (focused) tab.focus({ preventScroll: true });
}

function shell(current) {
  const clock = h("span.num.muted");
  const lost = h("p.strip", { role: "alert", hidden: true }, t("o.lost"));
  const count = h("span.count", { hidden: true });
  const alarmed = h("span.count", { hidden: true });
  const seen = ([, , roles]) => !roles || roles.includes(ctx.who.role);
  const entries = Object.entries(GROUPS).map(([group, all]) =>
    [group, all.map((entry) => [entry[0], pagesOf(entry).filter(seen).map(([name]) => name)]).filter(([, names]) => names.length)]);
  const beside = entries.flatMap(([, all]) => all).map(([, names]) => names).find((names) => names.includes(current)) || [];
  const link = ([entry, names]) => {
    const here = names.includes(current);
    return h("a.tab", { href: `#${here ? current : names[0]}`, "aria-current": here ? "page" : null }, t(`o.${names.length > 1 ? entry : names[0]}`),
      entry === "notices" && count, entry === "alarms" && alarmed);
  };
  const node = h("div.office",
    h("header.bar-top", h("h1.hall", boot.hall.name), h("span.muted.product", t("o.title")), clock,
      h("span.who", ctx.who.name), languageKeys(), h("button.btn.quiet", { type: "button", onclick: leave }, t("o.signOut"))),
    lost,
    h("div.office-body",
      h("nav.tabs", { "aria-label": t("o.title") }, entries.map(([group, all]) =>
        all.length > 0 && h("details.tab-group", { "data-keep": group === "groupToday" || all.some(([, names]) => names.includes(current)) ? "" : null },
          h("summary.tab-head", h("h2", t(`o.${group}`))), all.map(link)))),
      h("main.page", beside.length > 1 && h("nav.beside.no-print", { "aria-label": t("o.beside") }, beside.map((name) =>
        h("a.beside-tab", { href: `#${name}`, "aria-current": name === current ? "page" : null }, t(`o.${name}`)))), tab.node)));
  return { node, clock, lost, count, alarmed };
}

function update() {
  if (!frame) return;
  say(frame.clock, hm());
  frame.lost.hidden = live.connected;
  const open = live.list("notice/").filter((n) => n.kind === "help").length;
  frame.count.hidden = open === 0;
  say(frame.count, open);
  const due = dueAlarms(ctx);
  frame.alarmed.hidden = due === 0;
  say(frame.alarmed, due);
  if (live.seq !== null) tab.update();
  stale = false;
}

live.denied = (code) => (code === 4401 ? askSignIn() : forbidden());
live.idle = () => !sheetOpen() && !document.activeElement?.matches("input, select");
live.watch(() => update());
emergency(live, { href: "#emergency" });
live.subscribe("", () => (stale = true));
window.addEventListener("hashchange", show);
window.addEventListener("resize", fold);
onLang(() => (ctx.who ? show() : askSignIn()));
setInterval(() => stale && update(), DRAW_EVERY);
everySecond(() => frame && say(frame.clock, hm()));

resume(t("o.title"), gate, entered, askSignIn);
