// All guides as a workbook: taken out, edited in Excel, checked, brought in.
import { call } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { text } from "./controls.js";
import { fieldNames, mayEdit } from "./item_words.js";
import { section } from "./parts.js";
import { Table } from "./table.js";
import { filled } from "../window/sign_in.js";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function workbook(ctx) {
  return {
    node: h("div.stack",
      section(t("gt.workbook"), h("p.muted", t("gt.workbookNote")), h("div", h("a.btn.primary", { href: "/api/v1/item-workbook", download: true }, t("gt.export")))),
      mayEdit(ctx) && importForm()),
    update: () => {},
  };
}

function importForm() {
  const file = h("input.input", { type: "file", accept: `.xlsx,${XLSX}` });
  const leader = text("leader", t("gt.leader"), null, { maxlength: 60, hint: t("gt.hintLeader") });
  const from = text("from_day", t("gt.fromDay"), null, { type: "date", hint: t("gt.hintToday") });
  const box = h("div.stack", { "aria-live": "polite" });
  const error = h("p.error", { role: "alert" });
  const attempt = h("button.btn.primary", { type: "submit" }, t("gt.try"));
  const send = async (dry) => {
    const wish = new URLSearchParams({ dry_run: dry, leader: leader.value(), ...(from.value() ? { from_day: from.value() } : {}) });
    attempt.disabled = true;
    say(error, "");
    try {
      put(box, result(await call("POST", `/item-workbook?${wish}`, new Blob([file.files[0]], { type: XLSX })), () => filled(leader) && send(false)));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
    } finally {
      attempt.disabled = false;
    }
  };
  file.addEventListener("change", () => put(box));
  const submit = (event) => (event.preventDefault(), file.files.length ? send(true) : file.focus());
  return section(t("gt.importHead"),
    h("form.stack.entry", { onsubmit: submit, novalidate: true },
      h("div.case-fields", h("label.field", h("span.label", t("gt.importFile")), h("small.muted", t("gt.hintFile")), file), leader.node, from.node), h("div.btn-row", attempt), error),
    box);
}

/** What was found: faults, what would change with the key to bring it in, or what is done. */
function result(found, enter) {
  if (found.faults.length) {
    return [h("p.band.red", t("gt.faults", { n: found.faults.length })), h("ol.item-faults", found.faults.map((words) => h("li", words)))];
  }
  if (!found.changes.length) return h("p.band.green", t("gt.nothingChanges", { m: found.same }));
  const table = new Table([
    { key: "name", label: t("gt.item"), value: (r) => r.name, cell: (r) => h("a", { href: `#items/${r.service}` }, h("strong", r.name)) },
    { key: "fields", label: t("gt.fields"), value: (r) => fieldNames(r.fields) },
  ], { empty: "", caption: t("gt.fields") }).set(found.changes).node;
  if (found.entered) return [h("p.band.green", t("gt.entered", { n: found.changes.length })), table];
  return [h("p.band.action", t("gt.wouldChange", { n: found.changes.length, m: found.same })), table,
    h("div.btn-row", h("button.btn.primary", { type: "button", onclick: enter }, t("gt.enter")))];
}
