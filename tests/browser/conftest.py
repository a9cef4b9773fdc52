"""One Chromium for the session; for each test a hub of its own with pages around it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.speech import SimSpeechChip
from hallq.devices.simulators.strip import SimStrip
from tests.browser.stage import PATIENCE, RunningClock, Stage, WiredStage, wired_stage
from tests.hub import hub, write_hall

expect.set_options(timeout=PATIENCE * 1000)
DRIVERS = {"printer": "escpos", "strip": "onbon-bxk", "voice": "syn6658"}
PLACES = {"printer": 'kiosk = "k1"', "strip": 'window = "2"', "voice": 'zone = "1F"'}
# the last switch of this name counts: what Playwright names too, and the pages behind an address bar that nobody sees
UNWANTED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    f"--disable-features={','.join(UNWANTED)}",
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "the browser tests need chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=list(ARGS))
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    """A hall that is always open, without wired devices."""
    async with hub(write_hall(tmp_path), RunningClock()) as running:
        stage = Stage(browser, running)
        yield stage
        await stage.end()


@pytest_asyncio.fixture(loop_scope="session")
async def wired(browser: Browser, tmp_path: Path) -> AsyncIterator[WiredStage]:
    """The same with a printer, a strip and a loudspeaker on simulated lines; only their paper and voice hurry."""
    hosts = {
        "printer": SimHost(SimPrinter(tempo=0.1)),
        "strip": SimHost(SimStrip()),
        "voice": SimHost(SimSpeechChip("syn6658", tempo=0.3)),
    }
    toml = "".join(
        f'[[device]]\nid = "{name}"\ndriver = "{DRIVERS[name]}"\nlink = "{host.start_tcp()}"\n{PLACES[name]}\n'
        for name, host in hosts.items()
    )
    async with wired_stage(browser, tmp_path, hosts, toml) as stage:
        yield stage
