// One person: the post, the picture on the pad, entry and exit forms, trainings, leave.
import { create, get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { askFields } from "./ask.js";
import { text } from "./controls.js";
import { askLeave, leaveDays, leaveMarks } from "./leaves.js";
import { act, section } from "./parts.js";
import { pictureBox } from "./picture.js";
import { postingState } from "./postings.js";
import { personRole } from "./roles.js";
import { Table } from "./table.js";
import { fileField } from "./upload.js";

const OFFICE = ["office", "admin"];

export function person(ctx, id) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const again = () => get(`/staff/${encodeURIComponent(id)}/standing`).then((found) => put(box, drawn(ctx, found, again)), (error) => {
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.status === 403 ? t("o.notAllowed") : error.message || t("o.lost")));
  });
  again();
  return { node: box, update: () => {} };
}

function drawn(ctx, p, again) {
  const office = OFFICE.includes(ctx.who.role);
  const writes = office || ctx.who.role === "chief";
  return [
    h("div.bar", h("a.btn.small", { href: "#staff" }, `← ${t("sf.back")}`), h("h1", p.name),
      ["clerk", "chief"].includes(p.role) && h("a.btn.small", { href: `#record/${p.id}` }, t("sf.record"))),
    section(t("sf.basic"), h("div.staff-basic", pictureBox(p, office, again), facts(ctx, p)),
      h("p.muted", t("sf.photoNote")), office && p.role === "clerk" && p.active && chiefKey(p, again)),
    section(t("sf.postings"), writes && p.active && !p.leaving && h("div.bar", h("a.btn", { href: `#postings/exit-${p.id}` }, t("sf.exitMake"))), postings(p)),
    section(t("sf.trainings"), office && h("div.bar", h("button.btn", { type: "button", onclick: async () => (await askTraining(p)) && again() }, t("sf.trainingAdd"))), trainings(p)),
    section(t("sf.leaves"), writes && h("div.bar", h("button.btn", { type: "button", onclick: async () => (await askLeave(ctx, p)) && again() }, t("sf.leaveAdd"))), leaves(p)),
  ];
}

function facts(ctx, p) {
  const rows = [
    [t("o.colRole"), personRole(p.role)],
    [t("o.colJob"), p.title],
    [t("o.colStaffNo"), p.staff_no],
    [t("o.colDept"), p.department && ctx.name("departments", p.department)],
    [t("sf.home"), p.window && t("o.atWindow", { win: p.window })],
    [t("sf.chief"), p.department && (p.chief ? p.chief.name : t("sf.chiefNone"))],
    [t("sf.fromDay"), p.from_day],
    [t("sf.untilDay"), p.until_day && [p.until_day, p.leaving && h("span.badge.amber", t("sf.kindExit"))]],
    [t("sf.trainedUntil"), p.trained_until],
    [t("o.colStatus"), p.active ? h("span.badge.green", t("o.active")) : h("span.badge.plain", t("o.disabled"))],
  ];
  return h("dl.facts", rows.filter(([, value]) => value).map(([label, value]) => [h("dt", label), h("dd", value)]));
}

/** One to a department: a second one takes over, after a question. */
function chiefKey(p, again) {
  if (!p.department) return null;
  const other = p.chief && p.chief.id !== p.id;
  return act(t(other ? "sf.chiefHandOver" : "sf.chiefMake"), async () => {
    if (other && !(await confirm(t("sf.chief"), t("sf.chiefAsk", { name: p.chief.name, new: p.name }), t("sf.chiefHandOver")))) return;
    await post(`/people/${p.id}/chief`, { hand_over: Boolean(other) });
    again();
  });
}

const postings = (p) => new Table([
  { key: "id", label: t("fm.no"), tight: true, value: (f) => f.id, cell: (f) => h("a", { href: `#postings/${f.id}` }, t("fm.noIs", { n: f.id })) },
  { key: "kind", label: t("o.colKind"), value: (f) => t(`sf.kind${f.kind === "entry" ? "Entry" : "Exit"}`) },
  { key: "window", label: t("o.colWindow"), value: (f) => f.window || "" },
  { key: "days", label: t("sf.days"), tight: true, value: (f) => [f.since, f.until].filter(Boolean).join(" — ") },
  { key: "reason", label: t("pf.reason"), value: (f) => f.reason },
  { key: "state", label: t("o.colState"), tight: true, value: (f) => f.state, cell: postingState },
], { empty: t("sf.postingsNone"), sort: "id", down: true, caption: t("sf.postings") }).set(p.postings).node;

function trainings(p) {
  const proofs = (row) => [
    row.files.map((f) => h("a.block", { href: `/api/v1/trainings/${row.id}/files/${f.id}`, target: "_blank" }, f.name)),
    row.posting && h("a.block", { href: `#postings/${row.posting}` }, t("fm.noIs", { n: row.posting })),
  ];
  return new Table([
    { key: "day", label: t("sf.trainedOn"), tight: true, value: (r) => r.day },
    { key: "what", label: t("sf.what"), value: (r) => r.what || t("sf.training") },
    { key: "until", label: t("sf.untilShort"), tight: true, value: (r) => r.until || "" },
    { key: "proof", label: t("sf.proof"), cell: proofs },
    { key: "by", label: t("sf.approvedBy"), value: (r) => r.by },
  ], { empty: t("sf.trainingsNone"), sort: "day", down: true, caption: t("sf.trainings") }).set(p.trainings).node;
}

const leaves = (p) => new Table([
  { key: "days", label: t("sf.days"), value: (r) => r.since, cell: leaveDays },
  { key: "kind", label: t("sf.leaveKind"), value: (r) => t(`sf.kind.${r.kind || "hidden"}`) },
  { key: "reason", label: t("sf.correctReason"), value: (r) => r.reason || "" },
  { key: "marks", label: t("o.colState"), cell: leaveMarks },
  { key: "by", label: t("sf.approvedBy"), value: (r) => r.approved_by },
], { empty: t("sf.leavesNone"), sort: "days", down: true, caption: t("sf.leaves") }).set(p.leaves).node;

function askTraining(p) {
  const proof = fileField(t("sf.proof"));
  const fields = [
    text("what", t("sf.what"), { what: t("sf.training") }, { maxlength: 120, "data-first": true }),
    text("day", t("sf.trainedOn"), null, { type: "date" }),
    text("until", t("sf.trainedUntil"), null, { type: "date" }),
    { ...proof, value: () => null },
  ];
  return askFields(`${t("sf.trainingAdd")}　${p.name}`, fields, t("o.save"), async ({ what, day, until }) => {
    const proofs = await proof.ids();
    await create(`/people/${p.id}/trainings`, { what, day, proofs, ...(until ? { until } : {}) });
  });
}
