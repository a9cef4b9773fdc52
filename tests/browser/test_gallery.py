"""Every page in its main states, at its real sizes, in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.printer import SimPrinter
from hallq.ticketing import commands
from tests.browser.busy import county_hall, morning, sixty_windows
from tests.browser.gallery import Gallery
from tests.browser.stage import KIOSK, SCREEN, TERMINAL, RunningClock, WiredStage, until
from tests.hub import hub

pytestmark = pytest.mark.asyncio(loop_scope="session")
WIDE = (1920, 1080)
TERMINALS = ((360, 640), TERMINAL, (1280, 800))
WALLS = (SCREEN, (3840, 2160))
DESKS = ((390, 844), (1366, 768))


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def county(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WiredStage]:
    """One busy hall for all pictures: they change little, and each waits for what it needs."""
    clock, printer = RunningClock(), SimHost(SimPrinter(tempo=0.1))
    toml = f'[[device]]\nid = "printer"\ndriver = "escpos"\nlink = "{printer.start_tcp()}"\nkiosk = "k1"\n'
    try:
        async with hub(county_hall(tmp_path_factory.mktemp("county"), devices=toml), clock) as running:
            await morning(running.hall, clock)
            stage = WiredStage(browser, running, {"printer": printer})
            yield stage
            await stage.end()
    finally:
        await printer.stop()


@pytest.fixture(params=["zh-CN", "en"])
def gallery(request: pytest.FixtureRequest) -> Gallery:
    return Gallery(request.param)


async def in_language(page: Page, lang: str) -> Page:
    """As if the page's switch had been pressed."""
    await page.evaluate("lang => sessionStorage.setItem('hallq.lang', lang)", lang)
    await page.reload()
    return page


async def idle(county: WiredStage) -> None:
    await until(lambda: all(device["state"] == "up" for device in county.devices()))


@pytest.mark.parametrize("size", [KIOSK, WIDE], ids=["upright", "wide"])
async def test_kiosk_choosing(county: WiredStage, gallery: Gallery, size: tuple[int, int]) -> None:
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
    switches = ("big", "low") if size == KIOSK else ("big",)  # a lying one has all keys low
    for switch in switches:
        await page.locator(f".{switch}").click()
        await gallery.look(page, f"kiosk-first-{switch}")
    await page.locator(".choice").first.click()
    await gallery.look(page, f"kiosk-confirm-{'-'.join(switches)}")
    gallery.check()
    await county.close(page)


@pytest.mark.parametrize(
    ("lang", "size", "large"),
    [("zh-CN", KIOSK, False), ("en", WIDE, False), ("en", KIOSK, True), ("zh-CN", WIDE, True), ("en", WIDE, True)],
    ids=["upright-zh", "wide-en", "upright-large-en", "wide-large-zh", "wide-large-en"],
)
async def test_kiosk_number(county: WiredStage, lang: str, size: tuple[int, int], large: bool) -> None:
    """The longest name of the catalogue, with everything chosen; and each thing that may become of its slip."""
    gallery, look = Gallery(lang), "-large" if large else ""
    await idle(county)
    page = await in_language(await county.kiosk(size), lang)
    if large:
        await page.locator(".big").click()
    await page.locator(".tabs button").nth(2).click()
    await page.locator(".choice").first.click()
    await page.locator(".choice").nth(2).click()
    await gallery.look(page, f"kiosk-confirm{look}")
    await page.locator(".chip:not(.stop)").first.click()
    await page.locator(".need").first.click()
    await page.locator(".need").nth(1).click()
    await gallery.look(page, f"kiosk-confirm-chosen{look}")
    county.hosts["printer"].fault("mute", True)
    await page.locator(".take").click()
    await page.locator(".slip-box[data-state=pending]").wait_for()
    await gallery.look(page, f"kiosk-number-pending{look}")
    number = await page.locator(".hero-number").inner_text()
    ticket = next(t.id for t in county.hub.hall.picture.tickets.values() if t.number == number)
    for state in ("failed", "none", "unknown", "printed"):  # each may follow, and the last leaves soonest
        await county.hub.hall.do(commands.set_print, ticket=ticket, state=state)
        await page.locator(f".slip-box[data-state={state}]").wait_for()
        await gallery.look(page, f"kiosk-number-{state}{look}")
    county.hosts["printer"].fault("mute", False)
    gallery.check()
    await county.close(page)


async def test_kiosk_refusals(county: WiredStage, gallery: Gallery) -> None:
    """The question whether somebody is still there, and a hub that is away."""
    page = await in_language(await county.kiosk(hurried=True), gallery.lang)
    await page.locator(".choice").first.click()
    await page.locator(".take").wait_for()
    await page.context.set_offline(True)
    await page.locator(".take").click()
    for _ in range(4):  # it asks again by itself before it asks the citizen
        await page.clock.run_for(2100)
    await page.locator("dialog.ask").wait_for()
    await gallery.look(page, "kiosk-unsure")
    await page.locator("dialog.ask button").first.click()
    gallery.check()
    await county.close(page)


async def test_pad(county: WiredStage, gallery: Gallery) -> None:
    """A citizen's visit at window 3, as the pad shows it."""
    hall = county.hub.hall
    page = await in_language(await county.pad("3", hurried=True), gallery.lang)

    async def shows(screen: str, name: str = "") -> None:
        await page.locator(f"html[data-screen={screen}]").wait_for()
        await gallery.look(page, f"pad-{name or screen}")

    await ready(county, "3")
    await shows("idle")
    await county.take("pension-check")
    await hall.do(commands.call_next, window="3")
    await page.locator("html[data-screen=called]").wait_for()
    if gallery.lang == "en":  # each citizen begins in the hall's first language
        await page.get_by_role("button", name="English").click()
    await shows("called")
    await hall.do(commands.start, window="3")
    await shows("welcome")
    await page.clock.run_for(4100)
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
    gallery.check()
    await county.close(page)


async def ready(county: WiredStage, no: str) -> None:
    """The window is open and free, and no invitation is on its pad."""
    hall, window = county.hub.hall, county.hub.hall.picture.windows[no]
    if window.ticket is not None:
        await hall.do(commands.finish, window=no)
    county.hub.clock.pass_(90)


async def test_screen(county: WiredStage, gallery: Gallery) -> None:
    page = await in_language(await county.screen(), gallery.lang)
    await page.locator(".row").nth(6).wait_for()
    await gallery.look(page, "screen-hall", (SCREEN, KIOSK))
    zone = await in_language(await county.device("/screen?zone=2F", "screen", "2F"), gallery.lang)
    await zone.locator(".row").nth(3).wait_for()
    said = {"id": "voice-2F", "kind": "caption", "zone": "2F", "at": "2026-11-23T09:30:00+08:00"}
    county.hub.hall.set_extra(
        "notice/voice-2F",
        said | {"text": "请F012号到15号窗口办理业务", "text_en": "Number F012, please go to window 15"},
    )
    await zone.locator(".voice.said").wait_for()
    await gallery.look(zone, "screen-zone-caption", (SCREEN, KIOSK))
    county.hub.hall.set_extra("notice/voice-2F", None)
    gallery.check()
    await county.close(page)
    await county.close(zone)


async def test_terminal(county: WiredStage, gallery: Gallery) -> None:
    hall = county.hub.hall
    await ready(county, "31")
    page = await in_language(await county.page("/window/31"), gallery.lang)
    county.guard(page).expects(401)
    await page.locator("input").first.wait_for()
    await gallery.look(page, "window-sign-in", TERMINALS)
    await page.locator("button[type=submit]").click()
    await gallery.look(page, "window-sign-in-empty", TERMINALS)
    await county.close(page)
    page = await in_language(await county.signed_in("/window/31", "石慧"), gallery.lang)

    async def shows(phase: str, name: str = "") -> None:
        await page.locator(f".desk[data-phase={phase}]").wait_for()
        await expect(page.locator(".key-primary button")).to_have_attribute("aria-disabled", "false")
        await gallery.look(page, f"window-{name or phase}", TERMINALS)

    await shows("open")
    await page.keyboard.press("F10")
    await page.locator("dialog.ask").wait_for()
    await gallery.look(page, "window-sheet-pause", TERMINALS)
    await page.keyboard.press("Escape")
    for _ in range(3):
        await county.take("tax-business", category="elderly", people=3, cases=2, needs=["wheelchair", "interpreter"])
    await hall.do(commands.call_next, window="31")
    await shows("called")
    for sheet, key in (("transfer", "F8"), ("park", "F9"), ("outcome", "F5"), ("notice", "F11")):
        await page.keyboard.press(key)
        await page.locator("dialog.ask").wait_for()
        await gallery.look(page, f"window-sheet-{sheet}", TERMINALS)
        await page.keyboard.press("Escape")
    await page.locator(".top-who").click()
    await gallery.look(page, "window-menu", TERMINALS)
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
    gallery.check()
    await county.close(page)


async def test_clerk_pad(county: WiredStage, gallery: Gallery) -> None:
    hall = county.hub.hall
    await ready(county, "33")
    page = await in_language(await county.device("/pad/33/clerk", "pad-clerk", "33", (800, 480)), gallery.lang)
    await page.locator(".desk[data-phase=open]").wait_for()
    await gallery.look(page, "clerk-pad-open")
    for _ in range(2):
        await county.take("food", category="infant", people=2, cases=2)
    await hall.do(commands.call_next, window="33")
    await page.locator(".desk[data-phase=called]").wait_for()
    await expect(page.locator(".key-primary button")).to_have_attribute("aria-disabled", "false")
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


async def test_board(county: WiredStage, gallery: Gallery) -> None:
    county.hub.clock.pass_(40 * 60)  # more waits for an answer than there is room for without a line
    page = await in_language(await county.device("/board", "board"), gallery.lang)
    await page.locator(".tile").nth(35).wait_for()
    await page.locator("svg.chart").wait_for()
    await gallery.look(page, "board", WALLS)
    lines = await sixty_windows(page)
    await page.reload()
    await page.locator(".tile").nth(59).wait_for()
    await page.locator("svg.chart").wait_for()
    await gallery.look(page, "board-sixty", WALLS)
    county.guard(page).expects_silence()
    await page.context.set_offline(True)
    await lines[-1].close()
    await page.locator(".strip.lost").wait_for()
    await gallery.look(page, "board-lost", WALLS)
    signed_out = await in_language(await county.page("/board"), gallery.lang)
    county.guard(signed_out).expects(401)
    await signed_out.locator(".gate").wait_for()
    await gallery.look(signed_out, "board-signed-out", WALLS)
    gallery.check()
    await county.close(page)
    await county.close(signed_out)


async def test_office(county: WiredStage, gallery: Gallery) -> None:
    await county.hub.anyone.post("/pairings", {"role": "pad-citizen", "place": "4"})
    page = await in_language(await county.signed_in("/office", "林静", role=county.new("林静", "office")), gallery.lang)
    for tab in ("home", "staff", "devices", "ratings", "notices", "outage"):
        await page.goto(f"{county.base}/office#{tab}")
        await page.locator(f".tab[aria-current][href='#{tab}']").wait_for()
        await page.locator(".page :is(.table, .empty):visible").first.wait_for()
        await gallery.look(page, f"office-{tab}", DESKS)
    person = county.hub.hall.picture.windows["3"].clerk
    assert person is not None
    await page.goto(f"{county.base}/office#record/{person.id}")
    await page.locator(".levels").wait_for()
    await gallery.look(page, "office-record", DESKS)
    await page.goto(f"{county.base}/office#staff")
    await page.locator(".bar .btn.primary").click()
    await page.locator("dialog.ask").wait_for()
    await gallery.look(page, "office-add-person", DESKS)
    gallery.check()
    await county.close(page)
