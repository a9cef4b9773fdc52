"""An emergency from one press in the office to every page and strip, and back to exactly what was there."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.gallery import Gallery
from tests.browser.stage import PAD, TERMINAL, Stage, WiredStage, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "请听从工作人员引导"


async def press(office: Page, name: str, confirm: str) -> None:
    """One action and one confirmation."""
    await office.get_by_role("button", name=name).click()
    await office.get_by_role("dialog").get_by_role("button", name=confirm).click()


async def test_one_press_shows_it_everywhere_and_the_end_brings_all_back(wired: WiredStage) -> None:
    kiosk, screen, pad = await wired.kiosk(), await wired.screen(), await wired.pad("2")
    board = await wired.device("/board", "board")
    clerk = await wired.clerk()
    first = await wired.take()
    await clerk.ok("/windows/2/call-next", {})
    terminal = await wired.signed_in("/window/2", "李明", TERMINAL)
    clerk_pad = await wired.device("/pad/2/clerk", "pad-clerk", "2", PAD)
    office = await wired.signed_in("/office#emergency", "赵敏", role=wired.new("赵敏", "office"))
    await expect(terminal.locator(".hero-number")).to_have_text(first["number"])
    await expect(pad.locator(".big-number")).to_have_text(first["number"])

    await press(office, "有序撤离", "确认启动：有序撤离")
    for page in (kiosk, screen):
        await expect(page.locator(".emergency-page h1")).to_have_text("请有序撤离")
        await expect(page.locator(".emergency-page")).to_contain_text(WORDS)
        await expect(page.locator(".emergency-page")).to_contain_text("nearest exit")
    await expect(pad.locator("h1")).to_have_text("请有序撤离")
    for page in (board, terminal, clerk_pad, office):
        await expect(page.locator(".emergency-band")).to_contain_text(WORDS)
    await wired.strip_shows("请有序撤离")
    await until(lambda: any(WORDS in said["text"] for said in wired.hosts["voice"].device.state()["spoken"]))
    refused = await clerk.post("/windows/2/recall", {})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "emergency")
    await expect(office.locator(".em-now")).to_contain_text("发起人：赵敏")

    await press(office, "解除紧急情况", "确认解除，恢复办理")
    for page in (kiosk, screen, board, terminal, clerk_pad, office):
        await expect(page.locator(".emergency-page, .emergency-band")).to_be_hidden()
    await expect(kiosk.locator("h1")).to_have_text("您好，请选择要办理的业务")
    await expect(terminal.locator(".hero-number")).to_have_text(first["number"])
    await expect(pad.locator(".big-number")).to_have_text(first["number"])
    await expect(screen.locator(".newest .number")).to_have_text(first["number"])
    await wired.strip_shows(f"请{first['number']}号办理")
    assert (await clerk.ok("/windows/2/recall", {}))["ticket"]["calls"] == 2


async def test_a_guide_has_it_on_a_phone(stage: Stage) -> None:
    phone = await stage.signed_in("/emergency", "乌日娜", (390, 844), role=stage.new("乌日娜", "guide"))
    screen = await stage.screen()
    await press(phone, "原地等候", "确认启动：原地等候")
    await expect(screen.locator(".emergency-page h1")).to_have_text("请在原地等候")
    await expect(phone.locator(".em-now")).to_contain_text("乌日娜")
    gallery = Gallery("zh-CN")
    await gallery.look(phone, "guide-emergency")
    gallery.check()
    await press(phone, "解除紧急情况", "确认解除，恢复办理")
    await expect(screen.locator(".emergency-page")).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_it_can_be_read_and_fits_every_glass(wired: WiredStage, lang: str) -> None:
    gallery = Gallery(lang)
    await wired.clerk()
    kiosk, screen, pad = await wired.kiosk(lang=lang), await wired.screen(lang=lang), await wired.pad("2", lang=lang)
    terminal = await wired.signed_in("/window/2", "李明", TERMINAL, lang=lang)
    board = await wired.device("/board", "board", lang=lang)
    office = await wired.signed_in("/office#emergency", "赵敏", role=wired.new("赵敏", "office"), lang=lang)
    await expect(office.locator(".em-kind")).to_have_count(2)
    await gallery.look(office, "office-emergency", ((1280, 800), (390, 844)))
    who = await wired.hub.person("赵敏")
    await who.ok("/emergency", {"kind": "evacuate"})
    await expect(office.locator(".em-now")).to_be_visible()
    await expect(kiosk.locator(".emergency-page")).to_be_visible()
    await gallery.look(kiosk, "kiosk-emergency", ((1080, 1920), (1920, 1080)))
    await gallery.look(screen, "screen-emergency", ((1920, 1080), (1080, 1920)))
    await gallery.look(pad, "pad-emergency")
    await gallery.look(terminal, "window-emergency")
    await gallery.look(board, "board-emergency")
    await gallery.look(office, "office-emergency-on", ((1280, 800), (390, 844)))
    gallery.check()
