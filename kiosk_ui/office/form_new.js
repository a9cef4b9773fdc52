// A form to fill in: the annex's fields, and beside them at once what the rules say of it.
import { create, list, post } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { field } from "../window/sign_in.js";
import { choice, text, time } from "./controls.js";
import { findingList } from "./form_words.js";
import { section } from "./parts.js";
import { Table } from "./table.js";

const CHECK_AFTER = 400;
const byNumber = (a, b) => a.localeCompare(b, undefined, { numeric: true });

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

function area(name, label, hint) {
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

export function newForm(ctx, kind, words, name) {
  const windows = ctx.live.list("window/").sort((a, b) => byNumber(a.no, b.no));
  const owners = ctx.who.role === "chief" ? ctx.catalog.departments.filter((d) => d.code === ctx.who.department) : ctx.catalog.departments;
  const department = choice("department", t("o.colDept"), { department: owners[0]?.code }, owners.map((d) => [d.code, pick(d)]));
  const ofUnit = (pool) => pool.filter((w) => w.department === department.value());
  const part = { closures: closureFields, suspensions: stopFields, "window-changes": changeFields }[kind](ctx, windows, ofUnit);
  const common = [
    area("measures", t("fm.measures"), t(`fm.measures${words}`)),
    text("contact", t("fm.contactName"), null, { maxlength: 60 }), text("phone", t("fm.phone"), null, { maxlength: 40 }),
  ];
  const applicant = ctx.who.role === "chief" ? [] : [text("applicant", t("fm.applicant"), null, { hint: t("fm.applicantNote"), maxlength: 60 })];
  const lifts = [area("reason", t("fm.liftReason")), text("name", t("fm.liftName"), null, { maxlength: 60 })];
  const fields = [department, ...applicant, area("reason", t("fm.reason"), t("fm.reasonNote")), ...part.fields, ...common];
  return page({ ctx, kind, words, name, fields, lifts, department, part });
}

function page({ ctx, kind, words, name, fields, lifts, department, part }) {
  const says = h("div.stack", { "aria-live": "polite" }, h("p.muted", t("fm.checkNote")));
  const volume = h("div.stack");
  const lift = h("div.stack.lift", { hidden: true, role: "group", "aria-label": t("fm.liftTitle") }, h("strong", t("fm.liftTitle")), h("small.muted", t("fm.liftNote")), lifts.map((f) => f.node));
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t("fm.save"));
  const body = () => {
    const values = Object.fromEntries(fields.map((f) => [f.name, f.value()]).filter(([, value]) => value !== null && value !== "" && value.length !== 0));
    const [reason, who] = lifts.map((f) => f.value());
    return !lift.hidden && reason && who ? { ...values, lift: { reason, name: who } } : values;
  };
  const judge = async () => {
    const { lift: _, applicant: __, ...form } = body();
    if (!form.windows || !form.from || (kind !== "window-changes" && form.kind !== "reopen" && !form.until)) return;
    const items = await post(`/${kind}/check`, { reason: "–", ...form }).then((answer) => answer.items, (problem) => {
      if (problem.status === undefined) throw problem;
      return [{ weight: "refuse", text: fieldWords(problem) }];
    });
    put(says, findingList(items));
    lift.hidden = !items.some((one) => one.weight === "lift");
  };
  let timer = null;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(judge, CHECK_AFTER);
  };
  const again = () => (part.refill(), changed(), showVolume(volume, kind, part.chosen()));
  department.input.addEventListener("change", again);
  const send = async (event) => {
    event.preventDefault();
    key.disabled = true;
    say(error, "");
    try {
      const made = await create(`/${kind}`, body());
      location.hash = `#${name}/${made.id}`;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, fieldWords(problem));
      key.disabled = false;
    }
  };
  part.refill();
  const form = h("form.stack.entry", { onsubmit: send, novalidate: true, oninput: changed, onchange: () => (changed(), showVolume(volume, kind, part.chosen())) },
    fields.map((f) => f.node), lift, h("div.btn-row", key, h("a.btn", { href: `#${name}` }, t("o.cancel"))), error);
  return {
    node: h("div.columns", section(t(`fm.new${words}`), h("p.muted", t(`fm.note${words}`)), form),
      h("div.stack.beside", section(t("fm.rules"), says), volume)),
    update: () => {},
    stop: () => clearTimeout(timer),
  };
}

/** A refusal that names a field says which. */
const fieldWords = (problem) => {
  const field = String(problem.detail?.field || "").split(".")[0];
  return field && problem.code === "invalid" ? t("fm.wrong", { field: t(`fm.f.${field}`) }) : problem.message || t("o.lost");
};

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
  const kind = choice("kind", t("fm.why"), null, [["add", t("fm.kind.add")], ["remove", t("fm.kind.remove")]]);
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

let asked = "";

/** B09: how busy these windows' business is, hour by hour, from the hall's own records. */
async function showVolume(box, kind, windows) {
  const wish = windows.join();
  if (kind !== "closures" || wish === asked) return;
  asked = wish;
  if (!wish) return put(box);
  const items = await list(`/forms/volume?windows=${encodeURIComponent(wish)}`).catch(() => []);
  if (asked !== wish) return;
  put(box, section(t("fm.volume"), h("p.muted", t("fm.volumeNote")), new Table([
    { key: "hour", label: t("fm.hour"), value: (r) => r.hour, cell: (r) => `${String(r.hour).padStart(2, "0")}:00` },
    { key: "visits", label: t("fm.visits"), right: true, value: (r) => r.visits },
    { key: "percent", label: t("fm.percent"), right: true, value: (r) => r.percent, cell: (r) => h(`span.badge.${r.percent > 100 ? "amber" : "plain"}`, `${r.percent}%`) },
  ], { empty: t("fm.volumeEmpty"), sort: "hour", caption: t("fm.volume") }).set(items).node));
}
