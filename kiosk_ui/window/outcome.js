// 办件类型: one press says what the visit was and finishes it; only a kind that needs words or a number asks on.
// Beside it this window's own cases: what is still open, and whose result nobody has told yet.
import { get, post } from "../shared/api.js";
import { shortDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { fault, sheet } from "./sheets.js";

const PAPERS = ["accept", "refuse", "supplement", "giveback", "advice"];
const path = (desk) => `/windows/${encodeURIComponent(desk.no)}/outcomes`;
const named = (kind) => (lang() === "en" ? kind.en : kind.zh);

/** The kind of the case finishes the visit; then what it promises, and the paper to hand over.
 *  `unprinted`: the words where no printer stands. */
export async function finishAs(desk, unprinted = "oc.notPrinted") {
  const then = desk.window;
  const body = await desk.told(() => askOutcome(desk));
  if (!body || !(await desk.press("outcome", { ...body, seen: desk.seenSince(then) }))) return;
  const words = await desk.told(() => outcomeWords(desk, unprinted));
  if (words) desk.tell(words);
}

/** Resolves with the body of the finish, or null. */
async function askOutcome(desk) {
  const found = await get(path(desk));
  const kind = await sheet(t("oc.sheet"), (done) => kindKeys(found, done));
  if (!kind) return null;
  const body = { outcome: kind.code };
  if (!kind.reason && !kind.case_no) return body;
  const words = await sheet(named(kind), (done) => wordsForm(kind, found.reasons.filter((row) => row.outcome === kind.code), done));
  return words && { ...body, ...words };
}

/** Large keys; the digit on each of them chooses it from the keyboard. */
function kindKeys(found, done) {
  const key = (kind, i) => h("button.btn.choice.outcome", { type: "button", "data-first": i === 0, "aria-keyshortcuts": kind.digit || null, onclick: () => done(kind) },
    h("span.outcome-digit.num", { "aria-hidden": "true" }, kind.digit), h("span", h("strong", named(kind)), h("small", meaning(kind))));
  const node = h("div.stack", h("p.hint", t("oc.sheetNote")), h("div.outcomes", found.kinds.map(key)),
    h("div.btn-row.sheet-foot", h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))));
  node.addEventListener("keydown", (event) => {
    const kind = found.kinds.find((one) => one.digit && one.digit === event.key);
    if (!kind || event.repeat) return;
    event.preventDefault(); // else the digit would be typed into the next sheet
    done(kind);
  });
  return node;
}

function meaning(kind) {
  if (kind.due_day) return t("oc.dueBy", { day: shortDay(kind.due_day) });
  return PAPERS.includes(kind.slip) && t(`ocp.${kind.slip}`);
}

/** Why it was refused or given back, from the usual words or one's own; and the number in the approval system. */
function wordsForm(kind, reasons, done) {
  const reason = h("textarea.input", { rows: 2, maxlength: 200, "data-first": kind.reason });
  const number = h("input.input", { maxlength: 64, autocomplete: "off", "data-first": !kind.reason });
  const usual = (row) => h("button.btn.choice", { type: "button", onclick: () => ((reason.value = row.zh), reason.focus()) }, h("span", lang() === "en" ? row.en : row.zh));
  const send = (event) => {
    event.preventDefault();
    const [why, no] = [reason.value.trim(), number.value.trim()];
    if (kind.reason && !why && kind.slip !== "supplement") return void fault(reason, t("oc.needReason"));
    if (kind.case_no && !no) return void fault(number, t("oc.needCaseNo"));
    done({ ...(why ? { reason: why } : {}), ...(no ? { case_no: no } : {}) });
  };
  return h("form.stack", { onsubmit: send },
    kind.reason && h("label.field", h("span.label", t("oc.reason")), reason, h("small.hint", t("ui.noNames"))),
    kind.reason && reasons.length > 0 && h("div.choices", { role: "group", "aria-label": t("oc.reasonPick") }, reasons.map(usual)),
    h("label.field", h("span.label", t("oc.caseNo")), number),
    h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("oc.go")), h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"))));
}

/** "承诺件，12月1日前办结，受理通知书 2026-00012 请交给群众" after the finish. */
async function outcomeWords(desk, unprinted) {
  const { last, printer } = await get(path(desk));
  if (!last) return "";
  const kind = pick({ name: last.kind_name, name_en: last.kind_name_en });
  const words = last.due_day ? t("oc.finishedDue", { kind, day: shortDay(last.due_day) }) : kind;
  if (!last.no) return words;
  return t(printer ? "oc.printed" : unprinted, { words, paper: t(`ocp.${last.slip}`), no: last.no });
}

/** The last case, what this window has accepted and not done, and done and not told (I21). */
export async function showMine(desk) {
  const first = await get(path(desk));
  return sheet(t("oc.mine"), (done) => {
    const box = h("div.stack");
    const error = h("p.error", { role: "alert" });
    const act = async (row, what) => {
      try {
        await post(`/outcomes/${row.id}/${what}`);
        draw(await get(path(desk)));
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        put(error, problem.lost ? t("pk.lost") : problem.message);
      }
    };
    const draw = ({ items, last, printer }) => {
      const rows = last && !items.some((row) => row.id === last.id) ? [last, ...items] : items;
      put(box, rows.length ? h("ul.mine", rows.map((row) => mineRow(desk, row, act, printer))) : h("p.hint", t("oc.mineEmpty")));
    };
    draw(first);
    return h("div.stack", h("p.hint", t("oc.mineNote")), box, error,
      h("div.btn-row.sheet-foot", h("button.btn", { type: "button", "data-first": true, onclick: () => done() }, t("pk.close"))));
  });
}

const LOOK = { late: "red", untold: "amber", done: "green", done_late: "red" };
const NEXT = { open: ["done", "oc.markDone"], late: ["done", "oc.markDone"], untold: ["told", "oc.tellNow"], done_late: ["told", "oc.tellNow"] };

function mineRow(desk, row, act, printer) {
  const facts = [desk.named("services", row.service), row.case_no, row.due_day && t("oc.dueBy", { day: shortDay(row.due_day) }), row.no && `${t(`ocp.${row.slip}`)} ${row.no}`];
  const next = row.told_at ? null : NEXT[row.state];
  const key = (words, what) => h("button.btn.small", { type: "button", onclick: () => act(row, what) }, t(words));
  return h("li.mine-row",
    h("span.mine-what", h("strong", h("span.num", row.number), ` ${pick({ name: row.kind_name, name_en: row.kind_name_en })} `, h(`span.badge.${LOOK[row.state] || "plain"}`, t(`oc.state_${row.state}`))),
      h("small.muted", facts.filter(Boolean).join(" · "))),
    h("span.btn-row", next && key(next[1], next[0]), row.no && printer && key("oc.again", "print"),
      row.no && h("a.btn.small", { href: `/window/outcomes/${row.id}/print`, target: "_blank", rel: "noopener" }, t("oc.paper"))));
}
