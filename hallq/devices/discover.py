"""What is plugged in on this machine, by names that stay: by-id, or by-path where two adapters cannot be told apart.

Only looks at files below `root` and asks nothing of any device.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serial.tools import list_ports

SAME_IN_ALL = frozenset({"", "0", "0000", "0001"})  # serial numbers that makers leave in every adapter


@dataclass(frozen=True, slots=True)
class Found:
    kind: str  # serial printer keypad sound
    link: str  # as hall.toml and relay.toml name it
    at: str  # what the kernel calls it now: /dev/ttyUSB0, card 1
    about: str = ""  # what it says of itself


class SerialPort(Protocol):
    """What pyserial tells of a port."""

    device: str
    description: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    location: str | None


def plugged(root: Path = Path("/"), ports: Callable[[], Iterable[SerialPort]] = list_ports.comports) -> list[Found]:
    return [*_serial(root, list(ports())), *_printers(root), *_keypads(root), *_sound(root)]


def port_of(link: str) -> str:
    """What two links that lead to one port now have in common."""
    scheme, _, rest = link.partition("?")[0].partition(":")
    return f"{scheme}:{os.path.realpath(rest)}" if scheme in ("serial", "evdev") else f"{scheme}:{rest}"


# --- serial adapters


def _serial(root: Path, ports: list[SerialPort]) -> Iterator[Found]:
    alike = Counter((port.vid, port.pid, port.serial_number, _interface(port)) for port in ports)
    by_id, by_path = _links(root / "dev/serial/by-id"), _links(root / "dev/serial/by-path")
    for port in sorted(ports, key=lambda each: each.device):
        name = Path(port.device).name
        unique = alike[port.vid, port.pid, port.serial_number, _interface(port)] == 1
        told_apart = unique and (port.serial_number or "") not in SAME_IN_ALL
        stays = (by_id.get(name) if told_apart else None) or by_path.get(name) or by_id.get(name) or port.device
        yield Found("serial", f"serial:{stays}", port.device, _about(port))


def _interface(port: SerialPort) -> str:
    """One adapter may have several ports: `1-2:1.0`, `1-2:1.1`."""
    return (port.location or "").rpartition(":")[2]


def _about(port: SerialPort) -> str:
    if port.vid is None or port.pid is None:
        return "" if port.description == "n/a" else port.description
    number = f" serial {port.serial_number}" if port.serial_number else ""
    return f"{port.description} ({port.vid:04x}:{port.pid:04x}{number})"


# --- the others


def _printers(root: Path) -> Iterator[Found]:
    """/dev/usb/lp0 is the only name that the kernel gives them."""
    for node in sorted((root / "dev/usb").glob("lp*")):
        yield Found("printer", f"serial:/dev/usb/{node.name}", f"/dev/usb/{node.name}", _ieee1284(root, node.name))


def _ieee1284(root: Path, name: str) -> str:
    """MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;... -> EPSON TM-T88V"""
    told = _text(root / "sys/class/usbmisc" / name / "device/ieee1284_id")
    fields = dict(field.strip().split(":", 1) for field in told.split(";") if ":" in field)
    maker = fields.get("MFG") or fields.get("MANUFACTURER", "")
    return f"{maker} {fields.get('MDL') or fields.get('MODEL', '')}".strip()


def _keypads(root: Path) -> Iterator[Found]:
    """Everything with keys; two of one make are told apart by where they are plugged in."""
    by_id, by_path = _links(root / "dev/input/by-id", "-event-kbd"), _links(root / "dev/input/by-path", "-event-kbd")
    names = {event: _text(root / "sys/class/input" / event / "device/name") for event in by_id | by_path}
    for event, about in sorted(names.items()):
        alone = list(names.values()).count(about) == 1
        stays = (by_id.get(event) if alone else None) or by_path.get(event) or by_id[event]
        yield Found("keypad", f"evdev:{stays}", f"/dev/input/{event}", about)


def _sound(root: Path) -> Iterator[Found]:
    """Cards that can play, by the id that ALSA gives them."""
    for card in sorted((root / "proc/asound").glob("card[0-9]*")):
        if any(card.glob("pcm*p")):
            pcm = f"plughw:CARD={_text(card / 'id')}"
            yield Found("sound", f"alsa:{pcm}", f"card {card.name[4:]}", _card_name(root, card.name[4:]))


def _card_name(root: Path, number: str) -> str:
    """` 0 [PCH   ]: HDA-Intel - HDA Intel PCH` -> HDA Intel PCH"""
    for line in _text(root / "proc/asound/cards").splitlines():
        if line.split()[:1] == [number]:
            return line.partition(" - ")[2]
    return ""


# --- parts


def _links(folder: Path, ending: str = "") -> dict[str, str]:
    """Kernel's name -> the link in this folder, as a path below the root. Of several the first."""
    inside = "/" + "/".join(folder.parts[-3:])  # /dev/serial/by-id
    found: dict[str, str] = {}
    for link in sorted(folder.glob(f"*{ending}")):
        found.setdefault(os.path.basename(os.readlink(link)), f"{inside}/{link.name}")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
