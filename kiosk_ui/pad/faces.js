// Drawings of the citizen's side: five faces of equal weight, a portrait where there is no photo, a signal that is cut.
import { svg } from "../shared/dom.js";

const MOUTHS = {
  5: "M15 27c2 6.5 15 6.5 18 0z",
  4: "M15.5 28.5c4 5 13 5 17 0",
  3: "M16.5 30c4 1.8 11 1.8 15 0",
  2: "M16 33c4-4 12-4 16 0",
  1: "M15 35c3-7 15-7 18 0",
};
const BROWS = { 5: "", 4: "", 3: "", 2: "", 1: "M13 15.5l6 2.5M35 15.5l-6 2.5" };

const drawing = (name, ...children) =>
  svg(`svg.${name}`, { viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" }, children);

export const face = (level) =>
  drawing("face", svg("circle.round", { cx: 24, cy: 24, r: 20 }),
    svg("circle.eye", { cx: 17, cy: 20, r: 2.3 }), svg("circle.eye", { cx: 31, cy: 20, r: 2.3 }),
    svg(`path.mouth${level === 5 ? ".open" : ""}`, { d: MOUTHS[level] }),
    BROWS[level] && svg("path.mouth", { d: BROWS[level] }));

export const person = () =>
  drawing("person", svg("circle", { cx: 24, cy: 17, r: 9 }), svg("path", { d: "M6 46c0-12 8-17 18-17s18 5 18 17z" }));

export const cut = () =>
  drawing("cut", svg("path", { d: "M8 20c9-9 23-9 32 0M14 27c6-6 14-6 20 0M24 36h.1M8 42L40 8" }));

export const bars = () => drawing("bars", svg("path", { d: "M15 10h6v28h-6zM27 10h6v28h-6z" }));

export const sound = () =>
  drawing("sound", svg("path", { d: "M8 18h8l11-9v30l-11-9H8z" }), svg("path", { d: "M33 17c4 4 4 10 0 14M38 12c7 7 7 17 0 24" }));
