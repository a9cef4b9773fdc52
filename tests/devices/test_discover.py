"""What is plugged in, on a machine made of files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hallq.cli.devices import list_
from hallq.devices import discover
from hallq.devices.discover import Found, plugged
from hallq.relay.settings import load_relay
from tests.hub import write_hall


@dataclass
class Port:
    device: str
    description: str = "USB Serial"
    vid: int | None = 0x1A86
    pid: int | None = 0x7523
    serial_number: str | None = None
    location: str | None = "1-1:1.0"


def link(at: Path, to: str) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.symlink_to(to)


def write(at: Path, text: str = "") -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(text)


def machine(root: Path) -> list[Found]:
    link(root / "dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0", "../../ttyUSB0")
    link(root / "dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", "../../ttyUSB2")  # of two alike the last one
    for n in range(3):
        link(root / f"dev/serial/by-path/pci-0000:00:14.0-usb-0:{n}:1.0-port0", f"../../ttyUSB{n}")
    write(root / "dev/usb/lp0")
    write(root / "sys/class/usbmisc/lp0/device/ieee1284_id", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;\n")
    link(root / "dev/input/by-id/usb-SIGMACHIP_USB_Keyboard-event-kbd", "../event3")
    for n in (3, 4):
        link(root / f"dev/input/by-path/pci-0000:00:14.0-usb-0:{n}:1.0-event-kbd", f"../event{n}")
        write(root / f"sys/class/input/event{n}/device/name", "SIGMACHIP USB Keyboard\n")
    write(root / "proc/asound/cards", " 1 [PCH            ]: HDA-Intel - HDA Intel PCH\n     HDA Intel PCH at 0x1\n")
    write(root / "proc/asound/card1/id", "PCH\n")
    (root / "proc/asound/card1/pcm0p").mkdir()
    write(root / "proc/asound/card2/id", "Webcam\n")  # it only listens
    ports = [Port("/dev/ttyUSB0", "FT232R", 0x0403, 0x6001, "A50285BI"), Port("/dev/ttyUSB1"), Port("/dev/ttyUSB2")]
    return plugged(root, lambda: ports)


def test_names_that_stay(tmp_path: Path) -> None:
    assert [found.link for found in machine(tmp_path)] == [
        "serial:/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0",
        "serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0",  # two alike without a number
        "serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0",
        "serial:/dev/usb/lp0",
        "evdev:/dev/input/by-path/pci-0000:00:14.0-usb-0:3:1.0-event-kbd",
        "evdev:/dev/input/by-path/pci-0000:00:14.0-usb-0:4:1.0-event-kbd",
        "alsa:plughw:CARD=PCH",
    ]
    assert [found.about for found in machine_again(tmp_path)] == ["EPSON TM-T88V", "HDA Intel PCH"]


def machine_again(root: Path) -> list[Found]:
    return [found for found in plugged(root, list) if found.kind in ("printer", "sound")]


def test_blocks_to_paste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """They are what the strict readers take, and what is in use is said with its user."""
    found = [found for found in machine(tmp_path / "m") if found.kind in ("serial", "printer", "sound")]
    monkeypatch.setattr(discover, "plugged", lambda: found)
    used = f'[[device]]\nid = "led"\ndriver = "onbon-bxk"\nlink = "{found[0].link}?baud=19200"\nwindow = "1"\n'
    write_hall(tmp_path, devices=used)
    list_(tmp_path / "hall.toml", relay=False)
    printed = capsys.readouterr().out
    assert '(0403:6001 serial A50285BI)\n# used by "led"' in printed
    settings = write_hall(tmp_path, devices=used + printed)
    assert [device.driver for device in settings.device] == ["onbon-bxk"] * 3 + ["escpos", "speaker"]


def test_blocks_for_a_relay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = machine(tmp_path / "m")
    monkeypatch.setattr(discover, "plugged", lambda: found)
    file = tmp_path / "relay.toml"
    list_(file, relay=True)
    file.write_text('name = "floor2"\n[hub]\nurl = "http://10.0.0.1:8080"\n' + capsys.readouterr().out)
    assert load_relay(file).links["sound-1"] == "alsa:plughw:CARD=PCH"
    list_(file, relay=True)
    assert '# lent as "printer-1"' in capsys.readouterr().out
