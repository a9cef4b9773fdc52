// A signature drawn on the tablet's glass, stroke by stroke; who cannot draw has the name typed in. Comes out as a PNG.
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const [WIDTH, HEIGHT] = [900, 300]; // pixels of the picture
const PEN = 5;

/** {node, blob() -> a PNG, or null where nobody has signed} */
export function signature() {
  const canvas = h("canvas.sign-pad", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": t("rg.signHere") });
  const typed = h("input.input", { maxlength: 30, autocomplete: "off", oninput: () => draw() });
  const pen = canvas.getContext("2d");
  let strokes = [];
  let drawing = null;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * (WIDTH / box.width), (event.clientY - box.top) * (HEIGHT / box.height)];
  };
  const line = ([first, ...more]) => {
    pen.beginPath();
    pen.moveTo(...first);
    if (!more.length) pen.lineTo(first[0] + 1, first[1]);
    for (const point of more) pen.lineTo(...point);
    pen.stroke();
  };
  function draw() {
    Object.assign(pen, { fillStyle: "#fff", strokeStyle: "#000", lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    strokes.forEach(line);
    Object.assign(pen, { fillStyle: "#000", font: "120px serif", textBaseline: "middle" });
    pen.fillText(typed.value.trim(), 40, HEIGHT / 2, WIDTH - 80);
  }
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    strokes.push((drawing = [at(event)]));
    draw();
  });
  canvas.addEventListener("pointermove", (event) => drawing && (drawing.push(at(event)), draw()));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (drawing = null));
  const key = (words, work) => h("button.btn", { type: "button", onclick: () => (work(), draw()) }, t(words));
  draw();
  return {
    node: h("div.field", h("span.label", t("rg.sign")), canvas,
      h("div.btn-row", key("rg.signBack", () => strokes.pop()), key("rg.signClear", () => ((strokes = []), (typed.value = "")))),
      h("label.field", h("span.label", t("rg.signTyped")), typed)),
    blob: () => (strokes.length || typed.value.trim() ? new Promise((done) => canvas.toBlob(done, "image/png")) : null),
  };
}
