// The patrol's tablet: sign in, begin or go on with a round. What could not be sent stays and is sent again.
import "../shared/demo.js";
import { del, get, list } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { everySecond, hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { onLang, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { sheetOpen } from "../window/sheets.js";
import { gatePage, languageKeys, resume, signInForm } from "../window/sign_in.js";
import { Outbox } from "./outbox.js";
import { Round } from "./round.js";
import { start } from "./start.js";

const MAY = ["office", "admin"];
const AGAIN = 2000;
const live = new Live("office");
const ctx = { live, who: null, catalog: null, content: null, areas: [], chiefs: [], people: [], outbox: null };
let area = null;
let frame = null;

function gate(title, ...content) {
  area?.stop?.();
  area = frame = ctx.who = null;
  gatePage(title, ...content);
}

const askSignIn = () => gate(t("pl.title"), signInForm(entered));
const forbidden = () => gate(t("pl.title"), h("p.band.amber", t("pl.notAllowed")), h("button.btn", { type: "button", onclick: leave }, t("o.signOut")));

async function leave() {
  await del("/session").catch(() => null);
  location.reload();
}

async function entered(person) {
  if (!MAY.includes(person.role)) return forbidden();
  ctx.who = person;
  const [catalog, checklist, people] = await Promise.all([get("/catalog"), get("/patrols/checklist"), list("/staff")]);
  Object.assign(ctx, { catalog, content: checklist.content, areas: checklist.areas, chiefs: checklist.chiefs, people });
  ctx.outbox ||= new Outbox(sent);
  live.start();
  await firstPicture();
  await show();
}

/** The hall's day and time come with it; a page drawn before would ask for the wrong day. */
const firstPicture = () => new Promise((done) => {
  const stop = live.subscribe("", () => (stop(), done()));
  setTimeout(done, AGAIN);
});

/** The address keeps the round: #12. */
async function show(said = "") {
  if (!ctx.who) return;
  area?.stop?.();
  const number = Number(location.hash.slice(1));
  const patrol = number ? await get(`/patrols/${number}`).catch(() => null) : null;
  area = patrol && !patrol.ended_at ? new Round(ctx, patrol, toStart) : start(ctx, begin, said);
  frame = shell();
  put(document.body, frame.node);
  scrollTo(0, 0);
  sent();
}

const begin = async (number) => {
  location.hash = `#${number}`;
};

function toStart(said = "") {
  history.replaceState(null, "", "#");
  show(said);
}

function shell() {
  const clock = h("span.num.muted", hm());
  const unsent = h("p.strip", { role: "status", hidden: true });
  const node = h("div.patrol",
    h("header.pt-top", h("h1.hall", t("pl.title")), h("span.pt-hall", boot.hall.name), clock, h("span.who", ctx.who.name),
      h("a.btn.quiet", { href: "/office#patrols" }, t("pl.toOffice")), languageKeys(),
      h("button.btn.quiet", { type: "button", onclick: leave }, t("o.signOut"))),
    unsent, h("main.pt-page", area.node));
  return { node, clock, unsent };
}

/** After each step of the outbox. */
function sent() {
  if (!frame || !ctx.outbox) return;
  const n = ctx.outbox.waiting;
  frame.unsent.hidden = n === 0 || live.connected;
  say(frame.unsent, t("pl.unsent", { n }));
  if (area instanceof Round && !sheetOpen()) area.draw();
}

live.denied = (code) => (code === 4401 ? askSignIn() : forbidden());
live.idle = () => !sheetOpen() && !ctx.outbox?.waiting && !document.activeElement?.matches("input, select, textarea");
live.watch(() => sent());
emergency(live, { href: "/emergency" });
window.addEventListener("hashchange", () => show());
onLang(() => (ctx.who ? show() : askSignIn()));
everySecond(() => frame && say(frame.clock, hm()));

resume(t("pl.title"), gate, entered, askSignIn);
