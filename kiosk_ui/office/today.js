// Services for today: windows on duty against what people wait for. Two presses add one; it ends tonight.
import { list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act, section } from "./parts.js";
import { windowsOf } from "./posts.js";
import { scrolling } from "./table.js";

const MOST = 8;

export function today(ctx) {
  const box = h("div");
  let rows = new Map();
  let armed = null;
  let [asked, drawn] = ["", ""];
  const onDuty = () => windowsOf(ctx).filter((w) => w.clerk);
  const draw = () => {
    const [windows, services] = [onDuty(), busy(ctx, rows)];
    const looks = JSON.stringify([windows.map((w) => [w.no, w.services]), services.map((q) => [q.code, q.waiting]), [...rows.values()], armed]);
    if (looks === drawn) return;
    drawn = looks;
    put(box, windows.length && services.length ? matrix(ctx, windows, services, rows, press) : h("p.empty", t(windows.length ? "op.todayQuiet" : "op.todayNobody")));
  };
  const again = async () => {
    rows = new Map((await list("/posts/today").catch(() => [])).map((row) => [row.window, row]));
    draw();
  };
  /** Who may add what is asked again when somebody came, went, or got a service. */
  const update = () => {
    const now = JSON.stringify(onDuty().map((w) => [w.no, w.clerk.id, w.services]));
    if (now !== asked) again();
    else draw();
    asked = now;
  };
  /** The first press asks, the second adds. */
  const press = async (no, code) => {
    const mark = `${no}/${code}`;
    if (armed !== mark) {
      armed = mark;
      draw();
      return box.querySelector(".arm button")?.focus();
    }
    armed = null;
    await post(`/windows/${encodeURIComponent(no)}/services`, { service: code });
    await again();
  };
  press.isArmed = (no, code) => armed === `${no}/${code}`;
  press.drop = async (no, code) => {
    await post(`/windows/${encodeURIComponent(no)}/services/${encodeURIComponent(code)}/drop`);
    await again();
  };
  return { node: section(t("o.todays"), h("p.muted", t("op.todayNote")), box), update };
}

/** The services that most people wait for, and those that were added already. */
function busy({ live }, rows) {
  const added = new Set([...rows.values()].flatMap((row) => row.added));
  const queues = live.list("queue/").filter((q) => q.waiting > 0 || added.has(q.code));
  return queues.sort((a, b) => b.waiting - a.waiting || a.code.localeCompare(b.code)).slice(0, MOST);
}

function matrix(ctx, windows, services, rows, press) {
  const head = h("tr", h("th", { scope: "col" }, t("o.colWindow")), services.map((q) =>
    h("th", { scope: "col" }, ctx.name("services", q.code), h("small.muted.block", t("op.waiting", { n: q.waiting })))));
  const line = (w) => h("tr",
    h("th", { scope: "row" }, t("o.atWindow", { win: w.no }), h("small.muted.block", w.clerk.name)),
    services.map((q) => h("td", { "data-label": ctx.name("services", q.code) }, cell(w, q.code, rows.get(w.no), press))));
  return scrolling(h("div.table-wrap", h("table.table.matrix", h("caption.sr-only", t("o.todays")), h("thead", head), h("tbody", windows.map(line)))));
}

function cell(w, code, row, press) {
  if (row?.added.includes(code)) return h("span.btn-row", h("span.badge.green", t("op.addedToday")), act(t("op.drop"), () => press.drop(w.no, code)));
  if (w.services.includes(code)) return h("span.muted", t("op.offers"));
  if (!row?.can.includes(code)) return h("span.muted", t("op.noSkill"));
  const armed = press.isArmed(w.no, code);
  return h(`span${armed ? ".arm" : ""}`, act(t(armed ? "op.addSure" : "op.add"), () => press(w.no, code), armed ? ".primary" : ""));
}
