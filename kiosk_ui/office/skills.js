// What a person may serve beside the services of the home window: the list that stand-ins and today's services go by.
import { get, post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { sheet } from "../window/sheets.js";

export async function askSkills(person) {
  const [{ services }, known] = await Promise.all([get("/catalog"), get(`/people/${person.id}/skills`)]);
  return sheet(t("op.skillsTitle", { name: person.name }), (done) => {
    const error = h("p.error", { role: "alert" });
    const boxes = services.map((service) => h("label.check",
      h("input", { type: "checkbox", value: service.code, checked: known.services.includes(service.code) }), h("span", pick(service))));
    const send = async (event) => {
      event.preventDefault();
      const chosen = boxes.map((box) => box.querySelector("input")).filter((input) => input.checked).map((input) => input.value);
      await post(`/people/${person.id}/skills`, { services: chosen }).then(() => done(true), (problem) => {
        if (problem.status === undefined) throw problem;
        error.textContent = problem.message || t("o.lost");
      });
    };
    return h("form.stack", { onsubmit: send }, h("p.muted", t("op.skillsNote")), h("div.skills", boxes), error,
      h("div.btn-row.sheet-foot", h("button.btn.primary", { type: "submit" }, t("o.save")),
        h("button.btn", { type: "button", onclick: () => done() }, t("o.cancel"))));
  });
}
