"""A technician's morning: what is down, a test slip, the roll call, a pad's grid, a mark, a browser that is replaced;
then a guide marks a device beside them, and the office prints a lost slip anew."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.strip import SimStrip
from tests.browser.gallery import Gallery
from tests.browser.stage import RunningClock, WiredStage, until
from tests.browser.test_gallery import in_language
from tests.hub import hub, write_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK, WALL, TABLET = (1280, 800), (1920, 1080), (1024, 768)
BLOCK = '[[device]]\nid = "{}"\ndriver = "{}"\nlink = "{}"\n{}\n'


@pytest_asyncio.fixture(loop_scope="session")
async def new_hall(browser: Browser, tmp_path: Path) -> AsyncIterator[WiredStage]:
    """A printer, a strip, and a strip that nobody has plugged in."""
    hosts = {"printer-k1": SimHost(SimPrinter(tempo=0.1)), "led-2": SimHost(SimStrip())}
    with socket.socket() as nobody:  # bound, and not listening: its port is nobody else's meanwhile
        nobody.bind(("127.0.0.1", 0))
        toml = BLOCK.format("printer-k1", "escpos", hosts["printer-k1"].start_tcp(), 'kiosk = "k1"')
        toml += BLOCK.format("led-2", "onbon-bxk", hosts["led-2"].start_tcp(), 'window = "2"')
        toml += BLOCK.format("led-1", "onbon-bxk", f"tcp://127.0.0.1:{nobody.getsockname()[1]}", 'window = "1"')
        try:
            async with hub(write_hall(tmp_path, devices=toml), RunningClock()) as running:
                stage = WiredStage(browser, running, hosts)
                await until(lambda: sorted(each["state"] for each in stage.devices()) == ["down", "up", "up"])
                yield stage
                await stage.end()
        finally:
            for host in hosts.values():
                await host.stop()


async def test_from_the_cable_to_the_first_citizen(new_hall: WiredStage) -> None:
    stage, gallery = new_hall, Gallery("zh-CN")
    pad = await stage.pad("2")
    office = await stage.signed_in("/office#devices", "周技术", DESK, role="office")
    await sees_what_is_down(office)
    await gallery.look(office, "commissioning-list", (DESK, WALL))
    await calls_the_roll(stage, office)
    await prints_a_test_slip(stage, office)
    await gallery.look(office, "commissioning-printer", (DESK, WALL))
    await touches_the_grid(office, pad)
    await marks(office)
    await replaces(stage, office, pad)
    gallery.check()


async def test_a_guide_marks_what_is_broken_and_says_when_it_is_well(new_hall: WiredStage) -> None:
    stage, gallery = new_hall, Gallery("zh-CN")
    page = await stage.signed_in("/guide#report", "罗小燕", TABLET, role="guide")
    card = page.locator("section.card", has=page.get_by_role("heading", name="设备报修"))
    await expect(card.locator("optgroup").first).to_have_attribute("label", "有异常的")
    await card.get_by_role("button", name="报修").click()
    await expect(card.get_by_role("alert").first).to_have_text("请选择设备，并写明故障情况")
    await card.get_by_label("哪台设备").select_option("led-1")
    await card.get_by_role("button", name="屏幕不亮").click()
    await card.get_by_role("button", name="报修").click()
    await expect(card.locator(".band.amber")).to_contain_text("屏幕不亮")
    await expect(card.get_by_role("status")).to_have_text("已报修：1号窗口 · 窗口条屏 · led-1")
    assert stage.hub.app.state.wiring.care.mark_of("led-1")["note"] == "屏幕不亮"
    await card.scroll_into_view_if_needed()
    await gallery.look(page, "guide-repair", (TABLET, (390, 844)))
    await card.get_by_role("button", name="已修好").click()
    await expect(card.locator(".band.amber")).to_have_count(0)
    assert stage.hub.app.state.wiring.care.mark_of("led-1") is None
    await in_language(page, "en")
    await page.get_by_role("heading", name="Out of order").scroll_into_view_if_needed()
    await Gallery("en").look(page, "guide-repair")
    gallery.check()


async def test_a_lost_slip_is_printed_anew_by_the_office_and_at_a_window(new_hall: WiredStage) -> None:
    stage, gallery = new_hall, Gallery("zh-CN")
    ticket = await stage.take()
    office = await stage.signed_in("/office#reprint", "周技术", DESK, role="office")
    await office.get_by_label("号码", exact=True).fill("B999")
    await office.get_by_role("button", name="补打").click()
    await expect(office.get_by_role("alert").filter(has_text="今天没有这个号")).to_be_visible()
    await office.get_by_label("号码", exact=True).fill(ticket["number"].lower())
    await office.get_by_label("补打原因").select_option("unreadable")
    await office.get_by_role("button", name="补打").click()
    said = office.locator(".band.green", has_text="正在取号机 k1 打印")
    await expect(said).to_contain_text("原票作废")
    await gallery.look(office, "office-reprint", (DESK, (390, 844)))
    code = (await said.inner_text()).split("新核对码 ")[1][:4]
    slips = stage.hosts["printer-k1"].device
    await until(lambda: slips.state()["slips"])
    assert any("补打" in line.get("text", "") for line in slips.state()["slips"][-1]["lines"])

    clerk = await stage.signed_in("/window/2", "李明", (360, 900))
    await clerk.locator(".top-who").click()
    await clerk.get_by_role("button", name="补打小票").click()
    await clerk.get_by_label("号码", exact=True).fill(ticket["number"])
    await clerk.get_by_label("原小票上的核对码").fill(code)
    await clerk.get_by_label("小票打印在").select_option("")
    await gallery.look(clerk, "window-reprint")
    await clerk.get_by_role("button", name="补打").click()
    await expect(clerk.locator(".notice")).to_contain_text(f"请把号码 {ticket['number']} 和新核对码")
    gallery.check()


# -- what the technician does


async def sees_what_is_down(office: Page) -> None:
    first = office.locator(".register tbody tr").first
    await expect(first).to_contain_text("led-1")
    await expect(first).to_contain_text("对方拒绝连接")


async def calls_the_roll(stage: WiredStage, office: Page) -> None:
    await office.get_by_role("button", name="开始点名").click()
    strip = stage.hosts["led-2"].device
    await until(lambda: "★2号窗口★" in strip.state()["pages"])
    await expect(office.get_by_text("正在点名")).to_be_visible()
    await office.get_by_role("button", name="结束", exact=True).click()
    await expect(office.get_by_text("正在点名")).to_be_hidden()


async def prints_a_test_slip(stage: WiredStage, office: Page) -> None:
    await office.get_by_role("link", name="printer-k1").click()
    await office.get_by_role("button", name="测试这台设备").click()
    await expect(office.locator("tbody .badge.green")).to_have_text("正常")
    [slip] = stage.hosts["printer-k1"].device.state()["slips"]
    assert any("printer-k1" in line.get("text", "") for line in slip["lines"])


async def touches_the_grid(office: Page, pad: Page) -> None:
    await office.get_by_role("link", name="全部设备").click()
    await office.get_by_role("link", name="评价器页面（群众侧）").click()
    await office.get_by_role("button", name="触摸测试").click()
    cells = pad.locator(".touch-cell")
    await expect(cells).to_have_count(40)
    for n in range(40):
        await cells.nth(n).click()
    await expect(office.locator("tbody .badge.green")).to_have_text("正常")


async def marks(office: Page) -> None:
    await office.get_by_role("button", name="报修").click()
    await office.locator("dialog input").fill("按键松动")
    await office.locator("dialog .btn.primary").click()
    await expect(office.locator(".band.amber", has_text="按键松动")).to_be_visible()


async def replaces(stage: WiredStage, office: Page, old: Page) -> None:
    """The new browser asks; the old one is out, and its mark ends."""
    await stage.hub.anyone.ok("/pairings", {"role": "pad-citizen", "place": "2"})
    await office.get_by_role("link", name="全部设备").click()
    await office.get_by_role("button", name="替换").click()
    await office.locator("dialog .btn.primary").click()
    await old.locator(".pairing-code").wait_for()
    assert stage.hub.app.state.wiring.care.mark_of("pad-citizen:2") is None
