"""The guide's page in Chromium: a number in two taps (A03), an escort from three places ahead to the door (A12, A13),
a leave that the stand-in confirms (G02, G03), posts (G05), an incident (G06), the hall (G04) and a lost slip."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from hallq.ticketing import commands
from hallq.ticketing.model import Notice, Shown, Ticket
from hallq.ticketing.waiting import needs
from tests.browser.gallery import Gallery
from tests.browser.stage import Hand, Stage, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
TABLET, UPRIGHT, PHONE = (1024, 768), (768, 1024), (390, 844)
LUO, SUN = "罗小燕", "孙晓梅"


async def guide(stage: Stage, name: str = LUO, area: str = "take", lang: str = "zh-CN") -> Page:
    page = await stage.signed_in(f"/guide#{area}", name, TABLET, role=stage.new(name, "guide"), lang=lang)
    await expect(page.locator(".g-tab")).to_have_count(7)
    return page


async def on_post(page: Page, kind: str = "导询台") -> None:
    await page.get_by_role("link", name="在岗").click()
    await page.locator(".option", has_text=kind).click()
    await page.get_by_role("button", name="到岗").click()
    await expect(page.locator(".g-post")).to_contain_text(kind)


async def kept(stage: Stage, number: int) -> Ticket:
    ticket = await stage.hub.hall.read(lambda db: db.get(Ticket, number))
    assert ticket is not None
    return ticket


async def test_a_number_for_somebody_in_two_taps_a03_g07(stage: Stage) -> None:
    """A03: service, then 取号; printed where the guide says, and told with its windows. G07: the fixed greeting."""
    await stage.clerk()
    page = await guide(stage)
    await expect(page.locator(".g-greet")).to_contain_text("您好，请问需要帮助吗？")
    hand = Hand(page)
    await hand.touch(page.get_by_role("button", name="养老金"))
    await hand.touch(page.get_by_role("button", name="取号", exact=True))
    await expect(page.locator(".g-number")).to_have_text("B001")
    assert hand.count == 2
    await expect(page.locator(".g-panel")).to_contain_text("一楼大厅")
    await expect(page.locator(".g-panel")).to_contain_text("2 号窗口")
    ticket = await kept(stage, 1)
    assert (ticket.kiosk, ticket.issuer.startswith("person:")) == ("k1", True)

    await page.get_by_role("button", name="下一位").click()
    await page.locator("select").select_option("k2")
    await page.get_by_role("button", name="身份证").click()
    await page.get_by_text("更多选项").click()
    await page.get_by_role("button", name="轮椅").click()
    await page.get_by_role("button", name="取号", exact=True).click()
    await expect(page.locator(".g-number")).to_have_text("A001")
    ticket = await kept(stage, 2)
    assert (ticket.kiosk, ticket.needs) == ("k2", "wheelchair")


async def test_beyond_a_stop_with_a_reason_a03_a05(stage: Stage) -> None:
    """A05: the refusal in words, then a reason that stands on the list."""
    office = await stage.hub.person("赵敏", stage.new("赵敏", "office"))
    await office.ok("/services/pension/stop", {"reason": "今天的号已取完"})
    page = await guide(stage)
    stage.guard(page).expects(409)
    await page.get_by_role("button", name="养老金").click()
    await page.get_by_role("button", name="取号", exact=True).click()
    await expect(page.locator(".g-press .error").first).to_contain_text("今天的号已取完")
    await page.get_by_placeholder("给号原因").fill("远道而来")
    await page.get_by_role("button", name="登记并给号").click()
    await expect(page.locator(".g-number")).to_have_text("B001")
    [row] = (await office.get("/out-of-order")).json()["items"]
    assert (row["kind"], row["reason"]) == ("beyond_cap", "远道而来")


async def test_an_escort_from_three_ahead_to_the_door_a12_a13_a14(stage: Stage) -> None:
    clerk = await stage.clerk()
    for _ in range(3):
        await stage.take()
    mine = await stage.take(needs=["blind"])
    await stage.hub.hall.do(needs.watch)
    page, other = await guide(stage, area="tasks"), await guide(stage, SUN, "tasks")
    card = page.locator(".g-task")
    for words in (mine["number"], "前面还有 3 人", "视障", "从一楼大厅到 1 楼 2 号窗口"):
        await expect(card).to_contain_text(words)
    await expect(page.locator(".g-tab", has_text="陪同").locator(".count")).to_have_text("1")
    await card.get_by_role("button", name="我来").click()
    await expect(other.locator(".g-task")).to_contain_text(f"{LUO}已接")
    await card.get_by_role("button", name="已接到群众").click()
    await expect(card).to_contain_text("已接到")
    for _ in range(3):
        await clerk.ok("/windows/2/call-next")
        await clerk.ok("/windows/2/finish")
    await clerk.ok("/windows/2/call-next")
    await expect(card).to_contain_text("已叫号")
    await clerk.ok("/windows/2/finish")
    await expect(card).to_contain_text("已办结，请送出门")
    await expect(other.locator(".g-task")).to_have_count(0)
    await card.get_by_role("button", name="已送出门").click()
    await expect(card).to_have_count(0)
    ticket = await kept(stage, mine["id"])
    assert ticket.helper is not None


async def test_a_leave_waits_for_the_stand_in_g02_g03_g05(stage: Stage) -> None:
    """G03: away only once the other has confirmed; G02: ten minutes, amber, red, none in a peak; G05: the posts."""
    page, other = await guide(stage), await guide(stage, SUN)
    await on_post(page)
    await on_post(other, "流动岗")
    await page.reload()
    await page.get_by_role("button", name="请对方替岗").click()
    await expect(page.locator(".g-duty")).to_contain_text(f"正在等{SUN}确认到岗，请先不要离开")
    await expect(page.locator(".g-clock")).to_have_count(0)
    await expect(other.locator(".g-ask")).to_contain_text(f"{LUO}请您替岗")
    await other.get_by_role("button", name="我已到岗").click()
    await expect(page.locator(".g-clock")).to_be_visible()
    await expect(page.locator(".g-clock-words")).to_contain_text("请在")
    await expect(page.locator(".g-post")).to_have_text("离岗中")
    await other.reload()
    await expect(other.locator(".g-duty")).to_contain_text(f"您正在替{LUO}值守，请等{LUO}回岗后再离岗")
    office = await stage.signed_in("/office#posts", "赵敏", (1280, 800), role=stage.new("赵敏", "office"))
    await expect(office.locator("tr", has_text=LUO)).to_contain_text(f"{SUN}替岗")
    for seconds, colour in ((480, "amber"), (180, "red")):
        stage.hub.clock.pass_(seconds)
        await page.reload()
        await expect(page.locator(f".g-clock.{colour}")).to_be_visible()
    await expect(page.locator(".g-clock-words")).to_contain_text("已超过 10 分钟")
    await page.get_by_role("button", name="我已回岗").click()
    await expect(page.locator(".g-duty")).to_contain_text("今天已离岗 1 次")

    boss = await stage.hub.person("赵敏")
    await boss.ok("/peak/start", {"reason": "集中办理"})
    await expect(page.locator(".g-duty .band.red")).to_contain_text("业务高峰期，导服人员请坚守岗位")
    await expect(page.get_by_role("button", name="请对方替岗")).to_have_count(0)


async def test_an_incident_reaches_the_office_g06(stage: Stage) -> None:
    page = await guide(stage, area="report")
    office = await stage.signed_in("/office#alarms", "赵敏", (1280, 800), role=stage.new("赵敏", "office"))
    await page.locator(".option", has_text="群众争执").click()
    await page.get_by_label("补充说明（可不填）").fill("取号机旁两人争执")
    await page.get_by_role("button", name="立即上报").click()
    await expect(page.get_by_role("status")).to_contain_text("已上报大厅管理室")
    row = office.locator("tr", has_text="突发情况·群众争执")
    await expect(row).to_contain_text("取号机旁两人争执")
    await row.get_by_role("button", name="我来处理").click()
    await expect(page.locator("main")).to_contain_text("赵敏已接")


async def test_a_number_is_looked_up_put_back_and_printed_anew_g04(stage: Stage) -> None:
    """G04: a guide knows where each number stands; a missed one comes back by its check code, a slip without."""
    clerk = await stage.clerk()
    missed = await stage.take()
    await clerk.ok("/windows/2/call-next")
    await stage.hub.hall.do(commands.no_show, window="2")
    page = await guide(stage, area="find")
    await page.locator(".g-find").fill(missed["number"].lower())
    await page.get_by_role("button", name="查找").click()
    await expect(page.locator("article")).to_contain_text("过号")
    await page.get_by_role("button", name="找回过号").click()
    await page.locator("dialog input").fill(missed["check_code"])
    await page.locator("dialog").get_by_role("button", name="找回过号").click()
    await expect(page.locator("article")).to_contain_text("等候中")
    await page.get_by_role("button", name="补打小票").click()
    await expect(page.get_by_role("status")).to_contain_text("新核对码")
    await page.get_by_role("button", name="作废此号").click()
    await page.locator("dialog .primary").click()
    await expect(page.locator("article")).to_contain_text("已作废")


async def test_the_hall_with_receipts_and_appointments_g04_b20(stage: Stage) -> None:
    """G04: people and windows by area; B20: the guide's own receipt of a notice; an appointment is checked in."""
    await stage.clerk()
    await stage.take()
    office = await stage.hub.person("赵敏", stage.new("赵敏", "office"))
    page = await guide(stage, area="hall")
    await office.ok("/appointments/plans", {
        "service": "pension", "days": [1], "start": "09:00", "until": "12:00", "minutes": 15, "capacity": 2,
    })  # fmt: skip
    wish = {"service": "pension", "day": "2026-11-23", "time": "09:15", "name": "王先生"}
    await office.ok("/appointments", wish)
    await stage.hub.hall.do(told_of_a_suspension)
    await expect(page.locator(".g-zone")).to_contain_text("开放窗口 1 / 3")
    await expect(page.locator(".g-zone")).to_contain_text("等候 1 人")
    await expect(page.locator(".g-windows li", has_text="李明")).to_contain_text("养老金、社保卡")
    await page.get_by_role("button", name="收到").click()
    await expect(page.locator(".g-news")).to_contain_text("已收到")

    async def receipt() -> bool:
        return bool(await stage.hub.hall.read(lambda db: db.find(select(Shown))))

    await until(receipt)
    await page.reload()
    await page.locator(".g-booking", has_text="王先生").get_by_role("button", name="签到取号").click()
    await expect(page.locator(".g-booking")).to_contain_text("已签到，号码 B002")


def told_of_a_suspension(tx: Any) -> None:
    tx.insert(
        Notice, kind="suspension", key="suspension/1", audience="public", level="warn", at=tx.now,
        text="社保卡业务临时停办", text_en="Social security cards are suspended",
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_every_area_can_be_read_on_tablet_and_phone(stage: Stage, lang: str) -> None:
    gallery = Gallery(lang)
    await stage.clerk()
    for _ in range(2):
        await stage.take()
    await stage.take(needs=["wheelchair", "deaf"])
    await stage.hub.hall.do(needs.watch)
    luo, sun = [await stage.hub.person(name, stage.new(name, "guide")) for name in (LUO, SUN)]
    await luo.ok("/guides/post", {"kind": "desk", "zone": "1F"})
    await sun.ok("/guides/post", {"kind": "moving"})
    await sun.ok("/incidents", {"kind": "ill", "zone": "1F"})
    await luo.ok("/incidents", {"kind": "order", "text": "3 号窗口前地面有水", "zone": "1F"})
    found = {"name": "手机", "features": "黑色", "found_at": "2026-11-23", "place": "3号椅", "valuable": True}
    await luo.ok("/found", found)
    [other] = [row["id"] for row in (await sun.get("/guides")).json()["items"] if row["name"] == LUO]
    await sun.ok("/guides/leave", {"replacement": other})
    page = await guide(stage, lang=lang)
    await expect(page.locator(".g-ask")).to_be_visible()
    await page.locator(".g-service").first.click()
    for area in ("take", "tasks", "find", "hall", "duty", "registers", "report"):
        await page.locator(f'.g-tab[href="#{area}"]').click()
        if area == "take":
            await page.locator(".g-service").first.click()
            await page.locator(".g-more > summary").click()
            await gallery.look(page, "guide-take-more", (TABLET, UPRIGHT))
            await page.locator(".g-go").click()
            await expect(page.locator(".g-number")).to_be_visible()
        if area == "find":
            await page.locator(".g-find").fill("B003")
            await page.keyboard.press("Enter")
            await expect(page.locator("article")).to_be_visible()
        await gallery.look(page, f"guide-{area}", (PHONE, TABLET, UPRIGHT))
    leave = (await luo.get("/guides")).json()["items"][1]["leave"]["id"]
    await luo.ok(f"/guides/leave/{leave}/confirm")
    away = await guide(stage, SUN, "duty", lang=lang)
    await expect(away.locator(".g-clock")).to_be_visible()
    await gallery.look(away, "guide-away", (PHONE, TABLET))
    gallery.check()
