"""A closure in the browser, from the form to the dark window and back (B13-B15, B20); a suspension at the kiosk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.strip import SimStrip
from hallq.people import commands as people
from tests.browser.gallery import Gallery
from tests.browser.stage import TERMINAL, RunningClock, Stage, WiredStage, until
from tests.hub import hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK = (1366, 768)
DESKS = ((390, 844), DESK)
HOUR = 3600
STRIP = '[[device]]\nid = "led-3"\ndriver = "onbon-bxk"\nlink = "{link}"\nwindow = "3"\n'
CLOSURE = {
    "windows": ["3"],
    "from": "2026-11-24T09:00",
    "until": "2026-11-24T17:30",
    "reason": "全员培训",
    "to_window": "2",
}
ADVISERS = [{"name": "王芳", "phone": "7218601"}, {"name": "李明", "phone": "7218602"}]
STOP = {"windows": ["3"], "services": ["pension"], "from": "2026-11-30", "until": "2026-12-01", "reason": "系统升级",
        "advisers": ADVISERS}  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def county(browser: Browser, tmp_path: Path) -> AsyncIterator[WiredStage]:
    """Window 3 has a strip; 周敏 is the chief representative of its department."""
    hosts = {"strip": SimHost(SimStrip())}
    try:
        devices = STRIP.format(link=hosts["strip"].start_tcp())
        async with hub(write_hall(tmp_path, devices=devices), RunningClock()) as running:
            stage = WiredStage(browser, running, hosts)
            await running.hall.do(people.add_person, name="周敏", role="chief", window="2")
            await until(lambda: all(entry["state"] == "up" for entry in stage.devices()))
            yield stage
            await stage.end()
    finally:
        await hosts["strip"].stop()


async def fill(page: Page, first: str, last: str) -> None:
    await page.get_by_label("事由").fill("全员培训")
    await page.get_by_role("checkbox", name="3号窗口").check()
    for title, day, clock in (("开始", first, "9:00"), ("结束", last, "17:30")):
        group = page.get_by_role("group", name=title)
        await group.get_by_label("日期").fill(day)
        await group.get_by_label("时间").fill(clock)
    await page.get_by_label("由哪个窗口办理").select_option("2号窗口")


async def test_a_closure_from_the_form_to_the_dark_window_and_back(county: WiredStage) -> None:
    """B13, B14, B15, B20, B07."""
    kiosk, screen = await county.kiosk(), await county.screen()
    await county.clerk("李明", "2")

    chief = await county.signed_in("/office#closing", "周敏", DESK)
    await chief.get_by_role("link", name="申请关闭或重启窗口").click()
    await fill(chief, "2026-11-23", "2026-11-24")
    await expect(chief.locator(".findings")).to_contain_text("最早可从 2026-11-24 开始")
    await fill(chief, "2026-11-24", "2026-11-24")
    await expect(chief.get_by_text("符合规定，可以提交")).to_be_visible()
    await chief.get_by_role("button", name="保存草稿").click()
    await chief.get_by_label("部门意见").fill("同意")
    await chief.get_by_role("button", name="签字").click()
    await expect(chief.locator(".badge", has_text="已签字")).to_be_visible()
    await expect(chief.get_by_role("button", name="批准", exact=True)).to_have_count(0)

    office = await county.signed_in("/office#closing", "林静", DESK, role=county.new("林静", "office"))
    await office.get_by_role("link", name="第 1 号").click()
    await office.get_by_label("大厅管理室意见").fill("同意")
    await office.get_by_role("button", name="批准", exact=True).click()
    await office.get_by_role("button", name="发布通知").click()
    await expect(office.locator(".badge", has_text="已发布")).to_be_visible()

    told = "3号窗口11月24日9:00至11月24日17:30临时关闭，业务请到2号窗口办理"
    await expect(kiosk.locator(".notice-band")).to_have_text(told)
    await expect(screen.locator(".voice .text")).to_have_text(told)
    for page in (chief, office):
        await county.close(page)

    county.hub.clock.pass_(24 * HOUR)
    await county.strip_shows("临时关闭/请到2号窗口")
    terminal = await county.signed_in("/window/3", "赵强", TERMINAL)
    county.guard(terminal).expects(409)
    await terminal.get_by_role("button", name="本窗口上岗").click()
    await expect(terminal.get_by_text("3号窗口已按申请关闭")).to_be_visible()
    assert await offered(county) == ["2"]

    county.hub.clock.pass_(9 * HOUR)
    await county.strip_shows("3号窗口/暂停服务")
    await expect(kiosk.locator(".notice-band")).to_be_hidden()
    assert await offered(county) == ["2", "3"]
    clerk = await county.hub.person("赵强")
    await clerk.ok("/windows/3/sign-in", {})
    await county.strip_shows("社会保险")

    office = await county.signed_in("/office#closing/1", "林静", DESK)
    await expect(office.locator(".badge", has_text="已结束")).to_be_visible()
    for device in ("窗口屏", "取号机", "公共大屏"):
        await expect(office.get_by_role("row", name=device)).to_contain_text("已显示")


async def offered(stage: Stage) -> list[str]:
    items = (await stage.hub.anyone.get("/services")).json()["items"]
    return next(list(item["windows"]) for item in items if item["code"] == "pension")


async def test_a_suspended_business_is_explained_at_the_kiosk(county: WiredStage) -> None:
    """B19, B20, B21: marked on its card, with where to ask."""
    chief, office = await county.hub.person("周敏"), await county.hub.person("林静", "office")
    form = await chief.ok("/suspensions", STOP)
    for step, who in (("sign", chief), ("approve", office), ("publish", office)):
        await who.ok(f"/suspensions/{form['id']}/{step}", {})
    kiosk = await county.kiosk()
    await expect(kiosk.locator(".notice-band")).to_contain_text("养老金于11月30日至12月1日临时停办")
    county.hub.clock.pass_(7 * 24 * HOUR)
    card = kiosk.locator(".choice", has_text="养老金")
    await expect(card).to_contain_text("临时停办")
    await card.click()
    await expect(kiosk.get_by_text("养老金于11月30日至12月1日临时停办，咨询请到3号窗口").first).to_be_visible()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_the_pages_of_forms_at_their_sizes(county: WiredStage, lang: str) -> None:
    chief, office = await county.hub.person("周敏"), await county.hub.person("林静", "office")
    await chief.ok("/closures", CLOSURE | {"measures": "2号窗口办理同类业务", "contact": "赵强", "phone": "7218600"})
    form = await chief.ok("/suspensions", STOP)
    await chief.ok(f"/suspensions/{form['id']}/sign", {})
    await office.ok(f"/suspensions/{form['id']}/approve", {})
    await office.ok(f"/suspensions/{form['id']}/publish", {})
    await chief.ok("/window-plans", {"year": 2026, "seasons": [{"windows": ["3"], "from": "11-01", "until": "03-31"}]})
    gallery = Gallery(lang)
    page = await county.signed_in("/office#closing", "林静", DESK, lang=lang)
    for place, ready in (("closing", "tbody tr"), ("closing/1", ".facts"), ("closing/new", "form.entry"),
                         ("suspend/1", ".facts"), ("suspend/new", "form.entry"), ("change", "tbody tr"),
                         ("change/new", "form.entry"), ("closing/missed", ".table-wrap")):  # fmt: skip
        await page.goto(f"{county.base}/office#{place}")
        await page.locator(f".page {ready}").first.wait_for()
        await gallery.look(page, f"office-{place.replace('/', '-')}", DESKS)
    gallery.check()
