// The first page: look for words, or choose a matter, a department, a life event.
import { boot } from "../shared/boot.js";
import { h, svg } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { pageOf, pager, widthOf } from "./parts.js";

const TABS = { matters: "k.byMatter", departments: "k.byDept", events: "qy.byEvent" };

const glass = () =>
  svg("svg.icon", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21" }));

export function startPage(state, go, choices) {
  const tabs = Object.keys(TABS).filter((tab) => choices[tab].length);
  const tab = tabs.includes(state.tab) ? state.tab : tabs[0];
  const { shown, page, pages } = pageOf(choices[tab] || [], state.page);
  const nodes = [
    h("h1.title", { tabindex: "-1" }, t("qy.hello")),
    h("button.btn.find-key", { type: "button", onclick: go.find }, glass(), h("span", t("qy.search")), h("small", t(boot.place ? "qy.searchKiosk" : "qy.searchHow"))),
    h("div.tabs", { role: "group" }, tabs.map((one) =>
      h("button.btn.key", { type: "button", "aria-pressed": String(one === tab), onclick: () => go.tab(one) }, t(TABS[one])))),
    shown.length ? h("div.choices", shown.map((group) => groupCard(group, () => go.group(tab, group)))) : h("p.none", t("k.none")),
    pager(page, pages, go),
  ];
  return { nodes };
}

const groupCard = (group, open) =>
  h("button.choice.group", { type: "button", onclick: open },
    h(`span.card-name.balanced${widthOf(pick(group))}`, pick(group)),
    h("span.card-wait", [t("qy.count", { n: group.items }), group.who === "company" && t("qy.company")].filter(Boolean).join(" · ")));
