// A result that is mailed (L02): for the visit at this window that is open or was the last; where to, the citizen types
// on the pad, or tells the clerk. Below it today's, so that the clerk sees what was filled in.
import { create, list } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const SHOWN = 5;
const field = (words, input) => h("label.field", h("span.label", t(words)), input);
const input = (props) => h("input.input", { autocomplete: "off", ...props });

function fate(row) {
  if (row.state === "cancelled") return t("mf.gone");
  return t(row.addressed ? "mf.filled" : "mf.waits");
}

/** Resolves with what to say, or null. */
export async function askMail(desk) {
  const today = await list(`/windows/${desk.no}/mail`);
  return sheet(t("mf.ask"), (done) => {
    const what = input({ maxlength: 200, "data-first": true });
    const [name, phone, address] = [input({ maxlength: 60 }), input({ maxlength: 20, minlength: 5, inputmode: "tel" }), input({ maxlength: 200 })];
    const own = h("div.stack", { hidden: true }, field("mf.name", name), field("mf.phone", phone), field("mf.address", address));
    const error = h("p.error", { role: "alert" });
    const way = (here, words) => h("label.option", h("input", { type: "radio", name: "way", checked: !here, onchange: () => {
      own.hidden = !here;
      for (const each of [name, phone, address]) each.required = here;
    } }), h("span.btn", t(words)));
    const send = async (event) => {
      event.preventDefault();
      const to = own.hidden ? {} : { to: { name: name.value.trim(), phone: phone.value.trim(), address: address.value.trim() } };
      try {
        const made = await create(`/windows/${desk.no}/mail`, { what: what.value.trim(), ...to });
        done(own.hidden ? t("mf.asked") : t("mf.made", { no: made.no }));
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        say(error, problem.lost ? t("pk.lost") : problem.message);
      }
    };
    return h("form.stack", { onsubmit: send }, h("p.hint", t("mf.askHint")), field("mf.what", what), h("small.hint", t("ui.noNames")),
      h("fieldset.options", h("div.btn-row", way(false, "mf.onPad"), way(true, "mf.here"))), own, error,
      today.length > 0 && h("section", h("h3", t("mf.today")), h("ul.mail-today", today.slice(0, SHOWN).map((row) =>
        h("li", h("span.num", `${hm(row.at)} ${row.number || ""}`), h("span", [pick(row, "service_name"), row.what].filter(Boolean).join(" ")), h("strong", fate(row)))))),
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("mf.askGo")), h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))));
  });
}
