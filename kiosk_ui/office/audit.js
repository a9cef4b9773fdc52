// 审计与核验: is the record whole, a sample of calls with the reason of each, who did what.
import { get, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { journalSearch } from "./audit_journal.js";
import { sampleOfCalls } from "./audit_sample.js";
import { act, section, when } from "./parts.js";

const LOOK_EVERY = 700;

export function audit(ctx) {
  const check = verification();
  return {
    node: h("div.stack", section(t("au.verifyTitle"), h("p.muted", t("au.verifyNote")), check.node), sampleOfCalls(ctx), journalSearch(ctx)),
    update: () => {},
    stop: check.stop,
  };
}

function verification() {
  const head = h("p.head-hash");
  const verdict = h("div", { role: "status" });
  const known = h("input.input.num", { type: "text", maxlength: 90, spellcheck: "false", autocomplete: "off" });
  let timer = null;
  const draw = (state) => {
    put(head, h("code", state.head), h("small.block.muted", t("au.entries", { n: state.entries })));
    put(verdict, state.running ? progress(state.running) : state.last && outcome(state.last));
    timer = state.running ? setTimeout(look, LOOK_EVERY) : null;
  };
  const look = async () => draw(await get("/audit").catch(() => ({ head: "–", entries: "–", running: { done: 0, all: 0 } })));
  const begin = act(t("au.start"), async () => draw(await post("/audit/verify", known.value.trim() ? { head: known.value.trim() } : {})), ".primary");
  look();
  const node = h("div.stack",
    h("h3", t("au.head")), head, h("p.muted.balanced", t("au.headNote")),
    h("label.field", h("span.label", t("au.knownHead")), known, h("small.muted", t("au.knownHint"))),
    h("div.btn-row", begin,
      h("a.btn.small", { href: "/api/v1/audit/export", download: "" }, t("au.export")),
      h("button.btn.small", { type: "button", onclick: () => print() }, t("au.print"))),
    verdict,
    h("p.muted.balanced", t("au.exportNote")));
  return { node, stop: () => clearTimeout(timer) };
}

function progress({ done, all }) {
  const bar = h("progress", { max: all || 1, value: done, "aria-label": t("au.verifyTitle") });
  return h("p", all ? t("au.running", { done, all }) : t("au.begun"), " ", bar);
}

function outcome(last) {
  if (last.fault) return h("p.band.red", t("au.broken"), h("code.block", last.fault));
  return h("p.band.green", t("au.whole"), h("small.block", t("au.wholeSub", { at: when(last.at), n: last.entries })));
}
