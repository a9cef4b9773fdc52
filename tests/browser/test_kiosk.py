"""The kiosk when things go wrong or slowly: paper, a lost answer, nobody there, a closed hall, another language."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from hallq.ticketing import commands
from tests.browser.stage import RunningClock, Stage, WiredStage, until
from tests.hub import hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def take(kiosk: Page, service: str = "养老金") -> str:
    await kiosk.locator(".choice", has_text=service).click()
    await kiosk.locator(".take").click()
    return await kiosk.locator(".hero-number").inner_text()


def ticket_of(stage: Stage, number: str) -> int:
    return next(ticket.id for ticket in stage.hub.hall.picture.tickets.values() if ticket.number == number)


async def test_without_paper_the_number_stands_until_it_is_noted(wired: WiredStage) -> None:
    kiosk = await wired.kiosk()
    wired.hosts["printer"].fault("paper_out", True)
    await until(lambda: any(device["detail"].get("paper") == "out" for device in wired.devices()))
    await kiosk.locator(".choice").first.click()
    await expect(kiosk.locator(".busy").last).to_have_text("本机暂时打印不了小票，取号后请记下号码，号码有效")
    await kiosk.locator(".take").click()
    number = await kiosk.locator(".hero-number").inner_text()
    failed = kiosk.locator(".slip-box[data-state=failed]")
    await expect(failed.locator(".slip-text")).to_have_text(
        f"小票没有打出来。您的号码是 {number}，请记下或拍照，号码有效", timeout=40_000
    )
    await expect(failed.locator(".code")).to_contain_text("核对码")
    await kiosk.get_by_role("button", name="记下了").click()
    await expect(kiosk.locator(".choice").first).to_be_visible()
    assert wired.hub.hall.picture.tickets[ticket_of(wired, number)].state == "waiting"


async def test_who_does_not_want_it_gives_the_number_back(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    number = await take(kiosk)
    ticket = ticket_of(stage, number)
    await kiosk.get_by_role("button", name="不取了").dblclick()  # asked once, whatever an impatient finger does
    await expect(kiosk.locator("dialog.ask")).to_contain_text(f"{number} 号已取消")
    assert stage.hub.hall.picture.tickets[ticket].state == "cancelled"


async def test_a_failed_print_leaves_the_page_after_twenty_seconds(stage: Stage) -> None:
    kiosk = await stage.kiosk(hurried=True)
    number = await take(kiosk)
    await stage.hub.hall.do(commands.set_print, ticket=ticket_of(stage, number), state="failed")
    await kiosk.locator(".slip-box[data-state=failed]").wait_for()
    await kiosk.clock.run_for(18_000)
    await expect(kiosk.locator(".hero-number")).to_have_text(number)
    await kiosk.clock.run_for(5_000)
    await expect(kiosk.locator(".choice").first).to_be_visible()


async def test_an_unknown_print_is_asked_after(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    number = await take(kiosk)
    ticket = ticket_of(stage, number)
    await stage.hub.hall.do(commands.set_print, ticket=ticket, state="unknown")
    await expect(kiosk.locator(".slip-text")).to_have_text("小票打出来了吗？")
    await kiosk.get_by_role("button", name="没有").click()
    await expect(kiosk.locator(".slip-text")).to_contain_text("小票没有打出来")
    await until(lambda: stage.hub.hall.picture.tickets[ticket].print == "failed")


async def test_nobody_there_is_asked_first(stage: Stage) -> None:
    kiosk = await stage.kiosk(hurried=True)
    await kiosk.locator(".choice").first.click()
    await kiosk.clock.run_for(42_000)
    await expect(kiosk.locator("dialog.ask")).to_contain_text("您还在选吗？")
    await kiosk.get_by_role("button", name="我还在选").click()
    await expect(kiosk.locator(".take")).to_be_visible()
    await kiosk.clock.run_for(55_000)
    await expect(kiosk.locator(".take")).to_have_count(0)
    await expect(kiosk.locator("dialog.ask")).to_have_count(0)
    await expect(kiosk.locator("h1")).to_have_text("您好，请选择要办理的业务")


async def test_a_lost_answer_gives_no_second_number(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    stage.guard(kiosk).expects_silence()
    sent: list[str] = []

    async def swallow(route: Route) -> None:
        """The hub gets the wish; its answer is lost on the way back, twice."""
        await route.fetch()
        sent.append("once")
        await (route.abort() if len(sent) < 3 else route.continue_())

    await kiosk.route("**/api/v1/tickets", swallow)
    assert await take(kiosk) == "B001"
    assert len(sent) == 3 and len(stage.hub.hall.picture.tickets) == 1


async def test_priority_needs_and_people_reach_the_ticket(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    await kiosk.locator(".green-band").click()
    await kiosk.locator(".choice", has_text="老年人").click()
    await expect(kiosk.locator(".green-band")).to_contain_text("绿色通道：老年人")
    await kiosk.locator(".choice", has_text="身份证").click()
    await kiosk.locator(".need").first.click()
    await kiosk.get_by_role("button", name="几位加一").click()
    await kiosk.locator(".take").click()
    number = await kiosk.locator(".hero-number").inner_text()
    ticket = stage.hub.hall.picture.tickets[ticket_of(stage, number)]
    assert (ticket.category, ticket.people, ticket.needs) == ("elderly", 2, ("escort",))


async def test_language_and_type_go_back_by_themselves(stage: Stage) -> None:
    kiosk = await stage.kiosk(hurried=True)
    await kiosk.get_by_role("button", name="English").click()
    await expect(kiosk.locator("h1")).to_have_text("Hello. Please choose your service")
    await kiosk.get_by_role("button", name="Large type").click()
    await expect(kiosk.locator("html")).to_have_attribute("data-size", "large")
    before = await kiosk.locator(".card-name").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert before > 40
    await kiosk.clock.run_for(45_000)
    await expect(kiosk.locator("h1")).to_have_text("您好，请选择要办理的业务")
    assert await kiosk.locator("html").get_attribute("data-size") is None


async def test_help_tells_the_office(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    office = await stage.signed_in("/office#notices", "林静", (1366, 768), role="office")
    await kiosk.get_by_role("button", name="请工作人员帮我").click()
    await expect(kiosk.locator("dialog.ask")).to_contain_text("已通知导服人员")
    row = office.get_by_role("row").filter(has_text="k1")
    await row.get_by_role("button").click()
    await expect(row).to_have_count(0)


async def test_before_hours_the_cards_say_when(browser: Browser, tmp_path: Path) -> None:
    clock = RunningClock()
    clock.at -= 2 * 3600_000  # 07:00
    async with hub(write_hall(tmp_path, opening="hours"), clock) as running:
        stage = Stage(browser, running)
        kiosk = await stage.kiosk()
        card = kiosk.locator(".choice").first
        await expect(card).to_contain_text("08:00 开始取号")
        await card.click()
        await expect(kiosk.locator("dialog.ask")).to_contain_text("08:00 开始取号，请稍候")
        await stage.end()
