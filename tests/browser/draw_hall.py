"""Pictures of pads, keypads, buttons, digits and card readers as the virtual hall draws them from their bytes:
python -m tests.browser.draw_hall
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from hallq.demo import virtual_hall
from hallq.demo.robots import CLERKS
from hallq.demo.routes import Demo
from hallq.people.identity import Identity
from hallq.ticketing import commands
from hallq.verbs import perform
from hallq.web.server import listening, make_server
from tests.browser.conftest import ARGS, NAMES
from tests.devices.rig import until

FOLDER = Path(__file__).parents[2] / "docs" / "devices" / "pictures"
PAD, DESK, DIGITS, KIOSK, BOX = "3", "13", "23", "k1", "k3"
SERVICES = {PAD: "pension-check", DESK: "id-card", DIGITS: "rental"}


class Artist:
    def __init__(self, page: Page, demo: Demo, folder: Path) -> None:
        self.page, self.demo, self.folder = page, demo, folder
        self.made: list[Path] = []

    async def draw(self, name: str, look: str) -> None:
        await self.page.wait_for_timeout(400)  # the page hears of changes ten times a second
        self.made.append(self.folder / f"{name}.png")
        await self.page.locator(look).first.screenshot(path=self.made[-1], animations="disabled")

    async def choose(self, place: str) -> None:
        zone = self.demo.hall.picture.windows[place].floor if place.isdecimal() else int(place[1:])
        await self.page.locator(".tab").nth(zone - 1).click()
        desk = f".desk:has(.plate:text-is('{place}')) .desk-open"
        look = desk if place.isdecimal() else f".kiosk-face:has-text({place!r})"
        await self.page.locator(look).click()

    def state(self, device: str) -> Any:
        return self.demo.house.get(device).simulator.state()  # type: ignore[union-attr]

    async def verb(self, no: str, verb: str) -> None:
        clerk = self.demo.hall.picture.windows[no].clerk
        assert clerk is not None
        await perform(self.demo.hall, Identity("person", "clerk", id=clerk.id), no, verb, {})

    async def open(self) -> None:
        """The windows that are drawn have a clerk, and each a citizen who waits."""
        hall = self.demo.hall
        for person in await hall.read(lambda db: db.find(CLERKS)):
            assert person.id is not None
            if person.window in SERVICES and hall.picture.windows[person.window].clerk is None:
                await hall.do(commands.sign_in, f"person:{person.id}", window=person.window, person=person.id)
        for service in SERVICES.values():
            await hall.do(commands.issue, "demo", service=service, kiosk=KIOSK)

    async def hall(self) -> None:
        await self.open()
        await self.choose(PAD)
        await until(lambda: self.state(f"pad-{PAD}")["screen"] == "idle")
        for no in SERVICES:
            await self.verb(no, "call-next")
        await until(lambda: self.state(f"pad-{PAD}")["screen"] == "called")
        await self.draw("pad-called", ".pad-two")
        await self.choose(DESK)
        await until(lambda: self.state(f"keys-{DESK}")["ticket"])
        await self.draw("keypad", ".keypad")
        await self.choose(DIGITS)
        await self.draw("digits", ".hang.large")
        for no in (PAD, DESK):
            await self.verb(no, "start")
            await self.verb(no, "finish")
        await self.choose(PAD)
        await until(lambda: self.state(f"pad-{PAD}")["screen"] == "rate")
        await self.draw("pad-rate", ".pad-two")
        await self.choose(DESK)
        await until(lambda: self.state(f"buttons-{DESK}")["asked"])
        await self.draw("evaluator", ".evaluator")
        await self.choose(BOX)
        await self.draw("dispenser", ".box")
        await self.choose(KIOSK)
        self.demo.house.put_card(self.demo.house.get(f"reader-{KIOSK}"), "elder")
        await until(lambda: self.state(f"reader-{KIOSK}")["read"])
        await self.draw("card-reader", ".reader")
        await self.page.locator(".pages .btn").first.click()
        await self.draw("fault-panel", "body")


async def draw_all(folder: Path) -> list[Path]:
    path = next(filter(None, map(shutil.which, NAMES)))
    with tempfile.TemporaryDirectory() as data, listening("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        async with virtual_hall(Path(data), port=port, seed=7) as (demo, app, settings), async_playwright() as driver:
            server = make_server(app, settings)
            serving = asyncio.create_task(server.serve(sockets=[sock]))
            try:
                chromium = await driver.chromium.launch(executable_path=path, args=list(ARGS))
                page = await chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
                await page.goto(f"http://127.0.0.1:{port}/virtual")
                await page.locator(".desk").first.wait_for()
                health = demo.fleet.health
                await until(lambda: all(each.state == "up" for each in health().values()))
                artist = Artist(page, demo, folder)
                await artist.hall()
                await chromium.close()
            finally:
                server.should_exit = True
                await serving
    return artist.made


if __name__ == "__main__":
    for made in asyncio.run(draw_all(FOLDER)):
        sys.stdout.write(f"{made}\n")
