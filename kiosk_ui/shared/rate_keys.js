// Tactile keys for who does not see the screen: 5 to 1 choose, the same key again or Enter sends, Esc is not now.
// Where a clerk sits opposite (`aloud` is false) nothing that is spoken tells which level was chosen, or whether any.
import { speak } from "./spoken.js";

export class RateKeys {
  /** send(level), skip(), changed() */
  constructor({ aloud, send, skip, changed }) {
    Object.assign(this, { aloud, send, skip, changed, chosen: null, heard: false });
  }

  clear() {
    this.chosen = null;
    this.heard = false;
  }

  /** The listen key, and the first tactile key of a rating: from then on the page speaks. */
  listen() {
    this.heard = true;
    speak("how");
  }

  /** One key event while the five levels stand; true: it was one of ours. */
  take(event) {
    const level = /^[1-5]$/.test(event.key) ? Number(event.key) : null;
    if (level) this.choose(level, event.repeat);
    else if (event.key === "Enter" && this.chosen) this.confirm();
    else if (event.key === "Escape") this.leave();
    else return false;
    event.preventDefault();
    return true;
  }

  choose(level, repeated) {
    if (repeated) return;
    if (this.chosen === level) return this.confirm();
    this.chosen = level;
    this.heard = true;
    speak(this.aloud ? `level${level}` : "chosen");
    this.changed();
  }

  confirm() {
    const level = this.chosen;
    this.chosen = null;
    this.send(level);
    this.end(this.aloud ? (level <= 2 ? "why" : "sent") : "bye");
  }

  leave() {
    this.chosen = null;
    this.skip();
    this.end(this.aloud ? "skipped" : "bye");
  }

  /** Only who is listening hears how it ended. */
  end(sentence) {
    if (this.heard) speak(sentence);
    this.heard = this.aloud && sentence === "why";
  }
}

