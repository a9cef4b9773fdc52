"""From the press on the pad to the closed case, to the own record, and to the month's score and printed bulletin."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hallq.demo.past import history
from hallq.people import commands as people
from tests.browser.stage import TERMINAL, RunningClock, Stage, WiredStage, words
from tests.browser.test_story import settled, take_a_number
from tests.hub import hub, write_hall
from tests.pdf_text import pdf_text

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK = (1366, 768)
TABLET = (768, 1024)
WEEK = 7 * 24 * 3600
MONDAY, NOVEMBER = date(2026, 11, 23), date(2026, 11, 2)
WORKED_OFF = (
    ("联系群众", "联系情况", "已致电说明并致歉"),
    ("整改", "整改情况", "已增加一个窗口"),
    ("答复", "答复内容", "已告知整改结果"),
    ("回访满意", "回访情况", "群众表示满意"),
    ("办结", "办结说明", "整改到位"),
)


async def test_a_press_on_the_pad_is_worked_off_to_its_end(wired: WiredStage) -> None:
    """D05, D18, F05, F07: the clerk's pages stay as they are; the office's case goes its six steps; a patrol
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


# -- a month later


@pytest_asyncio.fixture(loop_scope="session")
async def november(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    """The first working day after a whole month, nine o'clock."""
    settings, clock = write_hall(tmp_path), RunningClock()
    await asyncio.to_thread(history.fill, settings, until=NOVEMBER, days=NOVEMBER.day + 31, each=6)
    clock.pass_(-(MONDAY - NOVEMBER).total_seconds())
    async with hub(settings, clock) as running:
        stage = Stage(browser, running)
        yield stage
        await stage.end()


async def test_a_month_is_scored_printed_and_proved(november: Stage) -> None:
    """D20, E20, F12, F15, E16: published, objected to, decided, frozen; the bulletin approved, numbered and printed;
    its hash is what the auditor holds against the record."""
    office = await november.signed_in("/office#scores/2026-10", "林静", DESK, role=november.new("林静", "office"))
    await confirmed(office, "公示")
    await expect(office.locator(".band", has_text="公示期内可提异议")).to_be_visible()
    own = await november.signed_in("/me", "李明", DESK)
    await own.get_by_role("button", name="提异议").first.click()
    await own.get_by_label("情况说明").fill("当天系统停机，请核实")
    await own.get_by_role("button", name="提交").click()
    await expect(own.locator("section", has_text="异议").last).to_contain_text("待核定")
    await november.close(own)

    await office.get_by_role("link", name="李明").click()
    await office.get_by_role("button", name="核定").click()
    await office.get_by_label("核定意见").select_option("不采纳：保留")
    await office.get_by_label("理由").fill("停机时间已扣除")
    await office.locator("dialog").get_by_role("button", name="核定").click()
    await expect(office.locator(".badge", has_text="未采纳")).to_be_visible()
    await november.close(office)

    november.hub.clock.pass_(WEEK)
    office = await november.signed_in("/office#scores/2026-10", "林静", DESK)
    await confirmed(office, "定稿")
    await expect(office.locator(".badge", has_text="已定稿")).to_be_visible()

    number, head = await issued(november, office)
    await proved(november, number, head)


async def confirmed(office: Page, words_: str) -> None:
    await office.get_by_role("button", name=words_, exact=True).click()
    await office.locator("dialog").get_by_role("button", name=words_).click()


async def issued(stage: Stage, office: Page) -> tuple[str, str]:
    """The month's bulletin, from its draft to the paper: its number and the hash that is printed on it."""
    await office.goto(f"{stage.base}/office#bulletins")
    await office.get_by_role("link", name="关于2026年10月督查情况的通报").click()
    for name in ("晨会", "领导带班"):
        await office.get_by_label(re.compile(f"{name}.*正文")).fill("记录完整。")
    await office.get_by_role("button", name="保存修改").click()
    await expect(office.locator("ins", has_text="记录完整").first).to_be_visible()
    for name in ("林静", "方志平", "苏和"):
        await office.get_by_label("姓名").fill(name)
        await office.get_by_role("button", name="审定").click()
        await expect(office.locator("ol li", has_text=name)).to_be_visible()
    await expect(office.locator(".badge", has_text="已存档")).to_be_visible()
    number = re.match(r"\S+", await office.locator(".page h2").first.inner_text())
    async with office.expect_download() as fetched:
        await office.get_by_role("link", name="PDF").click()
    paper = pdf_text((await (await fetched.value).path()).read_bytes())
    assert number is not None
    assert number[0] in paper
    assert "测试大厅" in paper
    head = re.search(r"操作记录第 (\d+) 条　哈希 (\w+)", paper)
    assert head is not None
    return number[0], f"{head[1]}:{head[2]}"


async def proved(stage: Stage, number: str, head: str) -> None:
    """The printed hash is found in the record; the same seed draws the same calls, and the rule explains them."""
    clerk = await stage.clerk()
    for category in ("ordinary", "elderly"):
        await stage.take(category=category)
    await clerk.ok("/windows/2/call-next")
    auditor = await stage.signed_in("/office#audit", "秦正", DESK, role=stage.new("秦正", "auditor"))
    await auditor.get_by_label("以前留存的链首哈希").fill(head)
    await auditor.get_by_role("button", name="开始核验").click()
    await expect(auditor.locator(".band.green", has_text="核验通过")).to_be_visible()
    drawn = [await sample(auditor) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 12
    await auditor.goto(f"{stage.base}/office#bulletins")
    await expect(auditor.get_by_role("row", name=number)).to_be_visible()


async def sample(auditor: Page) -> list[str]:
    await auditor.reload()
    await auditor.get_by_label("种子号").fill("2026年11月")
    await auditor.get_by_label("抽取数量").fill("12")
    await auditor.get_by_role("button", name="抽取").click()
    await auditor.locator("summary", has_text="当时谁在等").first.wait_for()
    return await auditor.get_by_role("table", name="叫号").locator("tbody tr").all_inner_texts()
