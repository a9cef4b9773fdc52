// The round: one area at a time, its items in groups, each with what the system knows; one touch says all right or not.
import { get, post } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { join, lasted } from "../office/parts.js";
import { sheet } from "../window/sheets.js";
import { press } from "../guide/parts.js";
import { askFinding, askPraise, words } from "./finding.js";

const FACTS_EVERY = 30000;

const areaWords = (area) => `${t("pl.floor", { n: area.floor })} ${t(`pl.${area.kind}`)}`;
const itemsOf = (ctx, area) => ctx.content.item.filter((item) => item.areas.split(",").includes(area.kind));
const keyOf = (patrol, area, item) => `${patrol.id}|${area.area}|${item.code}`;

export class Round {
  /** `patrol` as the hub gives it, with checks and items; `leave()` shows the start again. */
  constructor(ctx, patrol, leave) {
    Object.assign(this, { ctx, patrol, leave });
    this.areas = ctx.areas.filter((area) => patrol.areas.includes(area.area));
    this.area = this.areas[0];
    this.said = new Map(patrol.checks.map((check) => [`${patrol.id}|${check.area}|${check.item}`, check.result]));
    this.found = new Map();
    for (const row of patrol.items) this.#note(`${patrol.id}|${row.area}|${row.item}`, pick({ name: row.what, name_en: row.what_en }), row.window);
    this.praised = patrol.items.filter((row) => row.kind === "praise").length;
    for (const row of ctx.outbox.rows.filter((each) => each.key.startsWith(`${patrol.id}|`))) this.said.set(row.key, row.body.result || "problem");
    this.facts = {};
    this.at = null;
    this.tabs = h("nav.pt-areas", { "aria-label": t("pl.areas") });
    this.list = h("div.stack");
    this.node = h("div.pt-round", this.#head(), this.tabs, this.list);
    this.timer = setInterval(() => this.look(), FACTS_EVERY);
    this.look();
    this.draw();
  }

  stop() {
    clearInterval(this.timer);
  }

  async look() {
    const answer = await get("/patrols/facts").catch(() => null);
    if (!answer) return;
    const same = JSON.stringify(answer.facts) === JSON.stringify(this.facts);
    this.facts = answer.facts;
    this.at = hm();
    if (!same) this.draw(); // a key must not go away under a finger
  }

  #head() {
    return h("div.pt-head",
      h("div", h("h1", t("pl.round", { kind: t(`pl.k_${this.patrol.kind}`), t: hm(this.patrol.started_at) })), h("p.muted", join(this.patrol.people))),
      h("div.btn-row",
        h("button.btn.pt-big", { type: "button", onclick: () => this.leave() }, t("pl.back_")),
        h("button.btn.pt-big", { type: "button", onclick: () => this.praise() }, t("pl.praise")),
        h("button.btn.primary.pt-big", { type: "button", onclick: () => this.end() }, t("pl.end"))));
  }

  #note(key, what, window) {
    this.found.set(key, [...(this.found.get(key) || []), window ? `${what} · ${t("pl.atWindow", { win: window })}` : what]);
  }

  seen = (area) => itemsOf(this.ctx, area).filter((item) => this.said.has(keyOf(this.patrol, area, item))).length;

  draw() {
    const focused = document.activeElement?.dataset.key;
    put(this.tabs, this.areas.map((area) => h("button.pt-area", {
      type: "button", "data-key": area.area, "aria-current": area === this.area ? "page" : null, onclick: () => ((this.area = area), this.draw(), scrollTo(0, 0)),
    }, h("span", areaWords(area)), h("small", t("pl.done", { n: this.seen(area), m: itemsOf(this.ctx, area).length })))));
    const items = itemsOf(this.ctx, this.area);
    const groups = this.ctx.content.group.filter((group) => items.some((item) => item.group === group.code));
    const rest = items.filter((item) => !this.said.has(keyOf(this.patrol, this.area, item)) && !this.bad(item));
    put(this.list,
      this.at && h("p.muted.pt-stale", t("pl.stale", { t: this.at })),
      groups.map((group) => h("section.card.pt-group", h("h2", `${group.code}　${words(group)}`),
        items.filter((item) => item.group === group.code).map((item) => this.item(item)))),
      rest.length > 1 && h("button.btn.pt-big.pt-rest", { type: "button", onclick: () => rest.forEach((item) => this.ok(item)) }, t("pl.confirmRest", { n: rest.length })));
    if (focused) this.node.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** What the system knows of an item, here. */
  fact = (item) => (item.system ? this.facts[item.system] : null);

  /** Its places in this area; what has no window is the whole hall's. */
  places = (item) => (this.fact(item)?.places || []).filter((place) => !place.window || this.area.kind !== "front" || this.area.windows.includes(place.window));

  bad(item) {
    const fact = this.fact(item);
    return Boolean(fact && !fact.ok && (this.places(item).length || !fact.places.length));
  }

  item(item) {
    const key = keyOf(this.patrol, this.area, item);
    const said = this.said.get(key);
    const found = this.found.get(key) || [];
    const unsent = this.ctx.outbox.of(key);
    return h("article.pt-item", { class: said === "ok" ? "is-ok" : said ? "is-problem" : "" },
      h("div.pt-what", h("h3", words(item)), this.known(item),
        found.map((what) => h("p.pt-found", h("span.badge.red", what))),
        unsent.some((row) => !row.error) && h("span.badge.amber", t("pl.waitingToSend")),
        unsent.filter((row) => row.error).map((row) => h("p.band.red", t("pl.sendFailed", { why: row.error }),
          h("button.btn.small", { type: "button", onclick: () => (this.ctx.outbox.drop(row.id), this.draw()) }, t("pl.drop"))))),
      h("div.pt-acts",
        h("button.btn.pt-ok", { type: "button", "data-key": `ok/${item.code}`, "aria-pressed": String(said === "ok"), onclick: () => this.ok(item) }, said === "ok" ? `✓ ${t("pl.ok")}` : t("pl.ok")),
        h("button.btn.pt-bad", { type: "button", "data-key": `bad/${item.code}`, "aria-pressed": String(said === "problem"), onclick: () => this.problem(item) }, said === "problem" ? t("pl.again") : t("pl.problem"))));
  }

  known(item) {
    const fact = this.fact(item);
    if (!fact) return null;
    const bad = this.bad(item);
    const value = t(`pl.v_${item.system}`, { num: fact.num, den: fact.den });
    return h("div.pt-fact", h(`span.badge.${bad ? "amber" : "green"}`, t("pl.known")), h("span", value),
      this.places(item).slice(0, 8).map((place) => (place.window && this.area.kind === "front"
        ? h("button.btn.small.pt-place", { type: "button", onclick: () => this.problem(item, place) }, placeWords(place))
        : h("span.pt-place", placeWords(place)))));
  }

  ok(item) {
    const key = keyOf(this.patrol, this.area, item);
    const fact = this.fact(item);
    this.said.set(key, "ok");
    this.ctx.outbox.add(`/patrols/${this.patrol.id}/checks`, { area: this.area.area, item: item.code, result: "ok", ...(fact ? { num: fact.num, den: fact.den } : {}) }, key);
    this.draw();
  }

  async problem(item, place = null) {
    const { area } = this;
    const wish = await askFinding(this.ctx, { patrol: this.patrol, area, item, place, fact: this.fact(item) });
    if (!wish) return;
    const key = keyOf(this.patrol, area, item);
    this.said.set(key, "problem");
    this.#note(key, words(this.ctx.content.code.find((code) => code.code === wish.body.code)), wish.body.window);
    this.ctx.outbox.add("/findings", wish.body, key, wish.photos);
    this.draw();
  }

  async praise() {
    const wish = await askPraise(this.ctx, { patrol: this.patrol, area: this.area });
    if (!wish) return;
    this.praised += 1;
    this.ctx.outbox.add("/findings", wish.body, `${this.patrol.id}|praise|`);
  }

  async end() {
    const all = this.areas.reduce((sum, area) => sum + itemsOf(this.ctx, area).length, 0);
    const problems = [...this.found.values()].flat().length;
    const over = await sheet(t("pl.endTitle"), (done) => {
      const note = h("textarea.input", { rows: 3, maxlength: 500 });
      const open = all - this.said.size;
      const unsent = this.ctx.outbox.waiting;
      const go = async () => {
        await this.ctx.outbox.flush();
        if (this.ctx.outbox.waiting) return say(left, t("pl.unsent", { n: this.ctx.outbox.waiting }));
        await post(`/patrols/${this.patrol.id}/end`, { note: note.value.trim() });
        return done(true);
      };
      const left = h("p.error", { role: "alert" }, unsent ? t("pl.unsent", { n: unsent }) : "");
      return h("div.stack.pt-form",
        h("p", h("strong", t("pl.endSummary", { n: this.said.size, p: problems, g: this.praised }))), open > 0 && h("p.muted", t("pl.endOpen", { n: open })),
        h("label.field", h("span.label", t("pl.endNote")), note), left,
        h("div.btn-row.sheet-foot", press(t("pl.end"), go, ".primary.pt-big"), h("button.btn.pt-big", { type: "button", onclick: () => done() }, t("pk.cancel"))));
    });
    if (over) this.leave(t("pl.ended"));
  }
}

function placeWords(place) {
  const name = pick(place);
  const where = place.window ? [t("pl.atWindow", { win: place.window }), name].filter(Boolean).join(" ") : name;
  const minutes = Math.round(place.seconds / 60);
  if (place.seconds) return minutes ? t("pl.minutesAt", { where, n: place.times, m: minutes }) : `${t("pl.timesAt", { where, n: place.times })} ${lasted(place.seconds)}`;
  return place.times > 1 ? t("pl.timesAt", { where, n: place.times }) : where;
}
