"""The pause alarm through its three ranks (B02), the idle question (I19), take-over (B03), the office's hand (B04)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, Request, expect

from hallq.duties import DUTIES
from hallq.office import alarms
from hallq.people.looks import people as everyone
from hallq.ticketing.model import Skill
from tests.browser.stage import TERMINAL, Hand, Stage, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
OFFICE = "大厅管理室"


async def later(stage: Stage, seconds: float, *pages: Page) -> None:
    """So much later the hub has looked, and the pages tell the time."""
    stage.hub.clock.pass_(seconds)
    await stage.hub.hall.do(alarms.watch)
    for page in pages:
        await page.reload()


async def office(stage: Stage, page: str = "alarms") -> Page:
    return await stage.signed_in(f"/office#{page}", OFFICE, (1400, 900), role=stage.new(OFFICE, "office"))


def count(page: Page) -> Any:
    return page.locator('.tab[href="#alarms"] .count')


async def test_the_pause_alarm_through_its_three_ranks_b02(stage: Stage) -> None:
    assert alarms.watch in DUTIES  # by itself every few seconds; here when the test says so
    clerk = await stage.clerk()
    await stage.clerk("赵强", "3")
    await stage.hub.person("社保首席", "chief", "2")
    await clerk.ok("/windows/2/pause", {"reason": "meal"})
    terminal = await stage.signed_in("/window/2", "李明", TERMINAL)
    pad = await stage.device("/pad/2/clerk", "pad-clerk", "2", (1024, 600))
    chief = await stage.signed_in("/office#alarms", "社保首席", (1400, 900))
    boss, wall = await office(stage), await stage.device("/board", "board")
    alarm = "2号窗口暂停超过 {} 分钟（离岗）"
    await later(stage, 0)
    await expect(count(chief)).to_have_text("1")  # window 2 alone serves 社保卡: somebody must take over (B03)

    await later(stage, 600, terminal)
    await expect(terminal.locator(".hero-timer.is-soon")).to_contain_text("再过 5 分钟记为离岗")
    await expect(wall.locator(".tile.is-amber")).to_contain_text("2")

    await later(stage, 300, terminal, pad)
    for page in (terminal, pad):
        await expect(page.locator(".news")).to_contain_text(alarm.format(15))
        await expect(page.locator(".hero-timer.is-late")).to_contain_text("超过 15 分钟记为离岗")
    await expect(count(chief)).to_have_text("1")  # the first rank is the clerk's alone
    await expect(boss.locator("tr", has_text=alarm.format(15))).to_contain_text("窗口人员")

    await later(stage, 180, wall)
    await expect(count(chief)).to_have_text("2")
    await expect(chief.locator("tr", has_text=alarm.format(18))).to_contain_text("首席代表")
    await expect(count(boss)).to_have_text("1")
    await expect(wall.locator(".alerts")).to_contain_text("已通知首席代表")
    await expect(wall.locator(".tile.is-red")).to_contain_text("2")

    await later(stage, 180)
    await expect(count(boss)).to_have_text("2")
    row = boss.locator("tr", has_text=alarm.format(21))
    await row.get_by_role("button", name="我来处理").click()
    await expect(row).to_contain_text(OFFICE)
    await expect(wall.locator(".alerts li", has_text="暂停超过")).to_contain_text(OFFICE)

    await clerk.ok("/windows/2/resume")
    await later(stage, 6)
    await expect(count(boss)).to_be_hidden()
    await expect(boss.locator("tr", has_text=alarm.format(21))).to_contain_text("已恢复服务")
    await expect(terminal.locator(".news")).to_be_hidden()


async def test_people_wait_the_clerk_is_asked_and_pauses_in_one_press_i19(stage: Stage) -> None:
    await stage.clerk()
    await stage.clerk("赵强", "3")
    await stage.take("card")
    terminal = await stage.signed_in("/window/2", "李明", TERMINAL)
    await later(stage, 0)
    await later(stage, 180, terminal)
    await expect(terminal.locator(".news")).to_contain_text("有 1 人等候，您已 3 分钟没有叫号，需要暂停吗？")
    await terminal.locator(".news").get_by_role("button", name="暂停服务").click()
    await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "paused")


async def test_the_next_clerk_takes_over_after_reading_the_hand_over_b03_b32(stage: Stage) -> None:
    clerk = await stage.clerk()
    await stage.take("card")
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/park", {"kind": "kept"})
    await clerk.ok("/windows/2/pause", {"reason": "meal"})
    terminal = await stage.signed_in("/window/2", "赵强", TERMINAL)
    await expect(terminal.locator("body")).to_contain_text("李明正在暂停，按“接岗”后由您在本窗口服务")
    await terminal.get_by_role("button", name="接岗").click()
    await expect(terminal.locator("dialog")).to_contain_text("挂起的号：B001")
    await terminal.get_by_role("button", name="已核对，接岗").click()
    await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "open")
    assert stage.hub.hall.picture.windows["2"].clerk.name == "赵强"  # type: ignore[union-attr]


async def test_a_message_is_read_at_the_window(stage: Stage) -> None:
    await stage.clerk()
    boss = await office(stage, "posts")
    terminal = await stage.signed_in("/window/2", "李明", TERMINAL)
    await boss.get_by_label("内容").fill("下午两点开会")
    await boss.get_by_role("button", name="发送").click()
    await expect(boss.locator("tr", has_text="下午两点开会")).to_contain_text("未读")
    await terminal.get_by_role("button", name="收到").click()
    await expect(terminal.locator(".news")).to_be_hidden()
    await boss.reload()
    await expect(boss.locator("tr", has_text="下午两点开会")).to_contain_text("收到")


async def test_the_office_returns_a_ticket_and_signs_a_clerk_out(stage: Stage) -> None:
    clerk = await stage.clerk()
    ticket = await stage.take()
    await clerk.ok("/windows/2/call-next")
    boss = await office(stage, "posts")
    await boss.get_by_role("button", name="签退").click()
    await expect(boss.locator("dialog")).to_contain_text(f"{ticket['number']} 号还没有办完，签退时将退回排队原位")
    await boss.locator("dialog").get_by_role("button", name="签退").click()
    await expect(boss.locator("tr", has_text="停用").or_(boss.locator("tr", has_text="未开放"))).to_have_count(0)
    await until(lambda: stage.hub.hall.picture.windows["2"].clerk is None)
    assert stage.hub.hall.picture.tickets.get(ticket["id"]) is None or (
        stage.hub.hall.picture.tickets[ticket["id"]].state == "waiting"
    )
    assert stage.hub.hall.picture.queues["pension"].waiting == 1


async def test_a_service_is_added_for_today_in_two_clicks_b04(stage: Stage) -> None:
    await stage.clerk("赵强", "3")
    person = next(row["id"] for row in await stage.hub.hall.read(everyone) if row["name"] == "赵强")
    await stage.hub.hall.do(skilled, person=person, service="card")
    for _ in range(3):
        await stage.take("card")
    boss = await office(stage, "todays")
    hand = Hand(boss)
    await hand.touch(boss.get_by_role("button", name="增办", exact=True))
    await hand.touch(boss.get_by_role("button", name="确定增办"))
    await expect(boss.locator("td", has_text="今天增办")).to_be_visible()
    assert hand.count == 2
    assert stage.hub.hall.picture.windows["3"].services == ("pension", "card")


def skilled(tx: Any, *, person: int, service: str) -> None:
    tx.insert(Skill, person=person, service=service)


async def test_temporary_cover_takes_under_five_presses(stage: Stage) -> None:
    boss = await office(stage, "cover")
    hand = Hand(boss)
    await boss.get_by_label("顶岗人员").press_sequentially("临时小周")  # it has the focus already
    await boss.keyboard.press("Tab")
    await boss.locator(".cover-form select").select_option("1")
    await boss.get_by_label("同意的领导").fill("方志平")  # a new one has no training on record (J06)
    hand.count += 2
    await hand.touch(boss.get_by_role("button", name="原岗人员未到岗"))
    await hand.touch(boss.get_by_role("button", name="安排顶岗"))
    assert hand.count <= 4
    dialog = boss.locator("dialog")
    await expect(dialog).to_contain_text("临时小周今天在1号窗口顶岗")
    pin = await dialog.locator(".one-time").inner_text()
    assert stage.hub.hall.picture.windows["1"].clerk.name == "临时小周"  # type: ignore[union-attr]
    terminal = await stage.page("/window/1", TERMINAL)
    stage.guard(terminal).expects(401)
    await terminal.get_by_label("用户名").fill("临时小周")
    await terminal.get_by_label("密码").fill(pin)
    await terminal.keyboard.press("Enter")
    await expect(terminal.locator(".desk")).to_have_attribute("data-phase", "open")


async def test_practice_asks_the_hub_for_nothing_but_the_page(stage: Stage) -> None:
    sent: list[Request] = []
    page = await stage.page("/window/2", TERMINAL)
    stage.guard(page).expects(401)
    await expect(page.get_by_role("button", name="练习模式")).to_be_visible()
    page.on("request", lambda request: sent.append(request))
    page.on("websocket", lambda socket: pytest.fail(f"{socket.url} was opened"))
    before = stage.hub.hall.picture.windows
    await page.get_by_role("button", name="练习模式").click()
    await expect(page.locator(".practice")).to_contain_text("练习模式，不产生任何记录")
    for key, phase in (("F2", "open"), ("F2", "called"), ("F6", "serving"), ("F2", "called"), ("F4", "open")):
        await page.wait_for_timeout(800)  # a key that has just changed rests
        await page.keyboard.press(key)
        await expect(page.locator(".desk")).to_have_attribute("data-phase", phase)
    await page.keyboard.press("Control+z")
    await expect(page.locator(".desk")).to_have_attribute("data-phase", "called")
    asked = [request for request in sent if "/api/" in request.url]
    assert [request.method for request in sent if request.method != "GET"] == []
    assert asked == []
    assert stage.hub.hall.picture.windows == before
    assert stage.hub.hall.picture.tickets == {}
