// Alarms: what is open, who acts on it since when; what was open today and why it ended.
import { post } from "../shared/api.js";
import { ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { field, filled } from "../window/sign_in.js";
import { act, lasted, load, minutesSince, section, when } from "./parts.js";
import { Table } from "./table.js";

const RANK = { 1: ["plain", "rank1"], 2: ["amber", "rank2"], 3: ["red", "rank3"] };
const ACTS = ["office", "admin", "chief"];

/** What says no rank is the office's. */
const rankOf = (n) => n.rank || 3;

/** How many of them have climbed up to this person. */
export const dueAlarms = (ctx) => openAlarms(ctx).filter((n) => rankOf(n) >= (ctx.who.role === "chief" ? 2 : 3)).length;

/** The open alarms that this person should see, the most urgent first: a chief those of the own department. */
function openAlarms({ live, who }) {
  const mine = (n) => who.role !== "chief" || (n.detail?.department ?? live.get(`window/${n.window}`)?.department) === who.department;
  return live.list("notice/").filter((n) => (n.kind === "alarm" || (n.kind === "help" && n.rank)) && mine(n)).sort((a, b) => rankOf(b) - rankOf(a) || ms(a.at) - ms(b.at));
}

const rank = (n) => h(`span.badge.${RANK[rankOf(n)][0]}`, t(`op.${RANK[rankOf(n)][1]}`));

export function alarms(ctx) {
  const may = ACTS.includes(ctx.who.role);
  const open = new Table([
    { key: "rank", label: t("op.colRank"), value: (n) => -rankOf(n), cell: rank },
    { key: "text", label: t("op.colWhat"), value: (n) => pick(n, "text"), cell: (n) => h("strong", pick(n, "text")) },
    { key: "at", label: t("op.colBegan"), right: true, value: (n) => ms(n.at), cell: (n) => [when(n.at), h("small.muted.block", t("o.minutes", { n: minutesSince(n.at) }))] },
    { key: "owner", label: t("op.colOwner"), value: (n) => n.owner?.name || "", cell: ownerOf },
    ...(may ? [{ key: "do", label: t("o.colActions"), cell: (n) => actions(n, ctx.who, again) }] : []),
  ], { empty: t("op.alarmsNone"), sort: "rank", caption: t("op.openAlarms") });
  const box = h("div");
  const again = () => load(box, "/alarms", (items) => put(box, history(items.filter((n) => !n.open))));
  let drawn = "";
  const update = () => {
    const rows = openAlarms(ctx);
    const looks = JSON.stringify(rows.map((n) => [n.id, n.rank, n.owner, minutesSince(n.at)]));
    if (looks === drawn) return;
    drawn = looks;
    open.set(rows);
    again();
  };
  again();
  return { node: h("div.stack", section(t("op.openAlarms"), open.node), section(t("op.alarmsToday"), box)), update };
}

function ownerOf(n) {
  if (!n.owner) return h("span.muted", t("op.nobodyYet"));
  return [h("strong", n.owner.name), h("small.muted.block", t("op.since", { t: when(n.owned_at) }))];
}

function actions(n, who, again) {
  return h("span.btn-row",
    n.owner?.id !== who.id && act(t("op.take"), () => post(`/notices/${n.id}/take`), ".primary"),
    act(t("op.clear"), async () => {
      const why = await askWhy(pick(n, "text"));
      if (!why) return;
      await post(`/notices/${n.id}/clear`, { why });
      again();
    }));
}

/** Why it is over, in a few words; the usual ones by one press. */
function askWhy(title) {
  return sheet(t("op.clear"), (done) => {
    const why = field(t("op.why"), { maxlength: 200, "data-first": true });
    const send = (event) => {
      event.preventDefault();
      if (filled(why)) done(why.value().trim());
    };
    return h("form.stack", { onsubmit: send }, h("p", title), why.node,
      h("div.btn-row", ["whySolved", "whyKnown", "whyFalse"].map((key) => h("button.btn.small", { type: "button", onclick: () => done(t(`op.${key}`)) }, t(`op.${key}`)))),
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("op.clear")),
        h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel"))));
  });
}

const why = (n) => (lang().startsWith("zh") ? n.why : n.why_en) || t("o.none");

function history(items) {
  return new Table([
    { key: "at", label: t("op.colBegan"), right: true, value: (n) => ms(n.at), cell: (n) => when(n.at) },
    { key: "rank", label: t("op.colRank"), value: (n) => rankOf(n), cell: rank },
    { key: "text", label: t("op.colWhat"), value: (n) => pick(n, "text") },
    { key: "owner", label: t("op.colOwner"), value: (n) => n.owner || "", cell: (n) => n.owner || t("o.none") },
    { key: "lasted", label: t("op.colLasted"), right: true, value: (n) => ms(n.done_at) - ms(n.at), cell: (n) => lasted((ms(n.done_at) - ms(n.at)) / 1000) },
    { key: "why", label: t("op.colWhy"), value: why, cell: (n) => [why(n), n.done_by && h("small.muted.block", n.done_by)] },
  ], { empty: t("op.historyNone"), sort: "at", down: true, caption: t("op.alarmsToday") }).set(items).node;
}
