"""Devices of another machine: its cable, its end and the hub's restart are an unplugged line, no more."""

from __future__ import annotations

import asyncio

import pytest

from hallq.devices.links import CHUNK
from hallq.relay import mux
from hallq.relay.channel import WINDOW
from hallq.relay.frames import Frame, Kind
from tests.devices.rig import SLIP, Rig, until
from tests.devices.test_strip import page


async def test_a_pulled_cable_is_an_unplugged_line(rig: Rig) -> None:
    strip, printer = rig.device("onbon-bxk", "relay", id="led"), rig.device("escpos", "relay", id="paper")
    near = rig.device("onbon-bxk", "pty", id="near")
    fleet = await rig.start()
    for id in ("led", "paper", "near"):
        await rig.up(id)
    rig.far.unplug()
    await rig.state("led", "down")
    await rig.state("paper", "down")
    for text in ("一", "二", "三"):
        fleet.show("led", page(text))
        fleet.show("near", page(text))
    await until(lambda: near.device.state()["pages"] == ["三"])
    frames = strip.device.state()["frames"]
    await until(lambda: fleet.health()["led"].error == "relay far is away")
    printing = asyncio.create_task(fleet.perform("paper", SLIP, seconds=10))
    rig.far.plug()
    await until(lambda: strip.device.state()["pages"] == ["三"])
    assert strip.device.state()["frames"] == frames + 1  # the newest alone
    assert await printing == "done"
    assert len(printer.device.state()["slips"]) == 1
    [relay] = rig.far.relays.known()
    await until(lambda: {port.state for port in relay.ports.values()} == {"open"})


async def test_the_machine_comes_again_before_its_old_connection_is_missed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its newest connection counts; devices of the old one are opened anew."""
    monkeypatch.setattr(mux, "BEAT_S", 0.05)
    monkeypatch.setattr(mux, "DEAD_S", 0.3)
    strip = rig.device("onbon-bxk", "relay", id="led")
    fleet = await rig.start()
    await rig.up("led")
    rig.far._cable = None  # pulled without a word
    rig.far.plug()
    await rig.state("led", "down")
    fleet.show("led", page("四"))
    await until(lambda: strip.device.state()["pages"] == ["四"])


async def test_a_hub_that_starts_again(rig: Rig) -> None:
    strip = rig.device("onbon-bxk", "relay", id="led")
    fleet = await rig.start()
    await rig.up("led")
    rig.far.unplug()
    fleet = await rig.restart()
    fleet.show("led", page("五"))
    await until(lambda: strip.device.state()["pages"] == ["五"])


def test_no_frame_is_larger_than_the_door_takes() -> None:
    assert len(Frame(Kind.DATA, 1, bytes(16 * 1024)).encode()) < 64 * 1024 and WINDOW < CHUNK
