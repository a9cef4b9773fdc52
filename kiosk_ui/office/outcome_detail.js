// One case: its clock, its papers, and what may be done next. The office and the department's chief representative act.
import { create, get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { field, filled } from "../window/sign_in.js";
import { kindName, stateBadge } from "./outcome_words.js";
import { act, section, when } from "./parts.js";

const WORKERS = ["office", "admin", "chief"];

export function outcomeDetail(ctx, id) {
  const box = h("div", h("p.empty", t("o.loading")));
  const show = (row) => put(box, page(ctx, row, show));
  const load = () => get(`/outcomes/${id}`).then(show);
  load().catch((problem) => (problem.status === undefined ? Promise.reject(problem) : put(box, h("p.band.amber", problem.message || t("o.lost")))));
  return { node: box, update: () => {} };
}

function page(ctx, row, show) {
  const may = WORKERS.includes(ctx.who.role);
  const send = (path, body) => post(`/outcomes/${row.id}/${path}`, body).then(show);
  const running = row.due_day && !row.done_at;
  return h("div.stack", section(`${kindName(row)} ${row.no || ""}`,
    h("p", h("a", { href: "#outcomes" }, t("oc.back"))),
    h("p.bar", stateBadge(row), row.slip && h("a.btn.small", { href: `/window/outcomes/${row.id}/print`, target: "_blank", rel: "noopener" }, t("oc.paper"))),
    facts(ctx, row),
    may && h("div.bar", !row.done_at && act(t("oc.markDone"), () => send("done"), ".primary"), row.done_at && !row.told_at && act(t("oc.tellNow"), () => send("told"), ".primary")),
    may && numberForm(row, send)),
  (row.extensions.length > 0 || (may && running)) && section(t("oc.extensions"),
    h("ul", row.extensions.map((one) => h("li", t("oc.extension", { from: one.from_day, to: one.to_day, leader: one.leader, reason: one.reason }), " ",
      h("a", { href: `/window/extensions/${one.id}/print`, target: "_blank", rel: "noopener" }, `${t("oc.paper")} ${one.no}`)))),
    may && running && extendForm(row, show)));
}

function facts(ctx, row) {
  const apart = row.apart_s === null ? "" : ` · ${t("oc.apartBy", { s: row.apart_s })}`;
  const lines = [
    ["oc.number", `${row.number} · ${row.day}`], ["oc.item", ctx.name("services", row.service)], ["oc.department", ctx.name("departments", row.department)],
    ["oc.window", `${row.window} · ${row.clerk}`], ["oc.reason", row.reason], ["oc.acceptedAt", row.accepted_at && when(row.accepted_at)],
    ["oc.systemAt", row.system_at && when(row.system_at) + apart], ["oc.clockFrom", row.clock_from],
    ["oc.due", row.due_day && `${row.due_day} · ${t("oc.dueDays", { n: row.days })}`], ["oc.doneOn", row.done_at && [when(row.done_at), row.done_by].filter(Boolean).join(" · ")],
    ["oc.told", row.told_at && when(row.told_at)],
  ];
  return h("dl.facts", lines.filter(([, value]) => value).map(([label, value]) => [h("dt", t(label)), h("dd", value)]));
}

function numberForm(row, send) {
  const no = field(t("oc.caseNo"), { maxlength: 64, value: row.case_no || "" });
  return h("form.stack.cover-form", { onsubmit: (event) => event.preventDefault() }, no.node, act(t("oc.saveNo"), async () => {
    if (filled(no)) await send("case-number", { case_no: no.value().trim() });
  }));
}

/** I05: in writing, with the reason and the name of who approved it. */
function extendForm(row, show) {
  const to = field(t("oc.extendTo"), { type: "date", min: row.due_day });
  const why = field(t("oc.extendWhy"), { maxlength: 200 });
  const leader = field(t("oc.leader"), { maxlength: 40 });
  const work = async () => {
    if (!filled(to, why, leader)) return;
    show(await create(`/outcomes/${row.id}/extensions`, { to_day: to.value(), reason: why.value().trim(), leader: leader.value().trim() }));
  };
  return h("form.stack.cover-form", { onsubmit: (event) => event.preventDefault() }, to.node, why.node, h("small.muted", t("ui.noNames")), leader.node, act(t("oc.extend"), work));
}
