// A score sheet: the score, its classes, every line with its rule and records, what is contested, the formula beside it.
import { get } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { dayTime, evidenceName, section } from "./parts.js";
import { figure, percent } from "./record_parts.js";
import { Table } from "./table.js";

const STATE = { draft: "plain", published: "amber", frozen: "green" };
const SHARES = ["satisfied_low", "answer_rate", "invite_rate"];
const MINUTES = ["off_post", "idle", "empty_post", "guide_absent", "late", "early", "extended"]; // kinds whose amount is minutes
const CONTEST = { open: "amber", upheld: "green", rejected: "plain" };

export const stateBadge = (state) => h(`span.badge.${STATE[state]}`, t(`sc.${state}`));
export const signed = (n) => (n > 0 ? `+${n}` : String(n).replace("-", "−"));
const word = (row) => row?.[lang().startsWith("zh") ? "zh" : "en"] || "";

/** The last twelve months, the newest first. */
export function months(today, chosen, changed) {
  const [year, month] = today.split("-").map(Number);
  const names = Array.from({ length: 12 }, (_, n) => new Date(Date.UTC(year, month - 1 - n, 1)).toISOString().slice(0, 7));
  if (!names.includes(chosen)) names.push(chosen);
  const select = h("select.input", names.map((name) => h("option", { value: name, selected: name === chosen }, name)));
  select.addEventListener("change", () => changed(select.value));
  return h("label.period", t("sc.month"), select);
}

const sheetPath = ({ person, department }, month) =>
  `/scores/${person === null ? `departments/${encodeURIComponent(department)}` : person}?month=${month}`;

export const loadSheet = (row, month) => get(sheetPath(row, month));

/** `actions`: {line(target), contest(kind, row)} -> a key, or nothing. */
export function sheetView(sheet, actions = {}) {
  return h("div.stack.printed",
    h("h1.print-only", t("sc.sheetOf", { name: pick(sheet), month: sheet.month })),
    head(sheet), classes(sheet), lines(sheet, actions),
    contested(sheet, "objections", actions), contested(sheet, "appeals", actions), adjustments(sheet, actions),
    formula(sheet), h("p.print-only.sign", t("sc.sign")));
}

function head(sheet) {
  const { result, formula: { content } } = sheet;
  const passed = sheet.adjusted >= content.pass;
  return h("div.stack",
    sheet.no_award && h("p.band.red", t("sc.noAward")),
    h("dl.figures",
      figure(t("sc.score"), result.total, t("sc.passMark", { a: content.scale, b: content.pass, n: content.top })),
      sheet.published !== null && sheet.published !== result.total && figure(t("sc.atPublication"), sheet.published),
      sheet.adjustments.length > 0 && figure(t("sc.adjusted"), sheet.adjusted),
      result.mean !== null && figure(t("sc.peopleMean"), result.mean),
      sheet.person !== null && figure(t("sc.days"), sheet.days),
      figure(t("sc.state"), h(`span.badge.${passed ? "green" : "red"}`, t(passed ? "sc.passed" : "sc.failed")))));
}

function classes({ result, formula: { content } }) {
  if (!result.classes.length) return null;
  const known = new Map(content.class.map((row) => [row.code, row]));
  return section(t("sc.classes"), new Table([
    { key: "class", label: t("sc.class"), cell: (r) => h("strong", word(known.get(r.code))) },
    { key: "start", label: t("sc.start"), right: true, cell: (r) => r.start },
    { key: "change", label: t("sc.change"), right: true, cell: (r) => signed(r.change) },
    { key: "points", label: t("sc.score"), right: true, cell: (r) => h("strong", r.points) },
    { key: "bounds", label: t("sc.bounds"), right: true, cell: (r) => `${r.floor}—${r.cap}` },
  ], { empty: "", caption: t("sc.classes") }).set(result.classes).node);
}

// -- lines

function lines(sheet, actions) {
  const { content } = sheet.formula;
  const known = new Map(content.class.map((row) => [row.code, row]));
  const entries = new Map(sheet.entries.map((row) => [row.id, row]));
  const table = new Table([
    { key: "item", label: t("sc.item"), cell: (r) => [h("strong", word(ruleOf(content, r)) || r.code), h("small.muted.block", r.of ? word(known.get(r.of)) : t("sc.noRow"))] },
    { key: "many", label: t("sc.howMany"), cell: (r) => howMany(r, ruleOf(content, r), sheet.figures[r.code]) },
    { key: "rule", label: t("sc.rule"), cell: (r) => [rule(r, ruleOf(content, r)), h("small.muted.block", r.clause || r.source)] },
    { key: "points", label: t("sc.points"), right: true, cell: (r) => points(r) },
    { key: "records", label: t("sc.evidence"), cell: (r) => records(r, entries, actions) },
  ], { empty: t("sc.linesNone"), caption: t("sc.lines") }).set(result(sheet));
  return section(t("sc.lines"), table.node, takenBack(sheet));
}

const result = (sheet) => sheet.result.lines;

function ruleOf(content, line) {
  if (line.what === "figure") return content.indicator.find((row) => row.figure === line.code);
  return content.points.find((row) => row.kind === line.code && row.least === line.least);
}

function howMany(line, row, found) {
  if (line.what === "ledger") return line.per === "minute" ? t("sc.minutes", { n: line.amount }) : t("sc.times", { n: line.times });
  if (line.value === null) return t("sc.unmeasured");
  const v = measure(line.code, line.value);
  const share = found?.denominator !== undefined ? t("sc.of", { v, a: found.numerator, b: found.denominator }) : t("sc.sample", { v, n: line.n });
  const why = found?.set_aside ? t("sc.aside") : line.neutral ? t("sc.neutral", { n: row.least_n }) : "";
  return [h("span.num", share), why && h("small.muted.block", why)];
}

const measure = (key, value) => (SHARES.includes(key) ? percent(value) : value);

function rule(line, row) {
  if (!row) return "";
  if (line.what === "figure") {
    const words = { a: measure(row.figure, row.low_at), p: signed(row.low_points), b: measure(row.figure, row.high_at), q: signed(row.high_points) };
    return t(row.shape === "step" ? "sc.step" : "sc.line", words);
  }
  const parts = [t(row.per === "minute" ? "sc.perMinute" : "sc.each", { p: signed(row.points) })];
  if (row.least) parts.push(t("sc.from", { n: row.least }));
  if (row.cap) parts.push(t("sc.cap", { c: row.cap }));
  return parts.join(lang().startsWith("zh") ? "，" : ", ");
}

const points = (line) => [h("strong.num", signed(line.points)), line.raw !== line.points && h("small.muted.block", t("sc.capped", { raw: signed(line.raw) }))];

/** Each record by itself, with what may be done about it. */
function records(line, entries, actions) {
  if (line.what === "figure") return line.points === 0 ? null : actions.line?.({ figure: line.code });
  const rows = line.entries.map((number) => entries.get(number)).filter(Boolean);
  return h("ul.score-records", rows.map((row) => h("li", h("span", recordWords(row)), actions.line?.({ entry: row.id }))));
}

const recordWords = (row) => [h("span.num", row.day), row.window && `　${t("o.atWindow", { win: row.window })}`, row.note && `　${row.note}`,
  MINUTES.includes(row.kind) && `　${t("sc.lasted", { n: row.amount })}`,
  h("small.muted", `　${evidenceName(row.ref)}`)];

/** What was entered and taken back counts nothing, and stays in sight. */
function takenBack(sheet) {
  const back = sheet.entries.filter((row) => row.cancels !== null);
  return back.length > 0 && h("div.stack", h("h3", t("sc.cancelled")), h("ul", back.map((row) => h("li.muted", `${about(sheet, row)}　`, recordWords(row)))));
}

// -- what is contested, what was adjusted

function contested(sheet, kind, actions) {
  const rows = sheet[kind];
  if (!rows.length) return null;
  const what = (row) => [h("strong", about(sheet, row)), row.day && h("small.muted.block", row.day)];
  return section(t(`sc.${kind}`), new Table([
    { key: "what", label: t("sc.item"), cell: what },
    { key: "text", label: t("sc.reason"), cell: (r) => [r.text, h("small.muted.block", `${r.by}　${dayTime(r.at)}`), filesOf(kind, r)] },
    { key: "state", label: t("sc.verdict"), cell: (r) => [h(`span.badge.${CONTEST[r.state]}`, t(`sc.${r.state}`)), answer(r)] },
    ...(actions.contest ? [{ key: "do", label: t("o.colActions"), cell: (r) => actions.contest(kind, r) }] : []),
  ], { empty: "", caption: t(`sc.${kind}`) }).set(rows).node);
}

/** The formula's name of what is contested or adjusted. */
const about = ({ formula: { content } }, row) =>
  word(row.figure ? content.indicator.find((one) => one.figure === row.figure) : content.points.find((one) => one.kind === row.kind));

const answer = (row) => row.decided_by && h("small.block", t("sc.decidedBy", { name: row.decided_by, reason: row.reason }),
  row.leader && `　${t("sc.withLeader", { name: row.leader })}`);

const filesOf = (kind, row) => row.files.map((file) =>
  h("a.block", { href: `/api/v1/scores/${kind}/${row.id}/files/${file.id}`, target: "_blank" }, file.name));

function adjustments(sheet, actions) {
  if (!sheet.adjustments.length) return null;
  return section(t("sc.adjustments"), new Table([
    { key: "at", label: t("o.colTime"), tight: true, cell: (r) => h("span.num", dayTime(r.at)) },
    { key: "what", label: t("sc.item"), cell: (r) => [h("strong", about(sheet, r)), r.day && h("small.muted.block", r.day)] },
    { key: "points", label: t("sc.points"), right: true, cell: (r) => h("strong.num", signed(r.points)) },
    { key: "reason", label: t("sc.why"), cell: (r) => [r.reason, h("small.muted.block", t("sc.booked", { month: r.booked })), filesOf("adjustments", r)] },
    ...(actions.line ? [{ key: "do", label: t("o.colActions"), cell: (r) => r.entry !== null && r.appeal === null && actions.line({ entry: r.entry }) }] : []),
  ], { empty: "", caption: t("sc.adjustments") }).set(sheet.adjustments).node);
}

// -- the formula

function formula({ formula: { version, source, content }, definitions, person }) {
  const zh = lang().startsWith("zh");
  const defined = new Table([
    { key: "name", label: t("sc.item"), cell: (r) => h("strong", word(r)) },
    { key: "means", label: t("sc.means"), cell: (r) => r[zh ? "means_zh" : "means_en"] },
  ], { empty: "", caption: t("sc.definitions") }).set(definitions);
  return section(t("sc.formula"),
    h("p", h("strong", version ? t("sc.version", { n: version }) : t("sd.shipped")), `　${t("sc.source", { s: source })}`),
    h("p.muted", t("sc.money", { s: content.money })),
    h("details.more", h("summary", t("sc.formulaAll")), rulesTable(content)),
    person !== null && [h("h3", t("sc.definitions")), defined.node], h("p.muted.no-print", t("sc.recompute")));
}

function rulesTable(content) {
  const known = new Map(content.class.map((row) => [row.code, row]));
  const rows = [...content.points.map((row) => ({ ...row, what: "ledger" })), ...content.indicator.map((row) => ({ ...row, what: "figure" }))];
  return new Table([
    { key: "class", label: t("sc.class"), cell: (r) => word(known.get(r.class)) },
    { key: "item", label: t("sc.item"), cell: (r) => word(r) },
    { key: "rule", label: t("sc.rule"), cell: (r) => [rule(r, r), r.what === "figure" && h("small.muted.block", t("sc.neutral", { n: r.least_n }))] },
    { key: "source", label: t("sc.clause"), cell: (r) => [r.clause, h("small.muted.block", r.source)] },
  ], { empty: "", caption: t("sc.formula") }).set(rows).node;
}
