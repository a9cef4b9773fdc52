// The controls of the office's forms: each is {name, node, input, value(), fail(words)}, its error at the field.
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { field } from "../window/sign_in.js";

const hinted = (control, hint) => {
  if (hint) control.node.querySelector("label").after(h("small.muted", hint));
  return control;
};

export function text(name, label, row, { hint, fixed, ...props } = {}) {
  const control = field(label, { value: row?.[name] ?? "", readonly: Boolean(fixed && row), ...props });
  return { ...hinted(control, hint), name, value: () => control.input.value.trim() };
}

/** Empty is null. */
export function number(name, label, row, { hint, ...props } = {}) {
  const control = field(label, { type: "number", inputmode: "decimal", value: row?.[name] ?? props.preset ?? "", ...props });
  return { ...hinted(control, hint), name, value: () => (control.input.value === "" ? null : Number(control.input.value)) };
}

/** "08:30" as everyone in the hall writes it, whatever the browser's own clock looks like. Empty is null. */
export function time(name, label, row, { hint } = {}) {
  const control = field(label, { inputmode: "numeric", maxlength: 5, value: row?.[name] ?? "" });
  return { ...hinted(control, hint), name, value: () => control.input.value.trim().replace("：", ":").replace(/^(\d):/, "0$1:") || null };
}

export function check(name, label, row, { preset = false, disabled = false } = {}) {
  const input = h("input", { type: "checkbox", checked: row ? row[name] : preset, disabled });
  const error = h("span.error", { role: "alert" });
  return { name, input, node: h("div.field", h("label.check", input, h("span", label)), error), value: () => input.checked, fail: (words) => say(error, words) };
}

export function choice(name, label, row, options) {
  const error = h("span.error", { role: "alert" });
  const input = h("select.input", options.map(([value, words]) => h("option", { value, selected: value === row?.[name] }, words)));
  return { name, input, node: h("label.field", h("span.label", label), input, error), value: () => input.value, fail: (words) => say(error, words) };
}

/** A choice that may be left to the hall: empty is null. */
export function optional(name, label, row, options) {
  const control = choice(name, label, { [name]: row?.[name] ?? "" }, options);
  return { ...control, value: () => control.input.value || null };
}

/** Days of the week; none is null: the hall's. */
export function weekdays(name, label, row, { hint } = {}) {
  const boxes = [1, 2, 3, 4, 5, 6, 7].map((n) => h("input", { type: "checkbox", value: n, checked: (row?.[name] || []).includes(n) }));
  const error = h("span.error", { role: "alert" });
  const node = h("fieldset.field", h("legend.label", label), hint && h("small.muted", hint),
    h("div.bar", boxes.map((box, i) => h("label.check", box, h("span", t(`o.cDay${i + 1}`))))), error);
  const value = () => boxes.filter((box) => box.checked).map((box) => Number(box.value));
  return { name, input: boxes[0], node, value: () => (value().length ? value() : null), fail: (words) => say(error, words) };
}

/** "09:00-12:00,14:00-17:00" as a list; empty is null. */
export function periods(name, label, row, { hint } = {}) {
  const control = text(name, label, { [name]: (row?.[name] || []).join(", ") }, { hint, maxlength: 60 });
  const parts = () => control.input.value.replaceAll("：", ":").split(/[,，、;；\s]+/).filter(Boolean);
  return { ...control, value: () => (parts().length ? parts() : null) };
}

const CODES = { code: (one) => one, make: (code) => code, beside: () => null };

/**
 * Some of the options in an order of one's own: moved up and down by keys, so that it works without a mouse.
 * `of`: what is chosen where it is more than a code, and what stands beside its name.
 */
export function ordered(name, label, row, options, words, of = CODES) {
  const chosen = [...(row?.[name] || [])];
  const nameOf = (one) => options.find(([value]) => value === of.code(one))?.[1] || of.code(one);
  const items = h("ol.ordered", { "aria-label": label });
  const more = h("select.input", { "aria-label": words.add });
  const error = h("span.error", { role: "alert" });
  const key = (sign, says, work, disabled = false) => h("button.btn.small", { type: "button", "aria-label": says, title: says, disabled, onclick: work }, sign);
  const move = (from, to) => {
    chosen.splice(to, 0, ...chosen.splice(from, 1));
    draw();
    items.children[to].querySelector("button:not(:disabled)").focus();
  };
  const drop = (at) => (chosen.splice(at, 1), draw(), add.focus());
  const draw = () => {
    put(items, chosen.map((one, i) => h("li", h("span", nameOf(one)), h("span.btn-row", of.beside(one, nameOf(one)),
      key("↑", t("o.cUp", { name: nameOf(one) }), () => move(i, i - 1), i === 0),
      key("↓", t("o.cDown", { name: nameOf(one) }), () => move(i, i + 1), i === chosen.length - 1),
      key("×", t("o.cRemove", { name: nameOf(one) }), () => drop(i))))),
    !chosen.length && h("li.muted", words.empty));
    const rest = options.filter(([value]) => !chosen.some((one) => of.code(one) === value));
    put(more, rest.map(([value, says]) => h("option", { value }, says)));
    add.disabled = !rest.length;
  };
  const add = h("button.btn", { type: "button", onclick: () => (chosen.push(of.make(more.value)), draw()) }, words.add);
  draw();
  const node = h("div.field", h("span.label", label), words.hint && h("small.muted", words.hint), items, h("div.bar", more, add), error);
  return { name, input: more, node, value: () => [...chosen], fail: (says) => say(error, says) };
}
