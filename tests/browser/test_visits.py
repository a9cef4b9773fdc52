"""In Chromium: a missed number is found again, a lost slip printed anew, a visit has two stops, a colleague goes on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from hallq.ticketing import commands
from hallq.ticketing.model import Service, Ticket
from tests.browser.stage import Stage
from tests.browser.test_terminal import on_duty, phase, ready

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def keyed(kiosk: Page, digits: str) -> None:
    for digit in digits:
        await kiosk.locator(".pad-grid .pad-key").get_by_text(digit, exact=True).click()


async def row(stage: Stage, ticket: int) -> Any:
    return await stage.hub.hall.read(lambda db: db.get(Ticket, ticket))


async def find(kiosk: Page, number: str, code: str) -> None:
    await kiosk.get_by_role("button", name="过号了／小票丢了").click()
    await kiosk.locator(".pad-letters").get_by_text(number[0], exact=True).click()
    await keyed(kiosk, number[1:])
    await kiosk.get_by_role("button", name="下一步").click()
    await keyed(kiosk, code)
    await kiosk.get_by_role("button", name="查找").click()


async def test_a_missed_number_is_found_again_once(stage: Stage) -> None:
    ticket = await stage.take()
    await stage.hub.clerk("李明", "2")
    await stage.hub.hall.do(commands.call_next, window="2")
    await stage.hub.hall.do(commands.no_show, window="2")
    kiosk = await stage.kiosk()
    await find(kiosk, ticket["number"], ticket["check_code"])
    await expect(kiosk.locator(".hero-number")).to_have_text(ticket["number"])
    await expect(kiosk.locator(".slip-text")).to_contain_text("已为您找回，不用重新取号")
    await expect(kiosk.locator(".facts")).to_contain_text("前面没有人")
    await kiosk.get_by_role("button", name="完成").click()
    await expect(kiosk.locator(".choice").first).to_be_visible()
    await stage.hub.hall.do(commands.call_next, window="2")
    await stage.hub.hall.do(commands.no_show, window="2")
    stage.guard(kiosk).expects(409)
    await find(kiosk, ticket["number"], ticket["check_code"])
    await expect(kiosk.locator("dialog.ask")).to_contain_text("这个号已经找回过 1 次")


async def test_a_wrong_code_is_asked_again_and_a_lost_slip_is_printed(stage: Stage) -> None:
    ticket = await stage.take()
    kiosk = await stage.kiosk()
    stage.guard(kiosk).expects(404)
    await find(kiosk, ticket["number"], f"{(int(ticket['check_code']) + 1) % 10000:04d}")
    await expect(kiosk.locator("dialog.ask")).to_contain_text("号码或核对码不对")
    await kiosk.get_by_role("button", name="再试一次").click()
    await keyed(kiosk, ticket["check_code"])
    await kiosk.get_by_role("button", name="查找").click()
    await expect(kiosk.locator(".slip-text")).to_contain_text("您的号码有效")
    await kiosk.get_by_role("button", name="补打小票").click()
    await expect(kiosk.locator(".slip-text")).to_contain_text("新核对码")
    new = await row(stage, ticket["id"])
    assert new.reissued == 1 and new.check_code != ticket["check_code"]
    await expect(kiosk.locator(".slip-text")).to_contain_text(new.check_code)


async def test_the_page_of_a_found_number_leaves_by_itself(stage: Stage) -> None:
    ticket = await stage.take()
    kiosk = await stage.kiosk(hurried=True)
    await find(kiosk, ticket["number"], ticket["check_code"])
    await expect(kiosk.locator(".hero-number")).to_have_text(ticket["number"])
    await kiosk.clock.run_for(32_000)
    await expect(kiosk.locator(".choice").first).to_be_visible()


async def test_a20_a_second_matter_joins_the_number(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    await kiosk.locator(".choice", has_text="身份证").click()
    await kiosk.locator(".stop").click()
    await expect(kiosk.locator("h1")).to_have_text("接着还要办哪项业务？")
    await kiosk.locator(".choice", has_text="养老金").click()
    await expect(kiosk.locator(".stop").first).to_contain_text("接着办：养老金")
    await kiosk.locator(".take").click()
    number = await kiosk.locator(".hero-number").inner_text()
    ticket = next(view for view in stage.hub.hall.picture.tickets.values() if view.number == number)
    assert ticket.then == ("pension",)


async def test_who_needs_a_card_is_sent_to_a_guide(stage: Stage) -> None:
    await stage.hub.hall.do(lambda tx: tx.update(tx.get(Service, "id"), identity="required"))
    kiosk = await stage.kiosk()
    stage.guard(kiosk).expects(409)
    await kiosk.locator(".choice", has_text="身份证").click()
    await kiosk.locator(".take").click()
    await expect(kiosk.locator("dialog.ask")).to_contain_text("没带身份证请找导服人员取号")
    await kiosk.locator("dialog .primary").click()
    await expect(kiosk.locator("dialog.ask")).to_contain_text("已通知导服人员")
    assert any(notice.kind == "help" for notice in stage.hub.hall.picture.notices.values())


async def test_a_service_without_groups_asks_for_none(stage: Stage) -> None:
    await stage.hub.hall.do(lambda tx: tx.update(tx.get(Service, "id"), groups=False))
    kiosk = await stage.kiosk()
    await kiosk.locator(".choice", has_text="身份证").click()
    await expect(kiosk.locator(".take")).to_be_visible()
    await expect(kiosk.locator(".steppers")).to_have_count(0)


async def test_a17_a_colleague_and_a_next_matter_at_the_terminal(stage: Stage) -> None:
    first, second = await stage.take(), await stage.take()
    await stage.hub.clerk("赵强", "3")
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.keyboard.press("F8")
    await page.locator("dialog").get_by_text("指定人员").click()
    await page.locator(".finder-row", has_text="赵强").click()
    await page.locator("dialog .primary").click()
    await phase(page, "open")
    assert (await row(stage, first["id"])).for_window == "3"
    await ready(page, "叫下一位")
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.keyboard.press("F8")
    await page.locator("dialog").get_by_text("已办结，还有下一项").click()
    await page.locator(".finder-row", has_text="身份证").click()
    await page.get_by_role("button", name="办结并接着办").click()
    await phase(page, "open")
    done = await row(stage, second["id"])
    assert (done.state, done.service, done.stops) == ("waiting", "id", 1)


async def test_a02_without_a_number_only_with_a_reason(stage: Stage) -> None:
    page = await on_duty(stage)
    await page.locator(".top-who").click()
    await page.get_by_role("button", name="无号办理").click()
    await page.locator(".finder-row", has_text="养老金").click()
    await page.locator("dialog .field .input").fill("行动不便，导服陪同")
    await page.get_by_role("button", name="开始办理").last.click()
    await phase(page, "serving")
