// Reading aloud, offline: the hub makes each sentence once. Rule: one sentence at a time, a new one ends the old.
import { boot } from "./boot.js";
import { lang } from "./i18n.js";

let playing = null;

/** Whether the hub has a voice; without one there is no key for it. */
export const canSpeak = () => Boolean(boot.speech);

export function hush() {
  playing?.pause();
  playing = null;
}

/** Another sentence of the hub's, by its address. */
export function play(address) {
  hush();
  playing = new Audio(address);
  playing.play().catch(() => {});
  return playing;
}

/** A page that nobody has touched yet may be silenced by the browser: then it stays silent. */
export function speak(name) {
  if (!canSpeak()) return;
  play(`/api/v1/ratings/speech/${lang().startsWith("zh") ? "zh" : "en"}/${name}.wav`);
}
