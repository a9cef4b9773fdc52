// A screen as it is now, drawn small: the page itself in a frame of the screen's own size.
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

const SIZES = { lying: [1920, 1080, ""], standing: [1080, 1920, ""], panel: [1920, 1080, "pages"] };

/** {node, show(plan), again(), stop}. Without a plan the one in force is shown. */
export function preview(ctx) {
  let plan = null;
  let open = false;
  const zone = h("select.input", { "aria-label": t("scr.zone"), onchange: () => again() },
    h("option", { value: "" }, t("scr.wholeHall")), (ctx.catalog.zones || []).map((z) => h("option", { value: z.code }, pick(z))));
  const kind = h("select.input", { "aria-label": t("scr.preview"), onchange: () => again() }, Object.keys(SIZES).map((name) => h("option", { value: name }, t(`scr.${name}`))));
  const box = h("div.screen-box");
  const which = h("p.muted", { role: "status" });
  const fit = () => {
    const frame = box.firstElementChild;
    if (!frame) return;
    const [width, height] = SIZES[kind.value];
    const scale = Math.min(box.clientWidth / width, 540 / height);
    box.style.setProperty("height", `${Math.ceil(height * scale)}px`);
    frame.style.setProperty("transform", `scale(${scale})`);
  };
  const again = () => {
    if (!open) return;
    const [width, height, only] = SIZES[kind.value];
    const query = new URLSearchParams({ preview: "1", ...(zone.value && { zone: zone.value }), ...(only && { show: only }), ...(plan && { plan: plan.id }) });
    put(which, plan ? `${t("scr.planTitle")} ${plan.start}–${plan.until}` : t("scr.now"));
    put(box, h("iframe", { src: `/screen?${query}`, title: t("scr.preview"), width, height, tabindex: -1 }));
    fit();
  };
  const show = (wanted = null) => {
    plan = wanted;
    open = true;
    if (wanted) zone.value = wanted.zone;
    again();
    box.scrollIntoView({ block: "nearest" });
  };
  const watch = new ResizeObserver(fit);
  watch.observe(box);
  const node = h("div.stack", h("div.bar", h("p.muted", t("scr.previewNote")), zone, kind, h("button.btn", { type: "button", onclick: () => show() }, t("scr.look"))), which, box);
  return { node, show, again, stop: () => watch.disconnect() };
}
