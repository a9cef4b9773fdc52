// The two forms of lost property: the register form (K02), and the claim with document and signature (K07, K08).
import { create, post, upload } from "../shared/api.js";
import { hallDate } from "../shared/clock.js";
import { h } from "../shared/dom.js";
import { pick, t } from "../shared/i18n.js";
import { pictures } from "./pictures.js";
import { field, paper } from "./registers_parts.js";
import { signature } from "./signature.js";

const FINDERS = ["citizen", "guard", "cleaner", "staff"];
const text = (props = {}) => h("input.input", { maxlength: 200, autocomplete: "off", ...props });
const tick = (words, hint, props = {}) => {
  const input = h("input", { type: "checkbox", ...props });
  return [h("label.rg-check", input, h("span", h("strong", t(words)), h("small.block.muted", t(hint)))), input];
};

export function newItem(ctx, done) {
  const own = ctx.me?.()?.post?.zone || ctx.catalog.zones[0]?.code;
  const name = text({ required: true, maxlength: 60 });
  const count = h("input.input", { type: "number", min: 1, max: 999, value: 1, required: true });
  const features = h("textarea.input", { required: true, maxlength: 200, rows: 2 });
  const found = h("input.input", { type: "datetime-local", required: true, value: hallDate().toISOString().slice(0, 16) });
  const zone = h("select.input", [["", t("rg.outside")], ...ctx.catalog.zones.map((z) => [z.code, pick(z)])].map(([value, words]) => h("option", { value, selected: value === own }, words)));
  const place = text({ required: true });
  const finder = h("select.input", FINDERS.map((one) => h("option", { value: one }, t(`rg.finder_${one}`))));
  const number = text({ maxlength: 8, autocapitalize: "characters" });
  const owner = text({ maxlength: 60 });
  const [valuableNode, valuable] = tick("rg.valuable", "rg.valuableHint");
  const [perishableNode, perishable] = tick("rg.perishable", "rg.perishableHint");
  const photos = pictures(t("rg.photos"));
  const send = async () => {
    const body = { name: name.value.trim(), count: Number(count.value), features: features.value.trim(), found_at: found.value, place: place.value.trim(), finder: finder.value,
      valuable: valuable.checked, perishable: perishable.checked, number: number.value.trim(), owner: owner.value.trim(), photos: await photos.ids() };
    const made = await create("/found", zone.value ? { ...body, zone: zone.value } : body);
    await done(t(made.valuable ? "rg.madeValuable" : "rg.made", { no: made.no }));
  };
  return paper("rg.title", [
    field("rg.f_name", name, "rg.nameHint"), field("rg.f_count", count), field("rg.f_features", features, "rg.featuresHint"),
    field("rg.f_found_at", found), field("rg.area", zone), field("rg.f_place", place), field("rg.f_finder", finder),
    valuableNode, perishableNode, field("rg.withTicket", number, "rg.withTicketHint"), field("rg.owner", owner, "rg.ownerHint"), photos.node,
  ], send, () => done(), "rg.save");
}

/** Given back at the desk with a signature on the glass, or mailed on a signed form. */
export function claimForm(item, done, back) {
  const claimant = text({ required: true, maxlength: 60 });
  const document = text({ required: true, minlength: 4, maxlength: 40 });
  const phone = text({ maxlength: 20, inputmode: "tel" });
  const address = text();
  const [checkedNode, checked] = tick("rg.checked", "rg.checkedHint", { required: true });
  const pad = signature();
  const scan = pictures(t("rg.signedForm"), 1);
  const atDesk = h("div.rg-wide", pad.node);
  const byMail = h("div.rg-wide.stack", { hidden: true }, field("rg.m_address", address, "rg.ownerPays"), scan.node);
  const way = (value, words, on) => h("label.option", h("input", { type: "radio", name: "way", value, checked: on, onchange: () => {
    atDesk.hidden = value !== "desk";
    byMail.hidden = !atDesk.hidden;
    address.required = phone.required = !byMail.hidden;
  } }), h("span.btn.g-key", t(words)));
  const send = async (refuse) => {
    const drawn = byMail.hidden ? await pad.blob() : null;
    const signed = byMail.hidden ? drawn && (await upload(drawn, "signature.png")) : (await scan.ids())[0];
    if (!signed) return refuse(byMail.hidden ? "rg.signFirst" : "rg.scanFirst");
    const body = { claimant: claimant.value.trim(), id_number: document.value.trim(), phone: phone.value.trim(), checked: checked.checked, signature: signed };
    await (byMail.hidden ? post(`/found/${item.id}/claim`, body) : post(`/found/${item.id}/mail`, { ...body, address: address.value.trim() }));
    await done();
  };
  return paper("rg.claimTitle", [
    h("p.rg-wide.band.action", h("strong", `${item.no}　${item.name} ×${item.count}`), h("span.block", t("rg.marks", { features: item.features }))), h("div.rg-wide", checkedNode),
    field("rg.f_claimant", claimant), field("rg.idNumber", document, "rg.idHint"), field("rg.m_phone", phone),
    h("fieldset.options.rg-wide", h("legend", t("rg.way")), h("div.btn-row", way("desk", "rg.wayDesk", true), way("mail", "rg.wayMail", false))), atDesk, byMail,
  ], send, back, "rg.claimGo");
}
