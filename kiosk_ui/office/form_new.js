// A form to fill in: the annex's fields, and beside them at once what the rules say of it.
import { create, list, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { choice, text } from "./controls.js";
import { area, FIELDS } from "./form_fields.js";
import { findingList } from "./form_words.js";
import { section } from "./parts.js";
import { Table } from "./table.js";

const CHECK_AFTER = 400;
const byNumber = (a, b) => a.no.localeCompare(b.no, undefined, { numeric: true });
const filled = (value) => value !== null && value !== "" && value.length !== 0;

export function newForm(ctx, kind, words, name) {
  asked = "";
  const form = parts(ctx, kind, words);
  const says = h("div.stack", { "aria-live": "polite" }, h("p.muted", t("fm.checkNote")));
  const volume = h("div.stack");
  let timer = null;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => judge(kind, form, says), CHECK_AFTER);
    showVolume(volume, kind, form.chosen());
  };
  form.department.input.addEventListener("change", () => (form.refill(), changed()));
  form.refill();
  return {
    node: h("div.columns",
      section(t(`fm.new${words}`), h("p.muted", t(`fm.note${words}`)), sheet(kind, name, form, changed)),
      h("div.stack.beside", section(t("fm.rules"), says), volume)),
    update: () => {},
    stop: () => clearTimeout(timer),
  };
}

/** The fields in the order of the annex, and the leader's word, which shows itself where it is needed. */
function parts(ctx, kind, words) {
  const chief = ctx.who.role === "chief";
  const owners = chief ? ctx.catalog.departments.filter((d) => d.code === ctx.who.department) : ctx.catalog.departments;
  const department = choice("department", t("o.colDept"), null, owners.map((d) => [d.code, pick(d)]));
  const windows = ctx.live.list("window/").sort(byNumber);
  const own = FIELDS[kind](ctx, windows, (pool) => pool.filter((one) => one.department === department.value()));
  const lifts = [area("reason", t("fm.liftReason")), text("name", t("fm.liftName"), null, { maxlength: 60 })];
  const fields = [
    department,
    ...(chief ? [] : [text("applicant", t("fm.applicant"), null, { hint: t("fm.applicantNote"), maxlength: 60 })]),
    area("reason", t("fm.reason"), t("fm.reasonNote")),
    ...own.fields,
    area("measures", t("fm.measures"), t(`fm.measures${words}`)),
    text("contact", t("fm.contactName"), null, { maxlength: 60 }), text("phone", t("fm.phone"), null, { maxlength: 40 }),
  ];
  const lift = h("div.stack.lift", { hidden: true, role: "group", "aria-label": t("fm.liftTitle") },
    h("strong", t("fm.liftTitle")), h("small.muted", t("fm.liftNote")), lifts.map((f) => f.node));
  return { department, fields, lifts, lift, refill: own.refill, chosen: own.chosen };
}

/** What is sent: the fields that are filled, and the leader's word where it was asked for. */
function bodyOf({ fields, lift, lifts }) {
  const values = Object.fromEntries(fields.map((f) => [f.name, f.value()]).filter(([, value]) => filled(value)));
  const [reason, name] = lifts.map((f) => f.value());
  return !lift.hidden && reason && name ? { ...values, lift: { reason, name } } : values;
}

async function judge(kind, form, says) {
  const { lift: _, applicant: __, ...body } = bodyOf(form);
  const timed = body.from && (body.until || kind === "window-changes" || body.kind === "reopen");
  if (!body.windows || !timed) return;
  const items = await post(`/${kind}/check`, { reason: "–", ...body }).then((answer) => answer.items, (problem) => {
    if (problem.status === undefined) throw problem;
    return [{ weight: "refuse", text: fieldWords(problem) }];
  });
  put(says, findingList(items));
  form.lift.hidden = !items.some((one) => one.weight === "lift");
}

function sheet(kind, name, form, changed) {
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t("fm.save"));
  const send = async (event) => {
    event.preventDefault();
    key.disabled = true;
    say(error, "");
    try {
      const made = await create(`/${kind}`, bodyOf(form));
      location.hash = `#${name}/${made.id}`;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, fieldWords(problem));
      key.disabled = false;
    }
  };
  return h("form.stack.entry", { onsubmit: send, novalidate: true, oninput: changed, onchange: changed },
    form.fields.map((f) => f.node), form.lift, h("div.btn-row", key, h("a.btn", { href: `#${name}` }, t("o.cancel"))), error);
}

/** A refusal that names a field says which. */
const fieldWords = (problem) => {
  const field = String(problem.detail?.field || "").split(".")[0];
  return field && problem.code === "invalid" ? t("fm.wrong", { field: t(`fm.f.${field}`) }) : problem.message || t("o.lost");
};

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
