// What the list and the editor of bulletins both say of one.
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

export const titleOf = (one) => pick(one, "kind_name");

export function bulletinState(one) {
  if (one.state === "approved") return h("span.badge.green", t("bl.approved"));
  if (one.state === "lapsed") return h("span.badge.amber", t("bl.lapsed"));
  if (one.state === "dropped") return h("span.badge.plain", t("bl.dropped"));
  if (one.job?.error && !one.facts_at) return h("span.badge.red", t("bl.failed", { why: one.job.error }));
  if (!one.facts_at) return h("span.badge.plain", t("bl.gathering"));
  return one.steps.length ? h("span.badge.action", t("bl.steps", { n: one.steps.length, m: one.way.length })) : h("span.badge.amber", t("bl.draft"));
}

export const fileLinks = (one) => h("span.btn-row", one.files.map((form) =>
  h("a.btn.small", { href: `/api/v1/bulletins/${one.id}/files/${form}`, download: true, "aria-label": `${t(`bl.${form}`)} ${one.number || one.title}` }, t(`bl.${form}`))));
