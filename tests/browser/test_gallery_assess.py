"""The pages of assessment, full of two months: at a desk and narrow; the own page, the tablet, kiosk and telephone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlmodel import bindparam, select

from hallq.demo.past import history
from hallq.ticketing.model import Ticket
from tests.browser.busy import county_hall, morning
from tests.browser.gallery import Gallery
from tests.browser.stage import KIOSK, RunningClock, Stage
from tests.browser.test_gallery import WIDE, in_language
from tests.hub import hub, write_hall
from tests.web.test_postings import ENTRY, upload

pytestmark = pytest.mark.asyncio(loop_scope="session")
TODAY, SINCE_SEPTEMBER = date(2026, 11, 23), 54  # days: the whole of October, and this month so far
PHONE, TABLET, UPRIGHT = (390, 844), (1024, 768), (768, 1024)
SIZES = {"zh-CN": (1366, 768), "en": PHONE}  # the longer words have the narrower page
DRAWN = ".page :is(tbody tr, .empty, form, dl.facts, .verdict):visible"
READING = re.compile("正在读取|Loading")
OFFICE = (
    "ratings", "cases", "cases/1", "cases/new", "patrols", "patrols/1", "patrols/month", "patrols/summary",
    "patrols/camera", "bulletins", "bulletins/1", "scores/2026-10", "scores/2026-10.p3", "scores/2026", "records",
    "record/3", "person/3", "compare", "standards", "standards/score", "standards/deadlines", "hooks", "dayfacts",
    "todays", "leaves", "postings", "postings/entry", "postings/exit-3", "postings/1",
)  # fmt: skip

LEAVE = {"person": 5, "kind": "annual", "since": "2026-11-24", "until": "2026-11-27", "reason": "回乡探亲"}

SERVED = select(Ticket).where(Ticket.day == bindparam("day"), Ticket.state == "finished")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def filled(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A county hall on a busy morning, with a past; October's scores are published."""
    settings, clock = county_hall(tmp_path_factory.mktemp("county")), RunningClock()
    await asyncio.to_thread(history.fill, settings, until=TODAY, days=SINCE_SEPTEMBER, each=1)
    async with hub(settings, clock) as running:
        await morning(running.hall, clock)
        stage = Stage(browser, running)
        office = await running.person("林静", stage.new("林静", "office"))
        await office.ok("/scores/2026-10/publish", {})
        chief = await running.person("周明远", "chief", window="3")
        await chief.ok("/postings", ENTRY | {"window": "3", "proofs": [await upload(chief, "application/pdf")]})
        await office.ok("/leaves", LEAVE)
        yield stage
        await stage.end()


@pytest.fixture(params=["zh-CN", "en"])
def gallery(request: pytest.FixtureRequest) -> Gallery:
    return Gallery(request.param)


async def opened(stage: Stage, gallery: Gallery, path: str, name: str) -> Page:
    return await in_language(await stage.signed_in(path, name, SIZES[gallery.lang]), gallery.lang)


async def shown(page: Page, address: str) -> None:
    await page.goto(address)
    await page.locator(DRAWN).first.wait_for()
    await expect(page.locator(".page")).not_to_contain_text(READING)


async def test_the_office_s_pages(filled: Stage, gallery: Gallery) -> None:
    page = await opened(filled, gallery, "/office", "林静")
    for place in OFFICE:
        await shown(page, f"{filled.base}/office#{place}")
        await gallery.look(page, f"assess-{place.replace('/', '-')}")
    gallery.check()
    await filled.close(page)


async def test_ones_own_page_and_the_chief_s(filled: Stage, gallery: Gallery) -> None:
    own = await opened(filled, gallery, "/me", "王秀兰")
    await own.locator(".definitions tbody tr").first.wait_for()
    await expect(own.locator("main")).not_to_contain_text(READING)
    await gallery.look(own, "assess-me")
    chief = await opened(filled, gallery, "/office", "周明远")
    clerk = filled.hub.hall.picture.windows["3"].clerk
    assert clerk is not None
    for place in ("cases", "patrols", "scores/2026-10", f"person/{clerk.id}"):
        await shown(chief, f"{filled.base}/office#{place}")
        await gallery.look(chief, f"assess-chief-{place.replace('/', '-')}")
    gallery.check()
    await filled.close(own)
    await filled.close(chief)


async def test_the_patrol_s_tablet(filled: Stage, gallery: Gallery) -> None:
    page = await in_language(await filled.signed_in("/patrol", "林静", UPRIGHT), gallery.lang)
    await page.locator(".pt-due .badge").first.wait_for()
    await gallery.look(page, "patrol-start", (UPRIGHT, TABLET))
    await page.locator(".g-go").click()
    await page.locator(".pt-item .pt-bad").first.click()
    await page.locator("dialog .pt-form").wait_for()
    await gallery.look(page, "patrol-sheet", (UPRIGHT, TABLET))
    await page.locator("dialog .pt-big").last.click()
    await page.locator(".pt-fact").first.wait_for()
    await gallery.look(page, "patrol-areas", (UPRIGHT, TABLET))
    gallery.check()
    await filled.close(page)


async def test_rating_and_complaining_at_the_kiosk(filled: Stage, gallery: Gallery) -> None:
    ticket = await filled.hub.hall.read(lambda db: db.first(SERVED, day=f"{TODAY}"))
    assert ticket is not None
    page = await in_language(await filled.kiosk(), gallery.lang)

    async def look(name: str) -> None:
        await gallery.look(page, f"kiosk-{name}", (KIOSK, WIDE))

    await page.locator(".doors button").nth(1).click()
    for key in (*ticket.number, "Enter", *ticket.check_code, "Enter"):
        await page.keyboard.press(key)
    await page.locator(".rate-level").last.wait_for()
    await look("rate")
    await page.locator(".rate-level").last.click()
    await page.locator(".rate-reasons").wait_for()
    await look("rate-why")
    await page.locator(".rate-keys .primary").click()
    await page.locator(".rate-thanks").wait_for()
    await look("rated")
    await in_language(page, gallery.lang)
    await page.locator(".doors button").nth(2).click()
    await look("complain")
    await page.locator(".case").first.click()
    await look("complain-send")
    gallery.check()
    await filled.close(page)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_rating_on_a_telephone(browser: Browser, tmp_path: Path, lang: str) -> None:
    looks = Gallery(lang)
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"'), RunningClock()) as running:
        stage = Stage(browser, running)
        clerk, ticket = await stage.clerk(), await stage.take()
        await clerk.ok("/windows/2/call-next")
        await clerk.ok("/windows/2/finish")
        path = ticket["phone_url"].removeprefix("https://hall.example")
        page = await stage.page(f"{path}/rate", PHONE, lang=lang)
        await looks.look(page, "phone-rate")
        await page.locator(".phone-key").nth(4).click()
        await page.locator(".phone-why").wait_for()
        await looks.look(page, "phone-rate-why")
        await stage.end()
    looks.check()
