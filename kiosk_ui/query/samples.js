// Forms and filled-in samples (H24): pictures are shown large; a PDF is for telephones and desks.
import { boot } from "../shared/boot.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

export function samplesOf(item, material) {
  let at = 0;
  const of = material.samples;
  const picture = h("div.sample-picture", { tabindex: "0", role: "group" });
  const count = h("p.muted", { role: "status" });
  const key = (label, press, classes = "") => h(`button.btn.key${classes}`, { type: "button", onclick: press }, label);
  const turn = (step) => () => ((at += step), draw());
  const previous = key(t("ui.prev"), turn(-1));
  const next = key(t("ui.next"), turn(1));
  const open = h("a.btn.key", { target: "_blank", rel: "noopener" }, t("qy.samplePrint"));
  const draw = () => {
    const address = `/api/v1/query/items/${encodeURIComponent(item.service)}/samples/${of[at]}`;
    const none = () => put(picture, h("p", t(boot.place ? "qy.samplePaper" : "qy.samplePdf")));
    put(picture, h("img", { src: address, alt: t("qy.sampleOf", { name: pick(material) }), onerror: none }));
    put(count, t("qy.sampleN", { n: at + 1, m: of.length }));
    previous.disabled = at === 0;
    next.disabled = at === of.length - 1;
    open.href = address;
  };
  const dialog = h("dialog.ask.sample-sheet", { "aria-label": t("qy.sampleOf", { name: pick(material) }) },
    h("p.ask-text", pick(material)), picture, count,
    h("div.ask-keys", of.length > 1 && [previous, next], !boot.place && open, key(t("ui.close"), () => dialog.close(), ".primary")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
}
