// Photos of a finding: taken by the tablet's camera, made smaller before they are kept and sent.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const SIDE = 1600; // pixels of the longer side
const QUALITY = 0.8;
const MOST = 9;

const read = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.onerror = () => fail(reader.error);
  reader.readAsDataURL(file);
});

const load = (url) => new Promise((done, fail) => {
  const image = new Image();
  image.onload = () => done(image);
  image.onerror = () => fail(new Error("no picture"));
  image.src = url;
});

/** A picture file as the data URL of a smaller JPEG. */
export async function smaller(file) {
  const image = await load(await read(file));
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const canvas = h("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY);
}

/** {node, value() -> data URLs} */
export function photos(label = t("pl.photos")) {
  const taken = [];
  const shown = h("div.pt-photos");
  const error = h("span.error", { role: "alert" });
  const input = h("input.sr-only", { type: "file", accept: "image/*", capture: "environment", onchange: async () => {
    put(error);
    for (const file of [...input.files].slice(0, MOST - taken.length)) {
      await smaller(file).then((url) => taken.push(url), (problem) => put(error, problem.message));
    }
    input.value = "";
    draw();
  } });
  const draw = () => put(shown, taken.map((url, i) => h("button.pt-photo", {
    type: "button", "aria-label": t("pl.removePhoto", { n: i + 1 }), onclick: () => (taken.splice(i, 1), draw()),
  }, h("img", { src: url, alt: "" }), h("span", { "aria-hidden": "true" }, "×"))));
  return {
    node: h("div.field", h("span.label", label), h("div.pt-take", h("label.btn.pt-camera", input, t("pl.photo")), shown), error),
    value: () => taken,
  };
}
