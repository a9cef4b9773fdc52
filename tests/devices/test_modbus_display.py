"""Displays on Modbus RTU: each shipped register map, several on a line, pages turned by the hub, a foreign server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hallq.config import ConfigError, parse_settings
from hallq.devices.drivers import modbus_profile
from hallq.devices.drivers.modbus_text import ModbusOptions, gap_s
from hallq.displays.screens import StripScreen
from tests.devices.rig import Rig, until


def page(*texts: str) -> StripScreen:
    return StripScreen(texts, "red", ("call", 1, 1))


SHOWN = {
    "led-485": (("A012",), ["A012"], {0x70: b"A0", 0x71: b"12"}),
    "dm36": (("A012",), ["A012"], {0: b"\0 ", 1: b"\0 ", 2: b"\0A", 5: b"\x002"}),
    "ditel-dn1x9": (("A1000",), ["A1000"], {0: b"A1", 2: b"0\0", 9: b"\0\0"}),
    "embeddedart": (("A012", "-3-"), ["A012 -3-"], {1000: b"A0", 2000: b"-3", 2007: b"  "}),
    "generic-gb2312": (("请A001号",), ["请A001号"], {0: b"\xc7\xeb", 3: b"\xba\xc5"}),
}


def test_every_shipped_profile_is_tried() -> None:
    assert sorted(SHOWN) == modbus_profile.shipped()


@pytest.mark.parametrize("profile", SHOWN)
async def test_the_text_stands_where_the_profile_says(rig: Rig, transport: str, profile: str) -> None:
    texts, shown, registers = SHOWN[profile]
    display = rig.device("modbus-text", transport, id="led", profile=profile, address=7).device
    fleet = await rig.start()
    fleet.show("led", page(*texts))
    await until(lambda: rig.events.shown == [("led", page(*texts))])
    assert display.state()["pages"] == shown
    held = display._registers  # type: ignore[attr-defined]
    assert {number: held[number] for number in registers} == registers
    uncertain = {"profile": "uncertain"} if profile == "generic-gb2312" else {}
    assert fleet.health()["led"].detail == uncertain


@pytest.mark.parametrize("fault", ["mute", "garble", "delay", "bytewise", "unplug", "power"])
async def test_it_converges_after_a_fault(rig: Rig, transport: str, fault: str) -> None:
    host = rig.device("modbus-text", transport, id="led")
    fleet = await rig.start()
    await rig.up("led")
    host.fault(fault, True)
    for text in ("A001", "A002"):
        fleet.show("led", page(text))
    host.fault(fault, False)
    await until(lambda: host.device.state()["pages"] == ["A002"])


async def test_pages_are_turned_by_the_hub(rig: Rig) -> None:
    """Two lines, three pages: two views, one after the other."""
    display = rig.device("modbus-text", "tcp", id="led", profile="embeddedart").device
    fleet = await rig.start()
    fleet.show("led", page("A1", "A2", "A3"))
    for view in (["A1", "A2"], ["A3", ""], ["A1", "A2"]):
        await until(lambda: display.state()["lines"] == view)  # noqa: B023  awaited here


async def test_several_on_one_line(rig: Rig, transport: str) -> None:
    _, bus = rig.bus("modbus-text", transport, [1, 2, 3])
    fleet = await rig.start()
    for unit in (1, 2, 3):
        fleet.show(f"d{unit}", page(f"A00{unit}"))
    for unit in (1, 2, 3):
        await until(lambda: bus.devices[f"d{unit}"].state()["pages"] == [f"A00{unit}"])  # noqa: B023  awaited here


async def test_a_profile_that_does_not_fit_is_a_fault_and_no_proof(rig: Rig) -> None:
    host = rig.device("modbus-text", "tcp", id="led")
    host.fault("refuse", True)
    fleet = await rig.start()
    fleet.show("led", page("A001"))
    await rig.state("led", "fault")
    assert fleet.health()["led"].error == "refuses: illegal data address"
    assert rig.events.shown == []


DEVICE = {"id": "led", "driver": "modbus-text", "link": "sim:", "window": "1"}
FAULTY = [
    ("width = 3", "width: two characters fill a register"),
    ("width = 4\ncolour = 1", "colour: "),
    ('width = 4\npad = "。"', "pad: "),
    ("width = ", "not valid TOML"),
]


def settings_with(profile: str, folder: Path) -> object:
    device = DEVICE | {"options": {"profile": profile}}
    return parse_settings({"hall": {"id": "h", "name": "h"}, "device": [device]}, folder / "hall.toml").device[0]


def test_a_hall_s_own_profile_stands_beside_hall_toml(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('about = "ours"\npacking = "number"\nstarts = [0]\nwidth = 4\nfunction = 6\n')
    options = settings_with("own.toml", tmp_path).typed_options()  # type: ignore[attr-defined]
    assert isinstance(options, ModbusOptions)
    profile = modbus_profile.load(options.profile)
    assert [line.encode().hex() for line in profile.line(1, 0, "A012")] == ["01060000000c89cf"]


@pytest.mark.parametrize(("text", "error"), FAULTY)
def test_a_faulty_profile_is_refused_with_its_key(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "own.toml").write_text(f'about = "ours"\npacking = "pair"\nstarts = [0]\n{text}\n')
    with pytest.raises(ConfigError, match=error):
        settings_with("own.toml", tmp_path)


def test_a_profile_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="shipped: ditel-dn1x9, dm36"):
        settings_with("dm63", tmp_path)


def test_the_gap_between_two_frames() -> None:
    assert round(gap_s("serial:/dev/ttyUSB0?baud=9600") * 1000, 2) == 4.01
    assert gap_s("serial:/dev/ttyUSB0?baud=115200") == 0.00175


async def test_a_server_that_this_project_did_not_write(rig: Rig) -> None:
    """pymodbus serves RTU frames over TCP; what our driver wrote is read back out of its registers."""
    pytest.importorskip("pymodbus", reason="pymodbus, the independent witness, is not installed")
    from pymodbus import FramerType
    from pymodbus.client import AsyncModbusTcpClient
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    registers = SimData(0, values=[0] * 200, datatype=DataType.REGISTERS)
    server: Any = ModbusTcpServer(SimDevice(9, simdata=[registers]), framer=FramerType.RTU, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    port = server.transport.sockets[0].getsockname()[1]
    reader = AsyncModbusTcpClient("127.0.0.1", port=port, framer=FramerType.RTU)
    try:
        rig.entries.append(rig.entry("modbus-text", f"tcp://127.0.0.1:{port}", id="led", address=9))
        fleet = await rig.start()
        await rig.up("led")
        fleet.show("led", page("A012"))
        await until(lambda: ("led", page("A012")) in rig.events.shown)
        assert await reader.connect()
        held = await reader.read_holding_registers(0x70, count=2, device_id=9)
        assert b"".join(word.to_bytes(2, "big") for word in held.registers) == b"A012"
    finally:
        reader.close()
        await rig.stop()
        await server.shutdown()
