// One device: how it is, what went over its wire last, its tests, its fault marks.
import { create, get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { text } from "./controls.js";
import { deviceName, detailName, detailValue, faultsOf, isPage, kindName, placeOf, resultName, stateMark, trip } from "./device_words.js";
import { act, join, named, section, when } from "./parts.js";
import { Table } from "./table.js";

const OFFICE = ["office", "admin"];
const EVERY = 1000;
const PAD = "pad-citizen";

export function device(ctx, id) {
  const subject = decodeURIComponent(id);
  const path = `/devices/${encodeURIComponent(subject)}`;
  const parts = { head: h("div.bar"), health: h("div.stack"), keys: h("div.stack"), frames: h("div"), tests: h("div"), marks: h("div") };
  const error = h("p.band.amber", { role: "alert", hidden: true });
  const may = OFFICE.includes(ctx.who.role);
  let sign = "";

  async function look() {
    try {
      draw(await get(path));
      error.hidden = true;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(error, problem.message || t("o.lost"));
      error.hidden = false;
    }
  }

  /** Frames and figures each second; what has keys in it only when it is another. */
  function draw(d) {
    put(parts.frames, frames(d));
    put(parts.health, health(ctx, d));
    const now = JSON.stringify([d.state, d.mark, d.testing, d.tests, d.marks]);
    if (now === sign) return;
    sign = now;
    put(parts.head, h("a.btn.small", { href: "#devices" }, `← ${t("cm.back")}`), h("h1", isPage(d) ? `${placeOf(d, ctx.name)} · ${deviceName(d)}` : deviceName(d)), stateMark(d));
    put(parts.keys, d.mark && h("p.band.amber", t("cm.markedBy", { ...d.mark, at: when(d.mark.at) })), may && keys(d, path, look), may && h("p.muted", testNote(d)));
    put(parts.tests, d.testing && h("p.band.amber", { role: "status" }, t("cm.testing")), tests(d));
    put(parts.marks, marks(d));
  }

  const grid = h("div");
  const update = () => put(grid, progress(ctx.live.get(`padtest/${subject.split(":")[1]}`), subject));
  const browser = subject.includes(":"); // it has no wire, and no frames
  const past = h("div.stack", section(t("cm.tests"), parts.tests), section(t("cm.history"), parts.marks));
  look();
  const timer = may ? setInterval(look, EVERY) : null; // each look of an auditor stands in the journal
  return {
    node: h("div.stack", error, parts.head,
      h("div.columns.even",
        h("div.stack", section(t("cm.health"), parts.health, parts.keys, grid), !browser && past),
        browser ? past : section(t("cm.frames"), h("p.muted", t("cm.framesNote")), parts.frames))),
    update,
    stop: () => clearInterval(timer),
  };
}

function health({ name }, d) {
  const relay = /^relay:([^/]+)\//.exec(d.link || "")?.[1];
  const rows = [
    [t("cm.kind"), kindName(d.kind)],
    [t("cm.place"), [placeOf(d, name), d.floor && ` · ${t("cm.onFloor", { n: d.floor })}`]],
    [t("cm.what"), faultsOf(d).map((words) => h("span.block", words))],
    [t("cm.since"), d.since && when(d.since)],
    ...(isPage(d) ? [] : [
      [t("cm.heard"), when(d.heard_at)], [t("cm.trip"), trip(d)], [t("cm.errorsLong"), `${d.losses} / ${d.bad_frames}`],
      [t("cm.driver"), h("code", d.driver)], [t("cm.link"), [h("code", d.link), relay && h("small.muted.block", t("cm.relay", { name: relay }))]],
    ]),
    ...Object.entries(d.detail || {}).map(([key, value]) => [detailName(key), detailValue(value)]),
  ];
  return h("dl.facts", rows.filter(([, value]) => value && (!Array.isArray(value) || value.length)).map(([label, value]) => [h("dt", label), h("dd", value)]));
}

function testNote(d) {
  if (d.kind === PAD) return t("cm.gridNote");
  if (d.kind === "pad") return t("cm.hardPad");
  return t(isPage(d) ? "cm.note_page" : `cm.note_${d.kind}`);
}

function keys(d, path, again) {
  const test = act(t(d.kind === PAD ? "cm.testGrid" : "cm.test"), async () => (await create(`${path}/test`, {}), again()), ".primary");
  const mark = d.mark
    ? act(t("cm.unmark"), async () => (await post(`${path}/unmark`), again()))
    : act(t("cm.mark"), async () => (await askMark(d, path)) && again());
  return h("div.btn-row", !d.testing && test, mark);
}

const askMark = (d, path) =>
  askFields(t("cm.markAsk", { id: deviceName(d) }), [text("note", t("cm.markNote"), null, { maxlength: 200, required: true })], t("cm.markGo"),
    ({ note }) => post(`${path}/mark`, { note }), t("cm.markSays"));

const frames = (d) =>
  d.frames.length
    ? h("ol.frames", { tabindex: "0", "aria-label": t("cm.frames") }, d.frames.map((f) =>
      h(`li.${f.way}`, h("span.num.muted", f.at.slice(11, 23)), h("span.way", t(`cm.way_${f.way}`)), h("code", f.words))))
    : h("p.empty", t("cm.framesNone"));

const tests = (d) => new Table([
  { key: "at", label: t("cm.at"), tight: true, value: (r) => r.at, cell: (r) => when(r.at) },
  { key: "by", label: t("cm.by"), tight: true, value: (r) => r.by },
  { key: "result", label: t("cm.result"), value: (r) => r.result, cell: (r) => [
    h(`span.badge.${r.result === "done" ? "green" : "amber"}`, resultName(r)),
    r.cells.length > 0 && h("small.muted.block", named(t("cm.cellsNone"), join(r.cells.map(cellName))))] },
], { empty: t("cm.testsNone"), sort: "at", down: true, caption: t("cm.tests") }).set(d.tests.filter((r) => r.ended_at)).node;

const marks = (d) => new Table([
  { key: "at", label: t("cm.at"), tight: true, value: (r) => r.at, cell: (r) => when(r.at) },
  { key: "by", label: t("cm.by"), tight: true, value: (r) => r.by },
  { key: "note", label: t("cm.markNote"), value: (r) => r.note },
  { key: "ended", label: t("cm.ended"), value: (r) => r.ended_at, cell: (r) => r.ended_at && [when(r.ended_at), r.ended_by && h("small.muted.block", r.ended_by)] },
], { empty: t("cm.historyNone"), sort: "at", down: true, caption: t("cm.history") }).set(d.marks).node;

function cellName(cell) {
  const [row, column] = cell.split("-").map((n) => Number(n) + 1);
  return t("cm.cell", { row, column });
}

/** While somebody touches a pad: its cells as they answer. */
function progress(test, subject) {
  if (!test || subject !== `${PAD}:${test.window}`) return null;
  const left = new Set(test.left);
  const cells = Array.from({ length: test.rows * test.columns }, (_, i) => `${Math.floor(i / test.columns)}-${i % test.columns}`);
  return [h("p", { role: "status" }, t("cm.gridLeft", { n: left.size })),
    h("div.grid-progress", { "aria-hidden": "true", style: { "--columns": test.columns } }, cells.map((cell) => h(`span${left.has(cell) ? "" : ".on"}`)))];
}
