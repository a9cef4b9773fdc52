// Calls to the hub. Rule: an answer or an ApiError.
// A creating call keeps its request_id over retries, so it creates once.
import { lang } from "./i18n.js";

const BASE = "/api/v1";
const PATIENCE = 10000;
const FILE_PATIENCE = 60000; // a photo over a weak network
const PAUSES = [400, 1000, 2000];
let place = "";

export class ApiError extends Error {
  constructor(status, code, message, detail) {
    super(message || code);
    Object.assign(this, { name: "ApiError", status, code, detail: detail || {} });
  }
  /** No answer at all: the hub may or may not have done it. */
  get lost() {
    return this.status === 0;
  }
}

/** 128 random bits; crypto.randomUUID is missing where the page has no TLS. */
export function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

async function read(response) {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `body`: JSON, or a file as it is. */
export async function call(method, path, body) {
  const file = body instanceof Blob;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), file ? FILE_PATIENCE : PATIENCE);
  let response, answer;
  try {
    const headers = { Accept: "application/json", "Accept-Language": lang() };
    if (place) headers["X-HallQ-Place"] = place;
    if (body !== undefined) headers["Content-Type"] = file ? body.type : "application/json";
    response = await fetch(BASE + path, {
      method, headers, signal: stop.signal, cache: "no-store", credentials: "same-origin",
      body: body === undefined || file ? body : JSON.stringify(body),
    });
    answer = await read(response);
  } catch {
    throw new ApiError(0, "lost", "");
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return answer;
  const error = answer?.error || {};
  throw new ApiError(response.status, error.code || `http_${response.status}`, error.message || "", error.detail);
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const upload = async (file, name = file.name) => (await post(`/files?name=${encodeURIComponent(name)}`, file)).id;
export const del = (path) => call("DELETE", path);

/** A device page says which device it is: one browser may hold the identities of several. */
export function actAs(name) {
  place = name;
}

/** `newest(answer)`: the answer, if nothing was asked since; else it never comes, as nobody wants it any more. */
export function latest() {
  let asked = 0;
  return (answer) => new Promise((done, fail) => {
    const mine = ++asked;
    answer.then((found) => mine === asked && done(found), (error) => mine === asked && fail(error));
  });
}

const wait = (millis) => new Promise((done) => setTimeout(done, millis));

/** POST that creates: the same request_id again where the answer was lost or the hub was busy. */
export async function create(path, body, id = requestId()) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await post(path, { ...body, request_id: id });
    } catch (error) {
      if (pause === null || !(error.lost || error.status === 503)) throw error;
      await wait(pause);
    }
  }
}

/** All items of a paged list; follows `next`. */
export async function list(path) {
  const items = [];
  for (let next = null; ; ) {
    const mark = path.includes("?") ? "&" : "?";
    const page = await get(next ? `${path}${mark}next=${encodeURIComponent(next)}` : path);
    items.push(...page.items);
    next = page.next;
    if (!next) return items;
  }
}
