// The live picture of a page: snapshot, deltas, and a new snapshot whenever the sequence does not fit.
import { boot } from "./boot.js";
import { sync } from "./clock.js";

const FIRST = 500;
const LONGEST = 5000;
const SILENCE = 12000;
/** A page that reloaded and still differs waits before it tries again. */
const RELOADED = "hallq.reloaded";
const CALM = 60000;

async function reachable() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 4000);
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: stop.signal })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

export class Live {
  /** view: as in CONTRACT ("window/3"); extra: further query fields ({zone: "1F"}). Call start() when subscribed. */
  constructor(view, extra = {}) {
    this.query = new URLSearchParams({ view, ...extra }).toString();
    this.all = {};
    this.seq = null;
    this.epoch = null;
    this.connected = false;
    this.lostAt = Date.now();
    /** May the page reload now? The page says so: nobody is in the middle of something. */
    this.idle = () => true;
    /** Told with the close code when the hub does not know this page (4401) or forbids it (4403). */
    this.denied = null;
    this.subscribers = [];
    this.watchers = [];
    this.waiters = [];
    this.tries = 0;
  }

  get(key) {
    return this.all[key] ?? null;
  }

  /** All values whose key starts with the prefix, in the order of their keys. */
  list(prefix) {
    return Object.keys(this.all).filter((k) => k.startsWith(prefix)).sort().map((k) => this.all[k]);
  }

  /** fn(changedKeys, this) after every change under the prefix ("" = everything), and now if there is a picture. */
  subscribe(prefix, fn) {
    const entry = { prefix, fn };
    this.subscribers.push(entry);
    const have = Object.keys(this.all).filter((k) => k.startsWith(prefix));
    if (this.seq !== null) fn(have, this);
    return () => (this.subscribers = this.subscribers.filter((each) => each !== entry));
  }

  /** fn(connected) at each change of the connection. */
  watch(fn) {
    this.watchers.push(fn);
    return this;
  }

  /** Resolves when the page has seen the commit `seq` of its own command, or after the patience. */
  seen(seq, patience = 2000) {
    if (seq === undefined || seq === null || (this.seq ?? -1) >= seq) return Promise.resolve();
    return new Promise((done) => {
      this.waiters.push({ seq, done });
      setTimeout(done, patience);
    });
  }

  start() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live?${this.query}`);
    this.socket = socket;
    socket.onmessage = (event) => this.#take(socket, JSON.parse(event.data));
    socket.onclose = (event) => this.#lost(socket, event.code);
    this.#listen(socket);
    return this;
  }

  /**
   * A pulled cable closes nothing: after a silence ask the hub whether it is there, and give the socket up if not. The hub
   * speaks every five seconds: one that is there and stays silent has forgotten this socket, as after this page slept.
   */
  #listen(socket, again = false) {
    clearTimeout(this.silence);
    this.silence = setTimeout(async () => {
      const there = !again && this.seq !== null && this.connected && (await reachable());
      if (socket !== this.socket) return;
      if (there) return this.#listen(socket, true);
      this.#lost(socket, 1006);
      socket.close();
    }, SILENCE);
  }

  #take(socket, message) {
    if (socket !== this.socket) return;
    this.#listen(socket);
    sync(message.now);
    if ("all" in message) this.#snapshot(message);
    else if (message.since !== this.seq) return this.#again(socket);
    else this.#delta(message);
    this.#wake();
    if (message.build) this.#fresh(message.build);
  }

  #wake() {
    for (const { seq, done } of this.waiters) if (seq <= this.seq) done();
    this.waiters = this.waiters.filter(({ seq }) => seq > this.seq);
  }

  #again(socket) {
    this.tries = 0;
    socket.close();
  }

  #snapshot(message) {
    const before = Object.keys(this.all);
    this.all = message.all;
    this.seq = message.seq;
    this.epoch = message.epoch;
    this.tries = 0;
    this.#state(true);
    this.#tell([...new Set([...before, ...Object.keys(this.all)])], true);
  }

  #delta(message) {
    Object.assign(this.all, message.set);
    for (const key of message.del || []) delete this.all[key];
    this.seq = message.seq;
    this.#tell([...Object.keys(message.set || {}), ...(message.del || [])], false);
  }

  #tell(keys, whole) {
    for (const { prefix, fn } of [...this.subscribers]) {
      const mine = keys.filter((k) => k.startsWith(prefix));
      if (mine.length || whole) fn(mine, this);
    }
  }

  #state(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    if (!connected) this.lostAt = Date.now();
    for (const fn of this.watchers) fn(connected);
  }

  #lost(socket, code) {
    if (socket !== this.socket) return;
    this.socket = null;
    clearTimeout(this.silence);
    this.#state(false);
    const refused = code === 4401 || code === 4403;
    if (refused && this.denied) return this.#forget(code);
    const pause = refused ? LONGEST : Math.min(LONGEST, FIRST * 2 ** this.tries++);
    setTimeout(() => this.start(), Math.max(FIRST, pause * (0.5 + Math.random() / 2)));
  }

  /** Whoever comes next begins with a picture of their own. */
  #forget(code) {
    this.all = {};
    this.seq = null;
    this.denied(code);
  }

  /** The hub has another build: reload as soon as nobody is in the middle of something. */
  #fresh(build) {
    if (build === boot.build || this.reloading) return;
    this.reloading = setInterval(() => {
      if (!this.idle() || Date.now() - Number(sessionStorage.getItem(RELOADED)) < CALM) return;
      sessionStorage.setItem(RELOADED, String(Date.now()));
      location.reload();
    }, 1000);
  }
}
