"""In Chromium: the kiosk's paper ends; the number is valid, the kiosk beside it prints the slip, a guide is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.printer import SimPrinter
from tests.browser.stage import KIOSK, SCREEN, WiredStage, until, wired_stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def two(browser: Browser, tmp_path: Path) -> AsyncIterator[WiredStage]:
    """Two kiosks in one zone, each with a printer."""
    hosts = {name: SimHost(SimPrinter(tempo=0.1)) for name in ("k1", "k2")}
    toml = "".join(
        f'[[device]]\nid = "printer-{kiosk}"\ndriver = "escpos"\nlink = "{host.start_tcp()}"\nkiosk = "{kiosk}"\n'
        for kiosk, host in hosts.items()
    )
    async with wired_stage(browser, tmp_path, hosts, toml) as stage:
        yield stage


async def look(page: Page, name: str) -> None:
    """For who wants to see it upright and lying: HALLQ_SHOTS names a folder."""
    if folder := os.environ.get("HALLQ_SHOTS"):
        for size in (SCREEN, KIOSK):
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            await page.screenshot(path=f"{folder}/{name}-{size[0]}.png")


async def the_answer_comes_last(page: Page, address: str, word: str) -> None:
    """What became of the slip is at the page before the answer that names its number, or says that it is on its way."""
    told = asyncio.Event()

    def heard(frame: str | bytes) -> None:
        if f'"print":"{word}"' in str(frame):
            told.set()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await told.wait()
        await route.fulfill(response=answer)

    page.on("websocket", lambda line: line.on("framereceived", heard))
    await page.route(address, late)


async def test_without_paper_the_kiosk_offers_its_neighbour(two: WiredStage) -> None:
    kiosk = await two.kiosk()
    two.hosts["k1"].fault("paper_out", True)
    await the_answer_comes_last(kiosk, "**/api/v1/tickets", "failed")
    await the_answer_comes_last(kiosk, "**/api/v1/tickets/*/print", "printed")
    await kiosk.reload()
    await kiosk.locator(".choice", has_text="养老金").click()
    await kiosk.locator(".take").click()
    number = await kiosk.locator(".hero-number").inner_text()
    failed = kiosk.locator(".slip-box[data-state=failed]")
    await expect(failed.locator(".slip-beside")).to_have_text("也可以到旁边的 k2 取号机打印", timeout=40_000)
    await expect(failed.locator(".slip-text")).to_contain_text(f"您的号码是 {number}，请记下或拍照，号码有效")
    await look(kiosk, "failed")
    notices = two.hub.hall.picture.notices
    assert "sp.failed" in [notice.words for notice in notices.values()]
    await until(lambda: any(notice.words == "al.paper_out" for notice in two.hub.hall.picture.notices.values()))
    guide = await two.signed_in("/guide#tasks", "导服", (820, 1180), role="guide")
    await expect(guide.locator("body")).to_contain_text("小票纸用完了")
    await look(guide, "guide")
    await kiosk.get_by_role("button", name="到 k2 打印").dblclick()
    await expect(kiosk.locator(".slip-text")).to_have_text("小票已在 k2 取号机打出，请到那里取走")
    await look(kiosk, "there")
    [slip] = two.hosts["k2"].device.state()["slips"]
    words = [line.get("text", "") for line in slip["lines"]]
    assert number in words and not any("补打" in line for line in words)
    two.hosts["k1"].fault("paper_out", False)
    await until(lambda: not any(each.words == "al.paper_out" for each in two.hub.hall.picture.notices.values()))
