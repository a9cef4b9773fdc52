// One bulletin: its text is the office's, its tables are the facts'; approval step by step, then it stands for good.
import { get, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { bulletinState, fileLinks, titleOf } from "./bulletin_words.js";
import { text } from "./controls.js";
import { act, evidenceName, named, section, when } from "./parts.js";
import { scrolling, Table } from "./table.js";

const AGAIN = 1000;
const FEW = 12; // rows of a table that are shown at once
const EVIDENCE = { pause: "away", spell: "posts", rating: "ratings", finding: "patrols", case: "cases", missed_step: "closing" };

export function editor(ctx, id) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const may = ["office", "admin"].includes(ctx.who.role);
  let timer = null;
  let shown = null;
  const show = (one) => {
    clearTimeout(timer);
    const busy = one.job && !one.job.error;
    const gathering = one.state === "draft" && !one.facts_at && !one.job?.error;
    if (shown?.version === one.version && shown.state === one.state && shown.facts_at === one.facts_at) box.querySelector(".js-job")?.replaceWith(progress(one, may, show));
    else put(box, drawn(ctx, one, may && one.state === "draft", may, show));
    shown = one;
    if (busy || gathering) timer = setTimeout(load, AGAIN);
  };
  const load = () => get(`/bulletins/${encodeURIComponent(id)}`).then(show, (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")), h("a", { href: "#bulletins" }, t("bl.back")));
  });
  load();
  return { node: box, update: () => {}, stop: () => clearTimeout(timer) };
}

function drawn(ctx, one, open, may, show) {
  const ready = Boolean(one.facts_at);
  const form = ready && open ? editForm(ctx, one, show) : null;
  return [
    head(ctx, one, open, may, show),
    ready && (form ? form.node : read(ctx, one)),
    ready && ["draft", "approved"].includes(one.state) && approval(one, open, form, show),
    ready && ctx.who.role !== "chief" && differences(one),
  ];
}

function head(ctx, one, open, may, show) {
  const lines = [
    h("span", titleOf(one)), h("span.muted", t("bl.period", { since: one.since, until: one.until })),
    one.department && h("span", ctx.name("departments", one.department)),
    one.state === "draft" && h("span.muted", `${t("bl.colDue")} ${one.due}`), one.late && h("span.badge.red", t("bl.late")),
    one.facts_at && h("span.muted", t("bl.factsAt", { t: when(one.facts_at) })),
  ];
  return section(one.number ? `${one.number}　${one.title}` : one.title,
    h("div.bar", h("a", { href: "#bulletins" }, t("bl.back")), bulletinState(one), lines),
    one.corrected_number && h("p.band.amber", `${t("bl.corrects", { number: one.corrected_number })}　${one.note}`),
    one.correction && h("p.band.amber", h("a", { href: `#bulletins/${one.correction.id}` }, one.correction.number ? t("bl.correctedBy", { number: one.correction.number }) : t("bl.correctedDraft"))),
    progress(one, may, show),
    h("div.bar", one.facts_at && h("a.btn", { href: `/office/bulletins/${one.id}/print`, target: "_blank" }, t("bl.preview")),
      open && one.facts_at && h("span", { title: t("bl.refreshNote") }, act(t("bl.refresh"), async () => show(await post(`/bulletins/${one.id}/refresh`)))),
      open && dropKey(one, show), may && one.state === "approved" && !one.correction && correctKey(one)));
}

/** How far the facts or the files are; what can be fetched; what went wrong. */
function progress(one, may, show) {
  const again = (path) => act(t("bl.again"), async () => show(await post(`/bulletins/${one.id}/${path}`)));
  const node = h("div.js-job.bar", { "aria-live": "polite" });
  if (one.job?.error) return put(node, h("span.badge.red", t("bl.failed", { why: one.job.error })), may && again(one.facts_at ? "print" : "refresh"));
  if (one.job || (!one.facts_at && one.state === "draft")) {
    const percent = one.job?.percent || 0;
    return put(node, h("progress", { max: 100, value: percent, "aria-label": t("bl.gathering") }), h("span.num", t("bl.working", { n: percent })));
  }
  if (one.files.length) put(node, fileLinks(one));
  else if (may && one.facts_at && ["draft", "approved"].includes(one.state)) put(node, act(t("bl.render"), async () => show(await post(`/bulletins/${one.id}/print`))));
  return node;
}

function dropKey(one, show) {
  const ask = () => askFields(t("bl.drop"), [text("why", t("bl.dropWhy"), null, { maxlength: 300 })], t("bl.drop"), async (v) => show(await post(`/bulletins/${one.id}/drop`, v)));
  return h("button.btn.small", { type: "button", onclick: ask }, t("bl.drop"));
}

function correctKey(one) {
  let made = null;
  const save = async (v) => (made = await post(`/bulletins/${one.id}/correct`, v));
  const ask = () => askFields(t("bl.correct"), [text("why", t("bl.correctWhy"), null, { maxlength: 300 })], t("bl.correct"), save)
    .then((done) => done && (location.hash = `#bulletins/${made.id}`));
  return h("button.btn.small", { type: "button", onclick: ask }, t("bl.correct"));
}

// -- the text

const heading = (each) => (lang().startsWith("zh") || !each.title_en ? each.title : `${each.title_en}　${each.title}`);

function editForm(ctx, one, show) {
  const title = text("title", t("bl.title"), one, { maxlength: 120 });
  const parts = one.sections.map((each) => part(each));
  const asked = one.interviews.length ? askedPart(ctx, one.interviews) : null;
  const error = h("span.error", { role: "alert" });
  let dirty = false;
  const save = async (event) => {
    event.preventDefault();
    say(error, "");
    const body = { seen: one.version, title: title.value(), sections: parts.map((p) => p.value()), interviews: asked ? asked.value() : [] };
    try {
      show(await post(`/bulletins/${one.id}/edit`, body));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
    }
  };
  const node = h("form.stack", { onsubmit: save, oninput: () => (dirty = true), novalidate: true },
    h("section.card.stack", title.node), parts.map((p) => p.node), asked && asked.node,
    h("div.bar.card", h("button.btn.primary", { type: "submit" }, t("bl.save")), h("span.muted", t("bl.approveNote")), error));
  return { node, dirty: () => dirty };
}

function part(each) {
  const words = h("textarea.input", { rows: Math.max(2, each.paragraphs.length + 1), maxlength: 20000, "aria-label": named(each.title, t("bl.text")) }, each.paragraphs.join("\n"));
  const hidden = h("input", { type: "checkbox", checked: each.hidden });
  const node = h("section.card.stack", h("div.bar", h("h2", heading(each)), h("label.check", hidden, h("span", t("bl.hide")))),
    each.written && !each.paragraphs.length && h("p.band.amber", t("bl.mustWrite")),
    h("label.field", h("span.label", t("bl.text")), words), facts(each));
  const lines = () => words.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return { node, value: () => ({ code: each.code, hidden: hidden.checked, paragraphs: lines() }) };
}

/** A department to a line, with a box for its chief representative and one for its leader. */
function askedPart(ctx, proposed) {
  const boxes = new Map(proposed.map((one) => [`${one.department}/${one.level}`, h("input", {
    type: "checkbox", checked: one.on, "aria-label": `${ctx.name("departments", one.department)} ${t(`bl.${one.level}`)}` })]));
  const lines = [...new Map(proposed.map((one) => [one.department, one])).values()];
  const box = (level) => (one) => h("label.check", boxes.get(`${one.department}/${level}`));
  const table = new Table([
    { key: "department", label: t("o.colDept"), cell: (one) => ctx.name("departments", one.department) },
    { key: "facts", label: t("bl.facts"), cell: (one) => one.facts },
    { key: "chief", label: t("bl.chief"), cell: box("chief") },
    { key: "leader", label: t("bl.leader"), cell: box("leader") },
  ], { empty: "", caption: t("bl.ask") }).set(lines);
  const node = h("section.card.stack", h("h2", t("bl.ask")), h("p.muted", t("bl.askNote")), table.node);
  return { node, value: () => proposed.map(({ department, level }) => ({ department, level, on: boxes.get(`${department}/${level}`).checked })) };
}

function read(ctx, one) {
  const shown = one.sections.filter((each) => !each.hidden);
  const asked = one.interviews.filter((each) => each.on);
  return h("div.stack", shown.map((each) => h("section.card.stack", h("h2", heading(each)), each.paragraphs.map((line) => h("p", line)), facts(each))),
    asked.length > 0 && h("section.card.stack", h("h2", t("bl.ask")), h("ul", asked.map((each) => h("li", `${ctx.name("departments", each.department)} · ${t(`bl.${each.level}`)} · ${each.facts}`)))));
}

function facts(each) {
  if (!each.tables.length && !each.charts.length) return null;
  return h("div.stack", h("p.muted", t("bl.asFacts")), each.tables.map(factTable));
}

const figure = (cell) => typeof cell === "number" || /%$|^—$/.test(cell);

function factTable(table) {
  const proved = table.rows.some((row) => row.ref);
  const line = (row) => h("tr", row.cells.map((cell, i) => h("td", { class: figure(cell) ? "right" : "", "data-label": table.columns[i] }, h("div", String(cell)))),
    proved && h("td", { "data-label": t("bl.evidence") }, evidence(row.ref)));
  const body = h("tbody", table.rows.slice(0, FEW).map(line));
  const more = h("button.btn.small", { type: "button", onclick: () => (put(body, table.rows.map(line)), more.remove()) }, t("bl.rows", { n: table.rows.length }));
  return h("div.stack", h("h3", table.title),
    scrolling(h("div.table-wrap", h("table.table", h("caption.sr-only", table.title),
      h("thead", h("tr", table.columns.map((name, i) => h("th", { scope: "col", class: table.rows.every((row) => row.cells[i] === "" || figure(row.cells[i])) ? "right" : "" }, name)), proved && h("th", { scope: "col" }, t("bl.evidence")))), body))),
    table.rows.length > FEW && h("div.bar", more));
}

function evidence(ref) {
  const page = EVIDENCE[ref.split("/")[0]];
  return page ? h("a", { href: `#${page}` }, evidenceName(ref)) : evidenceName(ref);
}

// -- approval, and what was changed

function approval(one, open, form, show) {
  const done = one.steps.map((step) => h("li", t("bl.signed", { title: step.title, name: step.name, t: when(step.at) })));
  const next = open && one.way[one.steps.length];
  return section(t("bl.path"), done.length > 0 && h("ol", done), next && stepForm(one, next, form, show),
    one.journal && h("p.muted.wraps", t("bl.head", one.journal)));
}

function stepForm(one, next, form, show) {
  const title = lang().startsWith("zh") ? next.zh : next.en;
  const name = text("name", t("bl.approver", { title }), null, { maxlength: 60 });
  const error = h("p.error", { role: "alert" });
  const last = one.steps.length === one.way.length - 1;
  const send = async (event) => {
    event.preventDefault();
    if (form?.dirty()) return say(error, t("bl.unsaved"));
    try {
      show(await post(`/bulletins/${one.id}/approve`, { seen: one.version, name: name.value() }));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      if (problem.detail?.field === "name") name.fail(problem.message);
      else say(error, problem.message || t("o.lost"));
    }
    return null;
  };
  return h("form.form-step", { onsubmit: send, novalidate: true }, name.node,
    h("div.form-go", h("button.btn.primary", { type: "submit" }, t(last ? "bl.approveLast" : "bl.approve")), error));
}

function differences(one) {
  const what = (change) => {
    if (change.what === "hidden") return h("span.badge.amber", t("bl.changeHidden"));
    if (change.what === "shown") return h("span.badge.green", t("bl.changeShown"));
    return h("dl.facts", change.was && [h("dt", t("bl.was")), h("dd", h("del", change.was))], change.now && [h("dt", t("bl.now")), h("dd", h("ins", change.now))]);
  };
  return section(t("bl.changes"), one.changes.length === 0 && h("p.muted", t("bl.changesNone")),
    one.changes.map((change) => h("div", h("strong", change.section), what(change))));
}
