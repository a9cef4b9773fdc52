// What a visitor does to the simulated hall. A refusal is said at the foot of the page.
import { post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const STAY = 4000;
let toast = null;

export function tell(words) {
  toast?.remove();
  toast = h("p.toast", { role: "status" }, words);
  document.body.append(toast);
  setTimeout((mine) => mine.remove(), STAY, toast);
}

async function act(path, body) {
  try {
    return await post(`/virtual/${path}`, body);
  } catch (error) {
    if (error.status === undefined) throw error;
    tell(t("vh.failed", { why: error.message || t("vh.lost") }));
    return null;
  }
}

const of = (device) => `devices/${encodeURIComponent(device.id)}`;

export const setFault = (device, name, on) => act(`${of(device)}/fault`, { name, on });
export const tear = (device) => act(`printers/${encodeURIComponent(device.id)}/tear`, {});
export const crowd = (count) => act("crowd", { count });
export const clerks = (on) => act("clerks", { on });

/** A finger on a pad: {kind: "key" | "sign-in" | "rate" | "touch" | "skip", ...} */
export const press = (device, what) => act(`${of(device)}/press`, what);
