// Entry and exit forms: the list, one form with its steps, a new one.
import { get, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { text } from "./controls.js";
import { findingList, mayWrite } from "./form_words.js";
import { act, join, load, section, when } from "./parts.js";
import { newPosting } from "./posting_new.js";
import { Table } from "./table.js";

const STATE = { draft: "plain", signed: "amber", approved: "green", ended: "plain", refused: "red", withdrawn: "plain" };
const ASKS = { sign: ["opinion"], approve: ["answer"], refuse: ["why"], withdraw: ["why"] };
const PERSONAL = ["gender", "ethnicity", "born", "politics", "education", "phone", "school", "id_number", "standing"];

export const postingState = (f) => h(`span.badge.${STATE[f.state]}`, t(`fm.st.${f.state}`));
const kindOf = (f) => t(`sf.kind${f.kind === "entry" ? "Entry" : "Exit"}`);

export function postings(ctx, id) {
  if (id === "entry" || id?.startsWith("exit")) return newPosting(ctx, ...id.split("-"));
  return id ? detail(ctx, id) : overview(ctx);
}

function overview(ctx) {
  const box = h("div");
  load(box, "/postings", (items) => put(box, new Table([
    { key: "id", label: t("fm.no"), tight: true, value: (f) => f.id, cell: (f) => h("a", { href: `#postings/${f.id}` }, t("fm.noIs", { n: f.id })) },
    { key: "kind", label: t("o.colKind"), tight: true, value: kindOf },
    { key: "name", label: t("o.colName"), tight: true, value: (f) => f.name, cell: (f) => (f.person ? h("a", { href: `#person/${f.person}` }, f.name) : f.name) },
    { key: "dept", label: t("o.colDept"), value: (f) => ctx.name("departments", f.department) },
    { key: "window", label: t("o.colWindow"), value: (f) => f.window || "" },
    { key: "days", label: t("sf.days"), tight: true, value: (f) => f.until || f.since, cell: (f) => [f.since, f.until].filter(Boolean).join(" — ") },
    { key: "state", label: t("o.colState"), tight: true, value: (f) => f.state, cell: (f) => [postingState(f), f.lifted.length > 0 && h("span.block", h("span.badge.amber", t("fm.lifted")))] },
  ], { empty: t("sf.postingsNone"), sort: "id", down: true, caption: t("sf.postings") }).set(items).node));
  return {
    node: section(t("sf.postings"), h("p.muted", t("sf.notePostings")),
      mayWrite(ctx) && h("div.bar", h("a.btn.primary", { href: "#postings/entry" }, t("sf.newEntry")), h("a.btn", { href: "#postings/exit" }, t("sf.newExit"))), box),
    update: () => {},
  };
}

function detail(ctx, id) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const show = (form) => put(box, drawn(ctx, form, show));
  get(`/postings/${encodeURIComponent(id)}`).then(show, (error) => {
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.message || t("o.lost")));
  });
  return { node: box, update: () => {} };
}

function drawn(ctx, form, show) {
  const title = `${t("fm.noIs", { n: form.id })}　${kindOf(form)}　${form.name}`;
  return [
    section(title,
      h("div.bar", h("a", { href: "#postings" }, t("fm.back")), postingState(form),
        h("a.btn", { href: `/office/postings/${form.id}/print`, target: "_blank" }, t("fm.print"))),
      form.findings && h("div.stack", h("h3", t("fm.rules")), findingList(form.findings)),
      facts(rows(ctx, form)),
      form.personal && (form.cleared_at || PERSONAL.some((name) => form.personal[name])) && [h("h3", t("sf.personal")), form.cleared_at ? h("p.muted", t("sf.cleared", { t: when(form.cleared_at) })) : facts(PERSONAL.map((name) => [t(`pf.${name}`), form.personal[name]]))],
      form.files?.length > 0 && h("div.stack", h("h3", t("sf.files")), h("ul", form.files.map((f) => h("li", h("a", { href: `/api/v1/postings/${form.id}/files/${f.id}`, target: "_blank" }, f.name)))))),
    form.next.length > 0 && section(t("fm.steps"), form.next.map((step) => stepForm(ctx, form, step, show))),
    form.kind === "exit" && section(t("sf.handed"), h("p.muted", t("sf.handedNote")), handed(ctx, form, show)),
  ];
}

const facts = (pairs) => h("dl.facts", pairs.filter(([, value]) => value).map(([label, value]) => [h("dt", label), h("dd", value)]));

function rows(ctx, form) {
  return [
    [t("o.colDept"), ctx.name("departments", form.department)],
    [t("sf.staffNo"), form.staff_no],
    [t("sf.job"), form.title],
    [t("sf.home"), form.window && t("o.atWindow", { win: form.window })],
    [t("pf.employer"), form.employer],
    [t("pf.work"), form.work],
    [t("pf.window_kind"), form.window_kind],
    [t("pf.services"), form.services],
    [t("sf.skills"), join(form.skills.map((code) => ctx.name("services", code)))],
    [t("pf.since"), form.since],
    [t("pf.until"), form.until],
    [t("pf.reason"), form.reason],
    [t("sf.trainedOn"), form.trained_on],
    [t("sf.trainedUntil"), form.trained_until],
    [t("pf.remark"), form.remark],
    [t("fm.applicant"), form.applicant],
    [t("pf.unit"), form.signed_at && [form.signed_by, when(form.signed_at), form.opinion].filter(Boolean).join("　")],
    [t("pf.centre"), form.approved_at && [form.approved_by, when(form.approved_at), form.answer].filter(Boolean).join("　")],
    [t("fm.ended"), form.ended_at && [when(form.ended_at), form.ended_by === "hub" ? t("fm.byItself") : form.ended_by, form.why].filter(Boolean).join("　")],
    [t("fm.lifted"), form.lift_name && [form.lift_reason, form.lift_name].join("　")],
  ];
}

/** A step with what it asks for; a refusal stands beneath it in words. */
function stepForm(ctx, form, step, show) {
  const needsLift = ["sign", "approve"].includes(step) && !form.lift_name && (form.findings || []).some((one) => one.weight === "lift");
  const fields = ASKS[step].map((name) => text(name, t(`fm.${name}`), null, { maxlength: 500 }));
  const signer = step === "sign" && ctx.who.role !== "chief" && text("name", t("fm.signer"), null, { maxlength: 60 });
  const lifts = needsLift ? [text("reason", t("fm.liftReason"), null, { maxlength: 500 }), text("name", t("fm.liftName"), null, { maxlength: 60 })] : [];
  const error = h("p.error", { role: "alert" });
  const button = h(`button.btn${["sign", "approve"].includes(step) ? ".primary" : ""}`, { type: "submit" }, t(`fm.do.${step}`));
  const send = async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(error, "");
    const body = Object.fromEntries([signer, ...fields].filter(Boolean).map((f) => [f.name, f.value()]).filter(([, value]) => value));
    const [reason, name] = lifts.map((f) => f.value());
    if (reason && name) body.lift = { reason, name };
    try {
      show(await post(`/postings/${form.id}/${step}`, body));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
      button.disabled = false;
    }
  };
  return h("form.form-step", { onsubmit: send, novalidate: true }, [signer, ...fields, ...lifts].filter(Boolean).map((f) => f.node), h("div.form-go", button, error));
}

function handed(ctx, form, show) {
  const writes = mayWrite(ctx) && form.state !== "refused" && form.state !== "withdrawn";
  const set = (item, done) => act(t(done ? "sf.done" : "sf.undone"), async () => show(await post(`/postings/${form.id}/handed`, { item, done })));
  return new Table([
    { key: "item", label: t("sf.handed"), cell: (r) => [t(`sf.item.${r.item}`), r.item === "attendance" && h("a.block", { href: `#record/${form.person}` }, t("sf.record"))] },
    { key: "by", label: t("sf.by"), cell: (r) => (r.by ? [h("span.badge.green", t("sf.done")), h("small.block", `${r.by}　${when(r.at)}`)] : h("span.badge.amber", t("sf.open"))) },
    ...(writes ? [{ key: "do", label: t("o.colActions"), cell: (r) => set(r.item, !r.by) }] : []),
  ], { empty: "", caption: t("sf.handed") }).set(form.handed).node;
}
