// Practice: a pretend hall in this browser alone. It answers a desk's verbs with the shapes of the hub and asks the hub
// nothing, so no device and no record hears of it.
import { ApiError } from "../shared/api.js";
import { hubNow } from "../shared/clock.js";
import { t } from "../shared/i18n.js";
import { Desk } from "./desk.js";

const WAITING = 4;
const GREEN_EVERY = 4;
const UNDO = 60000;
const NO_SHOW = 10000;
const iso = (at = hubNow()) => new Date(at).toISOString();

/** As much of a live picture as a desk looks at. */
class Pretence {
  constructor(hall) {
    this.hall = hall;
    this.connected = true;
    this.seq = 1;
  }

  list(prefix) {
    return prefix === "queue/" ? this.hall.queues() : [];
  }

  get(key) {
    return key.startsWith("window/") ? this.hall.window : null;
  }

  async seen() {}

  /** Nothing comes from elsewhere. */
  watch() {}

  subscribe() {}
}

class PretendHall {
  constructor(no) {
    this.count = 0;
    this.line = [];
    this.before = null;
    this.window = {
      no, department: "practice", zone: "practice", floor: 1, state: "closed", clerk: null, ticket: null,
      services: ["p1", "p2"], paused: null, away: null, version: 1, parked: [], undo: null, restored: false,
      no_show_at: null, shown_calls: 0,
    };
    this.fill();
  }

  /** There is always somebody to call. */
  fill() {
    while (this.line.length < WAITING) {
      const green = ++this.count % GREEN_EVERY === 0;
      const service = this.count % 2 ? "p1" : "p2";
      this.line.push({
        id: this.count, number: `${service === "p1" ? "A" : "B"}${String(this.count).padStart(3, "0")}`, service, green,
        category: green ? "elderly" : "ordinary", people: 1, cases: 1, needs: [], calls: 0, state: "waiting", park_kind: "",
        issued_at: iso(),
      });
    }
  }

  queues() {
    return ["p1", "p2"].map((code) => {
      const mine = this.line.filter((ticket) => ticket.service === code);
      const [head] = mine;
      return { code, waiting: mine.length, green: mine.filter((ticket) => ticket.green).length,
        head: head ? { category: head.category, since: head.issued_at } : null };
    });
  }

  /** One verb; what the hub would refuse is refused in the same words. */
  do(path, body = {}) {
    const was = structuredClone({ line: this.line, window: this.window });
    this.verbs(body)[path]?.();
    const { window: w } = this;
    w.version += 1;
    const undone = { "call-next": "call", finish: "finish", "no-show": "no_show", transfer: "transfer" }[path];
    if (undone) {
      this.before = was;
      w.undo = { verb: undone, until: iso(hubNow() + UNDO) };
    } else if (path !== "help") w.undo = null;
    w.state = !w.clerk ? "closed" : w.paused ? "paused" : w.away ? "away" : w.ticket ? "serving" : "open";
    this.fill();
  }

  verbs(body) {
    const { window: w } = this;
    const gone = () => ({ code: "practice", reason: t("wn.practicePublic"), since: iso(),
      until: body.minutes ? iso(hubNow() + body.minutes * 60000) : null });
    return {
      "sign-in": () => (w.clerk = { name: t("wn.practiceWho") }),
      "sign-out": () => Object.assign(w, { clerk: null, paused: null }),
      "call-next": () => this.next(),
      call: () => this.call(w.parked.splice(w.parked.findIndex((ticket) => ticket.id === body.ticket), 1)[0]),
      recall: () => Object.assign(w.ticket, { calls: w.ticket.calls + 1, last_called_at: iso() }),
      start: () => Object.assign(w.ticket, { state: "serving", started_at: iso() }),
      finish: () => (this.free(), body.next && this.next()),
      "no-show": () => this.free(),
      park: () => w.parked.push({ ...this.free(), state: "parked", park_kind: body.kind }),
      transfer: () => this.transfer(body),
      pause: () => (w.paused = gone()),
      resume: () => (w.paused = null),
      away: () => (w.away = gone()),
      back: () => (w.away = null),
      undo: () => this.before && (({ line: this.line, window: this.window } = this.before), (this.before = null)),
    };
  }

  next() {
    const green = this.line.findIndex((ticket) => ticket.green);
    this.call(this.line.splice(Math.max(0, green), 1)[0]);
  }

  call(ticket) {
    const at = iso();
    Object.assign(this.window, { ticket: { ...ticket, state: "called", calls: 1, called_at: at, last_called_at: at, started_at: null },
      no_show_at: iso(hubNow() + NO_SHOW), shown_calls: 2 });
  }

  free() {
    const { ticket } = this.window;
    Object.assign(this.window, { ticket: null, no_show_at: null, away: null });
    return ticket;
  }

  transfer({ service }) {
    if (!service || service === this.window.ticket.service) throw new ApiError(409, "wrong_state", t("wn.practiceOther"));
    this.line.push({ ...this.free(), service, state: "waiting" });
  }
}

/** A desk that a panel takes for a real one. */
export class PracticeDesk extends Desk {
  constructor(no) {
    super(no, `window/${no}`);
    this.hall = new PretendHall(no);
    this.live = new Pretence(this.hall);
  }

  async load() {
    this.catalog = {
      services: ["p1", "p2"].map((code, i) => ({ code, name: t(`wn.practiceService${i + 1}`), department: "practice", windows: [this.no] })),
      categories: [{ code: "elderly", name: t("wn.practiceElderly"), green: true }],
      departments: [{ code: "practice", name: t("wn.practiceDept") }],
      zones: [{ code: "practice", name: t("wn.practiceZone") }],
    };
    this.reasons = [{ code: "practice", name: t("wn.practiceReason"), public: t("wn.practicePublic"), minutes: 10 }];
    this.green = new Set(["elderly"]);
    this.changed();
  }

  async others() {
    return [this.window];
  }

  async send(path, body, at) {
    this.refusal = null;
    try {
      this.hall.do(path, body);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.refuse(at, error);
    }
    this.changed();
    return !this.refusal;
  }
}
