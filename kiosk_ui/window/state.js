// The state of a window as word, shape and colour, the same on terminal, pad, board and office.
import { h, svg } from "../shared/dom.js";

const DRAWN = {
  ring: () => svg("circle", { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: "currentColor", "stroke-width": 3 }),
  dot: () => svg("path", { d: "M3 2l11 6-11 6z", fill: "currentColor" }),
  half: () => [
    svg("circle", { cx: 8, cy: 8, r: 6, fill: "none", stroke: "currentColor", "stroke-width": 2 }),
    svg("path", { d: "M8 2a6 6 0 000 12z", fill: "currentColor" }),
  ],
  bars: () => svg("path", { d: "M3 2h4v12H3zM9 2h4v12H9z", fill: "currentColor" }),
  dash: () => svg("path", { d: "M2 6.5h12v3H2z", fill: "currentColor" }),
  warn: () => svg("path", { d: "M8 1l7.5 14H.5z", fill: "currentColor" }),
  talk: () => svg("path", { d: "M2 2h12v9H8l-4 4v-4H2z", fill: "currentColor" }),
};

/** state -> [colour class, shape]; the word comes with the page. */
export const LOOK = {
  open: ["green", "ring"],
  called: ["action", "dot"],
  serving: ["action", "dot"],
  away: ["amber", "half"],
  paused: ["amber", "bars"],
  closed: ["plain", "dash"],
  empty: ["red", "warn"],
  advice_only: ["plain", "talk"],
  advice: ["plain", "talk"],
  restored: ["amber", "warn"],
  lost: ["red", "warn"],
};

export function shape(name) {
  return svg("svg.shape", { viewBox: "0 0 16 16", "aria-hidden": "true" }, DRAWN[name]());
}

/** span.state with its shape and word. */
export function stateMark(state, word) {
  const [colour, form] = LOOK[state] || LOOK.closed;
  return h(`span.state.${colour}`, shape(form), h("span", word));
}
