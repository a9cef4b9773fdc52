"""A hub that goes away and comes back, with the same or another build: pages say so, and find back by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, Page, expect

from hallq.web.server import listening, make_server
from tests.browser.stage import TERMINAL, RunningClock, Stage, until
from tests.hub import Hub, hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def web_again(running: Hub) -> AsyncIterator[None]:
    """The hub's web server once more on a port that pages remember."""
    with listening("127.0.0.1", running.port) as sock:
        server = make_server(running.app, running.hall.settings)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        try:
            yield
        finally:
            server.should_exit = True
            await serving


async def test_every_page_says_that_the_hub_is_away_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    settings, clock = write_hall(tmp_path), RunningClock()
    async with hub(settings, clock) as running:
        stage = Stage(browser, running)
        kiosk, pad, screen = await stage.kiosk(), await stage.pad("2"), await stage.screen()
        board = await stage.device("/board", "board")
        await stage.clerk()
        terminal = await stage.signed_in("/window/2", "李明", TERMINAL)
        pages = (kiosk, pad, screen, board, terminal)
        for page in pages:
            stage.guard(page).expects_silence()
        await expect(pad.locator("h1")).to_have_text("李明")
        await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "open")
        await expect(screen.locator(".clock")).not_to_be_empty()
        await kiosk.locator(".choice").first.wait_for()
    # the hub is gone
    await expect(terminal.locator(".strip.lost")).to_contain_text("与叫号系统的连接中断")
    await expect(board.locator(".strip.lost")).to_be_visible()
    await expect(kiosk.locator(".down")).to_contain_text("本机暂时不能取号，请到导服台取号")
    await expect(pad.locator("h1")).to_have_text("评价器暂时连不上，可到导服台评价")
    await expect(screen.locator(".stale")).to_contain_text("屏幕暂停更新")
    await terminal.keyboard.press("F2")  # no key does anything
    async with hub(settings, clock) as again, listening_at(again, running.port):
        for page in (terminal, board):
            await expect(page.locator(".strip.lost")).to_be_hidden()
        await expect(kiosk.locator(".down")).to_be_hidden()
        await expect(pad.locator("h1")).to_have_text("李明")
        await expect(screen.locator(".stale")).to_be_hidden()
        await stage.end()


@asynccontextmanager
async def listening_at(again: Hub, port: int) -> AsyncIterator[None]:
    again.port = port
    async with web_again(again):
        yield


async def reloaded(page: Page) -> bool:
    """The mark that the test left in the page is gone."""
    try:
        return await page.evaluate("window.before === undefined") is True
    except Error:  # in the middle of it
        return False


async def test_pages_reload_for_another_build_when_idle(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, clock = write_hall(tmp_path), RunningClock()
    async with hub(settings, clock) as running:
        stage = Stage(browser, running)
        screen, kiosk = await stage.screen(), await stage.kiosk()
        for page in (screen, kiosk):
            stage.guard(page).expects_silence()
        await kiosk.locator(".choice").first.click()
        await kiosk.locator(".take").wait_for()
        await expect(screen.locator(".clock")).not_to_be_empty()
        for page in (screen, kiosk):
            await page.evaluate("window.before = true")
    monkeypatch.setattr("hallq.web.pages.build_of", lambda _: "0123456789ab")
    async with hub(settings, clock) as again, listening_at(again, running.port):
        await until(partial(reloaded, screen))
        await expect(screen.locator(".clock")).not_to_be_empty()
        await expect(kiosk.locator(".down")).to_be_hidden()
        await kiosk.wait_for_timeout(1500)
        assert await kiosk.evaluate("window.before") is True, "somebody is choosing"
        await kiosk.locator(".back").click()
        await until(partial(reloaded, kiosk))
        await expect(kiosk.locator("h1")).to_have_text("您好，请选择要办理的业务")
        await stage.end()
