// Appointments: the day's list, booking at the desk in two steps, and when each service takes them.
import { create, list, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { confirm, sheet } from "../window/sheets.js";
import { check, choice, number, text, time } from "./controls.js";
import { act, load, section } from "./parts.js";
import { Table } from "./table.js";

const STATE = { booked: "plain", arrived: "green", missed: "amber", cancelled: "plain" };
const WEEK = [1, 2, 3, 4, 5, 6, 7];
const services = (ctx) => (ctx.catalog.services || []).map((s) => [s.code, pick(s)]);
const mayPlan = (ctx) => ["office", "admin"].includes(ctx.who.role);

export function appointments(ctx) {
  const box = h("div");
  const plans = h("div");
  const said = h("p", { role: "status" });
  const day = h("input.input", { type: "date", value: isoDay(hubNow()), "aria-label": t("ap.day") });
  const again = () => load(box, `/appointments?day=${day.value}`, (items) => put(box, dayTable(ctx, items, again, said)));
  const planned = () => load(plans, "/appointments/plans", (items) => put(plans, planTable(ctx, items, planned)));
  day.addEventListener("change", () => day.value && again());
  again();
  planned();
  const book = h("button.btn.primary", { type: "button", onclick: () => askBooking(ctx, day.value, said).then((made) => {
    if (!made) return;
    day.value = made.day;
    again();
  }) }, t("ap.book"));
  const add = mayPlan(ctx) && h("button.btn", { type: "button", onclick: () => askPlan(ctx, null).then((done) => done && planned()) }, t("ap.addPlan"));
  return {
    node: h("div.stack",
      section(t("ap.title"), h("div.bar", h("label.period", t("ap.day"), day), book), said, box),
      section(t("ap.plans"), h("div.bar", h("p.muted", t("ap.plansNote")), add), plans)),
    update: () => {},
  };
}

function dayTable(ctx, items, again, said) {
  const columns = [
    { key: "time", label: t("ap.time"), tight: true, value: (a) => a.time, cell: (a) => h("strong.num", a.time) },
    { key: "service", label: t("ap.service"), value: (a) => ctx.name("services", a.service) },
    { key: "name", label: t("ap.name"), value: (a) => a.name || "", cell: (a) => [a.name || t("o.none"), a.phone && h("small.muted.block.num", a.phone)] },
    { key: "cases", label: t("ap.cases"), right: true, value: (a) => a.cases },
    { key: "code", label: t("ap.code"), tight: true, value: (a) => a.code || "", cell: (a) => h("code", a.code || "") },
    { key: "state", label: t("ap.state"), value: (a) => a.state, cell: (a) => h(`span.badge.${STATE[a.state]}`, t(`ap.${a.state}`)) },
    { key: "do", label: t("o.colActions"), cell: (a) => actions(a, again, said) },
  ];
  return new Table(columns, { empty: t("ap.empty"), sort: "time", caption: t("ap.title") }).set(items).node;
}

function actions(a, again, said) {
  const here = a.code && ["booked", "missed"].includes(a.state) && act(t("ap.arriveNow"), async () => {
    const ticket = await create("/appointments/arrive", { code: a.code });
    put(said, t("ap.arrivedAs", { no: ticket.number }));
    again();
  }, a.state === "booked" ? ".primary" : "");
  const drop = a.state === "booked" && act(t("ap.cancel"), async () => {
    if (!(await confirm(t("ap.cancel"), t("ap.cancelAsk", { t: a.time }), t("ap.cancel")))) return;
    await post(`/appointments/${a.id}/cancel`);
    again();
  });
  return h("span.btn-row", here, drop);
}

/** The free places of a day as big keys; an hour agreed with the department instead. Resolves with the booking. */
function askBooking(ctx, start, said) {
  return sheet(t("ap.book"), (done) => {
    const service = choice("service", t("ap.service"), null, services(ctx));
    const day = h("input.input", { type: "date", value: start, min: isoDay(hubNow()) });
    const slots = h("div.slots", { role: "radiogroup", "aria-label": t("ap.time") });
    const agreed = check("agreed", t("ap.agreed"), null);
    const own = time("own", t("ap.time"), null, { hint: t("ap.agreedHint") });
    const name = text("name", t("ap.name"), null, { hint: t("ap.nameHint"), maxlength: 20 });
    const phone = text("phone", t("ap.phone"), null, { hint: t("ap.phoneHint"), maxlength: 20, inputmode: "tel" });
    const cases = number("cases", t("ap.cases"), null, { preset: 1, min: 1, max: 99, step: 1 });
    const error = h("p.error", { role: "alert" });
    const again = async () => {
      const items = await list(`/appointments/slots?service=${encodeURIComponent(service.value())}&day=${day.value}`).catch(() => []);
      put(slots, items.map(slotKey), !items.length && h("p.muted", t("ap.noSlots")));
    };
    const follow = () => {
      own.node.hidden = !agreed.value();
      slots.hidden = agreed.value();
    };
    service.input.addEventListener("change", again);
    day.addEventListener("change", () => day.value && again());
    agreed.input.addEventListener("change", follow);
    follow();
    again();
    const send = async (event) => {
      event.preventDefault();
      const at = agreed.value() ? own.value() : slots.querySelector("input:checked")?.value;
      if (!at) return void put(error, t("pk.pickOne"));
      try {
        const made = await create("/appointments", {
          service: service.value(), day: day.value, time: at, name: name.value(), phone: phone.value(),
          cases: cases.value() || 1, agreed: agreed.value(),
        });
        put(said, h("strong", t("ap.made", { day: made.day, t: made.time, code: made.code })), h("span.block.muted", t("ap.madeHint")));
        done(made);
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        put(error, problem.message || t("o.lost"));
        again();
      }
    };
    return h("form.stack.entry", { onsubmit: send, novalidate: true }, service.node,
      h("label.field", h("span.label", t("ap.day")), day), slots, agreed.node, own.node, name.node, phone.node, cases.node, error,
      foot(t("ap.book"), done));
  });
}

function slotKey(slot) {
  const full = slot.free === 0;
  return h("label.option", h("input", { type: "radio", name: "slot", value: slot.time, disabled: full }),
    h("span.btn.slot", h("strong.num", slot.time), h("small", full ? t("ap.full") : t("ap.free", { n: slot.free }))));
}

function planTable(ctx, items, again) {
  const columns = [
    { key: "service", label: t("ap.service"), value: (p) => ctx.name("services", p.service) },
    { key: "days", label: t("ap.days"), value: (p) => p.days.map((d) => t(`ap.day${d}`)).join(" ") },
    { key: "hours", label: t("ap.time"), tight: true, value: (p) => p.start, cell: (p) => h("span.num", `${p.start}–${p.until}`) },
    { key: "minutes", label: t("ap.minutes"), right: true, value: (p) => p.minutes },
    { key: "capacity", label: t("ap.capacity"), right: true, value: (p) => p.capacity },
    { key: "active", label: t("ap.state"), value: (p) => Number(p.active), cell: (p) => h(`span.badge.${p.active ? "green" : "plain"}`, t(p.active ? "ap.on" : "ap.off")) },
    { key: "do", label: t("o.colActions"), cell: (p) => mayPlan(ctx) && h("button.btn.small", { type: "button", onclick: () => askPlan(ctx, p).then((done) => done && again()) }, t("ap.editPlan")) },
  ];
  return new Table(columns, { empty: t("ap.plansEmpty"), sort: "service", caption: t("ap.plans") }).set(items).node;
}

function askPlan(ctx, row) {
  return sheet(t("ap.planTitle"), (done) => {
    const fields = [
      choice("service", t("ap.service"), row, services(ctx)),
      time("start", t("ap.from"), row || { start: "09:00" }), time("until", t("ap.until"), row || { until: "11:30" }),
      number("minutes", t("ap.minutes"), row, { preset: 30, min: 5, max: 240, step: 5 }),
      number("capacity", t("ap.capacity"), row, { preset: 2, min: 1, max: 99, step: 1 }),
      check("outside", t("ap.outsideHours"), row), check("active", t("ap.on"), row, { preset: true }),
    ];
    const days = WEEK.map((d) => h("input", { type: "checkbox", value: d, checked: row ? row.days.includes(d) : d < 6 }));
    const week = h("fieldset.options", h("legend", t("ap.days")), h("div.btn-row", days.map((input, i) =>
      h("label.option", input, h("span.btn", t(`ap.day${WEEK[i]}`))))));
    const error = h("p.error", { role: "alert" });
    const send = async (event) => {
      event.preventDefault();
      const entry = Object.fromEntries(fields.map((f) => [f.name, f.value()]));
      entry.days = days.filter((input) => input.checked).map((input) => Number(input.value));
      try {
        await post("/appointments/plans", { ...entry, ...(row ? { id: row.id } : {}) });
        done(true);
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        put(error, problem.message || t("o.lost"));
      }
    };
    return h("form.stack.entry", { onsubmit: send, novalidate: true }, fields[0].node, week, fields.slice(1).map((f) => f.node), error, foot(t("ap.save"), done));
  });
}

const foot = (words, done) => h("div.btn-row.sheet-foot",
  h("button.btn.primary", { type: "submit" }, words),
  h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel")));

