// One item: what it needs, how it goes, how long, how much, where and who waits there now; on paper, aloud, on a telephone.
import { get, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put, say } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { canSpeak, hush, play } from "../shared/spoken.js";
import { attribute, tellFor } from "../kiosk/parts.js";
import { days, waitOf, widthOf, windowsOf } from "./parts.js";
import { plans } from "./plan.js";
import { samplesOf } from "./samples.js";

const EVERY = 30000; // milliseconds between looks at windows and waits
const [LOOKS, BETWEEN] = [30, 1000]; // at what became of a print: longer than the hub's own patience (print_s)
const path = (code) => `/query/items/${encodeURIComponent(code)}`;

export function itemPage(state, go) {
  const box = h("div.guide", h("p.starting", { role: "status" }, t("net.starting")));
  let live = null;
  const look = async () => {
    try {
      const item = await get(path(state.code));
      if (live) return void live.update(item);
      live = draw(box, item, go);
    } catch (error) {
      if (error.status === undefined) throw error;
      if (!box.isConnected) return; // somebody has gone on
      if (error.status === 404) return void go.gone();
      if (!live) put(box, h("p.band.amber", { role: "alert" }, t("qy.lost")), h("button.btn.key", { type: "button", onclick: look }, t("k.retry")));
    }
  };
  look();
  const timer = setInterval(look, EVERY);
  return { nodes: [box], end: () => (clearInterval(timer), hush()) };
}

function draw(box, item, go) {
  const now = nowPart(item);
  const text = h("div.guide-text", { tabindex: "0", role: "region", "aria-label": pick(item) },
    materials(item), steps(item), conditions(item), where(item, now), more(item), basis(item));
  put(box, head(item), facts(item, now), text, keys(item, go, text));
  box.querySelector("h1").focus({ preventScroll: true });
  return { update: (fresh) => now.update(fresh.now) };
}

function head(item) {
  const kinds = [item.handling && t(`qy.${item.handling}`), item.audience && t(item.audience === "company" ? "qy.company" : `qy.${item.audience}`)];
  return h("header.guide-head",
    h("div", h("h1.guide-name", { tabindex: "-1" }, pick(item)),
      h("p.guide-of", pick(item, "department_name"), kinds.filter(Boolean).map((kind) => h("span.badge.action", kind))),
      pick(item, "summary") && h("p.guide-summary", pick(item, "summary"))),
    boot.phones && h("figure.guide-qr", h("img", { src: `/api/v1${path(item.service)}/qr.svg`, alt: t("qy.qrAlt"), width: 120, height: 120 }), h("figcaption", t("qy.qr"))));
}

/** What changes while one reads: the windows that are open, and the wait. */
function nowPart(item) {
  const windows = h("strong");
  const wait = h("span", { "aria-live": "polite" });
  const plan = h("div.plans");
  const update = (now) => {
    say(windows, windowsOf(now));
    say(wait, waitOf(now));
    put(plan, plans(now.floors));
  };
  update(item.now);
  return { windows, wait, plan, update };
}

function facts(item, now) {
  const fact = (name, ...values) => h("div", h("dt", t(`qy.${name}`)), h("dd", values));
  const legal = item.legal_days !== null && t("qy.legal", { time: days(item.legal_days) });
  return h("dl.guide-facts",
    fact("time", h("strong", item.promised_days === null ? t("qy.unknown") : days(item.promised_days)), legal && h("span", legal)),
    fact("fee", h(`strong${widthOf(pick(item, "fee"))}`, pick(item, "fee") || t("qy.unknown"))),
    fact("now", now.windows, now.wait, pick(item, "place") && h("span", pick(item, "place")), !boot.numbers && h("span", t("qy.takeAt"))));
}

const part = (name, ...content) => h("section.guide-part", h("h2", t(`qy.${name}`)), content);

function materials(item) {
  if (!item.materials.length) return part("materials", h("p", t(item.no_materials ? "qy.noMaterials" : "qy.unknownMaterials")));
  return part("materials", h("p.muted", t("qy.materialsAll", { n: item.materials.length })),
    h("ol.bring", item.materials.map((one) => material(item, one))));
}

function material(item, one) {
  const notes = [
    t("qy.copies", { form: t(`qy.form_${one.form}`), n: one.copies }),
    pick(one, "when") && t("qy.when", { when: pick(one, "when") }),
    one.source && lang() !== "en" && t("qy.source", { source: one.source }),
  ];
  return h("li", h("div", h("strong", pick(one)), h("span", notes.filter(Boolean).join(lang() === "en" ? "; " : "，"))),
    one.samples.length > 0 && h("button.btn.key.sample", { type: "button", "aria-label": t("qy.sampleOf", { name: pick(one) }), onclick: () => samplesOf(item, one) }, t("qy.sample")));
}

const steps = (item) => item.steps.length > 0 && part("steps",
  h("ol.steps", item.steps.map((step) => h("li", h("div", h("strong", pick(step)), pick(step, "note") && h("span", pick(step, "note")))))));

function conditions(item) {
  const lines = lang() === "en" && item.conditions_en.length ? item.conditions_en : item.conditions;
  return lines.length > 0 && part("conditions", h("ul.lines", lines.map((line) => h("li", line))));
}

const where = (item, now) => part("place", h("p", pick(item, "place") || t("qy.unknown")), now.plan,
  h("dl.guide-more", pair("hours", pick(item, "hours")), pair("phone", item.phone), pair("supervision", item.supervision_phone)));

const pair = (name, words) => words && h("div", h("dt", t(`qy.${name}`)), h("dd", words));

function more(item) {
  const ways = [pick(item, "online"), pick(item, "elsewhere")].filter(Boolean);
  const pairs = [
    pair("feeBasisHead", item.fee_basis),
    pair("result", [pick(item, "result"), item.mail && t("qy.mail")].filter(Boolean).join(lang() === "en" ? ". " : "。")),
    pair("special", pick(item, "special")), pair("online", ways.join(lang() === "en" ? "; " : "；")),
  ];
  return pairs.some(Boolean) && h("section.guide-part", h("dl.guide-more", pairs));
}

const basis = (item) => item.basis.length > 0 && h("details.guide-part", h("summary", t("qy.basis")), h("ul.lines", item.basis.map((line) => h("li", line))));

/** Scrolling by keys, too: some glass knows no wiping. */
function keys(item, go, text) {
  const key = (label, press, classes = "") => h(`button.btn.key${classes}`, { type: "button", onclick: press }, label);
  const scroll = (way) => () => text.scrollBy({ top: way * text.clientHeight * 0.85 });
  return h("div.guide-keys",
    boot.place && key(t("qy.up"), scroll(-1)), boot.place && key(t("qy.down"), scroll(1)),
    boot.place && large(), canSpeak() && listen(item),
    boot.place ? boot.prints && key(t("qy.print"), (event) => print(item, event.currentTarget, go))
      : h("a.btn.key.a4", { href: `/query/${encodeURIComponent(item.service)}/print?lang=${lang() === "en" ? "en" : "zh"}`, target: "_blank", rel: "noopener" }, t("qy.print")),
    go.kiosk && key(t("qy.take"), () => go.kiosk(item.service), ".primary"));
}

function large() {
  const key = h("button.btn.key", { type: "button", onclick: () => attribute("size", "large", draw).flip() });
  const draw = () => {
    const { is } = attribute("size", "large");
    key.setAttribute("aria-pressed", String(is));
    say(key, t(is ? "k.small" : "k.big"));
  };
  draw();
  return key;
}

function listen(item) {
  const key = h("button.btn.key", { type: "button", "aria-pressed": "false" }, t("qy.listen"));
  let sound = null;
  const draw = (is) => (key.setAttribute("aria-pressed", String(is)), say(key, t(is ? "qy.hush" : "qy.listen")));
  key.addEventListener("click", () => {
    if (sound) return void (hush(), (sound = null), draw(false));
    sound = play(`/api/v1${path(item.service)}/speech/${lang() === "en" ? "en" : "zh"}.wav`);
    draw(true);
    for (const kind of ["ended", "error", "pause"]) sound.addEventListener(kind, () => ((sound = null), draw(false)));
  });
  return key;
}

/** The printer's own word comes first: without paper nothing is sent. */
async function print(item, key, go) {
  const down = go.live.list("device/").some((d) => d.driver === "escpos" && (d.state !== "up" || d.detail?.paper === "out"));
  if (down) return void tellFor(10, t("qy.printFailed"), { tone: "warn" });
  key.disabled = true;
  try {
    await post(`${path(item.service)}/print`, {});
    follow(item, key, tellFor(8, t("qy.printing"), { tone: "good" }));
  } catch (error) {
    if (error.status === undefined) throw error;
    tellFor(10, error.message || t("qy.printFailed"), { tone: "warn" });
  }
  setTimeout(() => (key.disabled = false), 3000);
}

/** A paper that does not come out after all is told, as long as this guide stands here. */
async function follow(item, key, sheet) {
  for (let look = 0; look < LOOKS && key.isConnected; look++) {
    await new Promise((done) => setTimeout(done, BETWEEN));
    const { print: state } = await get(`${path(item.service)}/print`).catch(() => ({ print: "pending" }));
    if (state === "pending") continue;
    if (state === "printed" || !key.isConnected) return;
    sheet.close();
    return void tellFor(10, t(state === "unknown" ? "qy.printUnknown" : "qy.printFailed"), { tone: "warn" });
  }
}
