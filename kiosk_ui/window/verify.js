// Beside a called number of the green channel: was the document shown? 已核验 or 未出示, until one of them is pressed.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { confirm } from "./sheets.js";

const toVerify = (ticket) => ticket?.green && ticket.category !== "ordinary" && ["called", "serving"].includes(ticket.state);

export class Verify {
  constructor(desk) {
    this.desk = desk;
    this.node = h("section.verify", { role: "group", hidden: true });
    this.drawn = "";
  }

  update(w) {
    const ticket = toVerify(w.ticket) ? w.ticket : null;
    const free = this.desk.live.connected && !this.desk.busy && !w.away && !w.restored;
    const refusal = this.desk.refusal?.at === "verify" ? this.desk.refusal.words : "";
    const words = ticket && this.words(ticket);
    const looks = JSON.stringify([words, ticket?.number, ticket?.verified, free, refusal]);
    if (looks === this.drawn) return;
    this.drawn = looks;
    this.node.hidden = !ticket;
    if (!ticket) return void put(this.node);
    if (ticket.verified === "proved") return void put(this.node, h("p.verify-words", h("span.badge.green", t("gc.verified"))));
    put(this.node, h("p.verify-words", words),
      h("div.btn-row", this.key("verified", free), this.key("unproved", free, () => this.sure(ticket))),
      refusal && h("p.refusal", { role: "alert" }, refusal));
  }

  words(ticket) {
    const category = this.desk.named("categories", ticket.category);
    const known = this.desk.catalog.categories.find((c) => c.code === ticket.category);
    if (!known?.from_age) return t("gc.verify", { category });
    const service = this.desk.catalog.services.find((s) => s.code === ticket.service);
    return t("gc.verifyAge", { category, n: service?.elder_age ?? known.from_age });
  }

  key(verb, free, asks = async () => true) {
    const press = async () => (await asks()) && this.desk.press(verb, {}, "verify");
    return h("button.btn", { type: "button", disabled: !free, onclick: press }, t(`gc.${verb}`));
  }

  sure = ({ number }) => confirm(t("gc.unprovedTitle", { no: number }), t("gc.unprovedAsk"), t("gc.unproved"));
}
