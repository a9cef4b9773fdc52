// An ID card on this kiosk's reader: the greeting, what it offers and never forces, and how it is forgotten.
import { create, post, requestId } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { hall, live, serviceOf } from "./hall.js";
import { tellFor } from "./parts.js";

const KEY = `card/${boot.place}`;
const ELDERLY = "elderly";
const root = document.documentElement;

export const readerUp = () => live.list("device/").some((d) => d.driver === "idcard-sam" && d.state === "up");

/** fn(card) with each new card, fn(null) when the hub holds none any more. */
export function watchCards(fn) {
  let last = null;
  live.subscribe(KEY, () => {
    const card = live.get(KEY);
    const handle = card?.handle ?? null;
    if (handle === last) return; // a snapshot says nothing new
    last = handle;
    if (card?.unread) tellFor(8, t("ki.unread"), { tone: "warn" });
    else fn(card ?? null);
  });
}

/** The citizen has gone, or would rather go on without. */
export function forget(card) {
  if (live.get(KEY)?.handle === card.handle) post(`/kiosks/${boot.place}/card/forget`, { card: card.handle }).catch(() => null);
}

/** What the reader is for, as long as it is there. */
export function hint(updates) {
  const band = h("div.card-hint", h("strong", t("ki.use")), h("span", t("ki.notice")));
  const update = () => {
    band.hidden = !readerUp();
    root.toggleAttribute("data-reader", !band.hidden); // one row more
  };
  updates.push(update);
  update();
  return band;
}

const toggle = (label, pressed, press) =>
  h("button.btn.key", { type: "button", "aria-pressed": String(pressed), onclick: press }, label);

/** The band that greets; instead of the hint. */
export function cardBand(state, go) {
  const { card } = state;
  const service = card.booked && serviceOf(card.booked.service);
  const green = card.elderly && hall.categories.some((c) => c.code === ELDERLY);
  const is = state.category === ELDERLY;
  root.toggleAttribute("data-reader", true);
  return h("section.card-band", { "aria-label": t("ki.with") },
    h("p.card-with", { role: "status" }, t("ki.with")),
    service && h("div.card-booked", h("p", t("ki.booked", { t: card.booked.time, svc: pick(service) })),
      h("button.btn.key.primary", { type: "button", onclick: (event) => arrive(state, event.currentTarget, go) }, t("ki.checkIn"))),
    h("div.card-keys",
      green && toggle(t(is ? "ki.greenOn" : "ki.green"), is, () => go.category(is ? "ordinary" : ELDERLY)),
      card.elderly && toggle(t(root.dataset.size ? "k.small" : "k.big"), Boolean(root.dataset.size), () => large(go)),
      h("button.btn.key", { type: "button", onclick: () => go.card(null) }, t("ki.leave"))));
}

function large(go) {
  if (root.dataset.size) delete root.dataset.size;
  else root.dataset.size = "large";
  go.redraw();
}

/** One press, one number: pressed again after a lost answer it is the same request. */
async function arrive(state, key, go) {
  const { card } = state;
  key.disabled = state.taking = true;
  card.request ??= requestId();
  try {
    const ticket = await go.asked(() => create("/appointments/arrive", { card: card.handle, kiosk: boot.place }, card.request));
    go.arrived({ ticket, service: serviceOf(ticket.service) });
  } catch (error) {
    key.disabled = state.taking = false;
    if (!error.lost) card.request = requestId();
    tellFor(15, error.lost ? t("k.unsure") : error.message, { tone: "warn" });
    if (error.code === "card_gone") go.card(null);
  }
}
