"""Every page in its main states, at its real sizes, in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize

from hallq.ticketing import commands
from tests.browser.busy import county_hall, morning
from tests.browser.gallery import Gallery
from tests.browser.stage import KIOSK, PAD, SCREEN, TERMINAL, RunningClock, Stage
from tests.hub import hub

pytestmark = pytest.mark.asyncio(loop_scope="session")
WIDE = (1920, 1080)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def county(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One busy hall for all pictures: they change little, and each waits for what it needs."""
    clock = RunningClock()
    async with hub(county_hall(tmp_path_factory.mktemp("county")), clock) as running:
        await morning(running.hall, clock)
        stage = Stage(browser, running)
        yield stage
        await stage.end()


@pytest.fixture(params=["zh-CN", "en"])
def gallery(request: pytest.FixtureRequest) -> Gallery:
    return Gallery(request.param)


async def in_language(page: Page, lang: str) -> Page:
    """As if the page's switch had been pressed."""
    await page.evaluate("lang => sessionStorage.setItem('hallq.lang', lang)", lang)
    await page.reload()
    return page


async def resize(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))


@pytest.mark.parametrize("size", [KIOSK, WIDE], ids=["upright", "wide"])
async def test_kiosk_choosing(county: Stage, gallery: Gallery, size: tuple[int, int]) -> None:
    page = await in_language(await county.kiosk(size), gallery.lang)
    await page.locator(".choice").first.wait_for()
    await gallery.look(page, "kiosk-first")
    await page.locator(".tabs button").nth(1).click()
    await gallery.look(page, "kiosk-matters")
    await page.locator(".tabs button").nth(2).click()
    await gallery.look(page, "kiosk-departments")
    await page.locator(".choice").first.click()
    await gallery.look(page, "kiosk-department")
    await page.locator(".back").click()
    await page.locator(".tabs button").first.click()
    await page.locator(".green-band").click()
    await gallery.look(page, "kiosk-green")
    await page.locator(".back").click()
    await page.locator(".help").click()
    await page.locator("dialog.ask").wait_for()
    await gallery.look(page, "kiosk-help")
    await page.locator("dialog.ask button").click()
    for switch in ("big", "low"):
        await page.locator(f".{switch}").click()
        await gallery.look(page, f"kiosk-first-{switch}")
    await page.locator(".choice").first.click()
    await gallery.look(page, "kiosk-confirm-big-low")
    gallery.check()
    await county.close(page)


@pytest.mark.parametrize("size", [KIOSK, WIDE], ids=["upright", "wide"])
@pytest.mark.parametrize("large", [False, True], ids=["", "large"])
async def test_kiosk_number(county: Stage, gallery: Gallery, size: tuple[int, int], large: bool) -> None:
    page = await in_language(await county.kiosk(size), gallery.lang)
    look = "-large" if large else ""
    if large:
        await page.locator(".big").click()
    await page.locator(".tabs button").nth(2).click()
    if large:
        await page.locator(".choice").first.click()
    else:
        await page.locator(".choice").nth(0).click()
    await page.locator(".choice").nth(2).click()  # the longest name
    await gallery.look(page, f"kiosk-confirm{look}")
    await page.locator(".chip").first.click()
    await page.locator(".need").first.click()
    await page.locator(".need").nth(1).click()
    await gallery.look(page, f"kiosk-confirm-chosen{look}")
    await page.locator(".take").click()
    await page.locator(".hero-number").wait_for()
    await gallery.look(page, f"kiosk-number-none{look}")
    number = await page.locator(".hero-number").inner_text()
    ticket = next(t.id for t in county.hub.hall.picture.tickets.values() if t.number == number)
    for state in ("pending", "unknown", "printed", "failed"):
        await county.hub.hall.do(commands.set_print, ticket=ticket, state=state)
        await page.locator(f".slip-box[data-state={state}]").wait_for()
        await gallery.look(page, f"kiosk-number-{state}{look}")
    gallery.check()
    await county.close(page)


async def test_kiosk_refusals(county: Stage, gallery: Gallery) -> None:
    """The question whether somebody is still there, and a hub that is away."""
    page = await in_language(await county.kiosk(), gallery.lang)
    county.guard(page).expects_silence()
    await page.locator(".choice").first.click()
    await page.locator(".take").wait_for()
    await page.context.set_offline(True)
    await page.locator(".take").click()
    await page.locator("dialog.ask").wait_for(timeout=15000)
    await gallery.look(page, "kiosk-unsure")
    await page.locator("dialog.ask button").first.click()
    gallery.check()
    await county.close(page)


async def test_pad(county: Stage, gallery: Gallery) -> None:
    """A citizen's visit at window 3, as the pad shows it."""
    hall = county.hub.hall
    page = await in_language(await county.pad("3"), gallery.lang)

    async def shows(screen: str, name: str = "") -> None:
        await page.locator(f"html[data-screen={screen}]").wait_for()
        await gallery.look(page, f"pad-{name or screen}")

    await ready(county, "3")
    await shows("idle")
    await county.take("pension-check")
    await hall.do(commands.call_next, window="3")
    await shows("called")
    await hall.do(commands.start, window="3")
    await shows("welcome")
    await shows("serving")
    await hall.do(commands.away, window="3", reason="check", minutes=5)
    await shows("away")
    await hall.do(commands.back, window="3")
    await hall.do(commands.finish, window="3")
    await shows("rate")
    await page.locator(".level").last.click()
    await shows("reasons")
    await page.locator(".reason").nth(1).click()
    await gallery.look(page, "pad-reasons-chosen")
    await page.locator(".btn.primary").click()
    await shows("thanks")
    await hall.do(commands.pause, window="3", reason="meal", minutes=30)
    county.hub.clock.pass_(90)
    await shows("paused")
    await hall.do(commands.resume, window="3")
    county.guard(page).expects_silence()
    await page.context.set_offline(True)
    await page.evaluate("dispatchEvent(new Event('offline'))")
    gallery.check()
    await county.close(page)


async def ready(county: Stage, no: str) -> None:
    """The window is open and free, and no invitation is on its pad."""
    hall, window = county.hub.hall, county.hub.hall.picture.windows[no]
    if window.ticket is not None:
        await hall.do(commands.finish, window=no)
    county.hub.clock.pass_(90)


@pytest.mark.parametrize("size", [SCREEN, (1080, 1920)], ids=["wide", "upright"])
async def test_screen(county: Stage, gallery: Gallery, size: tuple[int, int]) -> None:
    page = await in_language(await county.device("/screen", "screen", "", size), gallery.lang)
    await page.locator(".row").nth(6).wait_for()
    await gallery.look(page, "screen-hall")
    zone = await in_language(await county.device("/screen?zone=2F", "screen", "2F", size), gallery.lang)
    await zone.locator(".row").nth(3).wait_for()
    said = {"id": "voice-2F", "kind": "caption", "zone": "2F", "at": "2026-11-23T09:30:00+08:00"}
    county.hub.hall.set_extra(
        "notice/voice-2F",
        said | {"text": "请F012号到15号窗口办理业务", "text_en": "Number F012, please go to window 15"},
    )
    await zone.locator(".voice.said").wait_for()
    await gallery.look(zone, "screen-zone-caption")
    county.hub.hall.set_extra("notice/voice-2F", None)
    gallery.check()
    await county.close(page)
    await county.close(zone)


@pytest.mark.parametrize("size", [TERMINAL, (1280, 800)], ids=["strip", "wide"])
async def test_terminal(county: Stage, gallery: Gallery, size: tuple[int, int]) -> None:
    hall = county.hub.hall
    await ready(county, "31")
    page = await in_language(await county.page("/window/31", size), gallery.lang)
    county.guard(page).expects(401)
    await page.locator("input").first.wait_for()
    await gallery.look(page, "window-sign-in")
    await page.locator("button[type=submit]").click()
    await gallery.look(page, "window-sign-in-empty")
    await county.close(page)
    page = await in_language(await county.signed_in("/window/31", "石慧", size), gallery.lang)

    async def shows(phase: str, name: str = "") -> None:
        await page.locator(f".desk[data-phase={phase}]").wait_for()
        await page.wait_for_timeout(750)  # the primary key settles
        await gallery.look(page, f"window-{name or phase}")

    await shows("open")
    for sheet, key in (("pause", "F10"),):
        await page.keyboard.press(key)
        await page.locator("dialog.ask").wait_for()
        await gallery.look(page, f"window-sheet-{sheet}")
        await page.keyboard.press("Escape")
    for _ in range(3):
        await county.take("tax-business", category="elderly", people=3, cases=2, needs=["wheelchair", "interpreter"])
    await hall.do(commands.call_next, window="31")
    await shows("called")
    for sheet, key in (("transfer", "F8"), ("park", "F9")):
        await page.keyboard.press(key)
        await page.locator("dialog.ask").wait_for()
        await gallery.look(page, f"window-sheet-{sheet}")
        await page.keyboard.press("Escape")
    await hall.do(commands.start, window="31")
    await shows("serving")
    await hall.do(commands.away, window="31", reason="check", minutes=5)
    await shows("away")
    await hall.do(commands.back, window="31")
    await hall.do(commands.park, window="31", kind="papers")
    await shows("open", "parked")
    await hall.do(commands.pause, window="31", reason="meal", minutes=30)
    await shows("paused")
    await hall.do(commands.resume, window="31")
    county.guard(page).expects_silence()
    gallery.check()
    await county.close(page)


async def test_clerk_pad(county: Stage, gallery: Gallery) -> None:
    hall = county.hub.hall
    await ready(county, "33")
    page = await in_language(await county.device("/pad/33/clerk", "pad-clerk", "33", (800, 480)), gallery.lang)
    await page.locator(".desk[data-phase=open]").wait_for()
    await gallery.look(page, "clerk-pad-open")
    for _ in range(2):
        await county.take("food", category="infant", people=2, cases=2)
    await hall.do(commands.call_next, window="33")
    await page.locator(".desk[data-phase=called]").wait_for()
    await page.wait_for_timeout(750)
    await gallery.look(page, "clerk-pad-called")
    await page.locator(".key-transfer button").click()
    await page.locator("dialog.ask").wait_for()
    await gallery.look(page, "clerk-pad-transfer")
    await page.keyboard.press("Escape")
    await page.locator(".key-park button").click()
    await gallery.look(page, "clerk-pad-park")
    await page.keyboard.press("Escape")
    await page.locator(".key-leave button").click()
    await gallery.look(page, "clerk-pad-away")
    await page.keyboard.press("Escape")
    await page.locator(".key-more").click()
    await gallery.look(page, "clerk-pad-more")
    await page.keyboard.press("Escape")
    await hall.do(commands.finish, window="33")
    empty = await in_language(await county.device("/pad/9/clerk", "pad-clerk", "9", (800, 480)), gallery.lang)
    await empty.locator(".entry").wait_for()
    await gallery.look(empty, "clerk-pad-sign-in")
    gallery.check()
    await county.close(page)
    await county.close(empty)


@pytest.mark.parametrize("size", [SCREEN, (3840, 2160)], ids=["hd", "4k"])
async def test_board(county: Stage, gallery: Gallery, size: tuple[int, int]) -> None:
    page = await in_language(await county.device("/board", "board", "", size), gallery.lang)
    await page.locator(".tile").nth(35).wait_for()
    await page.locator("svg.chart").wait_for()
    await gallery.look(page, "board")
    signed_out = await in_language(await county.page("/board", size), gallery.lang)
    county.guard(signed_out).expects(401)
    await signed_out.locator(".gate").wait_for()
    await gallery.look(signed_out, "board-signed-out")
    gallery.check()
    await county.close(page)
    await county.close(signed_out)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
async def test_office(county: Stage, gallery: Gallery, size: tuple[int, int]) -> None:
    await county.hub.anyone.post("/pairings", {"role": "pad-citizen", "place": "4"})
    page = await in_language(await county.signed_in("/office", "林静", size, role=county.new("林静", "office")), gallery.lang)
    for tab in ("home", "staff", "devices", "ratings", "notices", "outage"):
        await page.goto(f"{county.base}/office#{tab}")
        await page.locator(f".tab[aria-current][href='#{tab}']").wait_for()
        await page.wait_for_load_state("networkidle")
        await gallery.look(page, f"office-{tab}")
    person = county.hub.hall.picture.windows["3"].clerk
    assert person is not None
    await page.goto(f"{county.base}/office#record/{person.id}")
    await page.locator(".levels").wait_for()
    await gallery.look(page, "office-record")
    await page.goto(f"{county.base}/office#staff")
    await page.locator(".bar .btn.primary").click()
    await page.locator("dialog.ask").wait_for()
    await gallery.look(page, "office-add-person")
    gallery.check()
    await county.close(page)
