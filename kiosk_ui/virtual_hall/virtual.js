// The virtual hall: floors as plans, with every device as it received its bytes, and something to pull or press on each.
import { boot } from "../shared/boot.js";
import { day, everySecond, hms } from "../shared/clock.js";
import "../shared/demo.js";
import { h, put, say } from "../shared/dom.js";
import { lang, languageName, languages, onLang, pick, setLang, t } from "../shared/i18n.js";
import { clerks, crowd } from "./act.js";
import { FaultPanel, faultCount } from "./faults.js";
import { Feed } from "./feed.js";
import { KioskPanel, TourPanel, WindowPanel } from "./inspect.js";
import { Plan } from "./plan.js";
import { Player } from "./play.js";

const CROWD = 60;
const TURN = 250;
const FAULTS = "faults";
const feed = new Feed();
let floor = 1;
let chosen = null;
let parts = null;

const out = (href, words) => h("a.btn.quiet", { href, target: "_blank", rel: "noopener", title: t("vh.newTab") }, words);
const floors = () => feed.list("floor/");
const floorOfKey = (key) => floors().find((f) => [f.kiosk, f.query].some((id) => key === `kiosk/${id}`) || f.windows.some((no) => key === `window/${no}`));

function choose(key) {
  chosen = key;
  if (key && key !== FAULTS) floor = floorOfKey(key).floor;
  show();
  parts.aside.scrollTop = 0;
}

const back = () => h("button.btn.quiet", { type: "button", onclick: () => choose(null) }, t("vh.tourClose"));

function panelFor(key) {
  if (!key) return new TourPanel(choose);
  if (key === FAULTS) return new FaultPanel(back);
  const [kind, place] = key.split("/");
  return kind === "window" ? new WindowPanel(place, back) : new KioskPanel(place, back);
}

/** The frame of the page in the current language; what is in it is filled by `show`. */
function build() {
  const other = languages[(languages.indexOf(lang()) + 1) % languages.length];
  parts = {
    clock: h("strong.clock"), date: h("span.muted"), arriving: h("p.arriving", { role: "status" }), staffed: h("span.muted"),
    work: h("button.btn", { type: "button", onclick: () => clerks(!feed.get("hall").clerks) }),
    tabs: h("div.tabs", { role: "tablist" }), floor: h("main.floor"), aside: h("aside.aside"), line: h("p.strip", { role: "status", hidden: feed.connected !== false }, t("vh.lost")),
    faults: h("button.btn.quiet", { type: "button", onclick: () => choose(chosen === FAULTS ? null : FAULTS) }, h("span", t("vd.panel")), " ", h("span.badge.red")),
    player: new Player(), plan: null, panel: null,
  };
  put(document.body,
    h("header.top",
      h("div.name", h("h1", t("vh.title"), h("small", boot.hall.name)), h("p.muted", t("vh.lead"))),
      h("div.acts", parts.player.node,
        h("div.act-row", h("button.btn", { type: "button", onclick: () => crowd(CROWD) }, t("vh.crowd")), parts.work, parts.staffed, parts.arriving)),
      h("div.when", parts.date, parts.clock)),
    parts.line,
    h("div.bar", parts.tabs, h("nav.pages", { "aria-label": t("vh.pages") }, parts.faults, out("/board", t("vh.board")), out("/office", t("vh.office")),
      languages.length > 1 && h("button.btn.quiet", { type: "button", onclick: () => setLang(other) }, languageName(other)))),
    h("div.hall", parts.floor, parts.aside));
}

function tabs() {
  const sign = JSON.stringify([floors().map((f) => [f.waiting, f.down]), floor]);
  if (parts.tabs.sign === sign) return;
  parts.tabs.sign = sign;
  put(parts.tabs, floors().map((f) =>
    h("button.tab", { type: "button", role: "tab", "aria-selected": String(f.floor === floor), onclick: () => ((floor = f.floor), chosen === FAULTS ? show() : choose(null)) },
      h("strong", pick(f)), h("span", t("vh.waiting", { n: f.waiting })), f.down > 0 && h("span.badge.red", t("vh.faults", { n: f.down })))));
}

function top() {
  const hall = feed.get("hall");
  say(parts.work, t(hall.clerks ? "vh.clerksOff" : "vh.clerksOn"));
  say(parts.staffed, t("vh.clerksAre", { n: hall.staffed }));
  const broken = faultCount(feed);
  parts.player.show(hall);
  parts.faults.setAttribute("aria-pressed", String(chosen === FAULTS));
  parts.faults.lastChild.hidden = !broken;
  say(parts.faults.lastChild, broken);
  say(parts.arriving, hall.arriving ? t("vh.crowding", { n: hall.arriving }) : "");
}

function show() {
  const here = feed.get(`floor/${floor}`);
  if (!here) return;
  if (parts.plan?.floor.floor !== floor) {
    parts.plan = new Plan(here, choose);
    put(parts.floor, parts.plan.node);
  }
  if (parts.panel === null || parts.of !== chosen) {
    parts.of = chosen;
    parts.panel = panelFor(chosen);
    put(parts.aside, parts.panel.node);
  }
  top();
  tabs();
  parts.plan.show(feed, chosen);
  parts.panel.show(feed, here);
}

function tick() {
  if (!feed.connected) return;
  const { speed } = feed.get("hall");
  say(parts.clock, hms());
  say(parts.date, speed === 1 ? day(lang()) : `${day(lang())}　${t("vh.speed", { n: speed })}`);
}

build();
onLang(() => (build(), show()));
feed.changed = show;
feed.line = (connected) => (parts.line.hidden = connected);
everySecond(tick);
setInterval(() => {
  parts.plan?.turn();
  parts.panel?.turn();
}, TURN);
feed.start();
