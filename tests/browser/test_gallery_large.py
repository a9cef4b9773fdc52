"""Large type on the pages of citizens: a full query machine, and a number on a telephone with text at 200 %."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.busy import county_hall
from tests.browser.gallery import Gallery
from tests.browser.papers_scene import CLERK, NOTICE, WINDOW
from tests.browser.stage import KIOSK, RunningClock, Stage
from tests.browser.test_gallery import WIDE, in_language
from tests.hub import hub

pytestmark = pytest.mark.asyncio(loop_scope="session")
PUBLIC = "https://hall.example"
TELEPHONE = (390, 844)
TWICE = "document.documentElement.style.fontSize = '200%'"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def county(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    settings = county_hall(tmp_path_factory.mktemp("county"), server=f'public_url = "{PUBLIC}"')
    async with hub(settings, RunningClock()) as running:
        stage = Stage(browser, running)
        yield stage
        await stage.end()


@pytest.fixture(params=["zh-CN", "en"])
def gallery(request: pytest.FixtureRequest) -> Gallery:
    return Gallery(request.param)


async def test_a_query_machine_full_of_results(county: Stage, gallery: Gallery) -> None:
    for size in (WIDE, KIOSK):
        page = await in_language(await county.device("/query?id=k2", "kiosk", "k2", size), gallery.lang)
        for look in ("", "-large"):
            if look:
                await page.locator(".big").click()
            await gallery.look(page, f"query-full-start{look}")
            await page.locator(".find-key").click()
            await page.get_by_role("button", name="S", exact=True).click()
            await page.locator(".choice").nth(2).wait_for()
            await gallery.look(page, f"query-full-find{look}")
            await page.locator(".foot .back").click()
        await county.close(page)
    gallery.check()


async def test_a_telephone_with_text_twice_as_large(county: Stage, gallery: Gallery) -> None:
    clerk, kiosk = await county.hub.clerk(CLERK, WINDOW), await county.hub.device("kiosk", "k1")
    taken = [await kiosk.ok("/tickets", {"service": "food"}) for _ in range(2)]
    mine, other = [ticket["phone_url"].removeprefix(PUBLIC) for ticket in taken]

    async def look(name: str, path: str) -> None:
        page = await county.page(path, TELEPHONE, lang=gallery.lang)
        await page.evaluate(TWICE)
        await gallery.look(page, f"phone-large-{name}")
        await county.close(page)

    await look("waits", mine)
    await look("more", f"{mine}/more")
    await clerk.ok(f"/windows/{WINDOW}/call-next")
    await look("called", mine)
    await clerk.ok(f"/windows/{WINDOW}/notices", NOTICE | {"case_no": None})
    await look("papers", mine)
    await clerk.ok(f"/windows/{WINDOW}/call-next")
    await clerk.ok(f"/windows/{WINDOW}/finish")
    await clerk.ok(f"/windows/{WINDOW}/sign-out")
    await look("rate", f"{other}/rate")
    gallery.check()
