// Devices and pairing: who asks to be a device, how the wired ones are, what may come in by token.
import { get, list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { has, pick, t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { act, join, load, minutesSince, section, when } from "./parts.js";
import { selfTest } from "./self_test.js";
import { Table } from "./table.js";

const ROLE = { kiosk: "roleKiosk", "pad-citizen": "rolePadCitizen", "pad-clerk": "rolePadClerk", board: "roleBoard", screen: "roleScreen", api: "roleApi", relay: "roleRelay" };
const DRIVER = { escpos: "drEscpos", "onbon-bxk": "drStrip", speaker: "drSpeaker", "eval-pad": "drPad", syn6288: "drChip", syn6658: "drChip", xfs5152: "drChip" };
const STATE = { up: ["green", "dvUp"], starting: ["plain", "dvStarting"], down: ["red", "dvDown"], fault: ["red", "dvFault"] };
const OFFICE = ["office", "admin"];
const PAIRINGS_EVERY = 5000;

const roleName = (role) => (ROLE[role] ? t(`o.${ROLE[role]}`) : role);

/** What is wrong with a device and what to do, in words; empty when it is well. */
export function faultsOf(d) {
  const words = [];
  if (d.detail?.paper === "out") words.push(t("o.paperOut"));
  if (d.detail?.paper === "low") words.push(t("o.paperLow"));
  if (d.detail?.cover === "open") words.push(t("o.coverOpen"));
  if (d.error) words.push(d.error);
  if (!words.length && ["down", "fault"].includes(d.state)) words.push(t(`o.${STATE[d.state][1]}`));
  return words;
}

/** The hub itself, each kind of device (A01), and what is still on when the day is over (B25, B29). */
function systemState(state, { live }) {
  const kinds = Object.entries(live.get("notice/figures")?.kinds || {}).filter(([, c]) => c.total);
  const backup = state.backup ? when(state.backup) : h("span.badge.amber", t("sy.backupNone"));
  const rows = [["version", state.version], ["heartbeat", when(state.heartbeat)], ["backup", backup],
    ["kinds", h("span.btn-row", kinds.map(([kind, c]) => h(`span.badge.${c.online ? "green" : "red"}`, t("kd.online", { kind: t(`kd.${kind}`), n: c.online, m: c.total }))))],
    ["stillOn", stillOn(state)]];
  return [h("dl.facts", rows.map(([key, value]) => [h("dt", t(`sy.${key}`)), h("dd", value)])), h("p.muted", t("kd.note"))];
}

function stillOn({ over, still_on: on }) {
  if (!over) return h("span.muted", t("sy.notOver"));
  if (!on.length) return h("span.badge.green", t("sy.allOff"));
  const named = on.map(({ what, id }) => (has(`sy.${what}`) ? t(`sy.${what}`, { id }) : id));
  return [h("span.badge.amber", t("sy.count", { n: on.length })), " ", join(named)];
}

function placeOf(d, name) {
  if (d.place?.window) return t("o.atWindow", { win: d.place.window });
  if (d.place?.kiosk) return t("o.atKiosk", { id: d.place.kiosk });
  return d.place?.zone ? name("zones", d.place.zone) : t("o.none");
}

export function devices(ctx) {
  const system = h("div");
  const health = new Table(healthColumns(ctx), { empty: t("o.healthEmpty"), sort: "state", caption: t("o.health") });
  const update = () => health.set(ctx.live.list("device/"));
  if (!["office", "admin"].includes(ctx.who.role)) return { node: section(t("o.health"), health.node), update }; // may look, not pair
  const waiting = h("div");
  const tokens = h("div");
  const again = () => Promise.all([
    load(waiting, "/pairings", (items) => drawPairings(waiting, items, ctx, again)),
    load(tokens, "/tokens", (items) => put(tokens, tokenTable(items, again))),
  ]);
  const look = () => get("/system").then((state) => put(system, systemState(state, ctx)), () => null);
  again();
  look();
  const timer = setInterval(() => (refresh(waiting, ctx, again), look()), PAIRINGS_EVERY);
  return {
    node: h("div.stack",
      section(t("o.pairings"), h("p.muted", t("o.pairNote")), waiting),
      section(t("sy.title"), system),
      selfTest(OFFICE.includes(ctx.who.role)),
      section(t("o.health"), health.node),
      section(t("o.tokens"), tokens)),
    update,
    stop: () => clearInterval(timer),
  };
}

/** New requests appear by themselves, but never under the hand of who is choosing a place. */
async function refresh(box, ctx, again) {
  if (box.contains(document.activeElement)) return;
  const items = await list("/pairings").catch(() => null);
  if (items && items.map((p) => p.id).join() !== ctx.pairings.map((p) => p.id).join()) again();
}

function drawPairings(box, items, ctx, again) {
  ctx.pairings = items;
  if (!items.length) return put(box, h("p.empty", t("o.pairingsEmpty")));
  return put(box, h("ul.pairings", items.map((item) => {
    const place = placeField(item, ctx);
    return h("li.pairing-row",
      h("strong.code.num", { "aria-label": `${t("o.colCode")} ${item.code}` }, item.code),
      h("span", roleName(item.role), h("small.muted", when(item.asked_at)),
        item.role === "pad-citizen" && h("small.muted.block", t("rt.provesPair"))),
      place.node,
      h("span.btn-row",
        act(t("o.confirm"), async () => (await post(`/pairings/${item.id}/confirm`, place.value() ? { place: place.value() } : {}), again()), ".primary"),
        act(t("o.refuse"), async () => (await post(`/pairings/${item.id}/refuse`), again()))));
  })));
}

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

function healthColumns({ name }) {
  const bad = (d) => (faultsOf(d).length ? (d.state === "up" ? 1 : 0) : 2);
  return [
    { key: "state", label: t("o.colState"), value: (d) => bad(d), cell: (d) => deviceMark(d) },
    { key: "id", label: t("o.colDevice"), value: (d) => d.id, cell: (d) => [h("strong", d.id), h("small.muted.block", DRIVER[d.driver] ? t(`o.${DRIVER[d.driver]}`) : d.driver)] },
    { key: "place", label: t("o.colPlace"), value: (d) => placeOf(d, name) },
    { key: "error", label: t("o.colError"), value: (d) => faultsOf(d).join(" "), cell: (d) => faultsOf(d).map((words) => h("span.block", words)) },
    { key: "since", label: t("o.colSeen"), right: true, value: (d) => (d.since ? -minutesSince(d.since) : null), cell: (d) => when(d.since) },
    { key: "link", label: t("o.colLink"), value: (d) => d.link, cell: (d) => h("code", d.link) },
  ];
}

function deviceMark(d) {
  const low = d.state === "up" && faultsOf(d).length;
  const [colour, word] = low ? ["amber", "dvLook"] : STATE[d.state] || STATE.starting;
  return h(`span.badge.${colour}`, t(`o.${word}`));
}

function tokenTable(items, again) {
  const columns = [
    { key: "name", label: t("o.colName"), value: (k) => k.name, cell: (k) => h("strong", k.name) },
    { key: "role", label: t("o.colRole"), value: (k) => roleName(k.role) },
    { key: "place", label: t("o.colPlace"), value: (k) => k.place || t("o.none") },
    { key: "created", label: t("o.colMade"), right: true, value: (k) => k.created, cell: (k) => when(k.created) },
    { key: "do", label: t("o.colActions"), cell: (k) => (k.revoked_at ? h("span.muted", t("o.revoked")) : act(t("o.revoke"), async () => {
      if (!(await confirm(t("o.revoke"), t("o.revokeAsk", { name: k.name }), t("o.revoke")))) return;
      await post(`/tokens/${k.id}/revoke`);
      again();
    }, ".danger")) },
  ];
  return new Table(columns, { empty: t("o.tokensEmpty"), sort: "role", caption: t("o.tokens") }).set(items).node;
}

export const loadPairings = () => get("/pairings").then((answer) => answer.items);
