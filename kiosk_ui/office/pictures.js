// Pictures by the tablet's camera, made smaller before they are sent; each is sent with the form that it belongs to.
import { upload } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { smaller } from "../patrol/photo.js";

const blobOf = async (url) => {
  const [head, data] = url.split(",");
  return new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: /data:(.*?);/.exec(head)[1] });
};

/** {node, ids() -> the numbers of what was sent} */
export function pictures(label, most = 4) {
  const taken = [];
  const shown = h("div.rg-pictures");
  const error = h("span.error", { role: "alert" });
  const input = h("input.sr-only", { type: "file", accept: "image/*", capture: "environment", multiple: most > 1, onchange: async () => {
    put(error);
    for (const file of [...input.files].slice(0, most - taken.length)) {
      await smaller(file).then((url) => taken.push({ url }), (problem) => put(error, problem.message));
    }
    input.value = "";
    draw();
  } });
  const draw = () => put(shown, taken.map(({ url }, i) => h("button.rg-picture", {
    type: "button", "aria-label": t("rg.pictureOff", { n: i + 1 }), onclick: () => (taken.splice(i, 1), draw()),
  }, h("img", { src: url, alt: "" }), h("span", { "aria-hidden": "true" }, "×"))));
  const send = async (each, i) => (each.id ??= await upload(await blobOf(each.url), `picture-${i + 1}.jpg`));
  return {
    node: h("div.field", h("span.label", label), h("div.btn-row", h("label.btn.rg-camera", input, t("rg.picture")), shown), error),
    ids: () => Promise.all(taken.map(send)),
  };
}
