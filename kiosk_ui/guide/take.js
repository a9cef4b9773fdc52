// A number for somebody else (A03): one tap on the service, one on 取号; everything else stays behind one key.
import { create, list, requestId } from "../shared/api.js";
import { h, put, say } from "../shared/dom.js";
import { lang, pick, t } from "../shared/i18n.js";
import { ordered } from "../office/controls.js";
import { atKiosk, drawer, kioskChoice, press, waitWords } from "./parts.js";

const NEEDS = ["escort", "wheelchair", "blind", "deaf", "interpreter"];
const MOST = 99;
const CAPPED = ["quota_reached", "stopped"];
const and = () => (lang().startsWith("zh") ? "、" : ", ");

export function take(ctx) {
  const state = { services: [], chosen: null, wish: wishes(), ticket: null };
  const groups = h("div.stack.g-groups");
  const find = h("input.input", { type: "search", placeholder: t("gd.findService"), "aria-label": t("gd.findService") });
  const panel = h("section.card.stack.g-panel", { "aria-live": "polite" });
  const figures = new Map();
  const drawPanel = drawer(panel);

  const choose = (service, ticket = null) => {
    Object.assign(state, { chosen: service, ticket, wish: wishes() });
    for (const [code, parts] of figures) for (const part of parts) part.key.setAttribute("aria-pressed", String(code === service?.code));
    update();
  };
  const drawList = () => {
    const words = find.value.trim().toLowerCase();
    const hits = state.services.filter((s) => `${s.name} ${s.name_en} ${ctx.name("departments", s.department)} ${s.windows.join(" ")}`.toLowerCase().includes(words));
    figures.clear();
    put(groups, grouped(ctx, hits, Boolean(words)).map(([title, services]) => h("section.stack.g-group", h("h2", title),
      h("div.g-services", services.map((s) => serviceKey(s, figures, state, choose))))), !hits.length && h("p.empty", t("gd.noService")));
    update();
  };
  const update = () => {
    for (const [code, parts] of figures) for (const part of parts) drawFigure(part, ctx.live.get(`queue/${code}`));
    const queue = state.chosen && ctx.live.get(`queue/${state.chosen.code}`);
    const print = state.ticket && (ctx.live.get(`ticket/${state.ticket.id}`)?.print || state.ticket.print);
    if (state.ticket) drawPanel([state.ticket, print], () => given(ctx, state, print, choose));
    else drawPanel([state.chosen?.code, ctx.catalog.kiosks], () => asking(ctx, state, choose));
    const wait = panel.querySelector(".g-wait");
    if (wait && queue && !state.ticket) say(wait, `${queue.waiting ? t("gd.waiting", { n: queue.waiting }) : t("gd.zoneCalm")}　${waitWords(queue.wait, queue.waiting)}`);
  };

  find.addEventListener("input", drawList);
  list("/services").then((items) => ((state.services = items), drawList()), () => put(groups, h("p.band.amber", t("net.lost"))));
  return { node: h("div.g-take", h("div.stack", h("p.g-greet", t("gd.greet"), h("small.muted", t("gd.pickService"))), find, groups), panel), update };
}

/** The request stays the same until the hub has answered: a number whose answer was lost is not made twice. */
const wishes = () => ({ category: "ordinary", needs: [], people: 1, cases: 1, then: null, request: requestId() });

/** The most used first, then department by department. */
function grouped(ctx, services, searching) {
  const common = searching ? [] : services.filter((s) => s.common);
  const departments = [...new Set(services.map((s) => s.department))];
  const rest = departments.map((code) => [ctx.name("departments", code), services.filter((s) => s.department === code && !common.includes(s))]);
  return [[t("gd.common"), common], ...rest].filter(([, found]) => found.length);
}

function serviceKey(service, figures, state, choose) {
  const figure = h("small");
  const key = h("button.btn.g-service", { type: "button", "aria-pressed": String(state.chosen?.code === service.code), onclick: () => choose(service) },
    h("strong", pick(service)), figure);
  figures.set(service.code, [...(figures.get(service.code) || []), { key, figure }]);
  return key;
}

function drawFigure({ key, figure }, queue) {
  if (!queue) return;
  key.classList.toggle("is-shut", !queue.open);
  say(figure, !queue.open ? t("gd.shut") : queue.waiting ? t("gd.waiting", { n: queue.waiting }) : t("gd.free"));
}

/** Its number is shown with its own service, whatever was chosen while it was made. */
function asking(ctx, state, choose) {
  const { chosen, wish } = state;
  if (!chosen) return [h("p.empty.g-none", t("gd.pickService")), kioskChoice(ctx)];
  const late = h("div");
  const send = async (more = {}) => {
    try {
      const then = wish.then?.value() || [];
      choose(chosen, await create("/tickets", { service: chosen.code, ...body(wish), ...(then.length ? { then } : {}), ...atKiosk(ctx), ...more }, wish.request));
    } catch (problem) {
      if (!problem.lost) wish.request = requestId();
      if (CAPPED.includes(problem.code)) put(late, beyond(send));
      throw problem;
    }
  };
  return [
    h("h2", pick(chosen)),
    h("p", t("gd.atWindows", { windows: chosen.windows.join(" / ") }), " · ", chosen.zones.map((code) => ctx.name("zones", code)).join(and())),
    h("p.muted.g-wait"),
    chosen.identity === "required" && h("p.muted", t("gd.identity")),
    press(t("gd.take"), () => send(), ".primary.g-go"),
    late,
    h("details.g-more", h("summary.btn", t("gd.more")), options(ctx, state)),
    kioskChoice(ctx),
  ];
}

const body = ({ category, needs, people, cases }) => ({ category, needs, people, cases });

/** Stopped or all given: staff may go beyond it, with a reason that stands on the list (A05). */
function beyond(send) {
  const why = h("input.input", { maxlength: 100, "aria-label": t("gd.beyondWhy"), placeholder: t("gd.beyondWhy") });
  return h("div.stack.band.amber", h("p", t("gd.beyond")), why, press(t("gd.beyondGo"), () => (why.value.trim() ? send({ beyond: why.value.trim() }) : why.focus())));
}

function options(ctx, { chosen, wish, ...state }) {
  const others = state.services.filter((s) => s.code !== chosen.code).map((s) => [s.code, pick(s)]);
  wish.then = wish.then || ordered("then", t("gd.then"), null, others, { add: t("gd.thenAdd"), empty: t("gd.thenNone") });
  const green = ctx.catalog.categories.filter((c) => c.code !== "ordinary");
  const category = h("select.input", { onchange: () => (wish.category = category.value) },
    [["ordinary", t("gd.ordinary")], ...green.map((c) => [c.code, pick(c)])].map(([value, words]) => h("option", { value, selected: value === wish.category }, words)));
  return h("div.stack",
    h("fieldset.field", h("legend.label", t("gd.needs")), h("div.btn-row", NEEDS.map((need) => toggle(need, wish)))),
    h("label.field", h("span.label", t("gd.category")), category),
    chosen.groups !== false && h("div.g-counts", counter("people", wish), counter("cases", wish)),
    others.length > 0 && wish.then.node);
}

function toggle(need, wish) {
  const key = h("button.btn", { type: "button", "aria-pressed": String(wish.needs.includes(need)), onclick: () => {
    wish.needs = wish.needs.includes(need) ? wish.needs.filter((one) => one !== need) : [...wish.needs, need];
    key.setAttribute("aria-pressed", String(wish.needs.includes(need)));
  } }, t(`nd.${need}`));
  return key;
}

function counter(field, wish) {
  const what = t(`gd.${field}`);
  const output = h("output", String(wish[field]));
  const step = (sign, by, says) => h("button.btn", { type: "button", "aria-label": t(says, { what }), onclick: () => {
    wish[field] = Math.min(MOST, Math.max(1, wish[field] + by));
    say(output, wish[field]);
  } }, sign);
  return h("div.field", h("span.label", what), h("div.stepper", step("−", -1, "gd.fewer"), output, step("+", 1, "gd.moreOf")));
}

function given(ctx, state, print, choose) {
  const { ticket, chosen } = state;
  const here = (no) => ctx.live.get(`window/${no}`);
  const on = chosen.windows.filter((no) => here(no)?.clerk);
  return [
    h("p.muted", t("gd.taken"), " · ", pick(chosen)),
    h("p.g-number.num", ticket.number),
    h("p.g-where", chosen.zones.map((code) => ctx.name("zones", code)).join(and()), h("strong.block", t("gd.atWindows", { windows: (on.length ? on : chosen.windows).join(" / ") }))),
    h("p", t("gd.ahead", { n: ticket.ahead }), "　", waitWords(ticket.wait, ticket.ahead)),
    h("p.band", { class: ["failed", "unknown", "none"].includes(print) ? "amber" : "green" }, t(`gd.print_${print}`)),
    h("p.g-code", t("gd.checkCode", { code: ticket.check_code })),
    press(t("gd.nextOne"), () => choose(null), ".primary"),
  ];
}
