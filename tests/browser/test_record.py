"""From the pad's press to two records: the office's, and one's own, which tells nothing before the week is over."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.gallery import Gallery
from tests.browser.stage import TERMINAL, Stage
from tests.browser.test_gallery import in_language

pytestmark = pytest.mark.asyncio(loop_scope="session")
OFFICE = "大厅管理室"
DESK = (1280, 800)
WEEK = 7 * 24 * 3600


async def looked_at(page: Page, name: str, *sizes: tuple[int, int]) -> None:
    """In both languages: no cut or raw text, nothing against WCAG."""
    for lang in ("en", "zh-CN"):
        gallery = Gallery(lang)
        await in_language(page, lang)
        await page.locator(".definitions tbody tr").first.wait_for()
        await gallery.look(page, name, sizes)
        gallery.check()


async def test_a_record_from_the_press_to_ones_own_page_d02_d18(stage: Stage) -> None:
    clerk = await stage.clerk()
    await stage.take()
    await clerk.ok("/windows/2/call-next")
    stage.hub.clock.pass_(300)
    await clerk.ok("/windows/2/finish")
    pad = await stage.hub.device("pad-citizen", "2")
    stage.hub.clock.pass_(5)
    await pad.ok("/pads/2/rating", {"token": stage.hub.hall.invitations["2"].token, "level": 2})

    boss = await stage.signed_in("/office#records", OFFICE, DESK, role=stage.new(OFFICE, "office"))
    await boss.locator("tr", has_text="李明").get_by_role("link").click()
    await expect(boss.locator("h1", has_text="李明")).to_be_visible()
    await expect(boss.locator(".level", has_text="不满意").first).to_contain_text("1")
    await expect(boss.locator(".fig", has_text="满意率")).to_contain_text("1 人评价")
    await expect(boss.locator(".definitions")).to_contain_text("威尔逊区间")
    await boss.get_by_role("button", name="登记表扬、表彰").click()
    await boss.get_by_label("事由").fill("耐心帮助老人")
    await boss.get_by_role("button", name="登记", exact=True).click()
    await expect(boss.locator("section", has_text="考核台账").last).to_contain_text("耐心帮助老人")

    await looked_at(boss, "record")

    terminal = await stage.signed_in("/window/2", "李明", TERMINAL)
    await terminal.locator(".top-who").click()
    await terminal.get_by_role("button", name="我的考核").click()
    await terminal.wait_for_url("**/me")
    await expect(terminal.locator(".fig", has_text="办结").first).to_contain_text("1")
    await expect(terminal.locator(".fig", has_text="满意率")).to_contain_text("无人评价")
    await expect(terminal.locator(".band", has_text="下周一")).to_be_visible()

    stage.hub.clock.pass_(WEEK)
    own = await stage.signed_in("/me", "李明", DESK)
    await expect(own.locator(".fig", has_text="满意率")).to_contain_text("1 人评价")
    await expect(own.locator("main")).not_to_contain_text("2026-11-23 09:0")
    await looked_at(own, "me", TERMINAL, DESK)


async def test_the_comparison_names_no_person(stage: Stage) -> None:
    clerk = await stage.clerk()
    await stage.take()
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/finish")
    page = await stage.signed_in("/office#compare", "分管领导", DESK, role=stage.new("分管领导", "leader"))
    await expect(page.locator("tr", has_text="2号窗口")).to_contain_text("社会保险")
    await expect(page.locator("main")).not_to_contain_text("李明")
    await page.get_by_role("button", name="按部门").click()
    await expect(page.locator("tr", has_text="社会保险")).to_be_visible()
    wall = await stage.device("/board", "board")
    await expect(wall.locator("body")).to_contain_text("2")
    await expect(wall.locator("body")).not_to_contain_text("李明")
