() => {
  // What a user would call broken: text that is cut off, squeezed, or outside the glass; pages that scroll sideways.
  const faults = [];
  const root = document.documentElement;
  const dialog = document.querySelector("dialog[open]");
  const glass = ["kiosk", "screen", "board", "pad-citizen", "pad-clerk"].includes(root.dataset.page);
  const terminal = root.dataset.page === "window"; // its keys are always on the glass

  const seen = (el) =>
    !el.closest(".sr-only, svg, [hidden]") && el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const hasText = (el) => [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim());

  function clipped(el, box, style, fault) {
    const size = parseFloat(style.fontSize);
    if (style.overflowX === "visible" || style.overflowX === "auto") return;
    if (style.webkitLineClamp !== "none") return; // shortened on purpose, with an ellipsis
    if (style.textOverflow !== "ellipsis" && el.scrollWidth > el.clientWidth + 1) fault("cut");
    if (el.scrollHeight > el.clientHeight + size / 3) fault("cut below");
    if (box.height < size * 0.9 && !el.closest("thead")) fault("squeezed");
  }

  function outside(el, box, fault) {
    if (box.right > innerWidth + 1 && !el.closest('[tabindex="0"], .scrolls, .tabs, .pt-areas, thead')) fault("beside the glass");
    if (dialog || !(glass || (terminal && el.closest(".keys")))) return;
    if (box.bottom > innerHeight + 1 || box.top < -1) fault("below the glass");
  }

  function cutByFrame(el, box, fault) {
    for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowY !== "hidden") continue;
      const frame = up.getBoundingClientRect();
      if (frame.height < 2 || up.matches(".chute")) return; // meant for ears; a slip on its way out
      if (box.top < frame.top - 1 || box.bottom > frame.bottom + 1) fault(`cut by .${up.className}`);
    }
  }

  function largerThanKey(el, box, fault) {
    const key = el.closest("button, .btn")?.getBoundingClientRect();
    if (!key) return;
    if (box.right > key.right + 1 || box.left < key.left - 1) fault("wider than its key");
    if (box.bottom > key.bottom + 1 || box.top < key.top - 1) fault("higher than its key");
  }

  if (root.scrollWidth > innerWidth + 1) faults.push(`the page is ${root.scrollWidth - innerWidth} px too wide`);
  for (const el of (dialog || document.body).querySelectorAll("*")) {
    if (!seen(el) || !hasText(el)) continue;
    const box = el.getBoundingClientRect();
    const name = `${el.tagName.toLowerCase()}.${el.className} "${el.textContent.trim().slice(0, 40)}"`;
    const fault = (what) => faults.push(`${what}: ${name}`);
    clipped(el, box, getComputedStyle(el), fault);
    outside(el, box, fault);
    cutByFrame(el, box, fault);
    largerThanKey(el, box, fault);
  }
  return faults;
}
