// Pauses and absences of a period: each pause with its proofs, totals per person, empty posts, guides' leaves, sign-ins.
import { get, latest } from "../shared/api.js";
import { isoDay, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { join, lasted, section, when } from "./parts.js";
import { Table } from "./table.js";

const newest = latest();
const KIND = { idle: "kIdle", empty: "kEmpty", vacant: "kVacant", crowd: "kCrowd", green: "kGreen", pause: "kPause", guide: "kGuide", device: "kDevice", segment: "kDevice", kind: "kDevice" };
const WINDOWS = ["idle", "vacant", "pause"];

export function away(ctx) {
  const boxes = Object.fromEntries(["totals", "pauses", "empty", "attendance", "guides"].map((name) => [name, h("div", h("p.empty", t("o.loading")))]));
  const from = h("input.input", { type: "date", value: isoDay(), "aria-label": t("o.from") });
  const to = h("input.input", { type: "date", value: isoDay(), "aria-label": t("o.to") });
  const error = h("p.error", { role: "alert" });
  const draw = async () => {
    put(error);
    const days = `?from=${from.value}&to=${to.value}`;
    try {
      const [pauses, empty, attendance] = await newest(Promise.all([get(`/posts/away${days}`), get(`/posts/empty${days}`), get(`/posts/attendance${days}`)]));
      put(boxes.totals, totals(pauses.totals));
      put(boxes.pauses, pausesTable(pauses.items));
      put(boxes.empty, emptyTable(empty.items, ctx));
      put(boxes.attendance, attended(attendance.items));
      put(boxes.guides, guides(pauses.guides));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(error, problem.message || t("o.lost"));
    }
  };
  for (const input of [from, to]) input.addEventListener("change", draw);
  draw();
  return {
    node: h("div.stack",
      section(t("o.away"), h("div.bar", from, h("span", "—"), to), h("p.muted", t("op.awayNote")), error, boxes.totals),
      section(t("op.pauses"), boxes.pauses), section(t("op.empty"), boxes.empty),
      section(t("op.attendance"), h("p.muted", t("op.attendanceNote")), boxes.attendance),
      section(t("op.guides"), boxes.guides)),
    update: () => {},
  };
}

const name = { key: "name", label: t("o.colName"), value: (r) => r.name, cell: (r) => h("strong", r.name || t("o.none")) };
const day = { key: "day", tight: true, label: t("op.colDay"), value: (r) => r.day };
const seconds = (label) => ({ key: "seconds", label, right: true, value: (r) => r.seconds, cell: (r) => lasted(r.seconds) });
const times = { key: "times", label: t("op.colTimes"), right: true, value: (r) => r.times };
const at = (key, label) => ({ key, label, right: true, value: (r) => (r[key] ? ms(r[key]) : null), cell: (r) => when(r[key]) });

const totals = (rows) => new Table([
  day, name, times, seconds(t("op.colTotal")),
  { key: "off", label: t("op.colOff"), right: true, value: (r) => r.off_post, cell: (r) => (r.off_post ? h("span.badge.red", t("op.times", { n: r.off_post })) : "0") },
], { empty: t("op.awayNone"), sort: "seconds", down: true, caption: t("o.away") }).set(rows).node;

const pausesTable = (rows) => new Table([
  at("since", t("op.colBegan")), at("ended_at", t("op.colEnded")),
  { key: "window", label: t("o.colWindow"), value: (r) => r.window }, name,
  { key: "kind", label: t("op.colReason"), value: (r) => r.reason, cell: (r) => [r.reason, h("small.muted.block", t(r.kind === "away" ? "op.stepped" : "op.paused"))] },
  { ...seconds(t("op.colLasted")), cell: (r) => [lasted(r.seconds), r.off_post && h("span.badge.red", t("op.offPost"))] },
  { key: "proofs", label: t("op.colProofs"), value: (r) => r.proofs.length, cell: (r) => proofs(r) },
], { empty: t("op.awayNone"), sort: "since", down: true, caption: t("op.pauses") }).set(rows).node;

/** When each device really showed it. */
function proofs(row) {
  if (!row.proofs.length) return h("span.muted", t("op.noProof"));
  return row.proofs.map((proof) => h("span.block", t("op.proof", { id: proof.device, s: Math.max(0, Math.round((ms(proof.at) - ms(row.since)) / 1000)) })));
}

const emptyTable = (rows, ctx) => new Table([
  day,
  { key: "kind", label: t("op.colWhat"), value: (r) => t(`op.${KIND[r.kind]}`) },
  { key: "subject", label: t("op.colWhere"), value: (r) => where(r, ctx) },
  times, seconds(t("op.colTotal")),
], { empty: t("op.emptyNone"), sort: "seconds", down: true, caption: t("op.empty") }).set(rows.filter((r) => r.kind !== "pause")).node;

function where(row, ctx) {
  if (WINDOWS.includes(row.kind)) return t("o.atWindow", { win: row.subject });
  if (row.kind === "kind") return t(`kd.${row.subject}`);
  return row.kind === "crowd" ? ctx.name("zones", row.subject) : pick(row) || row.subject;
}

const attended = (rows) => new Table([
  day, name, at("first", t("op.colFirst")), at("last", t("op.colLast")),
  { key: "minutes", label: t("op.colOnDuty"), right: true, value: (r) => r.minutes, cell: (r) => lasted(r.minutes * 60) },
  { key: "windows", label: t("o.colWindow"), value: (r) => r.windows.join(), cell: (r) => [join(r.windows), r.elsewhere.length > 0 && h("span.badge.amber", t("op.elsewhere", { win: r.home }))] },
  { key: "marks", label: t("op.colMarks"), value: (r) => r.marks.length, cell: (r) => r.marks.map((mark) => h("span.badge.amber", t(`op.mark_${mark}`))) },
], { empty: t("op.attendanceNone"), sort: "day", down: true, caption: t("op.attendance") }).set(rows).node;

const guides = (rows) => new Table([
  at("since", t("op.colBegan")), at("ended_at", t("op.colEnded")), name,
  { ...seconds(t("op.colLasted")), cell: (r) => [lasted(r.seconds), r.over && h("span.badge.red", t("op.over"))] },
  { key: "nth", label: t("op.colNth"), right: true, value: (r) => r.nth },
  { key: "replacement", label: t("op.colReplacement"), value: (r) => r.replacement },
], { empty: t("op.guidesNone"), sort: "since", down: true, caption: t("op.guides") }).set(rows).node;
