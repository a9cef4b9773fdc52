// What is plugged in and used by nobody, beside the devices that are missing: one may be the other, on another port.
import { get } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act, join, section } from "./parts.js";

export function plugged() {
  const box = h("div.stack");
  const look = async () => put(box, drawn(await get("/devices/found")));
  look().catch(() => put(box, h("p.band.amber", t("o.lost"))));
  return section(t("cm.moved"), h("p.muted", t("cm.movedNote")), box, h("div.btn-row", act(t("cm.lookAgain"), look)));
}

const drawn = ({ unused, missing }) => [
  unused.length
    ? h("ul.plugged", unused.map((port) => h("li", h("code.line", `link = "${port.link}"`), h("small.muted", [port.at, port.about].filter(Boolean).join(" · ")))))
    : h("p.empty", t("cm.movedNone")),
  missing.length > 0 && h("p", h("span.badge.red", t("cm.missing")), " ", join(missing.map((d) => d.id))),
];
