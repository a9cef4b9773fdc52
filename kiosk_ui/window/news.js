// What concerns this window: the office's messages with 收到, alarms with what to do. On the pad one line, then a count.
import { ms, hubNow } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

/** Messages first, then what the clerk here can end, then the rest. */
const order = (n) => (n.kind === "message" ? 0 : /^(pause|idle)\//.test(n.key) ? 1 : 2);
const minutes = (at) => Math.max(0, Math.floor((hubNow() - ms(at)) / 60000));

export class News {
  constructor(desk, most) {
    Object.assign(this, { desk, most });
    this.node = h("ul.news", { role: "status", "aria-label": t("wn.from") });
    this.looks = "";
  }

  update() {
    const here = this.desk.window?.clerk?.id; // what is for who sat here before does not stay
    const items = this.desk.live.list("notice/").filter((n) => n.kind === "alarm" || (n.kind === "message" && n.person === here))
      .sort((a, b) => order(a) - order(b) || (b.rank || 0) - (a.rank || 0) || ms(a.at) - ms(b.at));
    const looks = JSON.stringify([t("wn.from"), this.desk.busy, items.map((n) => [n.id, n.rank, n.owner, minutes(n.at), this.idle(n)])]);
    if (looks === this.looks) return;
    this.looks = looks;
    this.node.hidden = items.length === 0;
    put(this.node, items.slice(0, this.most).map((n) => (n.kind === "message" ? this.message(n) : this.alarm(n))),
      items.length > this.most && h("li.news-more.muted", t("wn.more", { n: items.length - this.most })));
  }

  message(n) {
    return h("li.news-item.band", h("span", h("small.muted", t("wn.from")), h("strong", pick(n, "text"))),
      h("button.btn", { type: "button", onclick: () => this.desk.tellHub(`/notices/${n.id}/read`) }, t("wn.read")));
  }

  alarm(n) {
    const idle = this.idle(n);
    const sub = n.owner ? t("wn.owner", { name: n.owner.name }) : t("wn.sinceMin", { m: minutes(n.at) });
    const late = n.rank > 1 && !n.key.startsWith("onetime/"); // a notice that waits for approval is nobody's fault
    return h(`li.news-item.band.${late ? "red" : "amber"}`,
      h("span", h("strong", idle || pick(n, "text")), !idle && h("small.muted", sub)),
      idle && h("button.btn", { type: "button", onclick: () => this.pause() }, t("wn.pauseNow")));
  }

  /** The clerk is asked, not accused; empty for any other alarm. */
  idle(n) {
    if (n.key !== `idle/${this.desk.no}`) return "";
    return t("pk.idleWarn", { n: this.desk.demand.waiting, m: minutes(n.at) });
  }

  /** One press: the first reason, for as long as it proposes. */
  pause() {
    const [reason] = this.desk.reasons;
    if (reason) this.desk.press("pause", { reason: reason.code }, "primary");
  }
}
