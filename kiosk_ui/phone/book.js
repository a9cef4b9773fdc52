// Booking on a telephone: what, when, and the code to arrive with. No sign-in; name and number are not asked for.
import { create, get, list } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put } from "../shared/dom.js";
import { lang, languageName, languages, onLang, pick, setLang, t } from "../shared/i18n.js";

const AHEAD = 10;
const state = { services: [], service: null, day: null, days: [], slots: [], slot: null };

async function begin() {
  state.services = (await get("/services")).items;
  draw();
}

async function choose(service) {
  Object.assign(state, { service, day: null, slots: [], slot: null });
  const { items } = await get(`/appointments/days?service=${encodeURIComponent(service.code)}&count=${AHEAD}`);
  if (state.service !== service) return; // another one was chosen since
  state.days = items;
  draw();
}

async function open(day) {
  Object.assign(state, { day, slots: [], slot: null });
  draw();
  const slots = await list(`/appointments/slots?service=${encodeURIComponent(state.service.code)}&day=${day}`);
  if (state.day !== day) return; // another one was chosen since
  state.slots = slots;
  draw();
}

async function book(key, error) {
  const { service, day, slot } = state;
  key.disabled = true; // one press, one appointment
  try {
    const made = await create("/book", { service: service.code, day, time: slot.time });
    put(document.body, page(h("h1", t("ap.madeTitle")),
      h("p.phone-line", pick(service)), h("p.phone-line.num", `${dayName(made.day)} ${made.time}`),
      h("p.phone-hall", t("ap.code")), h("p.book-code.num", made.code), h("p.phone-note", t("ap.keepCode"))));
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    key.disabled = false;
    put(error, problem.message || t("ap.failed"));
  }
}

/** 11月24日周二: which day of the week it is, people ask first. */
const dayName = (iso) => new Intl.DateTimeFormat(lang(), { month: "short", day: "numeric", weekday: "short", timeZone: "UTC" }).format(Date.parse(iso));

const key = (words, press, pressed = false) =>
  h("button.btn.book-key", { type: "button", "aria-pressed": String(pressed), onclick: press }, words);

function page(...content) {
  const others = languages.filter((code) => code !== lang()).map((code) =>
    h("button.btn.quiet", { type: "button", lang: code, onclick: () => setLang(code) }, languageName(code)));
  return h("main.phone", h("p.phone-hall", boot.hall.name), ...content, h("div.btn-row", others));
}

function draw() {
  const error = h("p.error", { role: "alert" });
  const { service, day, slot: chosen } = state;
  put(document.body, page(h("h1", t("ap.bookTitle")),
    h("h2", t("ap.service")),
    service
      ? key(pick(service), () => (Object.assign(state, { service: null, day: null, slot: null }), draw()), true)
      : h("div.book-list", state.services.filter((one) => one.bookable).map((one) => key(pick(one), () => choose(one))),
        !state.services.some((one) => one.bookable) && h("p", t("ap.noneBookable"))),
    service && h("h2", t("ap.day")),
    service && h("div.book-days", state.days.map((one) => key(dayName(one), () => open(one), one === day)), !state.days.length && h("p", t("ap.noDays"))),
    day && h("h2", t("ap.time")),
    day && h("div.book-days", state.slots.map((slot) =>
      h("button.btn.book-key", { type: "button", disabled: slot.free === 0, "aria-pressed": String(slot === chosen), onclick: () => ((state.slot = slot), draw()) },
        h("strong.num", slot.time), h("small", slot.free ? t("ap.free", { n: slot.free }) : t("ap.full"))))),
    chosen && h("button.btn.primary.book-key", { type: "button", onclick: (event) => book(event.currentTarget, error) }, t("ap.bookGo", { day: dayName(day), t: chosen.time })),
    error));
  document.querySelector(".book-key.primary")?.scrollIntoView({ block: "nearest" });
}

onLang(draw);
begin();
