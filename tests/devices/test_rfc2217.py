"""Ports of a serial-device server: settings arrive, bytes pass unchanged, a lost server is a lost line."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator

import pytest

from hallq.devices import rfc2217
from hallq.devices.links import Line, LinkLost, open_line
from hallq.devices.simulators.strip import SimStrip
from hallq.displays.screens import StripScreen
from tests.devices.rfc2217_host import Rfc2217Host
from tests.devices.rig import TEMPO, Rig, now, until

pytestmark = pytest.mark.filterwarnings("ignore:set(Daemon|Name)..:DeprecationWarning")  # pyserial's


@pytest.fixture(autouse=True)
async def _sessions_end(_leaves_nothing: None) -> AsyncIterator[None]:
    yield
    await until(lambda: not any("2217" in thread.name for thread in threading.enumerate()))


@pytest.fixture
async def host(_sessions_end: None) -> AsyncIterator[Rfc2217Host]:
    made = Rfc2217Host(SimStrip(TEMPO))
    yield made
    await made.stop()


async def test_settings_arrive_and_every_byte_passes(host: Rfc2217Host, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, got = bytearray(), bytearray()
    monkeypatch.setattr(host.device, "take", heard.extend)
    line = await open_line(f"{host.start_rfc2217()}?baud=19200&parity=E&bits=7&stop=2")
    line.listen(got.extend, lambda: None)
    port = host.settings
    assert (port.baudrate, port.parity, port.bytesize, port.stopbits) == (19200, "E", 7, 2)
    assert line.byte_s == pytest.approx(11 / 19200)
    every = bytes(range(256)) * 4
    line.write(every)
    await until(lambda: heard == every)
    host._send(every)
    await until(lambda: got == every)
    line.close()


async def test_a_strip_behind_a_server_that_goes_and_comes(rig: Rig, host: Rfc2217Host) -> None:
    rig.entries.append(rig.entry("onbon-bxk", host.start_rfc2217(), id="led"))
    fleet = await rig.start()
    fleet.show("led", StripScreen(("一",)))
    await until(lambda: host.device.state()["pages"] == ["一"])
    begun = now()
    host.fault("unplug", True)
    await rig.state("led", "down")
    assert now() - begun < 1
    fleet.show("led", StripScreen(("二",)))
    host.fault("unplug", False)
    await until(lambda: host.device.state()["pages"] == ["二"])


async def test_nobody_there_and_a_server_of_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallq.devices.rfc2217.ANSWER_S", 0.1)
    with pytest.raises(LinkLost):
        await open_line("rfc2217://127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(LinkLost, match="RFC2217"):
        await open_line(f"rfc2217://127.0.0.1:{silent.getsockname()[1]}")


async def test_a_hub_that_no_longer_waits_leaves_no_session(host: Rfc2217Host) -> None:
    opening: asyncio.Task[Line] = asyncio.create_task(open_line(host.start_rfc2217()))
    await until(lambda: host._line)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    await until(lambda: not host._line)


def test_a_port_that_was_closed_wakes_who_reads_from_it() -> None:
    class Closed:  # pyserial's, when its own reader ended between two looks: nobody is told
        is_open = True

        def read(self, size: int) -> bytes:
            self.is_open = False
            return b""

    ours, theirs = socket.socketpair()
    with ours, theirs:
        rfc2217._receive(Closed(), ours)  # type: ignore[arg-type]
