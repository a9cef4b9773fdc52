// Lists of items: those of a group, and those that the typed words find. Letters come from the screen or from real keys.
import { get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put, say } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { itemCard, pageOf, pager } from "./parts.js";

const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const PAUSE = 150; // milliseconds after the last letter
const PARAMETER = { matters: "matter", departments: "department", events: "event" };

const ask = (wish) => get(`/query/items?${new URLSearchParams(wish)}`);

/** The items of a matter, a department or a life event. */
export function listPage(state, go) {
  const box = h("div.results");
  const count = h("p.lead", { role: "status" });
  const { kind, group } = state;
  ask({ [PARAMETER[kind]]: group.code }).then((found) => {
    say(count, t("qy.count", { n: found.total }));
    draw(box, found.items, state.page, go, t("qy.noGroup"));
  }, () => lost(box, go, () => go.page(state.page)));
  return { nodes: [h("h1.title", { tabindex: "-1" }, pick(group)), count, box] };
}

/** What was typed last counts: an answer that comes too late is dropped. */
export function findPage(state, go) {
  const box = h("div.results");
  const count = h("p.lead.found", { role: "status" });
  const input = h("input.input.find-words", {
    type: "search", value: state.words, maxlength: 60, autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    inputmode: boot.place ? "none" : "search", enterkeyhint: "search", "aria-label": t("qy.search"), "data-first": true,
    placeholder: t(boot.place ? "qy.searchKiosk" : "qy.searchHow"), oninput: () => typed(),
  });
  let timer = null;
  let found = null;
  let of = ""; // the words it was found by
  let entered = false; // the first one is wanted, as soon as it is found
  let page = state.page;
  const turn = { ...go, page: (to) => ((page = to), show()) };
  const show = () => draw(box, found.total ? found.items : found.near, page, turn, t("qy.none"), true);
  const look = async () => {
    const words = (state.words = input.value.trim());
    if (!words) return void ((found = null), say(count, t("qy.hello")), put(box));
    try {
      const answer = await ask({ q: words, limit: 60 });
      if (words !== input.value.trim()) return;
      [found, of] = [answer, words];
      say(count, counted(found));
      show();
      if (entered && found.total && box.isConnected) first()?.click();
    } catch (error) {
      if (error.status === undefined) throw error;
      if (words === input.value.trim()) lost(box, go, look);
    }
  };
  const first = () => box.querySelector(".choice");
  const typed = () => {
    page = 0;
    entered = false;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };
  const press = (change) => {
    input.value = change(input.value).slice(0, 60);
    typed();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && first()) event.preventDefault(), first().focus();
    if (event.key !== "Enter") return;
    entered = true;
    if (of === input.value.trim() && found?.total) first()?.click(); // not what was found before
  });
  look();
  const title = h("h1.sr-only", { tabindex: "-1" }, t("qy.search"));
  const nodes = [title, input, count, box, boot.place && keyboard(press)];
  return { nodes, end: () => clearTimeout(timer) };
}

function counted({ total, near }) {
  if (total) return total === 1 ? t("qy.found1") : t("qy.found", { n: total });
  return t(near.length ? "qy.near" : "qy.none");
}

function keyboard(press) {
  const key = (label, change, classes = "") => h(`button.btn.key.letter${classes}`, { type: "button", onclick: () => press(change) }, label);
  const row = (letters) => [...letters].map((letter) => key(letter.toUpperCase(), (words) => words + letter));
  return h("div.keyboard", { role: "group", "aria-label": t("qy.keys") },
    h("div.key-row", row(ROWS[0])), h("div.key-row", row(ROWS[1])),
    h("div.key-row", key(t("qy.clear"), () => "", ".word"), row(ROWS[2]), key(t("qy.delete"), (words) => words.slice(0, -1), ".word")));
}

function draw(box, items, wanted, go, nothing, few = false) {
  const { shown, page, pages } = pageOf(items, wanted, few);
  put(box, shown.length ? h("div.choices", shown.map((item) => itemCard(item, go))) : h("p.none", nothing), pager(page, pages, go));
}

const lost = (box, go, again) =>
  put(box, h("p.band.amber", { role: "alert" }, t("qy.lost")), h("button.btn.key", { type: "button", onclick: again }, t("k.retry")));
