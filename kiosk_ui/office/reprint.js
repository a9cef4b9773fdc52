// A slip printed anew by the office, with the reason; the earlier one is void.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { reprintForm } from "../window/reprint.js";
import { section } from "./parts.js";

export function reprint(ctx) {
  const said = h("p.band.green", { role: "status", hidden: true });
  const box = h("div.narrow-form");
  const draw = () => put(box, reprintForm(ctx.catalog, { proof: "reason", done: (words) => {
    put(said, words);
    said.hidden = false;
    draw();
  } }));
  draw();
  return { node: section(t("rp.title"), box, said), update: () => {} };
}
