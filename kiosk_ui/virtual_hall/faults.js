// The fault panel: every device and what may be wrong with it, whole groups at once, and how the hub sees each meanwhile.
import { h, put, say } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { heal, unplugGroup } from "./act.js";
import { faultKeys, faultName, hubSees } from "./wire.js";

const KINDS = { led: "vh.strip", digits: "vd.digits", pad: "vh.pad", printer: "vd.printer", speaker: "vd.voice", keypad: "vd.keypad", evaluator: "vd.buttons", box: "vd.box", reader: "vd.reader" };
const PLACES = { window: "vd.whereWindow", kiosk: "vd.whereKiosk", zone: "vd.whereZone" };

const title = (device) => `${t(PLACES[device.at], { n: device.floor, place: device.place })} ${t(KINDS[device.kind])}`;
const inOrder = (a, b) => a.floor - b.floor || a.at.localeCompare(b.at) || a.place.localeCompare(b.place, "en", { numeric: true }) || a.id.localeCompare(b.id);

/** How many faults are on; a group that is out counts once. */
export function faultCount(feed) {
  const out = feed.list("group/").filter((group) => group.out);
  const covered = new Set(out.flatMap((group) => (group.kind === "relay" ? [] : group.devices)));
  const one = (device) => device.faults.filter((name) => !(name === "unplug" && covered.has(device.id))).length;
  return out.length + feed.list("device/").reduce((sum, device) => sum + one(device), 0);
}

class Row {
  constructor() {
    this.state = h("span.fault-state");
    this.name = h("strong");
    this.body = h("div");
    this.node = h("details.fault-row", h("summary", this.name, this.state), this.body);
    this.node.addEventListener("toggle", () => this.#body());
  }

  show(device) {
    this.device = device;
    const sign = JSON.stringify([device.faults, device.hub, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    say(this.name, title(device));
    put(this.state, device.faults.map((name) => h("span.badge.dark", faultName(name))), hubSees(device));
    this.#body();
  }

  matches(words) {
    const own = `${title(this.device)} ${this.device.id} ${this.device.faults.map(faultName).join(" ")}`.toLowerCase();
    return words.every((word) => own.includes(word));
  }

  #body() {
    if (!this.node.open) return;
    const held = this.body.contains(document.activeElement) && document.activeElement.dataset.key;
    put(this.body, this.device.offers.length ? faultKeys(this.device, title(this.device)) : h("p.muted", "-"));
    if (held) this.body.querySelector(`[data-key="${held}"]`)?.focus();
  }
}

export class FaultPanel {
  constructor(back) {
    this.rows = new Map();
    this.words = [];
    this.count = h("small");
    this.search = h("input.input", { type: "search", placeholder: t("vd.searchHint"), oninput: () => this.#find() });
    this.groups = h("section.card");
    this.none = h("p.empty", t("vd.none"));
    this.list = h("section.card.fault-list", h("h3", t("vd.devices")), this.none);
    this.node = h("div.panel.fault-panel",
      h("div.panel-head", h("h2", t("vd.panel"), this.count), back()), h("p.muted", t("vd.panelLead")),
      h("div.fault-tools", h("label", h("span.sr-only", t("vd.search")), this.search), h("button.btn", { type: "button", onclick: heal }, t("vd.heal"))),
      this.groups, this.list);
  }

  show(feed) {
    const devices = feed.list("device/").sort(inOrder).filter((device) => device.offers.length);
    for (const device of devices) this.#row(device);
    const n = faultCount(feed);
    say(this.count, n ? t("vd.panelCount", { n }) : "");
    this.#groups(feed.list("group/"));
    this.#filter();
  }

  turn() {}

  #row(device) {
    if (!this.rows.has(device.id)) {
      this.rows.set(device.id, new Row());
      this.list.append(this.rows.get(device.id).node);
    }
    this.rows.get(device.id).show(device);
  }

  #groups(groups) {
    const sign = JSON.stringify([groups, t("vh.title")]);
    if (sign === this.sign) return;
    this.sign = sign;
    const held = this.groups.contains(document.activeElement) && document.activeElement.dataset.key;
    const row = (group) => h("button.btn.fault", { type: "button", "data-key": group.id, "aria-pressed": String(group.out), onclick: () => unplugGroup(group, !group.out) },
      t(`vd.group.${group.kind}`, { place: group.place, n: group.devices.length, windows: group.windows.join(lang().startsWith("zh") ? "、" : ", ") }));
    put(this.groups, h("h3", t("vd.groups")), h("div.faults.fault-groups", groups.map(row)));
    if (held) this.groups.querySelector(`[data-key="${held}"]`)?.focus();
  }

  #find() {
    this.words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.#filter();
  }

  #filter() {
    let seen = 0;
    for (const row of this.rows.values()) {
      row.node.hidden = !row.matches(this.words);
      seen += !row.node.hidden;
    }
    this.none.hidden = seen > 0;
  }
}
