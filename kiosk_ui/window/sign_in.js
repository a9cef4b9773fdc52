// Signing in with name and password, the change of a one-time password, and the demo's buttons. Every page of staff.
import { get, post } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put, say } from "../shared/dom.js";
import { lang, languageName, languages, setLang, t } from "../shared/i18n.js";
import { closeSheet } from "./sheets.js";

const SHORTEST = 8;
const MANY = 8;
const AGAIN = 2000;
let fields = 0;

/** A key for each other language. */
export const languageKeys = () => languages.filter((code) => code !== lang()).map((code) =>
  h("button.btn.quiet", { type: "button", lang: code, onclick: () => setLang(code) }, languageName(code)));

/** The page while nobody is signed in, or somebody who may not be here. */
export function gatePage(title, ...content) {
  closeSheet();
  put(document.body, h("main.gate", h("p.gate-hall", boot.hall.name), h("h1", title), ...content, h("div.btn-row", languageKeys())));
}

/** Who is signed in goes on, nobody is asked to sign in; a hub that does not answer is asked again. `gate`: the page's. */
export async function resume(title, gate, entered, askSignIn) {
  try {
    const who = await get("/session");
    if (who.must_change) gate(t("si.changeTitle"), h("p.muted", t("si.changeSub")), passwordForm(() => location.reload()));
    else await entered(who);
  } catch (error) {
    if (error.status === 401) return askSignIn();
    if (error.status === undefined) throw error;
    gate(title, h("p.band.amber", error.message || t("net.lost")));
    setTimeout(() => resume(title, gate, entered, askSignIn), AGAIN);
  }
}

/** A labelled input whose error stands at the field. {node, value, fail(words)} */
export function field(label, props = {}) {
  const id = `f${++fields}`;
  const error = h("span.error", { id: `${id}e`, role: "alert" });
  const input = h("input.input", { id, "aria-describedby": `${id}e`, autocomplete: "off", ...props });
  const fail = (words) => {
    say(error, words);
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  input.addEventListener("input", () => fail(""));
  return { node: h("div.field", h("label", { for: id }, label), input, error), input, fail, value: () => input.value };
}

/** Fails every empty field; true when all are filled. The first wrong one gets the focus. */
export function filled(...all) {
  const empty = all.filter((f) => !f.value().trim());
  for (const f of empty) f.fail(t("si.required"));
  empty[0]?.input.focus();
  return empty.length === 0;
}

/** The form; `done(who)` once signed in and, where it must, after the password was changed. */
export function signInForm(done) {
  const box = h("div.sign-in.stack");
  const entered = (who, old) => (who.must_change ? put(box, passwordForm(() => done(who), { old, must: true })) : done(who));
  const name = field(t("si.name"), { name: "username", autocomplete: "username" });
  const password = field(t("si.password"), { name: "password", type: "password", autocomplete: "current-password" });
  const key = h("button.btn.primary", { type: "submit" }, t("si.signIn"));
  const send = async (event) => {
    event.preventDefault();
    if (!filled(name, password)) return;
    key.disabled = true;
    try {
      entered(await post("/session", { name: name.value().trim(), password: password.value() }), password.value());
    } catch (error) {
      password.fail(error.message || t("net.lost"));
      password.input.select();
    } finally {
      key.disabled = false;
    }
  };
  put(box, h("form.stack", { onsubmit: send }, name.node, password.node, key), boot.demo && demoPeople(entered));
  return box;
}

/** Old password known from the sign-in just before: only the new one is asked. */
export function passwordForm(done, { old = "", must = false } = {}) {
  const before = old ? null : field(t("si.oldPassword"), { type: "password", autocomplete: "current-password" });
  before?.input.setAttribute("data-first", "");
  const first = field(t("si.newPassword"), { type: "password", autocomplete: "new-password" });
  const second = field(t("si.repeatPassword"), { type: "password", autocomplete: "new-password" });
  const send = async (event) => {
    event.preventDefault();
    if (!filled(...(before ? [before] : []), first, second)) return;
    if (first.value().length < SHORTEST) return first.fail(t("si.tooShort"));
    if (first.value() !== second.value()) return second.fail(t("si.notSame"));
    try {
      await post("/session/password", { old: old || before.value(), new: first.value() });
      done(true);
    } catch (error) {
      (before || first).fail(error.message || t("net.lost"));
    }
  };
  return h("form.stack", { onsubmit: send },
    must && h("div", h("h2", t("si.changeTitle")), h("p.muted", t("si.changeSub"))),
    before?.node, first.node, second.node,
    h("button.btn.primary", { type: "submit" }, t("si.change")));
}

/** Only the demo has these: one press is a person. `prefer` puts the people of this page's window first. */
function demoPeople(entered) {
  const box = h("div.demo-people.stack", h("h3", t("si.demoPeople")));
  get("/demo/people").then((answer) => {
    const people = order(answer.items || answer);
    const list = h("div.people");
    const draw = (words) => put(list, people
      .filter((p) => `${p.name} ${p.title || ""} ${p.window || ""}`.includes(words))
      .slice(0, words ? 3 * MANY : MANY)
      .map((p) => personKey(p, entered)));
    const find = h("input.input", { type: "search", placeholder: t("si.find"), "aria-label": t("si.find") });
    find.addEventListener("input", () => draw(find.value.trim()));
    draw("");
    box.append(list);
    if (people.length > MANY) box.insertBefore(find, list);
  }).catch(() => box.remove());
  return box;
}

/** Who fits this page first: its window's clerk, or whoever may use the page. */
function order(people) {
  const fits = { window: ["clerk", "chief"], board: ["leader", "office"], guide: ["guide", "office"], patrol: ["office", "admin"], office: ["office", "admin", "chief", "auditor", "leader"] }[boot.page] || [];
  const rank = (p) => {
    if (boot.page === "window" && p.window && p.window === boot.place) return -1;
    const at = fits.indexOf(p.role);
    return at < 0 ? 99 : at;
  };
  return [...people].sort((a, b) => rank(a) - rank(b));
}

function personKey(person, entered) {
  const enter = async (event) => {
    const key = event.currentTarget;
    key.disabled = true;
    try {
      entered(await post("/demo/session", { person: person.person ?? person.id ?? person.name }));
    } catch (error) {
      key.disabled = false;
      key.querySelector("small").textContent = error.message || t("net.lost");
    }
  };
  const where = [person.title, person.window && t("si.atWindow", { win: person.window })].filter(Boolean).join("　");
  return h("button.btn.person", { type: "button", onclick: enter }, h("strong", person.name), h("small", where || person.role));
}
