// Working days and hours of the hall, and when numbers are given.
import { post } from "../shared/api.js";
import { h, say } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { time } from "./controls.js";

const PERIODS = 3;

export function hoursForm(hours, again) {
  const days = [1, 2, 3, 4, 5, 6, 7].map((n) => {
    const input = h("input", { type: "checkbox", value: n, checked: hours.days.includes(n) });
    return { n, input, node: h("label.check", input, h("span", t(`o.cDay${n}`))) };
  });
  const periods = Array.from({ length: PERIODS }, (_, i) => {
    const [from, until] = (hours.open[i] || "-").split("-");
    return [time("from", t("o.cStart", { n: i + 1 }), { from }), time("until", t("o.cEnd", { n: i + 1 }), { until })];
  });
  const issue = [time("issue_from", t("o.cFrom"), hours, { hint: t("o.cIssueHint") }), time("issue_until", t("o.cUntil"), hours, { hint: t("o.cIssueHint") })];
  const all = hours.days.length === 7;
  const holidays = h("input", { type: "checkbox", checked: hours.holidays ? hours.holidays === "observe" : !all });
  const note = h("p.error", { role: "alert" });
  const saved = h("span.badge.green", { role: "status", hidden: true }, t("o.cSaved"));
  const send = async (event) => {
    event.preventDefault();
    saved.hidden = true;
    say(note, "");
    const open = periods.map((pair) => pair.map((f) => f.value() || "")).filter((pair) => pair.join("")).map((pair) => pair.join("-"));
    const body = { days: days.filter((d) => d.input.checked).map((d) => d.n), open, issue_from: issue[0].value(), issue_until: issue[1].value(), holidays: holidays.checked ? "observe" : "ignore" };
    if (!body.days.length) return void say(note, t("o.cDaysNone"));
    try {
      await post("/catalogue/hours", body);
      saved.hidden = false;
    } catch (error) {
      if (error.status === undefined) throw error;
      if (String(error.detail.field).startsWith("issue")) return void issue[1].fail(t("o.cIssueWrong"));
      say(note, error.code === "invalid" ? t("o.cHoursWrong") : error.message || t("o.lost"));
    }
  };
  return h("form.stack.hours", { onsubmit: send, novalidate: true },
    h("fieldset", h("legend.label", t("o.cDays")), h("div.bar", days.map((d) => d.node))),
    h("fieldset", h("label.check", holidays, h("span", t("cal.observe"))), h("small.muted", t("cal.observeHint"), " ", h("a", { href: "#calendar" }, t("o.calendar")))),
    h("fieldset", h("legend.label", t("o.cPeriods")), periods.map((pair) => h("div.pair", pair.map((f) => f.node)))),
    h("fieldset", h("legend.label", t("o.cIssue")), h("div.pair", issue.map((f) => f.node))),
    note, h("div.btn-row", h("button.btn.primary", { type: "submit" }, t("o.save")), h("button.btn", { type: "button", onclick: again }, t("o.cancel")), saved));
}
