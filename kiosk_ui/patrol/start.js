// Before a round: what is due this month, which windows to look at first, rounds under way, and the start of a new one.
import { get, list, post, requestId } from "../shared/api.js";
import { hm, isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { join } from "../office/parts.js";
import { press } from "../guide/parts.js";
import { keys } from "./finding.js";

const KINDS = ["daily", "joint", "leader", "camera", "spot", "covert", "meeting", "files"];
const FIRST = 5;

export function start(ctx, begin, said = "") {
  const due = h("section.card.stack", h("h2", t("pl.dueTitle")));
  const running = h("div");
  const first = h("section.card.stack", { hidden: true }, h("h2", t("pl.firstTitle")), h("p.muted", t("pl.firstNote")));
  const look = async () => {
    const day = isoDay();
    const [month, facts, patrols] = await Promise.all([get("/patrols/month"), get("/patrols/facts"), list(`/patrols?from=${day}&to=${day}`)]);
    put(due, h("h2", t("pl.dueTitle")), dueList(month));
    put(running, openOnes(ctx, patrols, begin));
    first.hidden = !facts.order.length;
    put(first, h("h2", t("pl.firstTitle")), h("p.muted", t("pl.firstNote")), order(facts.order));
  };
  look().catch((problem) => put(due, h("p.band.amber", problem.message || t("o.lost"))));
  return { node: h("div.stack", said && h("p.band.green", { role: "status" }, said), running,
    h("div.pt-start", form(ctx, begin), h("div.stack", due, first))) };
}

function dueList(month) {
  const today = month.days.find((row) => row.day === isoDay());
  const walked = today?.kinds.some((kind) => ["daily", "joint", "leader"].includes(kind));
  const state = walked ? ["green", "todayDone"] : today?.working ? ["amber", "todayDue"] : ["plain", "todayRest"];
  const needs = month.needs.map((need) => h(`span.badge.${need.done >= need.needed ? "green" : "amber"}`,
    t("pl.ofNeeded", { what: t(`pl.k_${need.kind}`), n: need.done, m: need.needed })));
  return h("div.pt-due", h(`span.badge.${state[0]}`, t(`pl.${state[1]}`)), needs,
    month.missing.length > 0 && h("span.badge.red", t("pl.missingDays", { n: month.missing.length })));
}

/** F20. */
const order = (rows) => h("ol.pt-order", rows.slice(0, FIRST).map((row) => h("li", h("strong", t("pl.atWindow", { win: row.window })),
  h("span.muted", t("pl.firstWhy", { w: row.waiting, s: row.served, c: row.complaints })))));

function openOnes(ctx, patrols, begin) {
  const open = patrols.filter((patrol) => !patrol.ended_at);
  return open.length > 0 && h("section.card.stack", h("h2", t("pl.running")), open.map((patrol) => h("div.pt-running",
    h("span", h("strong", t("pl.round", { kind: t(`pl.k_${patrol.kind}`), t: hm(patrol.started_at) })), h("small.muted.block", join(patrol.people))),
    press(t("pl.continue"), () => begin(patrol.id), ".primary"))));
}

function form(ctx, begin) {
  const id = requestId();
  const hint = h("small.muted");
  const chiefs = h("div.btn-row.pt-chiefs");
  const people = h("input.input", { value: ctx.who.name, maxlength: 300 });
  const names = () => people.value.split(/[、,，;；]/).map((name) => name.trim()).filter(Boolean);
  const add = (name) => (people.value = [...new Set([...names(), name])].join("、"));
  const kind = keys(t("pl.kind"), KINDS.map((name) => [name, t(`pl.k_${name}`)]), "daily", changed);
  function changed(value) {
    say(hint, t(value === "leader" ? "pl.peopleLeader" : "pl.peopleHint"));
    put(chiefs, value === "joint" && ctx.chiefs.map((chief) => h("button.btn.small", { type: "button", onclick: () => add(chief.name) },
      `${chief.name} · ${pick({ name: chief.department, name_en: chief.department_en })}`)));
  }
  changed("daily");
  const areas = h("fieldset.options", h("legend", t("pl.areas")), [...new Set(ctx.areas.map((area) => area.floor))].map((floor) =>
    h("div.pt-floor", h("strong", t("pl.floor", { n: floor })), ctx.areas.filter((area) => area.floor === floor).map((area) =>
      h("label.check", h("input", { type: "checkbox", value: area.area, checked: true }), t(`pl.${area.kind}`))))));
  const go = async () => {
    const chosen = [...areas.querySelectorAll("input:checked")].map((input) => input.value);
    const made = await post("/patrols", { kind: kind.value(), areas: chosen, people: names(), request_id: id });
    await begin(made.id);
  };
  return h("section.card.stack.pt-begin", h("h2", t("pl.startTitle")), kind.node,
    h("label.field", h("span.label", t("pl.people")), people, hint), chiefs, areas, press(t("pl.startGo"), go, ".primary.g-go"));
}
