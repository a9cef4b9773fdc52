// The first page: at most eight choices, the most used first; by matter and by department on the other tabs.
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { shown } from "../shared/shown.js";
import { cardBand, hint } from "./card.js";
import { formNotices, hall, isOpen, shortWait, tagOf, whyNot } from "./hall.js";

const TABS = ["common", "byMatter", "byDept"];
const root = document.documentElement;

const perPage = () => (root.dataset.size === "large" || root.dataset.reach === "low" ? 4 : 8);

/** Names must fit their card: a hanzi is one wide, a letter about half. */
function fit(name) {
  const width = [...name].reduce((sum, c) => sum + (c > "\u2e7f" ? 1 : 0.56), 0);
  if (width <= 13) return "span.card-name.balanced";
  return width <= 24 ? "span.card-name.balanced.long" : "span.card-name.balanced.longer";
}

function groups(tab) {
  if (tab === "byDept") {
    return hall.departments
      .map((d) => ({ key: d.code, name: pick(d), services: hall.services.filter((s) => s.department === d.code) }))
      .filter((g) => g.services.length);
  }
  const keys = [...new Set(hall.services.map((s) => s.matter || ""))].sort((a, b) => (a === "") - (b === ""));
  return keys.map((key) => {
    const services = hall.services.filter((s) => (s.matter || "") === key);
    return { key, name: pick(services[0], "matter") || t("k.other"), services };
  });
}

function choices(state) {
  if (state.tab === "common") {
    const common = hall.services.filter((s) => s.common);
    return common.length ? common : hall.services;
  }
  const all = groups(state.tab);
  return state.group === null ? all : all.find((g) => g.key === state.group)?.services || [];
}

function serviceCard(service, go, updates) {
  const status = h("span.card-wait");
  const card = h("button.choice", { type: "button", onclick: () => go.service(service) },
    h(fit(pick(service)), pick(service)), status);
  const update = () => {
    const why = whyNot(service);
    card.classList.toggle("off", !isOpen(service));
    say(status, why ? tagOf(service, why) : shortWait(service));
  };
  updates.push(update);
  update();
  return card;
}

const groupCard = (group, go) =>
  h("button.choice.group", { type: "button", onclick: () => go.group(group.key) },
    h(fit(group.name), group.name),
    h("span.card-wait", t("k.count", { n: group.services.length })));

const door = (words, open) => h("button.btn.key.find-open", { type: "button", onclick: open }, words);

/** The other ways to a number: a missed or lost one, and, where a service takes them, an appointment. */
const doors = (go) => h("div.doors", door(t("kf.open"), go.find), door(t("rt.kioskOpen"), go.rate), door(t("kc.key"), go.complain),
  hall.services.some((s) => s.bookable) && door(t("ap.open"), go.appointment));

function pager(page, pages, go, find) {
  if (pages < 2) return h("div.pager", find);
  const key = (step, label) => {
    const to = page + step;
    return h("button.btn.key", { type: "button", disabled: to < 0 || to >= pages, onclick: () => go.page(to) }, label);
  };
  return h("div.pager", find, key(-1, t("ui.prev")), h("p", t("ui.page", { n: page + 1, m: pages })), key(1, t("ui.next")));
}

function heading(state) {
  if (state.adding && state.group === null) return t("kf.addTitle");
  if (state.tab === "common") return state.card ? t("ki.title", { name: state.card.name }) : t("k.title");
  if (state.group !== null) return groups(state.tab).find((g) => g.key === state.group)?.name || "";
  return t(state.tab === "byDept" ? "k.dept" : "k.matter");
}

const tabs = (state, go) =>
  h("div.tabs", TABS.map((tab) => {
    const pressed = String(state.tab === tab);
    return h("button.btn.key", { type: "button", "aria-pressed": pressed, onclick: () => go.tab(tab) }, t(`k.${tab}`));
  }), !state.adding && h("button.btn.key.guides", { type: "button", onclick: go.guides }, t("qy.open")));

function greenBand(state, go) {
  const mine = hall.categories.find((c) => c.code === state.category);
  return h("button.green-band", { type: "button", onclick: go.green },
    h("span", mine ? t("k.green.chosen", { category: pick(mine) }) : t("k.green")),
    h("span.green-go", mine ? t("k.green.change") : t("k.green.short")));
}

/** B20: what of the hall is closed or suspended now or soon. */
function noticeBand(updates) {
  const band = h("div.notice-band", { role: "status" });
  let drawn = null;
  const update = () => {
    const told = formNotices();
    const words = told.map((n) => pick(n, "text"));
    band.hidden = !told.length;
    root.toggleAttribute("data-told", told.length > 0); // the greeting gives way
    if (drawn !== words.join()) put(band, words.map((line) => h("p", line)));
    drawn = words.join();
    told.forEach(shown);
  };
  updates.push(update);
  update();
  return band;
}

/** {nodes, update}: the stage's children and what to do when the live picture changes. */
export function choose(state, go) {
  const all = choices(state);
  const pages = Math.max(1, Math.ceil(all.length / perPage()));
  const page = Math.min(state.page, pages - 1);
  const updates = [];
  const cards = all.slice(page * perPage(), (page + 1) * perPage())
    .map((item) => (item.services ? groupCard(item, go) : serviceCard(item, go, updates)));
  const nodes = [
    h("h1.title", { tabindex: "-1" }, heading(state)),
    tabs(state, go),
    !state.adding && (state.card ? cardBand(state, go) : hint(updates)),
    cards.length ? h("div.choices", cards) : h("p.none", t("k.none")),
    noticeBand(updates),
    pager(page, pages, go, !state.adding && !state.card && doors(go)),
    hall.categories.length > 0 && !state.adding && greenBand(state, go),
  ];
  return { nodes, update: () => updates.forEach((fn) => fn()) };
}

/** The page of the green channel: choose your case, then go on choosing the service. */
export function greenPage(state, go) {
  const key = (category) => {
    const pressed = String(state.category === category.code);
    const choose = () => go.category(category.code);
    return h("button.choice.case", { type: "button", "aria-pressed": pressed, onclick: choose },
      h("span.card-name", pick(category)), category.from_age && h("span.card-sub", t("gc.fromAge", { n: category.from_age })));
  };
  const nodes = [
    h("h1.title", { tabindex: "-1" }, t("k.green.short")),
    h("p.lead", t("k.green.ask")),
    h("div.choices.cases", hall.categories.map(key)),
    h("button.btn.key.wide", { type: "button", onclick: () => go.category("ordinary") }, t("k.green.none")),
  ];
  return { nodes, update: () => {} };
}
