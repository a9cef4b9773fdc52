"""Every command that a host may send to an ESC/POS printer, as a message; the wire form in specs/escpos.md.
A command is declared once, as its opcode and its one-byte fields; what is rare keeps its opcode and raw parameters."""

from dataclasses import dataclass, fields
from typing import ClassVar

from firmware_protocols.escpos_grammar import FIXED
from firmware_protocols.framing import Message


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


def command(code: bytes, frame: bytes) -> Message:
    """The message that a whole frame with this opcode is."""
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
