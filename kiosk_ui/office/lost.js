// Lost property at the guide desk (K01-K09): what is kept, what is due, what was given back; one item with its steps.
import { get } from "../shared/api.js";
import { hubNow, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { ask, line } from "./ask_line.js";
import { dayTime, paged } from "./parts.js";
import { claimForm, newItem } from "./lost_forms.js";
import { chips, facts, key, mayWrite, printTo, seesAll, stepsOf } from "./registers_parts.js";

const DAY = 86400000;
const STATES = ["open", "due", "closed"];
export const placeOf = (item) => [pick(item, "zone_name"), item.place].filter(Boolean).join(" · ");
const countOf = (item) => (item.count > 1 ? `${item.name} ×${item.count}` : item.name);

export function lost(ctx) {
  const box = h("div.stack.rg");
  const writes = mayWrite(ctx);
  let state = "open";
  const show = (...content) => {
    put(box, content);
    scrollTo(0, 0);
    box.querySelector("h2")?.focus({ preventScroll: true });
  };
  const shelf = async (words = "") => {
    const asked = state;
    const path = `/found?state=${asked}${asked === "closed" ? `&from=${yearAgo()}` : ""}`;
    const found = await get(path);
    if (asked !== state) return;
    const said = h("p.band.green", { role: "status", hidden: !words }, words);
    const rows = h("ul.rg-list");
    const add = (items) => rows.append(...items.map((item) => row(item, writes && state === "due", seesAll(ctx) && (() => open(item.id)))));
    show(h("h2.sr-only", { tabindex: "-1" }, t("rg.lost")),
      h("div.rg-head", chips(STATES, state, (name) => t(`rg.shelf_${name}`), (name) => ((state = name), shelf())),
        writes && key(t("rg.lostNew"), async () => show(newItem(ctx, shelf)), ".primary")), said,
      writes && state === "due" && found.items.length > 0 && policeBar(found.items, shelf),
      found.items.length ? [rows, paged(path, found, add, key)] : h("p.empty.card", t(`rg.none_${state}`)));
  };
  const open = async (id, words = "") => {
    const item = await get(`/found/${id}`);
    show(detail(ctx, item, words, { shelf, again: (said) => open(id, said), claim: () => show(claimForm(item, () => open(id, t("rg.closedNow")), () => open(id))) }));
  };
  shelf().catch((problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("net.failed")));
  });
  return { node: box, update: () => {} };
}

const yearAgo = () => new Date(hubNow() - 366 * DAY).toISOString().slice(0, 10);
const left = (item) => Math.ceil((ms(`${item.due_day}T00:00:00Z`) - hubNow()) / DAY);

function badges(item) {
  if (item.state !== "kept") return h("span.badge.green", t(`rg.st_${item.state}`));
  return [
    item.valuable && h("span.badge.red", t("rg.valuable")),
    item.perishable && h("span.badge.amber", t("rg.perishable")),
    item.due ? h("span.badge.red", t(`rg.now_${item.why_due}`)) : h("span.badge", t("rg.daysLeft", { n: left(item) })),
  ];
}

/** Without `open` it is only read. */
function row(item, choose, open) {
  const box = choose && item.why_due !== "perishable" && h("input", { type: "checkbox", name: "item", value: item.id, checked: true, "aria-label": t("rg.choose", { no: item.no }) });
  return h("li.card.rg-row", box && h("label.rg-tick", box),
    h(open ? "button.rg-open" : "div.rg-open", open ? { type: "button", onclick: open } : {},
      h("span.rg-title", h("strong", countOf(item)), h("span.num.muted", item.no)),
      h("span.muted", placeOf(item), "　", t("rg.announcedOn", { d: item.day })), h("span.rg-badges", badges(item))));
}

/** K03, K05: the chosen ones go to the police together, with a list that both sign. */
function policeBar(items, shelf) {
  const chosen = () => [...document.querySelectorAll(".rg-list input:checked")].map((input) => Number(input.value));
  if (items.every((item) => item.why_due === "perishable")) return null;
  return h("div.band.amber.rg-police", h("p", t("rg.policeHow")), h("div.g-acts.btn-row",
    key(t("rg.policeList"), async () => {
      const numbers = chosen();
      if (numbers.length) open(`/office/found-handover/print?${numbers.map((n) => `item=${n}`).join("&")}`);
    }),
    key(t("rg.policeDone"), async () => {
      const numbers = chosen();
      if (numbers.length && (await askPolice(numbers))) await shelf(t("rg.policeSaid", { n: numbers.length }));
    }, ".primary")));
}

function detail(ctx, item, words, { shelf, again, claim }) {
  const writes = mayWrite(ctx);
  const here = writes && item.state === "kept";
  const at = `/found/${item.id}`;
  const named = h("dl.rg-facts.rg-who", { hidden: true });
  const who = item.claimant || item.phone || item.owner;
  const look = async () => {
    const full = await get(`${at}/identity`);
    put(named, facts([["rg.f_claimant", full.claimant], ["rg.idNumber", full.id_masked], ["rg.m_phone", full.phone], ["rg.owner", full.owner]]));
    named.hidden = false;
  };
  return h("article.stack",
    h("div.rg-head", h("button.btn.quiet", { type: "button", onclick: () => shelf() }, `‹ ${t("rg.back")}`)),
    words && h("p.band.green", { role: "status" }, words),
    h("section.card.stack",
      h("div.rg-title", h("h2", { tabindex: "-1" }, countOf(item)), h("span.num.muted", item.no)), h("p.rg-badges", badges(item)),
      h("dl.rg-facts", facts([
        ["rg.f_features", item.features], ["rg.f_found_at", dayTime(item.found_at)], ["rg.f_place", placeOf(item)], ["rg.f_finder", item.finder && t(`rg.finder_${item.finder}`)],
        ["rg.f_day", item.day + t("rg.by", { name: item.by })], item.state === "kept" && ["rg.f_due_day", `${item.due_day}　${t(`rg.then_${item.why_due}`)}`],
        item.ticket && ["rg.withTicket", ticketWords(item.ticket)], ["rg.owner", item.owner], ["rg.f_claimant", [item.claimant, item.id_masked, item.phone].filter(Boolean).join("　")],
        ["rg.f_receipt", item.receipt]])),
      item.photos.length > 0 && h("div.rg-pictures", item.photos.map((file) => h("img.rg-photo", { src: `/api/v1${at}/files/${file}`, alt: t("rg.pictureOf", { name: item.name }) }))),
      named,
      h("div.g-acts.btn-row",
        here && key(t("rg.claim"), async () => claim(), ".primary"),
        here && key(t("rg.contact"), async () => (await askWords("rg.contact", "rg.contactHint", `${at}/contact`)) && again(t("rg.noted"))),
        here && key(t("rg.police"), async () => (await askPolice([item.id], item)) && again(t("rg.closedNow"))),
        here && item.perishable && key(t("rg.destroy"), async () => (await askDestroy(at)) && again(t("rg.closedNow"))),
        here && printTo(ctx, t("rg.label"), `${at}/print`),
        writes && form(item, "rg.form", ""), writes && item.signature && form(item, "rg.formFull", "?full=1"),
        who && key(t("rg.look"), look))),
    h("section.card.stack", h("h3", t("rg.steps")), stepsOf(item.steps)));
}

const form = (item, words, query) => h("a.btn.g-key", { href: `/office/found/${item.id}/print${query}`, target: "_blank" }, t(words));

const ticketWords = (ticket) => [ticket.number, ticket.day, pick(ticket, "service"), ticket.window && t("rg.atWindow", { win: ticket.window })].filter(Boolean).join("　");

const askWords = (title, label, path) => ask(title, () => {
  const [node, words] = line(label, { "data-first": true });
  return [node, path, () => ({ note: words() })];
});

const askPolice = (items, item) => ask("rg.police", () => {
  const early = item && !item.due;
  const [node, receipt] = line("rg.receipt", { maxlength: 60, "data-first": true });
  const [more, note] = line(early ? "rg.policeEarly" : "rg.note", { required: early });
  return [[early && h("p.band.amber", t("rg.policeSoon", { d: item.due_day })), node, more], "/found/police", () => ({ items, receipt: receipt(), note: note() })];
});

const askDestroy = (at) => ask("rg.destroy", () => {
  const [node, note] = line("rg.destroyHow", { "data-first": true });
  const [more, witness] = line("rg.witness", { maxlength: 60 });
  return [[node, more], `${at}/destroy`, () => ({ note: note(), witness: witness() })];
});
