"""From the press on the pad to the closed case, to the own record, and to the month's score and printed bulletin."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from hallq.people import commands as people
from tests.browser.stage import TERMINAL, Stage, WiredStage, words
from tests.browser.test_story import settled, take_a_number

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK = (1366, 768)
TABLET = (768, 1024)
WEEK = 7 * 24 * 3600
WORKED_OFF = (
    ("联系群众", "联系情况", "已致电说明并致歉"),
    ("整改", "整改情况", "已增加一个窗口"),
    ("答复", "答复内容", "已告知整改结果"),
    ("回访满意", "回访情况", "群众表示满意"),
    ("办结", "办结说明", "整改到位"),
)


async def test_a_press_on_the_pad_is_worked_off_to_its_end(wired: WiredStage) -> None:
    """D01, D02, D05, D18, F05: the clerk's pages stay as they are; the office's case goes its six steps; a patrol
    finds something, the chief representative objects; later the clerk reads the own record."""
    await wired.hub.hall.do(people.add_person, name="周敏", role="chief", window="2")
    kiosk, pad = await wired.kiosk(), await wired.pad("2")
    number = await take_a_number(kiosk, "养老金")
    await wired.close(kiosk)
    terminal = await wired.signed_in("/window/2", "李明", TERMINAL)
    await terminal.get_by_role("button", name="本窗口上岗").click()
    await settled(terminal, "叫下一位")
    await terminal.keyboard.press("F2")
    await settled(terminal, "办结")
    await terminal.keyboard.press("F2")
    await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "open")

    before = await without_clock(terminal)
    await pad.locator(".level", has_text="非常不满意").click()
    await pad.get_by_role("button", name="办理时间长").click()
    await pad.get_by_role("button", name="提交").click()
    await expect(pad.locator("h1")).to_have_text("谢谢您的评价，请您慢走，再见")
    office = await wired.signed_in("/office#cases", "林静", DESK, role=wired.new("林静", "office"))
    await expect(office.get_by_role("link", name="2026-0001")).to_be_visible()
    assert await without_clock(terminal) == before
    await wired.close(pad)

    await work_off(office, number)
    await patrolled_and_objected(wired, office)

    wired.hub.clock.pass_(WEEK)
    own = await wired.signed_in("/me", "李明", DESK)
    await expect(own.locator(".fig", has_text="满意率")).to_contain_text("1 人评价")
    await expect(own.locator("section", has_text="巡查").last).to_contain_text("玩游戏")
    await expect(own.locator("main")).not_to_contain_text("13800001111")


async def without_clock(page: Page) -> str:
    return re.sub(r"\d\d:\d\d|\d+ 秒", "", await words(page))


async def work_off(office: Page, number: str) -> None:
    await office.get_by_role("link", name="2026-0001").click()
    about = office.locator("dl.facts").first
    await expect(about).to_contain_text(number)
    await expect(about).to_contain_text("办理时间长")
    await expect(office.locator(".table", has_text="评价")).to_contain_text("非常不满意")
    await step(office, "核实", "核实了什么", "业务系统较慢，等候时间确实较长")
    await office.get_by_role("button", name="补登联系方式").click()
    sheet = office.locator("dialog.ask")
    await sheet.get_by_label("联系方式").fill("13800001111")
    await sheet.get_by_role("button", name="保存").click()
    await expect(office.get_by_text("138****1111")).to_be_visible()
    for name, label, note in WORKED_OFF:
        await step(office, name, label, note)
    await expect(office.locator(".badge", has_text="已办结")).to_be_visible()
    async with office.context.expect_page() as opened:
        await office.get_by_role("link", name="打印工单").click()
    paper = await opened.value
    await expect(paper.locator("h1")).to_contain_text("好差评处理工单")
    for *_, note in WORKED_OFF:
        await expect(paper.locator("body")).to_contain_text(note)
    await expect(paper.locator("body")).not_to_contain_text("13800001111")
    await paper.close()


async def step(office: Page, name: str, label: str, note: str) -> None:
    """The page offers this step and keeps it among those done."""
    form = office.locator("form.case-form").first
    await form.get_by_label(label).fill(note)
    await form.get_by_role("button", name=name, exact=True).click()
    await expect(office.locator(".table td", has_text=note)).to_be_visible()


async def patrolled_and_objected(stage: Stage, office: Page) -> None:
    tablet = await stage.signed_in("/patrol", "林静", TABLET)
    await tablet.get_by_role("button", name="开始巡查").click()
    conduct = tablet.locator(".pt-item", has_text="与工作无关")
    await conduct.get_by_role("button", name="有问题").click()
    await tablet.locator("dialog .option", has_text="玩游戏").click()
    await tablet.locator("dialog .option", has_text="李明").click()
    await tablet.get_by_role("button", name="记下").click()
    await expect(conduct).to_contain_text("玩游戏")
    await expect(conduct).not_to_contain_text("待上传")
    await stage.close(tablet)

    chief = await stage.signed_in("/office#patrols", "周敏", DESK)
    await chief.get_by_role("link", name="1", exact=True).click()
    await chief.get_by_role("button", name="提出异议").click()
    await chief.get_by_label("异议内容").fill("当时正在用手机为群众拍照上传")
    await chief.get_by_role("button", name="提交").click()
    await expect(chief.locator(".badge", has_text="有异议，待答复")).to_be_visible()
    await stage.close(chief)

    await office.goto(f"{stage.base}/office#patrols/1")
    await expect(office.locator(".page")).to_contain_text("当时正在用手机为群众拍照上传")
    await office.get_by_role("button", name="维持").click()
    await office.get_by_label("维持的理由").fill("经核对监控，情况属实")
    await office.get_by_role("button", name="提交").click()
    await expect(office.locator(".badge", has_text="已确认")).to_be_visible()
