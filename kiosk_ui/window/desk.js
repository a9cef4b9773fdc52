// A clerk's desk: the live window, its queues, and the one way to press a verb. Terminal and pad share it.
import { get, list, post } from "../shared/api.js";
import { hm, hubNow, ms } from "../shared/clock.js";
import { emergencyOf } from "../shared/emergency.js";
import { pick, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { demandOf, keysOf, phaseOf, VERBS } from "./verbs.js";

/** A key whose verb has just changed does not fire: the second half of a double press meant the first verb. */
export const SETTLE = 700;
const REFUSAL = 7000;

export class Desk {
  constructor(no, view) {
    this.no = no;
    this.live = new Live(view);
    this.catalog = { services: [], categories: [], departments: [], zones: [] };
    this.reasons = [];
    this.busy = null;
    this.refusal = null;
    this.notice = null;
    this.changed = () => {};
    this.primary = { verb: null, since: 0 };
  }

  async load() {
    const [catalog, reasons] = await Promise.all([get("/catalog"), get("/pause-reasons").catch(() => [])]);
    this.catalog = catalog;
    this.reasons = reasons.items || reasons;
    this.green = new Set(catalog.categories.filter((c) => c.green).map((c) => c.code));
    this.changed();
  }

  get window() {
    return this.live.get(`window/${this.no}`);
  }

  get phase() {
    return phaseOf(this.window);
  }

  get demand() {
    const queues = Object.fromEntries(this.live.list("queue/").map((q) => [q.code, q]));
    return demandOf(this.window, queues);
  }

  /** Calls stand still: an emergency. */
  get halted() {
    return Boolean(emergencyOf(this.live));
  }

  /** Why nobody may be called now, in words: an emergency, or the midday break of everything that this window does. */
  get held() {
    if (this.halted) return t("wq.emergency");
    const mine = this.live.list("queue/").filter((q) => this.window?.services.includes(q.code));
    if (!mine.length || mine.some((q) => q.noon !== "rest")) return "";
    return t("wq.midday", { t: hm(Math.min(...mine.map((q) => ms(q.back)))) });
  }

  /** The keys of this moment; notes when the primary verb changed. While nobody may be called, a visit just ends. */
  keys() {
    const keys = keysOf(this.window, this.held ? 0 : this.demand.waiting, hubNow());
    if (this.held) keys.can.delete("next");
    if (this.halted) for (const verb of ["recall", "missed"]) keys.can.delete(verb);
    if (keys.primary !== this.primary.verb) this.primary = { verb: keys.primary, since: performance.now() };
    return keys;
  }

  get settled() {
    return performance.now() - this.primary.since >= SETTLE;
  }

  /** The other windows as they are now; without an answer nothing is known against them. */
  async others() {
    const known = await list("/windows").catch(() => [this.window]);
    return known.length === 1 ? known : known.filter((w) => w.no !== this.no);
  }

  named(table, code) {
    return pick((this.catalog[table] || []).find((row) => row.code === code)) || code;
  }

  /** The version for what was begun at `then` (a window): of the same visit the latest; else the old one, and the hub refuses. */
  seenSince(then) {
    return this.window.ticket?.id === then.ticket?.id ? this.window.version : then.version;
  }

  /** Posts a verb with the version that the clerk saw. A refusal stands at the key `at` in words. */
  async press(verb, body = {}, at = verb) {
    if (this.busy || !this.live.connected) return false;
    const spec = VERBS[verb];
    if (verb === "undo") this.notice = null; // it speaks of what is taken back
    return this.send(spec.path, spec.bare ? undefined : { ...spec.body, seen: this.window.version, ...body }, at);
  }

  async send(path, body, at) {
    this.busy = at;
    this.refusal = null;
    this.changed();
    try {
      const answer = await post(`/windows/${encodeURIComponent(this.no)}/${path}`, body);
      await this.live.seen(answer?.seq);
      return true;
    } catch (error) {
      if (error.status === undefined) throw error;
      this.refuse(at, error);
      return false;
    } finally {
      this.busy = null;
      this.changed();
    }
  }

  /** Something beside the verbs: a message read. What goes wrong stands where a notice would. */
  async tellHub(path) {
    try {
      await post(path);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.tell(error.lost ? t("pk.lost") : error.message);
    }
  }

  /** A sheet that asks the hub first: what goes wrong stands where a notice would. */
  async told(work) {
    try {
      return await work();
    } catch (error) {
      if (error.status === undefined) throw error;
      return void this.tell(error.lost ? t("pk.lost") : error.message);
    }
  }

  refuse(at, error) {
    if (error.status === 401) return void this.live.denied?.(4401);
    const words = error.lost ? t("pk.lost") : error.message;
    const refusal = { at, words };
    this.refusal = refusal;
    setTimeout(() => this.refusal === refusal && this.forget(), REFUSAL);
  }

  /** A short word of success that leaves by itself ("the office has been told"). */
  tell(words) {
    this.notice = words;
    setTimeout(() => this.notice === words && ((this.notice = null), this.changed()), REFUSAL);
    this.changed();
  }

  forget() {
    this.refusal = null;
    this.changed();
  }
}
