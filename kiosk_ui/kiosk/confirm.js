// The confirm page: what, how long, the few options, one big key.
import { get } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { fewLeft, hall, longWait, printerDown } from "./hall.js";
import { ask, stepper } from "./parts.js";

const MOST = 99;
const MOST_STOPS = 2;

function caseChips(state) {
  const chips = hall.categories.map((category) => {
    const pressed = String(state.category === category.code);
    const chip = h("button.chip", { type: "button", "aria-pressed": pressed, onclick: () => choose(category.code) },
      pick(category), category.from_age && h("small.from-age", t("gc.fromAge", { n: state.service.elder_age })));
    chip.dataset.code = category.code;
    return chip;
  });
  const choose = (code) => {
    state.category = state.category === code ? "ordinary" : code;
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.code === state.category));
  };
  return h("section.green-box", { "aria-label": t("k.green.short") },
    h("p.green-head", h("strong", t("k.green.short")), h("span", t("k.green.ask"))), h("div.chips", chips));
}

function need(state, code, off, on) {
  const key = h("button.chip.balanced.need", { type: "button", onclick: () => flip() });
  const draw = () => {
    const is = state.needs.has(code);
    key.setAttribute("aria-pressed", String(is));
    say(key, is ? on : off);
  };
  const flip = () => {
    if (!state.needs.delete(code)) state.needs.add(code);
    draw();
  };
  draw();
  return key;
}

/** What else is to be done with this number; one press more, and only for who wants it. */
function stops(state, go) {
  const chosen = state.then.map((service) =>
    h("button.chip.stop", { type: "button", "aria-label": t("kf.remove", { svc: pick(service) }), onclick: () => go.dropStop(service) },
      h("span", t("kf.then", { svc: pick(service) })), h("span", { "aria-hidden": "true" }, "✕")));
  const more = state.then.length < MOST_STOPS && h("button.chip.stop", { type: "button", onclick: go.addStop }, t("kf.add"));
  return h("div.stops", chosen, more);
}

/** What to bring, before a number is taken in vain: shown over the page, so that the way to the number stays as short. */
async function bring(state, go) {
  const { materials } = await go.asked(() => get(`/query/items/${encodeURIComponent(state.service.code)}`));
  const list = h("ol.bring-list", { tabindex: "0" }, materials.map((one) => h("li", pick(one), pick(one, "when") && h("small", t("qy.when", { when: pick(one, "when") })))));
  const keys = [{ label: t("qy.bringWhole"), value: true }, { label: t("ui.close"), value: false, primary: true }];
  const sheet = ask(t("qy.bringTitle", { svc: pick(state.service) }), keys);
  sheet.words.after(list);
  if (await sheet.answer) go.guide(state.service);
}

/** Only where a list is known. */
function bringKey(state, go) {
  const key = h("button.btn.key.bring-key", { type: "button", hidden: true, onclick: () => bring(state, go).catch(() => null) }, t("qy.bring"));
  get(`/query/items/${encodeURIComponent(state.service.code)}`).then((item) => (key.hidden = !item.materials.length), () => null);
  return key;
}

const options = (state) =>
  h("section.options",
    need(state, "escort", t("k.escort"), t("k.escort.on")),
    need(state, "deaf", t("k.hearing"), t("k.hearing.on")),
    state.service.groups && h("div.steppers", { role: "group", "aria-label": t("k.group") },
      stepper(t("k.people"), state.people, MOST, (n) => (state.people = n)),
      stepper(t("k.cases"), state.cases, MOST, (n) => (state.cases = n))));

export function confirm(state, go) {
  const wait = h("p.wait.balanced", { "aria-live": "polite" });
  const busy = h("p.busy.band.amber");
  const elsewhere = h("p.busy.band", { hidden: true });
  let place = "";
  const printer = h("p.busy.band.amber", t("k.printerDown"));
  const key = h("button.btn.primary.take", { type: "button", onclick: () => go.take(key) }, t("k.confirm"));
  const update = () => {
    const { text, busy: warning } = longWait(state.service);
    say(wait, [text, fewLeft(state.service)].filter(Boolean).join(" · "));
    say(busy, warning || "");
    busy.hidden = !warning;
    say(elsewhere, place && t("kb.orElsewhere", { place }));
    elsewhere.hidden = !warning || !place;
    printer.hidden = !printerDown();
  };
  update();
  get(`/services/${encodeURIComponent(state.service.code)}/instead`).then((other) => ((place = pick(other, "elsewhere")), update()), () => null);
  const name = pick(state.service);
  const department = hall.departments.find((d) => d.code === state.service.department);
  const nodes = [
    h("div.summary",
      h("h1.ask-title", { tabindex: "-1" }, t("k.check")),
      h(`p.what.balanced${name.length > 20 ? ".long" : ""}`, name), h("div.dept-row", h("p.dept", pick(department)), bringKey(state, go)), state.card && h("p.card-of", t("ki.mine", { name: state.card.name })), wait, busy, elsewhere, printer, stops(state, go)),
    h("div.lower", hall.categories.length > 0 && caseChips(state), options(state), key),
  ];
  return { nodes, update };
}
