"""The clerk's terminal by keyboard alone: every verb, its refusals in words, undo, and what a slow hub does."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from hallq.ticketing import commands, days
from tests.browser.stage import TERMINAL, RunningClock, Stage
from tests.hub import hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def on_duty(stage: Stage, *, hurried: bool = False) -> Page:
    """The clerk's page with window 2 open; no mouse was used."""
    page = await stage.signed_in("/window/2", "李明", TERMINAL, hurried=hurried)
    await ready(page, "本窗口上岗")
    await page.keyboard.press("F2")
    await ready(page, "叫下一位")
    return page


async def ready(page: Page, word: str) -> Locator:
    key = page.locator(".key-primary button")
    await expect(key).to_contain_text(word)
    await expect(key).to_have_attribute("aria-disabled", "false")
    return key


async def phase(page: Page, name: str) -> None:
    """The page shows it and takes the next press."""
    await expect(page.locator(".desk")).to_have_attribute("data-phase", name)
    await expect(page.locator(".key-help button")).to_have_attribute("aria-disabled", "false")


async def test_nobody_is_waiting(stage: Stage) -> None:
    page = await on_duty(stage)
    stage.guard(page).expects(409)
    await page.keyboard.press("F2")
    await expect(page.locator(".refusal:visible")).to_have_text("目前没有等候的群众")


async def test_undo_counts_down_and_gives_the_place_back(stage: Stage) -> None:
    first, second = await stage.take(), await stage.take()
    page = await on_duty(stage, hurried=True)
    await page.keyboard.press("F2")
    await expect(page.locator(".hero-number")).to_have_text(first["number"])
    undo = page.locator(".key-undo button")
    await expect(undo).to_contain_text("撤销上一步（5")
    await expect(undo).to_contain_text("上一步：叫号 · Ctrl+Z")
    await page.keyboard.press("Control+z")
    await phase(page, "open")
    assert stage.hub.hall.picture.tickets[first["id"]].state == "waiting"
    await ready(page, "叫下一位")
    await page.keyboard.press("F2")
    await expect(page.locator(".hero-number")).to_have_text(first["number"])  # its exact place
    assert stage.hub.hall.picture.tickets[second["id"]].state == "waiting"
    await expect(undo).to_be_visible()
    stage.hub.clock.pass_(61)
    await page.clock.run_for(61_000)
    await expect(undo).to_be_hidden()


async def test_a_double_press_calls_one_citizen(stage: Stage) -> None:
    first, second = await stage.take(), await stage.take()
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await page.keyboard.press("F2")
    await expect(page.locator(".hero-number")).to_have_text(first["number"])
    await ready(page, "办结并叫下一位")
    assert stage.hub.hall.picture.tickets[second["id"]].state == "waiting"


async def test_away_and_back(stage: Stage) -> None:
    await stage.take()
    page, pad = await on_duty(stage), await stage.pad("2")
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.keyboard.press("F10")
    await page.locator("dialog.ask").get_by_text("5 分钟", exact=True).click()
    await page.keyboard.press("Enter")
    await phase(page, "away")
    await expect(pad.locator("h1")).to_have_text("工作人员正在为您核实，请稍坐")
    await expect(pad.locator(".screen")).to_contain_text("预计 09:05 回来")
    await ready(page, "回来继续办理")
    await page.keyboard.press("F2")
    await expect(pad.locator("html")).not_to_have_attribute("data-screen", "away")
    await ready(page, "办结")
    await page.keyboard.press("F6")
    await phase(page, "serving")
    await expect(pad.locator("html")).to_have_attribute("data-screen", "welcome")


async def test_transfer_by_keyboard(stage: Stage) -> None:
    taken = await stage.take("pension")
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.keyboard.press("F8")
    await page.keyboard.type("身份")  # the finder has the focus; one hit is chosen
    await page.keyboard.press("Enter")
    await phase(page, "open")
    moved = stage.hub.hall.picture.tickets[taken["id"]]
    assert (moved.state, moved.service) == ("waiting", "id")


async def test_park_and_call_back(stage: Stage) -> None:
    taken = await stage.take()
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.keyboard.press("F9")
    await page.keyboard.press("Enter")  # the first kind has the focus
    await page.get_by_role("button", name="先挂起，不打告知书").click()  # H06: the notice is asked for first
    await expect(page.locator(".parked-row")).to_contain_text(taken["number"])
    await expect(page.locator(".parked-row")).to_contain_text("群众去补材料")
    back = page.locator(".parked-row button")
    await expect(back).to_be_enabled()
    await back.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".hero-number")).to_have_text(taken["number"])


async def test_no_show_says_how_long_to_wait(browser: Browser, tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, opening="hours"), RunningClock()) as running:
        stage = Stage(browser, running)
        other = await stage.clerk("赵强", "3")
        await stage.take()
        page = await on_duty(stage)
        await page.keyboard.press("F2")
        await phase(page, "called")
        missed = page.locator(".key-missed")
        await expect(missed).to_contain_text("广播还没有播出，请先重呼")
        await ready(page, "办结")
        await page.keyboard.press("F3")
        await expect(page.locator(".hero-timer")).to_contain_text("已呼叫 2 次")
        await expect(missed.locator(".key-note")).to_have_text("")
        await page.wait_for_timeout(200)
        stage.guard(page).expects(409)
        await page.keyboard.press("F7")
        await expect(missed.locator(".refusal")).to_contain_text("秒后可按过号")
        stage.hub.clock.pass_(60)
        await other.ok("/windows/3/pause", {"reason": "leave"})
        await page.keyboard.press("F7")
        await phase(page, "open")
        await stage.end()


async def test_what_changed_meanwhile_is_not_pressed_away(stage: Stage) -> None:
    """A press that was meant for another picture is refused in words."""
    await stage.take()
    page = await on_duty(stage)
    stage.guard(page).expects(409)

    async def late(route: Route) -> None:
        await stage.hub.hall.do(commands.call_next, window="2")
        await route.continue_()

    await page.route("**/call-next", late)
    await page.keyboard.press("F2")
    await expect(page.locator(".refusal:visible")).to_have_text("状态已变化，请看清后再按")
    await phase(page, "called")


async def test_help_and_sign_off(stage: Stage) -> None:
    page = await on_duty(stage)
    stage.guard(page).expects(401)
    await page.keyboard.press("F1")
    await expect(page.locator(".notice")).to_have_text("已通知大厅管理室")
    await page.locator(".top-who").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")  # sign off is the first of the menu
    await page.keyboard.press("Enter")  # and is confirmed
    await expect(page.locator("h1")).to_contain_text("登录上岗")
    assert stage.hub.hall.picture.windows["2"].clerk is None


async def test_another_clerks_window_is_not_opened(stage: Stage) -> None:
    await stage.clerk("李明", "2")
    page = await stage.signed_in("/window/2", "赵强", TERMINAL)
    await expect(page.locator(".gate .band")).to_have_text("李明正在本窗口上岗")


async def test_after_an_outage_each_clerk_is_asked(stage: Stage) -> None:
    taken = await stage.take()
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await phase(page, "called")
    now = stage.hub.hall.now()
    await stage.hub.hall.do(days.recover, since=now - 1000, until=now)
    await expect(page.locator(".hero-service")).to_have_text(f"系统中断前您在办 {taken['number']} 号，是否继续？")
    await ready(page, "继续办理")
    await page.keyboard.press("F2")
    await phase(page, "called")
