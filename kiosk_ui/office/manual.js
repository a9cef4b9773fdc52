// Numbers on paper: blanks printed ahead, and the batch that was given while the system was down.
import { create, list } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { act, join, section } from "./parts.js";

const FIRST_LINES = 3;
const WHY = { code: "wrongCode" };

export function manual(ctx) {
  return { node: h("div.stack", h("div.no-print", enterCard(ctx)), padCard()), update: () => {} };
}

// -- entering

function enterCard(ctx) {
  const body = h("tbody");
  const error = h("p.error", { role: "alert" });
  const said = h("p", { role: "status" });
  const lines = () => [...body.children].map((row) => row.line);
  const number = () => lines().forEach((line, i) => line.place(i + 1));
  const add = () => {
    body.append(lineRow(ctx, (row) => (row.remove(), lines().length || add(), number())));
    number();
  };
  const reset = () => {
    put(body);
    for (let i = 0; i < FIRST_LINES; i += 1) add();
  };
  const send = async () => {
    const filled = lines().filter((line) => line.filled());
    put(error);
    put(said);
    if (!filled.length) return void put(error, t("mn.nothing"));
    for (const line of filled) line.clear();
    try {
      const { items } = await create("/manual", { lines: filled.map((line) => line.value()) });
      put(said, h("span.badge.green", t("mn.done", { n: items.length, numbers: join(items.map((x) => x.number)) })));
      reset();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      for (const wrong of problem.detail?.wrong || []) filled[wrong.line - 1].fail(wrong);
      const shown = new Set((problem.detail?.wrong || []).map((wrong) => lines().indexOf(filled[wrong.line - 1]) + 1));
      put(error, shown.size ? t("mn.wrong", { lines: join([...shown]) }) : problem.message || t("o.lost"));
    }
  };
  reset();
  const heads = ["number", "service", "arrival", "code", "category"].map((key) => h("th", { scope: "col" }, t(`mn.${key}`)));
  return section(t("mn.enter"), h("p.muted", t("mn.enterNote")),
    h("div.table-wrap", h("table.table.lines", h("thead", h("tr", h("th", { scope: "col" }, "#"), heads, h("th", h("span.sr-only", t("o.colActions"))))), body)), error,
    h("div.btn-row", h("button.btn.small", { type: "button", onclick: add }, t("mn.more")), act(t("mn.send"), send, ".primary")), said);
}

/** A line of the batch: {filled, value, fail, clear, place}. */
function lineRow(ctx, drop) {
  const input = (name, props) => h("input.input", { autocomplete: "off", ...props, "aria-label": t(`mn.${name}`) });
  const select = (name, rows) => h("select.input", { "aria-label": t(`mn.${name}`) }, rows.map(([value, words]) => h("option", { value }, words)));
  const green = (ctx.catalog.categories || []).filter((c) => c.code !== "ordinary").map((c) => [c.code, pick(c)]);
  const fields = {
    number: input("number", { maxlength: 8 }),
    service: select("service", (ctx.catalog.services || []).map((s) => [s.code, pick(s)])),
    arrival: input("arrival", { maxlength: 5, inputmode: "numeric", placeholder: "09:20" }),
    check_code: input("code", { maxlength: 4, inputmode: "numeric" }),
    category: select("category", [["ordinary", t("mn.ordinary")], ...green]),
  };
  const errors = Object.fromEntries(Object.keys(fields).map((name) => [name, h("span.error", { role: "alert" })]));
  const place = h("td.num.muted");
  const remove = h("button.btn.small.quiet", { type: "button", onclick: () => drop(row) }, "×");
  const row = h("tr", place, Object.entries(fields).map(([name, el]) => h("td", { "data-label": el.getAttribute("aria-label") }, h("div", el, errors[name]))), h("td", remove));
  row.line = {
    filled: () => ["number", "arrival", "check_code"].some((name) => fields[name].value.trim()),
    value: () => Object.fromEntries(Object.entries(fields).map(([name, el]) => [name, el.value.trim().replace("：", ":") || (name === "check_code" ? "" : "-")])),
    fail: ({ field, why }) => {
      fields[field].setAttribute("aria-invalid", "true");
      put(errors[field], t(`mn.${WHY[why] || why}`));
    },
    clear: () => Object.keys(fields).forEach((name) => (fields[name].removeAttribute("aria-invalid"), put(errors[name]))),
    place: (n) => {
      put(place, n);
      remove.setAttribute("aria-label", t("mn.remove", { n }));
    },
  };
  return row;
}

// -- blanks

function padCard() {
  const box = h("div.stack");
  const count = h("input.input.short", { type: "number", value: 24, min: 1, max: 200, "aria-label": t("mn.padCount") });
  const again = async () => {
    const items = await list("/manual/pad").catch(() => null);
    if (!items) return void put(box, h("p.band.amber", t("o.lost")));
    if (!items.length) return void put(box, h("p.empty", t("mn.padNone")));
    put(box, h("p.no-print", t("mn.padLeft", { n: items.length, a: items[0].number, b: items[items.length - 1].number })),
      h("div.btn-row.no-print", h("button.btn", { type: "button", onclick: () => print() }, t("mn.padPrint", { n: items.length }))),
      h("ol.blanks.printed", items.map(blank)));
  };
  again();
  const make = act(t("mn.padMake"), async () => (await create("/manual/pad", { count: Number(count.value) || 1 }), again()), ".primary");
  return h("section.card.stack", h("h2.no-print", t("mn.pad")), h("p.muted.no-print", t("mn.padNote")),
    h("div.bar.no-print", h("label.period", t("mn.padCount"), count), make), box);
}

const blank = ({ number, check_code: code }) => h("li.blank",
  h("small", `${boot.hall.name} · ${t("mn.slipHall")}`), h("strong.num", number),
  h("span", `${t("mn.slipCode")} `, h("b.num", code)),
  h("span.fill", t("mn.slipTime")), h("span.fill", t("mn.slipService")), h("small", t("mn.slipNote")));
