// 首问转交 and 否定报备 at the terminal: written beside the visit that is open, if one is; and what came for the own department.
import { create, get, list, post } from "../shared/api.js";
import { shortDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "./sheets.js";

const field = (words, input, hint = "") => h("label.field", h("span.label", words), input, hint && h("small.hint", hint));
const line = (more = {}) => h("input.input", { maxlength: 100, autocomplete: "off", ...more });
const area = (more = {}) => h("textarea.input", { rows: 2, maxlength: 500, ...more });
const leave = (done) => h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"));

/** A form in a sheet: `send` returns what the clerk is then told; a refusal stands over the keys, and what was typed stays. */
function form(done, content, words, send) {
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, words);
  const submit = async (event) => {
    event.preventDefault();
    key.disabled = true;
    try {
      done(await send());
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.lost ? t("pk.lost") : problem.message);
    } finally {
      key.disabled = false;
    }
  };
  return h("form.stack", { onsubmit: submit }, content, error, h("div.btn-row.sheet-foot", key, leave(done)));
}

/** What stands open here as the sheet is opened goes with it. */
const about = (desk) => (desk.window?.ticket ? { window: desk.no, ticket: desk.window.ticket.id } : { window: desk.no });

/** Resolves with the words that the clerk is told, or null. */
export async function askReferral(desk) {
  const windows = (await list("/windows").catch(() => [])).filter((w) => w.clerk);
  return sheet(t("hg.pass"), (done) => {
    const person = h("select.input");
    const people = () => put(person, h("option", { value: "" }, t("hg.anybody")), windows.filter((w) => w.department === department.value)
      .map((w) => h("option", { value: w.clerk.id }, `${w.clerk.name} · ${t("pk.window", { win: w.no })}`)));
    const department = h("select.input", { "data-first": true, required: true, onchange: people }, h("option", { value: "" }),
      desk.catalog.departments.map((d) => h("option", { value: d.code }, pick(d))));
    const inputs = { matter: area({ required: true }), name: line(), phone: line({ inputmode: "tel", maxlength: 40 }), address: line({ maxlength: 200 }), message: area(), tel: line({ inputmode: "tel", maxlength: 40 }) };
    people();
    const visit = about(desk);
    const send = async () => {
      const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
      const made = await create("/referrals", { ...values, ...visit, department: department.value, ...(person.value ? { person: Number(person.value) } : {}) });
      return t(made.printed ? "hg.sent" : "hg.sentNoSlip", { no: made.no, dept: desk.named("departments", made.department) });
    };
    return form(done, [
      field(t("hg.department"), department), field(t("hg.person"), person), field(t("hg.matter"), inputs.matter, t("hg.matterHint")),
      field(t("hg.tel"), inputs.tel), field(t("hg.name"), inputs.name), field(t("hg.phone"), inputs.phone), field(t("hg.address"), inputs.address), field(t("hg.message"), inputs.message),
    ], t("hg.write"), send);
  });
}

/** Resolves with the words that the clerk is told, or null. */
export const askRefusal = (desk) =>
  sheet(t("hg.record"), (done) => {
    const [at, visit] = [desk.window?.ticket, about(desk)];
    const what = line({ required: true, maxlength: 200, "data-first": true, value: at ? desk.named("services", at.service) : "" });
    const reason = area({ required: true });
    const basis = line({ maxlength: 300 });
    const send = async () => {
      const made = await create("/refusals", { what: what.value.trim(), reason: reason.value.trim(), basis: basis.value.trim(), ...visit, ...(at ? { service: at.service } : {}) });
      return t("hg.recorded", { no: made.no });
    };
    return form(done, [h("p.hint", t("hg.refusalsNote")), field(t("hg.what"), what), field(t("hg.reason"), reason, t("ui.noNames")), field(t("hg.basis"), basis)], t("hg.save"), send);
  });

/** What was passed on to the own department and is open: taken, looked at, answered. */
export const showReferrals = (desk) =>
  sheet(t("hg.inbox"), (done) => {
    const box = h("ul.stack.handing");
    const again = async () => {
      const rows = await list("/referrals?open=1").catch(() => []);
      const own = rows.filter((row) => row.department === desk.window?.department);
      put(box, own.length ? own.map((row) => referralRow(row, again)) : h("li.empty", t("hg.empty")));
    };
    again();
    return [box, h("div.btn-row.sheet-foot", h("button.btn", { type: "button", "data-first": true, onclick: () => done() }, t("pk.close")))];
  });

function referralRow(row, again) {
  const error = h("p.error", { role: "alert" });
  const more = h("div.stack");
  const act = (words, work) => h("button.btn", { type: "button", onclick: async () => {
    try {
      await work();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.lost ? t("pk.lost") : problem.message);
    }
  } }, words);
  const look = async () => {
    const who = await get(`/referrals/${row.id}/identity`);
    put(more, h("dl.handing-who", ["name", "phone", "address", "message"].map((key) => h("div", h("dt", t(`hg.${key}`)), h("dd", who[key] || t("hg.none"))))));
  };
  const answer = () => {
    const words = area({ "aria-label": t("hg.answer") });
    put(more, field(t("hg.answer"), words, t("hg.answerHint")), act(t("hg.save"), async () => (await post(`/referrals/${row.id}/answer`, { answer: words.value }), again())));
    words.focus();
  };
  return h("li.band",
    h("strong", `${row.no}　${row.matter}`),
    h("p.muted", `${row.name} ${row.phone} · ${t("hg.due")} ${shortDay(row.due_day)} `, row.late && h("span.badge.red", t("hg.overdue"))),
    h("div.btn-row", row.state === "open" && act(t("hg.take"), async () => (await post(`/referrals/${row.id}/take`), again())), act(t("hg.look"), look), act(t("hg.answer"), answer)),
    more, error);
}
