// People: who works here, add, disable, one-time password (shown once), PIN for the pads.
import { create, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { confirm, sheet } from "../window/sheets.js";
import { field, filled } from "../window/sign_in.js";
import { act, load, section } from "./parts.js";
import { personRole, ROLES } from "./roles.js";
import { askSkills } from "./skills.js";
import { Table } from "./table.js";

/** A refusal that belongs to one field of the form. */
const AT = { name_taken: "name", staff_no_taken: "staff_no", unknown_window: "window", unknown_role: "role" };

export function staff(ctx) {
  const box = h("div");
  const find = h("input.input.find", { type: "search", placeholder: t("o.search"), "aria-label": t("o.search") });
  let table = null;
  const writes = ["office", "admin"].includes(ctx.who.role);
  const again = () => load(box, writes ? "/people" : "/staff", (people) => {
    table = new Table(columns(again, writes), { empty: t("o.peopleEmpty"), sort: "name", caption: t("o.people") }).set(people);
    table.filter(find.value);
    put(box, table.node);
  });
  find.addEventListener("input", () => table?.filter(find.value));
  again();
  const add = writes && h("button.btn.primary", { type: "button", onclick: () => askPerson(ctx, again) }, t("o.addPerson"));
  return { node: section(t("o.staff"), h("div.bar", find, add), box), update: () => {} };
}

function columns(again, writes) {
  return [
    { key: "name", label: t("o.colName"), value: (p) => p.name, cell: (p) => [h("strong", h("a", { href: `#person/${p.id}` }, p.name)), p.title && h("small.muted.block", p.title), p.badge && h("small.muted.block", p.badge)] },
    { key: "role", label: t("o.colRole"), value: (p) => personRole(p.role) },
    { key: "window", label: t("o.colHome"), value: (p) => p.window || "", cell: (p) => (p.window ? t("o.atWindow", { win: p.window }) : t("o.none")) },
    { key: "staff_no", label: t("o.colStaffNo"), value: (p) => p.staff_no || "" },
    { key: "status", label: t("o.colStatus"), value: (p) => Number(p.active), cell: status },
    { key: "do", label: t("o.colActions"), cell: (p) => (writes ? actions(p, again) : seen(p)) },
  ];
}

function status(p) {
  if (!p.active) return h("span.badge.plain", t("o.disabled"));
  if (p.one_time || p.password === false) return h("span.badge.amber", t(p.one_time ? "o.oneTime" : "o.noPassword"));
  return [h("span.badge.green", t("o.active")), p.may_choose && h("span.badge.plain", t("oo.may"))];
}

const seen = (p) => ["clerk", "chief"].includes(p.role) && h("a.btn.small", { href: `#record/${p.id}` }, t("o.seeRecord"));

function actions(p, again) {
  return h("span.btn-row", seen(p),
    p.active && p.staff_no && act(t("o.pin"), () => askPin(p)),
    p.active && ["clerk", "guide"].includes(p.role) && mayChoose(p, again),
    p.active && p.window && act(t("bg.set"), () => askBadge(p, again)),
    p.active && p.role === "clerk" && act(t("op.skills"), () => askSkills(p)),
    act(t("o.reset"), async () => {
      if (await confirm(t("o.reset"), t("o.resetAsk", { name: p.name }), t("o.reset"))) await reset(p, again);
    }),
    p.active && act(t("o.disable"), async () => {
      if (!(await confirm(t("o.disable"), t("o.disableAsk", { name: p.name }), t("o.disable")))) return;
      await post(`/people/${p.id}/disable`);
      again();
    }, ".danger"));
}

/** Calling and placing people out of order is a right of its own: given with a question, taken back at once. */
function mayChoose(p, again) {
  const set = (allowed) => post(`/people/${p.id}/may-choose`, { allowed }).then(again);
  if (p.may_choose) return act(t("oo.take"), () => set(false));
  return act(t("oo.give"), async () => (await confirm(t("oo.give"), t("oo.giveAsk", { name: p.name }), t("oo.give"))) && set(true));
}

/** The one-time password stands here until someone says that the person has it, and never again. */
async function reset(person, again) {
  const { password } = await post(`/people/${person.id}/reset`);
  again();
  await sheet(t("o.resetDone", { name: person.name }), (done) => [
    h("p.one-time", { "data-first": true, tabindex: "-1" }, password),
    h("p", t("o.resetNote")),
    h("div.btn-row", h("button.btn.primary", { type: "button", onclick: () => done() }, t("o.noted"))),
  ]);
}

function askPin(person) {
  return sheet(t("o.pinTitle", { name: person.name }), (done) => {
    const pin = field(t("o.pinField"), { inputmode: "numeric", type: "password", autocomplete: "new-password", "data-first": true });
    const send = async (event) => {
      event.preventDefault();
      if (!/^[0-9]{4,8}$/.test(pin.value())) return pin.fail(t("o.pinWrong"));
      await post(`/people/${person.id}/pin`, { pin: pin.value() }).then(() => done(true), (error) => pin.fail(error.message || t("o.lost")));
    };
    return form(send, [pin.node], t("o.save"), done);
  });
}

/** What stands beside the title at the window; empty takes it away. */
function askBadge(person, again) {
  return sheet(t("bg.ask", { name: person.name }), (done) => {
    const words = field(t("bg.words"), { maxlength: 12, placeholder: t("bg.example"), value: person.badge || "", "data-first": true });
    const send = async (event) => {
      event.preventDefault();
      await post(`/people/${person.id}/badge`, { badge: words.value().trim() }).then(() => (done(true), again()), (error) => words.fail(error.message || t("o.lost")));
    };
    return form(send, [h("p", t("bg.note")), words.node], t("o.save"), done);
  });
}

const form = (send, fields, words, done) =>
  h("form.stack", { onsubmit: send }, fields, h("div.btn-row",
    h("button.btn.primary", { type: "submit" }, words),
    h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel"))));

function choice(label, options) {
  const select = h("select.input", options.map(([value, words]) => h("option", { value }, words)));
  const error = h("span.error", { role: "alert" });
  return { node: h("label.field", h("span.label", label), select, error), value: () => select.value, fail: (words) => (error.textContent = words), input: select };
}

function askPerson({ live, who }, again) {
  return sheet(t("o.addPerson"), (done) => {
    const roles = ROLES.filter((role) => role !== "admin" || who.role === "admin");
    const windows = live.list("window/").map((w) => w.no).sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    const fields = {
      name: field(t("o.colName"), { "data-first": true }),
      role: choice(t("o.colRole"), roles.map((role) => [role, personRole(role)])),
      window: choice(t("o.colHome"), [["", t("o.noWindow")], ...windows.map((no) => [no, t("o.atWindow", { win: no })])]),
      title: field(t("o.colJob")),
      staff_no: field(t("o.colStaffNo")),
    };
    const send = async (event) => {
      event.preventDefault();
      if (!filled(fields.name)) return;
      const wish = Object.fromEntries(Object.entries(fields).map(([key, f]) => [key, f.value().trim()]).filter(([, value]) => value));
      try {
        const { id } = await create("/people", wish);
        done(true);
        await reset({ id, name: wish.name }, again);
      } catch (error) {
        if (error.status === undefined) throw error;
        (fields[AT[error.code] || error.detail.field] || fields.name).fail(error.message || t("o.lost"));
      }
    };
    return form(send, Object.values(fields).map((f) => f.node), t("o.addPerson"), done);
  });
}
