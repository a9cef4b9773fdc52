// Files of a form: each is sent by itself when the form is sent, and the form takes their numbers along.
import { upload } from "../shared/api.js";
import { h, say } from "../shared/dom.js";

const MEDIA = "image/jpeg,image/png,application/pdf";

/** {name, node, ids(): the numbers of what was sent, fail(words)} */
export function fileField(label) {
  const error = h("span.error", { role: "alert" });
  const input = h("input.input", { type: "file", accept: MEDIA, multiple: true });
  let sent = null;
  input.addEventListener("change", () => (sent = null));
  const ids = async () => (sent ??= await Promise.all([...input.files].map((file) => upload(file))));
  return { name: "files", node: h("label.field", h("span.label", label), input, error), ids, fail: (words) => say(error, words) };
}
