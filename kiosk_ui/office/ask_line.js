// A sheet with a few lines to fill in: what is typed is posted, and a refusal stands in words.
import { post } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";

/** `build()` -> [content, path, body()]. Resolves with the answer, or null. */
export const ask = (title, build) => sheet(t(title), (done) => {
  const error = h("p.error", { role: "alert" });
  const [content, path, body] = build();
  const send = async (event) => {
    event.preventDefault();
    try {
      done((await post(path, body())) ?? true);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("net.failed"));
    }
  };
  return h("form.stack", { onsubmit: send }, content, error,
    h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t(title)), h("button.btn", { type: "button", onclick: () => done() }, t("rg.cancel"))));
});

/** [node, value()] */
export function line(label, props = {}) {
  const input = h("input.input", { required: true, maxlength: 200, ...props });
  return [h("label.field", h("span.label", t(label)), input), () => input.value.trim()];
}
