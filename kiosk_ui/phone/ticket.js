// A ticket on a phone: asks again every few seconds and draws anew only the parts that say something else.
const PARTS = ["now", "rest", "papers", "can"];
const every = Number(document.querySelector("script[data-every]").dataset.every) * 1000;
const address = new URL(location.href);
let tag = null;

/** What was done has been said once; the page behind it is asked for without. */
address.searchParams.delete("said");

async function look() {
  const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" }).catch(() => null);
  if (answer?.status === 404) return location.replace(address);
  if (answer?.status !== 200) return;
  tag = answer.headers.get("ETag");
  draw(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

/** A key that has the focus keeps it when its part is drawn anew. */
function draw(fresh) {
  const focused = document.activeElement?.id;
  for (const id of PARTS) {
    const [part, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (part && next && part.innerHTML !== next.innerHTML) part.replaceChildren(...next.childNodes);
  }
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
}

setInterval(() => document.hidden || look(), every);
document.addEventListener("visibilitychange", () => document.hidden || look());
