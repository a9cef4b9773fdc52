// 我的考核: one's own record, the same rows that the office sees; ratings by whole weeks that are over.
import "../shared/demo.js";
import { del, get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { sync } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { onLang, t } from "../shared/i18n.js";
import { namer } from "../office/parts.js";
import { period } from "../office/ratings.js";
import * as parts from "../office/record_parts.js";
import { heard } from "./heard.js";
import { outcomes } from "./outcomes.js";
import { score } from "./score.js";
import { gatePage, languageKeys, resume, signInForm } from "../window/sign_in.js";

const ctx = { who: null, name: (_, code) => code };

function askSignIn() {
  ctx.who = null;
  gatePage(t("me.title"), h("p.muted", t("me.signIn")), signInForm(entered));
  document.querySelector(".gate input")?.focus();
}

async function leave() {
  await del("/session").catch(() => null);
  location.reload();
}

async function entered(who) {
  ctx.who = who;
  ctx.name = namer(await get("/catalog").catch(() => ({})));
  const found = await get(`/staff/${who.id}/record`);
  sync(found.now); // before the days are asked for: this machine's clock is not believed
  show();
}

function show() {
  const { who } = ctx;
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const days = period(30, () => again());
  const files = ["csv", "xlsx"].map((kind) => h("a.btn.small", { download: true }, t(`rc.${kind}`)));
  const again = () => {
    ["csv", "xlsx"].forEach((kind, n) => files[n].setAttribute("href", `/api/v1/export/record/${who.id}.${kind}?${days.query()}`));
    return load(days, box);
  };
  const back = who.role === "guide" ? h("a.btn", { href: "/guide" }, t("me.toGuide")) : who.window && h("a.btn", { href: `/window/${who.window}` }, t("me.toWindow", { win: who.window }));
  const print = h("button.btn.small", { type: "button", onclick: () => window.print() }, t("rc.print"));
  put(document.body, h("div.me.stack.record",
    h("header.bar-top", back, h("span.muted.product", boot.hall.name), h("span.who", who.name), languageKeys(), h("button.btn.quiet", { type: "button", onclick: leave }, t("me.signOut"))),
    h("main.stack", h("h1", t("me.hello", { name: who.name })), h("p.muted", t("me.note")), heard(), score(who), h("div.bar", days.node, files, print), box)));
  again();
}

async function load(days, box) {
  try {
    const [record, mine] = await Promise.all([get(`/staff/${ctx.who.id}/record?${days.query()}`), get(`/outcomes/own?${days.query()}`)]);
    put(box, draw(record, mine));
  } catch (error) {
    if (error.status === 401) return askSignIn();
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.message || t("o.lost")));
  }
}

function draw(found, mine) {
  const over = found.rated_from <= found.rated_to;
  return [
    h("p.band", t(over ? "rc.ratedSpan" : "rc.ratedNone", { b: found.rated_to })),
    parts.figures(found, ctx),
    outcomes(mine),
    parts.ledger(found),
    h("div.columns", parts.casesAbout(found), parts.findings(found)),
    parts.awards(found),
    parts.definitions(found),
  ];
}

onLang(() => (ctx.who ? show() : askSignIn()));
resume(t("me.title"), gatePage, entered, askSignIn);
