// The touch test that the office starts: a grid over the whole glass; each cell that answers turns green and is told.
import { post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const TELL = 300;

/** Follows the live key padtest/NO. */
export function touchTest(live, no) {
  let node = null;
  let touched = new Set();
  let timer = null;

  const tell = (end = false) => {
    clearTimeout(timer);
    timer = null;
    const cells = [...touched];
    touched = new Set();
    post(`/pads/${encodeURIComponent(no)}/touches`, { cells, end }).catch((error) => {
      if (error.status === undefined) throw error;
      if (error.lost) for (const cell of cells) touched.add(cell); // told with the next ones
    });
  };

  /** A finger that slides touches every cell under it. */
  const touch = (event) => {
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[data-cell]");
    if (!cell || cell.classList.contains("on")) return;
    cell.classList.add("on");
    touched.add(cell.dataset.cell);
    timer ||= setTimeout(tell, TELL);
  };

  function open({ rows, columns }) {
    const cells = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]);
    const grid = h("div.touch-grid", { style: { "--rows": rows, "--columns": columns }, onpointerdown: touch, onpointermove: touch },
      cells.map(([row, column]) => h("span.touch-cell", { "data-cell": `${row}-${column}`, role: "img", "aria-label": t("tg.cell", { row: row + 1, column: column + 1 }) })));
    node = h("section.touch-test", { role: "dialog", "aria-label": t("tg.title") },
      h("header", h("h1", t("tg.how")), h("p.left", { role: "status" }), h("button.btn", { type: "button", onclick: () => tell(true) }, t("tg.end"))), grid);
    document.body.append(node);
  }

  live.subscribe("padtest/", () => {
    const test = live.get(`padtest/${no}`);
    if (!test) {
      node?.remove();
      node = null;
      return;
    }
    if (!node) open(test);
    put(node.querySelector(".left"), t("tg.left", { n: test.left.length }));
  });
}
