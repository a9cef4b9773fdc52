// The desk's registers for the office: the same lists as on the guide's tablet, with their files, the centre's sample of
// what was mailed, and what each carrier may claim (L06).
import { list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { lost } from "./lost.js";
import { mail } from "./mail.js";
import { act, section } from "./parts.js";
import { mayWrite, seesAll } from "./registers_parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const FILES = { csv: "cs.exportCsv", xlsx: "cs.exportXlsx" };

/** A period, and the register of it as files, for whoever may have them; `more`: {address(query), words} of a page to print. */
function files(ctx, name, more = null, changed = () => {}) {
  const links = !seesAll(ctx) ? [] : Object.entries(FILES).map(([kind, words]) => [h("a.btn", { download: true }, t(words)), (query) => `/api/v1/export/${name}.${kind}?${query}`]);
  if (more && mayWrite(ctx)) links.push([h("a.btn", { target: "_blank" }, more.words), more.address]);
  const set = () => {
    for (const [link, address] of links) link.setAttribute("href", address(days.query()));
    changed();
  };
  const days = period(30, () => set());
  set();
  return { days, node: h("div.bar", days.node, links.map(([link]) => link)) };
}

export function lostPage(ctx) {
  const desk = lost(ctx);
  return { node: h("div.stack", section(t("o.lostproperty"), h("p.muted", t("rg.lostNote")), seesAll(ctx) && files(ctx, "found").node), desk.node), update: desk.update };
}

export function mailPage(ctx) {
  const fees = h("div");
  const desk = mail(ctx);
  const print = { words: t("rg.ledgerPrint"), address: (query) => `/office/mail/print?${query}` };
  let shown = null;
  const again = async () => put(fees, feeTable(await list(`/mail/fees?${shown.days.query()}`)).node);
  shown = files(ctx, "mail", print, () => shown && again());
  again();
  return { node: h("div.stack", section(t("o.mail"), h("p.muted", t("rg.mailNote")), shown.node, h("h3", t("rg.fees")), fees), sampled(ctx, shown.days), desk.node), update: desk.update };
}

const feeTable = (rows) => new Table([
  { key: "carrier", label: t("rg.m_carrier"), value: (row) => row.carrier },
  { key: "hall", right: true, label: t("rg.feeHall"), value: (row) => row.hall },
  { key: "citizen", right: true, label: t("rg.feeCitizen"), value: (row) => row.citizen },
], { empty: t("rg.mailNone_sent"), caption: t("rg.fees") }).set(rows);

/** L06: drawn by a seed that is said aloud, so that anybody draws the same. */
function sampled(ctx, days) {
  const box = h("div");
  const seed = h("input.input", { maxlength: 64, required: true, "aria-label": t("rg.seed"), placeholder: t("rg.seed") });
  const count = h("input.input.num", { type: "number", min: 1, max: 200, value: 10, "aria-label": t("rg.sampleCount"), title: t("rg.sampleCount") });
  const draw = async () => {
    if (!seed.reportValidity() || !count.reportValidity()) return;
    put(box, sampleTable(await list(`/mail/sample?seed=${encodeURIComponent(seed.value)}&n=${count.value}&${days.query()}`), mayWrite(ctx) && draw).node);
  };
  return section(t("rg.sample"), h("p.muted", t("rg.sampleNote")), h("div.bar", seed, count, act(t("rg.draw"), draw, ".primary")), box);
}

/** `again`: draws it once more when one was checked; without it nobody checks here. */
const sampleTable = (rows, again) => new Table([
  { key: "no", tight: true, label: t("rg.m_no"), value: (row) => row.no },
  { key: "sent", tight: true, label: t("rg.m_sent_day"), value: (row) => row.sent_day },
  { key: "what", label: t("rg.m_what"), value: (row) => [pick(row, "service_name"), row.what].filter(Boolean).join("　") },
  { key: "waybill", tight: true, label: t("rg.m_waybill"), value: (row) => row.waybill },
  { key: "name", tight: true, label: t("rg.m_name"), value: (row) => row.name },
  { key: "check", label: t("rg.m_check_note"), value: (row) => (row.checked_at ? row.check_note || t("rg.checkedFine") : ""),
    cell: (row) => (row.checked_at ? [row.check_note || t("rg.checkedFine"), h("small.block.muted", row.checked_by)] : again && act(t("rg.checkGo"), async () => (await askCheck(row)) && again())) },
], { empty: t("rg.mailNone_sent"), caption: t("rg.sample") }).set(rows);

const askCheck = (row) => sheet(`${t("rg.checkGo")} ${row.no}`, (done) => {
  const note = h("input.input", { maxlength: 200, "data-first": true });
  const send = async (event) => {
    event.preventDefault();
    done(await post(`/mail/${row.id}/check`, { note: note.value.trim() }));
  };
  return h("form.stack", { onsubmit: send }, h("label.field", h("span.label", t("rg.checkNote")), note),
    h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("rg.checkGo")), h("button.btn", { type: "button", onclick: () => done() }, t("rg.cancel"))));
});
