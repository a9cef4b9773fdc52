// Small pieces that the guide's areas share: large keys that say why not, times on the clock, the printer that was chosen.
import { hm, hubNow } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const KEPT = "hallq.guide.kiosk";

/** A key; while its work runs it cannot be pressed again, and a refusal stands under it in words. */
export function press(words, work, kind = "") {
  const error = h("span.error", { role: "alert" });
  const key = h(`button.btn.g-key${kind}`, { type: "button", onclick: async () => {
    key.disabled = true;
    say(error, "");
    try {
      await work();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("net.failed"));
    } finally {
      key.disabled = false;
    }
  } }, words);
  return h(`span.g-press${kind.includes("g-go") ? ".wide" : ""}`, key, error);
}

const clock = (seconds) => hm(hubNow() + seconds * 1000);

/** When somebody is called, as times on the clock (A11); `n` stand before. */
export function waitWords(wait, n = 1) {
  if (!wait || (!n && !wait.over && wait.high < 120)) return t("gd.waitNow");
  if (wait.over === "break") return t("gd.lunch");
  const times = { t1: clock(wait.low), t2: clock(Math.max(wait.high, wait.low + 60)) };
  return t({ around: "wt.around", closing: "wt.closing" }[wait.over] || "gd.wait", times);
}

/** A query machine prints no slips. */
const printers = (ctx) => ctx.catalog.kiosks.filter((kiosk) => !kiosk.query);

/** Where slips come out: remembered on this tablet; at first the kiosk of the guide's own area. "" is none. */
export function chosenKiosk(ctx) {
  const known = printers(ctx);
  const kept = localStorage.getItem(KEPT);
  if (kept === "" || known.some((kiosk) => kiosk.id === kept)) return kept;
  const zone = ctx.me?.()?.post?.zone;
  return (known.find((kiosk) => kiosk.zone === zone) || known[0])?.id || "";
}

export function kioskChoice(ctx) {
  const options = [...printers(ctx).map((kiosk) => [kiosk.id, t("gd.printerAt", { id: kiosk.id, zone: ctx.name("zones", kiosk.zone) })]), ["", t("gd.printerNone")]];
  const input = h("select.input", { onchange: () => localStorage.setItem(KEPT, input.value) },
    options.map(([value, words]) => h("option", { value, selected: value === chosenKiosk(ctx) }, words)));
  return h("label.field", h("span.label", t("gd.printer")), input);
}

/** The kiosk of a body to post; nothing where no slip is wanted. */
export const atKiosk = (ctx) => (chosenKiosk(ctx) ? { kiosk: chosenKiosk(ctx) } : {});

/** Draws again only what looks different, so that a key does not go away under a finger. */
export function drawer(box) {
  let drawn = null;
  return (looks, build) => {
    const sign = JSON.stringify(looks);
    if (sign === drawn) return;
    drawn = sign;
    put(box, build());
  };
}
