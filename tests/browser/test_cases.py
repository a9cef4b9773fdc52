"""From the pad's press to the closed case and its work order, and a complaint at the kiosk, as people do it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from hallq.ticketing import commands
from tests.browser.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def step(page: Page, name: str, note: str, label: str) -> None:
    """The step's form: its note, and its own key."""
    form = page.locator("form.case-form").first
    await form.get_by_label(label).fill(note)
    await form.locator("button[type=submit]").click()
    await expect(page.locator(".table strong", has_text=name).first).to_be_visible()


async def test_a_bad_rating_is_worked_off_to_its_end_and_printed(stage: Stage) -> None:
    pad = await stage.pad("2")
    await stage.clerk()
    await stage.take()
    await stage.hub.hall.do(commands.call_next, window="2")
    await stage.hub.hall.do(commands.finish, window="2")
    await pad.locator(".level").nth(4).click()
    await expect(pad.locator("h1")).not_to_contain_text("请您评价本次服务")
    office = await stage.signed_in("/office#cases", "林静", role="office")
    await office.get_by_role("link", name="2026-0001").click()
    await expect(office.locator(".page h2").first).to_have_text("2026-0001　差评")
    await step(office, "核实", "等候时间确实较长", "核实了什么")
    await step(office, "整改", "已增加窗口", "整改情况")
    await step(office, "办结", "匿名，没有联系方式", "办结说明")
    await expect(office.locator(".badge", has_text="已办结")).to_be_visible()
    await office.goto(office.url.split("#")[0] + "/cases/1/print")
    await expect(office.locator("h1")).to_contain_text("好差评处理工单")
    await expect(office.locator("table")).to_contain_text("已增加窗口")


async def test_three_presses_bring_somebody_to_the_kiosk_e01(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    for words in ("投诉与建议", "服务态度", "请工作人员过来"):
        await kiosk.get_by_role("button", name=words).click()
    await expect(kiosk.locator("dialog")).to_contain_text("工作人员马上过来，请在这里稍候")
    await expect(kiosk.locator("dialog")).to_contain_text("2026-0001")
    notices = stage.hub.hall.picture.notices.values()
    assert {notice.kind for notice in notices} >= {"help", "alarm"}
