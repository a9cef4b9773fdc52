// Writing a guide: the office saves a version, a department files a request; a new item and a cancellation go the same way.
import { create, get } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { filled } from "../window/sign_in.js";
import { check, choice, number, text } from "./controls.js";
import { area } from "./form_fields.js";
import { materialRows, stepRows } from "./item_rows.js";
import { CHOICES, GROUPS, itemName, loadEvents, mayEdit, TRIGGERS, words } from "./item_words.js";
import { section } from "./parts.js";

const EMPTY = { basis: [], conditions: [], conditions_en: [], materials: [], steps: [], aliases: [], events: [] };
const HINTS = { basis: "hintLines", conditions: "hintLines", conditions_en: "hintLines", promised_days: "hintDays", legal_days: "hintDays", fee: "hintFee", aliases: "hintAliases" };
const LONG = 1000;
const WORDS = 200;

/** `code`: of the item; without one a new item is asked for. */
export function editor(ctx, code) {
  const box = h("div", h("p.empty", t("o.loading")));
  const item = code ? get(`/items/${encodeURIComponent(code)}`) : Promise.resolve(null);
  Promise.all([item, loadEvents()]).then(([found, events]) => put(box, form(ctx, found, events)), (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")), h("p", h("a", { href: "#items" }, t("gt.back"))));
  });
  return { node: box, update: () => {} };
}

function form(ctx, item, events) {
  const guide = item?.guide || EMPTY;
  const controls = { text: plain, area: long, lines, choice: chosen, days: whole, tick, events: (name, row) => ticks(name, row, events) };
  const groups = Object.entries(GROUPS).map(([group, fields]) => [group, fields.map(([name, kind]) => controls[kind](name, guide, item))]);
  const rows = [materialRows(guide.materials), stepRows(guide.steps)];
  const nothing = check("no_materials", t("gf.no_materials"), guide);
  const asked = head(ctx, item, guide);
  const fields = [...groups.flatMap(([, all]) => all), ...rows, nothing];
  const wanted = () => Object.fromEntries(fields.map((f) => [f.name, f.value()]));
  const card = (name, content, folded = false) => (folded
    ? h("details.card.stack", h("summary", h("h2", t(`gt.group${name}`))), content)
    : section(t(`gt.group${name}`), content));
  const grid = (all) => h("div.case-fields.item-grid", all.map((f) => f.node));
  const [what, time, where, find, english] = groups.map(([name, all]) => card(name, grid(all), name === "English"));
  const node = h("form.stack.entry", { novalidate: true },
    section(item ? itemName(item) : t("gt.askNew"), h("p", h("a", { href: item ? `#items/${item.service}` : "#items" }, t("gt.back"))), asked.note),
    what, section(t("gf.materials"), nothing.node, rows[0].node), section(t("gf.steps"), rows[1].node), time, where, find, english, asked.node);
  node.addEventListener("submit", (event) => (event.preventDefault(), asked.send(wanted(), (problem) => blame(problem, fields))));
  return node;
}

/** The words of a refusal at the field that it names: "guide.materials.2.how". Returns false where there is none. */
function blame(problem, fields) {
  const [, name, at, part] = /^(?:guide\.)?([a-z_]+)(?:\.(\d+))?(?:\.([a-z_]+))?/.exec(String(problem.detail?.field || "")) || [];
  const found = fields.find((f) => f.name === name);
  if (!found) return false;
  found.node.closest("details")?.setAttribute("open", "");
  found.fail(problem.message || t("o.lost"), Number(at), part);
  found.input?.focus();
  return true;
}

// -- fields

const label = (name) => t(`gf.${name}`);
const hint = (name) => (HINTS[name] ? t(`gt.${HINTS[name]}`) : "");

function plain(name, guide, item) {
  const filledIn = item?.derived.includes(name) || item?.derived.includes(name.replace("_en", ""));
  return text(name, label(name), guide, { maxlength: WORDS, hint: filledIn ? t("gt.hintPlace", { words: item[name] }) : hint(name) });
}

function long(name, guide) {
  const control = area(name, label(name), hint(name));
  control.input.value = guide[name] || "";
  control.input.maxLength = LONG;
  control.node.classList.add("item-wide");
  return control;
}

function lines(name, guide) {
  const control = long(name, { [name]: (guide[name] || []).join("\n") });
  control.input.rows = Math.min(6, Math.max(2, (guide[name] || []).length));
  control.input.removeAttribute("maxlength");
  return { ...control, value: () => control.input.value.split("\n").map((line) => line.trim()).filter(Boolean) };
}

const chosen = (name, guide) => choice(name, label(name), { [name]: guide[name] || "" }, [["", t("gt.choose")], ...CHOICES[name].map((one) => [one, words(name, one)])]);
const whole = (name, guide) => number(name, label(name), guide, { min: 0, max: 999, step: 1, hint: hint(name) });
const tick = (name, guide) => check(name, label(name), guide);

/** Life events, by the names of the list in force. */
function ticks(name, guide, events) {
  const error = h("span.error", { role: "alert" });
  const all = [...events, ...(guide.events || []).filter((code) => !events.some(([one]) => one === code)).map((code) => [code, code])];
  const boxes = all.map(([value, says]) => [h("input", { type: "checkbox", value, checked: (guide.events || []).includes(value) }), says]);
  const ticked = () => boxes.filter(([box]) => box.checked).map(([box]) => box.value);
  const had = guide.events || []; // in their own order: ticking nothing changes nothing
  const node = h("fieldset.field.ticks-field.item-wide", h("legend.label", label(name).replace(/\s*[（(].*$/, "")), h("div.ticks", boxes.map(([box, says]) => h("label.check", box, h("span", says)))), error);
  return { name, node, input: boxes[0]?.[0], value: () => [...had.filter((code) => ticked().includes(code)), ...ticked().filter((code) => !had.includes(code))], fail: (says) => say(error, says) };
}

// -- who asks, why, from when

function head(ctx, item, guide) {
  const direct = mayEdit(ctx) && item;
  const own = {
    service: text("service", t("gt.newCode"), null, { maxlength: 32 }), name: text("name", t("gt.newName"), null, { maxlength: 60 }),
    department: choice("department", t("gt.department"), { department: ctx.who.department }, (ctx.catalog.departments || []).filter((d) => ctx.who.role !== "chief" || d.code === ctx.who.department).map((d) => [d.code, pick(d)])),
  };
  const fields = reasonFields(direct, guide.approver);
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t(direct ? "gt.save" : "gt.file"));
  const fresh = item ? [] : Object.values(own);
  const needed = [...(item ? [] : [own.service, own.name]), fields.reason, fields.approver, ...(direct ? [fields.leader] : [])];
  const send = async (wanted, blamed) => {
    if (!filled(...needed)) return;
    key.disabled = true;
    say(error, "");
    const about = Object.fromEntries(Object.values(fields).map((f) => [f.name, f.value()]));
    const { approver, ...rest } = about;
    try {
      if (direct) await create(`/items/${item.service}`, { ...rest, guide: { ...wanted, approver } });
      else await create("/item-requests", { ...about, kind: item ? "change" : "add", guide: { ...wanted, approver }, ...(item ? { service: item.service, department: item.department } : Object.fromEntries(fresh.map((f) => [f.name, f.value()]))) });
      location.hash = direct ? `#items/${item.service}` : "#items/:requests";
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      const at = [...Object.values(fields), ...fresh].find((f) => f.name === problem.detail?.field);
      if (at) (at.fail(problem.message), at.input.focus());
      else if (!blamed(problem)) say(error, problem.message || t("o.lost"));
      key.disabled = false;
    }
  };
  const note = item ? null : h("div.stack", h("p.muted", t("gt.newItemNote")), h("div.case-fields.item-grid", fresh.map((f) => f.node)));
  const node = section(t("gt.groupRequest"), h("div.case-fields.item-grid", Object.values(fields).map((f) => f.node)), error,
    h("div.btn-row", key, h("a.btn", { href: item ? `#items/${item.service}` : "#items" }, t("o.cancel"))));
  return { node, note, send };
}

function reasonFields(direct, approver = "") {
  const wide = (control) => (control.node.classList.add("item-wide"), control);
  return {
    trigger: wide(choice("trigger", t("gt.trigger"), { trigger: "elements" }, TRIGGERS.map((one) => [one, t(`gt.trigger_${one}`)]))),
    reason: wide(text("reason", t("gt.reason"), null, { maxlength: 500 })),
    document: text("document", t("gt.document"), null, { maxlength: 120 }),
    approver: text("approver", t("gf.approver"), { approver }, { maxlength: 60, hint: t("gt.approverHint") }),
    from_day: text("from_day", t("gt.fromDay"), { from_day: isoDay() }, { type: "date", min: isoDay() }),
    ...(direct ? { leader: text("leader", t("gt.leader"), null, { maxlength: 60 }) } : {}),
  };
}

/** An item is taken off the list: no guide to write. */
export function cancelForm(ctx, code) {
  const box = h("div", h("p.empty", t("o.loading")));
  const error = h("p.error", { role: "alert" });
  const draw = (item) => {
    const fields = reasonFields(false, item.guide.approver);
    const send = async (event) => {
      event.preventDefault();
      if (!filled(fields.reason, fields.approver)) return;
      try {
        const about = Object.fromEntries(Object.values(fields).map((f) => [f.name, f.value()]));
        const made = await create("/item-requests", { ...about, kind: "cancel", service: item.service, department: item.department });
        location.hash = `#items/:request=${made.id}`;
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        say(error, problem.message || t("o.lost"));
      }
    };
    put(box, section(`${t("gt.askCancel")}　${itemName(item)}`, h("p", h("a", { href: `#items/${item.service}` }, t("gt.back"))), h("p.muted", t("gt.cancelWords")),
      h("form.stack.entry", { onsubmit: send, novalidate: true }, h("div.case-fields.item-grid", Object.values(fields).map((f) => f.node)), error,
        h("div.btn-row", h("button.btn.primary", { type: "submit" }, t("gt.file")), h("a.btn", { href: `#items/${item.service}` }, t("o.cancel"))))));
  };
  get(`/items/${encodeURIComponent(code)}`).then(draw, (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")));
  });
  return { node: box, update: () => {} };
}
