// Everyone's record, one line a person: the way in for those who may see more than their own.
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { load, section } from "./parts.js";
import { personRole } from "./roles.js";
import { Table } from "./table.js";

export function records(ctx) {
  const box = h("div");
  const find = h("input.input.find", { type: "search", placeholder: t("rc.search"), "aria-label": t("rc.search") });
  let table = null;
  find.addEventListener("input", () => table?.filter(find.value));
  load(box, "/staff", (people) => {
    table = new Table([
      { key: "name", label: t("o.colName"), value: (p) => p.name, cell: (p) => h("strong", p.name) },
      { key: "title", label: t("o.colJob"), value: (p) => p.title || "" },
      { key: "role", label: t("o.colRole"), value: (p) => personRole(p.role) },
      { key: "window", label: t("o.colHome"), value: (p) => p.window || "", cell: (p) => (p.window ? t("o.atWindow", { win: p.window }) : t("o.none")) },
      { key: "department", label: t("cmp.department"), value: (p) => (p.department ? ctx.name("departments", p.department) : "") },
      { key: "do", label: t("o.colActions"), cell: (p) => h("a.btn.small", { href: `#record/${p.id}`, "aria-label": `${t("rc.see")} ${p.name}` }, t("rc.see")) },
    ], { empty: t("o.peopleEmpty"), sort: "window", caption: t("rc.list") })
      .set(people.filter((p) => p.active && ["clerk", "chief", "guide"].includes(p.role)));
    put(box, table.node);
  });
  return { node: section(t("rc.list"), h("p.muted", t("rc.listNote")), h("div.bar", find), box), update: () => {} };
}
