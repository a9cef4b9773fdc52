"""A village station: three buttons of a USB keypad, a printer, no screen. And a clerk's USB keypad at a window."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from hallq.devices.drivers import evdev_keypad
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.usb_keypad import SimUsbKeypad
from hallq.ticketing.model import Ticket
from tests.devices.rig import until
from tests.hub import Hub, hub, write_hall
from tests.stories.test_hall import staff_number, state

DEVICES = """
[[device]]
id = "printer"
driver = "escpos"
link = "{printer}"
kiosk = "k1"
[[device]]
id = "buttons"
driver = "evdev-keypad"
link = "evdev:buttons"
kiosk = "k1"
options = {{ keys = {{ KP1 = "pension", KP2 = "id", KP3 = "gone" }} }}
[[device]]
id = "keys-2"
driver = "evdev-keypad"
link = "evdev:keys"
window = "2"
"""


@dataclass
class Village:
    running: Hub
    printer: SimHost
    buttons: SimUsbKeypad
    keys: SimUsbKeypad

    async def tickets(self) -> list[Any]:
        return await self.running.hall.read(lambda db: db.find(select(Ticket)))

    def paper(self) -> str:
        return str(self.printer.device.state())

    async def up(self) -> None:
        devices = self.running.hall.extra
        names = ("printer", "buttons", "keys-2")
        await until(lambda: all(devices.get(f"device/{name}", {}).get("state") == "up" for name in names))


def keypad(path: Path) -> tuple[SimUsbKeypad, int]:
    """Behind a pipe; a real one is /dev/input/by-id/*-event-kbd."""
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    simulated = SimUsbKeypad(0.1)
    simulated.attach(partial(_write, end))
    return simulated, end


def _write(end: int, data: bytes) -> None:
    os.write(end, data)


@asynccontextmanager
async def village(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Village]:
    monkeypatch.setattr(fcntl, "ioctl", lambda fd, request, on: None)  # a pipe cannot be taken for oneself
    printer = SimHost(SimPrinter(0.02))
    printer.start_tcp()
    (buttons, one), (keys, two) = keypad(folder / "buttons"), keypad(folder / "keys")
    try:
        async with hub(write_hall(folder, devices=DEVICES.format(printer=printer.link))) as running:
            known = Village(running, printer, buttons, keys)
            await known.up()
            yield known
    finally:
        for device in (buttons, keys):
            device.stop()
        os.close(one)
        os.close(two)
        await printer.stop()


async def test_one_key_is_one_number_and_one_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with village(tmp_path, monkeypatch) as here:
        here.buttons.press("KP1", "KP1", "KPENTER", "KP9")  # pressed twice; and keys that mean nothing
        await until(lambda: "B001" in here.paper())
        here.buttons.press("KP2")
        await until(lambda: "A001" in here.paper())
        [first, second] = await here.tickets()
        assert [(one.number, one.kiosk, one.issuer) for one in (first, second)] == [
            ("B001", "k1", "device:buttons"), ("A001", "k1", "device:buttons")
        ]  # fmt: skip
        monkeypatch.setattr(evdev_keypad, "AGAIN_S", 0.0)
        here.buttons.press("KP1")
        await until(lambda: "B002" in here.paper())


async def test_who_gets_no_number_reads_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with village(tmp_path, monkeypatch) as here:
        before = here.paper()
        here.buttons.press("KP3")  # a service that the office has taken out
        await until(lambda: here.paper() != before)
        assert await here.tickets() == []


async def test_without_paper_no_number_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with village(tmp_path, monkeypatch) as here:
        here.printer.fault("unplug", True)
        await until(lambda: here.running.hall.extra["device/printer"]["state"] == "down")
        here.buttons.press("KP1")
        here.printer.fault("unplug", False)
        await here.up()
        here.buttons.press("KP2")
        await until(lambda: "A001" in here.paper())
        assert [ticket.number for ticket in await here.tickets()] == ["A001"]


async def test_a_usb_keypad_at_a_window_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with village(tmp_path, monkeypatch) as here:
        await staff_number(here.running, "李明", "1007", "2580")
        here.keys.press(*(f"KP{digit}" for digit in "1007"), "KPENTER", *(f"KP{digit}" for digit in "2580"), "KPENTER")
        await until(lambda: state(here.running)["clerk"] is not None)
        here.buttons.press("KP1")
        await until(lambda: "B001" in here.paper())
        here.keys.fault("stuck", True)  # held down: still one press
        here.keys.press("KPENTER")
        await until(lambda: state(here.running)["ticket"] is not None)
        here.keys.fault("stuck", False)
        here.keys.press("KPMINUS", "KPPLUS")
        await until(lambda: state(here.running)["ticket"] is None)
        here.keys.press("KPASTERISK")
        await until(lambda: state(here.running)["paused"])
