// Small charts without a library: axes, units, a zero line. Each draws into the size that its box has now.
import { h, svg } from "../shared/dom.js";
import { hallDate, hm, ms } from "../shared/clock.js";

const HOUR = 3600000;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** Round marks from 0 to at least `top`, about `count` of them. */
export function marks(top, count = 4) {
  const step = STEPS.find((s) => s * count >= top) || Math.ceil(top / count);
  const last = Math.max(1, Math.ceil(top / step));
  return Array.from({ length: last + 1 }, (_, i) => i * step);
}

const text = (x, y, words, anchor) => svg("text", { x, y, "text-anchor": anchor }, words);
const line = (x1, y1, x2, y2, kind) => svg(`line.${kind}`, { x1, y1, x2, y2 });

function frame(width, height, size) {
  return { left: size * 2.6, right: width - size * 1.5, top: size * 1.6, bottom: height - size * 1.7, size };
}

function yAxis(f, ticks, unit) {
  const top = ticks[ticks.length - 1];
  const y = (v) => f.bottom - (v / top) * (f.bottom - f.top);
  const parts = ticks.flatMap((v) => [
    line(f.left, y(v), f.right, y(v), v === 0 ? "axis" : "rule"),
    text(f.left - f.size * 0.4, y(v) + f.size * 0.35, v, "end"),
  ]);
  return [y, [...parts, text(f.size * 0.2, f.size * 0.9, unit, "start")]];
}

const box = (width, height, label, parts) =>
  svg("svg.chart", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, preserveAspectRatio: "none" }, parts);

/** The hours of the day that the axis shows: from the first point's hour, ten hours at least. */
function hours(points) {
  const first = Math.floor(ms(points[0].at) / HOUR) * HOUR;
  const last = Math.max(first + 10 * HOUR, Math.ceil(ms(points[points.length - 1].at) / HOUR) * HOUR);
  return [first, last];
}

/** People waiting over the day: [{at, waiting}]. `size` is the height of its letters in px. */
export function curve(points, { width, height, size, unit, label }) {
  const f = frame(width, height, size);
  const few = height < size * 12 ? 2 : 4;
  const [y, axis] = yAxis(f, marks(Math.max(4, ...points.map((p) => p.waiting)), few), unit);
  const [from, to] = hours(points);
  const x = (at) => f.left + ((ms(at) - from) / (to - from)) * (f.right - f.left);
  const step = width / ((to - from) / HOUR) < size * 3.2 ? 2 : 1;
  const below = [];
  for (let at = from; at <= to; at += step * HOUR) below.push(text(x(at), height - size * 0.4, hm(at), "middle"));
  const path = points.map((p, i) => `${i ? "L" : "M"}${x(p.at).toFixed(1)} ${y(p.waiting).toFixed(1)}`).join("");
  const last = points[points.length - 1];
  const area = `${path}L${x(last.at).toFixed(1)} ${f.bottom}L${x(points[0].at).toFixed(1)} ${f.bottom}Z`;
  const late = x(last.at) > f.right - size * 3;
  return box(width, height, label, [
    svg("path.area", { d: area }), axis, below, svg("path.curve", { d: path }),
    svg("circle.now", { cx: x(last.at), cy: y(last.waiting), r: size * 0.35 }),
    svg("text.now-value", { x: x(last.at) + (late ? -1 : 1) * size * 0.6, y: y(last.waiting) - size * 0.4, "text-anchor": late ? "end" : "start" }, last.waiting),
  ]);
}

/** Stacked bars per day: [{day, parts: [good, bad]}]; the bad are counted above, so that colour is not alone. */
export function bars(days, { width, height, size, unit, label }) {
  const f = frame(width, height, size);
  const total = (d) => d.parts.reduce((a, b) => a + b, 0);
  const [y, axis] = yAxis(f, marks(Math.max(4, ...days.map(total))), unit);
  const slot = (f.right - f.left) / days.length;
  const every = Math.ceil((size * 3.2) / slot);
  const drawn = days.flatMap((d, i) => {
    let sum = 0;
    const left = f.left + slot * (i + 0.15);
    const rects = d.parts.map((n, k) => {
      const rect = svg(`rect.part-${k}`, { x: left, width: Math.min(slot * 0.7, size * 3), y: y(sum + n), height: y(sum) - y(sum + n) });
      sum += n;
      return rect;
    });
    const alarm = d.parts[1] ? text(left + Math.min(slot * 0.7, size * 3) / 2, y(sum) - size * 0.3, `▲${d.parts[1]}`, "middle") : null;
    const day = hallDate(`${d.day}T12:00:00Z`);
    return [...rects, alarm, i % every === 0 && text(left + Math.min(slot * 0.7, size * 3) / 2, height - size * 0.4, `${day.getUTCMonth() + 1}/${day.getUTCDate()}`, "middle")].filter(Boolean);
  });
  return box(width, height, label, [axis, drawn]);
}

const halfHour = (slot) => `${String(Math.floor(slot / 2)).padStart(2, "0")}:${slot % 2 ? "30" : "00"}`;

/** Half hours of a day: what came as bars, what is expected as steps over them; `now` ("10:05") as a line. */
export function slots({ came, expected }, { width, height, size, unit, label, now }) {
  const all = [...came, ...expected];
  const first = Math.min(...all.map(([slot]) => slot));
  const count = Math.max(10, Math.max(...all.map(([slot]) => slot)) - first + 1);
  const f = frame(width, height, size);
  const [y, axis] = yAxis(f, marks(Math.max(4, ...all.map(([, n]) => n))), unit);
  const wide = (f.right - f.left) / count;
  const x = (slot) => f.left + (slot - first) * wide;
  const every = Math.ceil((size * 3.2) / wide);
  const below = Array.from({ length: count }, (_, i) => first + i).filter((slot) => (slot - first) % every === 0)
    .map((slot) => text(x(slot), height - size * 0.4, halfHour(slot), "middle"));
  const rects = came.map(([slot, n]) => svg("rect.part-0", { x: x(slot) + wide * 0.15, width: wide * 0.7, y: y(n), height: y(0) - y(n) }));
  const steps = expected.map(([slot, n], i) => `${i && expected[i - 1][0] === slot - 1 ? "L" : "M"}${x(slot).toFixed(1)} ${y(n).toFixed(1)}H${x(slot + 1).toFixed(1)}`).join("");
  const [hour, minute] = now ? now.split(":").map(Number) : [];
  const at = now ? x(hour * 2 + minute / 30) : null;
  return box(width, height, label, [axis, below, rects, svg("path.expected", { d: steps }),
    at !== null && at >= f.left && at <= f.right ? line(at, f.top, at, f.bottom, "now-line") : null].filter(Boolean));
}

/** Narrower there is no room beside the axis; while a page is laid out, a chart can be. */
const NARROWEST = 120;

/** A figure that draws itself again whenever its size changes. draw(width, height) -> node. */
export function sized(draw) {
  const figure = h("figure.chart-box");
  const again = () => {
    const { clientWidth: width, clientHeight: height } = figure;
    if (width > NARROWEST && height) figure.replaceChildren(draw(width, height));
  };
  new ResizeObserver(again).observe(figure);
  figure.redraw = again;
  return figure;
}
