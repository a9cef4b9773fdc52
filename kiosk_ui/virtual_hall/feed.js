// The virtual hall's own socket: everything at first, then what changed. A lost line starts again from everything.
import { pace, sync } from "../shared/clock.js";

const AGAIN = 1000;
const SILENCE = 5000;

export class Feed {
  constructor() {
    this.all = {};
    this.places = new Map();
    this.connected = null;
    /** fn(changedKeys) after each message; fn(connected) at each change of the line. */
    this.changed = () => {};
    this.line = () => {};
  }

  get(key) {
    return this.all[key] ?? null;
  }

  /** Values of a prefix, in the order of their keys. */
  list(prefix) {
    return Object.keys(this.all).filter((key) => key.startsWith(prefix)).sort().map((key) => this.all[key]);
  }

  /** The device of this kind at a place: device("led", "3"). */
  device(kind, place) {
    return this.at(place).find((d) => d.kind === kind) || null;
  }

  /** All devices of a place. */
  at(place) {
    return this.places.get(place) || [];
  }

  start() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/virtual/live`);
    this.socket = socket;
    socket.onmessage = (event) => this.#take(socket, JSON.parse(event.data));
    socket.onclose = () => this.#lost(socket);
    this.#listen(socket);
  }

  #listen(socket) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => (this.#lost(socket), socket.close()), SILENCE);
  }

  #take(socket, message) {
    if (socket !== this.socket) return;
    this.#listen(socket);
    const keys = Object.keys(message.all || message.set);
    this.all = message.all || Object.assign(this.all, message.set);
    this.#sort();
    pace(this.all.hall.speed);
    sync(message.now);
    this.#state(true);
    if (keys.length) this.changed(keys);
  }

  #sort() {
    this.places = new Map();
    for (const device of this.list("device/")) this.places.set(device.place, [...this.at(device.place), device]);
  }

  #state(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.line(connected);
  }

  #lost(socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    clearTimeout(this.silence);
    this.#state(false);
    setTimeout(() => this.start(), AGAIN);
  }
}
