// An emergency begins and ends here: one press, one confirmation. What it does is shown before, what it is while it is on.
import { get, post } from "../shared/api.js";
import { hm, since } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { emergencyOf } from "../shared/emergency.js";
import { t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";

const MAY = ["office", "admin", "guide"];
const KINDS = [["evacuate", "em.evacuate", "em.evacuateSub"], ["hold", "em.holdOn", "em.holdSub"]];
const word = (kind) => t(KINDS.find(([name]) => name === kind)[1]);

export function emergencyPage(ctx) {
  const box = h("section.card.stack");
  const note = h("p.error", { role: "alert" });
  const may = MAY.includes(ctx.who?.role);
  let drawn = null;
  let state = null;

  const show = async () => {
    try {
      state = await get("/emergency");
      put(box, h("h2", t("em.title")), state.since ? on(state) : off(state), note);
    } catch (error) {
      if (error.status === undefined) throw error;
      put(box, h("h2", t("em.title")), h("p.band.amber", error.message || t("o.lost")));
    }
  };
  const send = async (path, body) => {
    say(note, "");
    try {
      await post(path, body);
      await show();
    } catch (error) {
      if (error.status === undefined) throw error;
      say(note, error.message || t("o.lost"));
    }
  };
  const ask = (title, words, yes, danger) => sheet(title, (done) => [
    h("p", words),
    h("div.btn-row.sheet-foot",
      h(`button.btn.em-yes${danger ? ".danger" : ".primary"}`, { type: "button", "data-first": true, onclick: () => done(true) }, yes),
      h("button.btn", { type: "button", onclick: () => done() }, t("em.cancel"))),
  ]);

  const off = (now) => {
    const voice = h("input", { type: "checkbox", checked: now.voice });
    const begin = async (kind) => {
      const yes = await ask(t("em.confirm", { kind: word(kind) }), t("em.confirmSub"), t("em.confirm", { kind: word(kind) }), true);
      if (yes) await send("/emergency", { kind, speak: voice.checked });
    };
    return [
      h("p", t("em.intro")),
      h("div.em-kinds", KINDS.map(([kind, name, sub]) =>
        h("button.btn.danger.em-kind", { type: "button", disabled: !may, onclick: () => begin(kind) }, h("strong", t(name)), h("small", t(sub))))),
      h("div.field", h("label.check", voice, h("span", t("em.voice", { n: now.every }))), h("small.muted", t("em.voiceHint"))),
    ];
  };

  const lasts = () => t("em.since", { t: hm(state.since), n: Math.floor(since(state.since) / 60) });
  const on = (now) => [
    h("div.band.red.em-now", h("strong", t("em.on", { kind: word(now.kind) })), h("span.em-since", lasts()), h("span", t("em.by", { name: now.by })),
      h("span", t(now.voice ? "em.voiceOn" : "em.voiceOff"))),
    h("p", t("em.guide")),
    h("p", t("em.clerk")),
    h("div.btn-row", h("button.btn.primary", { type: "button", disabled: !may, onclick: async () => {
      if (await ask(t("em.end"), t("em.confirmEndSub"), t("em.confirmEnd"), false)) await send("/emergency/end", {});
    } }, t("em.end"))),
  ];

  const update = () => {
    const notice = emergencyOf(ctx.live);
    const sign = notice ? notice.id : "";
    if (drawn !== sign) show();
    drawn = sign;
    const clock = state?.since && box.querySelector(".em-since");
    if (clock) say(clock, lasts());
  };
  const timer = setInterval(update, 5000);
  return { node: box, update, stop: () => clearInterval(timer) };
}
