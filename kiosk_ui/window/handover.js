// Taking over a paused window (AB岗): what is handed on is read and confirmed first.
import { get } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const join = (words) => words.join(lang().startsWith("zh") ? "、" : ", ");

/** Resolves with true when the next clerk has confirmed. */
export async function confirmHandover(no) {
  const list = await get(`/windows/${encodeURIComponent(no)}/handover`);
  return sheet(t("wn.takeOverTitle"), (done) => [
    h("ul.handover",
      h("li", list.parked.length ? t("wn.parked", { numbers: join(list.parked.map((p) => p.number)) }) : t("wn.noParked")),
      list.paused_since && h("li", t("wn.pausedSince", { t: hm(list.paused_since) })),
      h("li", list.faults.length ? t("wn.faults", { ids: join(list.faults) }) : t("wn.noFaults"))),
    h("div.btn-row.sheet-foot",
      h("button.btn.primary", { type: "button", "data-first": true, onclick: () => done(true) }, t("wn.takeOverYes")),
      h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))),
  ]);
}
