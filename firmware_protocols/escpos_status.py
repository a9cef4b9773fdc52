"""What an ESC/POS printer says: single status bytes and short blocks, told apart by their fixed bits alone.
A byte answers a question but does not name it: who asked DLE EOT n reads the bits with `status(n, byte)`."""

from dataclasses import dataclass
from typing import ClassVar

from firmware_protocols.framing import ProtocolError, Stream, shown

MAX_INFO = 255
INFO_HEADERS = b"\x37\x3d\x5f"  # answers of GS ( H, GS I (numbers), GS I (texts); NUL ends them
FLOW = {0x11: "xon", 0x13: "xoff"}


@dataclass(frozen=True, slots=True)
class Status:
    """What the answer to DLE EOT n says; bits that n does not report stay False."""

    n: int
    drawer: bool = False
    offline: bool = False
    waiting: bool = False
    feed_button: bool = False
    cover_open: bool = False
    paper_end: bool = False
    near_end: bool = False
    error: bool = False
    recoverable: bool = False
    cutter_error: bool = False
    unrecoverable: bool = False
    auto_recoverable: bool = False


_BITS: dict[int, dict[str, int]] = {
    1: {"drawer": 0x04, "offline": 0x08, "waiting": 0x20, "feed_button": 0x40},
    2: {"cover_open": 0x04, "feed_button": 0x08, "paper_end": 0x20, "error": 0x40},
    3: {"recoverable": 0x04, "cutter_error": 0x08, "unrecoverable": 0x20, "auto_recoverable": 0x40},
    4: {"near_end": 0x0C, "paper_end": 0x60},  # pairs: both bits must be set, and only the pair counts
}
# the bytes 1 to 3 of an automatic status block
_BLOCK_BITS: tuple[dict[str, int], ...] = (
    {"drawer": 0x04, "offline": 0x08, "cover_open": 0x20, "feed_button": 0x40},
    {"waiting": 0x01, "recoverable": 0x04, "cutter_error": 0x08, "unrecoverable": 0x20, "auto_recoverable": 0x40},
    {"near_end": 0x03, "paper_end": 0x0C},
)


def status(n: int, value: int) -> Status:
    """Names the bits of the byte that answered DLE EOT n."""
    if n not in _BITS or value & 0x93 != 0x12:
        raise ProtocolError(f"not an answer to DLE EOT {n}: {value:02X}")
    return Status(n, **_flags(_BITS[n], value))


def _flags(bits: dict[str, int], value: int) -> dict[str, bool]:
    return {name: value & mask == mask for name, mask in bits.items()}


@dataclass(frozen=True, slots=True)
class StatusReply:
    """The answer to some DLE EOT n."""

    value: int

    def encode(self) -> bytes:
        return bytes([self.value])


@dataclass(frozen=True, slots=True)
class BufferedReply:
    """The answer to GS r (or a one-byte GS I): it waited in the buffer behind everything sent before."""

    value: int
    SHOWN: ClassVar = ("near_end", "paper_end")

    @property
    def near_end(self) -> bool:
        return self.value & 0x03 == 0x03

    @property
    def paper_end(self) -> bool:
        return self.value & 0x0C == 0x0C

    def encode(self) -> bytes:
        return bytes([self.value])


@dataclass(frozen=True, slots=True)
class StatusBlock:
    """Automatic status back: four bytes at once and at every change."""

    data: bytes
    SHOWN: ClassVar = ("status",)

    @property
    def status(self) -> Status:
        """n is 0: nobody asked."""
        flags = [_flags(bits, value) for bits, value in zip(_BLOCK_BITS, self.data, strict=False)]
        return Status(0, **{name: on for part in flags for name, on in part.items()})

    def encode(self) -> bytes:
        return self.data


@dataclass(frozen=True, slots=True)
class InfoBlock:
    """The answer to GS I with a text, or to GS ( H: a header byte, printable bytes, NUL."""

    header: int
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str:
        return self.data.decode("gb18030", "replace")

    def encode(self) -> bytes:
        return bytes([self.header]) + self.data + b"\0"


@dataclass(frozen=True, slots=True)
class FlowControl:
    """XON or XOFF, where the printer is set to use them."""

    code: int
    SHOWN: ClassVar = ("meaning",)

    @property
    def meaning(self) -> str:
        return FLOW[self.code]

    def encode(self) -> bytes:
        return bytes([self.code])


Reply = StatusReply | BufferedReply | StatusBlock | InfoBlock | FlowControl


class Host(Stream[Reply]):
    """Decodes what the printer sends."""

    def __init__(self) -> None:
        super().__init__(_take)


def _take(buffer: bytearray) -> tuple[int, Reply | ProtocolError | None] | None:
    first = buffer[0]
    if first in FLOW:
        return 1, FlowControl(first)
    if first & 0x93 == 0x12:
        return 1, StatusReply(first)
    if first & 0x93 == 0x10:
        return _take_block(buffer)
    if first & 0x90 == 0:
        return 1, BufferedReply(first)
    return _take_info(buffer) if first in INFO_HEADERS else (1, None)


def _take_block(buffer: bytearray) -> tuple[int, Reply | ProtocolError] | None:
    for at, value in enumerate(buffer[1:4], 1):
        if value & 0x90:
            return at, ProtocolError(f"status block cut off: {shown(buffer[:at])}")
    return (4, StatusBlock(bytes(buffer[:4]))) if len(buffer) >= 4 else None


def _take_info(buffer: bytearray) -> tuple[int, Reply | ProtocolError] | None:
    for at in range(1, min(len(buffer), MAX_INFO)):
        if buffer[at] == 0:
            return at + 1, InfoBlock(buffer[0], bytes(buffer[1:at]))
        if buffer[at] < 0x20:
            return at, ProtocolError(f"information block cut off: {shown(buffer[:at])}")
    return (1, ProtocolError(f"no end: {shown(buffer[:8])}")) if len(buffer) >= MAX_INFO else None
