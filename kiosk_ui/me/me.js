// 我的考核: one's own record, the same rows that the office sees; ratings by whole weeks that are over.
import "../shared/demo.js";
import { del, get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { sync } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { lang, languageName, languages, onLang, setLang, t } from "../shared/i18n.js";
import { namer } from "../office/parts.js";
import { period } from "../office/ratings.js";
import * as parts from "../office/record_parts.js";
import { heard } from "./heard.js";
import { score } from "./score.js";
import { passwordForm, signInForm } from "../window/sign_in.js";

const AGAIN = 2000;
const ctx = { who: null, name: (_, code) => code };

const otherLanguages = () => languages.filter((code) => code !== lang()).map((code) =>
  h("button.btn.quiet", { type: "button", lang: code, onclick: () => setLang(code) }, languageName(code)));

const gate = (title, ...content) =>
  put(document.body, h("main.gate", h("p.gate-hall", boot.hall.name), h("h1", title), ...content, h("div.btn-row", otherLanguages())));

function askSignIn() {
  ctx.who = null;
  gate(t("me.title"), h("p.muted", t("me.signIn")), signInForm(entered));
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
    h("header.bar-top", back, h("span.muted.product", boot.hall.name), h("span.who", who.name), otherLanguages(), h("button.btn.quiet", { type: "button", onclick: leave }, t("me.signOut"))),
    h("main.stack", h("h1", t("me.hello", { name: who.name })), h("p.muted", t("me.note")), heard(), score(who), h("div.bar", days.node, files, print), box)));
  again();
}

async function load(days, box) {
  try {
    put(box, draw(await get(`/staff/${ctx.who.id}/record?${days.query()}`)));
  } catch (error) {
    if (error.status === 401) return askSignIn();
    if (error.status === undefined) throw error;
    put(box, h("p.band.amber", error.message || t("o.lost")));
  }
}

function draw(found) {
  const over = found.rated_from <= found.rated_to;
  return [
    h("p.band", t(over ? "rc.ratedSpan" : "rc.ratedNone", { b: found.rated_to })),
    parts.noAward(found),
    parts.summary(found),
    h("div.columns", parts.levels(found), parts.overTime(found)),
    parts.coverage(found),
    parts.work(found, ctx),
    parts.days(found),
    parts.guiding(found),
    parts.ledger(found),
    h("div.columns", parts.casesAbout(found), parts.findings(found)),
    parts.awards(found),
    parts.definitions(found),
  ];
}

async function begin() {
  try {
    const who = await get("/session");
    if (who.must_change) gate(t("si.changeTitle"), h("p.muted", t("si.changeSub")), passwordForm(() => location.reload()));
    else await entered(who);
  } catch (error) {
    if (error.status === 401) return askSignIn();
    if (error.status === undefined) throw error;
    gate(t("me.title"), h("p.band.amber", error.message || t("me.lost")));
    setTimeout(begin, AGAIN);
  }
}

onLang(() => (ctx.who ? show() : askSignIn()));
begin();
