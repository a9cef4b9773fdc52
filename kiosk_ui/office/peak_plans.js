// Peak plans: filed by a department, approved or refused by the office.
import { create, get, post } from "../shared/api.js";
import { hallDate, ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { text, time } from "./controls.js";
import { act, join, section } from "./parts.js";
import { Table } from "./table.js";

const STATE = { filed: "amber", approved: "green", refused: "plain", in_force: "red", ended: "plain" };
const LONG = ["staff", "diversion", "risks", "extended"];
const dayOf = (at, back = 0) => hallDate(ms(at) - back).toISOString().slice(5, 10);

/** {node, again}: `told(firstCall)` hears when the first citizen of today was called. */
export function plansOf(ctx, told) {
  const table = new Table(columns(ctx, () => again()), { empty: t("pm.plansEmpty"), caption: t("pm.plans") });
  const error = h("p.error", { role: "alert" });
  const again = async () => {
    try {
      const { items, first_call: first } = await get("/peaks");
      table.set(items);
      told(first);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(error, problem.message || t("o.lost"));
    }
  };
  again();
  const may = ["office", "admin", "chief"].includes(ctx.who.role);
  const file = may && h("button.btn.primary", { type: "button", onclick: () => askPlan(ctx).then((done) => done && again()) }, t("pm.file"));
  return { node: section(t("pm.plans"), h("div.bar", h("p.muted", t("pm.plansNote")), file), error, table.node), again };
}

function columns(ctx, again) {
  return [
    { key: "since", label: t("pm.colPeriod"), tight: true, value: (p) => p.since, cell: (p) => h("span.num", t("pm.since", { a: dayOf(p.since), b: dayOf(p.until, 1000) })) },
    { key: "cause", label: t("pm.cause"), value: (p) => p.cause, cell: (p) => [h("strong", p.cause), h("small.muted.block", scope(ctx, p)), p.why && h("small.block", p.why),
      p.report && h("small.block", t("pm.report", p.report))] },
    { key: "order", label: t("pm.order"), value: (p) => p.order },
    { key: "check", label: t("pm.colCheck"), cell: (p) => check(p, again) },
    { key: "state", label: t("pm.colState"), value: (p) => p.state, cell: (p) => [h(`span.badge.${STATE[p.state]}`, t(`pm.${p.state}`)), h("small.muted.block", p.decided_by || p.filed_by)] },
    { key: "do", label: t("pm.colDo"), cell: (p) => decide(ctx, p, again) },
  ];
}

const scope = (ctx, p) => join([p.department ? ctx.name("departments", p.department) : t("pm.hall"), ...p.services.map((code) => ctx.name("services", code))]);

function check(p, again) {
  if (p.checked_at) return h("span.badge.green", t("pm.checked"));
  if (!["filed", "approved", "in_force"].includes(p.state)) return t("o.none");
  return h("span.stack", h("a", { href: "#devices" }, t("pm.toDevices")),
    act(t("pm.check"), async () => (await post(`/peaks/${p.id}/checked`), again())));
}

function decide(ctx, p, again) {
  if (p.state !== "filed" || !["office", "admin"].includes(ctx.who.role)) return null;
  const back = () => askFields(t("pm.refuseTitle"), [text("why", t("pm.reason"), null, { maxlength: 200 })], t("pm.refuse"), (v) => post(`/peaks/${p.id}/refuse`, v)).then((done) => done && again());
  return h("span.btn-row", act(t("pm.approve"), async () => (await post(`/peaks/${p.id}/approve`), again()), ".primary"),
    h("button.btn.small", { type: "button", onclick: back }, t("pm.refuse")));
}

/** Form M10, in the order of the regulation. */
function askPlan(ctx) {
  const own = (ctx.catalog.services || []).filter((s) => ctx.who.role !== "chief" || s.department === ctx.who.department);
  const boxes = own.map((s) => h("input", { type: "checkbox", value: s.code }));
  const services = {
    name: "services",
    node: h("details", h("summary", t("pm.services")), h("div.bar", own.map((s, i) => h("label.check", boxes[i], h("span", pick(s)))))),
    value: () => boxes.filter((box) => box.checked).map((box) => box.value),
    fail: () => {},
  };
  const early = time("early", t("pm.earlyField"), null);
  const fields = [
    text("cause", t("pm.cause"), null, { maxlength: 200 }),
    text("since_day", t("pm.sinceDay"), null, { type: "date" }), text("until_day", t("pm.untilDay"), null, { type: "date" }),
    services,
    text("order", t("pm.order"), null, { hint: t("pm.orderHint"), maxlength: 200 }),
    text("guiding", t("pm.guiding"), null, { maxlength: 400 }), text("advice", t("pm.advice"), null, { maxlength: 400 }),
    ...LONG.map((name) => text(name, t(`pm.${name}`), null, { maxlength: 400 })),
    { ...early, value: () => early.value() || "" },
  ];
  return askFields(t("pm.fileTitle"), fields, t("pm.send"), (v) => create("/peaks", v), t("pm.plansNote"));
}
