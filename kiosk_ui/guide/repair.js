// 报修: a device that a guide stands beside is out of order; and it is repaired. What has trouble comes first, then the own area.
import { list, post } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { deviceName, isPage, kindName, placeOf, rank } from "../office/device_words.js";
import { drawer, press } from "./parts.js";

const LOOK_EVERY = 10000;
const WELL = 3; // a rank of device_words
const NOTES = ["dark", "deaf", "jam", "mute"];
const collate = new Intl.Collator("zh-CN", { numeric: true });
const path = (device, verb) => `/devices/${encodeURIComponent(device)}/${verb}`;

export function repair(ctx) {
  let devices = [];
  const which = h("select.input");
  const note = h("input.input", { maxlength: 200, autocomplete: "off" });
  const said = h("p.band.green", { role: "status", hidden: true });
  const error = h("p.error", { role: "alert" });
  const marked = h("div.stack");
  const [drawChoice, drawMarked] = [which, marked].map(drawer);

  const words = (d) => [placeOf(d, ctx.name), kindName(d.kind), isPage(d) ? "" : deviceName(d)].filter(Boolean).join(" · ");
  const near = (d) => zoneOf(d, ctx) === (ctx.me()?.post?.zone || null);
  const option = (d) => h("option", { value: d.id }, words(d));
  const group = (label, rows) => rows.length > 0 && h("optgroup", { label }, rows.map(option));

  function draw() {
    const free = devices.filter((d) => !d.mark);
    const [bad, rest] = [free.filter((d) => rank(d) < WELL), free.filter((d) => rank(d) >= WELL)];
    const chosen = which.value;
    drawChoice([bad, rest].map((rows) => rows.map((d) => [d.id, near(d)])), () => [h("option", { value: "" }, t("gr.pick")),
      group(t("gr.trouble"), bad), group(t("gr.near"), rest.filter(near)), group(t("gr.others"), rest.filter((d) => !near(d)))]);
    which.value = free.some((d) => d.id === chosen) ? chosen : "";
    const now = devices.filter((d) => d.mark);
    drawMarked(now.map((d) => [d.id, d.mark]), () => now.length > 0 && [h("h3", t("gr.marked")), now.map(standing)]);
  }

  async function look() {
    const found = await list("/devices/register").catch(() => null);
    if (!found || which === document.activeElement) return; // not under the finger of who is choosing
    devices = found.sort((a, b) => rank(a) - rank(b) || collate.compare(words(a), words(b)));
    draw();
  }

  async function mark() {
    const device = devices.find((d) => d.id === which.value);
    said.hidden = true;
    say(error, device && note.value.trim() ? "" : t("gr.need"));
    if (error.textContent) return;
    await post(path(device.id, "mark"), { note: note.value.trim() });
    say(said, t("gr.done", { device: words(device) }));
    said.hidden = false;
    note.value = "";
    await look();
  }

  const standing = (d) => h("div.band.amber.g-ask",
    h("span", h("strong.block", words(d)), h("span.block", d.mark.note), h("small.block", t("gr.by", { by: d.mark.by, at: hm(d.mark.at) }))),
    press(t("gr.repaired"), async () => (await post(path(d.id, "unmark")), look())));

  look();
  const timer = setInterval(look, LOOK_EVERY);
  const quick = NOTES.map((key) => h("button.btn.g-key", { type: "button", onclick: () => (note.value = t(`gr.${key}`)) }, t(`gr.${key}`)));
  const node = h("section.card.stack", h("h2", t("gr.title")), h("p.muted", t("gr.note")),
    h("label.field", h("span.label", t("gr.which")), which), h("label.field", h("span.label", t("gr.what")), note), h("div.g-acts", quick),
    error, press(t("gr.go"), mark, ".primary"), said, marked);
  return { node, stop: () => clearInterval(timer) };
}

/** The area of what stands at a window or a kiosk is theirs. */
function zoneOf({ place }, { live, catalog }) {
  if (place.window) return live.get(`window/${place.window}`)?.zone;
  if (place.kiosk) return catalog.kiosks.find((kiosk) => kiosk.id === place.kiosk)?.zone;
  return place.zone;
}
