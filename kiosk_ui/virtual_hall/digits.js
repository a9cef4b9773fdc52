// Seven-segment digits as they light up: of a digit display above a window, and of a keypad's two small ones.
import { h, svg } from "../shared/dom.js";

//   a
// f   b
//   g
// e   c
//   d
const SEGMENTS = {
  0: "abcdef", 1: "bc", 2: "abged", 3: "abgcd", 4: "fgbc", 5: "afgcd", 6: "afgedc", 7: "abc", 8: "abcdefg", 9: "abcdfg", "-": "g",
  A: "abcefg", B: "cdefg", C: "adef", D: "bcdeg", E: "adefg", F: "aefg", G: "acdef", H: "bcefg", J: "bcde", K: "bcefg", L: "def", M: "abcef",
  N: "ceg", P: "abefg", Q: "abcfg", R: "eg", S: "acdfg", T: "defg", U: "bcdef", V: "bcdef", W: "bcdef", X: "bcefg", Y: "bcdfg", Z: "abdeg",
};
const SHAPES = {
  a: "M5 2h14l-3 4H8z", b: "M20 3v17l-2 2-2-3V7z", c: "M20 24v17l-4-4V27l2-4z", d: "M5 42h14l-3-4H8z", e: "M4 24v17l4-4V27l-2-4z",
  f: "M4 3v17l2 2 2-3V7z", g: "M8 20h8l2 2-2 2H8l-2-2z",
};

const digit = (character) => {
  const lit = SEGMENTS[character] || "";
  return svg("g", Object.entries(SHAPES).map(([name, d]) => svg(lit.includes(name) ? "path.on" : "path", { d })));
};

/** `places` digits of `text`, to the right. What it says is for its label to say. */
export function segments(text, places) {
  const shown = [...text.toUpperCase().padStart(places).slice(-places)];
  const cells = shown.map((character, n) => svg("g", { transform: `translate(${n * 26} 0)` }, digit(character)));
  return svg("svg.segments", { viewBox: `0 0 ${places * 26 - 2} 44`, "aria-hidden": "true", focusable: "false" }, cells);
}

/** A display of digits as it hangs above a window. */
export const display = (device, label) => h("span.digit-display", { role: "img", "aria-label": label }, segments(device.text, device.places));
