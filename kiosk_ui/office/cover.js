// Temporary cover (临时顶岗): a person, a window, a reason; good for today. Under a minute, and the PIN is shown once.
import { create, list } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";
import { field, filled } from "../window/sign_in.js";
import { check, choice } from "./controls.js";
import { join, load, section } from "./parts.js";
import { windowsOf } from "./posts.js";
import { Table } from "./table.js";

const REASONS = ["Leave", "Trip", "Urgent", "Late"];

export function cover(ctx) {
  const box = h("div", h("p.empty", t("o.loading")));
  const standIns = h("div");
  const again = () => load(standIns, "/people", (people) => put(standIns, table(people.filter((p) => p.until_day && !p.leaving))));
  list("/people").then((people) => put(box, form(ctx, people.filter((p) => p.active && ["clerk", "chief"].includes(p.role)), again)),
    (error) => put(box, h("p.band.amber", error.message || t("o.lost"))));
  again();
  return { node: h("div.stack", section(t("o.cover"), h("p.muted", t("op.coverNote")), box), section(t("op.standIns"), standIns)), update: () => {} };
}

/** Windows without anybody come first: one of them is meant most times. */
function windowOptions(ctx) {
  const open = (w) => (w.clerk ? (w.paused ? 1 : 2) : 0);
  return windowsOf(ctx).sort((a, b) => open(a) - open(b)).map((w) =>
    [w.no, `${t("o.atWindow", { win: w.no })}　${ctx.name("departments", w.department)}　${w.clerk ? w.clerk.name : t("op.vacant")}`]);
}

function form(ctx, people, again) {
  const known = new Map(people.map((p) => [p.name, p.id]));
  const names = h("datalist", { id: "cover-names" }, people.map((p) => h("option", { value: p.name }, p.window ? t("o.atWindow", { win: p.window }) : "")));
  const who = field(t("op.coverWho"), { list: "cover-names", maxlength: 40 });
  const where = choice("window", t("o.colWindow"), null, windowOptions(ctx));
  const reason = field(t("op.coverReason"), { maxlength: 200, value: t("op.coverLeave") });
  const chips = h("div.btn-row", REASONS.map((key) => h("button.btn.small", { type: "button", onclick: () => (reason.input.value = t(`op.cover${key}`)) }, t(`op.cover${key}`))));
  const leader = field(t("sf.leader"), { maxlength: 40 });
  const allowed = h("div.stack.lift", { hidden: true, role: "group" }, h("small.muted", t("sf.leaderNote")), leader.node);
  who.input.addEventListener("change", () => (allowed.hidden = !who.value().trim() || known.has(who.value().trim()))); // a new one has no training on record
  const proposals = h("div.stack", { "aria-live": "polite" });
  const propose = () => proposed(where.value(), proposals, (one) => (who.input.value = one.name));
  where.input.addEventListener("change", propose);
  propose();
  const start = check("start", t("op.coverStart"), null, { preset: true });
  const key = h("button.btn.primary", { type: "submit" }, t("op.coverGo"));
  const send = async (event) => {
    event.preventDefault();
    if (!filled(who, reason)) return;
    key.disabled = true;
    const name = who.value().trim();
    try {
      const body = { window: where.value(), reason: reason.value().trim(), start: start.value(), ...(leader.value().trim() ? { leader: leader.value().trim() } : {}) };
      const made = await create("/covers", known.has(name) ? { ...body, person: known.get(name) } : { ...body, name });
      who.input.value = leader.input.value = "";
      allowed.hidden = true;
      again();
      await shown(made, start.value());
    } catch (error) {
      if (error.status === undefined) throw error;
      const lacking = error.code === "cover_unqualified";
      if (lacking) allowed.hidden = false;
      (error.code === "name_taken" || lacking ? who : where).fail([error.message || t("o.lost"), lacking && lackWords(error.detail.missing)].filter(Boolean).join("　"));
    } finally {
      key.disabled = false;
    }
  };
  setTimeout(() => who.input.focus());
  return h("form.stack.cover-form", { onsubmit: send }, names, where.node, proposals, who.node, allowed, reason.node, chips, start.node, h("div.btn-row", key));
}

const lackWords = (missing) => join(missing.map((one) => t(`sf.lack.${one}`)));

/** J06: the few who meet the conditions, the free ones first; one press fills in the name. */
async function proposed(window, box, choose) {
  if (!window) return;
  const found = (await list(`/stand-ins?window=${encodeURIComponent(window)}`).catch(() => [])).filter((one) => !one.missing.length).slice(0, 6);
  put(box, h("strong", t("sf.proposals")), h("small.muted", t(found.length ? "sf.proposalsNote" : "sf.proposalsNone")),
    h("div.btn-row", found.map((one) => h("button.btn.small", { type: "button", onclick: () => choose(one) },
      [one.name, one.signed_in && t("sf.atWindow", { win: one.signed_in })].filter(Boolean).join("　")))));
}

/** The one moment at which the PIN can be read. */
function shown(made, started) {
  return sheet(t("op.coverDone", { name: made.name, win: made.window }), (done) => [
    started && h("p", t("op.coverStarted")),
    made.pin && [h("p", t("op.coverStaffNo", { no: made.staff_no })), h("p.one-time", { tabindex: "-1" }, made.pin), h("p", t("op.coverPin"))],
    h("div.btn-row", h("button.btn.primary", { type: "button", "data-first": true, onclick: () => done() }, t("o.noted"))),
  ]);
}

const table = (rows) => new Table([
  { key: "name", label: t("o.colName"), value: (p) => p.name, cell: (p) => h("strong", p.name) },
  { key: "window", label: t("o.colWindow"), value: (p) => p.window || "" },
  { key: "staff_no", label: t("o.colStaffNo"), value: (p) => p.staff_no || "" },
  { key: "until", label: t("op.colUntil"), right: true, value: (p) => p.until_day },
], { empty: t("op.standInsNone"), sort: "until", down: true, caption: t("op.standIns") }).set(rows).node;
