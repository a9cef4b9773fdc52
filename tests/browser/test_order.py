"""In Chromium: what a page asked for and what the hall tells by itself arrive in another order than usual."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect

from hallq.people import commands as people
from hallq.people import secrets
from hallq.people.looks import people as everyone
from hallq.ticketing import commands
from tests.browser.stage import TERMINAL, Stage, until
from tests.browser.test_card import LI, ZHANG, card
from tests.browser.test_pads import invited, levels
from tests.browser.test_terminal import on_duty, phase

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


async def test_a_sheet_is_about_the_visit_that_it_was_opened_for(stage: Stage) -> None:
    """Its window's keypad called the next one meanwhile: who sits there now is not finished as the one before."""
    first, second = await stage.take(), await stage.take()
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.keyboard.press("F5")
    await page.locator(".outcome").first.wait_for()
    await stage.hub.hall.do(commands.finish, window="2", next=True)
    await expect(page.locator(".hero-number")).to_have_text(second["number"])
    stage.guard(page).expects(409)
    await page.locator(".outcome").last.click()
    await expect(page.locator(".refusal:visible")).to_have_text("状态已变化，请看清后再按")
    states = [stage.hub.hall.picture.tickets[ticket["id"]].state for ticket in (first, second)]
    assert states == ["finished", "called"]


async def test_another_card_is_greeted_whatever_the_one_before_was_told(stage: Stage) -> None:
    kiosk = await stage.kiosk()
    stage.guard(kiosk).expects(409)
    cards = stage.hub.app.state.wiring.cards
    await cards.read("k1", "reader", card(ZHANG))
    await kiosk.get_by_role("button", name="养老金").click()
    refused = {"error": {"code": "already_waiting", "message": "", "detail": {"number": "A001", "ahead": 1}}}
    await kiosk.route("**/api/v1/tickets", lambda route: route.fulfill(status=409, json=refused))
    await kiosk.get_by_role("button", name="确认取号").click()
    await kiosk.locator("dialog").wait_for()
    await cards.read("k1", "reader", card(LI))
    await expect(kiosk.locator("dialog")).to_have_count(0)
    await kiosk.wait_for_timeout(100)  # a closed dialog says so a little later
    await expect(kiosk.locator("h1")).to_have_text("您好，李**，请选择业务")


async def test_a_late_answer_leaves_the_next_citizens_rating_alone(stage: Stage) -> None:
    pad = await invited(stage)
    told = await heard(pad)
    async with held(pad, "**/rating") as done:
        await pad.locator(".level").first.click()
        await done.wait()
        await stage.take()
        await stage.hub.hall.do(commands.call_next, window="2")
        await stage.hub.hall.do(commands.finish, window="2")
        await until(lambda: len(set(re.findall('"token":"([^"]+)', "".join(told)))) == 2)
    await expect(pad.locator(".level.pressed")).to_have_count(0)
    await pad.locator(".level").nth(4).click()
    await expect(pad.locator("h1")).to_contain_text("请告诉我们原因")
    assert sorted(level for level, _ in await levels(stage)) == [1, 5]


async def test_a_number_is_shown_with_the_service_it_is_for(stage: Stage) -> None:
    """A guide looks at another service while it is made."""
    page = await stage.signed_in("/guide", "导服", (1024, 768), role="guide")
    await page.get_by_role("button", name="养老金").click()
    async with held(page, "**/api/v1/tickets") as done:
        await page.get_by_role("button", name="取号", exact=True).click()
        await done.wait()
        await page.get_by_role("button", name="身份证").click()
    await expect(page.locator(".g-number")).to_have_text("B001")
    await expect(page.locator(".g-panel")).to_contain_text("养老金")


async def test_a_line_that_went_dead_while_the_page_slept_is_given_up(stage: Stage) -> None:
    """The hub answers what it is asked, and has forgotten the page's line."""
    screen = await stage.screen(hurried=True)
    dead: list[WebSocketRoute] = []
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server().on_message(lambda message: None if line in dead else line.send(message))

    await screen.route_web_socket("**/live?*", pass_on)
    await screen.reload()
    await screen.locator(".newest .quiet").wait_for()
    dead += lines
    called = await stage.take()
    await stage.clerk()
    await stage.hub.hall.do(commands.call_next, window="2")
    async with screen.expect_response("**/healthz"):
        await screen.clock.run_for(13_000)
    await expect(screen.locator(".newest")).not_to_contain_text(called["number"])
    await screen.clock.run_for(13_000)
    await expect(screen.locator(".newest .number")).to_have_text(called["number"])


async def test_a_form_is_sent_once(stage: Stage) -> None:
    await stage.take()
    page = await on_duty(stage)
    await page.keyboard.press("F2")
    await phase(page, "called")
    await page.locator(".top-who").click()
    await page.get_by_role("button", name="邮寄结果").click()
    await page.locator("dialog [data-first]").fill("社保卡")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.url.endswith("/mail") else None)
    await page.get_by_role("button", name="登记邮寄").dblclick()
    await expect(page.locator("dialog")).to_have_count(0)
    assert sent == ["POST"]


async def test_what_was_asked_last_is_shown(stage: Stage) -> None:
    """A look that takes long is not drawn over the one that was chosen after it."""
    page = await stage.signed_in("/office#compare", "林静", role="office")
    shown = page.get_by_role("heading", name="按窗口")
    await shown.wait_for()
    async with held(page, "**/figures/comparison?by=department*") as done:
        await page.get_by_role("button", name="按部门").click()
        await done.wait()
        async with page.expect_response("**/figures/comparison?by=window*"):
            await page.get_by_role("button", name="按窗口").click()
    await page.wait_for_timeout(100)
    await expect(shown).to_be_visible()
