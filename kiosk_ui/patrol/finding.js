// The sheet of a finding: what, where, who is there, a note and photos. It is prefilled with what the system knows.
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { photos } from "./photo.js";

let groups = 0;

/** Radio buttons drawn as large keys. {node, value()} */
export function keys(legend, rows, chosen, changed = () => {}) {
  const name = `pt${++groups}`;
  const node = h("fieldset.options", h("legend", legend), h("div.pt-keys", rows.map(([value, words, sub]) =>
    h("label.option", h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => changed(value) }),
      h("span.btn.pt-key", h("span", words), sub && h("small", sub))))));
  return { node, value: () => node.querySelector("input:checked")?.value ?? "" };
}

export const words = (row) => pick({ name: row.zh, name_en: row.en });

/** Who is signed in at a window, by name. */
const clerkAt = (ctx, no) => ctx.live.get(`window/${no}`)?.clerk?.name || "";

const label = (name, input) => h("label.field", h("span.label", name), input);

/** The windows of the area as keys, each with who is there. */
function windowKeys(ctx, area, chosen, none) {
  if (!area.windows.length) return null;
  const rows = area.windows.map((no) => [no, t("pl.atWindow", { win: no }), clerkAt(ctx, no) || t("pl.nobodyThere")]);
  return keys(t("pl.whichWindow"), none ? [...rows, ["", t("pl.noWindow"), " "]] : rows, chosen);
}

function departments(ctx) {
  const input = h("select.input", [["", t("pl.noDepartment")], ...ctx.catalog.departments.map((d) => [d.code, pick(d)])]
    .map(([value, name]) => h("option", { value }, name)));
  const person = h("select.input");
  const node = h("div.stack", label(t("pl.department"), input), label(t("pl.person"), person));
  const fill = () => {
    const there = ctx.people.filter((each) => each.department === input.value);
    put(person, [["", t("pl.nobody")], ...there.map((each) => [each.id, each.name])].map(([value, name]) => h("option", { value }, name)));
    person.parentElement.hidden = !there.length;
  };
  input.addEventListener("change", fill);
  fill();
  return { node, value: () => input.value, person: () => Number(person.value) || null };
}

/** Resolves with {body, photos} to record, or null. `place`: what the system found, a window and how often. */
export function askFinding(ctx, { patrol, area, item, place = null, fact = null }) {
  const codes = item.codes.split(",").map((code) => ctx.content.code.find((row) => row.code === code.trim()));
  return sheet(t("pl.findingTitle"), (done) => {
    const what = keys(t("pl.whatWrong"), codes.map((c) => [c.code, words(c), t(`pl.sev_${c.severity}`)]), codes.length === 1 || place ? codes[0].code : null);
    const window = windowKeys(ctx, area, place?.window || (area.windows.length === 1 ? area.windows[0] : ""), true);
    const unit = area.kind === "front" ? null : departments(ctx);
    const note = h("textarea.input", { rows: 2, maxlength: 500, placeholder: t("pl.noteHint") });
    const minute = patrol.kind === "camera" && h("input.input", { type: "time" });
    const pictures = photos();
    const error = h("p.error", { role: "alert" });
    const save = (event) => {
      event.preventDefault();
      if (!what.value()) return say(error, t("pl.pickWhat"));
      const at = window?.value();
      done({ photos: pictures.value(), body: {
        code: what.value(), patrol: patrol.id, area: area.area, item: item.code, note: note.value.trim(),
        ...(at ? { window: at } : {}), ...(unit?.value() ? { department: unit.value() } : {}), ...(unit?.person() ? { person: unit.person() } : {}),
        ...(minute?.value ? { camera: minute.value } : {}), ...(fact ? { num: fact.num, den: fact.den } : {}),
      } });
    };
    return frame(done, save, error, h("p.muted", words(item)), what.node, window?.node, unit?.node, minute && label(t("pl.cameraMinute"), minute),
      label(t("pl.note"), note), pictures.node);
  });
}

/** Praise: whom it is for and what was good. */
export function askPraise(ctx, { patrol, area }) {
  return sheet(t("pl.praiseTitle"), (done) => {
    const window = windowKeys(ctx, area, "", false);
    const unit = window ? null : departments(ctx);
    const note = h("textarea.input", { rows: 3, maxlength: 500 });
    const error = h("p.error", { role: "alert" });
    const save = (event) => {
      event.preventDefault();
      const who = unit?.person();
      const where = window ? { window: window.value() } : { department: unit.value(), ...(who ? { person: who } : {}) };
      if (!note.value.trim() || !Object.values(where)[0]) return say(error, t("pl.praiseNeeds"));
      done({ photos: [], body: { kind: "praise", code: "praise", patrol: patrol.id, area: area.area, note: note.value.trim(), ...where } });
    };
    return frame(done, save, error, window?.node, unit?.node, label(t("pl.praiseNote"), note));
  });
}

function frame(done, save, error, ...content) {
  const form = h("form.stack.pt-form", { onsubmit: save, novalidate: true });
  return put(form, content, error, h("div.btn-row.sheet-foot",
    h("button.btn.primary.pt-big", { type: "submit" }, t("pl.save")), h("button.btn.pt-big", { type: "button", onclick: () => done() }, t("pk.cancel"))));
}
