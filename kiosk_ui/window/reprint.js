// A slip printed anew (补打): the earlier one is void. A clerk shows its check code, the office says why.
import { create, list } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const REASONS = ["lost", "unprinted", "unreadable", "other"];
const NO_SUCH = { status: 404, message: "rp.none" };
const field = (words, input) => h("label.field", h("span.label", words), input);
const choose = (rows) => h("select.input", rows.map(([value, words]) => h("option", { value }, words)));

/** What entitles to it: {node, wish()}. */
const PROOFS = {
  code() {
    const input = h("input.input", { required: true, maxlength: 4, inputmode: "numeric", autocomplete: "off" });
    return { node: field(t("rp.code"), input), wish: () => ({ check_code: input.value.trim() }) };
  },
  reason() {
    const input = choose(REASONS.map((reason) => [reason, t(`rp.reason_${reason}`)]));
    return { node: field(t("rp.reason"), input), wish: () => ({ reason: input.value }) };
  },
};

/** Kiosks of the own zone first. */
function printers({ kiosks = [], zones = [] }, own) {
  const zoneName = (code) => pick(zones.find((zone) => zone.code === code)) || code;
  const near = kiosks.filter((kiosk) => !kiosk.query).sort((a, b) => (b.zone === own) - (a.zone === own));
  return [...near.map((kiosk) => [kiosk.id, t("rp.at", { id: kiosk.id, zone: zoneName(kiosk.zone) })]), ["", t("rp.paper")]];
}

/** `proof`: code or reason. `done(words)`: it is under way; `leave`: a key that gives up. */
export function reprintForm(catalog, { proof, zone = "", done, leave = null }) {
  const number = h("input.input", { required: true, maxlength: 16, autocomplete: "off", autocapitalize: "characters", "data-first": true });
  const printer = choose(printers(catalog, zone));
  const shown = PROOFS[proof]();
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t("rp.go"));
  const reprint = async () => {
    const [ticket] = await list(`/tickets?number=${encodeURIComponent(number.value.trim())}`);
    if (!ticket) throw NO_SUCH;
    const slip = await create(`/tickets/${ticket.id}/reissue`, { ...shown.wish(), ...(printer.value ? { kiosk: printer.value } : {}) });
    const values = { no: slip.number, id: printer.value, code: slip.check_code };
    done(t(slip.print === "none" ? "rp.written" : "rp.done", values));
  };
  const send = async (event) => {
    event.preventDefault();
    key.disabled = true;
    say(error, "");
    try {
      await reprint();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem === NO_SUCH ? t(NO_SUCH.message) : problem.message || t("net.failed"));
    } finally {
      key.disabled = false;
    }
  };
  return h("form.stack", { onsubmit: send }, h("p.muted", t("rp.note")), field(t("rp.number"), number), shown.node, field(t("rp.printer"), printer), error,
    h("div.btn-row.sheet-foot", key, leave && h("button.btn", { type: "button", onclick: () => leave() }, t("rp.back"))));
}

/** At a window: resolves with what to say, or null. */
export const askReprint = (desk) =>
  sheet(t("rp.title"), (done) => reprintForm(desk.catalog, { proof: "code", zone: desk.window?.zone, done, leave: done }));
