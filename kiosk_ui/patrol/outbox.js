// What was recorded and not yet sent. It stays in this browser until the hub has taken it; each row creates once.
import { boot } from "../shared/boot.js";
import { post, requestId, upload } from "../shared/api.js";

const KEPT = `hallq.patrol.${boot.hall?.id || ""}`;
const AGAIN = 3000;

export class Outbox {
  /** `changed()` after each step; rows: {id, path, body, key, photos (data URLs), error}. */
  constructor(changed) {
    this.changed = changed;
    this.rows = JSON.parse(localStorage.getItem(KEPT) || "[]");
    this.busy = false;
    setInterval(() => this.flush(), AGAIN);
    addEventListener("online", () => this.flush());
    this.flush();
  }

  add(path, body, key, photos = []) {
    this.rows.push({ id: requestId(), path, body, key, photos, error: "" });
    this.#keep();
    this.flush();
  }

  /** Rows of this key that wait, or that the hub would not take. */
  of = (key) => this.rows.filter((row) => row.key === key);

  get waiting() {
    return this.rows.filter((row) => !row.error).length;
  }

  drop(id) {
    this.rows = this.rows.filter((row) => row.id !== id);
    this.#keep();
  }

  /** In order; what finds nobody stays and is sent again, what is refused stays with the reason. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let row = this.#next(); row; row = this.#next()) {
        try {
          await this.#send(row);
          this.drop(row.id);
        } catch (problem) {
          if (problem.status === undefined) throw problem;
          if (problem.lost || problem.status === 503 || problem.status === 401) return;
          row.error = problem.message;
          this.#keep();
        }
      }
    } finally {
      this.busy = false;
    }
  }

  #next = () => this.rows.find((row) => !row.error);

  async #send(row) {
    for (const [i, photo] of row.photos.entries()) {
      if (typeof photo !== "string") continue;
      row.photos[i] = await sendPhoto(photo);
      this.#keep();
    }
    const files = row.photos.length ? { photos: row.photos } : {};
    await post(row.path, { ...row.body, ...files, request_id: row.id });
  }

  /** A browser without room keeps the rows for as long as the page is open. */
  #keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.rows));
    } catch {
      localStorage.removeItem(KEPT);
    }
    this.changed();
  }
}

/** A JPEG as a data URL becomes a file of the hub's; its id. */
export function sendPhoto(url) {
  const bytes = Uint8Array.from(atob(url.split(",")[1]), (letter) => letter.charCodeAt(0));
  return upload(new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
}
