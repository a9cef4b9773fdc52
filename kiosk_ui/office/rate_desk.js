// Rating at a desk: the citizen says or points, a guide or the office enters it. It is marked as assisted.
import { create, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { has, pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";

const LEVELS = [5, 4, 3, 2, 1];
const BAD = 2;

const input = (props) => h("input.input", { required: true, autocomplete: "off", ...props });
const field = (label, node) => h("label.field", h("span.label", label), node);

/** A row of radio buttons: [node, read]. */
function radios(name, legend, options, changed) {
  const keys = options.map(([value, words]) =>
    h("label.option", h("input", { type: "radio", name, value, required: true, onchange: changed }), h("span.btn", words)));
  const node = h("fieldset.options", h("legend", legend), h("div.btn-row", keys));
  return [node, () => node.querySelector("input:checked")?.value];
}

/** Asks for number (unless it is known) and code, then for the rating; resolves with the number that was rated, or null. */
export const rateAt = (known = "") => sheet(t("rt.desk"), (done) => {
  const box = h("div.stack");
  put(box, codeForm(known, (ticket) => put(box, ratingForm(ticket, done)), done));
  return [h("p.muted", t("rt.deskHow")), box];
});

const foot = (send, done) => h("div.btn-row.sheet-foot", send, h("button.btn", { type: "button", onclick: () => done() }, t("rt.deskCancel")));

/** A form whose refusal stands under it. */
function form(send, ...content) {
  const error = h("p.error", { role: "alert" });
  const sent = async (event) => {
    event.preventDefault();
    say(error, "");
    try {
      await send();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("net.lost"));
    }
  };
  return h("form.stack", { onsubmit: sent }, ...content.slice(0, -1), error, content.at(-1));
}

function codeForm(known, next, done) {
  const number = input({ maxlength: 16, value: known, autocapitalize: "characters", "data-first": !known });
  const code = input({ maxlength: 4, inputmode: "numeric", "data-first": Boolean(known) });
  const send = async () => {
    const wish = { number: number.value.trim(), check_code: code.value.trim() };
    next({ ...wish, visits: (await post("/ratings/find", wish)).items });
  };
  return form(send, field(t("rt.deskNumber"), number), field(t("rt.deskCode"), code),
    foot(h("button.btn.primary", { type: "submit" }, t("rt.deskFind")), done));
}

function ratingForm(ticket, done) {
  const words = (visit) => [t("rt.visit", { win: visit.window, svc: pick(visit) }), `${hm(visit.at)}`, visit.rated && t("rt.rated")].filter(Boolean).join("　");
  const several = ticket.visits.length > 1;
  const visit = several && h("select.input", ticket.visits.map((each) => h("option", { value: each.visit }, words(each))));
  const [levels, level] = radios("level", t("rt.deskLevel"), LEVELS.map((n) => [n, t(`r.${n}`)]), () => drawWhy());
  const why = h("div", { hidden: true });
  const comment = h("textarea.input", { rows: 2, maxlength: 500 });
  const drawWhy = () => (why.hidden = Number(level()) > BAD);
  put(why, reasonBoxes());
  const send = async () => {
    const reasons = why.hidden ? [] : [...why.querySelectorAll("input:checked")].map((box) => box.value);
    const body = { number: ticket.number, check_code: ticket.check_code, level: Number(level()), reasons, comment: comment.value };
    await create("/ratings", { ...body, visit: Number(visit ? visit.value : ticket.visits[0].visit) });
    done(ticket.number);
  };
  return form(send, several ? field(t("rt.which"), visit) : h("p", h("strong", words(ticket.visits[0]))), levels, why,
    field(t("rt.deskComment"), comment), foot(h("button.btn.primary", { type: "submit" }, t("rt.deskSend")), done));
}

function reasonBoxes() {
  const listed = boot.reasons.filter((reason) => reason.active && reason.of === "bad");
  const box = (reason) => h("label.option", h("input", { type: "checkbox", value: reason.code }),
    h("span.btn", pick(reason), reason.code === "clean" && h("small.muted", `　${t("r.clean.note")}`)));
  return [...new Set(listed.map((reason) => reason.group))].map((group) =>
    h("fieldset.options", h("legend", has(`r.${group}`) ? t(`r.${group}`) : group),
      h("div.btn-row", listed.filter((reason) => reason.group === group).map(box))));
}
