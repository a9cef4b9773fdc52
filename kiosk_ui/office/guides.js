// Where the guides are, who is away and who stands in: the office sees what the guides' own page shows.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { guideList } from "../guide/duty.js";
import { load, section } from "./parts.js";

const EVERY = 15000;

export function guidesOnPost(ctx) {
  const box = h("div");
  const look = () => load(box, "/guides", (items) => put(box, guideList({ guides: items, name: ctx.name })));
  const timer = setInterval(look, EVERY);
  look();
  return { node: section(t("gd.guides"), box), stop: () => clearInterval(timer) };
}
