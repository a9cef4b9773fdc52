"""Pictures of the papers on A4, as their pages stand before they are printed: python -m tests.browser.draw_a4"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.async_api import Page, ViewportSize, async_playwright

from tests.browser.busy import county_hall
from tests.browser.conftest import ARGS, NAMES
from tests.browser.papers_scene import Scene
from tests.browser.stage import Stage
from tests.hub import ManualClock, hub

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = (794, 1123)  # A4 at 96 dots per inch
SHADES = 16
PUBLIC = "https://hall.example.gov.cn"


class Drawn(NamedTuple):
    name: str
    picture: Path
    words: str
    pages: int
    faults: list[str]
    unwritten: str  # characters that no font of this machine has


BROKEN = """() => [...document.querySelectorAll("main *")].filter((el) => el.checkVisibility() && !el.closest("svg")
  && (el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 1) && el.clientWidth
  || el.getBoundingClientRect().right > document.querySelector("main").getBoundingClientRect().right
  ).map((el) => `${el.tagName} ${el.textContent.trim().slice(0, 30)}`)"""

UNWRITTEN = """(at) => {
  const paper = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
  const pen = paper.getContext("2d", { willReadFrequently: true });
  pen.font = `24px ${getComputedStyle(at).fontFamily}`;
  const drawn = (sign) => {
    pen.clearRect(0, 0, 40, 40);
    pen.fillText(sign, 4, 30);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const none = ["\\uFFFF", "\\u{10FFFE}"].map(drawn);
  return [...new Set(at.innerText)].filter((sign) => sign.trim() && none.includes(drawn(sign))).join("");
}"""


async def draw(page: Page, base: str, name: str, path: str, folder: Path) -> Drawn:
    """The sheet with its margins, as wide as the paper; and how many sheets the printer takes for it."""
    answer = await page.goto(base + path)
    assert answer is not None and answer.status == 200, path
    picture, sheet = folder / f"a4-{name}.png", page.locator("main")
    shot = Image.open(io.BytesIO(await sheet.screenshot())).convert("L")
    shot.quantize(SHADES).save(picture, optimize=True)
    pages = (await page.pdf(prefer_css_page_size=True)).count(b"/Type /Page\n")
    faults, unwritten = await page.evaluate(BROKEN), await sheet.evaluate(UNWRITTEN)
    return Drawn(name, picture, await sheet.inner_text(), pages, faults, unwritten)


async def draw_papers(stage: Stage, folder: Path) -> list[Drawn]:
    paths = await Scene(stage.hub).play()
    page = await stage.signed_in(paths["guide"], "林静", SIZE)
    made = []
    for name, path in paths.items():
        wide = name == "mail"
        await page.set_viewport_size(ViewportSize(width=SIZE[wide], height=SIZE[not wide]))
        made.append(await draw(page, stage.base, name, path, folder))
    return made


async def draw_all(folder: Path) -> list[Path]:
    chromium = next(filter(None, map(shutil.which, NAMES)))
    with tempfile.TemporaryDirectory() as data:
        settings = county_hall(Path(data), server=f'public_url = "{PUBLIC}"')
        async with hub(settings, ManualClock()) as running, async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=chromium, args=list(ARGS))
            made = await draw_papers(Stage(browser, running), folder)
            await browser.close()
    return [one.picture for one in made]


if __name__ == "__main__":
    for path in asyncio.run(draw_all(FOLDER)):
        sys.stdout.write(f"{path}\n")
