// Posts: who is at which window now, the office's hand there, and messages with who has read them.
import { create, list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { stateMark } from "../window/state.js";
import { confirm, sheet } from "../window/sheets.js";
import { field, filled } from "../window/sign_in.js";
import { choice } from "./controls.js";
import { guidesOnPost } from "./guides.js";
import { act, lasted, load, minutesSince, section, when } from "./parts.js";
import { Table } from "./table.js";

const WORD = { open: "stOpen", serving: "stServing", away: "stAway", paused: "stPaused", closed: "stClosed", advice_only: "stAdvice" };
const ACTS = ["office", "admin", "chief"];
const byNumber = (a, b) => a.no.localeCompare(b.no, undefined, { numeric: true });
const encode = encodeURIComponent;

/** The windows that this person looks after. */
export const windowsOf = ({ live, who }) =>
  live.list("window/").filter((w) => who.role !== "chief" || w.department === who.department).sort(byNumber);

export function posts(ctx) {
  const may = ACTS.includes(ctx.who.role);
  let homes = new Map();
  let worked = new Map();
  const table = new Table([
    { key: "no", label: t("o.colWindow"), value: (w) => w.no, cell: (w) => h("strong", w.no) },
    { key: "state", label: t("o.colState"), value: (w) => t(`o.${WORD[w.state]}`), cell: (w) => stateMark(w.state, t(`o.${WORD[w.state]}`)) },
    { key: "clerk", label: t("o.colClerk"), value: (w) => w.clerk?.name || "", cell: (w) => clerkOf(w, homes) },
    { key: "ticket", label: t("o.colTicket"), value: (w) => w.ticket?.number || "" },
    { key: "since", label: t("o.colSince"), right: true, value: gone, cell: (w) => (gone(w) === null ? "" : t("o.minutes", { n: gone(w) })) },
    ...todays(() => worked),
    ...(may ? [{ key: "do", label: t("o.colActions"), cell: (w) => w.clerk && hand(w, ctx) }] : []),
  ], { empty: t("o.windowsEmpty"), sort: "no", caption: t("o.posts") });
  const box = h("div");
  const again = () => load(box, "/messages", (items) => put(box, sent(items)));
  let drawn = "";
  const update = () => {
    const rows = windowsOf(ctx);
    const looks = JSON.stringify(rows.map((w) => [w.no, w.version, gone(w), homes.size, worked.get(w.no)]));
    if (looks !== drawn) table.set(rows);
    drawn = looks;
  };
  list("/staff").then((people) => {
    homes = new Map(people.map((person) => [person.id, person.window]));
    update();
  }, () => null);
  const count = () => list("/figures/windows").then((rows) => {
    worked = new Map(rows.map((row) => [row.window, row]));
    update();
  }, () => null);
  const guides = guidesOnPost(ctx);
  again();
  count();
  const timer = setInterval(() => (again(), count()), 15000);
  return {
    node: h("div.stack", section(t("o.posts"), table.node), guides.node,
      section(t("op.messages"), may && messageForm(ctx, again), box)),
    update, stop: () => (clearInterval(timer), guides.stop()),
  };
}

const gone = (w) => (w.paused || w.away ? minutesSince((w.paused || w.away).since) : null);

/** C10: what the window has done today; nobody's name. */
const todays = (worked) => {
  const of = (w) => worked().get(w.no);
  return [
    { key: "served", label: t("wd.served"), right: true, value: (w) => of(w)?.served ?? 0 },
    { key: "mean", label: t("wd.mean"), right: true, value: (w) => of(w)?.mean_handling_s ?? null, cell: (w) => lasted(of(w)?.mean_handling_s) },
    { key: "rated", label: t("wd.rated"), right: true, value: (w) => of(w)?.satisfied ?? null, cell: (w) => satisfied(of(w)) },
  ];
};

const satisfied = (row) => (row?.raters ? t("wd.ratedBy", { p: Math.round(row.satisfied * 100), n: row.raters }) : row?.served ? h("span.muted", t("wd.unrated")) : t("o.none"));

/** Signed in at a window that is not the own one stands marked. */
function clerkOf(w, homes) {
  const home = w.clerk && homes.get(w.clerk.id);
  if (!w.clerk) return t("o.none");
  return [w.clerk.name, home && home !== w.no && h("span.badge.amber", t("op.elsewhere", { win: home }))];
}

function hand(w, ctx) {
  const at = `/posts/${encode(w.no)}`;
  return h("span.btn-row",
    !w.paused && !w.away && act(t("op.pause"), async () => {
      const reason = await askReason(ctx);
      if (reason) await post(`${at}/pause`, { reason });
    }),
    w.ticket && act(t("op.return"), async () => {
      if (await confirm(t("op.return"), t("op.returnAsk", { no: w.ticket.number }), t("op.return"))) await post(`${at}/return`);
    }),
    act(t("op.signOut"), () => signOut(w, at), ".danger"));
}

/** With a visit open the ticket's return is part of the question. */
async function signOut(w, at) {
  const words = w.ticket ? t("op.signOutReturn", { no: w.ticket.number }) : t("op.signOutAsk", { name: w.clerk.name });
  if (await confirm(t("op.signOut"), words, t("op.signOut"))) await post(`${at}/sign-out`, { return_ticket: Boolean(w.ticket) });
}

async function askReason() {
  const reasons = await list("/pause-reasons");
  return sheet(t("op.pause"), (done) => h("div.choices", reasons.map((reason, i) =>
    h("button.btn.choice", { type: "button", "data-first": i === 0, onclick: () => done(reason.code) },
      h("strong", pick({ name: reason.name, name_en: reason.public_en })), h("small", pick(reason, "public")))),
  h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel"))));
}

function messageForm(ctx, again) {
  const everyone = ctx.who.role === "chief" ? [] : [["", t("op.toAll")]];
  const box = h("form.message-form");
  const onDuty = windowsOf(ctx).filter((w) => w.clerk).map((w) => [w.no, `${t("o.atWindow", { win: w.no })} ${w.clerk.name}`]);
  const to = choice("to", t("op.to"), null, [...everyone, ...onDuty]);
  const text = field(t("op.message"), { maxlength: 200 });
  const key = h("button.btn.primary", { type: "submit" }, t("op.send"));
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!filled(text)) return;
    key.disabled = true;
    try {
      await create("/messages", { text: text.value().trim(), ...(to.value() ? { window: to.value() } : { all: true }) });
      text.input.value = "";
      again();
    } catch (error) {
      if (error.status === undefined) throw error;
      text.fail(error.message || t("o.lost"));
    } finally {
      key.disabled = false;
    }
  });
  return put(box, to.node, text.node, key);
}

function sent(items) {
  return new Table([
    { key: "at", label: t("op.colSent"), right: true, value: (m) => m.at, cell: (m) => when(m.at) },
    { key: "name", label: t("op.colTo"), value: (m) => m.name },
    { key: "text", label: t("op.message"), value: (m) => pick(m, "text") },
    { key: "read", label: t("op.colRead"), value: (m) => m.read_at || "", cell: (m) =>
      (m.read_at ? h("span.badge.green", t("op.readAt", { t: when(m.read_at) })) : h("span.badge.amber", t("op.unread"))) },
  ], { empty: t("op.messagesNone"), sort: "at", down: true, caption: t("op.messages") }).set(items).node;
}
