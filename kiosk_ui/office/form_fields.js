// The fields of the annexes M1, M2 and M3: controls of forms that depend on the department and the kind chosen.
import { list } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { field } from "../window/sign_in.js";
import { choice, text, time } from "./controls.js";

/** Several of some options, as boxes to tick. */
function boxes(name, label, options) {
  const error = h("span.error", { role: "alert" });
  const box = h("div.ticks");
  const node = h("fieldset.field.ticks-field", h("legend.label", label), box, error);
  const set = (rows) => put(box, rows.length ? rows.map(([value, words]) =>
    h("label.check", h("input", { type: "checkbox", value }), h("span", words))) : h("span.muted", t("o.none")));
  set(options);
  return { name, node, set, value: () => [...box.querySelectorAll("input:checked")].map((i) => i.value), fail: (words) => say(error, words) };
}

export function area(name, label, hint) {
  const error = h("span.error", { role: "alert" });
  const input = h("textarea.input", { rows: 2, maxlength: 2000 });
  return { name, input, node: h("label.field", h("span.label", label), hint && h("small.muted", hint), input, error), value: () => input.value.trim(), fail: (words) => say(error, words) };
}

/** A day and a clock time; without the time the whole day counts. */
function moment(name, label) {
  const day = field(t("fm.day"), { type: "date", min: isoDay() });
  const clock = time("clock", t("fm.clock"), null, {});
  const error = h("span.error", { role: "alert" });
  const node = h("fieldset.field.ticks-field", h("legend.label", label), h("div.moment", day.node, clock.node), error);
  return { name, input: day.input, node, value: () => (day.value() ? `${day.value()}T${clock.value() || "00:00"}` : null), fail: (words) => say(error, words) };
}

function advisers() {
  const rows = [0, 1, 2].map((n) => [
    h("input.input", { "aria-label": t("fm.adviserName", { n: n + 1 }), placeholder: t("o.colName"), maxlength: 60 }),
    h("input.input", { "aria-label": t("fm.adviserPhone", { n: n + 1 }), placeholder: t("fm.phone"), maxlength: 40 }),
  ]);
  const value = () => rows.map(([name, phone]) => ({ name: name.value.trim(), phone: phone.value.trim() })).filter((a) => a.name && a.phone);
  const error = h("span.error", { role: "alert" });
  return { name: "advisers", node: h("fieldset.field.ticks-field", h("legend.label", t("fm.advisers")), h("small.muted", t("fm.advisersNote")), rows.map((row) => h("div.moment", row)), error), value, fail: (words) => say(error, words) };
}

/** {fields, refill(): options anew, chosen(): windows whose volume is asked} */
function closureFields(ctx, windows, ofUnit) {
  const kind = choice("kind", t("fm.kind"), null, ["close", "season", "reopen"].map((k) => [k, t(`fm.kind.${k}`)]));
  const which = boxes("windows", t("fm.windows"), []);
  const from = moment("from", t("fm.from"));
  const until = moment("until", t("fm.until"));
  const to = choice("to_window", t("fm.to"), null, [["", t("fm.toOthers")]]);
  const refill = () => {
    const back = kind.value() === "reopen";
    which.set(ofUnit(windows).filter((w) => Boolean(w.closed) === back).map((w) => [w.no, t("o.atWindow", { win: w.no })]));
    put(to.input, h("option", { value: "" }, t("fm.toOthers")), windows.filter((w) => !w.closed).map((w) => h("option", { value: w.no }, t("o.atWindow", { win: w.no }))));
    until.node.hidden = to.node.hidden = back;
  };
  kind.input.addEventListener("change", refill);
  const ends = { ...until, value: () => (kind.value() === "reopen" ? null : until.value()) };
  return { fields: [kind, which, from, ends, to], refill, chosen: () => which.value() };
}

function stopFields(ctx, windows, ofUnit) {
  const which = boxes("services", t("fm.services"), []);
  const where = boxes("windows", t("fm.adviceAt"), []);
  const refill = () => {
    const mine = ofUnit(windows);
    const codes = [...new Set(mine.flatMap((w) => w.services))];
    which.set(codes.map((code) => [code, ctx.name("services", code)]));
    where.set(mine.map((w) => [w.no, t("o.atWindow", { win: w.no })]));
  };
  const fields = [text("document", t("fm.document"), null, { maxlength: 120 }), area("content", t("fm.content")), which, where,
    moment("from", t("fm.from")), moment("until", t("fm.until")), advisers(), area("publicity", t("fm.publicity"))];
  return { fields, refill, chosen: () => [] };
}

function changeFields(ctx, windows, ofUnit) {
  const kind = choice("kind", t("fm.changeWhy"), null, [["add", t("fm.kind.add")], ["remove", t("fm.kind.remove")]]);
  const which = boxes("windows", t("fm.windows"), []);
  const fresh = text("windows", t("fm.newWindows"), null, { hint: t("fm.newWindowsNote"), maxlength: 120 });
  const offers = boxes("services", t("fm.offers"), []);
  const zone = choice("zone", t("fm.zone"), null, (ctx.catalog.zones || []).map((z) => [z.code, pick(z)]));
  const to = choice("to_window", t("fm.movedTo"), null, [["", t("fm.notMoved")]]);
  const adds = () => kind.value() === "add";
  const refill = () => {
    which.set(ofUnit(windows).map((w) => [w.no, t("o.atWindow", { win: w.no })]));
    put(to.input, h("option", { value: "" }, t("fm.notMoved")), windows.map((w) => h("option", { value: w.no }, t("o.atWindow", { win: w.no }))));
    list("/services").then((rows) => offers.set(rows.filter((s) => ofUnit([s]).length).map((s) => [s.code, pick(s)])), () => {});
    fresh.node.hidden = zone.node.hidden = offers.node.hidden = !adds();
    which.node.hidden = to.node.hidden = adds();
  };
  kind.input.addEventListener("change", refill);
  const numbers = () => fresh.value().split(/[,，、\s]+/).filter(Boolean);
  const only = (on, control) => ({ ...control, value: () => (on() ? control.value() : null) });
  const named = { name: "windows", node: h("div", which.node, fresh.node), value: () => (adds() ? numbers() : which.value()) };
  return { fields: [kind, named, only(adds, zone), moment("from", t("fm.begins")), only(adds, offers), area("business", t("fm.business")), area("equipment", t("fm.equipment")), only(() => !adds(), to)], refill, chosen: () => [] };
}

export const FIELDS = { closures: closureFields, suspensions: stopFields, "window-changes": changeFields };
