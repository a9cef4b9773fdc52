// Check-in with an appointment: six digits on large keys, then the number as any other.
import { create, requestId } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { serviceOf } from "./hall.js";
import { ask, callHelp } from "./parts.js";

const DIGITS = 6;

const key = (label, press, classes = "") =>
  h(`button.btn.key.pad-key${classes}`, { type: "button", onclick: press }, label);

/** {nodes, update}: the code, and keys to type it. */
export function appointmentPage(state, go) {
  let code = "";
  let request = requestId();
  const value = h("p.find-value.code-value", { role: "status" });
  const next = key(t("ap.checkInKey"), () => forward(), ".primary.pad-next");

  const draw = () => {
    say(value, code.padEnd(DIGITS, "·"));
    next.setAttribute("aria-disabled", String(code.length < DIGITS));
  };
  const type = (digit) => {
    if (code.length < DIGITS) code += digit;
    draw();
  };
  const erase = () => ((code = code.slice(0, -1)), draw());

  async function forward() {
    if (code.length < DIGITS) return;
    say(next, t("ap.wait"));
    try {
      const ticket = await go.asked(() => create("/appointments/arrive", { code, kiosk: boot.place }, request));
      go.arrived({ ticket, service: serviceOf(ticket.service) });
    } catch (error) {
      say(next, t("ap.checkInKey"));
      await refused(error);
    }
  }

  async function refused(error) {
    const keys = [{ label: t("k.help"), value: "help" }, { label: t("k.retry"), value: "again", primary: true }];
    const answer = await ask(error.lost ? t("k.unsure") : error.message, keys, { tone: "warn" }).answer;
    if (!next.isConnected) return; // another card closed the question
    if (answer === "help") callHelp();
    if (error.lost) return; // the same request again: the number may be given already
    request = requestId();
    if (error.code === "appointment_early") return void go.home();
    code = "";
    draw();
  }

  draw();
  const nodes = [
    h("div.find-head", h("h1.title", { tabindex: "-1" }, t("ap.checkIn")), h("p.lead", t("ap.checkInSub"))),
    h("div.find-fields.one", value),
    h("div.pad", h("div.pad-grid", [..."123456789"].map((d) => key(d, () => type(d))),
      key(t("ap.back1"), erase, ".pad-word"), key("0", () => type("0")), next)),
  ];
  return { nodes, update: () => {} };
}
