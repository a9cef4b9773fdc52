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

const at = (kind, device) => `${kind}/${encodeURIComponent(device.id)}`;

export const setFault = (device, name, on) => act(`${at("devices", device)}/fault`, { name, on });
export const unplugGroup = (group, on) => act(`${at("groups", group)}/unplug`, { on });
export const heal = () => act("heal", {});
export const tear = (device) => act(`${at("printers", device)}/tear`, {});
export const crowd = (count) => act("crowd", { count });
export const clerks = (on) => act("clerks", { on });
export const playDay = (on, size) => act("day", { on, size });
export const runAt = (speed) => act("speed", { speed });

/** A finger on a pad: {kind: "key" | "sign-in" | "rate" | "touch" | "skip", ...} */
export const press = (device, what) => act(`${at("devices", device)}/press`, what);
export const typeKeys = (device, ...keys) => act(`${at("keypads", device)}/keys`, { keys });
export const pressButton = (device, value) => act(`${at("evaluators", device)}/button`, { value });
export const pressBox = (device, key) => act(`${at("boxes", device)}/key`, { key });
/** "" lifts the card that lies there. */
export const putCard = (device, card) => act(`${at("readers", device)}/card`, { card });
