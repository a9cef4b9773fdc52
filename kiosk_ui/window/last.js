// A07: a business does not end while people wait. Who leaves as its last window is asked once, in words; never refused.
import { t } from "../shared/i18n.js";
import { confirm } from "./sheets.js";

const LONG = 15; // minutes: from then on a pause is an off-post event

/** "身份证还有 4 人等候 ..." for the services that nobody else is on post for; empty when somebody is, or nobody waits. */
export async function lastWords(desk, key) {
  const queues = desk.live.list("queue/").filter((q) => q.waiting && desk.window?.services.includes(q.code));
  if (!queues.length) return "";
  const others = await desk.others();
  const last = queues.filter((q) => !others.some((w) => w.clerk && !w.paused && w.state !== "advice_only" && w.services.includes(q.code)));
  if (!last.length) return "";
  const svc = last.map((q) => desk.named("services", q.code)).join(t("wq.and"));
  return t(key, { svc, n: last.reduce((sum, q) => sum + q.waiting, 0) });
}

/** Whether to go on with a pause: a short one is never asked about. */
export async function mayPause(desk, { minutes }) {
  const words = minutes && minutes <= LONG ? "" : await lastWords(desk, "wq.lastPause");
  return !words || confirm(t("pk.pause"), words, t("pk.pause"));
}
