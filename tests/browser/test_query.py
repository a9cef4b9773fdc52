"""Guides by touch at a kiosk, by keyboard at a desk, on a telephone; axe looks at each, also in large type."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Page, ViewportSize, expect

from hallq import files
from hallq.kernel import Tx
from tests.browser.gallery import Gallery
from tests.browser.stage import Stage
from tests.web.test_query import enact

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANDSCAPE = (1920, 1080)
TELEPHONE = (390, 844)


def guides(tx: Tx) -> None:
    drawn = BytesIO()
    Image.new("RGB", (420, 594), "white").save(drawn, "PNG")
    form = files.store(tx, name="申请表.png", media="image/png", content=drawn.getvalue(), ref="guide/id")
    declared = {"name": "遗失声明", "form": "form", "when": "补领时", "samples": [form.id]}
    enact(
        tx, online="政务服务网", result="居民身份证", special="首次申领采集指纹", mail=True, conditions=["满十六周岁"],
        materials=[{"name": "居民户口簿", "name_en": "Household register"}, declared],
    )  # fmt: skip


async def flip(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def test_a_citizen_finds_a_guide_by_touch_alone_and_takes_a_number_h05_a16(stage: Stage) -> None:
    await stage.hub.hall.do(guides)
    gallery = Gallery("zh")
    kiosk = await stage.kiosk()
    await flip(kiosk, "查办事指南")
    await expect(kiosk.locator("h1")).to_have_text("您好，请问您要办什么事？")
    await gallery.look(kiosk, "query-start")
    await kiosk.locator(".find-key").click()
    for letter in "SFZ":
        await flip(kiosk, letter)
    await expect(kiosk.get_by_role("status")).to_have_text("找到 1 个事项")
    await gallery.look(kiosk, "query-find", (LANDSCAPE, (1080, 1920)))
    await kiosk.locator(".choice").click()
    await expect(kiosk.locator(".bring li")).to_have_count(2)
    await gallery.look(kiosk, "query-item", (LANDSCAPE, (1080, 1920)))
    await flip(kiosk, "遗失声明：表格和样本")
    await gallery.look(kiosk, "query-sample")
    await flip(kiosk, "关闭")
    await flip(kiosk, "大字版")
    await gallery.look(kiosk, "query-item-large", (LANDSCAPE, (1080, 1920)))
    await flip(kiosk, "返回")
    await flip(kiosk, "返回")
    await gallery.look(kiosk, "query-start-large")
    await kiosk.locator(".find-key").click()
    await flip(kiosk, "S")
    await kiosk.locator(".choice").first.click()
    await flip(kiosk, "取号办理")
    await expect(kiosk.locator(".what")).to_have_text("身份证")
    await flip(kiosk, "需要带什么？")
    await expect(kiosk.locator(".bring-list li")).to_have_text(["居民户口簿", "遗失声明补领时提供"])
    await gallery.look(kiosk, "kiosk-bring")
    await flip(kiosk, "关闭")
    await kiosk.locator(".take").click()
    await expect(kiosk.locator(".hero-number")).to_have_text("A001")
    gallery.check()


async def test_a_guide_is_found_by_keyboard_alone_and_read_in_english_h05(stage: Stage) -> None:
    await stage.hub.hall.do(guides)
    gallery = Gallery("en")
    page = await stage.page("/query", (1280, 800), lang="en")
    await expect(page.locator("h1")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.type("shenfemzheng")  # mistyped: what it may have been is shown, and not opened by itself
    await expect(page.get_by_role("status")).to_have_text("Nothing matches exactly. Do you mean one of these?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".choice")).to_have_count(1)
    await page.keyboard.press("Control+A")
    await page.keyboard.type("shenfenzheng")
    await expect(page.get_by_role("status")).to_have_text("1 service found")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(".choice")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".guide-name")).to_be_focused()
    await gallery.look(page, "query-desk", (TELEPHONE, (1280, 800)))
    await page.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("居民身份证法")).to_be_visible()
    await page.locator(".foot .back").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("searchbox")).to_have_value("shenfenzheng")
    await page.set_viewport_size(ViewportSize(width=390, height=844))
    await gallery.look(page, "query-phone-find")
    gallery.check()


async def test_a_machine_that_nobody_touches_asks_and_goes_back_to_its_start(stage: Stage) -> None:
    await stage.hub.hall.do(guides)
    page = await stage.device("/query?id=k2", "kiosk", "k2", LANDSCAPE, hurried=True)
    await flip(page, "按部门选")
    await page.locator(".choice").first.click()
    await page.clock.run_for(62_000)
    await expect(page.locator("dialog.ask")).to_contain_text("您还在看吗？")
    await flip(page, "我还在看")
    await page.clock.run_for(75_000)
    await expect(page.locator(".tabs .guides")).to_be_visible()  # the kiosk's own first page
