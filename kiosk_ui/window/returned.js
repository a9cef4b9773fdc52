// Who comes back with papers: what was asked for last time, to be checked off; 材料已补齐 when nothing is missing.
import { get, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { pick, spoken, t } from "../shared/i18n.js";

export class Returned {
  constructor(desk) {
    Object.assign(this, { desk, ticket: null, first: true, parked: new Set() });
    this.node = h("section.returned.band", { hidden: true, "aria-label": t("ot.title") });
  }

  /** Asks the hub only for numbers that may have a notice: those set aside before, and the one that was here already. */
  update(w) {
    const ticket = ["called", "serving"].includes(w.ticket?.state) ? w.ticket : null;
    for (const one of w.parked || []) this.parked.add(one.id);
    if ((ticket?.id ?? null) === this.ticket) return;
    this.ticket = ticket?.id ?? null;
    this.node.hidden = true;
    if (ticket && (this.first || ticket.priority === "return" || this.parked.has(ticket.id))) this.look(ticket.id);
    this.first = false;
  }

  async look(ticket) {
    const { notice } = await get(`/windows/${encodeURIComponent(this.desk.no)}/returned`).catch(() => ({}));
    if (notice?.ticket === ticket && this.ticket === ticket) this.show(notice);
  }

  show(notice) {
    const error = h("p.error", { role: "alert" });
    const met = h("button.btn.primary", { type: "button", onclick: () => this.met(notice, met, error) }, t("ot.met"));
    const boxes = pick(notice, "content").missing.map((paper) => h("li", h("label.notice-tick", h("input", { type: "checkbox" }),
      h("span", h("strong", spoken(paper.name), paper.name), paper.how && h("small", spoken(paper.how), paper.how)))));
    put(this.node, h("strong", t("ot.back", { no: notice.no })), h("ul.notice-list", boxes), error, met);
    this.node.hidden = false;
    this.desk.changed();
  }

  async met(notice, key, error) {
    key.disabled = true;
    try {
      await post(`/one-time-notices/${notice.id}/met`, { window: this.desk.no });
      if (this.ticket === notice.ticket) this.node.hidden = true; // else the next one's stands there
      this.desk.tell(t("ot.metSaid"));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      key.disabled = false;
      say(error, problem.lost ? t("pk.lost") : problem.message);
    }
  }
}
