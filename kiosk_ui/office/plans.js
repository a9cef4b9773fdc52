// The year's plan of a department's windows: the seasons in which some stand closed each year. Filed by 1 March.
import { list, post } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { choice, text } from "./controls.js";
import { mayWrite } from "./form_words.js";
import { join, section } from "./parts.js";
import { Table } from "./table.js";

const SEASON = /^(\d\d)-(\d\d)$/;
const said = (season) => t("fm.season", { wins: join(season.windows), a: season.from, b: season.until });

export function plans(ctx) {
  const box = h("div");
  const form = h("div");
  const draw = async () => {
    const items = await list("/window-plans").catch(() => []);
    put(box, new Table([
      { key: "year", label: t("fm.year"), value: (p) => p.year },
      { key: "dept", label: t("o.colDept"), value: (p) => ctx.name("departments", p.department) },
      { key: "seasons", label: t("fm.seasons"), value: (p) => p.seasons.map(said).join(" "), cell: (p) => (p.seasons.length ? p.seasons.map((s) => h("span.block", said(s))) : t("fm.noSeason")) },
      { key: "remark", label: t("fm.remark"), value: (p) => p.remark },
    ], { empty: t("fm.planEmpty"), sort: "year", down: true, caption: t("fm.plan") }).set(items).node);
  };
  const open = () => put(form, planForm(ctx, () => (put(form), draw())));
  draw();
  return section(t("fm.plan"), h("p.muted", t("fm.planNote")),
    mayWrite(ctx) && h("div.bar", h("button.btn.primary", { type: "button", onclick: open }, t("fm.newPlan"))), form, box);
}

function planForm(ctx, done) {
  const owners = ctx.who.role === "chief" ? ctx.catalog.departments.filter((d) => d.code === ctx.who.department) : ctx.catalog.departments;
  const department = choice("department", t("o.colDept"), null, owners.map((d) => [d.code, pick(d)]));
  const year = text("year", t("fm.year"), { year: isoDay().slice(0, 4) }, { inputmode: "numeric", maxlength: 4 });
  const remark = text("remark", t("fm.remark"), null, { maxlength: 500 });
  const rows = h("div.stack");
  const error = h("p.error", { role: "alert" });
  const add = () => rows.append(h("div.season",
    text("windows", t("fm.newWindows"), null, { hint: t("fm.newWindowsNote"), maxlength: 120 }).node,
    text("from", t("fm.seasonFrom"), null, { placeholder: "11-01", maxlength: 5 }).node,
    text("until", t("fm.seasonUntil"), null, { placeholder: "03-31", maxlength: 5 }).node));
  const seasons = () => [...rows.children].map((row) => [...row.querySelectorAll("input")].map((i) => i.value.trim()))
    .filter(([windows]) => windows).map(([windows, from, until]) => ({ windows: windows.split(/[,，、\s]+/).filter(Boolean), from, until }));
  const send = async (event) => {
    event.preventDefault();
    if (seasons().some((s) => !SEASON.test(s.from) || !SEASON.test(s.until))) return say(error, t("fm.seasonWrong"));
    try {
      await post("/window-plans", { department: department.value(), year: Number(year.value()), seasons: seasons(), remark: remark.value() });
      return done();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      return say(error, problem.message || t("o.lost"));
    }
  };
  add();
  return h("form.stack.entry", { onsubmit: send, novalidate: true }, department.node, year.node, rows,
    h("div", h("button.btn.small", { type: "button", onclick: add }, t("fm.addSeason"))), remark.node,
    h("div.btn-row", h("button.btn.primary", { type: "submit" }, t("o.save"))), error);
}
