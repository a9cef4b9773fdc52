// Calls for help and notices to acknowledge; and when the system itself was away.
import { post } from "../shared/api.js";
import { ms } from "../shared/clock.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { act, lasted, load, minutesSince, section, when } from "./parts.js";
import { Table } from "./table.js";

const KIND = { help: ["red", "kdHelp"], alert: ["amber", "kdAlert"], info: ["plain", "kdInfo"], escort: ["green", "kdEscort"] };

const whereOf = (n, name) =>
  n.window ? t("o.atWindow", { win: n.window }) : n.kiosk ? t("o.atKiosk", { id: n.kiosk }) : n.zone ? name("zones", n.zone) : t("o.none");

export function notices(ctx) {
  const table = new Table([
    { key: "kind", label: t("o.colKind"), value: (n) => n.kind, cell: (n) => h(`span.badge.${KIND[n.kind][0]}`, t(`o.${KIND[n.kind][1]}`)) },
    { key: "place", label: t("o.colPlace"), value: (n) => whereOf(n, ctx.name) },
    { key: "text", label: t("o.colText"), value: (n) => pick(n, "text") || t(`o.${KIND[n.kind][1]}`) },
    { key: "at", label: t("o.colTime"), right: true, value: (n) => ms(n.at), cell: (n) => when(n.at) },
    { key: "since", label: t("o.colSince"), right: true, value: (n) => minutesSince(n.at), cell: (n) => t("o.minutes", { n: minutesSince(n.at) }) },
    { key: "do", tight: true, label: t("o.colActions"), cell: (n) => act(t("o.ack"), () => post(`/notices/${encodeURIComponent(n.id)}/done`), ".primary") },
  ], { empty: t("o.noticesEmpty"), sort: "at", caption: t("o.notices") });
  let drawn = "";
  const update = () => {
    const open = ctx.live.list("notice/").filter((n) => KIND[n.kind] && !/^voice-/.test(n.id));
    const looks = JSON.stringify(open.map((n) => [n.id, minutesSince(n.at)]));
    if (looks !== drawn) table.set(open);
    drawn = looks;
  };
  return { node: section(t("o.openCalls"), table.node), update };
}

export function outages() {
  const box = h("div");
  load(box, "/outages", (items) => put(box, new Table([
    { key: "since", label: t("o.colBegan"), value: (o) => ms(o.since), cell: (o) => when(o.since) },
    { key: "until", label: t("o.colEnded"), value: (o) => ms(o.until), cell: (o) => when(o.until) },
    { key: "lasted", label: t("o.colLasted"), right: true, value: (o) => ms(o.until) - ms(o.since), cell: (o) => lasted((ms(o.until) - ms(o.since)) / 1000) },
  ], { empty: t("o.outagesEmpty"), sort: "since", down: true, caption: t("o.outage") }).set(items).node));
  return { node: section(t("o.outage"), h("p.muted", t("o.outagesNote")), box), update: () => {} };
}
