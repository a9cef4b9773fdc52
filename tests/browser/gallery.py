"""Looks at a page as its user would: keeps a picture, finds cut or raw text, and asks axe-core for WCAG faults."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

SHOTS = Path(__file__).parent / "shots"
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch style sheets once more, by addresses of its own making
}
RAW_KEY = re.compile(r"(?<![\w./@])(?:ui|net|demo|pair|k|d|b|si|w|pk|cp|pc|r|o|c|vh)\.[a-z][\w.]*(?![\w/])|\{\w+\}|undefined|NaN|\[object")
# Text that is cut off or lies outside the glass, and pages that scroll sideways.
LAYOUT = """() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth + 1) faults.push(`the page is ${root.scrollWidth - innerWidth} px too wide`);
  const glass = ['kiosk', 'screen', 'board', 'pad-citizen', 'pad-clerk'].includes(root.dataset.page);
  const dialog = document.querySelector('dialog[open]');
  for (const el of (dialog || document.body).querySelectorAll('*')) {
    if (el.closest('.sr-only, svg, [hidden]') || !el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    if (![...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const name = `${el.tagName.toLowerCase()}.${el.className} "${el.textContent.trim().slice(0, 40)}"`;
    const style = getComputedStyle(el);
    const clips = style.overflowX !== 'visible' && style.overflowX !== 'auto';
    if (clips && style.textOverflow !== 'ellipsis' && el.scrollWidth > el.clientWidth + 1) faults.push(`cut: ${name}`);
    if (clips && el.scrollHeight > el.clientHeight + parseFloat(style.fontSize) / 3 && style.webkitLineClamp === 'none') faults.push(`cut below: ${name}`);
    const box = el.getBoundingClientRect();
    if (clips && box.height < parseFloat(style.fontSize) * 0.9 && box.height > 2) faults.push(`squeezed: ${name}`);
    if (clips && box.height <= 2 && !el.closest('thead')) faults.push(`vanished: ${name}`);
    if (box.right > innerWidth + 1 && !el.closest('[tabindex="0"], .scrolls, .tabs, thead')) faults.push(`beside the glass: ${name}`);
    const fixed = glass || (root.dataset.page === 'window' && innerWidth > 800 && el.closest('.press, .grid, .foot'));
    if (fixed && !dialog && (box.bottom > innerHeight + 1 || box.top < -1)) faults.push(`below the glass: ${name}`);
    for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowY !== 'hidden') continue;
      const frame = up.getBoundingClientRect();
      if (frame.height < 2) break; // meant for ears
      if (box.top < frame.top - 1 || box.bottom > frame.bottom + 1) faults.push(`cut by .${up.className}: ${name}`);
    }
    const button = el.closest('button, .btn');
    if (button) {
      const key = button.getBoundingClientRect();
      if (box.right > key.right + 1 || box.bottom > key.bottom + 1 || box.left < key.left - 1 || box.top < key.top - 1) faults.push(`larger than its key: ${name}`);
    }
  }
  return faults;
}"""


class Gallery:
    """`await gallery.look(page, "kiosk-confirm")`; `check` at the end names everything that was found."""

    def __init__(self, lang: str) -> None:
        self.lang, self.faults = lang, []  # type: str, list[str]
        SHOTS.mkdir(exist_ok=True)

    async def look(self, page: Page, name: str, sizes: tuple[tuple[int, int], ...] = ()) -> None:
        """At the size that the page has, or at each of these."""
        if not sizes:
            return await self._look(page, name)
        for width, height in sizes:
            await page.set_viewport_size(ViewportSize(width=width, height=height))
            await self._look(page, name)

    async def _look(self, page: Page, name: str) -> None:
        size = page.viewport_size
        assert size is not None
        full = f"{name}-{size['width']}x{size['height']}-{self.lang}"
        await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        await page.screenshot(path=SHOTS / f"{full}.png", caret="initial")
        faults = await page.evaluate(LAYOUT)
        faults += [f"raw: {found}" for found in RAW_KEY.findall(await page.inner_text("body"))]
        faults += await violations(page)
        self.faults += [f"{full}: {fault}" for fault in faults]

    def check(self) -> None:
        assert not self.faults, "\n".join(self.faults)


async def violations(page: Page) -> list[str]:
    """WCAG 2.2 A and AA, with nothing excluded."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    results = await page.evaluate("options => axe.run(options).then(({ violations }) => violations)", WCAG)
    return [
        f"{found['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:300]}"
        for found in results
        for node in found["nodes"][:3]
    ]
