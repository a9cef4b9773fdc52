"""From a touch on the kiosk to the staff record: kiosk, terminal, strip, voice, screen, pad and office together."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.stage import TERMINAL, Hand, WiredStage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def take_a_number(kiosk: Page, service: str) -> str:
    """Three touches: the service, the confirmation, and the page is left."""
    hand = Hand(kiosk)
    await hand.touch(kiosk.locator(".choice", has_text=service))
    await hand.touch(kiosk.get_by_role("button", name="确认取号"))
    number = await kiosk.locator(".hero-number").inner_text()
    await expect(kiosk.locator(".slip-text")).to_have_text("请取走小票")
    await hand.touch(kiosk.get_by_role("button", name="完成"))
    await expect(kiosk.locator("h1")).to_have_text("您好，请选择要办理的业务")
    assert hand.count == 3
    return number


async def sign_in(stage: WiredStage, page: Page, name: str) -> None:
    """With the one-time password, which must be changed at once."""
    password = await stage.one_time_password(name)
    await page.get_by_label("用户名").fill(name)
    await page.get_by_label("密码").fill(password)
    await page.keyboard.press("Enter")
    await page.get_by_label("新密码").fill("清江水-9x-向东流")
    await page.get_by_label("再输一次").fill("清江水-9x-向东流")
    await page.keyboard.press("Enter")


async def settled(terminal: Page, word: str) -> None:
    """The primary key says this and takes a press."""
    key = terminal.locator(".key-primary button")
    await expect(key).to_contain_text(word)
    await expect(key).to_have_attribute("aria-disabled", "false")


async def test_a_visit_from_touch_to_record(wired: WiredStage) -> None:
    kiosk, screen, pad = await wired.kiosk(), await wired.screen(), await wired.pad("2")
    terminal = await wired.page("/window/2", TERMINAL)
    wired.guard(terminal).expects(401)

    first = await take_a_number(kiosk, "养老金")
    second = await take_a_number(kiosk, "社保卡")
    assert (first, second) == ("B001", "B002")
    assert any(first in line["text"] for line in wired.hosts["printer"].device.state()["slips"][0]["lines"])

    await sign_in(wired, terminal, "李明")  # the clerk's own window opens by itself
    await settled(terminal, "叫下一位")
    await expect(pad.locator("h1")).to_have_text("李明")

    keys = Hand(terminal)
    await keys.key("F2")
    await expect(terminal.locator(".hero-number")).to_have_text(first)
    await expect(screen.locator(".newest .number")).to_have_text(first)
    await expect(screen.locator(".newest .win")).to_have_text("2号窗口")
    await expect(screen.locator(".voice.said .text")).to_contain_text(f"请{first}号到2号窗口")
    await expect(pad.locator(".big-number")).to_have_text(first)
    await wired.strip_shows(f"请{first}号办理")

    await settled(terminal, "办结并叫下一位")
    await keys.key("F2")
    await expect(terminal.locator(".hero-number")).to_have_text(second)
    assert keys.count == 2  # two presses a visit: one for each of its ends
    await rate_well(pad)
    wired.hub.clock.pass_(10)  # the thanks are over
    await wired.strip_shows(f"请{second}号办理")
    await expect(screen.locator(".rows .number").first).to_have_text(first)
    await expect(pad.locator(".big-number")).to_have_text(second)

    wired.hub.clock.pass_(20)
    await settled(terminal, "办结")
    await terminal.keyboard.press("F6")
    await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "serving")
    await expect(pad.locator("html")).to_have_attribute("data-screen", "serving")
    await terminal.keyboard.press("F4" if await terminal.locator(".key-beside").is_visible() else "F2")
    await rate_badly(pad)
    await the_record_has_both(wired)


async def rate_well(pad: Page) -> None:
    keys = pad.locator(".level")
    await expect(keys).to_have_text(["非常满意", "满意", "基本满意", "不满意", "非常不满意"])
    boxes = [await key.bounding_box() for key in await keys.all()]
    assert len({(round(box["width"]), round(box["height"]), round(box["y"])) for box in boxes if box}) == 1
    looks = [await key.evaluate("k => [k.className, getComputedStyle(k).backgroundColor]") for key in await keys.all()]
    assert all(look == looks[0] for look in looks), "no level may stand out"
    assert await pad.locator(".level:focus, .level[aria-pressed=true], .level.pressed").count() == 0
    await keys.first.click()
    await expect(pad.locator("h1")).to_have_text("谢谢您的评价，请您慢走，再见")


async def rate_badly(pad: Page) -> None:
    await pad.locator(".level", has_text="非常不满意").click()
    await expect(pad.locator(".chosen")).to_have_text("您选的是：非常不满意")
    await pad.get_by_role("button", name="办理时间长").click()
    await pad.get_by_role("button", name="态度冷淡").click()
    await pad.get_by_role("button", name="提交").click()
    await expect(pad.locator("h1")).to_have_text("谢谢您的评价，请您慢走，再见")


async def the_record_has_both(stage: WiredStage) -> None:
    office = await stage.signed_in("/office#staff", "林静", (1366, 768), role="office")
    await office.get_by_role("row", name="李明").get_by_role("link", name="个人记录").click()
    await expect(office.locator("h1", has_text="李明")).to_be_visible()
    levels = office.locator(".levels .level")
    await expect(levels.first).to_contain_text("非常满意1")
    await expect(levels.nth(4)).to_contain_text("非常不满意1")
    await office.goto(f"{stage.base}/office#ratings")
    await expect(office.get_by_role("row", name="B001")).to_contain_text("非常满意")
    await expect(office.get_by_role("row", name="非常不满意")).to_contain_text("办理时间长、态度冷淡")


async def test_a_pause_is_said_everywhere(wired: WiredStage) -> None:
    pad, board = await wired.pad("2"), await wired.device("/board", "board")
    terminal = await wired.signed_in("/window/2", "李明", TERMINAL)
    await terminal.get_by_role("button", name="本窗口上岗").click()
    await settled(terminal, "叫下一位")

    await terminal.keyboard.press("F10")
    sheet = terminal.locator("dialog.ask")
    await sheet.get_by_text("轮换用餐").click()
    await expect(sheet).to_contain_text("对外显示：午间轮换，请等候其他窗口")
    await sheet.get_by_text("30 分钟").click()
    await terminal.keyboard.press("Enter")
    await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "paused")
    await expect(pad.locator("h1")).to_have_text("停止服务")
    await expect(pad.locator(".screen")).to_contain_text("午间轮换，请等候其他窗口")
    await expect(pad.locator(".screen")).to_contain_text("预计 09:30 恢复")
    await expect(board.locator(".tile").nth(1)).to_contain_text("暂停")
    await wired.strip_shows("暂停服务")

    await settled(terminal, "恢复服务")
    await terminal.keyboard.press("Space")
    await expect(pad.locator("h1")).to_have_text("李明")
    await expect(board.locator(".tile").nth(1)).to_contain_text("空闲")
