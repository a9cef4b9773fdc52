// A device's page says that a form's notice stands on it: once each, the first time is the proof (B20).
import { post } from "./api.js";

const FORM = /^(closure|suspension|change)\//;
const told = new Set();

export const ofForm = (notice) => FORM.test(notice.key || "");

export function shown(notice) {
  if (!ofForm(notice) || told.has(notice.id)) return;
  told.add(notice.id);
  post(`/notices/${encodeURIComponent(notice.id)}/shown`).catch((error) => {
    if (error.status === undefined) throw error;
    if (error.lost) told.delete(notice.id); // said again with the next drawing
  });
}
