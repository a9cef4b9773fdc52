// An LED strip as its dots: each character drawn once at 16 px, thresholded, kept as a bitmap; then lit dot by dot.
import { h } from "../shared/dom.js";

const ROWS = 16;
const PITCH = 5; // canvas pixels from dot to dot; the page scales the canvas
const STAY = 2500; // milliseconds that a page stands
const WIDE = '500 16px "Unifont", "WenQuanYi Bitmap Song", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';
const NARROW = '14px "DejaVu Sans Mono", "Liberation Mono", Consolas, monospace';
const LIT = { red: "#ff4433", green: "#36f07a", yellow: "#ffc02e" };
const UNLIT = "#2b1d1b";
const GROUND = "#120d0c";

const glyphs = new Map();
const dots = new Map();
const pen = document.createElement("canvas");
pen.width = pen.height = ROWS;
const ink = pen.getContext("2d", { willReadFrequently: true });

/** {width, lit: [[x, y], ...]} of one character: 8 dots wide for ASCII, else 16. */
function glyph(character) {
  if (glyphs.has(character)) return glyphs.get(character);
  const narrow = character.charCodeAt(0) < 0x100;
  ink.clearRect(0, 0, ROWS, ROWS);
  ink.font = narrow ? NARROW : WIDE;
  ink.textBaseline = "alphabetic";
  ink.textAlign = narrow ? "center" : "left";
  ink.fillText(character, narrow ? 4 : 0, narrow ? 13 : 14);
  const made = { width: narrow ? 8 : 16, lit: lit(narrow ? 8 : 16) };
  glyphs.set(character, made);
  return made;
}

function lit(width) {
  const { data } = ink.getImageData(0, 0, width, ROWS);
  const found = [];
  for (let y = 0; y < ROWS; y++) for (let x = 0; x < width; x++) if (data[(y * width + x) * 4 + 3] > 100) found.push([x, y]);
  return found;
}

/** One dot of a colour, drawn once. */
function dot(colour) {
  if (dots.has(colour)) return dots.get(colour);
  const made = document.createElement("canvas");
  made.width = made.height = PITCH;
  const brush = made.getContext("2d");
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(PITCH / 2, PITCH / 2, PITCH * 0.5, 0, 2 * Math.PI);
  brush.fill();
  dots.set(colour, made);
  return made;
}

export class Led {
  /** `width` in dots. */
  constructor(width = 96) {
    this.width = width;
    this.canvas = h("canvas.led", { width: width * PITCH, height: ROWS * PITCH, role: "img" });
    this.brush = this.canvas.getContext("2d");
    this.pages = [];
    this.drawn = null;
    this.draw("", "red");
  }

  /** `pages`: [{text, colour}]; none = dark. `label` for those who do not see dots. */
  show(pages, label) {
    this.canvas.setAttribute("aria-label", label);
    const sign = JSON.stringify(pages);
    if (sign === this.sign) return this.turn();
    this.sign = sign;
    this.pages = pages;
    this.since = performance.now();
    this.turn();
  }

  /** The page whose turn it is. Called now and then. */
  turn() {
    if (!this.pages.length) return this.draw("", "red");
    const page = this.pages[Math.floor((performance.now() - this.since) / STAY) % this.pages.length];
    this.draw(page.text, page.colour);
  }

  draw(text, colour) {
    const sign = `${colour} ${text}`;
    if (sign === this.drawn) return;
    this.drawn = sign;
    this.#ground();
    const characters = [...text].map(glyph);
    const size = characters.reduce((sum, { width }) => sum + width, 0);
    let at = Math.max(0, Math.floor((this.width - size) / 2));
    for (const one of characters) {
      for (const [x, y] of one.lit) if (at + x < this.width) this.#light(at + x, y, LIT[colour] || LIT.red);
      at += one.width;
    }
  }

  #ground() {
    this.brush.fillStyle = GROUND;
    this.brush.fillRect(0, 0, this.canvas.width, this.canvas.height);
    for (let y = 0; y < ROWS; y++) for (let x = 0; x < this.width; x++) this.#light(x, y, UNLIT);
  }

  #light(x, y, colour) {
    this.brush.drawImage(dot(colour), x * PITCH, y * PITCH);
  }
}
