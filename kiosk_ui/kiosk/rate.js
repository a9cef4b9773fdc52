// Rating at the kiosk, until the day ends: number and code, the window, five equal keys, then why. It can be heard and
// pressed on tactile keys; no clerk stands here, so the level itself is spoken.
import { post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { has, pick, t } from "../shared/i18n.js";
import { RateKeys } from "../shared/rate_keys.js";
import { canSpeak, hush } from "../shared/spoken.js";
import { face, sound } from "../pad/faces.js";
import { codePage } from "./find.js";
import { tellFor } from "./parts.js";

const LEVELS = [5, 4, 3, 2, 1];
const BAD = 2;
const STAYS = 30;
const CLEAN = "clean";

/** Which ticket it was. */
export function rateFindPage(state, go) {
  const find = async (number, code) => {
    const found = await go.asked(() => post("/ratings/find", { number, check_code: code }));
    go.rating({ number, code, visits: found.items, at: found.items.length === 1 ? found.items[0] : null });
  };
  const words = { title: t("rt.kioskTitle"), how: t("rt.kioskHow"), last: t("rt.kioskNext"), noCode: t("rt.kioskNoCode") };
  return codePage(words, find, go);
}

export function ratePage(state, go) {
  return state.rated.at ? levelsPage(state.rated, go) : visitsPage(state.rated, go);
}

const visitWords = (visit) => t("rt.visit", { win: visit.window, svc: pick(visit) });

/** Several windows served this ticket: each is rated for itself. */
function visitsPage(rated, go) {
  const key = (visit) => h("button.choice.rate-visit", { type: "button", onclick: () => go.rating({ ...rated, at: visit }) },
    h("span.card-name", visitWords(visit)),
    h("span.card-wait", t("rt.visitAt", { t: hm(visit.at) }), "　", t(visit.rated ? "rt.rated" : "rt.notRated")));
  const nodes = [h("h1.title", { tabindex: "-1" }, t("rt.which")), h("div.choices.rate-visits", rated.visits.map(key))];
  return { nodes, update: () => {} };
}

function levelsPage(rated, go) {
  const visit = rated.at;
  const chosen = new Set();
  const box = h("div.rate-box");
  const hint = h("p.rate-hint", { role: "status" });
  let left = null;
  let stage = "levels";
  const keys = new RateKeys({ aloud: true, changed: () => drawLevels(), send: (level) => store(level), skip: () => go.home() });

  /** Stored at the press; a repeat corrects. The keys come back where the hub did not answer. */
  async function store(level, reasons) {
    try {
      const body = { number: rated.number, check_code: rated.code, visit: visit.visit, level, ...(reasons && { reasons }) };
      const stored = await go.asked(() => post("/ratings", body));
      Object.assign(visit, { level: stored.level, rated: true });
    } catch (error) {
      if (error.status === undefined) throw error;
      return tellFor(12, error.lost ? t("kf.lost") : error.message, { tone: "warn" });
    }
    if (level <= BAD && !reasons) drawWhy(level);
    else drawDone();
  }

  function drawLevels() {
    stage = "levels";
    const key = (level) => h(`button.rate-level${keys.chosen === level ? ".pressed" : ""}`,
      { type: "button", "aria-keyshortcuts": level, onclick: () => store(level) }, face(level), h("span", t(`r.${level}`)));
    say(hint, keys.chosen ? t("rt.keyChosen") : visit.level ? t("rt.ratedAs", { level: t(`r.${visit.level}`) }) : visit.rated ? t("rt.ratedBefore") : "");
    put(box, h("div.rate-head", h("p.lead", t("rt.secret")), canSpeak() && h("p.rate-note", t("rt.keysHint"))),
      h("div.rate-levels", { role: "group", "aria-label": t("pc.rate") }, LEVELS.map(key)), hint,
      h("div.rate-keys", canSpeak() && h("button.btn.key.listen", { type: "button", onclick: () => keys.listen() }, sound(), t("rt.listen")),
        h("button.btn.key", { type: "button", onclick: () => go.home() }, t("pc.skip"))));
  }

  function drawWhy(level) {
    stage = "why";
    const listed = boot.reasons.filter((reason) => reason.active && reason.of === "bad");
    const groups = [...new Set(listed.map((reason) => reason.group))];
    put(box, h("div.rate-why", h("p.rate-chosen", { role: "status" }, t("pc.confirm", { level: t(`r.${level}`) })), h("p.lead", t("pc.why"))),
      h("div.rate-reasons", groups.map((group) => h("section", has(`r.${group}`) && h("h2", t(`r.${group}`)),
        listed.filter((reason) => reason.group === group).map((reason) => reasonKey(reason))))),
      h("div.rate-keys", h("button.btn.key", { type: "button", onclick: drawLevels }, t("pc.change")),
        h("button.btn.key.primary", { type: "button", onclick: () => store(level, [...chosen]) }, t("pc.submit"))));
  }

  function reasonKey(reason) {
    const key = h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => {
      if (!chosen.delete(reason.code)) chosen.add(reason.code);
      key.setAttribute("aria-pressed", String(chosen.has(reason.code)));
    } }, pick(reason), reason.code === CLEAN && h("small", t("r.clean.note")));
    return key;
  }

  const done = h("button.btn.key.primary", { type: "button", onclick: () => go.home() });

  function drawDone() {
    stage = "done";
    left = STAYS;
    const others = rated.visits.length > 1 && h("button.btn.key", { type: "button", onclick: () => go.rating({ ...rated, at: null }) }, t("rt.another"));
    put(box, h("p.rate-thanks", { role: "status" }, t("rt.phoneThanks")), h("p.rate-chosen", t("pc.confirm", { level: t(`r.${visit.level}`) })),
      h("p.lead", t("rt.stored")), h("div.rate-keys", others, h("button.btn.key", { type: "button", onclick: drawLevels }, t("pc.change")), done));
    second();
  }

  function second() {
    if (stage !== "done") return;
    say(done, t("rt.doneIn", { s: Math.max(0, left) }));
    if (left-- <= 0) go.home();
  }

  function key(event) {
    if (stage === "levels") keys.take(event);
    else if (event.key === "Escape") go.home();
    else if (event.key === "Enter" && !event.target.closest?.("button")) (stage === "why" ? store(visit.level, [...chosen]) : go.home());
  }

  hush();
  drawLevels();
  const nodes = [
    h("h1.title", { tabindex: "-1" }, t("rt.of", { win: visit.window, svc: pick(visit) })),
    box,
  ];
  return { nodes, update: () => {}, second, key };
}
