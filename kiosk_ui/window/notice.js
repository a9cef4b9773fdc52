// 一次性告知: what is missing ticked from the item's own list, how to complete it, and the other parts, on one paper.
// Rule: what was typed survives a refusal, and a second request says why before it is sent.
import { create, get, post } from "../shared/api.js";
import { shortDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, spoken, t } from "../shared/i18n.js";
import { fault, keys, sheet } from "./sheets.js";

const ACCEPTED = ["later", "yes", "no"];
const FORMS = ["slip", "a4", "oral"];

/** `parking`: the body of a park that waits for it. Resolves with {words}, {quick: the body of the park} or null. */
export async function askNotice(desk, parking = null) {
  const then = desk.window;
  const form = await get(`/windows/${encodeURIComponent(desk.no)}/notice-form`);
  return sheet(t("ot.title"), (done) => new Sheet(desk, then, form, parking, done).node);
}

const field = (words, input, more = {}) => h("label.field", more, h("span.label", words), input);
const line = (value = "") => h("input.input", { value, maxlength: 200, autocomplete: "off" });
const area = (value, label) => h("textarea.input.notice-how", { rows: 2, maxlength: 1000, "aria-label": label, ...spoken(value) }, value);

/** One paper of the item's list: ticked, it says how it is completed. */
function paperRow(material, first, changed) {
  const name = pick(material);
  const box = h("input", { type: "checkbox", "data-first": first });
  const how = area(material.how, t("ot.howOf", { name }));
  const facts = [t("ot.copies", { form: t(`ot.form_${material.form}`), n: material.copies }), material.when && t("ot.only", { when: pick(material, "when") })];
  how.hidden = true;
  box.addEventListener("change", () => ((how.hidden = !box.checked), changed()));
  const node = h("li.notice-paper", h("label.notice-tick", box, h("span", h("strong", name), h("small", facts.filter(Boolean).join(" · ")))), how);
  return { node, read: () => (box.checked ? { name: material.name, how: how.value.trim() } : null) };
}

/** A paper that is not on the list. */
function ownRow(changed) {
  const name = h("input.input", { maxlength: 100, autocomplete: "off", placeholder: t("ot.ownName"), "aria-label": t("ot.ownName") });
  const how = h("input.input", { maxlength: 1000, autocomplete: "off", placeholder: t("ot.how"), "aria-label": t("ot.how") });
  name.addEventListener("input", changed);
  return { node: h("li.notice-own", name, how), read: () => (name.value.trim() ? { name: name.value.trim(), how: how.value.trim() } : null), name };
}

class Sheet {
  constructor(desk, then, form, parking, done) {
    Object.assign(this, { desk, then, form, parking, done, second: form.requests > 0, touched: false });
    const changed = () => this.changed();
    this.papers = form.guide.materials.map((material, i) => paperRow(material, i === 0, changed));
    this.own = [ownRow(changed)];
    if (!this.papers.length) this.own[0].name.setAttribute("data-first", "");
    this.list = h("ul.notice-list", this.papers.map((row) => row.node), this.own.map((row) => row.node));
    this.count = h("p.notice-count", { role: "status" });
    this.why = h("input.input", { maxlength: 200, autocomplete: "off" });
    this.error = h("p.error", { role: "alert" });
    this.band = h("div.band.amber.notice-second", { hidden: !this.second }, h("strong", t("ot.second", { n: Math.max(1, form.requests) })), h("p", t("ot.secondSub")), field(t("ot.why"), this.why));
    this.parts();
    this.feet();
    this.node = h("form.stack.notice", { onsubmit: (event) => (event.preventDefault(), this.send(event.submitter?.value !== "only")) },
      h("p.hint", t("ot.sheetSub", { no: form.number, svc: pick(form.guide) })),
      this.band,
      form.permit && h("p.band", t("ot.permit")),
      h("fieldset.options", h("legend", t("ot.missing")), this.papers.length === 0 && h("p.hint", t(form.guide.version ? "ot.noMaterials" : "ot.noGuide")), this.list,
        h("button.btn.quiet", { type: "button", onclick: () => this.another() }, t("ot.addOwn")), h("p.hint", t("ui.noDocuments"))),
      h("details.notice-more", h("summary", t("ot.more")), h("div.stack", this.accepted, this.reason, this.special, this.next, this.fee, this.caseNo, this.where, this.how)),
      this.error, h("div.sheet-foot.stack", this.count, this.feet.node));
    this.changed();
  }

  /** The four parts beside the papers, as the guide has them. */
  parts() {
    const { proposal } = this.form;
    [this.accepted, this.readAccepted, this.setAccepted] = keys("accepted", t("ot.accepted"), ACCEPTED.map((code) => [code, t(`ot.accepted_${code}`)]), "later");
    [this.where, this.readWhere] = keys("where", t("ot.where"), [["", t("vs.own")], ["any", t("vs.any")]], this.parking?.any_window ? "any" : "");
    const forms = this.form.permit ? FORMS.slice(0, 2) : FORMS;
    [this.how, this.readForm] = keys("form", t("ot.form"), forms.map((code) => [code, t(`ot.form_${code}`)]), "slip");
    this.inputs = { reason: line(), special: line(proposal.special), next: line(proposal.next), fee: line(proposal.fee) };
    this.reason = field(t("ot.reason"), this.inputs.reason);
    this.special = field(t("ot.special"), this.inputs.special);
    this.next = field(t("ot.next"), this.inputs.next);
    this.fee = field(t("ot.fee"), this.inputs.fee);
    this.case = h("input.input", { maxlength: 64, autocomplete: "off" });
    this.caseNo = field(t("ot.caseNo"), this.case);
    this.accepted.addEventListener("change", () => ((this.touched = true), this.changed()));
    this.how.addEventListener("change", () => this.changed());
  }

  feet() {
    this.go = h("button.btn.primary", { type: "submit", value: "aside" });
    this.only = h("button.btn", { type: "submit", value: "only" }, t("ot.printOnly"));
    const quick = this.parking && h("button.btn.quiet", { type: "button", title: t("ot.quickSub"), onclick: () => this.done({ quick: { ...this.parking, seen: this.desk.seenSince(this.then) } }) }, t("ot.quick"));
    const back = h("button.btn", { type: "button", onclick: () => this.done() }, t("pk.cancel"));
    this.feet.node = h("div.btn-row", this.go, this.only, back, quick);
  }

  another() {
    const row = ownRow(() => this.changed());
    this.own.push(row);
    this.list.append(row.node);
    row.name.focus();
  }

  missing() {
    return [...this.papers, ...this.own].map((row) => row.read()).filter(Boolean);
  }

  /** Whether the visit is set aside: with papers to fetch, unless it is refused or told by telephone. */
  get aside() {
    return this.missing().length > 0 && this.readAccepted() !== "no" && this.readForm() !== "oral";
  }

  changed() {
    const n = this.missing().length;
    if (!this.touched) this.setAccepted(n ? "later" : "yes");
    const asks = this.second && n > 0;
    say(this.count, n ? [t("ot.count", { n }), this.aside && !asks && t("ot.returnsBy", { d: shortDay(this.form.return_by) })].filter(Boolean).join("　") : t("ot.countNone"));
    put(this.go, t(asks ? "ot.send" : this.aside ? "ot.printPark" : this.readForm() === "oral" ? "ot.record" : "ot.printOnly"));
    this.only.hidden = !this.aside || asks;
    say(this.reason.querySelector(".label"), t(this.readAccepted() === "no" ? "ot.reasonNo" : "ot.reason"));
  }

  body(aside) {
    const words = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, input.value.trim()]));
    return {
      content: { missing: this.missing(), accepted: this.readAccepted(), ...words }, case_no: this.case.value.trim() || null,
      why: this.second && this.missing().length ? this.why.value.trim() : "", aside: aside && this.aside, any_window: this.readWhere() === "any",
      form: this.readForm(), seen: this.desk.seenSince(this.then),
    };
  }

  async send(aside) {
    if (this.second && this.missing().length && !this.why.value.trim()) return void fault(this.why, t("oc.needReason"));
    if (this.readAccepted() === "no" && !this.inputs.reason.value.trim()) return void this.wants(this.inputs.reason, t("ot.reasonNo"));
    if (this.readAccepted() === "later" && !this.missing().length) return void this.wants(this.own[0].name, t("ot.needPaper"));
    this.go.disabled = true;
    say(this.error, "");
    try {
      const made = await create(`/windows/${encodeURIComponent(this.desk.no)}/notices`, this.body(aside));
      await this.desk.live.seen(made.seq);
      this.given(made);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      if (problem.detail?.field === "why") this.asksAgain();
      else say(this.error, problem.lost ? t("pk.lost") : problem.message);
    } finally {
      this.go.disabled = false;
    }
  }

  /** By the case number the hub knows of a request that this number has not had. */
  asksAgain() {
    this.second = true;
    this.band.hidden = false;
    this.changed();
    this.why.focus();
  }

  wants(input, words) {
    this.node.querySelector("details").open = true;
    fault(input, words);
  }

  /** On A4 the page is opened by a press of its own, which no browser blocks. */
  given(made) {
    if (made.state === "asked") return this.done({ words: t("ot.waits") });
    const words = t(`ot.done_${made.form}`, { no: made.no });
    if (made.form !== "a4") return this.done({ words });
    put(this.node, h("p.band", words), h("div.btn-row.sheet-foot",
      h("a.btn.primary", { href: pageOf(made), target: "_blank", onclick: () => this.done({ words }) }, t("ot.openA4")),
      h("button.btn", { type: "button", onclick: () => this.done({ words }) }, t("pk.close"))));
    this.node.querySelector("a").focus();
  }
}

const pageOf = (notice) => `/window/notices/${notice.id}/print`;

/** What this window has given today: once more on a slip, or as the A4 page. Resolves with what to say, or null. */
export async function todaysNotices(desk) {
  const { items } = await get(`/windows/${encodeURIComponent(desk.no)}/notices`);
  return sheet(t("ot.todays"), (done) => h("div.stack",
    items.length ? h("ul.notice-list", items.map((notice) => todaysRow(notice, done))) : h("p.empty", t("ot.todaysNone")),
    h("div.btn-row.sheet-foot", h("button.btn", { type: "button", "data-first": true, onclick: () => done() }, t("pk.close")))));
}

function todaysRow(notice, done) {
  const error = h("p.error", { role: "alert" });
  const again = async () => {
    try {
      const { printed } = await post(`/one-time-notices/${notice.id}/print`);
      if (printed) done(t("ot.again"));
      else say(error, t("ot.noPrinter"));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.lost ? t("pk.lost") : problem.message);
    }
  };
  return h("li.notice-today", h("span", h("strong.num", `${notice.no || "—"}　${notice.number}`), h("small", t(`ot.state_${notice.state}`), notice.said && `　${t(notice.state === "refused" ? "ot.refusedBy" : "ot.approvedBy", notice)}`)),
    notice.no && h("span.btn-row", h("button.btn", { type: "button", onclick: again }, t("ot.printAgain")), h("a.btn", { href: pageOf(notice), target: "_blank" }, t("ot.openA4"))), error);
}
