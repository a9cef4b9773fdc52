"""Pages in turn on the public screens: calls keep their place beside them, and a lost line stops nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, ViewportSize, expect

from hallq.public import plans
from tests.browser.gallery import Gallery
from tests.browser.stage import KIOSK, SCREEN, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG = "\n".join(f"第{n}条　请您带好材料原件，办完请核对姓名和证件号码，如有疑问请向导服询问。" * 2 for n in range(1, 10))
OWN = {"from_day": None, "until_day": None}
# the newest call's share of the height; the oldest row's digits against the side that is short, as on the panel laid down
SHARES = """() => {
  const oldest = [...document.querySelectorAll(".row .number")].at(-1);
  const pen = document.createElement("canvas").getContext("2d");
  const { fontSize, fontFamily } = getComputedStyle(oldest);
  pen.font = `${fontSize} ${fontFamily}`;
  return [document.querySelector(".newest").clientHeight / innerHeight,
    pen.measureText("0").actualBoundingBoxAscent / Math.min(innerWidth, innerHeight)];
}"""


async def plan(stage: Stage) -> None:
    do = stage.hub.hall.do
    made = [
        await do(plans.save_page, title=title, body=body, **OWN) for title, body in (("免费打印", "一楼。"), ("须知", LONG))
    ]
    turns: list[plans.Turn] = [{"page": f"content/{page.id}", "seconds": 8} for page in made]
    await do(plans.save_plan, zone="", pages=turns, days=range(1, 8), start="00:00", until="24:00", active=True)


async def comes(page: Page, title: str, part: str = "") -> None:
    """Second by second, until this part of this page is there."""
    for _ in range(60):
        if await page.locator(".pages h2").all_inner_texts() == [title] and part in await page.inner_text(".part"):
            return
        await page.clock.run_for(1000)
    raise AssertionError(await page.inner_text("body"))


async def test_pages_in_turn_beside_the_calls_and_without_a_line_h12_h18(stage: Stage) -> None:
    gallery, clerks = Gallery("zh"), [await stage.clerk(), await stage.clerk("赵强", "3")]
    for clerk, no in zip(clerks, "23", strict=True):
        await stage.take()
        await clerk.ok(f"/windows/{no}/call-next")
    page = await stage.screen(hurried=True)
    await expect(page.locator(".newest .number")).to_have_text("B002")
    await expect(page.locator(".pages")).to_be_hidden()  # no plan: calls alone
    await plan(stage)
    stage.hub.clock.pass_(6)  # the hub answers from what it kept for some seconds
    await page.clock.run_for(61_000)
    await comes(page, "免费打印")
    await expect(page.locator(".part")).to_be_empty()
    await gallery.look(page, "screen-own", (SCREEN, KIOSK))
    await comes(page, "须知", "1/")
    await gallery.look(page, "screen-long", (SCREEN, KIOSK))
    await comes(page, "须知", "2/")

    await clerks[0].ok("/windows/2/finish")
    await stage.take()
    await clerks[0].ok("/windows/2/call-next")
    await expect(page.locator(".newest .number")).to_have_text("B003")
    await expect(page.locator(".row .number")).to_have_text(["B002", "B001"])
    for width, height in (KIOSK, SCREEN):
        await page.set_viewport_size(ViewportSize(width=width, height=height))
        await page.wait_for_function("width => innerWidth === width", arg=width)
        newest, oldest = await page.evaluate(SHARES)
        assert newest > 0.32 and oldest >= 0.03, (width, newest, oldest)

    await page.context.set_offline(True)
    for title in ("须知", "免费打印", "须知"):
        await comes(page, title)
    await expect(page.locator(".stale")).to_be_visible()
    await expect(page.locator(".newest .number")).to_have_text("B003")
    await page.context.set_offline(False)
    await page.clock.run_for(6000)
    await expect(page.locator(".stale")).to_be_hidden()
    await comes(page, "免费打印")

    await page.goto(f"{stage.base}/screen?show=pages")
    await comes(page, "免费打印")
    strip = await page.locator(".newest").bounding_box()
    assert strip is not None and strip["height"] < SCREEN[1] / 6
    await expect(page.locator(".newest .number")).to_have_text("B003")
    await expect(page.locator(".rows")).to_be_hidden()
    await gallery.look(page, "screen-strip", (SCREEN, KIOSK))
    gallery.check()
