// One finding: what was found where, its photos, the thread of objection and rectification, and the next step.
import { create, get } from "../shared/api.js";
import { isoDay } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sendPhoto } from "../patrol/outbox.js";
import { photos } from "../patrol/photo.js";
import { askFields } from "./ask.js";
import { choice, text } from "./controls.js";
import { area } from "./form_fields.js";
import { named, section, when } from "./parts.js";

const STATE = { told: "amber", objected: "red", stands: "action", withdrawn: "plain" };
const FIX = { due: "amber", reported: "action", confirmed: "green" };
const SEVERITY = { minor: "plain", normal: "amber", serious: "red" };
const FIRST = ["accept", "uphold", "report", "confirm"];

export const what = (row) => (row.kind === "praise" ? t("pl.praise") : pick({ name: row.what, name_en: row.what_en }));

/** Window and department, or the area. */
export function where(ctx, row) {
  const [floor, kind] = (row.area || "").split("/");
  const place = row.window ? t("pl.atWindow", { win: row.window }) : kind ? `${t("pl.floor", { n: floor })} ${t(`pl.${kind}`)}` : "";
  return [row.department ? ctx.name("departments", row.department) : t("pl.hall"), place].filter(Boolean).join(" · ");
}

export const stateBadge = (row) => (row.kind === "praise" ? h("span.badge.green", t("pl.praise")) : h(`span.badge.${STATE[row.state]}`, t(`pl.st_${row.state}`)));
export const severityBadge = (row) => row.severity && [h(`span.badge.${SEVERITY[row.severity]}`, t(`pl.sev_${row.severity}`)),
  row.nth > 1 && h("span.badge.red", t("pl.nth", { n: row.nth }))];
export const fixBadge = (row) => {
  if (!row.fix || row.state === "withdrawn") return "";
  const late = row.fix === "due" && row.due_day < isoDay();
  return [h(`span.badge.${late ? "red" : FIX[row.fix]}`, t(late ? "pl.fx_late" : `pl.fx_${row.fix}`)), row.fix === "due" && h("small.muted.block", row.due_day)];
};

export function findingDetail(ctx, id) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const look = () => get(`/findings/${id}`).then((row) => put(box, drawn(ctx, row, look)), (problem) => {
    if (problem.status === undefined) throw problem;
    put(box, h("p.band.amber", problem.message || t("o.lost")), h("p", h("a", { href: "#patrols" }, t("pl.back_"))));
  });
  look();
  return { node: box, update: () => {} };
}

const drawn = (ctx, row, again) => [
  section(`${t(row.kind === "praise" ? "pl.praiseNo" : "pl.findingNo", { n: row.id })}${row.kind === "praise" ? "" : `　${what(row)}`}`,
    h("div.bar", h("a", { href: "#patrols" }, t("pl.back_")), stateBadge(row), severityBadge(row), fixBadge(row)),
    facts(ctx, row), pictures(row.files, `/findings/${row.id}/files`)),
  row.next.length > 0 && section(t("pl.steps"), row.state === "told" && h("p.muted", t("pl.objectUntil", { day: row.object_until })),
    h("div.btn-row", row.next.map((step) => h(`button.btn${FIRST.includes(step) ? ".primary" : ""}`, { type: "button", onclick: () => take(ctx, row, step, again) }, t(`pl.s_${step}`))))),
  row.kind !== "praise" && section(t("pl.thread"), row.replies.length ? h("ol.stack", row.replies.map((reply) => said(row, reply))) : h("p.muted", t("pl.threadNone"))),
].filter(Boolean);

function facts(ctx, row) {
  const rows = [
    [t("pl.c_where"), where(ctx, row)], [t("pl.c_name"), row.name],
    [t("pl.c_group_name"), pick({ name: row.group_name, name_en: row.group_name_en })], [t("pl.c_clause"), row.clause],
    [t("pl.c_note"), row.note], [t("pl.c_source"), [row.by, t(`pl.k_${row.source}`), when(row.at)].filter(Boolean).join(" · ")],
    [t("pl.tabCamera"), row.camera_at && t("pl.cameraAt", { t: when(row.camera_at) })],
    [t("pl.c_fix"), row.fix === "due" && t("pl.dueBy", { day: row.due_day })],
  ];
  return h("dl.facts", rows.filter(([, value]) => value).map(([label, value]) => [h("dt", label), h("dd", value)]));
}

const pictures = (files, path) => files.length > 0 && h("div.bar", files.map((file, i) => h("a", { href: `/api/v1${path}/${file.id}`, target: "_blank" },
  file.media === "application/pdf" ? file.name : h("img.finding-photo", { src: `/api/v1${path}/${file.id}`, alt: t("pl.photoN", { n: i + 1 }) }))));

const said = (row, reply) => h("li.stack",
  h("p", h("strong", t(`pl.s_${reply.step}`)), h("span.muted", `　${reply.by} ${when(reply.at)}`)), reply.text && h("p", reply.text),
  reply.measures && h("p", [named(t("pl.measures"), reply.measures), named(t("pl.untilDay"), reply.until_day), named(t("pl.owner"), reply.owner)].join("　")),
  pictures(reply.files, `/findings/${row.id}/replies/${reply.id}/files`));

// -- the next step

async function take(ctx, row, step, again) {
  const fields = [area("text", t(`pl.t_${step}`)), ...(await besides(ctx, row, step))];
  const done = await askFields(t(`pl.s_${step}`), fields, t("pl.send"), async ({ photos: taken = [], code, person, ...wish }) => {
    const files = [];
    for (const url of taken) files.push(await sendPhoto(url));
    const change = step === "change" ? { change: { code, person: person ? Number(person) : null } } : {};
    await create(`/findings/${row.id}/steps`, { step, ...wish, ...change, photos: files });
  });
  if (done) await again();
}

async function besides(ctx, row, step) {
  if (step === "plan") return [area("measures", t("pl.measures")), text("until_day", t("pl.untilDay"), { until_day: row.due_day }, { type: "date", min: isoDay() }), text("owner", t("pl.owner"), null, { maxlength: 60 })];
  if (["report", "object", "confirm"].includes(step)) {
    const pictures_ = photos(step === "report" ? t("pl.photoAfter") : t("pl.photos"));
    return [{ name: "photos", node: pictures_.node, value: pictures_.value, fail: () => {} }];
  }
  if (step !== "change") return [];
  const [checklist, people] = await Promise.all([get("/patrols/checklist"), get("/staff")]);
  const codes = checklist.content.code.map((code) => [code.code, pick({ name: code.zh, name_en: code.en })]);
  const names = people.items.filter((p) => p.department === row.department || p.id === row.person).map((p) => [String(p.id), p.name]);
  return [choice("code", t("pl.newCode"), row, codes), choice("person", t("pl.newPerson"), { person: String(row.person ?? "") }, [["", t("pl.nobody")], ...names])];
}
