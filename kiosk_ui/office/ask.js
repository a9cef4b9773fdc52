// A sheet of fields that posts: a refusal stands in words, at its field where it names one.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";

/** `save(values)` posts. Resolves true once it succeeded, else null. */
export function askFields(title, fields, words, save, note = "") {
  return sheet(title, (done) => {
    const error = h("p.error", { role: "alert" });
    const submit = async (event) => {
      event.preventDefault();
      try {
        await save(Object.fromEntries(fields.map((f) => [f.name, f.value()])));
        done(true);
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        const at = fields.find((f) => f.name === problem.detail?.field);
        if (at) at.fail(problem.message);
        else put(error, problem.message || t("o.lost"));
      }
    };
    return h("form.stack.entry", { onsubmit: submit, novalidate: true }, note && h("p.muted", note), fields.map((f) => f.node), error,
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, words), h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel"))));
  });
}
