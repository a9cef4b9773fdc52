// Devices and pairing: who asks to be a device, how all of them are, the check of all, what may come in by token.
import { get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { deviceList } from "./device_list.js";
import { pairings, roleName } from "./pairings.js";
import { act, join, load, section, when } from "./parts.js";
import { plugged } from "./plugged.js";
import { rollCall } from "./roll_call.js";
import { selfTest } from "./self_test.js";
import { Table } from "./table.js";

const OFFICE = ["office", "admin"];
const EVERY = 5000;

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

export function devices(ctx) {
  const all = deviceList(ctx);
  if (!OFFICE.includes(ctx.who.role)) return all; // may look, not pair
  let known = [];
  const system = h("div");
  const tokens = h("div");
  const roll = rollCall(ctx);
  const showTokens = () => load(tokens, "/tokens", (items) => ((known = items), put(tokens, tokenTable(items, showTokens))));
  const standing = (role, place) => known.some((k) => k.role === role && k.place === place && !k.revoked_at);
  const asking = pairings(ctx, standing, () => (showTokens(), all.look()));
  const look = () => get("/system").then((state) => put(system, systemState(state, ctx)), () => null);
  showTokens().then(asking.look);
  look();
  const timer = setInterval(() => (asking.refresh(), look()), EVERY);
  return {
    node: h("div.stack",
      section(t("o.pairings"), h("p.muted", t("o.pairNote")), asking.node),
      all.node,
      h("div.columns.even", selfTest(true), h("div.stack", roll.node, plugged())),
      section(t("sy.title"), system),
      section(t("o.tokens"), tokens)),
    update: () => (all.update(), roll.update()),
    stop: () => (clearInterval(timer), all.stop()),
  };
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
