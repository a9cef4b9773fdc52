// An entry or an exit to fill in: the annex's fields, and beside them at once what the rules say of it.
import { create, list, post } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { choice, text } from "./controls.js";
import { area } from "./form_fields.js";
import { findingList } from "./form_words.js";
import { section } from "./parts.js";
import { sendPortrait } from "./picture.js";
import { fileField } from "./upload.js";

const CHECK_AFTER = 400;
const byNumber = (a, b) => a.no.localeCompare(b.no, undefined, { numeric: true });

export function newPosting(ctx, kind, person) {
  const says = h("div.stack", { "aria-live": "polite" }, h("p.muted", t("fm.checkNote")));
  const box = h("div", h("p.empty", t("o.loading")));
  list("/staff").then((people) => put(box, sheet(ctx, kind === "entry" ? entry(ctx) : exit(people, person), kind, says)), (error) => {
    put(box, h("p.band.amber", error.message || t("o.lost")));
  });
  const words = kind === "entry" ? "Entry" : "Exit";
  return {
    node: h("div.columns", section(t(`sf.new${words}`), h("p.muted", t(`sf.note${words}`)), box), h("div.stack.beside", section(t("fm.rules"), says))),
    update: () => {},
  };
}

function entry(ctx) {
  const own = ctx.live.list("window/").filter((w) => ctx.who.role !== "chief" || w.department === ctx.who.department).sort(byNumber);
  const window = choice("window", t("sf.home"), null, own.map((w) => [w.no, `${t("o.atWindow", { win: w.no })}　${ctx.name("departments", w.department)}`]));
  const department = () => own.find((w) => w.no === window.value())?.department;
  return {
    department,
    groups: [
      [t("sf.post"), [text("name", t("pf.name"), null, { maxlength: 40, "data-first": true }), text("staff_no", t("sf.staffNo"), null, { maxlength: 20 }),
        text("title", t("sf.job"), null, { maxlength: 40 }), window, text("since", t("pf.since"), null, { type: "date", min: isoDay() }), skills(ctx),
        text("employer", t("pf.employer"), null, { maxlength: 120 }), area("work", t("pf.work")), text("window_kind", t("pf.window_kind"), null, { maxlength: 60 }), area("services", t("pf.services"))]],
      [t("sf.trainings"), [proofs(), text("trained_on", t("sf.trainedOn"), null, { type: "date" }), text("trained_until", t("sf.trainedUntil"), null, { type: "date" }), photo()]],
      [t("sf.personal"), personal(), t("sf.personalNote")],
    ],
  };
}

function exit(people, person) {
  const mine = people.filter((p) => p.active && p.department && ["clerk", "chief"].includes(p.role));
  const who = choice("person", t("sf.who"), { person: Number(person) }, mine.map((p) => [p.id, p.window ? `${p.name}　${t("o.atWindow", { win: p.window })}` : p.name]));
  const number = { ...who, value: () => Number(who.value()) || null };
  return {
    department: () => mine.find((p) => p.id === number.value())?.department,
    groups: [
      [t("sf.post"), [number, text("since", t("pf.since"), null, { type: "date", hint: t("sf.sinceNote") }), text("until", t("pf.until"), null, { type: "date", min: isoDay() }), area("reason", t("pf.reason")),
        text("employer", t("pf.employer"), null, { maxlength: 120 }), text("window_kind", t("pf.window_kind"), null, { maxlength: 60 }), area("services", t("pf.services"))]],
      [t("sf.personal"), personal(), t("sf.personalExit")],
    ],
  };
}

const personal = () => [
  choice("gender", t("pf.gender"), null, [["", "–"], ["男", t("sf.male")], ["女", t("sf.female")]]), text("ethnicity", t("pf.ethnicity"), null, { maxlength: 20 }),
  text("born", t("pf.born"), null, { type: "month" }), text("politics", t("pf.politics"), null, { maxlength: 20 }), text("education", t("pf.education"), null, { maxlength: 20 }),
  text("phone", t("pf.phone"), null, { maxlength: 40, inputmode: "tel" }), text("school", t("pf.school"), null, { maxlength: 80 }),
  text("id_number", t("pf.id_number"), null, { maxlength: 18 }), text("standing", t("pf.standing"), null, { maxlength: 40 }),
];

function skills(ctx) {
  const boxes = ctx.catalog.services.map((s) => h("input", { type: "checkbox", value: s.code }));
  const node = h("details.field", h("summary", t("sf.skills")), h("div.ticks", ctx.catalog.services.map((s, i) => h("label.check", boxes[i], h("span", pick(s))))));
  return { name: "skills", node, value: () => boxes.filter((box) => box.checked).map((box) => box.value), fail: () => {} };
}

function proofs() {
  const field = fileField(t("sf.proofs"));
  return { ...field, name: "proofs", node: h("div", field.node, h("small.muted", t("sf.proofsNote"))), value: () => [], sent: field.ids };
}

function photo() {
  const error = h("span.error", { role: "alert" });
  const input = h("input.input", { type: "file", accept: "image/jpeg,image/png" });
  let kept = null;
  input.addEventListener("change", () => (kept = null));
  const sent = async () => (kept ??= input.files[0] ? await sendPortrait(input.files[0]) : null);
  return { name: "photo", node: h("label.field", h("span.label", t("sf.photo")), input, error), value: () => null, sent, fail: (words) => say(error, words) };
}

function sheet(ctx, { groups, department }, kind, says) {
  const applicant = ctx.who.role !== "chief" && text("applicant", t("fm.applicant"), null, { hint: t("fm.applicantNote"), maxlength: 60 });
  const lifts = [area("reason", t("fm.liftReason")), text("name", t("fm.liftName"), null, { maxlength: 60 })];
  const lift = h("div.stack.lift", { hidden: true, role: "group", "aria-label": t("fm.liftTitle") }, h("strong", t("fm.liftTitle")), h("small.muted", t("fm.liftNote")), lifts.map((f) => f.node));
  const fields = [...groups.flatMap(([, all]) => all), ...(applicant ? [applicant] : [])];
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t("fm.save"));
  const body = () => {
    const values = Object.fromEntries(fields.map((f) => [f.name, f.value()]).filter(([, value]) => value !== null && value !== "" && value.length !== 0));
    return { kind, department: department(), ...values };
  };
  let timer = null;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => judge(kind, body(), fields, says, lift), CHECK_AFTER);
  };
  const send = async (event) => {
    event.preventDefault();
    key.disabled = true;
    say(error, "");
    const [reason, name] = lifts.map((f) => f.value());
    try {
      const made = await create("/postings", { ...body(), ...(await uploads(fields)), ...(!lift.hidden && reason && name ? { lift: { reason, name } } : {}) });
      location.hash = `#postings/${made.id}`;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      wrong(problem, fields, error);
      key.disabled = false;
    }
  };
  return h("form.stack.entry", { onsubmit: send, novalidate: true, oninput: changed, onchange: changed },
    groups.map(([title, all, note]) => h("fieldset.stack.group", h("legend", title), note && h("small.muted", note), h("div.group-fields", all.map((f) => f.node)))),
    applicant && applicant.node, lift, h("div.btn-row", key, h("a.btn", { href: "#postings" }, t("o.cancel"))), error);
}

async function uploads(fields) {
  const found = {};
  for (const field of fields.filter((f) => f.sent)) {
    const sent = await field.sent();
    if (sent !== null) found[field.name] = sent;
  }
  return found;
}

/** A refusal that names a field stands at it. */
function wrong(problem, fields, error) {
  const name = String(problem.detail?.field || "").split(".").pop();
  const at = fields.find((f) => f.name === name);
  if (at) at.fail(problem.detail.reason && !at.value() ? t("sf.required") : problem.message);
  say(error, at ? t("fm.wrong", { field: at.node.querySelector("label, .label, summary")?.textContent || name }) : problem.message || t("o.lost"));
}

/** What the rules would say; a file that is chosen counts as its proof. */
async function judge(kind, body, fields, says, lift) {
  if (kind === "entry" ? !body.name || !body.since || !body.window : !body.person || !body.until) return;
  const chosen = fields.some((f) => f.name === "proofs" && f.node.querySelector("input").files.length);
  const asked = { ...body, ...(chosen ? { proofs: [0] } : {}), ...(kind === "exit" && !body.reason ? { reason: "–" } : {}), applicant: body.applicant || "–" };
  const items = await post("/postings/check", asked).then((answer) => answer.items, (problem) => {
    if (problem.status === undefined) throw problem;
    return [{ weight: "refuse", text: problem.message || t("o.lost") }];
  });
  put(says, findingList(items));
  lift.hidden = !items.some((one) => one.weight === "lift");
}
