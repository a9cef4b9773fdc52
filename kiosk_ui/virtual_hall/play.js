// The player: a scripted working day begins, stands still and goes on; the hall's clock runs at the chosen speed.
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { playDay, runAt } from "./act.js";

const SPEEDS = [1, 5, 15, 60];

export class Player {
  constructor() {
    this.size = null;
    this.button = h("button.btn.primary", { type: "button", onclick: () => this.#press() });
    this.at = h("p.day-at", { role: "status" });
    this.speeds = h("div.speeds", { role: "group", "aria-label": t("vd.speed") });
    this.sizes = h("select.input", { "aria-label": t("vd.size"), onchange: () => (this.size = Number(this.sizes.value)) });
    this.node = h("div.player", this.button, this.speeds, this.sizes, this.at);
  }

  show({ day, speed }) {
    this.day = day;
    const sign = JSON.stringify([day.state, day.sizes, speed, t("vh.title")]);
    if (sign !== this.sign) this.#draw(speed);
    this.sign = sign;
    say(this.at, day.total ? `${t("vd.dayAt", { at: day.at })}　${t("vd.came", { n: day.came, m: day.total })}` : t("vd.dayOff", day));
  }

  #draw(speed) {
    const { state, sizes, size } = this.day;
    say(this.button, t({ off: "vd.play", playing: "vd.pause", paused: "vd.resume" }[state]));
    const held = this.speeds.contains(document.activeElement) && document.activeElement.dataset.key;
    put(this.speeds, SPEEDS.map((n) => h("button.btn", { type: "button", "data-key": n, "aria-pressed": String(n === speed), onclick: () => runAt(n) }, t("vd.times", { n }))));
    if (held) this.speeds.querySelector(`[data-key="${held}"]`)?.focus();
    this.sizes.disabled = state !== "off";
    this.size ??= size;
    put(this.sizes, sizes.map((n) => h("option", { value: n, selected: n === this.size }, t("vd.people", { n }))));
  }

  #press() {
    playDay(this.day.state !== "playing", this.size);
  }
}
