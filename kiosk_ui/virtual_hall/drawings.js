// Line drawings of people, plugs and horns. Decoration only: whatever they mean is said in words beside them.
import { svg } from "../shared/dom.js";

const drawing = (name, box, ...children) =>
  svg(`svg.${name}`, { viewBox: box, "aria-hidden": "true", focusable: "false" }, children);

export const clerk = () =>
  drawing("clerk", "0 0 48 40", svg("circle", { cx: 24, cy: 12, r: 8 }), svg("path", { d: "M8 40c0-12 7-17 16-17s16 5 16 17z" }));

export const citizen = () =>
  drawing("citizen", "0 0 24 32", svg("circle", { cx: 12, cy: 8, r: 6 }), svg("path", { d: "M1 32c0-11 4-16 11-16s11 5 11 16z" }));

export const seat = () => drawing("seat", "0 0 24 32", svg("path", { d: "M5 6h14v14H5zM3 20h18v4H3zM5 24v6M19 24v6" }));

/** A plug in its socket, or out of it. */
export const plug = (out) =>
  drawing("plug", "0 0 40 20",
    svg("path.cable", { d: out ? "M0 14c6 0 6 3 11 3" : "M0 10h14" }),
    svg("path.body", { d: out ? "M10 12h9v8h-9zM19 14h3M19 18h3" : "M14 5h9v10h-9z" }),
    svg("path.socket", { d: "M26 3h10v14H26zM30 7v2M30 11v2" }));

export const horn = () =>
  drawing("horn", "0 0 48 40", svg("path", { d: "M6 15h9l14-10v30L15 25H6z" }),
    svg("path.wave", { d: "M34 13c4 4 4 10 0 14" }), svg("path.wave", { d: "M38 9c7 6 7 16 0 22" }));
