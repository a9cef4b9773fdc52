"""The office's year: looked at, changed by keyboard, confirmed; and what the screen says on a day off."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.gallery import Gallery
from tests.browser.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIZES = ((1280, 900), (390, 844))


async def year_page(stage: Stage, lang: str = "zh-CN") -> Page:
    page = await stage.signed_in("/office#calendar", "赵敏", (1280, 900), role=stage.new("赵敏", "office"), lang=lang)
    await expect(page.locator(".cal-day")).to_have_count(365)
    return page


async def test_a_day_is_set_by_keyboard_and_given_back(stage: Stage) -> None:
    page = await year_page(stage)
    await expect(page.locator(".band.green")).to_contain_text("国务院")
    assert await page.locator(".cal-day[tabindex='0']").count() == 1  # one stop for the Tab key
    await page.locator("[data-day='2026-11-23']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        await page.keyboard.press(key)
    friday = page.locator("[data-day='2026-12-04']")
    await expect(friday).to_be_focused()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("2026年12月4日")
    await dialog.get_by_label("名称（可不填）", exact=True).fill("停电检修")
    await dialog.get_by_role("button", name="这天休息").click()
    await expect(friday).to_have_attribute("aria-label", "2026年12月4日星期五，放假，停电检修，本厅自定")
    await expect(page.locator(".cal-own")).to_contain_text("停电检修")
    await friday.click()
    await dialog.get_by_role("button", name="恢复原来的安排").click()
    await expect(friday).to_have_attribute("aria-label", "2026年12月4日星期五，上班")
    await page.locator("[data-day='2026-11-20']").click()
    await expect(dialog).to_contain_text("过去的日子不能再改")


async def test_the_next_year_is_a_forecast_until_it_is_confirmed(stage: Stage) -> None:
    page = await year_page(stage)
    await page.get_by_role("button", name="下一年").click()
    await expect(page.locator(".band.amber")).to_contain_text("2027 年的放假安排尚未公布")
    await page.get_by_role("button", name="已逐日核对，确认 2027 年").click()
    await expect(page.locator(".band.green")).to_have_text("已由 赵敏 确认")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_the_year_can_be_read(stage: Stage, lang: str) -> None:
    gallery = Gallery(lang)
    page = await year_page(stage, lang)
    await gallery.look(page, "office-calendar", SIZES)
    await page.locator("[data-day='2026-12-25']").click()
    await gallery.look(page, "office-calendar-day", SIZES)
    await page.keyboard.press("Escape")
    await page.locator(".cal-head button").nth(1).click()
    await expect(page.locator(".cal-confirm")).to_be_visible()
    await gallery.look(page, "office-calendar-forecast", SIZES)
    gallery.check()
