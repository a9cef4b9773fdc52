"""Serial speech chips SYN6288, SYN6658 and XFS5152CE: one frame shape, three profiles (specs/syn6288.md and so on).
FD, big-endian length, command, parameters; only the SYN6288 ends with a checksum. The chip answers single bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import ClassVar

from firmware_protocols.framing import ProtocolError, Stream, shown

GBK = 1  # the encoding's number, the same on all three chips
STATUS = {0x4A: "ready", 0x41: "accepted", 0x45: "rejected", 0x4E: "speaking", 0x4F: "idle"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What differs between the chips. frame_gap_ms must lie between two frames; byte_gap_ms may lie inside one."""

    name: str
    checksum: bool
    max_text: int
    encodings: dict[int, str]
    volumes: int  # the volume mark goes from 0 to this
    chime: str  # marks and name of its ding-dong; empty: its manual names none
    english: bool  # reads English words, not only letters
    byte_gap_ms: int
    frame_gap_ms: int


_COMMON = {0: "gb2312", 1: "gbk", 2: "big5"}
PROFILES = {
    profile.name: profile
    for profile in (
        Profile("syn6288", True, 200, _COMMON | {3: "utf-16-be"}, 16, "[x1]sounda", False, 8, 10),
        Profile("syn6658", False, 4096, _COMMON | {3: "utf-16-le", 4: "utf-16-be"}, 10, "", False, 15, 20),
        Profile("xfs5152", False, 4096, _COMMON | {3: "utf-16-le"}, 10, "[x1]sound101", True, 8, 20),
    )
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Anything for the chip: a command byte and its parameters."""

    chip: str
    code: int
    params: bytes = b""

    def encode(self) -> bytes:
        return _frame(self.chip, bytes([self.code]) + self.params)


@dataclass(frozen=True, slots=True)
class Speak:
    """Speaks at once: a sentence being spoken is cut off. music is the SYN6288's background, 0 none."""

    chip: str
    data: bytes
    encoding: int = GBK
    music: int = 0
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str | None:
        return _decoded(self.chip, self.encoding, self.data)

    def encode(self) -> bytes:
        return _frame(self.chip, bytes([1, self.encoding | self.music << 3]) + self.data)


@dataclass(frozen=True, slots=True)
class StoreText:
    """Keeps a text in a cache segment (not the SYN6288); its encoding is named when it is played."""

    chip: str
    segment: int
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str | None:
        return _decoded(self.chip, GBK, self.data)

    def encode(self) -> bytes:
        return _frame(self.chip, bytes([0x31, self.segment]) + self.data)


@dataclass(frozen=True, slots=True)
class PlayStored:
    """Speaks what is in the cache (not the SYN6288)."""

    chip: str
    encoding: int
    repeats: int

    def encode(self) -> bytes:
        return _frame(self.chip, bytes([0x32, self.repeats << 4 | self.encoding]))


@dataclass(frozen=True, slots=True)
class SetBaud:
    """The SYN6288 alone: rate 0, 1, 2 = 9600, 19200, 38400, until the next reset."""

    chip: str
    rate: int

    def encode(self) -> bytes:
        return _frame(self.chip, bytes([0x31, self.rate]))


@dataclass(frozen=True, slots=True)
class Bare:
    """A command that is its command byte alone."""

    CODE: ClassVar[int] = 0
    chip: str

    def encode(self) -> bytes:
        return _frame(self.chip, bytes([self.CODE]))


class Stop(Bare):
    CODE = 0x02
    __slots__ = ()


class Pause(Bare):
    CODE = 0x03
    __slots__ = ()


class Resume(Bare):
    CODE = 0x04
    __slots__ = ()


class StatusQuery(Bare):
    CODE = 0x21
    __slots__ = ()


class PowerDown(Bare):
    CODE = 0x88
    __slots__ = ()


class Wake(Bare):
    CODE = 0xFF
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Status:
    """A byte from the chip; 4F also comes unasked at the end of each speech."""

    value: int
    SHOWN: ClassVar = ("meaning",)

    @property
    def meaning(self) -> str:
        return STATUS[self.value]

    def encode(self) -> bytes:
        return bytes([self.value])


READY, ACCEPTED, REJECTED, SPEAKING, IDLE = (Status(value) for value in STATUS)

Command = Frame | Speak | StoreText | PlayStored | SetBaud | Bare


class Host(Stream[Status]):
    """Decodes what the chip sends, which is the same for all three."""

    def __init__(self, chip: str) -> None:
        self.profile = PROFILES[chip]
        super().__init__(_take_status)


class Device(Stream[Command]):
    """Decodes what the host sends to this chip."""

    def __init__(self, chip: str) -> None:
        self.profile = PROFILES[chip]
        super().__init__(self._take)

    def _take(self, buffer: bytearray) -> tuple[int, Command | ProtocolError | None] | None:
        if buffer[0] != 0xFD:
            return 1, None
        if len(buffer) < 3:
            return None
        size = int.from_bytes(buffer[1:3], "big")
        end = 3 + size
        if not 1 + self.profile.checksum <= size <= 2 + self.profile.max_text + self.profile.checksum:
            return 1, ProtocolError(f"length {size}: {shown(buffer[:3])}")
        if len(buffer) < end:
            return None
        if self.profile.checksum and reduce(xor, buffer[:end]):
            return 1, ProtocolError(f"checksum: {shown(buffer[:end])}")
        return end, _command(self.profile.name, bytes(buffer[3 : end - self.profile.checksum]))


def _take_status(buffer: bytearray) -> tuple[int, Status | None]:
    return 1, Status(buffer[0]) if buffer[0] in STATUS else None


def _frame(chip: str, body: bytes) -> bytes:
    checksum = PROFILES[chip].checksum
    frame = b"\xfd" + (len(body) + checksum).to_bytes(2, "big") + body
    return frame + bytes([reduce(xor, frame)]) if checksum else frame


def _command(chip: str, body: bytes) -> Command:
    code, params = body[0], body[1:]
    checksum = PROFILES[chip].checksum
    if code == 0x01 and params:
        encoding, music = (params[0] & 7, params[0] >> 3) if checksum else (params[0], 0)
        return Speak(chip, params[1:], encoding, music)
    if code == 0x31 and params and not checksum:
        return StoreText(chip, params[0], params[1:])
    if code == 0x31 and len(params) == 1:
        return SetBaud(chip, params[0])
    if code == 0x32 and len(params) == 1 and not checksum:
        return PlayStored(chip, params[0] & 15, params[0] >> 4)
    bare = _BARE.get(code) if not params else None
    return bare(chip) if bare else Frame(chip, code, params)


_BARE = {kind.CODE: kind for kind in Bare.__subclasses__()}


def _decoded(chip: str, encoding: int, data: bytes) -> str | None:
    """None where the bytes are no text in that encoding."""
    try:
        return data.decode(PROFILES[chip].encodings[encoding])
    except (KeyError, UnicodeDecodeError):
        return None


# where a sentence may be cut: a mark in brackets and a run of digits or letters stay whole, and so do hanzi
_PIECE = re.compile(r"\[[^\[\]]{1,16}\]|[0-9A-Za-z]{1,16}|.", re.DOTALL)
_PAUSES = "。！？；，、：,.!?;:\n"


def speak(chip: str, text: str, *, volume: int | None = None, music: int = 0, chime: bool = False) -> list[Speak]:
    """One frame per part that the chip can hold, in GBK, cut behind punctuation where there is any. A character that
    GBK lacks is left out. volume: 0 to 100. chime: its own sound in front, where it has one. A frame cuts the one
    before off: wait until the chip is idle."""
    profile = PROFILES[chip]
    text = f"{profile.chime}，{text}" if chime and profile.chime else text
    mark = b"" if volume is None else b"[v%d]" % round(volume * profile.volumes / 100)
    parts = _parts(text, profile.max_text - len(mark))
    return [Speak(chip, mark + part, GBK, music if profile.checksum else 0) for part in parts]


def _parts(text: str, room: int) -> Iterator[bytes]:
    """Longest parts first to last; each ends behind the last pause in it, if it has one and the text goes on."""
    part, kept = b"", 0  # kept: bytes up to and with the last pause
    for piece in _PIECE.findall(text):
        data = piece.encode("gbk", "ignore")
        while len(part) + len(data) > room:
            cut = kept or len(part)
            yield part[:cut]
            part, kept = part[cut:], 0
        part += data
        kept = len(part) if piece in _PAUSES else kept
    if part:
        yield part
