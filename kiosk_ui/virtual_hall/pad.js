// A hardware pad as it stands on the counter: both sides, drawn from the screen that it received.
import { face } from "../pad/faces.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { press } from "./act.js";

const LEVELS = [5, 4, 3, 2, 1];
/** The protocol's verbs in the words of the clerk's terminal. */
const WORDS = {
  call_next: "pk.next", recall: "pk.recall", start: "pk.start", finish: "pk.finish", finish_and_next: "pk.finishNext",
  no_show: "pk.missed", park: "pk.park", pause: "pk.pause", resume: "pk.resume", away: "pk.away", back: "pk.back",
  undo: "pk.undo", sign_out: "pk.offDuty", help: "pk.help", continue: "pk.continue", return: "pk.return",
};
/** What the pad's menu would ask for; the demo takes the usual answer. */
const ASKS = { pause: { argument: "leave", minutes: 10 }, away: { argument: "check", minutes: 5 }, park: { argument: "papers" } };
const STATES = {
  closed: "pk.stClosed", open: "pk.stOpen", called: "pk.stCalled", serving: "pk.stServing", away: "pk.stAway",
  paused: "pk.stPaused", advice_only: "pk.stAdvice",
};

/** Has it a screen of the hub's, and is its line there? */
const asleep = (pad) => (pad.alive ? "" : t(pad.faults.includes("unplug") ? "vh.offline" : "vh.asleep"));

const SHORT = {
  idle: (c) => [c.clerk_name, t("pc.idle.short")],
  called: (c) => [c.number, t("pc.called.here")],
  welcome: () => [t("pc.welcome")],
  serving: (c) => [c.number, t("pc.serving.head")],
  away: () => [t("pk.stAway")],
  rate: () => [t("pc.rate")],
  reasons: () => [t("vh.rated")],
  thanks: () => [t("vh.rated"), t("pc.thanks")],
  paused: (c) => [t("pc.paused"), pick(c, "reason")],
  closed: () => [t("pc.closed.now")],
};

/** The citizen's side, thumbnail size. */
export function miniature(pad) {
  const kind = asleep(pad) ? "offline" : pad.citizen.kind;
  const [first] = asleep(pad) ? [asleep(pad)] : SHORT[kind]?.(pad.citizen) || [kind];
  return h(`span.pad-mini.is-${kind}`, kind === "rate" ? LEVELS.map(() => h("i")) : first);
}

export class Pad {
  constructor() {
    this.citizen = h("div.glass-citizen");
    this.clerk = h("div.glass-clerk");
    this.form = null;
    this.node = h("div.pad-two", this.citizen, this.clerk);
  }

  show(pad) {
    const sign = JSON.stringify([pad.citizen, pad.clerk, pad.alive, pad.words, pad.reasons, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    this.#drawCitizen(pad);
    this.#drawClerk(pad);
  }

  #drawCitizen(pad) {
    const kind = asleep(pad) ? "offline" : pad.citizen.kind;
    this.citizen.className = `glass-citizen is-${kind}`;
    const body = asleep(pad) ? h("p.pad-big", asleep(pad)) : this.#citizen(kind, pad);
    put(this.citizen, h("h4", t("vh.citizenSide")), body);
  }

  #citizen(kind, pad) {
    const c = pad.citizen;
    if (kind === "rate") return this.#levels(pad);
    if (kind === "reasons" && pad.reasons.length) return this.#reasons(pad);
    const [big, ...small] = SHORT[kind]?.(c) || [kind];
    const more = { idle: [c.clerk_title], serving: [pick(c, "service")], paused: [c.until && t("pc.paused.until", { t: c.until })] }[kind] || [];
    return [h("p.pad-big", big), [...small, ...more].filter(Boolean).map((words) => h("p", words))];
  }

  #levels(pad) {
    const key = (level) => h("button.level", { type: "button", onclick: () => press(pad, { kind: "rate", level }) }, face(level), h("span", t(`r.${level}`)));
    return [
      h("p.pad-big", t("pc.rate")),
      h("div.levels", { role: "group", "aria-label": t("pc.rate") }, LEVELS.map(key)),
      h("p.pad-foot", h("span", t("vh.secret")), h("button.btn.quiet", { type: "button", onclick: () => press(pad, { kind: "skip" }) }, t("pc.skip"))),
    ];
  }

  #reasons(pad) {
    const chosen = new Set();
    const key = (reason) => h("button.btn", { type: "button", "aria-pressed": "false", onclick: (event) => {
      if (!chosen.delete(reason.code)) chosen.add(reason.code);
      event.currentTarget.setAttribute("aria-pressed", String(chosen.has(reason.code)));
    } }, pick(reason));
    return [
      h("p", t("pc.confirm", { level: t(`r.${pad.citizen.level}`) })), h("div.reasons", pad.reasons.map(key)),
      h("button.btn.primary", { type: "button", onclick: () => press(pad, { kind: "reasons", reasons: [...chosen] }) }, t("pc.submit")),
    ];
  }

  #drawClerk(pad) {
    const c = pad.clerk;
    const closed = c && !c.clerk_name;
    if (!closed) this.form = null;
    put(this.clerk, h("h4", t("vh.clerkSide")),
      c && pad.alive && (closed ? (this.form ??= signIn(pad)) : this.#keys(pad)),
      pad.words && h("p.pad-reply", { role: "status" }, t("vh.pressed", { text: pad.words })));
  }

  #keys(pad) {
    const c = pad.clerk;
    const rest = Object.keys(WORDS).filter((verb) => c.verbs.includes(verb) && verb !== c.primary);
    const key = (verb, look) => h(`button.btn${look}`, { type: "button", onclick: () => press(pad, { kind: "key", verb, ...(ASKS[verb] || {}) }) }, verbWord(verb, c));
    return [
      h("p.pad-state", h("strong", c.number || t(STATES[c.state])), h("span", c.number ? c.service : c.clerk_name), h("span.num", t("vh.waiting", { n: c.waiting }))),
      h("div.keys", WORDS[c.primary] && key(c.primary, ".primary"), rest.map((verb) => key(verb, ""))),
    ];
  }
}

const verbWord = (verb, c) => t(WORDS[verb], { s: c.undo_in });

/** Staff number and PIN, as a clerk types them on the pad's own keys. */
function signIn(pad) {
  const number = h("input.input", { inputmode: "numeric", autocomplete: "off", maxlength: 12, value: pad.staff_no });
  const pin = h("input.input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12, value: pad.pin });
  const send = (event) => {
    event.preventDefault();
    press(pad, { kind: "sign-in", staff_no: number.value.trim(), pin: pin.value });
  };
  return h("form.pad-sign-in", { onsubmit: send },
    h("label", t("vh.staffNo"), number), h("label", t("vh.pin", { pin: pad.pin }), pin), h("button.btn.primary", { type: "submit" }, t("vh.signIn")));
}
