// A device's line: its name, the last bytes on it, the faults that one may try, and how the hub sees it meanwhile.
import { hm } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { has, t } from "../shared/i18n.js";
import { setFault } from "./act.js";

const COLOURS = { up: "green", down: "red", fault: "amber", starting: "" };

export const faultName = (name) => t(has(`vh.fault.${name}`) ? `vh.fault.${name}` : `vd.fault.${name}`);
const linkName = (scheme) => t(has(`vh.link.${scheme}`) ? `vh.link.${scheme}` : `vd.link.${scheme}`);

/** "well", or what is wrong and since when. */
export function hubSees({ hub }) {
  const colour = COLOURS[hub.state];
  const why = hub.state === "up" ? "" : [hub.error, hub.since && t("vd.since", { t: hm(hub.since) })].filter(Boolean).join("，");
  return [h(`span.badge${colour ? `.${colour}` : ""}`, t(`vd.hub.${hub.state}`)), why && h("small.muted", why)];
}

export function faultKeys(device, name) {
  const key = (fault) => {
    const on = device.faults.includes(fault);
    return h("button.btn.fault", { type: "button", "data-key": fault, "aria-pressed": String(on), onclick: () => setFault(device, fault, !on) }, faultName(fault));
  };
  return h("div.btn-row.faults", { role: "group", "aria-label": name }, device.offers.map(key));
}

export class Wire {
  constructor() {
    this.node = h("div.wire");
  }

  show(device) {
    const sign = JSON.stringify([device.link, device.hex, device.faults, device.offers, device.hub, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    const held = this.node.contains(document.activeElement) && document.activeElement.dataset.key;
    const row = (name, ...what) => h("div", h("dt", name), h("dd", what));
    put(this.node,
      h("dl", row(t("vh.link"), `${linkName(device.link.split(":")[0])} `, h("code", device.link.replace(/^\w+:(\/\/)?/, "")), device.shared && h("small.muted", t("vd.shared"))),
        device.hex && row(t("vh.received"), h("code.hex", device.hex)), row(t("vd.hubSees"), hubSees(device))),
      faultKeys(device, t("vh.faultsTry")));
    if (held) this.node.querySelector(`[data-key="${held}"]`)?.focus();
  }
}
