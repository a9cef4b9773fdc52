"""What is kept of a device's frames: for the technician to read, bounded, and nothing of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from firmware_protocols import PROTOCOLS, ProtocolError, ff68_bus
from firmware_protocols.eval_pad import SignIn
from hallq.devices.traffic import BAD, IN, KEPT, LONG, MOST, OUT, Frame, Traffic, Words
from hallq.displays.screens import Slip, SlipLine, StripScreen
from hallq.kernel import SystemClock
from tests.devices.rig import Rig, until


@dataclass(frozen=True)
class Secret:
    name: str
    private: ClassVar[bool] = True


def test_a_private_message_shows_its_name_alone_and_a_pin_is_masked() -> None:
    traffic = Traffic(SystemClock())
    traffic.heard(Words(Secret("张建国")))
    traffic.sent(Words(Secret("张建国")), LONG + 1)
    traffic.heard(Words(SignIn(1, 0, "1001", "2580")))
    said = [frame.words for frame in traffic.frames]
    assert said[:2] == ["Secret", f"Secret, {LONG + 1} bytes"]
    assert "SignIn" in said[2] and "2580" not in said[2]


PIN = bytes([2, 5, 8, 0, 2, 5])
TYPED = {  # 2 5 8 0 2 5 on a keypad, as nobody hopes that it comes
    "in one frame": ("ff68", bytes.fromhex("FF 68 08 08 68 01 01") + PIN + bytes([sum(PIN) + 2, 0x16])),
    "with a wrong sum": ("ff68", bytes.fromhex("FF 68 05 05 68 01 01 02 05 08 77 16")),
    "cut off": ("ff68", bytes.fromhex("FF 68 05 05 68 01 01 02 05 08")),
    "as scan codes": ("evdev-keypad", bytes(16) + bytes.fromhex("04 00 04 00 02 05 08 00")),
    "cut off before its end": ("evdev-keypad", bytes(16) + bytes.fromhex("01 00 02 05 08")),
}


@pytest.mark.parametrize("typed", TYPED)
def test_a_pin_stands_in_no_frame_however_it_comes(typed: str) -> None:
    protocol, data = TYPED[typed]
    traffic, host = Traffic(SystemClock()), PROTOCOLS[protocol].Host()
    logged = [Words(item) for item in [*host.feed(data), *host.end()]]
    for words in logged:
        traffic.heard(words)
    for shown in [*map(str, logged), *(frame.words for frame in traffic.frames)]:
        assert "02 05" not in shown and str(0x00080502) not in shown, shown
    assert traffic.frames


def test_which_button_a_citizen_pressed_stands_in_no_frame() -> None:
    pressed, answer = ff68_bus.Rated(1, 3), ff68_bus.Answer(1, 3)
    assert [Words(each).brief() for each in (pressed, answer)] == ["Rated", "Answer"]


def test_few_and_short_frames_are_kept() -> None:
    traffic = Traffic(SystemClock())
    for _ in range(KEPT * 2):
        traffic.misheard(Words(ProtocolError("x" * MOST * 2)))
    assert len(traffic.frames) == KEPT
    assert len(traffic.frames[0].words) < MOST * 1.2
    assert traffic.bad_frames == KEPT * 2


async def test_frames_and_figures_outlive_a_connection(rig: Rig) -> None:
    host = rig.device("onbon-bxk", "tcp", id="led")
    fleet = await rig.start()
    seen: list[Frame] = []
    end = fleet.watch("led", seen.append)
    fleet.show("led", StripScreen(("请A001号",)))
    await until(lambda: host.device.state()["pages"])
    await rig.up("led")
    assert [frame.way for frame in fleet.frames("led")[:2]] == [OUT, IN]
    assert any("请A001号" in frame.words for frame in seen)
    host._send(b"\x00noise")
    await until(lambda: fleet.health()["led"].bad_frames)
    host.fault("unplug", True)
    await rig.state("led", "down")
    end()
    count = len(seen)
    host.fault("unplug", False)
    await rig.up("led")
    health = fleet.health()["led"]
    assert (health.losses, health.bad_frames, len(seen)) == (1, 1, count)
    assert health.heard_at and health.round_trip_ms
    assert {frame.way for frame in fleet.frames("led")} == {IN, OUT, BAD}


async def test_a_slips_bytes_are_not_kept(rig: Rig) -> None:
    rig.device("escpos", "tcp", id="printer")
    fleet = await rig.start()
    slip = Slip("A001", tuple(SlipLine("县政务服务中心" * 3) for _ in range(9)))
    assert await fleet.perform("printer", slip, seconds=20) == "done"
    assert any(frame.words.endswith(" bytes") for frame in fleet.frames("printer"))
