// 更多: what a clerk does now and then, in groups. Rule: a row closes the menu, then does its work; ↑ and ↓ go along.
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const STEP = { ArrowDown: 1, ArrowUp: -1 };

/** `groups`: [[heading, [[words, act, props] or false]]]; an empty group is left out. The first row has the focus. */
export function openMenu(title, groups) {
  const shown = groups.map(([heading, rows]) => [heading, rows.filter(Boolean)]).filter(([, rows]) => rows.length);
  return sheet(title, (done) => {
    const row = ([words, act, props]) => h("button.btn", { type: "button", onclick: () => (done(), act()), ...props }, words);
    const node = h("div.menu",
      shown.map(([heading, rows]) => h("section.menu-group", h("h3", heading), rows.map(row))),
      h("button.btn", { type: "button", onclick: () => done() }, t("pk.close")));
    node.querySelector("button").setAttribute("data-first", "");
    node.addEventListener("keydown", (event) => move(node, event));
    return node;
  });
}

function move(node, event) {
  if (!STEP[event.key]) return;
  event.preventDefault();
  const all = [...node.querySelectorAll("button")];
  all[(all.indexOf(document.activeElement) + STEP[event.key] + all.length) % all.length].focus();
}
