// A complaint or suggestion (E01): what it is about, then either somebody comes or it is sent. Window and telephone are optional.
import { create, requestId } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, say } from "../shared/dom.js";
import { lang, t } from "../shared/i18n.js";
import { tellFor } from "./parts.js";

const TOPICS = ["wait", "attitude", "skill", "trips", "stuck", "device", "idea", "other"];
const MOST = { window: 3, phone: 12 };
const LEAST_PHONE = 7;
const STAYS = 20;

/** E02, E03: who would rather speak: the telephones and the window for matters that got stuck. */
function elsewhere() {
  const { phones, windows } = boot.complaints;
  const ways = [phones && t("kc.phones", { tel: phones }), windows && t("kc.stuck", { win: windows })].filter(Boolean);
  return ways.length > 0 && h("p.lead.balanced", t("kc.other", { ways: ways.join(lang().startsWith("zh") ? "，或" : ", or ") }));
}

/** Press 2: what it is about. */
export function complainPage(state, go) {
  const key = (topic) => h("button.choice.case.matter", { type: "button", onclick: () => go.complaint({ topic, request: requestId() }) },
    h("span.card-name.balanced", t(`ct.${topic}`)));
  const nodes = [
    h("h1.title", { tabindex: "-1" }, t("kc.title")),
    h("p.lead.balanced", t("kc.lead")),
    h("div.choices.cases", TOPICS.map(key)),
    elsewhere(),
  ];
  return { nodes, update: () => {} };
}

/** Press 3: somebody comes, or it is sent as it is. */
export function complainSend(state, go) {
  const said = { window: "", phone: "" };
  let at = "window";
  const fields = { window: field(t("kc.window"), () => move("window")), phone: field(t("kc.phone"), () => move("phone")) };
  const come = key(t("kc.come"), () => send(true), ".primary.wide");
  const now = key(t("kc.send"), () => send(false), ".wide");
  const type = (digit) => {
    if (said[at].length < MOST[at]) said[at] += digit;
    draw();
  };
  const erase = () => {
    said[at] = said[at].slice(0, -1);
    draw();
  };
  const move = (to) => {
    at = to;
    draw();
  };
  const grid = h("div.pad-grid", [..."123456789"].map((d) => key(d, () => type(d), ".pad-key")), h("span"), key("0", () => type("0"), ".pad-key"),
    key(t("kc.delete"), erase, ".pad-key.pad-word"));

  async function send(wanted) {
    const body = { topic: state.complaint.topic, come: wanted };
    if (said.window) body.window = said.window;
    if (said.phone.length >= LEAST_PHONE) body.contact = said.phone;
    try {
      const made = await go.asked(() => create("/cases", body, state.complaint.request));
      go.home();
      const reply = body.contact && made.due_day ? t("kc.doneReply", { day: made.due_day }) : "";
      tellFor(STAYS, wanted ? t("kc.doneCome") : t("kc.done"), { note: [t("kc.doneNo", { no: made.no }), reply].filter(Boolean).join("　"), tone: "good" });
    } catch (error) {
      const unknown = error.code === "invalid" && error.detail?.field === "window";
      tellFor(STAYS, unknown ? t("kc.noWindow", { win: said.window }) : t("kc.failed", { tel: boot.complaints.phones }), { tone: "warn" });
      if (error.status === 422) state.complaint.request = requestId();
    }
  }

  function draw() {
    for (const [name, one] of Object.entries(fields)) {
      say(one.value, said[name] || "—");
      one.value.classList.toggle("blank", !said[name]);
      one.node.setAttribute("aria-pressed", String(name === at));
    }
  }

  draw();
  const nodes = [
    h("div.find-head", h("h1.title", { tabindex: "-1" }, t(`ct.${state.complaint.topic}`)), h("p.lead", t("kc.title2"))),
    h("div.complain-ways", come, now),
    h("div.find-fields", fields.window.node, fields.phone.node),
    h("div.pad", grid),
  ];
  return { nodes, update: () => {} };
}

const key = (label, press, classes = "") => h(`button.btn.key${classes}`, { type: "button", onclick: press }, label);

function field(label, press) {
  const value = h("span.find-value");
  return { value, node: h("button.find-field", { type: "button", onclick: press }, h("span.find-label", label), value) };
}
