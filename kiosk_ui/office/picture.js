// A staff photo: cut to the pad's portrait and made small in the browser before it is sent.
import { post, upload } from "../shared/api.js";
import { h, put } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { act } from "./parts.js";

const WIDTH = 480;
const HEIGHT = 600;

/** The middle of the picture in the pad's proportions, as a JPEG. */
async function portrait(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(image.width / WIDTH, image.height / HEIGHT);
  const [w, hgt] = [WIDTH * scale, HEIGHT * scale];
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT });
  canvas.getContext("2d").drawImage(image, (image.width - w) / 2, (image.height - hgt) / 2, w, hgt, 0, 0, WIDTH, HEIGHT);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  return new File([blob], "portrait.jpg", { type: "image/jpeg" });
}

export const sendPortrait = async (file) => upload(await portrait(file));

/** The picture with its keys; `again` draws the page anew. */
export function pictureBox(person, may, again) {
  const error = h("span.error", { role: "alert" });
  const input = h("input.sr-only", { type: "file", accept: "image/jpeg,image/png", "aria-label": t("sf.photoSet"), tabindex: "-1" });
  input.addEventListener("change", async () => {
    put(error);
    try {
      await post(`/people/${person.id}/photo`, { file: await sendPortrait(input.files[0]) });
      again();
    } catch (problem) {
      put(error, problem.status === undefined ? t("sf.notPicture") : problem.message || t("o.lost"));
    }
  });
  const shown = person.photo ? h("img.staff-photo", { src: person.photo, alt: t("sf.photo") }) : h("span.staff-photo.none", t("sf.noPhoto"));
  return h("div.staff-picture", shown, may && h("div.btn-row",
    h("button.btn.small", { type: "button", onclick: () => input.click() }, t("sf.photoSet")), input,
    person.photo && act(t("sf.photoDrop"), async () => { await post(`/people/${person.id}/photo`, { file: null }); again(); })), error);
}
