// Where to send the result: asked for by the clerk, typed here by the citizen, gone when its time is over or the next one comes.
import { post } from "../shared/api.js";
import { hubNow, ms } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

const DONE = 6000;
const BEFORE = ["rate", "reasons", "thanks", "emergency"]; // these stand before it; what was typed waits

const input = (props) => h("input.input", { required: true, autocomplete: "off", ...props });

export class MailForm {
  constructor(no, live, changed) {
    Object.assign(this, { no, live, changed, mail: null, fields: null, number: "", doneUntil: 0 });
    live.subscribe("padmail/", changed);
  }

  get asked() {
    return this.live.get(`padmail/${this.no}`);
  }

  /** Whether it is on the glass now; another citizen's number takes it off, and what was typed with it. */
  open(pad) {
    const { asked } = this;
    const another = asked && pad.number && pad.number !== asked.number;
    if (!asked || another || ms(asked.until) <= hubNow()) this.mail = this.fields = null;
    else if (asked.mail !== this.mail) this.begin(asked.mail);
    if (this.doneUntil && (performance.now() > this.doneUntil || another)) this.doneUntil = 0;
    return !BEFORE.includes(pad.screen) && Boolean(this.fields || this.doneUntil);
  }

  begin(mail) {
    this.mail = mail;
    this.doneUntil = 0;
    this.fields = { name: input({ maxlength: 60 }), phone: input({ maxlength: 20, minlength: 5, inputmode: "tel", pattern: "[0-9+\\(\\) \\-]+" }), address: input({ maxlength: 200 }) };
  }

  sign() {
    return [this.mail, this.doneUntil];
  }

  draw() {
    if (!this.fields) return [h("h1", { tabindex: "-1" }, t("mf.done")), h("p.sub", t("mf.number", { no: this.number }))];
    const { name, phone, address } = this.fields;
    const error = h("p.error", { role: "alert" });
    const send = h("button.btn.primary", { type: "submit" }, t("mf.send"));
    const field = (words, control) => h("label.field", h("span.label", t(words)), control);
    const { mail } = this;
    const work = (path, body) => async (event) => {
      event.preventDefault();
      if (send.disabled) return;
      send.disabled = true;
      put(error);
      try {
        const { no } = await post(`/pads/${this.no}/mail${path}`, { mail, ...body() });
        if (this.mail && this.mail !== mail) return; // the next one is typing
        if (!path) Object.assign(this, { number: no, doneUntil: performance.now() + DONE });
        this.fields = null;
        this.changed();
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        say(error, problem.lost ? t("mf.lost") : problem.message);
        send.disabled = false;
      }
    };
    const typed = () => Object.fromEntries(Object.entries(this.fields).map(([key, control]) => [key, control.value.trim()]));
    return h("form.mail-form", { onsubmit: work("", typed) }, h("h1", { tabindex: "-1" }, t("mf.title")),
      h("p.sub", [...new Set([pick(this.asked, "service"), this.asked.what])].filter(Boolean).join("　")),
      h("div.mail-two", field("mf.name", name), field("mf.phone", phone)), field("mf.address", address), error,
      h("div.below", h("button.btn", { type: "button", onclick: work("/decline", () => ({})) }, t("mf.decline")), h("p.state", t("mf.only")), send));
  }
}
