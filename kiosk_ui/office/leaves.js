// Leave and trips: told beforehand, in halves of days; who is away, and which windows need somebody.
import { create, list, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { askFields } from "./ask.js";
import { choice, text } from "./controls.js";
import { act, load, section } from "./parts.js";
import { Table } from "./table.js";

const KINDS = ["annual", "sick", "personal", "marriage", "maternity", "bereavement", "trip", "training", "other"];
const WRITERS = ["office", "admin", "chief"];
const DAY = 86400000;

export const leaveDays = (r) => {
  const one = (day, half, whole) => (half === whole ? day : `${day} ${t(`sf.half.${half}`)}`);
  const [from, until] = [one(r.since, r.since_half, "am"), one(r.until, r.until_half, "pm")];
  if (r.since === r.until) return r.since_half === r.until_half ? `${r.since} ${t(`sf.half.${r.since_half}`)}` : r.since;
  return `${from} — ${until}`;
};
export const leaveMarks = (r) => Boolean(r.late) && h("span.badge.amber", t("sf.leaveLate"));

export function leaves(ctx) {
  const box = h("div");
  const since = h("input.input", { type: "date", value: isoDay(), "aria-label": t("o.from") });
  const until = h("input.input", { type: "date", value: isoDay(hubNow() + 30 * DAY), "aria-label": t("o.to") });
  const again = () => load(box, `/leaves?from=${since.value}&to=${until.value}`, (rows) => put(box, table(rows, ctx, again)));
  for (const input of [since, until]) input.addEventListener("change", again);
  again();
  const add = WRITERS.includes(ctx.who.role) && h("button.btn.primary", { type: "button", onclick: async () => (await askLeave(ctx)) && again() }, t("sf.leaveAdd"));
  return { node: section(t("sf.leaves"), h("p.muted", t("sf.leavesNote")), h("div.bar", since, h("span", "—"), until, add), box), update: () => {} };
}

const table = (rows, ctx, again) => new Table([
  { key: "name", label: t("o.colName"), value: (r) => r.name, cell: (r) => h("a", { href: `#person/${r.person}` }, r.name) },
  { key: "days", label: t("sf.days"), value: (r) => r.since, cell: leaveDays },
  { key: "kind", label: t("sf.leaveKind"), value: (r) => t(`sf.kind.${r.kind || "hidden"}`), cell: (r) => [t(`sf.kind.${r.kind || "hidden"}`), r.reason && h("small.muted.block", r.reason)] },
  { key: "marks", label: t("o.colState"), value: (r) => Number(r.late), cell: leaveMarks },
  { key: "by", label: t("sf.approvedBy"), value: (r) => r.approved_by },
  ...(WRITERS.includes(ctx.who.role) ? [{ key: "do", label: t("o.colActions"), cell: (r) => h("span.btn-row",
    ctx.who.role !== "chief" && h("a.btn.small", { href: "#cover" }, t("sf.arrange")),
    act(t("sf.leaveCancel"), async () => {
      if (!(await confirm(t("sf.leaveCancel"), t("sf.leaveCancelAsk", { name: r.name, days: leaveDays(r) }), t("sf.leaveCancel")))) return;
      await post(`/leaves/${r.id}/cancel`);
      again();
    })) }] : []),
], { empty: t("sf.leavesNone"), sort: "days", caption: t("sf.leaves") }).set(rows).node;

/** Of one person, or of one who is chosen. */
export async function askLeave(ctx, person = null) {
  const people = person ? [person] : (await list("/staff")).filter((p) => p.active && ["clerk", "chief", "guide"].includes(p.role));
  const fields = [
    choice("person", t("sf.who"), null, people.map((p) => [p.id, p.window ? `${p.name}　${t("o.atWindow", { win: p.window })}` : p.name])),
    choice("kind", t("sf.leaveKind"), null, KINDS.map((kind) => [kind, t(`sf.kind.${kind}`)])),
    ...dayAndHalf("since", t("sf.leaveFrom"), "am"),
    ...dayAndHalf("until", t("sf.leaveUntil"), "pm"),
    text("reason", t("sf.leaveReason"), null, { maxlength: 120 }),
  ];
  return askFields(t("sf.leaveAdd"), fields, t("o.save"), (values) => create("/leaves", { ...values, person: Number(values.person) }));
}

/** A day and its half on one line. */
function dayAndHalf(name, label, half) {
  const day = text(name, label, { [name]: isoDay() }, { type: "date" });
  const part = choice(`${name}_half`, t("sf.halfDay"), { [`${name}_half`]: half }, ["am", "pm"].map((one) => [one, t(`sf.half.${one}`)]));
  return [{ ...day, node: h("div.moment", day.node, part.node) }, { ...part, node: null }];
}
