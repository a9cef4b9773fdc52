// The register of devices: wired ones and paired pages in one list, by floor, kind and state, with a search.
import { list } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { deviceName, faultsOf, isPage, kindName, placeOf, rank, stateMark, trip } from "./device_words.js";
import { minutesSince, named, section, when } from "./parts.js";
import { Table } from "./table.js";

const EVERY = 5000;
const collate = new Intl.Collator("zh-CN", { numeric: true });
const STATES = { trouble: (d) => rank(d) < 3, marked: (d) => Boolean(d.mark) };

/** One choice; its first value means all of them. */
function choice(label, all, change) {
  const select = h("select.input", { "aria-label": label, onchange: change }, h("option", { value: "" }, all));
  const offer = (options) => {
    const chosen = select.value;
    if (select === document.activeElement) return;
    put(select, h("option", { value: "" }, all), options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
  };
  return { node: select, offer, value: () => select.value };
}

export function deviceList(ctx) {
  let rows = [];
  const table = new Table(columns(ctx), { empty: t("cm.none"), sort: "state", caption: t("cm.register") });
  const count = h("span.muted", { role: "status" });
  const floor = choice(t("cm.floor"), t("cm.anyFloor"), () => draw());
  const kind = choice(t("cm.kind"), t("cm.anyKind"), () => draw());
  const state = choice(t("cm.state"), t("cm.anyState"), () => draw());
  const search = h("input.input.find", { type: "search", "aria-label": t("cm.find"), placeholder: t("cm.search"), oninput: () => draw() });
  state.offer([["trouble", t("cm.trouble")], ["marked", t("cm.marked")]]);

  function draw() {
    const shown = rows.filter((d) => (!floor.value() || String(d.floor) === floor.value()) && (!kind.value() || d.kind === kind.value())
      && (!state.value() || STATES[state.value()](d)));
    table.words = search.value.trim().toLowerCase();
    table.set(shown);
    say(count, t("cm.shown", { n: table.shown().length }));
  }

  async function look() {
    const found = await list("/devices/register").catch(() => null);
    if (!found || table.body.contains(document.activeElement)) return; // never under the hand of who is reading it
    rows = found.sort((a, b) => collate.compare(a.id, b.id));
    floor.offer([...new Set(rows.map((d) => d.floor).filter(Boolean))].sort().map((n) => [String(n), t("cm.onFloor", { n })]));
    kind.offer([...new Set(rows.map((d) => d.kind))].sort().map((k) => [k, kindName(k)]));
    draw();
  }

  /** What the live picture already knows is not waited for. */
  let told = "";
  function update() {
    const now = JSON.stringify(ctx.live.list("device/"));
    if (now === told) return;
    told = now;
    rows = rows.map((d) => (isPage(d) ? d : { ...d, ...ctx.live.get(`device/${d.id}`) }));
    if (!table.body.contains(document.activeElement)) draw();
  }

  look();
  const timer = setInterval(look, EVERY);
  const bar = h("div.bar", search, floor.node, kind.node, state.node, count);
  return { node: section(t("cm.register"), h("p.muted", t("cm.registerNote")), bar, h("div.register", table.node)), update, look, stop: () => clearInterval(timer) };
}

const columns = ({ name }) => [
  { key: "state", label: t("cm.state"), tight: true, value: (d) => rank(d), cell: stateMark },
  { key: "id", label: t("cm.device"), value: (d) => `${d.id} ${kindName(d.kind)}`, cell: (d) => [
    h("a", { href: `#device/${encodeURIComponent(d.id)}` }, h("strong", deviceName(d))), h("small.muted.block", isPage(d) ? t("cm.page") : kindName(d.kind))] },
  { key: "place", label: t("cm.place"), value: (d) => placeOf(d, name) },
  { key: "what", label: t("cm.what"), value: (d) => [d.mark?.note, ...faultsOf(d)].filter(Boolean).join(" "), cell: (d) => [
    d.mark && h("span.block", named(t("cm.marked"), d.mark.note)), faultsOf(d).map((words) => h("span.block", words))] },
  { key: "since", label: t("cm.since"), right: true, value: (d) => (d.since ? -minutesSince(d.since) : null), cell: (d) => (d.since ? when(d.since) : "") },
  { key: "trip", label: t("cm.trip"), right: true, value: (d) => d.round_trip_ms ?? null, cell: trip },
  { key: "errors", label: t("cm.errors"), right: true, value: (d) => (isPage(d) ? null : (d.losses || 0) + (d.bad_frames || 0)), cell: (d) => (isPage(d) ? "" : `${d.losses || 0} / ${d.bad_frames || 0}`) },
  { key: "link", label: t("cm.link"), value: (d) => d.link || "", cell: (d) => d.link && h("code", d.link) },
];
