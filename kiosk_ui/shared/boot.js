// What the server told the page in its shell: {page, place, demo, build, hall, languages, lang, texts, ...}.
const el = document.getElementById("boot");

export const boot = el ? JSON.parse(el.textContent) : { page: "", texts: {}, languages: ["zh-CN"], lang: "zh-CN" };
