"""The page of devices: one list, one device by itself, a fault mark, the touch grid on a pad, the swap of a browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.gallery import Gallery
from tests.browser.stage import PAD, WiredStage
from tests.browser.test_gallery import county, gallery, in_language  # noqa: F401

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK, WALL = (1280, 800), (1920, 1080)


async def test_a_pad_is_tested_marked_and_swapped(county: WiredStage, gallery: Gallery) -> None:  # noqa: F811
    pad = await county.pad("9")
    await county.hub.anyone.ok("/pairings", {"role": "pad-citizen", "place": "9"})
    office = await county.signed_in("/office#devices", "周技术", DESK, role=county.new("周技术", "office"))
    office = await in_language(office, gallery.lang)
    await office.locator(".register tbody tr").first.wait_for()
    await office.locator(".pairing-row .btn-row .act").nth(2).wait_for()  # replace, confirm, refuse
    await gallery.look(office, "devices-swap", (DESK, WALL))

    await office.locator(".bar input[type=search]").fill("pad-citizen")
    await office.locator(".register a").first.click()
    await office.locator(".btn.primary").first.click()
    await pad.locator(".touch-test").wait_for()
    cells = pad.locator(".touch-cell")
    for n in range(await cells.count() - 2):
        await cells.nth(n).click()
    await expect(office.locator(".grid-progress .on")).to_have_count(38)
    await gallery.look(pad, "pad-touch-test", (PAD, (1024, 600)))
    await gallery.look(office, "device-touch-test", (DESK, WALL))
    await pad.locator(".touch-test button").click()
    await expect(pad.locator(".touch-test")).to_have_count(0)
    await expect(office.locator("tbody .badge.amber").first).to_contain_text("2")

    await office.locator(".btn-row .act").nth(1).click()
    await office.locator("dialog.ask input").fill("屏幕右下角没有反应")
    await office.locator("dialog.ask .btn.primary").click()
    await office.locator(".band.amber", has_text="屏幕右下角没有反应").wait_for()
    await gallery.look(office, "device-marked", (DESK, WALL))

    await office.goto(f"{county.base}/office#devices")
    await office.locator(".pairing-row .btn.primary").first.click()
    await office.locator("dialog.ask .btn.primary").click()
    await pad.locator(".pairing-code").wait_for()  # the old browser is out, and asks again
    gallery.check()
    await county.close(office)
    await county.close(pad)


async def test_a_wired_device_by_itself(county: WiredStage, gallery: Gallery) -> None:  # noqa: F811
    office = await county.signed_in("/office#device/printer", "周技术", DESK, role=county.new("周技术", "office"))
    office = await in_language(office, gallery.lang)
    await office.locator(".frames li").first.wait_for()
    await office.locator(".btn.primary").first.click()
    await office.locator("tbody .badge").first.wait_for()
    await gallery.look(office, "device-printer", (DESK, WALL))
    gallery.check()
    await county.close(office)
