"""The office edits the catalogue: a new service is given to a window, taken at the kiosk and called there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.busy import county_hall
from tests.browser.gallery import Gallery
from tests.browser.stage import TERMINAL, RunningClock, Stage
from tests.hub import hub

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK = (1366, 768)
DESKS = ((390, 844), DESK)
KINDS = ("services", "windows", "departments", "zones", "kiosks", "categories", "pause-reasons")


async def office_page(stage: Stage, kind: str) -> Page:
    page = await stage.signed_in(f"/office#catalogue/{kind}", "林静", DESK, role=stage.new("林静", "office"))
    await page.locator(".sub-tabs .tab[aria-current]").wait_for()
    return page


async def test_a_new_service_is_taken_and_called(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    await expect(kiosk.locator(".choice")).to_have_count(3)
    office = await office_page(stage, "services")
    await office.get_by_role("button", name="添加业务").click()
    sheet = office.locator("dialog.ask")
    await office.keyboard.press("Enter")
    await expect(sheet.get_by_label("编码")).to_be_focused()  # the first that is missing
    await sheet.get_by_label("编码").fill("passport")
    await sheet.get_by_label("名称", exact=True).fill("护照")
    await sheet.get_by_label("部门").select_option("公安户政")
    await sheet.get_by_label("号码前缀").fill("a")
    stage.guard(office).expects(422)
    await office.keyboard.press("Enter")
    await expect(sheet.get_by_label("号码前缀")).to_have_attribute("aria-invalid", "true")
    await sheet.get_by_label("号码前缀").fill("G")
    await office.keyboard.press("Enter")
    row = office.get_by_role("row", name="护照")
    await expect(row).to_contain_text("没有窗口办理")

    await office.get_by_role("navigation").get_by_role("link", name="窗口", exact=True).click()
    await office.get_by_role("button", name="修改 1号窗口").click()
    await sheet.get_by_label("添加业务").first.select_option("护照")
    await sheet.get_by_role("button", name="添加业务").click()
    await sheet.get_by_role("button", name="上移：护照").click()
    await sheet.get_by_role("button", name="保存").click()
    await expect(office.get_by_role("row", name="身份证")).to_contain_text("护照、身份证")

    await expect(kiosk.locator(".choice")).to_have_count(4)  # by itself
    await kiosk.locator(".choice", has_text="护照").click()
    await kiosk.locator(".take").click()
    await expect(kiosk.locator(".hero-number")).to_have_text("G001")
    clerk = await stage.signed_in("/window/1", "王芳", TERMINAL)
    await clerk.get_by_role("button", name="本窗口上岗").click()
    await expect(clerk.locator(".key-primary button")).to_have_attribute("aria-disabled", "false")
    await clerk.keyboard.press("F2")
    await expect(clerk.locator(".hero-number")).to_have_text("G001")


async def test_what_is_in_use_says_so_and_what_is_not_goes_off_and_on(stage: Stage) -> None:
    await stage.take("card")
    office = await office_page(stage, "services")
    stage.guard(office).expects(409)
    row = office.get_by_role("row", name="社保卡")
    for name, words in (("社保卡", "还有 1 个号没有办完"), ("身份证", "已停用")):
        row = office.get_by_role("row", name=name)
        await row.get_by_role("button", name="停用").click()
        await office.locator("dialog.ask button.primary").click()
        await expect(row).to_contain_text(words)
    await row.get_by_role("button", name="启用").click()
    await expect(row).to_contain_text("启用中")


async def test_the_hours_are_saved_or_refused_at_once(stage: Stage) -> None:
    office = await office_page(stage, "hours")
    stage.guard(office).expects(422)
    await office.get_by_label("第 2 段开始").fill("11:00")
    await office.get_by_role("button", name="保存").click()
    await expect(office.locator(".hours > .error")).to_contain_text("不能颠倒或重叠")
    await office.get_by_label("第 2 段开始").fill("13:30")
    await office.get_by_label("星期六").check()
    await office.get_by_role("button", name="保存").click()
    await expect(office.get_by_text("已保存")).to_be_visible()
    await office.reload()
    await expect(office.get_by_label("第 2 段开始")).to_have_value("13:30")
    await expect(office.get_by_label("星期六")).to_be_checked()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_lists_and_forms_at_their_sizes(browser: Browser, tmp_path: Path, lang: str) -> None:
    """A county's whole catalogue, on a desk and on a phone."""
    async with hub(county_hall(tmp_path), RunningClock()) as running:
        stage, gallery = Stage(browser, running), Gallery(lang)
        page = await stage.signed_in("/office", "林静", DESK, role=stage.new("林静", "office"), lang=lang)
        stage.guard(page).expects(422)
        for kind in KINDS:
            await page.goto(f"{stage.base}/office#catalogue/{kind}")
            await page.locator(f".sub-tabs [href='#catalogue/{kind}'][aria-current]").wait_for()
            await page.locator(".page tbody tr").first.wait_for()
            await gallery.look(page, f"office-catalogue-{kind}", DESKS)
            await page.locator(".page tbody tr .btn").first.click()
            await gallery.look(page, f"office-catalogue-{kind}-form", DESKS)
            await page.keyboard.press("Escape")
        await page.goto(f"{stage.base}/office#catalogue/hours")
        await page.locator("form.hours").wait_for()
        await page.locator("form.hours .field input").nth(2).fill("10:00")
        await page.locator("form.hours .primary").click()
        await expect(page.locator(".hours > .error")).not_to_be_empty()
        await gallery.look(page, "office-catalogue-hours", DESKS)
        gallery.check()
        await stage.end()
