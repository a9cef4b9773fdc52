// 我的考核评分: the own sheet with every line; one press beside a line objects to it, after the freeze it appeals.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { section } from "../office/parts.js";
import { fileKey } from "../office/score_contest.js";
import { loadSheet, months, sheetView, stateBadge } from "../office/score_sheet.js";

/** The newest month that was published, else the month so far. */
export function score(who) {
  const box = h("div.stack", h("p.empty", t("o.loading")));
  const draw = async (month) => {
    try {
      const found = await get(`/scores${month ? `?month=${month}` : ""}`);
      if (!month && found.state === "draft") {
        const last = await get(`/scores?month=${before(found.month)}`);
        if (last.state !== "draft") return draw(last.month);
      }
      put(box, h("div.bar.no-print", months(found.today, found.month, draw)), await sheets(found, who, () => draw(found.month)));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      put(box, h("p.band.amber", problem.message || t("o.lost")));
    }
  };
  draw();
  return section(t("sc.mine"), box);
}

function before(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

async function sheets(found, who, again) {
  const mine = found.items.filter((row) => row.person === who.id || (row.person === null && who.role === "chief"));
  if (!mine.length) return h("p.empty", t("sc.mineNone"));
  const all = await Promise.all(mine.map((row) => loadSheet(row, found.month)));
  return all.map((sheet) => h("div.stack", sheet.person === null && h("h2", t("sc.departmentMine")), h("p.band", stateBadge(sheet.state), ` ${deadline(sheet)}`), sheetView(sheet, keys(sheet, again))));
}

function keys(sheet, again) {
  const how = sheet.may.object ? "object" : sheet.may.appeal ? "appeal" : null;
  return how ? { line: (line) => fileKey(sheet, how, line, again) } : {};
}

/** What may be done until when, in words. */
function deadline(sheet) {
  if (sheet.state === "draft") return t("sc.mineDraft");
  if (sheet.state === "published") return t(sheet.may.object ? "sc.mineOpen" : "sc.mineClosed", { day: sheet.object_until });
  return t(sheet.may.appeal ? "sc.mineFrozen" : "sc.mineOver", { day: sheet.appeal_until });
}
