"""Looks at a page as its user would: finds cut or raw text, and asks axe-core for WCAG faults.

HALLQ_SHOTS names a folder for who wants to see a picture of each look.
"""

from __future__ import annotations

import asyncio
import os
import re
import tomllib
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

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
SECONDS = 60


class Gallery:
    """`await gallery.look(page, "kiosk-confirm")`; `check` at the end names everything that was found."""

    def __init__(self, lang: str) -> None:
        self.lang, self.faults = lang, []  # type: str, list[str]

    async def look(self, page: Page, name: str, sizes: tuple[tuple[int, int], ...] = ()) -> None:
        """At the size that the page has, or at each of these; axe-core sees the first, the smallest."""
        for size in sizes[1:] + sizes[:1] or (None,):
            await self._look(page, name, size)
        seen = await self._within(violations(page), f"{name} {self.lang}: axe")
        if seen:  # a page that lives may change under axe's eyes; what is wrong with it stays wrong
            again = await self._within(violations(page), f"{name} {self.lang}: axe")
            seen = [fault for fault in again if fault in seen]
        self.faults += [f"{name} {self.lang}: {fault}" for fault in seen]

    async def _look(self, page: Page, name: str, size: tuple[int, int] | None) -> None:
        if size is not None:
            resized = page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
            await self._within(resized, f"{name} {self.lang}: the size {size}")
        stands = page.viewport_size
        assert stands is not None
        full = f"{name}-{stands['width']}x{stands['height']}-{self.lang}"
        await self._within(page.evaluate(DRAWN), f"{full}: two frames")
        await self._within(page.evaluate(AT_REST), f"{full}: fonts and animations")
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{full}.png", caret="initial")
        faults = await self._within(page.evaluate(LAYOUT), f"{full}: the layout")
        faults += [f"raw: {found}" for found in RAW_KEY.findall(await page.inner_text("body"))]
        self.faults += [f"{full}: {fault}" for fault in faults]

    async def _within(self, asked: Awaitable[Any], what: str) -> Any:
        """Playwright itself waits for these for ever."""
        try:
            async with asyncio.timeout(SECONDS):
                return await asked
        except TimeoutError:
            raise AssertionError(f"the page does not answer: {what}") from None

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
