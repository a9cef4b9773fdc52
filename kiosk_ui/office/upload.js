// Files of a form: each is sent by itself when the form is sent, and the form takes their numbers along.
import { ApiError } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";

const MEDIA = "image/jpeg,image/png,application/pdf";

export async function upload(file) {
  const headers = { "Content-Type": file.type, "Accept-Language": lang() };
  const response = await fetch(`/api/v1/files?name=${encodeURIComponent(file.name)}`, { method: "POST", headers, body: file, credentials: "same-origin" });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, answer?.error?.code || "", answer?.error?.message || t("o.lost"));
  return answer.id;
}

/** {name, node, ids(): the numbers of what was sent, fail(words)} */
export function fileField(label) {
  const error = h("span.error", { role: "alert" });
  const input = h("input.input", { type: "file", accept: MEDIA, multiple: true });
  let sent = null;
  input.addEventListener("change", () => (sent = null));
  const ids = async () => (sent ??= await Promise.all([...input.files].map(upload)));
  return { name: "files", node: h("label.field", h("span.label", label), input, error), ids, fail: (words) => say(error, words) };
}
