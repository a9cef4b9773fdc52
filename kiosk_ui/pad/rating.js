// One invitation to rate: a press is sent at once, and again until the hub has it.
// There are eight seconds to choose another level.
import { get, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { RateKeys } from "../shared/rate_keys.js";

const AGAIN = 8000;
const RETRY = 1000;
const PATIENCE = 20000;
const wait = (millis) => new Promise((done) => setTimeout(done, millis));

export class Rating {
  constructor(window, changed) {
    this.path = `/pads/${window}`;
    this.changed = changed;
    this.keys = new RateKeys({
      aloud: boot.earphones, changed, send: (level) => this.press(level), skip: () => this.skip(),
    });
    this.offered = boot.reasons;
    this.clear(null);
  }

  clear(token) {
    this.keys.clear();
    Object.assign(this, {
      token, touched: false, pressed: null, pressedAt: -Infinity, again: false,
      pending: false, submitting: false, slow: false, note: null, reasons: new Set(),
    });
  }

  /** The hub's invitation changed: another token is another visit. */
  follow(pad) {
    if (this.pending) return;
    if ((pad.token || null) === this.token) return;
    this.clear(pad.token || null);
    if (this.token) this.#readReasons();
  }

  /** The list may have another version since the page was loaded; with an old one the press itself is good all the same. */
  #readReasons() {
    get("/ratings/reasons").then(({ items }) => ((this.offered = items), this.changed()), () => {});
  }

  /** Milliseconds in which the level may still be changed. */
  get left() {
    return Math.max(0, AGAIN - (performance.now() - this.pressedAt));
  }

  /** The citizen asked for the five keys again and may still change. */
  choosing(pad) {
    if (this.again && !(this.left && pad.token === this.token)) this.again = false;
    return this.again;
  }

  chooseAgain() {
    this.again = true;
    this.changed();
  }

  /** A press waits for its answer: the keys stay up, but not for the next citizen when the hub is away for long. */
  get pressing() {
    return this.pending && !this.submitting && performance.now() - this.pressedAt < PATIENCE;
  }

  /** What the drawing depends on. */
  sign() {
    return [this.token, this.pressed, this.pending, this.slow, this.note, this.again, this.keys.chosen, this.offered];
  }

  touch() {
    if (this.touched || !this.token) return;
    this.touched = true;
    post(`${this.path}/touch`, { token: this.token }).catch(() => (this.touched = false));
  }

  press(level) {
    if (this.pending || !this.token) return;
    this.pressedAt = performance.now();
    this.pressed = level;
    return this.#send({ token: this.token, level });
  }

  submit(level) {
    if (this.pending || !this.token) return;
    return this.#send({ token: this.token, level, reasons: [...this.reasons] });
  }

  skip() {
    post(`${this.path}/skip`, { token: this.token }).catch(() => {});
  }

  /** The token makes a repeat harmless, so a lost answer is asked for again until the hub has the rating. */
  async #send(body) {
    Object.assign(this, { pending: true, submitting: "reasons" in body, slow: false, note: null, again: false });
    this.changed();
    const slow = setTimeout(() => ((this.slow = true), this.changed()), 800);
    for (;;) {
      try {
        await post(`${this.path}/rating`, body);
        break;
      } catch (error) {
        if (!error.lost && error.status < 500) {
          this.note = "pc.late";
          break;
        }
        this.note = "pc.unsaved";
        this.changed();
        await wait(RETRY);
      }
    }
    clearTimeout(slow);
    Object.assign(this, { pending: false, slow: false, note: this.note === "pc.unsaved" ? null : this.note });
    this.changed();
  }
}
