// The desk's registers on the guide's tablet: lost property and mail, one at a time.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { lost } from "../office/lost.js";
import { mail } from "../office/mail.js";
import { chips } from "../office/registers_parts.js";

const PARTS = { lost, mail };
let part = "lost"; // stays while the guide looks elsewhere

export function registers(ctx) {
  const box = h("div.stack");
  const draw = () => put(box, chips(Object.keys(PARTS), part, (name) => t(`rg.${name}`), (name) => ((part = name), draw())), PARTS[part](ctx).node);
  draw();
  return { node: box, update: () => {} };
}
