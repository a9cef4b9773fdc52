"""Linux input events of a USB keypad (specs/evdev-keypad.md): 24 bytes each, as a 64-bit kernel gives them; nothing is
sent to the keypad. What tells a digit, its code or its scan code, is masked where events are shown: a PIN is typed."""

import struct
from dataclasses import dataclass, field
from typing import ClassVar

from firmware_protocols.framing import ProtocolError, Stream

EVENT = struct.Struct("<qqHHi")  # seconds, microseconds, type, code, value
SYNC, KEY, MISC = 0, 1, 4
SCAN = 4  # of MISC: the scan code of the key whose event follows
RELEASED, PRESSED, REPEATED = 0, 1, 2
LATEST = 1 << 33  # seconds; no clock stands later, so bytes that are one off are found out
TYPES, CODES = 0x20, 0x300
_ROWS = {2: "1234567890", 16: "QWERTYUIOP", 30: "ASDFGHJKL", 44: "ZXCVBNM"}
NAMES = {first + at: name for first, row in _ROWS.items() for at, name in enumerate(row)}
NAMES |= {58 + n: f"F{n}" for n in range(1, 11)} | {87: "F11", 88: "F12"}
NAMES |= {82: "KP0", 79: "KP1", 80: "KP2", 81: "KP3", 75: "KP4", 76: "KP5", 77: "KP6", 71: "KP7", 72: "KP8", 73: "KP9"}
NAMES |= {96: "KPENTER", 74: "KPMINUS", 78: "KPPLUS", 83: "KPDOT", 55: "KPASTERISK", 98: "KPSLASH", 117: "KPEQUAL"}
NAMES |= {1: "ESC", 14: "BACKSPACE", 15: "TAB", 28: "ENTER", 57: "SPACE", 69: "NUMLOCK"}
DIGITS = frozenset(code for code, name in NAMES.items() if name.removeprefix("KP").isdecimal())


@dataclass(frozen=True, slots=True)
class Event:
    """Any event but a digit's key and a scan code."""

    sec: int
    usec: int
    type: int
    code: int
    value: int
    SHOWN: ClassVar = ("name",)

    @property
    def name(self) -> str | None:
        return NAMES.get(self.code) if self.type == KEY else None

    def encode(self) -> bytes:
        return EVENT.pack(self.sec, self.usec, self.type, self.code, self.value)


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit's key."""

    type: ClassVar = KEY
    sec: int
    usec: int
    code: int = field(repr=False, metadata={"secret": True})
    value: int

    def encode(self) -> bytes:
        return EVENT.pack(self.sec, self.usec, KEY, self.code, self.value)


@dataclass(frozen=True, slots=True)
class Scan:
    """A key's scan code, whichever key it is: kernels send it before each key event."""

    type: ClassVar = MISC
    sec: int
    usec: int
    value: int = field(repr=False, metadata={"secret": True})

    def encode(self) -> bytes:
        return EVENT.pack(self.sec, self.usec, MISC, SCAN, self.value)


class Host(Stream[Event | Digit | Scan]):
    private = True

    def __init__(self) -> None:
        super().__init__(_take)


class Device(Host):
    """Nothing is sent to a keypad; events are read all the same."""


def _take(buffer: bytearray) -> tuple[int, Event | Digit | Scan | ProtocolError | None] | None:
    if len(buffer) < EVENT.size:
        return None
    sec, usec, kind, code, value = EVENT.unpack_from(buffer)
    if not (0 <= sec < LATEST and 0 <= usec < 1_000_000 and kind < TYPES and code < CODES):
        return 1, None
    if kind == KEY and value not in (RELEASED, PRESSED, REPEATED):
        return 1, None
    if kind == KEY and code in DIGITS:
        return EVENT.size, Digit(sec, usec, code, value)
    if (kind, code) == (MISC, SCAN):
        return EVENT.size, Scan(sec, usec, value)
    return EVENT.size, Event(sec, usec, kind, code, value)
