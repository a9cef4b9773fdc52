// What lost property and mail share: keys that say why not, chips, facts, steps, a slip at the chosen kiosk.
import { post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { chosenKiosk, press } from "../guide/parts.js";
import { when } from "./parts.js";

export const key = press;

/** Leaders and auditors only read; a leader what stands masked in the lists, an auditor all of it. */
export const mayWrite = (ctx) => ["guide", "office", "admin"].includes(ctx.who.role);
export const seesAll = (ctx) => ctx.who.role !== "leader";

/** One of a few: a row of keys, the chosen one pressed. */
export const chips = (names, chosen, words, choose) => h("div.btn-row.rg-chips", names.map((name) =>
  h("button.btn.g-key", { type: "button", "aria-pressed": String(name === chosen), onclick: () => choose(name) }, words(name))));

/** Rows of a definition list; those without a value are left out. */
export const facts = (rows) => rows.filter((row) => row && row[1]).map(([name, value]) => h("div", h("dt", t(name)), h("dd", value)));

export const stepsOf = (steps) => h("ol.rg-steps", steps.map((step) =>
  h("li", h("span.num.muted", when(step.at)), h("strong", t(`rg.step_${step.step}`)), h("span", step.note), h("span.muted", step.by))));

/** A slip at the printer that this tablet has chosen; nothing where there is none. */
export function printTo(ctx, words, path) {
  const kiosk = chosenKiosk(ctx);
  if (!kiosk) return null;
  const said = h("span.muted", { role: "status" });
  return h("span.g-press", key(words, async () => {
    const { printing } = await post(path, { kiosk });
    say(said, t(printing ? "rg.printing" : "rg.noPrinter", { id: kiosk }));
  }), said);
}

/** A labelled control of a form. */
export const field = (words, input, hint = "") => h("label.field", h("span.label", t(words)), input, hint && h("small.muted", t(hint)));

/** A form as on paper: its rows ruled, `send` posts, a refusal stands at the foot in words. */
export function paper(title, rows, send, back, go) {
  const error = h("p.error", { role: "alert" });
  const submit = h("button.btn.primary.g-key.g-go", { type: "submit" }, t(go));
  const onsubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    put(error);
    try {
      await send((words) => say(error, t(words)));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("net.failed"));
    } finally {
      submit.disabled = false;
    }
  };
  return h("form.card.stack.rg-paper", { onsubmit }, h("div.rg-head", h("button.btn.quiet", { type: "button", onclick: back }, `‹ ${t("rg.back")}`)),
    h("h2", { tabindex: "-1" }, t(title)), h("div.rg-rows", rows), error, submit);
}
