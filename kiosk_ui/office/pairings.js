// Browsers that ask to be a device: confirmed at a place, put in the place of a broken one, or refused.
import { get, list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { placeOf } from "./device_words.js";
import { act, load, when } from "./parts.js";

const ROLE = { kiosk: "roleKiosk", "pad-citizen": "rolePadCitizen", "pad-clerk": "rolePadClerk", board: "roleBoard", screen: "roleScreen", api: "roleApi", relay: "roleRelay" };
const PLACE = { kiosk: "kiosk", "pad-citizen": "window", "pad-clerk": "window", screen: "zone", board: "zone" };

export const roleName = (role) => (ROLE[role] ? t(`o.${ROLE[role]}`) : role);
export const loadPairings = () => get("/pairings").then((answer) => answer.items);

/** `standing(role, place)`: whether a browser has that place; `again` loads what else a pairing changes. Call `look` when that is known. */
export function pairings(ctx, standing, again) {
  const box = h("div");
  const look = () => load(box, "/pairings", (items) => draw(box, items, ctx, standing, () => (look(), again())));
  return { node: box, look, refresh: () => refresh(box, ctx, look) };
}

/** New requests appear by themselves, but never under the hand of who is choosing a place. */
async function refresh(box, ctx, look) {
  if (box.contains(document.activeElement)) return;
  const items = await list("/pairings").catch(() => null);
  if (items && items.map((p) => p.id).join() !== ctx.pairings.map((p) => p.id).join()) look();
}

function draw(box, items, ctx, standing, again) {
  ctx.pairings = items;
  if (!items.length) return put(box, h("p.empty", t("o.pairingsEmpty")));
  return put(box, h("ul.pairings", items.map((item) => row(item, ctx, standing, again))));
}

function row(item, ctx, standing, again) {
  const place = placeField(item, ctx);
  const body = () => (place.value() ? { place: place.value() } : {});
  const keys = h("span.btn-row");
  const drawKeys = () => {
    const taken = standing(item.role, place.value() || "");
    put(keys,
      taken && act(t("cm.swap"), async () => (await askSwap(item, place.value(), ctx)) && (await post(`/pairings/${item.id}/swap`, body()), again()), ".primary"),
      act(t("o.confirm"), async () => (await post(`/pairings/${item.id}/confirm`, body()), again()), taken ? "" : ".primary"),
      act(t("o.refuse"), async () => (await post(`/pairings/${item.id}/refuse`), again())));
  };
  place.node.addEventListener("change", drawKeys);
  drawKeys();
  return h("li.pairing-row",
    h("strong.code.num", { "aria-label": `${t("o.colCode")} ${item.code}` }, item.code),
    h("span", roleName(item.role), h("small.muted", when(item.asked_at)),
      item.role === "pad-citizen" && h("small.muted.block", t("rt.provesPair"))),
    place.node, keys);
}

const askSwap = (item, place, { name }) =>
  confirm(t("cm.swapTitle"), t("cm.swapAsk", { place: `${placeOf({ place: { [PLACE[item.role]]: place } }, name)} ${roleName(item.role)}` }), t("cm.swap"));

/** Where the device will stand: windows for pads, kiosks, zones; nothing to choose for a board. */
function placeField(item, { catalog, live, name }) {
  const windows = () => live.list("window/").map((w) => w.no).sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).map((no) => [no, t("o.atWindow", { win: no })]);
  const options = {
    kiosk: () => (catalog.kiosks || []).map((k) => [k.id, t("o.atKiosk", { id: k.id })]),
    "pad-citizen": windows,
    "pad-clerk": windows,
    screen: () => (catalog.zones || []).map((z) => [z.code, pick(z) || name("zones", z.code)]),
  }[item.role];
  if (!options) return { node: h("span.muted", item.place || t("o.none")), value: () => item.place };
  const select = h("select.input", { "aria-label": t("o.colPlace") }, options().map(([value, words]) => h("option", { value, selected: value === item.place }, words)));
  return { node: select, value: () => select.value };
}
