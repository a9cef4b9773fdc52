"""Pages in turn on the public screens: calls keep their place beside them, and a lost line stops nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from hallq.kernel import Tx
from hallq.public import plans
from tests.browser.gallery import Gallery
from tests.browser.stage import KIOSK, SCREEN, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG = "\n".join(["请您带好材料原件，办完请核对姓名和证件号码，如有疑问请向导服询问。" * 2] * 4)
WORDS = {"免费打印": "一楼。", "须知": LONG}
OWN: dict[str, Any] = {"from_day": None, "until_day": None}
# of the height: a third for the newest call, and 3 % for the digits of the oldest row
LARGE = """() => {
  const oldest = [...document.querySelectorAll(".row .number")].at(-1);
  const pen = document.createElement("canvas").getContext("2d");
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(oldest);
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return document.querySelector(".newest").clientHeight > innerHeight * 0.33
    && pen.measureText("0").actualBoundingBoxAscent >= innerHeight * 0.03;
}"""
DRAWN = """([width, height]) => innerWidth === width && innerHeight === height
  && Math.abs(parseFloat(getComputedStyle(document.documentElement).fontSize) * 80 - height) < 1"""
SHOWN = '() => [...document.querySelectorAll(".pages:not([hidden]) :is(h2, .part)")].map((one) => one.textContent)'


def plan(tx: Tx) -> None:
    """Two pages of the hall's own words in turn."""
    made = [plans.save_page(tx, title=title, body=body, **OWN) for title, body in WORDS.items()]
    turns: list[plans.Turn] = [{"page": f"content/{page.id}", "seconds": 8} for page in made]
    plans.save_plan(tx, zone="", pages=turns, days=range(1, 8), start="00:00", until="24:00", active=True)


def reword(tx: Tx) -> None:
    plans.save_page(tx, page=1, title="免费复印", body="二楼。", **OWN)


async def comes(page: Page, title: str, part: str = "") -> None:
    """Second by second, until this part of this page is there."""
    for _ in range(60):
        if (shown := await page.evaluate(SHOWN)) and shown[0] == title and shown[1][: len(part) or None] == part:
            return
        await page.clock.run_for(1000)
    raise AssertionError(await page.inner_text("body"))


async def turned(page: Page, size: tuple[int, int]) -> None:
    """Stands so and is drawn so: a hurried page's own frames are no frames."""
    await page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
    await page.wait_for_function(DRAWN, arg=size)


async def both(gallery: Gallery, page: Page, name: str, *, stale: bool = False) -> None:
    await expect(page.locator(".stale")).to_be_visible(visible=stale)  # hurried, the line's patience may have run out
    for size in (KIOSK, SCREEN):
        await turned(page, size)
        await gallery.look(page, name)


async def test_pages_in_turn_beside_the_calls_and_without_a_line_h12_h18(stage: Stage) -> None:
    gallery, clerks = Gallery("zh"), [await stage.clerk(), await stage.clerk("赵强", "3")]
    for clerk, no in zip(clerks, "23", strict=True):
        await stage.take()
        await clerk.ok(f"/windows/{no}/call-next")
    page = await stage.screen(hurried=True)
    await expect(page.locator(".newest .number")).to_have_text("B002")
    async with page.expect_response("**/public/pages?*"):
        await page.clock.run_for(61_000)
    await expect(page.locator(".pages")).to_be_hidden()  # no plan: calls alone
    await stage.hub.hall.do(plan)
    await page.clock.run_for(61_000)
    await comes(page, "免费打印")
    await both(gallery, page, "screen-own")
    await comes(page, "须知", "1/2")
    await both(gallery, page, "screen-long")
    await comes(page, "须知", "2/2")

    await clerks[0].ok("/windows/2/finish")
    await stage.take()
    await clerks[0].ok("/windows/2/call-next")
    await expect(page.locator(".newest .number")).to_have_text("B003")
    await expect(page.locator(".row .number")).to_have_text(["B002", "B001"])
    for size, said in ((KIOSK, "请准备"), (SCREEN, "请做好准备")):
        await turned(page, size)
        await stage.take()
        await expect(page.locator(".next h2 span").first).to_have_text(said)
        await page.wait_for_function(LARGE)

    await page.context.set_offline(True)
    for title, part in (("免费打印", ""), ("须知", "1/"), ("免费打印", "")):
        await comes(page, title, part)
    await both(gallery, page, "screen-stale", stale=True)
    await expect(page.locator(".newest .number")).to_have_text("B003")
    # meanwhile the office writes a page anew: the screen shows it when the line is back
    await stage.hub.hall.do(reword)
    await page.context.set_offline(False)
    await page.clock.run_for(6000)
    await expect(page.locator(".stale")).to_be_hidden()
    await comes(page, "免费复印")

    await page.goto(f"{stage.base}/screen?show=pages")
    await comes(page, "免费复印")
    strip = await page.locator(".newest").bounding_box()
    assert strip is not None and strip["height"] < SCREEN[1] / 6
    await expect(page.locator(".newest .number")).to_have_text("B003")
    await expect(page.locator(".rows")).to_be_hidden()
    await both(gallery, page, "screen-strip")
    gallery.check()
