"""The patrol's tablet in Chromium: a touch per item, also while the hub is away; and what the office sees of it."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, expect

from hallq.assessment.patrols import looks
from tests.browser.gallery import Gallery
from tests.browser.stage import Hand, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
TABLET, UPRIGHT = (1024, 768), (768, 1024)


async def test_a_round_on_the_tablet_f01_f05_f06(stage: Stage) -> None:
    """One touch says all right; who is at the window is known; what finds nobody is sent later, once."""
    await stage.clerk()
    page = await stage.signed_in("/patrol", "林静", UPRIGHT, role="office")
    stage.guard(page).expects_silence()
    gallery = Gallery("zh-CN")
    await expect(page.locator(".pt-due")).to_contain_text("今日待巡查")
    hand = Hand(page)
    await hand.touch(page.get_by_role("button", name="开始巡查"))
    signed_in = page.locator(".pt-item", has_text="都有人签到上岗")
    await expect(signed_in).to_contain_text("已签到窗口 1／3 个")
    await hand.touch(page.locator(".pt-item", has_text="便民盒物品齐全").get_by_role("button", name="正常"))
    assert hand.count == 2
    await expect(page.locator(".pt-area").first).to_contain_text("已看 1／")

    async def away(route: Route) -> None:
        await route.abort()

    await page.route("**/api/v1/findings", away)
    conduct = page.locator(".pt-item", has_text="与工作无关")
    await conduct.get_by_role("button", name="有问题").click()
    await page.locator("dialog .option", has_text="玩游戏").click()
    await page.locator("dialog .option", has_text="李明").click()
    await gallery.look(page, "patrol-finding")
    await page.get_by_role("button", name="记下").click()
    await expect(conduct).to_contain_text("待上传")
    await page.unroute("**/api/v1/findings")
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(conduct).not_to_contain_text("待上传")
    await signed_in.get_by_role("button", name="1号窗口").click()
    await page.get_by_role("button", name="记下").click()
    await expect(signed_in).to_contain_text("未到岗")
    await gallery.look(page, "patrol-round", (UPRIGHT, TABLET))

    await page.get_by_role("button", name="结束巡查").click()
    await page.locator("dialog").get_by_role("button", name="结束巡查").click()
    await expect(page.locator(".pt-due")).to_contain_text("今日已巡查")
    rows = await stage.hub.hall.read(looks.findings, since="2026-11-23", until="2026-11-23")
    assert [(row["what"], row["name"], row["window"]) for row in rows] == [
        ("未到岗、未签到", "", "1"),
        ("玩游戏", "李明", "2"),
    ]

    office = await stage.signed_in("/office#patrols", "林静", TABLET)
    await office.get_by_role("link", name="1", exact=True).click()
    await expect(office.locator(".page")).to_contain_text("待部门确认")
    gallery.check()
