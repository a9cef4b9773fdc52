// 我的办件: what the own visits of these days came to; a rate always stands with what it is a share of.
import { h } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { rateWords } from "../office/outcome_words.js";
import { section } from "../office/parts.js";
import { figure } from "../office/record_parts.js";

const kindName = (row) => (lang() === "en" ? row.en : row.zh);

export function outcomes({ total, kinds, promises, notices, referrals: r }) {
  return section(t("me.outcomes"),
    h("p.muted", t("me.outcomesNote")),
    h("dl.figures",
      figure(t("oc.total"), total),
      figure(t("oc.rate_promise"), ...rateWords(promises)),
      figure(t("oc.lateCount"), promises.late),
      figure(t("me.notices"), notices.given, notices.second ? t("me.noticesSecond", { n: notices.second }) : ""),
      figure(t("me.referrals"), r.written, r.written ? t("me.answered", { n: r.answered }) : ""),
      figure(t("me.received"), r.received, r.received ? t("me.answered", { n: r.replied }) : "")),
    kinds.length > 0 && h("dl.pairs.record-pairs", kinds.map((row) => h("div", h("dt.muted", kindName(row)), h("dd.num", row.n)))));
}
