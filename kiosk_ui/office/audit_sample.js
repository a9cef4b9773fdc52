// A seeded sample of calls: for each one who waited, the rule that decided, and whether the rule gives this number.
import { list } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act, join, section, when } from "./parts.js";
import { period } from "./ratings.js";
import { Table } from "./table.js";

const VERDICT = { true: ["green", "au.holds"], false: ["red", "au.fails"], null: ["amber", "au.unknown"] };

export function sampleOfCalls(ctx) {
  const box = h("div.stack", h("p.empty", t("au.sampleFirst")));
  const days = period(30, () => {});
  const seed = h("input.input", { type: "text", maxlength: 64, required: true, "aria-label": t("au.seed"), placeholder: t("au.seed") });
  const count = h("input.input.num", { type: "number", min: 1, max: 200, value: "50", "aria-label": t("au.count"), title: t("au.count") });
  const draw = async () => {
    if (!seed.reportValidity() || !count.reportValidity()) return;
    const found = await list(`/audit/sample?seed=${encodeURIComponent(seed.value)}&n=${count.value}&${days.query()}`);
    put(box, found.length ? [summary(found), table(ctx, found)] : h("p.empty", t("au.sampleEmpty")));
  };
  return section(t("au.sampleTitle"), h("p.muted.balanced", t("au.sampleNote")),
    h("div.bar", seed, count, days.node, act(t("au.draw"), draw, ".primary")),
    box);
}

function summary(found) {
  const wrong = found.filter((call) => call.holds === false).length;
  const open = found.filter((call) => call.holds === null).length;
  return [
    h(`p.band.${wrong ? "red" : "green"}`, wrong ? t("au.someDont", { n: wrong }) : t("au.allHold", { n: found.length - open })),
    open > 0 && h("p.band.amber", t("au.someUnknown", { n: open })),
  ];
}

function table(ctx, found) {
  const columns = [
    { key: "at", tight: true, label: t("au.at"), value: (c) => c.at, cell: (c) => h("span.num", when(c.at)) },
    { key: "number", tight: true, label: t("au.number"), value: (c) => c.number, cell: (c) => h("strong", c.number) },
    { key: "service", label: t("au.service"), value: (c) => ctx.name("services", c.service) },
    { key: "window", tight: true, right: true, label: t("au.window"), value: (c) => c.window },
    { key: "clerk", tight: true, label: t("au.clerk"), value: (c) => c.clerk || "" },
    { key: "why", label: t("au.why"), value: reason, cell: (c) => [reason(c), doubt(c), waited(ctx, c)] },
    { key: "waiting", tight: true, right: true, label: t("au.waiting"), value: (c) => c.waiting },
    { key: "holds", tight: true, label: t("au.verdict"), value: (c) => t(VERDICT[c.holds][1]), cell: (c) => h(`span.badge.${VERDICT[c.holds][0]}`, t(VERDICT[c.holds][1])) },
  ];
  return new Table(columns, { empty: t("au.sampleEmpty"), caption: t("au.sampleTitle") }).set(found).node;
}

const reason = (c) => join([t(`au.why_${c.why}`, { bound: c.bound, by: c.by || t("au.hub"), reason: c.reason || t("o.none") }), c.addressed && t("au.addressed")]);

const doubt = (c) => c.doubt && h("small.block.muted", t(`au.doubt_${c.doubt}`, { numbers: join(c.left_out) }));

/** Everyone who stood there at the call, in order of arrival; the called one is marked. */
function waited(ctx, c) {
  const rows = c.waited.map((one) => h("li", one.called ? h("strong", one.number) : one.number, ` ${ctx.name("services", one.service)} · ${t("au.arrived")} ${hm(one.arrival)}`,
    [one.called && ["action", t("au.calledOne")], one.green && ["green", t("au.green")], one.overtaken !== null && ["plain", `${t("au.overtaken")} ${t("au.times", { n: one.overtaken })}`], !one.sure && !one.called && ["amber", t("au.notSure")]]
      .filter(Boolean).map(([colour, words]) => [" ", h(`span.badge.${colour}`, words)])));
  const more = c.waiting - c.waited.length;
  return h("details", h("summary", t("au.details")), h("ol", rows, more > 0 && h("li.muted", t("au.moreWaited", { n: more }))),
    c.entry && h("p.muted", t("au.entry", { n: c.entry })));
}
