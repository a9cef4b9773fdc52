// 交接班: what stands open at a window is read and signed, by who leaves and by who takes over (AB岗, or the next shift).
import { get, post } from "../shared/api.js";
import { hm, shortDay } from "../shared/clock.js";
import { h, say } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const path = (no, step = "") => `/windows/${encodeURIComponent(no)}/handover${step}`;

/** What is handed on, line by line; what there is nothing of is said in one word. */
function facts(list) {
  const row = (label, lines) => h("li", `${label}${lang().startsWith("zh") ? "：" : ": "}`, (lines.length ? lines : [t("hv.none")]).map((words) => h("strong", words)));
  const open = [list.ticket, ...(list.waiting || [])].filter(Boolean);
  return h("ul.handover",
    row(t("hv.open"), open),
    row(t("hv.parked"), (list.parked || []).map((p) => (p.return_by ? t("hv.parkedLine", { no: p.number, day: shortDay(p.return_by) }) : p.number))),
    row(t("hv.notices"), (list.notices || []).map((n) => t("hv.noticeLine", { no: n.no, number: n.number }))),
    row(t("hv.outcomes"), (list.outcomes || []).map((o) => t("hv.outcomeLine", { no: o.no || o.case_no || "—", service: o.service, day: o.due_day ? shortDay(o.due_day) : "—" }))),
    list.paused_since && row(t("hv.pauses"), [t("wn.pausedSince", { t: hm(list.paused_since) })]),
    row(t("hv.faults"), list.faults || []));
}

/** The sheet with a remark and a signature; `send(remark)` is the second press. Resolves with true once it is signed. */
function signing(title, list, words, send) {
  return sheet(title, (done) => {
    const error = h("p.error", { role: "alert" });
    const remark = h("textarea.input", { rows: 2, maxlength: 500 });
    const sign = h("button.btn.primary", { type: "button", "data-first": true, onclick: async () => {
      sign.disabled = true;
      try {
        await send(remark.value.trim());
        done(true);
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        say(error, problem.lost ? t("pk.lost") : problem.message);
      } finally {
        sign.disabled = false;
      }
    } }, words);
    return h("div.stack",
      list.signed && h("p.band.amber", h("strong", t("hv.from", { name: list.signed.giver_name, t: hm(list.signed.signed_at) })), list.signed.remark && h("br"), list.signed.remark),
      facts(list),
      h("label.field", h("span.label", t("hv.remark")), remark, h("small.hint", t("hv.remarkHint"))), error,
      h("div.btn-row.sheet-foot", sign, h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))));
  });
}

/** Who leaves signs. */
export async function signHandover(no) {
  return signing(t("hv.name"), await get(path(no)), t("hv.sign"), (remark) => post(path(no), { remark }));
}

/** Taking over from somebody who is paused; resolves with the hub's answer. */
export async function confirmHandover(no, seen) {
  let answer = null;
  const take = async (remark) => (answer = await post(`/windows/${encodeURIComponent(no)}/take-over`, { remark, seen }));
  await signing(t("wn.takeOverTitle"), await get(path(no)), t("wn.takeOverYes"), take);
  return answer;
}

/** Signed in at a window that somebody handed over before: read and confirmed. */
export async function confirmSigned(no) {
  const list = await get(path(no)).catch(() => null);
  if (!list?.signed) return false;
  return signing(t("wn.takeOverTitle"), list, t("wn.takeOverYes"), (remark) => post(path(no, "/confirm"), { remark }));
}
