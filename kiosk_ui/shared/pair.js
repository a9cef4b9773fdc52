// A device page that the hub does not know yet: shows its code until the office confirms. In the demo it pairs itself.
import { ApiError, get, post } from "./api.js";
import { boot } from "./boot.js";
import { h, put } from "./dom.js";
import { onLang, t } from "./i18n.js";

const ASK = 2000;
const AGAIN = 5000;
/** When this page last got an identity: one that does not help is not asked for in a rush. */
const LAST = "hallq.paired";
const wait = (millis) => new Promise((done) => setTimeout(done, millis));

function draw(role, place, code, note) {
  const box = h("main.pairing", { role: "status" },
    h("p.pairing-hall", boot.hall?.name || ""),
    h("h1", t("pair.title")),
    h("p.pairing-code", { "aria-label": [...code].join(" ") }, code || "……"),
    h("p.pairing-what", t("pair.wish", { role: t(`pair.role.${role}`), place })),
    h("p.pairing-note", note));
  put(document.body, box);
}

/** Asks for an identity {role, place} and reloads the page when it has one. Never returns. */
export async function pair({ role, place }) {
  if (Date.now() - Number(sessionStorage.getItem(LAST)) < AGAIN) await wait(AGAIN);
  for (;;) {
    try {
      await (boot.demo ? post("/demo/pair", { role, place }) : confirmed(role, place));
      sessionStorage.setItem(LAST, String(Date.now()));
      return location.reload();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      draw(role, place, "", error.lost ? t("net.lost") : error.message || t("pair.again"));
      await wait(AGAIN);
    }
  }
}

async function confirmed(role, place) {
  const asked = await post("/pairings", { role, place });
  const show = () => draw(role, place, asked.code, t("pair.how"));
  show();
  const off = onLang(show);
  try {
    for (let state = asked.state; state !== "confirmed"; ) {
      await wait(ASK);
      state = await stateOf(asked.id);
    }
  } finally {
    off();
  }
}

/** A lost line is no answer: the code on the wall stays good. */
async function stateOf(id) {
  try {
    const { state } = await get(`/pairings/${id}`);
    if (state === "refused" || state === "expired") throw new ApiError(409, state, t("pair.refused"));
    return state;
  } catch (error) {
    if (error.lost || error.status >= 500) return "waiting";
    throw error;
  }
}
