"""A missed number found again at the kiosk: its place in the queue, and only by who holds the slip (B09, A16)."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from hallq.ticketing import commands
from tests.browser.stage import Stage
from tests.browser.test_visits import find, keyed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_was_missed_waits_behind_three(stage: Stage) -> None:
    """A wrong code finds nothing; the right one puts the number behind three of those who wait."""
    clerk = await stage.clerk()
    missed, *waiting = [await stage.take() for _ in range(6)]
    await clerk.ok("/windows/2/call-next")
    await stage.hub.hall.do(commands.no_show, window="2")
    kiosk, screen = await stage.kiosk(), await stage.screen()
    stage.guard(kiosk).expects(404)
    await expect(screen.locator("body")).to_contain_text("已过号，请到取号机或导服台找回")

    wrong = f"{(int(missed['check_code']) + 1) % 10000:04d}"
    await find(kiosk, missed["number"], wrong)
    await expect(kiosk.locator("dialog.ask")).to_contain_text("号码或核对码不对")
    await kiosk.get_by_role("button", name="再试一次").click()
    await keyed(kiosk, missed["check_code"])
    await kiosk.get_by_role("button", name="查找").click()
    await expect(kiosk.locator(".hero-number")).to_have_text(missed["number"])
    await expect(kiosk.locator(".facts")).to_contain_text("前面还有 3 人")

    called = []
    for _ in range(4):
        called.append((await clerk.ok("/windows/2/call-next"))["ticket"]["number"])
        await clerk.ok("/windows/2/finish")
    assert called == [*(ticket["number"] for ticket in waiting[:3]), missed["number"]]


async def test_a_slip_printed_anew_voids_the_old_one(stage: Stage) -> None:
    """Whoever has found the old slip gets nowhere with it."""
    ticket = await stage.take()
    kiosk = await stage.kiosk()
    stage.guard(kiosk).expects(404)
    await find(kiosk, ticket["number"], ticket["check_code"])
    await kiosk.get_by_role("button", name="补打小票").click()
    await expect(kiosk.locator(".slip-text")).to_contain_text("新核对码")
    await kiosk.get_by_role("button", name="完成").click()
    await expect(kiosk.locator(".choice").first).to_be_visible()
    await find(kiosk, ticket["number"], ticket["check_code"])
    await expect(kiosk.locator("dialog.ask")).to_contain_text("号码或核对码不对")
