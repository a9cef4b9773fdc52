"""The terminal beside its verbs: the last window is asked (A07), nobody is called in a break, one is chosen (A22)."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from hallq.people import commands as people
from hallq.people.looks import people as everyone
from hallq.ticketing.opening import emergency
from tests.browser.stage import Stage
from tests.browser.test_terminal import on_duty, ready

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def sign_off(page: object) -> None:
    await page.locator(".top-who").click()  # type: ignore[attr-defined]
    await page.get_by_role("button", name="签退", exact=False).first.click()  # type: ignore[attr-defined]


async def test_a07_the_last_window_of_a_business_is_asked_before_it_goes(stage: Stage) -> None:
    await stage.take("card")
    page = await on_duty(stage)
    await sign_off(page)
    await expect(page.locator("dialog")).to_contain_text("社保卡还有 1 人等候，只有本窗口在岗")
    await page.get_by_role("button", name="返回").click()
    await page.keyboard.press("F10")
    await page.locator("dialog .option", has_text="时间不定").click()
    await page.locator("dialog button[type=submit]").click()
    await expect(page.locator("dialog")).to_contain_text("确定要长时间暂停吗")
    await page.locator("dialog .primary").click()
    await expect(page.locator(".desk")).to_have_attribute("data-phase", "paused")


async def test_a07_another_window_on_post_is_enough(stage: Stage) -> None:
    await stage.take("pension")
    await stage.clerk("赵强", "3")
    page = await on_duty(stage)
    await sign_off(page)
    await expect(page.locator("dialog")).not_to_contain_text("只有本窗口在岗")


async def test_in_an_emergency_the_key_says_why_it_is_grey(stage: Stage) -> None:
    await stage.take()
    page = await on_duty(stage)
    await stage.hub.hall.do(emergency.begin)
    key = page.locator(".key-primary button")
    await expect(key).to_have_attribute("aria-disabled", "true")
    await expect(key).to_contain_text("紧急情况，暂停叫号")
    await stage.hub.hall.do(emergency.end)
    await ready(page, "叫下一位")


async def test_a22_a_clerk_with_the_right_chooses_from_numbers_alone(stage: Stage) -> None:
    first = await stage.take()
    second = await stage.take(category="elderly")
    number = next(row["id"] for row in await stage.hub.hall.read(everyone) if row["name"] == "李明")
    await stage.hub.hall.do(people.let_choose, person=number, allowed=True)
    page = await on_duty(stage)
    await page.locator(".top-who").click()
    await page.get_by_role("button", name="指定叫号（写明原因）").click()
    rows = page.locator("dialog .finder-row")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(0)).to_contain_text(first["number"])  # in order of arrival
    await expect(rows.nth(1)).to_contain_text("优先")
    await expect(rows.nth(1)).not_to_contain_text("老年")
    await page.locator("dialog button[type=submit]").click()
    await expect(page.locator("dialog .error")).to_have_text("请选一个号码，并写明原因")
    await rows.nth(0).click()
    await page.locator("dialog .field input").fill("行动不便，由家人代为说明")
    await page.locator("dialog button[type=submit]").click()
    await expect(page.locator(".hero-number")).to_have_text(first["number"])
    assert stage.hub.hall.picture.tickets[second["id"]].state == "waiting"
