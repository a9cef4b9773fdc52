// What asks before a verb: park kind, pause and its length, transfer. Each resolves with the body to post, or null.
import { list, post } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";

const PARK = [["papers", "Papers"], ["kept", "Kept"], ["step", "Step"]];
const MINUTES = [5, 10, 15, 30];
const POSITIONS = [["arrival", "posArrival"], ["front", "posFront"], ["end", "posEnd"]];
let shut = null;

export const sheetOpen = () => shut !== null;
export const closeSheet = () => shut?.();

/** A modal sheet; `build(done)` returns its content, `look` is a class of its own (".wide"). Esc and 返回 resolve with null. */
export function sheet(title, build, look = "") {
  shut?.();
  return new Promise((resolve) => {
    const dialog = h(`dialog.ask${look}`, { "aria-label": title });
    const done = (value = null) => {
      shut = null;
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    shut = done;
    put(dialog, h("h2", title), build(done));
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), done()));
    dialog.addEventListener("invalid", refuseField, true);
    document.body.append(dialog);
    dialog.showModal();
    (dialog.querySelector("[data-first]") || dialog).focus();
  });
}

/** The browser's own bubble speaks the browser's language; this page says it, at the first wrong field. */
function refuseField(event) {
  const { target } = event;
  event.preventDefault();
  if (target.form?.querySelector(":invalid:not(fieldset)") === target) fault(target, t(target.validity.valueMissing ? "si.required" : "si.unfit"));
}

let faults = 0;

/** What is wrong stands at its field until somebody types there. */
export function fault(input, words) {
  input.repaired?.();
  const error = h("p.error.at-field", { id: `fault${++faults}`, role: "alert" }, words);
  (input.closest("label") || input).after(error);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", error.id);
  input.repaired = () => {
    error.remove();
    for (const name of ["aria-invalid", "aria-describedby"]) input.removeAttribute(name);
    input.repaired = null;
  };
  input.addEventListener("input", () => input.repaired?.(), { once: true });
  input.focus();
}

const leave = (done) => h("button.btn", { type: "button", onclick: () => done() }, t("pk.cancel"));

/** One press chooses and sends: big rows with a word and what it means. */
function choices(rows, done) {
  return h("div.choices", rows.map(([value, label, sub], i) =>
    h("button.btn.choice", { type: "button", "data-first": i === 0, onclick: () => done(value) },
      h("strong", label), sub && h("small", sub))));
}

/** Why it is set aside; one press sends. Where it goes on is this window, unless something else is chosen first. */
const askPark = () =>
  sheet(t("pk.park"), (done) => {
    const [where, read] = keys("where", t("vs.where"), [["", t("vs.own")], ["any", t("vs.any")]], "");
    const send = (kind) => done({ ...kind, any_window: read() === "any" });
    const kinds = PARK.map(([kind, key]) => [{ kind }, t(`pk.park${key}`), t(`vs.${kind}Sub`)]);
    return h("div.stack", where, choices(kinds, send), h("div.btn-row.sheet-foot", leave(done)));
  });

export const confirm = (title, words, yes) =>
  sheet(title, (done) => [
    h("p", words),
    h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "button", "data-first": true, onclick: () => done(true) }, yes), leave(done)),
  ]);

/** A row of radio buttons drawn as keys; returns [node, read]. */
export function keys(name, legend, options, chosen) {
  const box = h("fieldset.options", h("legend", legend), h("div.btn-row", options.map(([value, label]) =>
    h("label.option", h("input", { type: "radio", name, value: String(value ?? ""), checked: value === chosen }), h("span.btn", label)))));
  const read = () => box.querySelector("input:checked")?.value || "";
  const set = (value) => {
    const input = [...box.querySelectorAll("input")].find((i) => i.value === String(value ?? ""));
    if (input) input.checked = true;
  };
  return [box, read, set];
}

/** The office words a reason once; another language reads what the public reads. */
const inner = (reason) => pick({ name: reason.name || reason.public, name_en: reason.public_en });
const outer = (reason) => pick(reason, "public") || inner(reason);

/** Pause and stepping away: the reason, then about how long; the reason proposes its own length. */
export function askLeave(verb, reasons) {
  return sheet(t(`pk.${verb}`), (done) => {
    const note = h("p.hint", t(`pk.${verb}Sub`));
    const error = h("p.error", { role: "alert" });
    const lengths = [...MINUTES.map((n) => [n, t("pk.minutes", { n })]), [null, t("pk.noLimit")]];
    const [why, reason] = keys("reason", t(`pk.${verb}Why`), reasons.map((r) => [r.code, inner(r)]), reasons[0]?.code);
    const [long, minutes, propose] = keys("minutes", t("pk.howLong"), lengths, MINUTES.includes(reasons[0]?.minutes) ? reasons[0].minutes : 10);
    const says = h("p.hint");
    const chosen = () => reasons.find((r) => r.code === reason());
    const follow = () => {
      const r = chosen();
      says.textContent = r && verb === "pause" ? t("pk.publicSays", { text: outer(r) }) : "";
      if (r && MINUTES.includes(r.minutes)) propose(r.minutes);
    };
    why.addEventListener("change", follow);
    follow();
    const send = (event) => {
      event.preventDefault();
      if (!reason()) return void (error.textContent = t("pk.pickOne"));
      done({ reason: reason(), ...(minutes() ? { minutes: Number(minutes()) } : {}) });
    };
    why.querySelector("input")?.setAttribute("data-first", "");
    return h("form.stack", { onsubmit: send }, note, why, says, long, error,
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t(`pk.${verb}`)), leave(done)));
  });
}

function serviceRows(catalog) {
  const names = Object.fromEntries(catalog.departments.map((d) => [d.code, pick(d)]));
  return catalog.services.map((s) => ({ value: { service: s.code }, label: pick(s), sub: names[s.department] || "" }));
}

/** A window that does not serve the ticket's own service gets it for the first one that it does. */
function windowRows(catalog, own, service) {
  const served = new Map();
  for (const s of catalog.services) for (const no of s.windows || []) served.set(no, [...(served.get(no) || []), s]);
  const numbers = [...served.keys()].filter((no) => no !== own).sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const value = (no) => (served.get(no).some((s) => s.code === service) ? { window: no } : { window: no, service: served.get(no)[0].code });
  return numbers.map((no) => ({ value: value(no), label: t("pk.window", { win: no }), sub: served.get(no).slice(0, 3).map((s) => pick(s)).join("、") }));
}

/** Who is at another window now. */
async function clerkRows(own) {
  const windows = (await list("/windows").catch(() => [])).filter((w) => w.clerk && w.no !== own);
  return windows.map((w) => ({ value: { clerk: w.clerk.id }, label: w.clerk.name, sub: [t("pk.window", { win: w.no }), w.clerk.title].filter(Boolean).join(" · ") }));
}

/** A list to type into: filters by name and department; arrow keys work as in any radio group. */
function finder(rows) {
  const list = h("div.finder-list", { role: "radiogroup" });
  const input = h("input.input", { type: "search", autocomplete: "off", "data-first": true, "aria-label": t("pk.findService"), placeholder: t("pk.findService") });
  let current = [];
  let none = t("pk.noService");
  const draw = () => {
    const words = input.value.trim().toLowerCase();
    const hits = current.filter((r) => `${r.label} ${r.sub}`.toLowerCase().includes(words));
    put(list, hits.map((row) => h("label.finder-row",
      h("input", { type: "radio", name: "target", value: JSON.stringify(row.value), checked: hits.length === 1 }),
      h("span", h("strong", row.label), row.sub && h("small", row.sub)))),
    hits.length === 0 && h("p.empty", none));
  };
  const use = (next, words = t("pk.noService")) => ((current = next), (none = words), draw());
  input.addEventListener("input", draw);
  use(rows);
  const read = () => JSON.parse(list.querySelector("input:checked")?.value || "null");
  return { node: h("div.finder", input, list), use, read };
}

/** Why someone shall stand in front: asked only where that is chosen. */
function frontReason() {
  const input = h("input.input", { maxlength: 100, "aria-label": t("gc.frontWhy") });
  const node = h("label.field", { hidden: true }, h("span.label", t("gc.frontWhy")), input);
  return { node, input, show: (on) => (node.hidden = !on), value: () => input.value.trim() };
}

/** On to a service, a window or a colleague; or this matter is done and another one follows with the same number. */
function askTransfer({ catalog, no: own, mayChoose, window: at }) {
  return sheet(t("pk.transfer"), (done) => {
    const error = h("p.error", { role: "alert" });
    const found = finder(serviceRows(catalog));
    const [how, isDone] = keys("how", t("vs.how"), [["", t("vs.onward")], ["done", t("vs.done")]], "");
    const [to, where] = keys("to", t("pk.transferTo"), [["service", t("pk.toService")], ["window", t("pk.toWindow")], ["clerk", t("vs.toClerk")]], "service");
    const [place, position] = keys("position", t("pk.position"), POSITIONS.filter(([v]) => mayChoose || v !== "front").map(([v, k]) => [v, t(`pk.${k}`)]), "arrival");
    const why = frontReason();
    place.addEventListener("change", () => why.show(position() === "front"));
    const rows = { service: () => serviceRows(catalog), window: () => windowRows(catalog, own, at.ticket?.service), clerk: () => clerkRows(own) };
    const look = async () => found.use(await rows[where()](), t(where() === "clerk" ? "vs.absent" : "pk.noService"));
    to.addEventListener("change", look);
    const go = h("button.btn.primary", { type: "submit" }, t("pk.transfer"));
    how.addEventListener("change", () => {
      put(go, t(isDone() === "done" ? "vs.doneGo" : "pk.transfer"));
      to.hidden = place.hidden = isDone() === "done";
      if (isDone() === "done") found.use(serviceRows(catalog));
      else look();
    });
    const send = (event) => {
      event.preventDefault();
      const target = found.read();
      if (!target) return void (error.textContent = t("pk.pickOne"));
      if (isDone() === "done") return done({ instead: "finish", then: [target.service] });
      const reason = position() === "front" ? { reason: why.value() } : {};
      if (reason.reason === "") return void fault(why.input, t("gc.frontNeedsWhy"));
      done({ ...target, position: position(), ...reason });
    };
    return h("form.stack.transfer", { onsubmit: send }, how, to, found.node, place, why.node, error,
      h("div.btn-row.sheet-foot", go, leave(done)));
  });
}

/** A missed number, or one that comes back with its papers: by its slip. Says its place, or why not. */
export const askFind = () =>
  sheet(t("vs.find"), (done) => {
    const error = h("p.error", { role: "alert" });
    const number = h("input.input", { required: true, maxlength: 8, autocomplete: "off", "data-first": true });
    const code = h("input.input", { required: true, maxlength: 4, inputmode: "numeric", autocomplete: "off" });
    const send = async (event) => {
      event.preventDefault();
      try {
        const ticket = await post("/tickets/restore", { number: number.value.trim(), check_code: code.value.trim() });
        done(t("vs.found", { no: ticket.number, n: ticket.ahead }));
      } catch (problem) {
        error.textContent = problem.lost ? t("pk.lost") : problem.message;
      }
    };
    return h("form.stack", { onsubmit: send },
      h("label.field", h("span.label", t("vs.findNumber")), number), h("label.field", h("span.label", t("vs.findCode")), code), error,
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("vs.findGo")), leave(done)));
  });

/** Somebody is served who has no number: which service, and why; it stands on the list. */
export const askWalkIn = (desk) =>
  sheet(t("vs.walkIn"), (done) => {
    const error = h("p.error", { role: "alert" });
    const mine = desk.catalog.services.filter((s) => (s.windows || []).includes(desk.no));
    const found = finder(serviceRows({ ...desk.catalog, services: mine }));
    const reason = h("input.input", { required: true, maxlength: 100 });
    const send = (event) => {
      event.preventDefault();
      const target = found.read();
      if (!target || !reason.value.trim()) return void (error.textContent = t("pk.pickOne"));
      done({ ...target, reason: reason.value.trim(), seen: desk.window.version });
    };
    return h("form.stack", { onsubmit: send }, h("p.hint", t("vs.walkInSub")), found.node,
      h("label.field", h("span.label", t("vs.walkInWhy")), reason), error,
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("vs.walkInGo")), leave(done)));
  });

/** The sheet of a verb; resolves with the body to post, or null. */
export function ask(verb, desk) {
  if (verb === "park") return askPark();
  if (verb === "transfer") return askTransfer(desk);
  return askLeave(verb, desk.reasons);
}
