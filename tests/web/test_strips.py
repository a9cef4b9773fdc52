"""The strips of a whole hall: roll call, the test of a display without hanzi, and what is left on them by a hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hallq.config import Settings
from hallq.devices.drivers import modbus_profile
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.modbus import SimModbus
from hallq.devices.simulators.strip import SimStrip
from hallq.wiring import roll_call, self_test
from tests.devices.rig import until
from tests.hub import Hub, hub, write_hall


class Strips:
    """Cards at windows 1 and 3, digits at 2; they stay when the hub goes."""

    def __init__(self) -> None:
        digits = SimModbus(profile=modbus_profile.load("led-485"))
        self.devices = {"1": SimStrip(), "2": digits, "3": SimStrip(width=64)}
        self.hosts = {no: SimHost(device) for no, device in self.devices.items()}

    def hall(self, folder: Path) -> Settings:
        blocks = [
            f'[[device]]\nid = "strip-{no}"\nwindow = "{no}"\nlink = "{self.hosts[no].start_tcp()}"\n{driver}\n'
            for no, driver in (
                ("1", 'driver = "onbon-bxk"'),
                ("2", 'driver = "modbus-text"'),
                ("3", 'driver = "onbon-bxk"\noptions = { width = 64 }'),
            )
        ]
        return write_hall(folder, devices="".join(blocks))

    def pages(self) -> list[list[str]]:
        return [self.devices[no].state()["pages"] for no in "123"]

    async def show(self, *pages: list[str]) -> None:
        await until(lambda: self.pages() == list(pages))


@pytest.fixture
async def strips() -> AsyncIterator[Strips]:
    made = Strips()
    yield made
    for host in made.hosts.values():
        await host.stop()


@asynccontextmanager
async def open_hall(strips: Strips, folder: Path) -> AsyncIterator[tuple[Hub, Any]]:
    """A citizen is called to window 1."""
    async with hub(strips.hall(folder)) as running:
        clerk = await running.clerk("王芳", "1")
        kiosk = await running.device("kiosk", "k1")
        await kiosk.ok("/tickets", {"service": "id"})
        await clerk.ok("/windows/1/call-next")
        await strips.show(["请A001号办理"], ["----"], ["3号窗口", "暂停服务"])
        yield running, clerk


async def test_roll_call_shows_every_strip_its_window(
    strips: Strips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_hall(strips, tmp_path) as (running, clerk):
        boss = await running.person("管理室", "office")
        told = await boss.ok("/devices/roll-call", {"on": True})
        assert running.hall.extra["notice/roll-call"]["until"] == told["until"]
        await strips.show(["请A001号办理"], ["-2-"], ["3号窗口"])  # a citizen's call stays
        await clerk.ok("/windows/1/finish")
        await strips.show(["★1号窗口★"], ["-2-"], ["3号窗口"])
        await boss.ok("/devices/roll-call", {"on": False})
        await strips.show(["1号窗口", "公安户政"], ["----"], ["3号窗口", "暂停服务"])
        assert "notice/roll-call" not in running.hall.extra
        monkeypatch.setattr(roll_call, "LASTS_S", 0.2)
        await boss.ok("/devices/roll-call", {"on": True, "zone": "1F"})
        await strips.show(["★1号窗口★"], ["-2-"], ["3号窗口"])
        await strips.show(["1号窗口", "公安户政"], ["----"], ["3号窗口", "暂停服务"])
        assert (await boss.post("/devices/roll-call", {"on": True, "zone": "9F"})).status_code == 404
        assert (await clerk.post("/devices/roll-call", {"on": True})).status_code == 403


async def test_a_hub_that_stops_leaves_no_number_on_any_strip(strips: Strips, tmp_path: Path) -> None:
    async with open_hall(strips, tmp_path):
        pass
    assert strips.pages() == [["1号窗口"], ["-2-"], ["3号窗口"]]


async def test_the_test_of_a_display_of_digits_lights_every_segment(
    strips: Strips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "SHOWN_S", 0.1)
    async with open_hall(strips, tmp_path) as (running, _):
        boss = await running.person("管理室", "office")
        await boss.ok("/devices/strip-2/test", {})
        await until(lambda: strips.pages()[1] == ["8888"])
        await until(lambda: strips.pages()[1] == ["----"])
