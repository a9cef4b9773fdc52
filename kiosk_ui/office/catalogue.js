// The catalogue: what the hall offers and where. One list per kind; an entry is added, changed, switched off and on.
import { get, list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { confirm } from "../window/sheets.js";
import { askEntry } from "./entry.js";
import { hoursForm } from "./hours.js";
import { act, join, section } from "./parts.js";
import { Table } from "./table.js";

/** kind -> the stem of its words, the name of its key. */
const KINDS = {
  services: ["Services", "code"],
  windows: ["Windows", "no"],
  departments: ["Departments", "code"],
  zones: ["Zones", "code"],
  kiosks: ["Kiosks", "id"],
  categories: ["Categories", "code"],
  "pause-reasons": ["Reasons", "code"],
};
const SWITCHED = ["services", "windows", "kiosks", "categories", "pause-reasons"];

export function catalogue(ctx, wanted) {
  const kind = wanted === "hours" || KINDS[wanted] ? wanted : "services";
  const words = kind === "hours" ? "Hours" : KINDS[kind][0];
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const again = () => show(box, () => (kind === "hours" ? drawHours(box, again) : draw(box, kind, ctx, again)));
  again();
  const node = section(t("o.catalogue"), subTabs(kind), h("p.muted", t(`o.c${words}Note`)), box);
  return { node, update: () => {} };
}

const subTabs = (current) =>
  h("nav.sub-tabs", { "aria-label": t("o.catalogue") }, [...Object.entries(KINDS).map(([kind, [words]]) => [kind, words]), ["hours", "Hours"]].map(([kind, words]) =>
    h("a.tab", { href: `#catalogue/${kind}`, "aria-current": kind === current ? "page" : null }, t(`o.c${words}`))));

async function show(box, work) {
  try {
    await work();
  } catch (error) {
    if (error.status === undefined) throw error;
    const words = error.status === 403 ? t("o.notAllowed") : error.message || t("o.lost");
    put(box, h("p.band.amber", words), h("button.btn", { type: "button", onclick: () => show(box, work) }, t("o.retry")));
  }
}

async function drawHours(box, again) {
  const hours = await get("/catalogue/hours");
  put(box, hoursForm(hours, again));
}

/** Every kind at once: forms choose from the others, and a list tells what hangs together. */
async function draw(box, kind, ctx, again) {
  const lists = await Promise.all(Object.keys(KINDS).map((name) => list(`/catalogue/${name}`)));
  const all = Object.fromEntries(Object.keys(KINDS).map((name, i) => [name, lists[i]]));
  all.people = kind === "windows" ? await list("/people") : [];
  const [words, key] = KINDS[kind];
  const changed = async () => (await ctx.again(), again());
  const edit = (row) => askEntry(kind, row, all, key, row ? t("o.cChange", { name: called(kind, row) }) : t(`o.c${words}Add`)).then((saved) => saved && changed());
  const order = { key: "ord", label: t("o.cOrd"), right: true, value: (row) => row.ord };
  const table = new Table([
    ...COLUMNS[kind](all),
    ...(all[kind][0]?.ord === undefined ? [] : [order]),
    ...(SWITCHED.includes(kind) ? [{ key: "state", label: t("o.colState"), value: (row) => Number(!row.active), cell: (row) => status(kind, row, all) }] : []),
    { key: "do", label: t("o.colActions"), cell: (row) => actions(kind, row, key, { edit, changed }) },
  ], { empty: t("o.cEmpty", { add: t(`o.c${words}Add`) }), sort: all[kind][0]?.ord === undefined ? key : "ord", caption: t(`o.c${words}`) });
  const find = h("input.input.find", { type: "search", placeholder: t("o.cFind"), "aria-label": t("o.cFind"), oninput: () => table.filter(find.value) });
  const add = h("button.btn.primary", { type: "button", onclick: () => edit(null) }, t(`o.c${words}Add`));
  const gaps = kind === "windows" ? floorsWithoutChannel(all).map((floor) => h("p.band.amber", t("cf.noChannel", { floor }))) : [];
  put(box, gaps, h("div.bar", find, add), table.set(all[kind]).node);
}

/** The green channel has a window of its own on each floor (A10). */
function floorsWithoutChannel({ windows, zones }) {
  const floorOf = new Map(zones.map((z) => [z.code, z.floor]));
  const on = windows.filter((w) => w.active);
  const green = new Set(on.filter((w) => w.channel).map((w) => floorOf.get(w.zone)));
  return [...new Set(on.map((w) => floorOf.get(w.zone)))].filter((floor) => !green.has(floor)).sort((a, b) => a - b);
}

/** As people call it. */
const called = (kind, row) =>
  kind === "windows" ? t("o.atWindow", { win: row.no }) : kind === "kiosks" ? t("o.atKiosk", { id: row.id }) : pick(row);
const named = (rows) => (code) => pick(rows.find((row) => row.code === code)) || code;
const nameCell = (row) => [h("strong", pick(row)), h("small.muted.block", row.code)];
const NAME = { key: "name", value: (row) => pick(row), cell: nameCell };
const windowsOf = (service, windows) => windows.filter((w) => w.active && w.services.includes(service.code)).map((w) => w.no);

const COLUMNS = {
  services: ({ departments, windows }) => [
    { ...NAME, label: t("o.colService") },
    { key: "dept", tight: true, label: t("o.colDept"), value: (s) => named(departments)(s.department) },
    { key: "prefix", label: t("o.cPrefix"), value: (s) => s.prefix },
    { key: "windows", label: t("o.colWindow"), value: (s) => join(windowsOf(s, windows)) },
  ],
  windows: ({ departments, zones, services }) => [
    { key: "no", label: t("o.colWindow"), value: (w) => w.no, cell: (w) => [h("strong", w.no), w.channel && h("small.badge.green", t("cf.isChannel"))] },
    { key: "dept", tight: true, label: t("o.colDept"), value: (w) => named(departments)(w.department) },
    { key: "zone", tight: true, label: t("o.colZone"), value: (w) => named(zones)(w.zone) },
    { key: "services", label: t("o.cServices"), value: (w) => join(w.services.map(named(services))) },
  ],
  departments: () => [{ ...NAME, label: t("o.cName") }],
  zones: () => [
    { ...NAME, label: t("o.cName") },
    { key: "floor", label: t("o.cFloor"), right: true, value: (z) => z.floor },
  ],
  kiosks: ({ zones }) => [
    { key: "id", label: t("o.cKiosks"), value: (k) => k.id, cell: (k) => [h("strong", k.id), k.query && h("small.badge.action", t("qy.machine"))] },
    { key: "zone", label: t("o.colZone"), value: (k) => named(zones)(k.zone) },
  ],
  categories: () => [
    { ...NAME, label: t("o.cName") },
    { key: "green", label: t("o.cChannel"), value: (c) => t(c.green ? "o.cIsGreen" : "o.cIsPlain") },
  ],
  "pause-reasons": () => [
    { key: "name", label: t("o.cName"), value: (r) => r.name, cell: nameCell },
    { key: "public", label: t("o.cPublic"), value: (r) => pick(r, "public") },
    { key: "minutes", label: t("o.cLength"), right: true, value: (r) => r.minutes, cell: (r) => (r.minutes ? t("o.minutes", { n: r.minutes }) : "") },
  ],
};

function status(kind, row, { windows }) {
  if (!row.active) return h("span.badge.plain", t("o.cOff"));
  if (kind === "services" && !windowsOf(row, windows).length) return h("span.badge.amber", t("o.cNobody"));
  if (kind === "windows" && !row.services.length) return h("span.badge.amber", t("o.cNothing"));
  return h("span.badge.green", row.advice_only ? t("o.stAdvice") : t("o.cOn"));
}

function actions(kind, row, key, { edit, changed }) {
  const name = called(kind, row);
  const turn = async (word) => {
    if (word === "off" && !(await confirm(t("o.disable"), t("o.cOffAsk", { name }), t("o.disable")))) return;
    await post(`/catalogue/${kind}/${encodeURIComponent(row[key])}/${word}`);
    await changed();
  };
  const fixed = !SWITCHED.includes(kind) || row.code === "ordinary";
  return h("span.btn-row.in-row",
    h("button.btn.small", { type: "button", "aria-label": `${t("o.cEdit")} ${name}`, onclick: () => edit(row) }, t("o.cEdit")),
    !fixed && (row.active ? act(t("o.disable"), () => turn("off"), ".danger") : act(t("o.cEnable"), () => turn("on"))));
}
