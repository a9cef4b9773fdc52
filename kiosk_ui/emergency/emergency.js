// The emergency alone, for whoever may begin one: a guide's tablet or phone has no office.
import "../shared/demo.js";
import { get } from "../shared/api.js";
import { boot } from "../shared/boot.js";
import { h, put } from "../shared/dom.js";
import { emergency } from "../shared/emergency.js";
import { onLang, t } from "../shared/i18n.js";
import { Live } from "../shared/live.js";
import { emergencyPage } from "../office/emergency.js";
import { signInForm } from "../window/sign_in.js";

const live = new Live("guide");
let page = null;
let who = null;

function frame(...content) {
  put(document.body, h("main.gate.em-alone", h("p.gate-hall", boot.hall.name), ...content));
}

function askSignIn() {
  page?.stop();
  page = null;
  frame(h("h1", t("em.title")), signInForm(entered));
}

function entered(person) {
  who = person;
  show();
  live.start();
}

function show() {
  page?.stop();
  page = emergencyPage({ live, who });
  frame(page.node);
}

live.denied = (code) => (code === 4401 ? askSignIn() : frame(h("p.band.amber", t("o.notAllowed"))));
live.subscribe("notice/", () => page?.update());
onLang(() => (who ? show() : askSignIn()));
emergency(live);
get("/session").then(entered, askSignIn);
