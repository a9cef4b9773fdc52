// The office's forms: closures of windows, suspensions of a business, changes of windows. A list, one form, a new one.
import { ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { formDetail } from "./form_detail.js";
import { newForm } from "./form_new.js";
import { kindName, mayWrite, nextWords, services, span, stateBadge } from "./form_words.js";
import { join, load, section, when } from "./parts.js";
import { plans } from "./plans.js";
import { Table } from "./table.js";

/** page -> [kind in the API, the stem of its words] */
const PAGES = { closing: ["closures", "Closure"], suspend: ["suspensions", "Stop"], change: ["window-changes", "Change"] };

const page = (name) => (ctx, id) => {
  const [kind, words] = PAGES[name];
  if (id === "new") return newForm(ctx, kind, words, name);
  if (id === "missed") return missed(ctx, name);
  if (id) return formDetail(ctx, kind, id, name);
  return { node: h("div.stack", overview(ctx, kind, words, name), name === "change" && plans(ctx)), update: () => {} };
};

export const closing = page("closing");
export const suspend = page("suspend");
export const change = page("change");

function overview(ctx, kind, words, name) {
  const box = h("div");
  const what = kind === "suspensions"
    ? { key: "services", label: t("o.colService"), value: (f) => services(ctx, f.services) }
    : { key: "kind", label: t("o.colKind"), tight: true, value: kindName };
  const columns = [
    { key: "id", label: t("fm.no"), tight: true, value: (f) => f.id, cell: (f) => h("a", { href: `#${name}/${f.id}` }, t("fm.noIs", { n: f.id })) },
    { key: "dept", label: t("o.colDept"), value: (f) => ctx.name("departments", f.department) },
    { key: "windows", label: t("o.colWindow"), value: (f) => join(f.windows) },
    what,
    { key: "time", label: t("fm.time"), value: (f) => ms(f.from), cell: (f) => span(f) },
    { key: "state", label: t("o.colState"), tight: true, value: (f) => f.state, cell: (f) => [stateBadge(f), f.lifted.length > 0 && h("span.block", h("span.badge.amber", t("fm.lifted")))] },
    { key: "next", label: t("fm.next"), value: nextWords },
  ];
  load(box, `/${kind}`, (items) => put(box,
    new Table(columns, { empty: t(`fm.empty${words}`), sort: "id", down: true, caption: t(`o.${name}`) }).set(items).node));
  return section(t(`o.${name}`), h("p.muted", t(`fm.note${words}`)),
    h("div.bar", h("a.btn", { href: `#${name}/missed` }, t("fm.missed")),
      mayWrite(ctx) && h("a.btn.primary", { href: `#${name}/new` }, t(`fm.new${words}`))),
    box);
}

/** B22: steps that came too late, for the assessment. */
function missed(ctx, name) {
  const box = h("div");
  load(box, "/forms/missed", (items) => put(box, new Table([
    { key: "at", label: t("o.colTime"), value: (m) => m.at, cell: (m) => when(m.at) },
    { key: "dept", label: t("o.colDept"), value: (m) => ctx.name("departments", m.department) },
    { key: "step", label: t("fm.step"), value: (m) => t(`fm.late.${m.step}`) },
    { key: "reason", label: t("fm.liftReason"), value: (m) => m.reason },
    { key: "name", label: t("fm.liftName"), value: (m) => m.name },
  ], { empty: t("fm.missedEmpty"), sort: "at", down: true, caption: t("fm.missed") }).set(items).node));
  return { node: section(t("fm.missed"), h("p.muted", t("fm.missedNote")), h("p", h("a", { href: `#${name}` }, t("fm.back"))), box), update: () => {} };
}
