// One form: its fields as in the annex, what the rules say, the steps that this person may take, who has shown it.
import { get, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { choice, text } from "./controls.js";
import { findingList, kindName, nextWords, services, span, stateBadge } from "./form_words.js";
import { dayTime, join, section, when } from "./parts.js";
import { Table } from "./table.js";

const STRONG = ["sign", "approve", "publish"];
const ASKS = { sign: ["opinion"], approve: ["answer", "head"], refuse: ["why"], withdraw: ["why"], end: ["why"] };

export function formDetail(ctx, kind, id, name) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const show = (form) => put(box, drawn(ctx, kind, form, name, show));
  get(`/${kind}/${encodeURIComponent(id)}`).then(show, (error) => {
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.message || t("o.lost")));
  });
  return { node: box, update: () => {} };
}

function drawn(ctx, kind, form, name, show) {
  const title = `${t("fm.noIs", { n: form.id })}　${kindName(form)}　${ctx.name("departments", form.department)}`;
  return [
    section(title,
      h("div.bar", h("a", { href: `#${name}` }, t("fm.back")), h("span", stateBadge(form)), h("span.muted", nextWords(form)),
        h("a.btn", { href: `/office/forms/${kind}/${form.id}/print`, target: "_blank" }, t("fm.print"))),
      form.findings && h("div.stack", h("h3", t("fm.rules")), findingList(form.findings)),
      facts(rows(ctx, form))),
    form.next.length > 0 && section(t("fm.steps"), steps(ctx, kind, form, show)),
    form.shown.length > 0 && section(t("fm.shown"), h("p.muted", t("fm.shownNote")), shownTable(ctx, form.shown)),
  ];
}

const facts = (pairs) => h("dl.facts", pairs.filter(([, value]) => value).map(([label, value]) => [h("dt", label), h("dd", value)]));

/** In the order of the annex. */
function rows(ctx, form) {
  const advisers = (form.advisers || []).map((a) => `${a.name} ${a.phone}`);
  return [
    [t("fm.applicant"), form.applicant],
    [t("fm.reason"), form.reason],
    [t("fm.document"), form.document],
    [t("fm.content"), form.content],
    [t("o.colService"), services(ctx, form.services)],
    [t("fm.windows"), join(form.windows)],
    [t("fm.zone"), form.zone && ctx.name("zones", form.zone)],
    [t("fm.time"), span(form)],
    [t("fm.to"), form.to_window && t("o.atWindow", { win: form.to_window })],
    [t("fm.business"), form.business],
    [t("fm.equipment"), form.equipment],
    [t("fm.measures"), form.measures],
    [t("fm.advisers"), join(advisers)],
    [t("fm.publicity"), form.publicity],
    [t("fm.contact"), [form.contact, form.phone].filter(Boolean).join(" ")],
    [t("fm.remark"), form.remark],
    [t("fm.public"), form.public_at && dayTime(form.public_at)],
    [t("fm.signed"), form.signed_at && [t(`fm.as.${form.signed_as}`), form.signed_by, when(form.signed_at), form.opinion].filter(Boolean).join("　")],
    [t("fm.approved"), form.approved_at && [form.approved_by, form.head, when(form.approved_at), form.answer].filter(Boolean).join("　")],
    [t("fm.published"), form.published_at && when(form.published_at)],
    [t("fm.began"), form.began_at && when(form.began_at)],
    [t("fm.ended"), form.ended_at && [when(form.ended_at), form.ended_by === "hub" ? t("fm.byItself") : form.ended_by, form.why].filter(Boolean).join("　")],
    [t("fm.lifted"), form.lift_name && [form.lift_reason, form.lift_name].join("　")],
  ];
}

function steps(ctx, kind, form, show) {
  const needsLift = (form.findings || []).some((one) => one.weight === "lift") && !form.lift_name;
  return form.next.map((step) => stepForm(ctx, kind, form, step, needsLift && ["sign", "approve"].includes(step), show));
}

/** A step with what it asks for; a refusal stands beneath it in words. */
function stepForm(ctx, kind, form, step, lift, show) {
  const fields = (ASKS[step] || []).map((field) => text(field, t(`fm.${field}`), null, { maxlength: 500 }));
  const paper = step === "sign" && ctx.who.role !== "chief";
  const signer = paper && text("name", t("fm.signer"), null, { maxlength: 60 });
  const rank = paper && choice("as", t("fm.signsAs"), null, [["chief", t("fm.as.chief")], ["leader", t("fm.as.leader")]]);
  const lifts = lift ? [text("reason", t("fm.liftReason"), null, { maxlength: 500 }), text("name", t("fm.liftName"), null, { maxlength: 60 })] : [];
  const error = h("p.error", { role: "alert" });
  const button = h(`button.btn${STRONG.includes(step) ? ".primary" : ""}`, { type: "submit" }, t(`fm.do.${step}`));
  const send = async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(error, "");
    const body = Object.fromEntries([...fields, signer, rank].filter(Boolean).map((f) => [f.name, f.value()]).filter(([, value]) => value));
    const [why, who] = lifts.map((f) => f.value());
    if (why && who) body.lift = { reason: why, name: who };
    try {
      show(await post(`/${kind}/${form.id}/${step}`, body));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
      button.disabled = false;
    }
  };
  return h("form.form-step", { onsubmit: send, novalidate: true },
    [signer, rank, ...fields, ...lifts].filter(Boolean).map((f) => f.node), h("div.form-go", button, error));
}

function shownTable(ctx, shown) {
  const place = (row) => {
    if (["strip", "pad"].includes(row.kind)) return t("o.atWindow", { win: row.place });
    return row.kind === "screen" && row.place ? ctx.name("zones", row.place) : row.place;
  };
  return new Table([
    { key: "kind", label: t("o.colKind"), value: (r) => t(`fm.dev.${r.kind}`) },
    { key: "name", label: t("o.colName"), value: (r) => r.name },
    { key: "place", label: t("o.colPlace"), value: place },
    { key: "at", label: t("o.colState"), value: (r) => r.at || "", cell: (r) => (r.at ? h("span.badge.green", t("fm.seen", { t: when(r.at) })) : h("span.badge.amber", t("fm.unseen"))) },
  ], { empty: "", sort: "kind", caption: t("fm.shown") }).set(shown).node;
}
