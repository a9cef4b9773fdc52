// The mail ledger at the guide desk (L03, L04, M8): what waits for its result, what is to be sent, with its waybill.
import { create, get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { ask, line } from "./ask_line.js";
import { paged, when } from "./parts.js";
import { chips, facts, field, key, mayWrite, paper, printTo, seesAll } from "./registers_parts.js";

const SHELVES = { open: "state=open", sent: "state=sent", in: "direction=in", all: "" };

export function mail(ctx) {
  const box = h("div.stack.rg");
  let shelf = "open";
  const show = (...content) => {
    put(box, content);
    scrollTo(0, 0);
    box.querySelector("h2")?.focus({ preventScroll: true });
  };
  const list = async (words = "") => {
    const asked = shelf;
    const path = `/mail?${SHELVES[shelf]}`;
    const first = await get(path);
    if (asked !== shelf) return;
    const cards = h("ul.rg-mails");
    const add = (items) => cards.append(...items.map((row) => card(ctx, row, list)));
    show(h("h2.sr-only", { tabindex: "-1" }, t("rg.mail")),
      h("div.rg-head", chips(Object.keys(SHELVES), shelf, (name) => t(`rg.mails_${name}`), (name) => ((shelf = name), list())), mayWrite(ctx) && h("div.btn-row",
        key(t("rg.mailNew"), async () => show(newMail("out", list)), ".primary"), key(t("rg.mailIn"), async () => show(newMail("in", list))))),
      words && h("p.band.green", { role: "status" }, words),
      first.items.length ? [cards, paged(path, first, add, key)] : h("p.empty.card", t(`rg.mailNone_${shelf}`)));
  };
  list().catch((problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("net.failed")));
  });
  return { node: box, update: () => {} };
}

const COLOURS = { asked: "amber", ready: "action", sent: "green", received: "green", cancelled: "" };

function card(ctx, row, again) {
  const at = `/mail/${row.id}`;
  const writes = mayWrite(ctx);
  const waits = ["asked", "ready"].includes(row.state);
  const open = writes && waits;
  const full = h("dl.rg-facts.rg-who", { hidden: true });
  const look = async () => {
    const known = await get(`${at}/identity`);
    put(full, facts([["rg.m_name", known.name], ["rg.m_phone", known.phone], ["rg.m_address", known.address]]));
    full.hidden = false;
  };
  const moved = (words) => () => again(t(words, { no: row.no }));
  return h("li.card.stack",
    h("div.rg-title", h("strong", [pick(row, "service_name"), row.what].filter(Boolean).join("　") || t("rg.mail")), h("span.num.muted", row.no)),
    h("p.rg-badges", h(`span.badge${COLOURS[row.state] && `.${COLOURS[row.state]}`}`, t(`rg.ms_${row.state}`)),
      row.direction === "in" && h("span.badge", t("rg.dir_in")), row.payer === "citizen" && h("span.badge", t("rg.citizenPays")),
      waits && !row.addressed && h("span.badge.red", t("rg.noAddress")), row.checked_at && h(`span.badge.${row.check_note ? "amber" : "green"}`, row.check_note || t("rg.checkedFine"))),
    h("p", [row.name, row.phone, row.number && `${t("rg.m_number")} ${row.number}`, row.window && t("rg.atWindow", { win: row.window })].filter(Boolean).join("　")),
    h("p.muted", [when(row.at), row.by, row.carrier, row.waybill && `${t("rg.m_waybill")} ${row.waybill}`, row.why].filter(Boolean).join("　")),
    full,
    h("div.g-acts.btn-row",
      writes && row.state === "asked" && row.addressed && key(t("rg.ready"), async () => (await post(`${at}/ready`), await moved("rg.readySaid")()), ".primary"),
      open && row.addressed && key(t("rg.send"), async () => (await askSend(row, at)) && moved("rg.sentSaid")(), row.state === "ready" ? ".primary" : ""),
      open && key(t(row.addressed ? "rg.addressChange" : "rg.addressFill"), async () => (await askAddress(at)) && moved("rg.addressSaid")(), row.addressed ? "" : ".primary"),
      row.addressed && seesAll(ctx) && key(t("rg.lookAddress"), look),
      writes && row.state === "sent" && key(t("rg.waybillFix"), async () => (await askSend(row, at)) && moved("rg.sentSaid")()),
      writes && row.direction === "out" && row.state !== "cancelled" && printTo(ctx, t("rg.receiptPrint"), `${at}/print`),
      open && key(t("rg.mailCancel"), async () => (await askCancel(at)) && moved("rg.cancelSaid")())));
}

const askSend = (row, at) => ask("rg.send", () => {
  const [carrierNode, carrier] = line("rg.m_carrier", { value: row.carrier, maxlength: 40 });
  const [node, waybill] = line("rg.m_waybill", { value: row.waybill, maxlength: 40, minlength: 4, pattern: "[A-Za-z0-9-]+", autocapitalize: "characters", autocomplete: "off", "data-first": true });
  return [[node, carrierNode], `${at}/send`, () => ({ waybill: waybill(), carrier: carrier() })];
});

const askAddress = (at) => ask("rg.addressFill", () => {
  const [a, name] = line("rg.m_name", { maxlength: 60, "data-first": true });
  const [b, phone] = line("rg.m_phone", { maxlength: 20, minlength: 5, inputmode: "tel" });
  const [c, address] = line("rg.m_address");
  return [[a, b, c], `${at}/correct`, () => ({ to: { name: name(), phone: phone(), address: address() } })];
});

const askCancel = (at) => ask("rg.mailCancel", () => {
  const [node, note] = line("rg.why", { "data-first": true });
  return [node, `${at}/cancel`, () => ({ note: note() })];
});

/** Somebody asks at the desk, or papers have come. */
function newMail(direction, done) {
  const text = (props = {}) => h("input.input", { maxlength: 200, autocomplete: "off", ...props });
  const what = text({ required: true });
  const number = text({ maxlength: 8, autocapitalize: "characters" });
  const name = text({ required: true, maxlength: 60 });
  const phone = text({ required: direction === "out", maxlength: 20, inputmode: "tel" });
  const address = text({ required: direction === "out" });
  const waybill = text({ maxlength: 40 });
  const carrier = text({ maxlength: 40 });
  const out = direction === "out";
  const send = async () => {
    const all = { what, number, name, phone, address, waybill, carrier };
    const filled = Object.entries(all).map(([each, input]) => [each, input.value.trim()]).filter(([, value]) => value);
    const made = await create("/mail", { direction, ...Object.fromEntries(filled) });
    await done(t("rg.mailMade", { no: made.no }));
  };
  return paper(out ? "rg.mailNew" : "rg.mailIn", [
    field("rg.m_what", what, out ? "rg.whatHint" : "rg.whatInHint"), field("rg.m_number", number, "rg.numberHint"),
    field(out ? "rg.m_name" : "rg.sender", name), field("rg.m_phone", phone),
    out ? field("rg.m_address", address) : [field("rg.m_waybill", waybill), field("rg.m_carrier", carrier, "rg.carrierHint")],
  ], send, () => done(), "rg.save");
}
