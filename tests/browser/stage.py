"""A hub and the pages that stand around it, each in a browser context of its own as on a machine of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize

from hallq.devices.simulators.host import SimHost
from hallq.people import commands as people
from hallq.people import secrets
from hallq.people.looks import people as everyone
from hallq.web.guard import PERSON_COOKIE, device_cookie
from tests.browser.guard import Guard
from tests.hub import Caller, Hub, ManualClock, hub, write_hall

KIOSK = (1080, 1920)
PAD = (1280, 800)
SCREEN = (1920, 1080)
TERMINAL = (360, 900)
PATIENCE = 30.0  # seconds; what is right comes at once, but a busy machine may stand still meanwhile


class RunningClock(ManualClock):
    """Goes on by itself from Monday nine o'clock, so that pages' countdowns agree with the hub; and can be moved."""

    def __init__(self) -> None:
        super().__init__()
        self._zero = time.monotonic()

    def wall(self) -> int:
        return self.at + int((time.monotonic() - self._zero) * 1000)

    def monotonic(self) -> float:
        return self.wall() / 1000


class Stage:
    """`kiosk = await stage.device("/kiosk", "kiosk", "k1")` is a page that the hub knows."""

    def __init__(self, browser: Browser, hub: Hub) -> None:
        self.browser, self.hub = browser, hub
        self.base = f"http://127.0.0.1:{hub.port}"
        self._open: list[tuple[BrowserContext, Guard]] = []
        self._guards: dict[Page, Guard] = {}
        self._added: set[str] = set()

    async def page(
        self,
        path: str,
        size: tuple[int, int] = SCREEN,
        *,
        cookies: dict[str, str] | None = None,
        lang: str = "zh-CN",
        hurried: bool = False,
    ) -> Page:
        """`hurried`: the test moves the page's clock (`page.clock.run_for`)."""
        context = await self.browser.new_context(
            viewport=ViewportSize(width=size[0], height=size[1]), locale=lang, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE * 1000)
        guard = Guard(context, self.hub.port)
        self._open.append((context, guard))
        for name, value in (cookies or {}).items():
            await context.add_cookies([{"name": name, "value": value, "url": self.base}])
        page = await context.new_page()
        self._guards[page] = guard
        if hurried:
            guard.expects_silence()  # the line's own patience runs out meanwhile
            await page.clock.install()
        await page.goto(self.base + path)
        return page

    def guard(self, page: Page) -> Guard:
        return self._guards[page]

    async def device(self, path: str, role: str, place: str = "", size: tuple[int, int] = SCREEN, **more: Any) -> Page:
        """A page that was paired."""
        caller = await self.hub.device(role, place)
        token = caller.headers["authorization"].removeprefix("Bearer ")
        return await self.page(path, size, cookies={device_cookie(role, place): token}, **more)

    async def signed_in(
        self, path: str, name: str, size: tuple[int, int] = SCREEN, *, role: str | None = None, **more: Any
    ) -> Page:
        """A page of a person who signed in earlier."""
        caller = await self.hub.person(name, role)
        token = caller.headers["cookie"].removeprefix(f"{PERSON_COOKIE}=")
        return await self.page(path, size, cookies={PERSON_COOKIE: token}, **more)

    async def kiosk(self, size: tuple[int, int] = KIOSK, **more: Any) -> Page:
        return await self.device("/kiosk?id=k1", "kiosk", "k1", size, **more)

    async def pad(self, no: str, **more: Any) -> Page:
        return await self.device(f"/pad/{no}/citizen", "pad-citizen", no, PAD, **more)

    async def screen(self, **more: Any) -> Page:
        return await self.device("/screen", "screen", "", SCREEN, **more)

    def new(self, name: str, role: str) -> str | None:
        """The role of a person to be added; None when somebody added them before."""
        first = name not in self._added
        self._added.add(name)
        return role if first else None

    async def close(self, page: Page) -> None:
        await page.context.close()

    async def end(self) -> None:
        for context, _ in self._open:
            await context.close()
        for _, guard in self._open:
            guard.check()

    # -- what the hall does without a page

    async def one_time_password(self, name: str) -> str:
        """As `hallq user reset` gives one."""
        person = next(row["id"] for row in await self.hub.hall.read(everyone) if row["name"] == name)
        password = secrets.one_time_password()
        await self.hub.hall.do(people.reset, person=person, password_hash=secrets.hash_slowly(password))
        return password

    async def take(self, service: str = "pension", **wish: Any) -> dict[str, Any]:
        """Another citizen takes a number elsewhere."""
        caller = await self.hub.device("kiosk", "k2")
        taken: dict[str, Any] = await caller.ok("/tickets", {"service": service, **wish})
        return taken

    async def clerk(self, name: str = "李明", no: str = "2") -> Caller:
        """A clerk at a window, without a page."""
        return await self.hub.clerk(name, no)


class WiredStage(Stage):
    """With simulated devices; what they show is what their bytes said."""

    def __init__(self, browser: Browser, hub: Hub, hosts: dict[str, SimHost]) -> None:
        super().__init__(browser, hub)
        self.hosts = hosts

    def devices(self) -> list[dict[str, Any]]:
        extras = self.hub.hall.extra
        return [value for key, value in extras.items() if key.startswith("device/")]

    async def strip_shows(self, words: str) -> None:
        await until(lambda: words in "/".join(self.hosts["strip"].device.state()["pages"]))


@asynccontextmanager
async def wired_stage(
    browser: Browser, folder: Path, hosts: dict[str, SimHost], toml: str, *, server: str = ""
) -> AsyncIterator[WiredStage]:
    """A hub with these devices, once all are up. `toml`: their blocks of hall.toml."""
    try:
        async with hub(write_hall(folder, devices=toml, server=server), RunningClock()) as running:
            stage = WiredStage(browser, running, hosts)
            await until(lambda: all(entry["state"] == "up" for entry in stage.devices()))
            yield stage
            await stage.end()
    finally:
        for host in hosts.values():
            await host.stop()


class Hand:
    """Counts what a person does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    async def touch(self, at: Locator) -> None:
        await at.click()
        self.count += 1

    async def key(self, name: str) -> None:
        await self.page.keyboard.press(name)
        self.count += 1


async def until(true: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Waits for something that is no page's business."""
    end = time.monotonic() + seconds
    while True:
        found = true()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.02)


async def words(at: Page | Locator) -> str:
    """All that can be read there."""
    found = at.locator("body") if isinstance(at, Page) else at
    return await found.inner_text()
