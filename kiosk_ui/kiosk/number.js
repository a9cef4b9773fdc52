// The number fills the screen: where to wait, and what became of the slip.
import { list, post } from "../shared/api.js";
import { h, put, say, svg } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { expected, live, zoneOf } from "./hall.js";

/** Seconds each state of the slip stays; a slip that is silent for long is asked after. */
const STAYS = { pending: 60, printed: 12, failed: 20, unknown: 30, none: 20, sent: 30, there: 12 };
const ASK = 4; // seconds between looks for a kiosk nearby that has paper
const PATIENCE = 20; // longer than the hub's own (print_s), whose word comes first

const slip = () =>
  svg("svg.slip", { viewBox: "0 0 64 64", "aria-hidden": "true" },
    svg("path.slot", { d: "M6 14h52v10H6z" }),
    svg("path.paper", { d: "M16 20h32v34l-5.3-4-5.4 4-5.3-4-5.3 4-5.4-4L16 54z" }),
    svg("path.ink", { d: "M23 29h18M23 36h18M23 43h11" }));

function facts(ticket, service) {
  return h("ul.facts",
    h("li", ticket.ahead > 0 ? t("k.ahead", { n: ticket.ahead }) : t("k.ahead0")),
    expected(ticket).map((line) => h("li", line)),
    service?.windows?.length > 0 && h("li", t("k.wins", { wins: service.windows.join(t("k.and")) })));
}

const key = (label, press, primary = false) =>
  h(`button.btn.key${primary ? ".primary" : ""}`, { type: "button", onclick: press }, label);

/** Words and keys for each state of the print. */
function slipPart(state, ticket, act, beside) {
  if (state === "pending") return { text: t("k.printing"), picture: true, keys: [] };
  if (state === "printed") {
    const done = key("", act.done, true);
    return { text: t("k.printed"), picture: true, keys: [done], done };
  }
  if (state === "unknown") {
    const keys = [key(t("k.no"), act.slip("failed")), key(t("k.yes"), act.slip("printed"), true)];
    return { text: t("k.printAsk"), keys };
  }
  if (state === "sent" || state === "there") {
    const done = key("", act.done, true);
    return { text: t(state === "sent" ? "sp.sent" : "sp.sentDone", { kiosk: beside }), picture: true, keys: [done], done };
  }
  const text = t(state === "failed" ? "k.noPaper" : "k.noPrinter", { no: ticket.number });
  const code = ticket.check_code && h("p.code", t("k.code", { code: ticket.check_code }));
  const there = state === "failed" && beside;
  const more = there && h("p.slip-beside", t("sp.beside", { kiosk: beside }));
  const send = there && key(t("sp.printAt", { kiosk: beside }), act.send);
  return { text, code, more, keys: [key(t("k.drop"), act.drop), send, key(t("k.noted"), act.done, true)] };
}

/** {nodes, update, second, close}; go.home(text?) ends it. */
export function numberPage(state, go) {
  const { ticket, service } = state;
  const box = h("section.slip-box", { "aria-live": "assertive" });
  let shown = null;
  let left = 0;
  let part = null;
  let waited = 0;
  let beside = ""; // the kiosk nearby that has paper
  let sent = false;
  let begun = false; // the print there is known of here

  const act = {
    done: () => go.home(),
    drop: () => go.asked(() => post(`/tickets/${ticket.id}/cancel`, {})).then(
      () => go.home(t("k.dropped", { no: ticket.number })), () => go.home(t("k.dropFailed"))),
    slip: (outcome) => () => {
      post(`/tickets/${ticket.id}/slip`, { outcome }).catch(() => {});
      draw(outcome);
    },
    send: () => go.asked(() => post(`/tickets/${ticket.id}/print`, { kiosk: beside })).then(
      () => ((sent = true), (begun = false), draw("sent"), update()), () => ((beside = ""), draw("failed", true))),
  };

  /** Another kiosk of the zone may print it; without one the page stays as it is. */
  async function offer() {
    const found = await list(`/tickets/${ticket.id}/printers`).catch(() => []);
    beside = found[0]?.kiosk ?? "";
    if (beside && shown === "failed") draw("failed", true);
  }

  function draw(print, again = false) {
    if (print === shown && !again) return;
    shown = print;
    left = STAYS[print] ?? STAYS.none;
    part = slipPart(print, ticket, act, beside);
    box.dataset.state = print;
    put(box, part.picture && slip(), h("p.slip-text", part.text), part.code, part.more, h("div.slip-keys", part.keys));
    second();
  }

  function second() {
    if (shown === "failed" && !beside && left % ASK === 0) offer();
    if (part?.done) say(part.done, t("k.doneIn", { s: Math.max(0, left) }));
    if (left-- <= 0) go.home();
    if (shown === "pending" && ++waited > PATIENCE) draw("unknown");
  }

  function update() {
    const print = live.get(`ticket/${ticket.id}`)?.print;
    const answered = (shown === "failed" || shown === "printed") && print === "unknown"; // the hub does not know it yet
    begun ||= sent && print !== "failed" && print !== "unknown";
    if (!print || answered || (print === "pending" && shown !== "pending") || (sent && !begun)) return;
    draw(sent && print === "printed" ? "there" : print);
  }

  draw(ticket.print || "none");
  live.seen(ticket.seq).then(update); // a printer without paper says so before this page is there
  const zone = zoneOf(service);
  const nodes = [
    h("div.hero", h("h1.hero-label", { tabindex: "-1" }, t("k.number")),
      h("p.hero-number", ticket.number), h("p.hero-what.balanced", pick(service))),
    h("p.where.balanced", zone ? t("k.where", { zone }) : t("k.where0")),
    facts(ticket, service), box,
  ];
  return { nodes, update, second };
}
