"""The office's pages of items, papers and registers, with something on each: at a desk, narrow, and for each role."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hallq.people import commands as people
from tests.browser.busy import county_hall
from tests.browser.gallery import Gallery
from tests.browser.papers_scene import WINDOW, Scene
from tests.browser.stage import RunningClock, Stage
from tests.browser.test_gallery import in_language
from tests.hub import hub

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIZES = {"zh-CN": (1024, 768), "en": (390, 844)}  # the longer words have the narrower page
DRAWN = ".page :is(tbody tr, .empty, form, dl.facts, .rg-row):visible"
READING = re.compile("正在读取|Loading")
ALL = (
    "items", "items/food", "items/:requests", "onetime", "outcomes", "outcomes/1", "referrals", "refusals", "handovers",
)  # fmt: skip
LOOKERS = (*ALL, "screens")
OFFICE = (*LOOKERS, "items/:workbook", "items/:edit=food", "lostproperty", "mail")
WHO = {"office": ("林静", OFFICE), "chief": ("周明远", ALL), "auditor": ("陆鸣", LOOKERS)}
LANGS = [("office", "zh-CN"), ("office", "en"), ("chief", "en"), ("auditor", "zh-CN")]


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def papers(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A county hall in which one of each paper was given."""
    async with hub(county_hall(tmp_path_factory.mktemp("county")), RunningClock()) as running:
        await Scene(running).play()
        await running.hall.do(people.add_person, name="周明远", role="chief", window=WINDOW)
        await running.hall.do(people.add_person, name="陆鸣", role="auditor")
        stage = Stage(browser, running)
        yield stage
        await stage.end()


async def shown(page: Page, address: str) -> None:
    await page.goto(address)
    await page.locator(DRAWN).first.wait_for()
    await expect(page.locator(".page")).not_to_contain_text(READING)


@pytest.mark.parametrize(("role", "lang"), LANGS, ids=["-".join(each) for each in LANGS])
async def test_the_pages_of_papers_as_a_role_sees_them(papers: Stage, role: str, lang: str) -> None:
    gallery, (name, places) = Gallery(lang), WHO[role]
    page = await in_language(await papers.signed_in("/office", name, SIZES[lang]), lang)
    for place in places:
        await shown(page, f"{papers.base}/office#{place}")
        await gallery.look(page, f"papers-{role}-{re.sub('[/:=]+', '-', place)}")
    gallery.check()
    await papers.close(page)
