"""Words that people enter are text on every page; devices pair by code; who is signed out sees a sign-in only."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from hallq.kernel import Tx
from hallq.people import commands as people
from hallq.people.looks import people as everyone
from hallq.ticketing import commands
from hallq.ticketing.model import Notice
from tests.browser.stage import TERMINAL, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
MARKUP = '<img src=x onerror="document.title=1"><b>甲</b>'


async def test_markup_in_a_name_and_a_notice_is_text(stage: Stage) -> None:
    hall = stage.hub.hall
    await hall.do(people.add_person, name=MARKUP, role="clerk", window="2", title="<i>员</i>")
    person = next(row["id"] for row in await hall.read(everyone) if row["name"] == MARKUP)
    await hall.do(commands.sign_in, window="2", person=person)
    for kind in ("info", "alert"):
        await hall.do(post_notice, kind=kind)
    pad, screen = await stage.pad("2"), await stage.screen()
    board = await stage.device("/board", "board")
    clerk = await stage.signed_in("/window/2", MARKUP, TERMINAL)
    office = await stage.signed_in("/office#home", "林静", role="office")
    for page, place in (
        (pad, pad.locator("h1")),
        (screen, screen.locator(".voice .text")),
        (board, board.locator(".issue-what").last),
        (clerk, clerk.locator(".top-who")),
        (office, office.get_by_role("row").filter(has_text="空闲").first),
    ):
        await expect(place).to_contain_text(MARKUP)
        assert await page.locator("img, b:text-is('甲'), i:text-is('员')").count() == 0
        assert await page.title() != "1"
    await office.goto(f"{stage.base}/office#staff")
    await expect(office.get_by_role("row", name=MARKUP)).to_be_visible()
    await office.goto(f"{stage.base}/office#notices")
    await expect(office.get_by_role("cell", name=MARKUP).first).to_be_visible()
    assert await office.locator("img").count() == 0


def post_notice(tx: Tx, *, kind: str) -> None:
    tx.insert(Notice, kind=kind, text=MARKUP, text_en=MARKUP, at=tx.now)


async def test_a_device_pairs_by_its_code(stage: Stage) -> None:
    kiosk = await stage.page("/kiosk?id=k1", (1080, 1920))
    stage.guard(kiosk).expects(401, 403)
    stage.guard(kiosk).expects_silence()
    code = kiosk.locator(".pairing-code")
    await expect(code).not_to_have_text("……")
    office = await stage.signed_in("/office#devices", "林静", role="office")
    row = office.locator(".pairing-row", has_text=await code.inner_text())
    await expect(row).to_contain_text("取号机")
    await row.get_by_role("button", name="确认配对").click()
    await expect(kiosk.locator(".choice").first).to_be_visible()
    await kiosk.locator(".choice").first.click()
    await kiosk.locator(".take").click()
    await expect(kiosk.locator(".hero-number")).to_have_text("A001")


async def test_who_is_signed_out_gets_a_sign_in(stage: Stage) -> None:
    board = await stage.page("/board")
    stage.guard(board).expects(401, 403)
    stage.guard(board).expects_silence()
    await expect(board.locator(".gate h1")).to_have_text("登录后查看")
    assert await board.locator(".tile").count() == 0
    await board.get_by_role("button", name="配对").click()
    await expect(board.locator(".pairing-code")).not_to_have_text("……")
    office = await stage.page("/office", (1366, 768))
    stage.guard(office).expects(401)
    await office.get_by_label("用户名").fill("林静")
    await office.get_by_label("密码").fill("不是这个密码")
    await office.keyboard.press("Enter")
    await expect(office.locator(".error:visible").first).to_have_text("用户名或密码不正确，请重新输入")


async def test_a_revoked_session_ends_at_once(stage: Stage) -> None:
    clerk = await stage.signed_in("/window/2", "李明", TERMINAL)
    stage.guard(clerk).expects(401)
    stage.guard(clerk).expects_silence()
    await expect(clerk.locator(".key-primary button")).to_contain_text("本窗口上岗")
    office = await stage.signed_in("/office#staff", "林静", (1366, 768), role="office")
    await office.get_by_role("row", name="李明").get_by_role("button", name="停用").click()
    await office.locator("dialog.ask button.primary").click()
    await expect(clerk.locator("h1")).to_contain_text("登录上岗")
