// One item: its guide in full, what it lacks, every version with what it changed, the requests about it.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { copies, differenceTable, differences, eventName, fieldName, fieldNames, GROUPS, itemName, lackBands, loadEvents, mayAsk, mayEdit, versionWords, words } from "./item_words.js";
import { requestTable } from "./item_requests.js";
import { join, section, when } from "./parts.js";

const SHOWN = [...GROUPS.What, ...GROUPS.Time, ...GROUPS.Where].map(([name]) => name);

const TIGHT = [0, 2, 3]; // columns of materials that never wrap

export function itemDetail(ctx, code) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  Promise.all([get(`/items/${encodeURIComponent(code)}`), loadEvents()]).then(([item]) => put(box, drawn(ctx, item)), (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")), h("p", h("a", { href: "#items" }, t("gt.back"))));
  });
  return { node: box, update: () => {} };
}

const drawn = (ctx, item) => [
  section(itemName(item),
    h("div.bar", h("a", { href: "#items" }, t("gt.back")), h("span.muted", ctx.name("departments", item.department)), h("code", item.service),
      h("span.badge", versionWords(item.version)), item.from_day && h("span.muted", t("gt.since", { day: item.from_day })), !item.active && h("span.badge.red", t("gt.off")),
      keys(ctx, item)),
    lackBands(item)),
  section(t("gt.guide"), item.version === 0 && h("p.empty", t("gt.empty")), guideFacts(item.guide, item)),
  section(t("gt.versions"), h("p.muted", t("gt.versionsNote")), versions(item)),
  item.requests.length > 0 && section(t("gt.requests"), requestTable(ctx, item.requests)),
].filter(Boolean);

function keys(ctx, item) {
  const chief = ctx.who.role === "chief";
  return h("span.btn-row.item-keys",
    mayAsk(ctx) && item.active && h("a.btn", { href: `#items/:cancel=${item.service}` }, t("gt.askCancel")),
    (mayEdit(ctx) || chief) && h("a.btn.primary", { href: `#items/:edit=${item.service}` }, t(chief ? "gt.ask" : item.version ? "gt.edit" : "gt.write")));
}

/** The guide as people read it. `shape`: what the hall fills in where the guide is silent. */
export function guideFacts(guide, shape = null) {
  const facts = SHOWN.map((name) => [fieldName(name), value(guide, name, shape)]).filter(([, content]) => content);
  return h("div.stack",
    h("dl.facts", facts.map(([label, content]) => [h("dt", label), h("dd", content)])),
    h("h3", t("gf.materials")), materials(guide),
    h("h3", t("gf.steps")), steps(guide),
    h("dl.facts", [["approver", guide.approver], ["aliases", join(guide.aliases)], ["events", join(guide.events.map(eventName))], ["mail", words("mail", guide.mail)], ["publish", words("publish", guide.publish)]]
      .filter(([, content]) => content).map(([name, content]) => [h("dt", fieldName(name)), h("dd", content)])));
}

function value(guide, name, shape) {
  const english = !lang().startsWith("zh") && guide[`${name}_en`]?.length ? `${name}_en` : name;
  if (Array.isArray(guide[name])) return guide[name].length > 0 && guide[english].map((line) => h("p", line));
  const own = words(name, guide[english]);
  if (own || !shape?.derived.includes(name)) return own;
  return [pick(shape, name), h("small.muted.block", t("gt.derived"))];
}

function materials(guide) {
  if (guide.no_materials) return h("p", t("gt.noMaterials"));
  if (!guide.materials.length) return h("p.muted", t("gt.noMaterialsYet"));
  const head = [t("gt.colNo"), ...["m_name", "m_form", "m_copies", "m_when", "m_source", "m_how"].map((name) => t(`gf.${name}`))];
  return h("div.table-wrap", h("table.table.item-materials", h("caption.sr-only", t("gf.materials")),
    h("thead", h("tr", head.map((label) => h("th", { scope: "col" }, label)))),
    h("tbody", guide.materials.map((m, i) => h("tr", [i + 1, h("strong", pick(m)), words("form", m.form), copies(m.copies), pick(m, "when"), m.source, pick(m, "how")].map((cell, at) =>
      h("td", { "data-label": head[at], class: cell === "" ? "void" : TIGHT.includes(at) ? "tight" : null }, h("div", cell))))))));
}

const steps = (guide) => (guide.steps.length
  ? h("ol.item-steps", guide.steps.map((s) => h("li", h("strong", pick(s)), pick(s, "note") && h("span", pick(s, "note")))))
  : h("p.muted", t("gt.noStepsYet")));

/** The newest first; each with what it changed, and in full. */
function versions(item) {
  if (!item.versions.length) return h("p.muted", t("gt.noVersions"));
  return item.versions.map((version, at) => {
    const before = item.versions[at + 1];
    const changed = before ? differences(before.guide, version.guide) : [];
    const whole = () => sheet(`${itemName(item)}　${versionWords(version.version)}`, (done) => h("div.stack.items",
      h("div.item-whole", { tabindex: 0, role: "region", "aria-label": t("gt.whole") }, guideFacts(version.guide)), h("div.btn-row.sheet-foot", h("button.btn", { type: "button", "data-first": true, onclick: () => done() }, t("ui.close")))), ".wide");
    return h("details.item-version",
      h("summary", h("strong", versionWords(version.version)), h("span.num", t("gt.since", { day: version.from_day })),
        h("span", before ? t("gt.changed", { what: fieldNames(changed.map((row) => row.field)) }) : t("gt.first"))),
      h("div.stack",
        h("p.muted", [version.note, version.leader && t("gt.leaderIs", { name: version.leader }), version.by && t("gt.byIs", { name: version.by }), when(version.made_at)].filter(Boolean).join("　")),
        before && differenceTable(changed),
        h("div", h("button.btn.small", { type: "button", onclick: whole }, t("gt.whole")))));
  });
}
