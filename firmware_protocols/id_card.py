"""Second-generation ID-card readers, the serial protocol of their SAM module (specs/idcard-sam.md), both roles.
What a card says is personal: `private` messages belong in no log, and no error quotes a byte of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import xor
from typing import ClassVar, TypeVar

from firmware_protocols.framing import ProtocolError, Step, Stream, shown
from firmware_protocols.id_card_text import TEXT, Card, RawCard, decode_text

PREAMBLE = bytes.fromhex("AA AA AA 96 69")
HEAD = len(PREAMBLE) + 2
MOST_SAID = 2560  # bytes behind the length; text, photo and fingerprint are 2314
MOST_ASKED = 256
MOST_UNNAMED = 16  # bytes of a reply that may be shown (a module's number); longer ones may tell of a person

MEANINGS = {
    0x90: "ok", 0x9F: "card found", 0x10: "checksum", 0x11: "length", 0x21: "command", 0x23: "no permission",
    0x24: "unknown", 0x31: "card rejects module", 0x32: "module rejects card", 0x33: "verification failed",
    0x40: "wrong card", 0x41: "read failed", 0x47: "random number failed", 0x60: "self-test failed",
    0x66: "not authorised", 0x80: "no card", 0x81: "select failed", 0x91: "no such content",
}  # fmt: skip
OK, FOUND, NO_CARD = 0x90, 0x9F, 0x80
BAUDS = (115200, 57600, 38400, 19200, 9600)  # in the order of 60's parameter


@dataclass(frozen=True, slots=True)
class Command:
    """From the host. `parameter` is PARA."""

    SHOWN: ClassVar = ("name",)
    command: int
    parameter: int
    data: bytes = b""

    @property
    def name(self) -> str | None:
        if self.command == 0x60 and self.parameter < len(BAUDS):
            return f"baud {BAUDS[self.parameter]}"
        return NAMES.get(self)

    def encode(self) -> bytes:
        return _framed(bytes([self.command, self.parameter]) + self.data)


RESET, STATUS, SAM_NUMBER = Command(0x10, 0xFF), Command(0x11, 0xFF), Command(0x12, 0xFF)
FIND, SELECT = Command(0x20, 0x01), Command(0x20, 0x02)
READ, READ_ADDRESS, READ_FINGERPRINT = Command(0x30, 0x01), Command(0x30, 0x03), Command(0x30, 0x10)
NAMES = {
    RESET: "reset", STATUS: "status", SAM_NUMBER: "module number", FIND: "find", SELECT: "select", READ: "read",
    READ_ADDRESS: "newest address", READ_FINGERPRINT: "read with fingerprint",
}  # fmt: skip


def baud(rate: int) -> Command:
    return Command(0x60, BAUDS.index(rate))


@dataclass(frozen=True, slots=True)
class Reply:
    """A status word, and what was asked for. SW1 and SW2 are 00 but for a card's own words on 31, 41, 47, 81."""

    SHOWN: ClassVar = ("meaning",)
    sw3: int
    data: bytes = field(default=b"", repr=False)
    sw1: int = 0
    sw2: int = 0

    @property
    def meaning(self) -> str | None:
        return MEANINGS.get(self.sw3)

    @property
    def private(self) -> bool:
        return len(self.data) > MOST_UNNAMED

    def encode(self) -> bytes:
        return _framed(bytes([self.sw1, self.sw2, self.sw3]) + self.data)


@dataclass(frozen=True, slots=True)
class CardData:
    """What a card says. Photo and fingerprint are kept as they came until `without_pictures`; `fingerprint` is None
    where the reply has no field for it."""

    SHOWN: ClassVar = ("kind", "photo_size")
    private: ClassVar[bool] = True
    card: Card | RawCard = field(repr=False)
    photo: bytes = field(repr=False, metadata={"secret": True})
    fingerprint: bytes | None = field(default=None, repr=False, metadata={"secret": True})
    sw1: int = 0
    sw2: int = 0

    @property
    def kind(self) -> str:
        return self.card.KIND

    @property
    def photo_size(self) -> int:
        return len(self.photo)

    def without_pictures(self) -> "CardData":
        """The same, photo and fingerprint blackened: of their length, all zeros."""
        print_ = None if self.fingerprint is None else bytes(len(self.fingerprint))
        return replace(self, photo=bytes(len(self.photo)), fingerprint=print_)

    def encode(self) -> bytes:
        text, prints = self.card.encode(), self.fingerprint
        parts = (text, self.photo) if prints is None else (text, self.photo, prints)
        sizes = b"".join(len(part).to_bytes(2, "big") for part in parts)
        return _framed(bytes([self.sw1, self.sw2, OK]) + sizes + b"".join(parts))


@dataclass(frozen=True, slots=True)
class Part:
    """The head of a card's data, as notes print it: the whole frame's length, status word, sizes of text and photo."""

    length: int
    status: bytes
    sizes: bytes

    @classmethod
    def decode(cls, data: bytes) -> "Part":
        if len(data) != 14 or not data.startswith(PREAMBLE):
            raise ProtocolError(f"no head of a card's data: {shown(data)}")
        return cls(int.from_bytes(data[5:7], "big"), data[7:10], data[10:14])

    def encode(self) -> bytes:
        return PREAMBLE + self.length.to_bytes(2, "big") + self.status + self.sizes


class Host(Stream[Reply | CardData]):
    """Decodes what the reader sends."""

    private = True

    def __init__(self) -> None:
        super().__init__(_step(_reply, 4, MOST_SAID))


class Device(Stream[Command]):
    """Decodes what the host sends."""

    def __init__(self) -> None:
        super().__init__(_step(lambda body: Command(body[0], body[1], body[2:]), 3, MOST_ASKED))


def sam_number(data: bytes) -> str:
    """As it is printed on the module, 05.01-20200315-0001234567-0987654321; of another size, hex."""
    if len(data) != 16:
        return data.hex().upper()
    edges = ((0, 2), (2, 4), (4, 8), (8, 12), (12, 16))
    kind, issue, day, serial, check = (int.from_bytes(data[start:end], "little") for start, end in edges)
    return f"{kind:02}.{issue:02}-{day:08}-{serial:010}-{check:010}"


def _framed(body: bytes) -> bytes:
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([reduce(xor, counted)])


M = TypeVar("M", Command, "Reply | CardData")


def _step(parse: Callable[[bytes], M], least: int, most: int) -> Step[M]:
    """A frame that is wrong is left right behind its preamble: a byte that was lost costs no frame that follows."""

    def step(buffer: bytearray) -> tuple[int, M | ProtocolError | None] | None:
        if not PREAMBLE.startswith(buffer[: len(PREAMBLE)]):
            return 1, None
        if len(buffer) < HEAD:
            return None
        length = int.from_bytes(buffer[HEAD - 2 : HEAD], "big")
        if not least <= length <= most:
            return len(PREAMBLE), ProtocolError(f"length {length}, not {least} to {most}")
        if len(buffer) < HEAD + length:
            return None
        if reduce(xor, buffer[HEAD - 2 : HEAD + length]):
            return len(PREAMBLE), ProtocolError(f"checksum of a frame with {length} bytes")
        return HEAD + length, parse(bytes(buffer[HEAD : HEAD + length - 1]))

    return step


def _reply(body: bytes) -> Reply | CardData:
    sw1, sw2, sw3, data = body[0], body[1], body[2], body[3:]
    found = _card_data(data) if sw3 == OK else None
    return Reply(sw3, data, sw1, sw2) if found is None else replace(found, sw1=sw1, sw2=sw2)


def _card_data(data: bytes) -> CardData | None:
    """None where the sizes do not fill the reply exactly."""
    text, photo = int.from_bytes(data[0:2], "big"), int.from_bytes(data[2:4], "big")
    if text != TEXT:
        return None
    if len(data) == 4 + text + photo:
        return CardData(decode_text(data[4 : 4 + text]), data[4 + text :])
    if len(data) == 6 + text + photo + int.from_bytes(data[4:6], "big"):
        rest = data[6:]
        return CardData(decode_text(rest[:text]), rest[text : text + photo], rest[text + photo :])
    return None
