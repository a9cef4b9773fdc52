"""The midday break on every glass: the morning's queue is carried over and called in order afterwards (B05, C11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.strip import SimStrip
from tests.browser.gallery import Gallery
from tests.browser.stage import TERMINAL, RunningClock, WiredStage, until
from tests.hub import hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOUR = 3600


@pytest_asyncio.fixture(loop_scope="session")
async def morning(browser: Browser, tmp_path: Path) -> AsyncIterator[WiredStage]:
    """A hall that keeps its hours, on a Monday at nine, with a strip."""
    host = SimHost(SimStrip())
    device = f'[[device]]\nid = "strip"\ndriver = "onbon-bxk"\nlink = "{host.start_tcp()}"\nwindow = "2"\n'
    try:
        async with hub(write_hall(tmp_path, opening="hours", devices=device), RunningClock()) as running:
            stage = WiredStage(browser, running, {"strip": host})
            await until(lambda: all(entry["state"] == "up" for entry in stage.devices()))
            yield stage
            await stage.end()
    finally:
        await host.stop()


async def test_the_morning_is_carried_over_in_order(morning: WiredStage) -> None:
    clerk = await morning.clerk()
    numbers = [(await morning.take())["number"] for _ in range(2)]
    screen, pad = await morning.screen(), await morning.pad("2")
    terminal = await morning.signed_in("/window/2", "李明", TERMINAL)
    key = terminal.locator(".key-primary button")
    await expect(key).to_contain_text("叫下一位")

    morning.hub.clock.pass_(3 * HOUR + 60)  # 12:01
    await morning.strip_shows("午间休息")
    await morning.strip_shows("14:30恢复")
    await expect(pad.locator("h1")).to_contain_text("停止服务")
    await expect(pad.locator(".sub").first).to_have_text("午间休息")
    await expect(screen.locator(".voice .text")).to_have_text("午间休息，14:30 恢复办理，上午的号码继续有效")
    kiosk = await morning.kiosk()
    await kiosk.locator(".choice", has_text="养老金").click()
    await expect(kiosk.locator("body")).to_contain_text("现在取号，预计下午")
    await kiosk.locator(".take").click()  # numbers are given over noon
    numbers.append(await kiosk.locator(".hero-number").inner_text())
    await expect(key).to_have_attribute("aria-disabled", "true")
    await expect(terminal.locator("body")).to_contain_text("14:30 继续叫号")
    gallery = Gallery("zh-CN")
    await gallery.look(screen, "screen-noon", ((1920, 1080), (1080, 1920)))
    await gallery.look(pad, "pad-noon")
    await gallery.look(terminal, "window-noon")
    gallery.check()

    morning.hub.clock.pass_(2.5 * HOUR)  # 14:31
    await expect(pad.locator("h1")).to_have_text("李明")
    called = []
    for _ in numbers:
        called.append((await clerk.ok("/windows/2/call-next"))["ticket"]["number"])
        await morning.strip_shows(called[-1])
        await clerk.ok("/windows/2/finish")
    assert called == numbers


async def test_the_screen_says_when_the_hall_opens_after_a_day_off(morning: WiredStage) -> None:
    office = await morning.hub.person("赵敏", morning.new("赵敏", "office"))
    await office.ok("/calendar/days", {"day": "2026-11-23", "working": False, "name": "那达慕", "name_en": "Naadam"})
    screen = await morning.screen()
    await expect(screen.locator(".voice .text")).to_have_text("那达慕放假，11月24日 星期二 08:30 恢复办理")
    await expect(screen.locator(".voice .other")).to_contain_text("Closed for Naadam. Open again")
    await morning.strip_shows("今日休息")
