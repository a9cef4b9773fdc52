"""The demo in a browser: a newcomer plays citizen and clerk, pulls a plug and puts it back, and finds the rating."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from hallq.demo import virtual_hall
from hallq.web.server import listening, make_server
from tests.browser.gallery import Gallery
from tests.browser.stage import TERMINAL, RunningClock, Stage, until
from tests.hub import Hub, ManualClock

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def demo(browser: Browser, folder: Path) -> AsyncIterator[Stage]:
    """As `hallq demo` starts it, five times as fast."""
    with listening("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        async with virtual_hall(folder, port=port, speed=5, seed=7) as (running, app, settings):
            server = make_server(app, settings)
            serving = asyncio.create_task(server.serve(sockets=[sock]))
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
                    stage = Stage(browser, Hub(running.hall, app, port, cast("ManualClock", RunningClock()), http))
                    yield stage
                    await stage.end()
            finally:
                server.should_exit = True
                await serving


async def test_the_tour(browser: Browser, tmp_path: Path) -> None:
    async with demo(browser, tmp_path) as stage:
        hall = await stage.page("/virtual")
        await until(lambda: all(extra["state"] == "up" for extra in devices(stage)))
        await expect(hall.locator("h1")).to_contain_text("演示大厅")
        kiosk = await stage.page("/kiosk?id=k1", (1080, 1920))
        stage.guard(kiosk).expects(401, 403)
        stage.guard(kiosk).expects_silence()
        await expect(kiosk.locator(".demo-mark")).to_be_visible()
        await kiosk.locator(".choice", has_text="领养老金认证").click()
        await kiosk.locator(".take").click()
        number = await kiosk.locator(".hero-number").inner_text()

        clerk = await stage.page("/window/3", TERMINAL)
        stage.guard(clerk).expects(401)
        await clerk.locator(".person").first.click()
        key = clerk.locator(".key-primary button")
        await expect(key).to_contain_text("叫下一位")
        await expect(key).to_have_attribute("aria-disabled", "false")
        await clerk.keyboard.press("F2")
        await expect(clerk.locator(".hero-number")).to_have_text(number)
        await until(lambda: number in strip(stage, "3"))
        await hall.get_by_role("button", name="查看3号窗口的设备").click()
        await pull_and_put_back(stage, hall)

        await expect(key).to_contain_text("办结")
        await expect(key).to_have_attribute("aria-disabled", "false")
        await clerk.keyboard.press("F2")
        await hall.get_by_role("button", name="非常满意").first.click()
        office = await stage.page("/office#ratings", (1366, 768))
        stage.guard(office).expects(401)
        await office.locator(".person", has_text="林静").click()
        row = office.get_by_role("row").filter(has_text=number)
        await expect(row).to_contain_text("非常满意")


def devices(stage: Stage) -> list[dict[str, str]]:
    return [value for key, value in stage.hub.hall.extra.items() if key.startswith("device/")]


def strip(stage: Stage, no: str) -> str:
    house = stage.hub.app.state.demo_hall.house
    return "/".join(house.get(f"led-{no}").simulator.state()["pages"])


async def pull_and_put_back(stage: Stage, hall: Page) -> None:
    """The window's strip: pulled it is a fault of the hall, put back it shows what it should."""
    wire = hall.locator("section.card").first.get_by_role("button", name="拔线")
    await wire.click()
    await until(lambda: any(d["id"] == "led-3" and d["state"] != "up" for d in devices(stage)))
    await expect(wire).to_have_attribute("aria-pressed", "true")
    await wire.click()
    await until(lambda: all(d["state"] == "up" for d in devices(stage) if d["id"] == "led-3"))
    await until(lambda: strip(stage, "3") != "")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_pictures_of_the_virtual_hall(browser: Browser, tmp_path: Path, lang: str) -> None:
    gallery = Gallery(lang)
    async with demo(browser, tmp_path) as stage:
        hall = await stage.page("/virtual")
        await hall.evaluate("lang => sessionStorage.setItem('hallq.lang', lang)", lang)
        await hall.reload()
        await hall.locator(".tour").wait_for()
        await gallery.look(hall, "virtual-morning")
        await hall.locator(".kiosk-face").first.click()
        await hall.locator(".wallet .id-card").first.click()
        await hall.locator(".reader-plate.read").wait_for()
        await gallery.look(hall, "virtual-kiosk")
        await hall.locator(".panel-head .btn").click()
        await hall.locator(".act-row button").first.click()
        await hall.locator(".act-row button").nth(1).click()
        await until(lambda: sum(w.ticket is not None for w in stage.hub.hall.picture.windows.values()) > 4)
        await gallery.look(hall, "virtual-busy")
        window = "3号窗口的设备" if lang == "zh-CN" else "devices of window 3"
        await hall.get_by_role("button", name=window).first.click()
        await hall.locator(".panel").wait_for()
        await gallery.look(hall, "virtual-window")
        await hall.locator(".tab").nth(1).click()
        await hall.locator(".desk-open").first.click()
        await hall.locator(".keypad").wait_for()
        await gallery.look(hall, "virtual-keypad")
        await hall.locator(".pages .btn").first.click()
        await hall.locator(".fault-groups .btn").first.click()
        await hall.locator(".fault-row summary").first.click()
        await gallery.look(hall, "virtual-faults")
        gallery.check()
