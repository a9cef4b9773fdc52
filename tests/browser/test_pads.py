"""The browser pads: a rating that is changed, skipped, late or without a line; and the clerk's side with its PIN."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Route, expect

from hallq.kernel import Tx
from hallq.people import commands as people
from hallq.people import secrets
from hallq.people.looks import people as everyone
from hallq.ticketing import commands
from hallq.ticketing.model import Person
from tests.browser.stage import PAD, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def invited(stage: Stage) -> Page:
    """A pad that asks for a rating."""
    pad = await stage.pad("2")
    await stage.clerk()
    await stage.take()
    await stage.hub.hall.do(commands.call_next, window="2")
    await expect(pad.locator("html")).to_have_attribute("data-screen", "called")
    await stage.hub.hall.do(commands.finish, window="2")
    await pad.locator(".level").first.wait_for()
    return pad


async def levels(stage: Stage) -> list[tuple[int, str]]:
    office = await stage.hub.person("林静", stage.new("林静", "office"))
    rows = (await office.get("/ratings")).json()["items"]
    return [(row["level"], row["reasons"]) for row in rows]


async def test_another_level_soon_replaces_the_first(stage: Stage) -> None:
    pad = await invited(stage)
    await pad.locator(".level").nth(4).click()
    await pad.get_by_role("button", name="重新选择").click()
    await pad.locator(".level").first.click()
    await expect(pad.locator("h1")).to_contain_text("谢谢您的评价")
    await expect(pad.locator(".sub")).to_have_text("您选的是：非常满意")
    [(level, reasons)] = await levels(stage)
    assert (level, list(reasons)) == (5, [])


async def test_a_key_of_the_keyboard_rates(stage: Stage) -> None:
    """Tactile keys: chosen first and heard, then sent; what is spoken beside a clerk is the same for every level."""
    pad = await invited(stage)
    spoken: list[str] = []
    pad.on("request", lambda each: spoken.append(each.url.rsplit("/", 1)[1]) if "/speech/" in each.url else None)
    await pad.get_by_role("button", name="听读").click()
    await pad.keyboard.press("1")
    await expect(pad.locator(".level.pressed")).to_have_text("非常不满意")
    await pad.keyboard.press("4")
    assert await levels(stage) == []
    await pad.keyboard.press("4")
    await expect(pad.locator(".sub")).to_have_text("您选的是：满意")
    assert [level for level, _ in await levels(stage)] == [4]
    assert spoken == ["how.wav", "chosen.wav", "chosen.wav", "bye.wav"]


async def test_the_kiosk_is_rated_at_by_tactile_keys_alone(stage: Stage) -> None:
    """Number, check code, level and its confirmation: a keypad and ears are enough."""
    await stage.clerk()
    ticket = await stage.take()
    await stage.hub.hall.do(commands.call_next, window="2")
    await stage.hub.hall.do(commands.finish, window="2")
    kiosk = await stage.kiosk()
    await kiosk.get_by_role("button", name="评价服务").click()
    for key in (*ticket["number"], "Enter", *ticket["check_code"], "Enter"):
        await kiosk.keyboard.press(key)
    await kiosk.locator(".rate-level").first.wait_for()
    async with kiosk.expect_request("**/speech/zh/level3.wav"):
        await kiosk.keyboard.press("3")
    await kiosk.keyboard.press("Enter")
    await expect(kiosk.locator(".rate-thanks")).to_have_text("谢谢您的评价")
    assert [level for level, _ in await levels(stage)] == [3]


async def test_not_now_is_no_level(stage: Stage) -> None:
    pad = await invited(stage)
    await pad.get_by_role("button", name="暂不评价").click()
    await expect(pad.locator("h1")).to_have_text("李明")
    assert await levels(stage) == []


async def test_a_lost_line_loses_no_rating(stage: Stage) -> None:
    pad = await invited(stage)
    stage.guard(pad).expects_silence()
    tries: list[str] = []

    async def away(route: Route) -> None:
        tries.append("once")
        await (route.abort() if len(tries) < 3 else route.continue_())

    await pad.route("**/rating", away)
    await pad.locator(".level").nth(1).click()
    await expect(pad.locator(".state")).to_have_text("暂未提交成功，正在重试")
    await expect(pad.locator("h1")).to_contain_text("谢谢您的评价")
    assert [level for level, _ in await levels(stage)] == [4]


async def test_a_clerk_sees_the_same_for_every_level(stage: Stage) -> None:
    """Neither the terminal's picture nor its words tell whether or how a citizen rated."""
    terminal = await stage.signed_in("/window/2", "李明", (360, 900))
    pad = await invited(stage)
    await expect(terminal.locator(".hero-service")).to_have_text("已办结，可以叫下一位")
    before = await terminal.inner_text("main")
    await pad.locator(".level").last.click()
    await pad.get_by_role("button", name="提交").click()
    await expect(pad.locator("h1")).to_contain_text("谢谢您的评价")

    def still(text: str) -> list[str]:
        return [line for line in text.splitlines() if "撤销" not in line]  # it counts down

    assert still(await terminal.inner_text("main")) == still(before)


async def test_the_clerks_pad_signs_in_by_staff_number_and_pin(stage: Stage) -> None:
    person = next(row["id"] for row in await stage.hub.hall.read(everyone) if row["name"] == "李明")
    await stage.hub.hall.do(set_staff_no, person=person, staff_no="0201")
    await stage.hub.hall.do(people.set_pin, person=person, pin_hash=secrets.hash_slowly("2468"))
    taken = await stage.take()
    pad = await stage.device("/pad/2/clerk", "pad-clerk", "2", (800, 480))
    stage.guard(pad).expects(401, 409)
    await expect(pad.locator("h1")).to_have_text("2号窗口　上岗")
    for digits, wrong in (("0201", False), ("1111", True), ("2468", False)):
        for digit in digits:
            await pad.get_by_role("button", name=digit, exact=True).click()
        await pad.get_by_role("button", name="上岗", exact=True).click()
        if wrong:
            await expect(pad.locator(".entry-error")).to_have_text("工号或密码不正确，请重新输入")
    await expect(pad.locator(".key-primary button")).to_contain_text("叫下一位")
    await expect(pad.locator(".key-primary button")).to_have_attribute("aria-disabled", "false")
    await pad.locator(".key-primary button").click()
    await expect(pad.locator(".hero-number")).to_have_text(taken["number"])
    await pad.get_by_role("button", name="更多").click()
    await pad.get_by_role("button", name="签退").click()
    await expect(pad.locator(".notice")).to_be_visible()  # the visit is still open
    await pad.get_by_role("button", name="办件类型").click()  # beside the finish, which stays one press
    await pad.locator(".outcome", has_text="承诺件").click()
    await expect(pad.locator(".notice")).to_contain_text("请大厅管理室打印")
    await pad.get_by_role("button", name="撤销").click()
    await expect(pad.locator(".hero-number")).to_have_text(taken["number"])
    await expect(pad.locator(".notice")).to_be_hidden()  # what was promised is taken back
    await expect(pad.locator(".key-outcome button")).to_have_attribute("aria-disabled", "false")


def set_staff_no(tx: Tx, *, person: int, staff_no: str) -> None:
    row = tx.get(Person, person)
    assert row is not None
    tx.update(row, staff_no=staff_no)


async def test_targets_are_large_enough_for_a_finger(stage: Stage) -> None:
    """15 mm on a pad of ten inches: 1280 px are 217 mm."""
    pad = await invited(stage)
    least = 15 * 1280 / 217
    for key in await pad.locator(".level").all():
        box = await key.bounding_box()
        assert box and box["width"] >= least and box["height"] >= least
    assert await pad.evaluate("document.documentElement.scrollHeight") <= PAD[1]
