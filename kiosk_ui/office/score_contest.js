// Objections and appeals: filed against one line with words and evidence, decided with a reason (and a leader's name).
import { ApiError, create, post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { askFields } from "./ask.js";
import { choice, text } from "./controls.js";
import { fileField } from "./upload.js";

const PATH = { object: "objections", appeal: "appeals" };

/** The key beside a line of one's own sheet; `how` is object or appeal, `line` {entry} or {figure}. */
export function fileKey(sheet, how, line, again) {
  const known = sheet[PATH[how]].some((row) => (line.entry ? row.entry === line.entry : row.figure === line.figure));
  if (known) return null;
  return h("button.btn.small.no-print", { type: "button", onclick: () => ask(sheet, how, line).then((done) => done && again()) }, t(`sc.${how}`));
}

function ask(sheet, how, line) {
  const file = { ...fileField(t("sc.file")), value: () => null };
  const department = sheet.person === null;
  const save = async (v) => create(`/scores/${sheet.month}/${PATH[how]}`, { ...line, text: v.text, department, files: await file.ids() });
  return askFields(t(`sc.${how}`), [text("text", t("sc.reason"), null, { maxlength: 500 }), file], t("sc.send"), save, t(`sc.${how}Ask`));
}

/** The office's key: take the line back or let it stand, either way with a reason. */
export function contestKey(kind, row, again) {
  const verdict = choice("uphold", t("sc.verdict"), null, [["", t("o.none")], ["no", t("sc.reject")], ["yes", t("sc.uphold")]]);
  const fields = [verdict, text("reason", t("sc.why"), null, { maxlength: 500 })];
  if (kind === "appeals") fields.push(text("leader", t("sc.leader"), null, { maxlength: 40 }));
  if (kind === "appeals" && row.figure) fields.push(text("points", t("sc.giveBack"), null, { inputmode: "decimal", maxlength: 10 }));
  const save = async ({ uphold, points, ...v }) => {
    if (!uphold) throw new ApiError(422, "invalid", t("sc.choose"), { field: "uphold" });
    await post(`/scores/${kind}/${row.id}/decide`, { ...v, uphold: uphold === "yes", ...(points ? { points } : {}) });
  };
  const open = () => askFields(t("sc.decide"), fields, t("sc.decide"), save, row.text).then((done) => done && again());
  return h("button.btn.small.no-print", { type: "button", onclick: open }, t("sc.decide"));
}
