// Who may call out of order chooses from those who wait here, in order of arrival: numbers alone, and why (A22, A23).
import { list } from "../shared/api.js";
import { hubNow, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

/** Resolves with the body of a call, or null. */
export async function askChoose(desk) {
  const waiting = await list(`/windows/${encodeURIComponent(desk.no)}/waiting`);
  return sheet(t("wq.choose"), (done) => {
    const error = h("p.error", { role: "alert" });
    const reason = h("input.input", { maxlength: 100, autocomplete: "off" });
    const send = (event) => {
      event.preventDefault();
      const ticket = Number(event.target.elements.ticket?.value || 0);
      if (!ticket || !reason.value.trim()) return void put(error, t("wq.needsBoth"));
      done({ ticket, reason: reason.value.trim(), seen: desk.window.version });
    };
    return h("form.stack", { onsubmit: send }, h("p.hint", t("wq.chooseSub")),
      waiting.length ? h("div.finder-list", { role: "radiogroup", "aria-label": t("wq.choose") }, waiting.map((row, i) => person(desk, row, i))) : h("p.hint", t("wq.chooseNone")),
      h("label.field", h("span.label", t("wq.chooseWhy")), reason), error,
      h("div.btn-row.sheet-foot", waiting.length > 0 && h("button.btn.primary", { type: "submit" }, t("wq.chooseGo")),
        h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))));
  });
}

const minutes = (since) => Math.max(0, Math.floor((hubNow() - ms(since)) / 60000));

const person = (desk, row, i) => h("label.finder-row",
  h("input", { type: "radio", name: "ticket", value: row.id, "data-first": i === 0 }),
  h("span", h("strong.num", row.number, row.green && [" ", h("b.badge.green", t("wq.priority"))]),
    h("small", `${desk.named("services", row.service)} · ${t("wq.minutes", { m: minutes(row.since) })}`)));
