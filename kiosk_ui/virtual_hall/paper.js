// A ticket printer's paper: the slip as its bytes said, sliding out of the slot until somebody tears it off.
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { tear } from "./act.js";

const PAPER = 576; // dots across
const MODULE = 4; // dots of a QR code's module, as the slips have them
const BAR = 2; // dots of a barcode's thinnest bar

/** `rows` of `width` dots; dark(x, y) tells which are printed. As wide as on the paper. */
function dots(width, rows, dark, { scale = 1, stretch = 1 } = {}) {
  const canvas = h("canvas.dots", { width, height: rows, "aria-hidden": "true", style: { width: `${(100 * width * scale) / PAPER}%`, "aspect-ratio": `${width * scale} / ${rows * stretch}` } });
  const brush = canvas.getContext("2d");
  for (let y = 0; y < rows; y++) for (let x = 0; x < width; x++) if (dark(x, y)) brush.fillRect(x, y, 1, 1);
  return canvas;
}

function raster(one) {
  const bytes = atob(one.raster);
  const across = one.bytes_across;
  return dots(across * 8, one.rows, (x, y) => bytes.charCodeAt(y * across + (x >> 3)) & (0x80 >> (x & 7)));
}

const qr = (modules) => dots(modules.length, modules.length, (x, y) => modules[y][x] === "1", { scale: MODULE, stretch: MODULE });
const bars = (modules) => dots(modules.length, 1, (x) => modules[x] === "1", { scale: BAR, stretch: 60 });

/** Characters as large as the printer makes them: so many times as high, and as wide. */
function text(one) {
  const width = one.width || one.size;
  const look = { "font-size": `${one.size}em`, transform: width === one.size ? "none" : `scaleX(${width / one.size})` };
  return h(`p.${one.align}${one.bold ? ".bold" : ""}`, { style: look }, one.text || "\u00a0");
}

function line(one) {
  if (one.rule) return h("hr");
  if (one.raster) return h(`p.${one.align}`, raster(one));
  if (one.modules) return h(`p.${one.align}`, qr(one.modules), h("span.sr-only", one.qr));
  if (one.bars) return h(`p.${one.align}`, bars(one.bars), h("small", one.barcode));
  if (one.feed) return h("p.feed", { style: { height: `${one.feed * 0.6}em` } });
  return text(one);
}

/** The whole slip. */
export const slip = (one) => h("div.slip", one.lines.map(line));

/** What hangs out of the slot: a ticket's number or a paper's title is what one sees from afar. Pressing it tears it off. */
export function hanging(printer) {
  const top = printer.slip;
  if (printer.printing.length) return h("div.hanging.coming", printer.printing.slice(-6).map((l) => h("i", l.text || "\u00a0")));
  if (!top) return null;
  const off = (event) => {
    event.currentTarget.classList.add("torn");
    tear(printer);
  };
  const head = top.title || top.number;
  const rest = top.lines.filter((l) => l.text && l.text.trim() !== head);
  return h("button.hanging", { type: "button", "aria-label": t("vh.tearOf", { no: head }), title: t("vh.tear"), onclick: off },
    h(`strong${top.title ? ".title" : ""}`, head), h("span", rest.slice(top.title ? 1 : 2, top.title ? 4 : 5).map((l) => h("i", l.text))));
}
