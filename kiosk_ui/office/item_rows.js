// Materials and steps as rows that are added, moved and taken out, by keys that work without a mouse.
import { upload } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { choice, number, text } from "./controls.js";
import { CHOICES } from "./item_words.js";

const MEDIA = "image/jpeg,image/png,application/pdf";
const MATERIAL = { name: "", name_en: "", form: "original", copies: 1, when: "", when_en: "", source: "", how: "", how_en: "", samples: [] };
const STEP = { name: "", name_en: "", note: "", note_en: "" };

/** {name, node, value(): the rows, fail(words, at)}; `make(row)` gives the fields of one. */
function rowEditor(name, label, addWords, rows, empty, make) {
  const lines = [];
  const items = h(`ol.item-rows.of-${name}`, { "aria-label": label });
  const error = h("span.error", { role: "alert" });
  const says = (line) => line.value().name || t("gt.row", { n: lines.indexOf(line) + 1 });
  const key = (sign, words, work) => h("button.btn.small", { type: "button", "aria-label": words, title: words, onclick: work }, sign);
  const refresh = () => put(items, lines.map((line, at) => {
    put(line.keys, key("↑", t("gt.up", { name: says(line) }), () => move(line, at - 1)), key("↓", t("gt.down", { name: says(line) }), () => move(line, at + 1)), key("×", t("gt.remove", { name: says(line) }), () => drop(at)));
    line.keys.children[0].disabled = at === 0;
    line.keys.children[1].disabled = at === lines.length - 1;
    return line.node;
  }));
  const move = (line, to) => {
    lines.splice(to, 0, ...lines.splice(lines.indexOf(line), 1));
    refresh();
    line.keys.querySelector("button:not(:disabled)").focus();
  };
  const drop = (at) => (lines.splice(at, 1), refresh(), more.focus());
  const add = (row) => {
    const made = make(row);
    const line = { ...made, keys: h("span.btn-row") };
    line.node = h("li.item-row", h("div.item-fields", made.fields.map((f) => f.node)), line.keys, made.rest);
    lines.push(line);
    return line;
  };
  const more = h("button.btn", { type: "button", onclick: () => {
    const line = add(empty);
    refresh();
    line.fields[0].input.focus();
  } }, addWords);
  rows.forEach(add);
  refresh();
  const fail = (words, at, field) => {
    const found = lines[at]?.fields.concat(lines[at].more || []).find((f) => f.name === field);
    found?.node.closest("details")?.setAttribute("open", "");
    if (found) (found.fail(words), found.input.focus());
    else say(error, words);
  };
  const node = h("fieldset.field.item-part", h("legend.sr-only", label), items, error, h("div", more));
  return { name, node, input: more, fail, value: () => lines.map((line) => line.value()) };
}

const word = (name, row, prefix, max = 200) => text(name, t(`gf.${prefix}${name}`), row, { maxlength: max });
const values = (fields) => Object.fromEntries(fields.map((f) => [f.name, f.value()]));

/** Each only once: what is kept, and what is sent now. */
function samples(row) {
  let kept = [...row.samples];
  const box = h("div.bar");
  const error = h("span.error", { role: "alert" });
  const draw = () => put(box, kept.map((id) => h("span.badge", t("gt.sampleNo", { n: id }), " ",
    h("button.btn.small.quiet", { type: "button", onclick: () => ((kept = kept.filter((one) => one !== id)), draw()) }, t("gt.sampleRemove")))));
  const input = h("input.input", { type: "file", accept: MEDIA, multiple: true, onchange: async () => {
    say(error, "");
    try {
      for (const file of input.files) kept.push(await upload(file));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
    }
    input.value = "";
    draw();
  } });
  draw();
  return { name: "samples", input, node: h("label.field", h("span.label", t("gt.samples")), box, input, error), value: () => kept, fail: (words) => say(error, words) };
}

export const materialRows = (rows) => rowEditor("materials", t("gf.materials"), t("gt.addMaterial"), rows, MATERIAL, (row) => {
  const fields = [word("name", row, "m_", 100), choice("form", t("gf.m_form"), row, CHOICES.form.map((one) => [one, t(`gv.form_${one}`)])),
    number("copies", t("gf.m_copies"), row, { min: 0, max: 99, step: 1 }), word("when", row, "m_"), word("source", row, "m_"), word("how", row, "m_")];
  const more = [word("name_en", row, "m_"), word("when_en", row, "m_"), word("how_en", row, "m_"), samples(row)];
  const rest = h("details.item-more", { open: row.samples.length > 0 }, h("summary", t("gt.more")), h("div.case-fields", more.map((f) => f.node)));
  return { fields, more, rest, value: () => ({ ...values([...fields, ...more]), copies: fields[2].value() ?? 1 }) };
});

export const stepRows = (rows) => rowEditor("steps", t("gf.steps"), t("gt.addStep"), rows, STEP, (row) => {
  const fields = [word("name", row, "s_", 100), word("note", row, "s_"), word("name_en", row, "s_"), word("note_en", row, "s_")];
  return { fields, value: () => values(fields) };
});
