// 日结: what became of each number that the day left over, and the day's sheet.
import { get, post } from "../shared/api.js";
import { hubNow, isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { askFields } from "./ask.js";
import { text } from "./controls.js";
import { act, section } from "./parts.js";
import { Table } from "./table.js";

const HOWS = ["served", "gave_up", "rebooked"];
const STATE = { waiting: "amber", parked: "plain", no_show: "plain", cancelled: "amber" };

/** `#settle/2026-11-20` opens that day; the morning's notice leads there. */
export function settlement(ctx, id) {
  const may = ["office", "admin"].includes(ctx.who.role);
  const day = h("input.input", { type: "date", value: /^\d{4}-\d\d-\d\d$/.test(id || "") ? id : isoDay(hubNow()), max: isoDay(hubNow()) });
  const box = h("div.stack");
  const again = async () => {
    try {
      const sheet = await get(`/settlement?day=${day.value}`);
      put(box, leftovers(ctx, sheet, may, again), daySheet(ctx, sheet, may, again));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")), h("button.btn", { type: "button", onclick: again }, t("o.retry")));
    }
  };
  day.addEventListener("change", () => day.value && again());
  again();
  return { node: h("div.stack", h("div.bar.no-print", h("label.period", t("sl.day"), day)), box), update: () => {} };
}

function leftovers(ctx, sheet, may, again) {
  const count = sheet.left.length;
  const mark = count ? h("span.badge.red", t("sl.open", { n: count })) : h("span.badge.green", t(sheet.closed ? "sl.closed" : "sl.leftNone"));
  const columns = [
    { key: "number", label: t("sl.colNumber"), tight: true, value: (x) => x.number, cell: (x) => h("strong.num", x.number) },
    { key: "service", label: t("sl.colService"), value: (x) => ctx.name("services", x.service), cell: (x) => [ctx.name("services", x.service),
      (x.people > 1 || x.cases > 1) && h("small.muted.block", t("sl.group", { p: x.people, c: x.cases }))] },
    { key: "came", label: t("sl.colCame"), tight: true, value: (x) => x.came },
    { key: "calls", label: t("sl.colCalls"), right: true, value: (x) => x.calls, cell: (x) => t("sl.times", { n: x.calls }) },
    { key: "state", label: t("sl.colState"), value: (x) => x.state, cell: (x) => [h(`span.badge.${STATE[x.state] || "plain"}`, t(`sl.${x.state}`)),
      x.green && h("span.badge.green.block.wraps", `${ctx.name("categories", x.category)} · ${t("sl.green")}`)] },
    { key: "do", label: t("sl.colDo"), tight: true, cell: (x) => may && h("span.btn-row", HOWS.map((how) => settleKey(ctx, x, how, sheet.need_calls, again))) },
  ];
  const table = new Table(columns, { empty: t("sl.leftNone"), sort: "came", caption: t("sl.leftTitle") }).set(sheet.left);
  return h("section.card.stack.no-print", h("div.bar", h("h2", t("sl.leftTitle")), mark), h("p.muted", t("sl.leftNote")),
    may && count > 1 && bulk(ctx, sheet, again), table.node);
}

/** One press where the rules need no words; else the words are asked first. */
function settleKey(ctx, x, how, need, again) {
  const label = t(`sl.${how}`);
  const ask = missing(x, how, need);
  const send = (note) => post(`/settlement/${x.ticket}`, { how, note });
  const sure = () => !ctx.live.get("notice/hours")?.open || x.state !== "waiting" || confirm(label, t("sl.earlyAsk", { no: x.number }), t("sl.save"));
  if (!ask) return act(label, async () => (await sure()) && (await send(""), again()));
  const work = () => askFields(`${x.number} · ${label}`, [text("note", ask, null, { maxlength: 200 })], t("sl.save"), (v) => send(v.note))
    .then((done) => done && again());
  return h("button.btn.small", { type: "button", "aria-label": `${label} ${x.number}`, onclick: work }, label);
}

function missing(x, how, need) {
  if (how === "served") return t("sl.noteServed");
  if (x.green) return t("sl.noteGreen");
  return how === "gave_up" && x.calls < need ? t("sl.noteCalls", { n: x.calls, m: need }) : "";
}

function bulk(ctx, sheet, again) {
  const services = [...new Set(sheet.left.map((x) => x.service))];
  const select = h("select.input", { "aria-label": t("sl.colService") }, services.map((code) => h("option", { value: code }, ctx.name("services", code))));
  const key = (how) => h("button.btn.small", { type: "button", onclick: () => {
    const n = sheet.left.filter((x) => x.service === select.value).length;
    const title = `${t("sl.bulkTitle", { svc: ctx.name("services", select.value), n })} · ${t(`sl.${how}`)}`;
    const save = (v) => post("/settlement/all", { day: sheet.day, service: select.value, how, note: v.note });
    askFields(title, [text("note", t("sl.noteAny"), null, { maxlength: 200 })], t("sl.save"), save).then((done) => done && again());
  } }, t(`sl.${how}`));
  return h("div.bar", h("label.period", t("sl.bulk"), select), HOWS.map(key));
}

// -- the day's sheet

function daySheet(ctx, sheet, may, again) {
  const today = sheet.day === isoDay(hubNow());
  const columns = [
    { key: "service", label: t("sl.colService"), value: (s) => ctx.name("services", s.service) },
    ...[["issued", "Issued"], ["served", "Served"], ["no_show", "Missed"], ["gave_up", "GaveUp"], ["rebooked", "Rebooked"], ["left", "Left"], ["manual", "Manual"]]
      .map(([key, word]) => ({ key, label: t(`sl.col${word}`), right: true, value: (s) => s[key] })),
    { key: "turned", label: t("sl.colTurned"), right: true, value: (s) => (s.turned_away.full || 0) + (s.turned_away.stopped || 0) },
    { key: "stops", label: t("sl.colStops"), value: (s) => limits(s).join(" "), cell: (s) => limits(s).map((words) => h("small.block", words)) },
    ...(may && today ? [{ key: "do", label: t("o.colActions"), cell: (s) => !s.stopped && closeKey(ctx, s, again) }] : []),
  ];
  const table = new Table(columns, { empty: t("sl.empty"), sort: "service", caption: t("sl.sheet") }).set(sheet.services);
  const late = new Table([
    { key: "name", label: t("sl.colClerk"), value: (x) => x.name },
    { key: "tickets", label: t("sl.colTickets"), right: true, value: (x) => x.tickets },
    { key: "minutes", label: t("sl.colMinutes"), right: true, value: (x) => x.minutes },
  ], { empty: t("sl.extendedNone"), sort: "name", caption: t("sl.extendedTitle") }).set(sheet.extended);
  return h("div.stack.printed",
    h("h1.print-only", t("sl.printTitle", { day: sheet.day })),
    section(t("sl.sheet"), h("div.bar.no-print", h("button.btn", { type: "button", onclick: () => print() }, t("sl.print"))), table.node),
    section(t("sl.extendedTitle"), late.node),
    h("p.print-only.sign", t("sl.sign")));
}

function limits(s) {
  const words = s.cap === null ? [] : [t("sl.capOf", { n: s.cap })];
  if (s.stopped) words.push(t(s.stopped.until ? "sl.stopUntil" : "sl.stopOf", { a: s.stopped.since, b: s.stopped.until, reason: s.stopped.reason }));
  return words;
}

const closeKey = (ctx, s, again) => h("span.no-print", act(t("sl.close"), async () => {
  if (!(await confirm(t("sl.close"), t("sl.closeAsk", { svc: ctx.name("services", s.service) }), t("sl.close")))) return;
  await post(`/services/${encodeURIComponent(s.service)}/close`);
  again();
}));
