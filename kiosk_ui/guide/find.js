// A number looked up: its state, place and time; put back after a miss, its slip printed anew, cancelled.
import { create, list, post } from "../shared/api.js";
import { hm } from "../shared/clock.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { rateAt } from "../office/rate_desk.js";
import { confirm, sheet } from "../window/sheets.js";
import { atKiosk, kioskChoice, press, waitWords } from "./parts.js";

const BACK = (ticket) => ticket.state === "no_show" || (ticket.state === "parked" && ticket.return_by);
const OVER = ["finished", "cancelled"];

export function find(ctx) {
  const number = h("input.input.g-find", { maxlength: 16, autocomplete: "off", autocapitalize: "characters", "aria-label": t("gd.number"), placeholder: "A012" });
  const said = h("p.band.green", { role: "status", hidden: true });
  const error = h("p.error", { role: "alert" });
  const box = h("div.stack");
  let services = new Map();
  let asks = 0;
  const tell = (words) => (say(said, words), (said.hidden = !words));
  const again = async () => {
    say(error, "");
    const mine = ++asks;
    try {
      const found = await list(`/tickets?number=${encodeURIComponent(number.value.trim())}`);
      if (mine !== asks) return; // another number was asked for since
      put(box, found.map((ticket) => card(ctx, ticket, services, tell, again)), !found.length && h("p.empty.card", t("gd.findNone")));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("net.failed"));
    }
  };
  const send = (event) => {
    event.preventDefault();
    tell("");
    if (number.value.trim()) again();
  };
  list("/services").then((items) => (services = new Map(items.map((s) => [s.code, s]))), () => null);
  const node = h("div.stack.g-narrow", h("form.card.stack", { onsubmit: send }, h("h2", t("gd.findTitle")),
    h("div.g-row", number, h("button.btn.primary.g-key", { type: "submit" }, t("gd.find"))), error), said, box);
  return { node, update: () => {} };
}

function card(ctx, ticket, services, tell, again) {
  const service = services.get(ticket.service);
  const waits = ticket.state === "waiting";
  const helper = ctx.guides.find((guide) => guide.id === ticket.helper);
  const where = ticket.window ? [ticket.window] : service?.windows || [];
  return h("article.card.stack",
    h("p.g-task-head", h("span.g-number.num", ticket.number), h(`span.badge.${waits ? "action" : OVER.includes(ticket.state) ? "green" : "amber"}`, t(`gd.st_${ticket.state}`)),
      ticket.needs.map((need) => h("span.badge.action", t(`nd.${need}`)))),
    h("p", h("strong", pick(service) || ticket.service), "　", where.length > 0 && t("gd.atWindows", { windows: where.join(" / ") })),
    waits && h("p", t("gd.ahead", { n: ticket.ahead }), "　", waitWords(ticket.wait, ticket.ahead)),
    h("p.muted", t("gd.issuedAt", { t: hm(ticket.issued_at) }), helper && ["　", t("gd.helper", { name: helper.name })]),
    h("div.g-acts", acts(ctx, ticket, tell, again)),
    !OVER.includes(ticket.state) && kioskChoice(ctx));
}

function acts(ctx, ticket, tell, again) {
  const may = !OVER.includes(ticket.state);
  const done = async (words) => (tell(words), await again());
  return [
    BACK(ticket) && press(t("gd.restore"), async () => {
      const back = await askCode(ticket);
      if (back) await done(t("gd.restored", { no: back.number, n: back.ahead }));
    }, ".primary"),
    may && press(t("gd.reissue"), async () => {
      const slip = await create(`/tickets/${ticket.id}/reissue`, atKiosk(ctx));
      await done(t("gd.reissued", { code: slip.check_code }));
    }),
    ticket.called_at && press(t("rt.desk"), async () => {
      const no = await rateAt(ticket.number);
      if (no) await done(t("rt.deskStored", { no }));
    }),
    (ticket.state === "waiting" || ticket.state === "parked") && press(t("gd.cancel"), async () => {
      if (!(await confirm(t("gd.cancel"), t("gd.cancelAsk", { no: ticket.number }), t("gd.cancel")))) return;
      await post(`/tickets/${ticket.id}/cancel`);
      await done("");
    }, ".danger"),
  ];
}

/** Only who holds the slip gets the number back: its check code is asked for. */
const askCode = (ticket) => sheet(t("gd.restore"), (done) => {
  const error = h("p.error", { role: "alert" });
  const code = h("input.input", { required: true, maxlength: 4, inputmode: "numeric", autocomplete: "off", "data-first": true });
  const send = async (event) => {
    event.preventDefault();
    try {
      done(await post("/tickets/restore", { number: ticket.number, check_code: code.value.trim() }));
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(error, problem.message || t("net.failed"));
    }
  };
  return h("form.stack", { onsubmit: send }, h("label.field", h("span.label", t("gd.restoreCode")), code), error,
    h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("gd.restore")), h("button.btn", { type: "button", onclick: () => done() }, t("gd.back"))));
});
