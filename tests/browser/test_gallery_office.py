"""Each page of the office, as the office and as a chief see it; rarer pages of kiosk, telephone and terminal."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from hallq.people import commands as people
from hallq.ticketing.tickets import appointments
from tests.browser.gallery import Gallery
from tests.browser.stage import KIOSK, TERMINAL, RunningClock, Stage, WiredStage
from tests.browser.test_gallery import WIDE, county, gallery, in_language  # noqa: F401
from tests.hub import Caller, hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")
TODAY = date(2026, 11, 23)  # the stage's Monday
DESK = (1024, 768)
PHONE = (390, 844)
LOOKED_AT = {"ratings", "outage", "closing", "suspend", "change", "calendar", "emergency"}  # by other tests
FULL = {  # by `test_gallery_assess`, with rows on them
    "cases", "patrols", "bulletins", "scores", "records", "compare", "standards", "hooks", "dayfacts", "todays",
    "leaves", "postings",
    # and by `test_gallery_papers`
    "items", "onetime", "outcomes", "referrals", "refusals", "handovers", "lostproperty", "mail", "screens",
}  # fmt: skip
READY = ".page :is(tbody tr, .empty, form, .verdict):visible"
SLOTS = {"days": "1,2,3,4,5", "start": "08:30", "until": "17:30", "minutes": 30, "capacity": 2}


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def office(county: WiredStage) -> Caller:  # noqa: F811
    """The hall office, and a day with something on every page."""
    caller = await county.hub.person("林静", county.new("林静", "office"))
    await county.hub.hall.do(people.add_person, name="周明远", role="chief", title="社保首席代表", window="3")
    await county.hub.hall.do(people.add_person, name="方志平", role="leader", title="分管领导")
    await county.hub.hall.do(people.add_person, name="秦朗", role="auditor", title="内审")
    await county.hub.hall.do(appointments.save_plan, plan=None, service="passport", outside=False, **SLOTS)
    plan = {"since_day": "2026-11-30", "until_day": "2026-12-04", "cause": "年底医保集中缴费", "order": "罗小燕"}
    for path, body in {
        "/appointments": {"service": "passport", "day": f"{TODAY}", "time": "15:00", "name": "王先生"},
        "/messages": {"text": "下午三点在二楼会议室开例会，请各窗口安排好值守", "window": "7"},
        "/covers": {"name": "孟根", "window": "9", "reason": "原岗人员请假", "start": False, "leader": "方志平"},
        "/services/id-card/stop": {"reason": "今天的办理能力已满"},
        "/manual/pad": {"count": 4},
        "/peaks": plan,
    }.items():
        await caller.ok(path, body)
    return caller


async def seen_tabs(page: Page) -> list[str]:
    await page.locator(".tabs .tab").first.wait_for()
    return await names_of(page.locator(".tabs .tab"))


async def names_of(links: Locator) -> list[str]:
    return [(await link.get_attribute("href") or "")[1:] for link in await links.all()]


@pytest.mark.parametrize("name", ["林静", "周明远", "方志平", "秦朗"], ids=["office", "chief", "leader", "auditor"])
async def test_every_page_that_a_role_sees(
    county: WiredStage,  # noqa: F811
    gallery: Gallery,  # noqa: F811
    office: Caller,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    role = request.node.callspec.id.split("-")[-1]
    page = await in_language(await county.signed_in("/office", name, DESK), gallery.lang)
    tabs = await seen_tabs(page)
    assert {"home", "posts", "peak", "closing"} <= set(tabs)
    for tab in tabs:
        await page.goto(f"{county.base}/office#{tab}")
        await page.locator(f".tabs .tab[aria-current][href='#{tab}']").wait_for()
        tabs += [name for name in await names_of(page.locator(".beside-tab")) if name not in tabs]
    for tab in (tab for tab in tabs if tab not in LOOKED_AT):
        await page.goto(f"{county.base}/office#{tab}")
        current = page.locator(f".tabs .tab[aria-current][href='#{tab}']")
        await page.locator(READY).first.wait_for()
        await expect(current).to_be_in_viewport(ratio=1)
        assert await page.evaluate("scrollY") == 0
        if role not in ("leader", "auditor") and tab not in FULL:
            await gallery.look(page, f"{role}-{tab}")
    gallery.check()
    await county.close(page)


async def test_the_list_of_pages_by_keyboard(county: WiredStage, office: Caller) -> None:  # noqa: F811
    """The page that was opened keeps the focus in the list, so that the next Tab goes on from there."""
    page = await county.signed_in("/office", "林静", DESK)
    tabs = await seen_tabs(page)
    await page.locator(".tab").first.focus()
    for tab in tabs[1:4]:
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(f".tabs .tab[href='#{tab}'][aria-current]")).to_be_focused()
    await page.set_viewport_size({"width": 1366, "height": 768})  # too low for all: groups fold, one opens at a time
    heads, nav = page.locator("summary.tab-head"), page.locator(".tabs.folded")
    await nav.wait_for()
    for head, tab in ((3, "items"), (5, "ratings")):
        await heads.nth(head).focus()
        await page.keyboard.press("Enter")
        assert await nav.evaluate("nav => nav.scrollHeight - nav.clientHeight") <= 0
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(f".tabs .tab[href='#{tab}'][aria-current]")).to_be_focused()
    await expect(page.locator(".tabs .tab[href='#items']")).to_be_hidden()
    await expect(page.locator(".tabs .tab[href='#alarms']")).to_be_visible()  # today's stay in sight
    await county.close(page)


async def test_the_kiosk_s_rarer_pages(county: WiredStage, gallery: Gallery, office: Caller) -> None:  # noqa: F811
    page = await in_language(await county.kiosk(), gallery.lang)

    async def look(name: str) -> None:
        await gallery.look(page, f"kiosk-{name}", (KIOSK, WIDE))
        await in_language(page, gallery.lang)  # back at its first page it speaks the hall's first language again

    await page.locator(".find-open").first.click()
    await page.locator(".pad-letters button").first.click()
    await look("find")
    await page.locator(".find-open").nth(1).click()
    await page.locator(".pad-grid").wait_for()
    await look("arrive")
    await page.locator(".choice", has_text=re.compile("办身份证|ID card")).click()
    await page.locator(".ways").wait_for()
    await look("stopped")
    await page.locator(".choice").nth(2).click()
    await page.locator(".stop").click()
    await look("then")
    gallery.check()
    await county.close(page)


async def test_practice(county: WiredStage, gallery: Gallery) -> None:  # noqa: F811
    page = await in_language(await county.page("/window/9#practice", TERMINAL), gallery.lang)
    for phase in ("open", "called"):
        await page.locator(".key-primary button[aria-disabled=false]").click()
        await page.locator(f".desk[data-phase={phase}]").wait_for()
    await gallery.look(page, "window-practice", (TERMINAL, (1280, 800)))
    gallery.check()
    await county.close(page)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_booking_on_a_telephone(browser: Browser, tmp_path: Path, lang: str) -> None:
    """What, when, and the code to arrive with."""
    looks = Gallery(lang)
    async with hub(write_hall(tmp_path, server='public_url = "https://hall.example"'), RunningClock()) as running:
        stage = Stage(browser, running)
        await running.hall.do(appointments.save_plan, plan=None, service="pension", outside=False, **SLOTS)
        page = await in_language(await stage.page("/book", PHONE), lang)
        await page.locator(".book-list .book-key").click()
        await page.locator(".book-days .book-key").first.click()
        await page.locator(".book-days").nth(1).locator(".book-key").nth(2).click()
        await looks.look(page, "phone-book")
        await page.locator(".btn.primary").click()
        await page.locator(".book-code").wait_for()
        await looks.look(page, "phone-booked")
        await stage.end()
    looks.check()
