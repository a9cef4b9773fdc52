// The clerk's panel: number, keys, queue, parked. Built once and then only updated, so that focus and fingers stay put.
import { hm, hubNow, ms, shortDay, since, span } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { mayPause } from "./last.js";
import { News } from "./news.js";
import { ask } from "./sheets.js";
import { stateMark } from "./state.js";
import { noShow, PRIMARY_KEY, VERBS } from "./verbs.js";
import { Verify } from "./verify.js";

const NEWS = 4;
// Ranks of three: to the call; what the visit was and its papers (keys of the page's own); where it goes on.
const CALLING = ["recall", "start", "missed"];
const GOING = ["transfer", "park", "leave"];
const WORD = { onDuty: "pk.onDuty", finishNext: "pk.finishNext", notice: "ot.notice", outcome: "oc.key", itemGuide: "ot.guide" };
const DID = { call: "pk.didCall", finish: "pk.finish", no_show: "pk.missed", transfer: "pk.transfer", return: "pk.return" };
const PHASE = { closed: "Closed", open: "Open", called: "Called", serving: "Serving", away: "Away", paused: "Paused", advice: "Advice", restored: "Restored" };

/** One key: label, shortcut, a note in the key, and the refusal that floats above it. */
class Key {
  constructor(slot, fire) {
    this.slot = slot;
    this.label = h("span.key-word");
    this.kbd = h("span.key-kbd", { "aria-hidden": "true" });
    this.note = h("small.key-note");
    this.button = h("button.btn.key", { type: "button", "aria-disabled": "true" }, h("span.key-line", this.label, this.kbd), this.note);
    this.refusal = h("p.refusal", { role: "alert", hidden: true });
    this.node = h(`div.keybox.key-${slot}`, this.button, this.refusal);
    this.button.addEventListener("click", (event) => {
      if (event.detail) this.button.blur(); // after the mouse, Space stays with the primary key
      if (this.on) fire(this.verb, slot);
    });
  }

  show(verb, on, { note = "", refusal = "", shortcuts = [], busy = false, words = null } = {}) {
    Object.assign(this, { verb, on });
    this.node.hidden = !verb;
    if (!verb) return;
    say(this.label, words || t(WORD[verb] || `pk.${verb}`));
    say(this.kbd, shortcuts.join(" / "));
    this.button.setAttribute("aria-keyshortcuts", shortcuts.map((s) => s.replace("Ctrl", "Control")).join(" "));
    this.button.setAttribute("aria-disabled", String(!on));
    this.button.dataset.verb = verb;
    this.button.classList.toggle("busy", busy);
    say(this.note, note);
    this.button.classList.toggle("noted", Boolean(note));
    this.refusal.hidden = !refusal;
    say(this.refusal, refusal);
  }
}

export class Panel {
  /**
   * `shortcuts`: show them on the keys. `head`: what the page puts beside the window's name (who, menu). `acts`: keys of
   * the page's own beside the verbs, {name: what it does}. `above`: parts over the number, each with a node and update(w).
   */
  constructor(desk, { shortcuts = true, head = [], acts = {}, above = [] } = {}) {
    Object.assign(this, { desk, shortcuts, acts, above });
    const grid = [...CALLING, ...Object.keys(acts), ...GOING];
    this.news = new News(desk, shortcuts ? NEWS : 1);
    this.keys = Object.fromEntries(["primary", "beside", "undo", "help", ...grid].map((s) => [s, new Key(s, (v, at) => this.fire(v, at))]));
    this.keys.primary.button.classList.add("primary");
    this.parts();
    this.notes.append(this.notice, ...above.map((part) => part.node), this.news.node); // the citizen in hand before the office
    this.verify = new Verify(desk);
    this.node = h("main.desk",
      h("header.top", h("div.top-no", this.no, this.where), this.state, ...head),
      this.lost,
      h("section.hero", { "aria-live": "polite", "aria-atomic": "true" }, this.label, this.number, this.service, this.tags, this.verify.node, this.timer),
      this.below,
      h("div.keys",
        h("section.press", this.keys.primary.node, h("div.press-row", this.keys.beside.node, this.keys.undo.node)),
        h("section.queue", this.waiting, this.head, this.greenCount),
        h("section.grid", grid.map((s) => this.keys[s].node)),
        h("footer.foot", this.keys.help.node)));
  }

  parts() {
    this.no = h("h1");
    this.where = h("span.muted");
    this.state = h("div.top-state");
    this.lost = h("p.strip.lost", { role: "alert", hidden: true });
    this.notes = h("div.note-area");
    this.notice = h("p.band.green.notice", { role: "status", hidden: true });
    this.band = h("p.band.amber.warn", { role: "status", hidden: true });
    this.label = h("p.hero-label");
    this.number = h("p.hero-number");
    this.service = h("p.hero-service");
    this.tags = h("p.hero-tags");
    this.timer = h("p.hero-timer.num", { "aria-live": "off" });
    this.waiting = h("p.queue-waiting");
    this.greenCount = h("p.queue-green.muted");
    this.head = h("p.queue-head");
    this.parked = h("section.parked");
    this.below = h("div.below-hero", this.notes, this.band, this.parked);
  }

  /** A key was pressed: by hand, by shortcut, or as one of the row's own keys. */
  async fire(verb, at) {
    if (at === "primary" && !this.desk.settled) return;
    if (VERBS[verb].own) return void this.acts[verb]();
    const then = this.desk.window; // another visit may be here when a sheet is through
    const body = VERBS[verb].sheet ? await ask(VERBS[verb].sheet, this.desk) : {};
    if (verb === "park" && body?.kind === "papers" && this.acts.notice) return void this.acts.notice(body);
    if (!body || (verb === "pause" && !(await mayPause(this.desk, body)))) return;
    const { instead = verb, ...wish } = body;
    const done = await this.desk.press(instead, { ...wish, seen: this.desk.seenSince(then) }, at);
    if (done && verb === "help") this.desk.tell(t("pk.helpSent"));
  }

  /** The key on the keyboard, if one of the shown keys has it. */
  byShortcut(name) {
    const slot = name === PRIMARY_KEY || name === "Space" ? "primary" : Object.keys(this.keys).find((s) => this.keys[s].verb && VERBS[this.keys[s].verb].key === name);
    if (!slot) return false;
    this.keys[slot].button.click();
    return true;
  }

  update() {
    const { desk } = this;
    const w = desk.window;
    this.node.classList.toggle("is-lost", !desk.live.connected);
    this.lost.hidden = desk.live.connected;
    say(this.lost, t("pk.lost"));
    this.node.classList.toggle("is-blank", !w);
    if (!w) return;
    const keys = desk.keys();
    this.top(w, keys.phase);
    this.hero(w, keys.phase);
    this.keyboard(w, keys);
    this.verify.update(w);
    this.queue(w, keys.phase);
    this.listParked(w, keys.phase);
    this.notice.hidden = !desk.notice;
    say(this.notice, desk.notice);
    this.news.update();
    for (const part of this.above) part.update(w);
    const shown = [...this.notes.children].filter((part) => !part.hidden);
    this.notes.hidden = shown.length === 0;
    this.node.classList.toggle("has-note", shown.length > 0);
    this.node.classList.toggle("has-returned", shown.some((part) => part.classList.contains("returned")));
    if (this.below.scrollHeight > this.below.clientHeight + 1) this.below.tabIndex = 0; // the keyboard scrolls it
    else this.below.removeAttribute("tabindex");
  }

  top(w, phase) {
    say(this.no, t("pk.window", { win: w.no }));
    say(this.where, `${this.desk.named("departments", w.department)} · ${this.desk.named("zones", w.zone)}`);
    const [look, word] = this.desk.live.connected ? [phase, t(`pk.st${PHASE[phase]}`)] : ["lost", t("pk.stLost")];
    if (this.state.textContent !== word || this.looks !== look) put(this.state, stateMark(look, word));
    this.looks = look;
    this.node.dataset.phase = phase;
  }

  hero(w, phase) {
    const { ticket } = w;
    say(this.label, ticket ? t(`pk.st${PHASE[phase]}`) : "");
    say(this.number, ticket ? ticket.number : t(`pk.st${PHASE[phase]}`));
    this.number.classList.toggle("is-word", !ticket);
    say(this.service, this.sentence(w, phase));
    this.drawTags(w.ticket);
    const [words, worry, soon] = this.clock(w, phase);
    say(this.timer, words);
    this.timer.classList.toggle("is-late", worry);
    this.timer.classList.toggle("is-soon", Boolean(soon));
  }

  sentence(w, phase) {
    if (phase === "restored") return t("pk.restored", { no: w.ticket?.number ?? "" });
    if (w.ticket) return this.desk.named("services", w.ticket.service);
    if (phase === "paused") return this.inner(w.paused);
    if (phase === "closed") return this.who ? t("pk.greet", { name: this.who }) : "";
    if (phase !== "open") return "";
    if (w.undo?.verb === "finish") return t("pk.finished");
    if (this.desk.held) return ""; // the key says why
    return this.desk.demand.waiting ? t("pk.canCall") : t("pk.nobody");
  }

  inner(pause) {
    const known = this.desk.reasons.find((r) => r.code === pause.code);
    return pick({ name: known?.name || pause.reason, name_en: pause.reason_en });
  }

  drawTags(ticket) {
    const { desk } = this;
    const tags = [];
    if (ticket?.priority) tags.push(["green", t(`vs.${ticket.priority}`)]);
    else if (ticket && (ticket.green ?? desk.green?.has(ticket.category))) tags.push(["green", t("pk.greenOf", { category: desk.named("categories", ticket.category) })]);
    if (ticket && (ticket.people > 1 || ticket.cases > 1)) tags.push(["", t("pk.group", { n: ticket.people, m: ticket.cases })]);
    if (ticket?.cases_done) tags.push(["", t("vs.casesDone", { n: ticket.cases_done })]);
    for (const code of ticket?.then || []) tags.push(["", t("vs.then", { svc: desk.named("services", code) })]);
    for (const need of ticket?.needs || []) tags.push(["", t(`pk.need${need[0].toUpperCase()}${need.slice(1)}`)]);
    const mark = JSON.stringify(tags);
    if (mark !== this.tagMark) put(this.tags, tags.map(([colour, words]) => h(colour ? "span.badge.green" : "span.tag", words)));
    this.tagMark = mark;
  }

  /** [words, is it late]: quiet until it matters. */
  clock(w, phase) {
    const gone = phase === "away" ? w.away : phase === "paused" ? w.paused : null;
    if (gone) return this.goneFor(gone);
    if (!w.ticket || phase === "restored") return ["", false];
    const from = phase === "called" ? w.ticket.last_called_at || w.ticket.called_at : w.ticket.started_at || w.ticket.called_at;
    const calls = phase === "called" ? `${t("pk.calls", { n: w.ticket.calls || 1 })}　` : "";
    return [calls + t("pk.elapsed", { t: span(since(from)) }), false];
  }

  goneFor(gone) {
    const off = this.offPost(gone);
    if (off) return off;
    if (!gone.until) return [t("pk.since", { m: Math.floor(since(gone.since) / 60) }), false];
    const over = Math.floor((hubNow() - ms(gone.until)) / 60000);
    return over > 0 ? [t("pk.overdue", { m: over }), true] : [t("pk.backAt", { t: hm(gone.until) }), false];
  }

  /** Amber from `warn_at` on, red from `limit_at` on: then it is an off-post event. */
  offPost(gone) {
    if (!gone.limit_at || hubNow() < ms(gone.warn_at)) return null;
    const [passed, limit] = [span(since(gone.since)), Math.round((ms(gone.limit_at) - ms(gone.since)) / 60000)];
    const left = Math.ceil((ms(gone.limit_at) - hubNow()) / 60000);
    return left > 0 ? [t("wn.left", { t: passed, m: left }), false, true] : [t("wn.offPost", { t: passed, m: limit }), true];
  }

  keyboard(w, { phase, primary, beside, can }) {
    const { desk } = this;
    const free = desk.live.connected && !desk.busy;
    const refused = (slot) => (desk.refusal?.at === slot ? desk.refusal.words : "");
    const show = (slot, verb, more = {}) => {
      const key = VERBS[verb]?.key;
      const on = free && can.has(verb) && (slot !== "primary" || desk.settled);
      const shortcuts = !this.shortcuts || more.bare ? [] : slot === "primary" ? [PRIMARY_KEY, t("pk.space")] : key ? [key] : [];
      this.keys[slot].show(verb, on, { shortcuts, refusal: refused(slot), busy: desk.busy === slot, ...more });
    };
    show("primary", primary, primary === "next" ? { note: desk.held } : {});
    show("beside", beside, beside === "return" ? { note: t("pk.returnSub") } : {});
    const left = w.undo ? Math.ceil((ms(w.undo.until) - hubNow()) / 1000) : 0;
    show("undo", left > 0 ? "undo" : null, left > 0 ? this.undoWords(w.undo.verb, left) : {});
    for (const verb of ["recall", "start", "transfer", "park"]) show(verb, verb);
    show("missed", "missed", { note: phase === "called" ? this.missedNote(w) : "" });
    show("leave", ["called", "serving", "away", "restored"].includes(phase) ? "away" : "pause");
    for (const verb of Object.keys(this.acts)) show(verb, verb);
    show("help", "help");
    this.settleLater(free);
  }

  undoWords(verb, left) {
    const note = [t("pk.undoOf", { verb: t(DID[verb] || "pk.undo") }), this.shortcuts && VERBS.undo.key];
    return { words: t("pk.undo", { s: left }), note: note.filter(Boolean).join(" · "), bare: true };
  }

  missedNote(w) {
    const { unspoken, seconds } = noShow(w, hubNow());
    if (unspoken) return t("pk.unspoken");
    return seconds ? t("pk.tooEarly", { s: seconds }) : "";
  }

  /** For the moment in which a changed primary key does not fire yet, it keeps its looks. */
  settleLater(free) {
    clearTimeout(this.settling);
    this.keys.primary.button.classList.toggle("settling", free && !this.desk.settled);
    if (!this.desk.settled) this.settling = setTimeout(() => this.update(), 100);
  }

  queue(w, phase) {
    const { waiting, green, head } = this.desk.demand;
    put(this.waiting, h("span", t("pk.waiting")), h("strong.num", t("pk.people", { n: waiting })));
    const word = !head ? t("pk.nobody") : t(head.green ? "pk.green" : "pk.ordinary");
    put(this.head, h("span", t("pk.head")), h(`strong.badge.${head?.green ? "green" : "plain"}`, word));
    this.head.hidden = !head;
    say(this.greenCount, green ? t("pk.greenCount", { n: green }) : "");
    this.warn(w, phase);
  }

  warn(w, phase) {
    const late = w.closing_state === "extended" && phase !== "closed";
    this.band.hidden = !late;
    say(this.band, late ? t("pk.extended") : "");
  }

  listParked(w, phase) {
    const parked = w.parked || [];
    const free = this.desk.live.connected && !this.desk.busy && phase === "open" && !this.desk.halted;
    const refusal = this.desk.refusal;
    const mark = JSON.stringify([parked.map((p) => [p.id, p.number]), free, refusal?.at, t("pk.parked")]);
    this.parked.hidden = parked.length === 0;
    this.node.classList.toggle("has-parked", parked.length > 0);
    if (mark === this.parkedMark) return;
    this.parkedMark = mark;
    put(this.parked, h("h2", `${t("pk.parked")} ${parked.length}`), h("ul", parked.map((p) => this.parkedRow(p, free, refusal))));
  }

  parkedRow(ticket, free, refusal) {
    const at = `call-${ticket.id}`;
    const kind = { papers: "Papers", kept: "Kept", step: "Step" }[ticket.park_kind];
    const back = () => free && this.desk.send("call", { ticket: ticket.id, seen: this.desk.window.version }, at);
    return h("li.parked-row",
      h("strong.num", ticket.number),
      h("span.parked-what", kind ? t(`pk.park${kind}`) : this.desk.named("services", ticket.service),
        ticket.return_by && h("small.muted", " · ", t("vs.until", { d: shortDay(ticket.return_by) }))),
      h("button.btn", { type: "button", "aria-disabled": String(!free), "aria-label": `${t("pk.callBack")} ${ticket.number}`, onclick: back }, t("pk.callBack")),
      refusal?.at === at && h("p.refusal.inline", { role: "alert" }, refusal.words));
  }
}
