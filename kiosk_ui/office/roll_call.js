// Roll call: every strip shows its own window number at once; whoever walks by sees which one hangs wrong.
import { post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { act, section, when } from "./parts.js";

export function rollCall(ctx) {
  const zones = ctx.catalog.zones || [];
  const zone = h("select.input", { "aria-label": t("cm.place") }, h("option", { value: "" }, t("cm.wholeHall")),
    zones.map((z) => h("option", { value: z.code }, pick(z) || z.code)));
  const state = h("p.band.amber", { role: "status", hidden: true });
  let shown; // until when
  const update = () => {
    const until = ctx.live.get("notice/roll-call")?.until ?? null;
    if (until === shown) return;
    shown = until;
    state.hidden = !until;
    put(state, until && t("cm.rollCallOn", { at: when(until) }));
  };
  const call = (on) => post("/devices/roll-call", { on, ...(on && zone.value ? { zone: zone.value } : {}) });
  update();
  const node = section(t("cm.rollCall"), h("p.muted", t("cm.rollCallNote")),
    h("div.bar", zone, act(t("cm.rollCallGo"), () => call(true), ".primary"), act(t("cm.rollCallEnd"), () => call(false))), state);
  return { node, update };
}
