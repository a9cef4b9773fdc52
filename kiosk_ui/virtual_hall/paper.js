// A ticket printer's paper: the slip as its bytes said, sliding out of the slot until somebody tears it off.
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { tear } from "./act.js";

const WIDEST = 6; // larger type than this would not fit the drawing

function line(one) {
  if (one.rule) return h("hr");
  if (one.qr) return h("p.centre", h("code", one.qr));
  const size = Math.min(WIDEST, one.size);
  return h(`p.${one.align}${one.bold ? ".bold" : ""}`, { style: { "font-size": `${size === 1 ? 1 : 0.7 + 0.4 * size}em` } }, one.text || "\u00a0");
}

/** The whole slip. */
export const slip = (one) => h("div.slip", one.lines.map(line));

/** What hangs out of the slot: the number is what one sees from afar. Pressing it tears it off. */
export function hanging(printer) {
  const top = printer.slip;
  if (printer.printing.length) return h("div.hanging.coming", printer.printing.slice(-6).map((l) => h("i", l.text || "\u00a0")));
  if (!top) return null;
  const off = (event) => {
    event.currentTarget.classList.add("torn");
    tear(printer);
  };
  return h("button.hanging", { type: "button", "aria-label": t("vh.tearOf", { no: top.number }), title: t("vh.tear"), onclick: off },
    h("strong", top.number), h("span", top.lines.filter((l) => l.text && l.text !== top.number).slice(2, 5).map((l) => h("i", l.text))));
}
