"""ESC/POS ticket printers: a stream of commands without frames one way, status bytes the other (specs/escpos.md).
A command is declared once, as its opcode and its one-byte fields; what is rare keeps its opcode and raw parameters."""

import re
from dataclasses import dataclass, fields
from typing import ClassVar

from firmware_protocols.escpos_grammar import BLOCKS, CONTROLS, FIXED, PREFIXES, length, opcode
from firmware_protocols.escpos_status import (
    BufferedReply,
    FlowControl,
    Host,
    InfoBlock,
    Reply,
    Status,
    StatusBlock,
    StatusReply,
    status,
)
from firmware_protocols.framing import Message, ProtocolError, Stream

__all__ = ["BufferedReply", "FlowControl", "Host", "InfoBlock", "Reply", "Status", "StatusBlock", "StatusReply"]
__all__ += ["status"]

MAX_TEXT = 4096  # longer text without any control byte comes out in pieces of this size
GETA = "〓".encode("gb18030")  # printed in place of a character that no two-byte font holds


@dataclass(frozen=True, slots=True)
class Fixed:
    """A command of an opcode and one byte per field."""

    OPCODE: ClassVar[bytes] = b""

    def encode(self) -> bytes:
        return self.OPCODE + bytes(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class LineFeed(Fixed):
    OPCODE = b"\n"


@dataclass(frozen=True, slots=True)
class Initialise(Fixed):
    OPCODE = b"\x1b@"


@dataclass(frozen=True, slots=True)
class Style(Fixed):
    """Bits: 01 font B, 08 bold, 10 double height, 20 double width, 80 underlined."""

    OPCODE = b"\x1b!"
    n: int


@dataclass(frozen=True, slots=True)
class Size(Fixed):
    OPCODE = b"\x1d!"
    n: int
    SHOWN: ClassVar = ("width", "height")

    @classmethod
    def of(cls, width: int, height: int) -> "Size":
        """1 to 8 times as wide and as high."""
        return cls((width - 1) << 4 | (height - 1))

    @property
    def width(self) -> int:
        return (self.n >> 4 & 7) + 1

    @property
    def height(self) -> int:
        return (self.n & 7) + 1


@dataclass(frozen=True, slots=True)
class Align(Fixed):
    """0 left, 1 centre, 2 right."""

    OPCODE = b"\x1ba"
    n: int


@dataclass(frozen=True, slots=True)
class Bold(Fixed):
    OPCODE = b"\x1bE"
    n: int


@dataclass(frozen=True, slots=True)
class Feed(Fixed):
    OPCODE = b"\x1bd"
    lines: int


@dataclass(frozen=True, slots=True)
class HanziOn(Fixed):
    OPCODE = b"\x1c&"


@dataclass(frozen=True, slots=True)
class HanziOff(Fixed):
    OPCODE = b"\x1c."


@dataclass(frozen=True, slots=True)
class HanziStyle(Fixed):
    """Bits: 04 double width, 08 double height, 80 underlined. Older firmware scales hanzi with this, not with Size."""

    OPCODE = b"\x1c!"
    n: int


@dataclass(frozen=True, slots=True)
class Beep(Fixed):
    """A vendors' extension: n tones of t x 50 ms."""

    OPCODE = b"\x1bB"
    n: int
    t: int


@dataclass(frozen=True, slots=True)
class Pulse(Fixed):
    """Drawer (some models: buzzer); on and off in units of 2 ms."""

    OPCODE = b"\x1bp"
    pin: int
    on: int
    off: int


@dataclass(frozen=True, slots=True)
class BufferedRequest(Fixed):
    """GS r: answered once everything before it is printed. n = 1 (or "1") asks for the paper."""

    OPCODE = b"\x1dr"
    n: int = 1


@dataclass(frozen=True, slots=True)
class AutoStatus(Fixed):
    """Bits: 01 drawer, 02 online, 04 error, 08 paper, 40 panel; 0 turns it off."""

    OPCODE = b"\x1da"
    n: int


@dataclass(frozen=True, slots=True)
class Identify(Fixed):
    OPCODE = b"\x1dI"
    n: int


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """DLE EOT n, answered on arrival. `inside`: its bytes stood in another command's data, which comes behind it."""

    n: int
    inside: bool = False

    def encode(self) -> bytes:
        return b"" if self.inside else bytes([0x10, 0x04, self.n])


@dataclass(frozen=True, slots=True)
class Text:
    """Printable bytes up to the next control byte; hanzi are two bytes each, ASCII one."""

    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str:
        try:
            return self.data.decode("gb18030")
        except UnicodeDecodeError:
            return self.data.decode("cp437")

    def encode(self) -> bytes:
        return self.data


@dataclass(frozen=True, slots=True)
class Cut:
    """Modes 0, 1, "0", "1" cut at once; "A" (full) and "B" (partial) feed to the cutter and n more, and others."""

    mode: int
    feed: int | None = None

    def encode(self) -> bytes:
        return b"\x1dV" + bytes([self.mode] if self.feed is None else [self.mode, self.feed])


@dataclass(frozen=True, slots=True)
class Barcode:
    """Systems 0..6 end with NUL, 65 and up carry a length; 73 is CODE128 and its data begins with {A, {B or {C."""

    system: int
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str:
        return self.data.decode("cp437")

    def encode(self) -> bytes:
        head = b"\x1dk" + bytes([self.system])
        return head + self.data + b"\0" if self.system <= 6 else head + bytes([len(self.data)]) + self.data


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture in rows of `width` bytes, most significant bit left, 1 = black."""

    mode: int
    width: int
    height: int
    data: bytes

    def encode(self) -> bytes:
        return b"\x1dv0" + bytes([self.mode]) + _u16(self.width) + _u16(self.height) + self.data


@dataclass(frozen=True, slots=True)
class Symbol:
    """GS ( k: cn 49 is QR. fn 65 model, 67 module size, 69 error correction, 80 store the data, 81 print."""

    cn: int
    fn: int
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str | None:
        return self.data[1:].decode("utf-8", "replace") if self.fn == 80 else None

    def encode(self) -> bytes:
        return b"\x1d(k" + _u16(len(self.data) + 2) + bytes([self.cn, self.fn]) + self.data


@dataclass(frozen=True, slots=True)
class Graphics:
    """GS ( L, or `wide` GS 8 L with its four-byte length: fn 112 stores a picture, 50 prints what is stored."""

    m: int
    fn: int
    data: bytes
    wide: bool = False

    def encode(self) -> bytes:
        size = len(self.data) + 2
        head = b"\x1d8L" + size.to_bytes(4, "little") if self.wide else b"\x1d(L" + _u16(size)
        return head + bytes([self.m, self.fn]) + self.data


@dataclass(frozen=True, slots=True)
class Command:
    """Any other command of the grammar: its opcode and everything behind it."""

    opcode: bytes
    data: bytes

    def encode(self) -> bytes:
        return self.opcode + self.data


_TYPED = {kind.OPCODE: kind for kind in Fixed.__subclasses__()}
_INSIDE = re.compile(rb"\x10\x04([\x01-\x04])")
_CONTROL = re.compile(rb"[\x00-\x1f]")


class Device(Stream[Message]):
    """Decodes what the host sends. A status request inside a block comes out on arrival; the block stays whole."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self._searched = 0

    def end(self) -> list[Message | ProtocolError]:
        """Text needs no end of line to be text. There is nothing to resynchronise on behind a broken command."""
        if self._buffer and self._buffer[0] >= 0x20:
            text = Text(bytes(self._buffer))
            self._buffer.clear()
            return [text]
        rest, self._searched = bytes(self._buffer), 0
        self._buffer.clear()
        return [ProtocolError(f"incomplete: {rest[:32].hex(' ').upper()}")] if rest else []

    def _take(self, buffer: bytearray) -> tuple[int, Message | ProtocolError | None] | None:
        if buffer[0] >= 0x20:
            return _take_text(buffer)
        if buffer[0] not in PREFIXES:
            return _take_control(buffer)
        try:
            code = opcode(buffer)
            return self._take_command(code, length(code, buffer))
        except IndexError:
            return None
        except ProtocolError as error:
            return 2, error

    def _take_command(self, code: bytes, total: int) -> tuple[int, Message] | None:
        if code in BLOCKS and (request := self._overheard(total)):
            return 0, request
        if len(self._buffer) < total:
            return None
        self._searched = 0
        return total, _command(code, bytes(self._buffer[:total]))

    def _overheard(self, total: int) -> StatusRequest | None:
        """The next status request in the part of a block that has arrived (its opcode and length are not searched)."""
        here = min(total, len(self._buffer))
        found = _INSIDE.search(self._buffer, max(self._searched, 5), here)
        self._searched = found.end() if found else max(self._searched, here - 2)
        return StatusRequest(found[1][0], inside=True) if found else None


def _take_text(buffer: bytearray) -> tuple[int, Message] | None:
    found = _CONTROL.search(buffer, 0, MAX_TEXT)
    if not found and len(buffer) < MAX_TEXT:
        return None
    end = found.start() if found else MAX_TEXT
    return end, Text(bytes(buffer[:end]))


def _take_control(buffer: bytearray) -> tuple[int, Message | None]:
    if buffer[0] not in CONTROLS:
        return 1, None
    return 1, LineFeed() if buffer[0] == 0x0A else Command(bytes(buffer[:1]), b"")


def _command(code: bytes, frame: bytes) -> Message:
    rest = frame[len(code) :]
    if code in FIXED:
        return _TYPED[code](*rest) if code in _TYPED else Command(code, rest)
    match code:
        case b"\x10\x04" if len(rest) == 1:
            return StatusRequest(rest[0])
        case b"\x1dV":
            return Cut(*rest)
        case b"\x1dk":
            return Barcode(rest[0], rest[1:-1] if rest[0] <= 6 else rest[2:])
        case b"\x1dv0":
            return Raster(rest[0], _int(rest[1:3]), _int(rest[3:5]), rest[5:])
        case b"\x1d(" if rest[:1] == b"k" and len(rest) >= 5:
            return Symbol(rest[3], rest[4], rest[5:])
        case b"\x1d(" if rest[:1] == b"L" and len(rest) >= 5:
            return Graphics(rest[3], rest[4], rest[5:])
        case b"\x1d8" if rest[:1] == b"L" and len(rest) >= 7:
            return Graphics(rest[5], rest[6], rest[7:], wide=True)
    return Command(code, rest)


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")


def _int(data: bytes) -> int:
    return int.from_bytes(data, "little")


def hanzi_line(text: str) -> tuple[bytes, str]:
    """One line in hanzi mode, and the characters that the printer's font cannot hold (printed as 〓)."""
    out, replaced = bytearray(), ""
    for character in text:
        data = character.encode("gb18030", "replace")
        if len(data) > 2 or data[0] < 0x20:
            data, replaced = GETA, replaced + character
        out += data
    return HanziOn().encode() + bytes(out) + b"\n" + HanziOff().encode(), replaced


def qr(text: str, module: int = 6, level: str = "M") -> list[Symbol]:
    """Model 2, module size 1..16 dots, level L, M, Q or H."""
    correction = 48 + "LMQH".index(level)
    settings = [(65, b"2\0"), (67, bytes([module])), (69, bytes([correction]))]
    return [Symbol(49, fn, data) for fn, data in [*settings, (80, b"0" + text.encode()), (81, b"0")]]
