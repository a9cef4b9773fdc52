"""In Chromium: what a page asked for and what the hall tells by itself arrive in another order than usual."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, expect

from hallq.people import commands as people
from hallq.people import secrets
from hallq.people.looks import people as everyone
from tests.browser.stage import TERMINAL, Stage, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def held(page: Page, address: str) -> AsyncIterator[asyncio.Event]:
    """The hub does what is asked (the event), the page hears of it when this block ends."""
    done, go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        done.set()
        await go.wait()
        await route.fulfill(response=answer)

    await page.route(address, hold)
    async with page.expect_response(address):
        yield done
        go.set()
    await page.unroute(address)


async def heard(page: Page) -> list[str]:
    """Every message of the live line from here on; the page begins anew."""
    messages: list[str] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda message: messages.append(str(message))))
    await page.reload()
    return messages


async def test_a_hall_that_goes_on_takes_no_sheet_away(stage: Stage) -> None:
    """Who takes over writes a remark while numbers are taken."""
    clerk = await stage.clerk()
    await clerk.ok("/windows/2/pause", {"reason": "leave"})
    page = await stage.signed_in("/window/2", "赵强", TERMINAL)
    told = await heard(page)
    await page.get_by_role("button", name="接岗").click()
    await page.locator("dialog textarea").fill("材料在左边抽屉")
    await stage.take()
    await until(lambda: "queue/pension" in told[-1])
    await page.get_by_role("button", name="已核对，接岗").click()
    await expect(page.locator(".desk")).to_have_attribute("data-phase", "open")


async def test_what_still_loads_is_not_drawn_over_a_refusal(stage: Stage) -> None:
    page = await stage.signed_in("/window/2", "导服", TERMINAL, role="guide")
    async with held(page, "**/api/v1/catalog") as done:
        await page.reload()
        await page.get_by_text("您不能在这个窗口上岗").wait_for()
        await done.wait()
    await page.get_by_role("button", name="English").click()
    await expect(page.locator(".gate")).to_be_visible()


async def ended(stage: Stage, page: Page, name: str) -> None:
    """The session ends elsewhere, and begins again at the page's own form."""
    stage.guard(page).expects(401)
    person = next(row["id"] for row in await stage.hub.hall.read(everyone) if row["name"] == name)
    password = secrets.hash_slowly("morgen-12")
    await stage.hub.app.state.live.cut(
        await stage.hub.hall.do(people.set_password, person=person, password_hash=password)
    )
    await page.locator("[name=username]").fill(name)
    await page.locator("[name=password]").fill("morgen-12")
    await page.get_by_role("button", name="登录").click()


async def test_a_session_that_ended_begins_again_at_the_office(stage: Stage) -> None:
    office = await stage.signed_in("/office", "林静", role="office")
    await office.locator(".verdict").wait_for()
    await ended(stage, office, "林静")
    await expect(office.locator(".verdict")).to_be_visible()


async def test_a_session_that_ended_begins_again_at_a_window(stage: Stage) -> None:
    """The window opens by itself as after any sign-in, and a sheet that was open keeps no key for itself."""
    page = await stage.signed_in("/window/2", "李明", TERMINAL)
    await page.locator(".top-who").click()
    await page.locator("dialog").wait_for()
    await ended(stage, page, "李明")
    await expect(page.locator(".desk")).to_have_attribute("data-phase", "open")
    await page.keyboard.press("F1")
    await expect(page.locator(".notice")).to_have_text("已通知大厅管理室")
