// Lets a visitor hear the machine's own voice: each new file is played once, when hearing is on. Chips have no file.
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

let on = false;
let last = null;

/** The key that turns hearing on; browsers let no page sound before a press. */
export function hearKey() {
  const key = h("button.btn.hear", { type: "button", "aria-pressed": String(on), onclick: () => {
    on = !on;
    key.setAttribute("aria-pressed", String(on));
  } }, t("vh.hear"));
  return key;
}

export function hear(speaker) {
  const { sound } = speaker;
  if (!sound || sound === last) return;
  const first = last === null;
  last = sound;
  if (on && !first) new Audio(`/api/v1/virtual/sounds/${sound}`).play().catch(() => {});
}
