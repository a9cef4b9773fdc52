// Cases in which the office wishes to hear me: what it is about, never who said it; and my own account (E20).
import { list, post } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { eventWords, reasonWords, stateBadge, step } from "../office/case_words.js";
import { join, section, when } from "../office/parts.js";
import { area } from "../office/form_fields.js";
import { fileField } from "../office/upload.js";

const ENDED = ["closed", "archived", "rejected", "withdrawn", "terminated"];

/** Empty while there is none; a page without it works on. */
export function heard() {
  const box = h("div.stack", { hidden: true });
  const again = async () => {
    const rows = await list("/cases/own").catch(() => []);
    box.hidden = !rows.length;
    put(box, rows.length > 0 && section(t("cs.mine"), h("p.muted", t("cs.mineNote")), rows.map((c) => one(c, again))));
  };
  again();
  return box;
}

function one(c, again) {
  const events = c.timeline.map((e) => h("li", `${when(e.at)}　`, eventWords(e)));
  const about = [t(`cs.kind.${c.kind}`), c.day, c.number, c.window && t("cs.windowNo", { win: c.window })].filter(Boolean).join("　");
  const said = c.rating_is ? [t(`r.${c.rating_is.level}`), ...reasonWords(c.rating_is)] : [];
  const told = c.steps.filter((s) => s.step === "explain").map((s) => h("p.band", `${step(s.step)}　${when(s.at)}　${s.note}`));
  return h("article.stack", h("div.bar", h("h3", c.no), stateBadge(c), h("span.muted", about)),
    said.length > 0 && h("p", join(said)), c.matter && h("p", c.matter),
    events.length > 0 && h("details", h("summary", t("cs.evidence")), h("ul.stack", events)),
    told, !ENDED.includes(c.state) && account(c, again));
}

function account(c, again) {
  const note = area("note", t("cs.mineAccount"));
  const files = fileField(t("cs.addFiles"));
  const error = h("p.error", { role: "alert" });
  const key = h("button.btn.primary", { type: "submit" }, t("cs.mineSend"));
  const send = async (event) => {
    event.preventDefault();
    key.disabled = true;
    try {
      await post(`/cases/${c.id}/explain`, { note: note.value(), files: await files.ids() });
      again();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("o.lost"));
      key.disabled = false;
    }
  };
  return h("form.stack.entry", { onsubmit: send, novalidate: true }, note.node, files.node, h("div.btn-row", key), error);
}
