"""Looks at a page as its user would: finds cut or raw text, and asks axe-core for WCAG faults.

HALLQ_SHOTS names a folder for who wants to see a picture of each look.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

SHOTS = os.environ.get("HALLQ_SHOTS")
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch style sheets once more, by addresses of its own making
}
WORDS = {name for path in Path("hallq/texts").glob("*.toml") for name in tomllib.loads(path.read_text("utf-8"))}
TABLES = "|".join(sorted(WORDS - set("hlnsv")))  # as words of one letter these are also names
RAW_KEY = re.compile(rf"(?<![\w./@])(?:{TABLES})\.[a-z][\w.]*(?![\w/])|\{{\w+\}}|undefined|NaN|\[object")
LAYOUT = (Path(__file__).parent / "layout.js").read_text("utf-8")
LATE = "new Promise((late) => setTimeout(late, 1500))"  # a page that nobody looks at may never be drawn
DRAWN = f"Promise.race([{LATE}, new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))])"
AT_REST = f"""Promise.race([{LATE}, Promise.allSettled([document.fonts.ready,
  ...document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
  .map((one) => one.finished)])]).then(() => 0)"""



class Gallery:
    """`await gallery.look(page, "kiosk-confirm")`; `check` at the end names everything that was found."""

    def __init__(self, lang: str) -> None:
        self.lang, self.faults = lang, []  # type: str, list[str]

    async def look(self, page: Page, name: str, sizes: tuple[tuple[int, int], ...] = ()) -> None:
        """At the size that the page has, or at each of these; axe-core sees the first, the smallest."""
        for width, height in sizes[1:]:
            await page.set_viewport_size(ViewportSize(width=width, height=height))
            await self._look(page, name)
        if sizes:
            await page.set_viewport_size(ViewportSize(width=sizes[0][0], height=sizes[0][1]))
        await self._look(page, name)
        seen = await violations(page)
        if seen:  # a page that lives may change under axe's eyes; what is wrong with it stays wrong
            seen = [fault for fault in await violations(page) if fault in seen]
        self.faults += [f"{name} {self.lang}: {fault}" for fault in seen]

    async def _look(self, page: Page, name: str) -> None:
        size = page.viewport_size
        assert size is not None
        full = f"{name}-{size['width']}x{size['height']}-{self.lang}"
        await page.evaluate(DRAWN)
        await page.evaluate(AT_REST)
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{full}.png", caret="initial")
        faults = await page.evaluate(LAYOUT)
        faults += [f"raw: {found}" for found in RAW_KEY.findall(await page.inner_text("body"))]
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
