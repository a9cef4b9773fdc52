// The demo says so on every page. Imported by each page once.
import { boot } from "./boot.js";
import { h, say } from "./dom.js";
import { onLang, t } from "./i18n.js";

if (boot.demo) {
  const mark = h("p.demo-mark", t("demo.mark"));
  document.body.after(mark);
  document.documentElement.dataset.demo = ""; // a page may keep clear of the mark
  onLang(() => say(mark, t("demo.mark")));
}
