"""ONBON BX-K LED strips with a font card: escaped frames with a 14-byte header and a check (specs/onbon-bxk.md).
Both directions share one shape, so one decoder serves both roles; what was read in reserved fields is kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from firmware_protocols.framing import ProtocolError, Stream, shown
from firmware_protocols.onbon_area import RawArea, TextArea, decode_areas, encode_areas
from firmware_protocols.onbon_frame import MAX_FRAME, Header, escaped, unwrap, wrap

__all__ = ["Header", "RawArea", "TextArea"]

ERRORS = {
    0x00: "ok", 0x01: "bad group", 0x02: "no such command", 0x03: "busy", 0x04: "memory full", 0x05: "checksum",
    0x06: "no such file", 0x07: "flash", 0x08: "download", 0x09: "bad file name", 0x0A: "bad file type",
    0x0B: "file checksum", 0x0C: "font missing", 0x0D: "firmware mismatch", 0x0E: "date or time",
    0x0F: "file exists", 0x10: "block number",
}  # fmt: skip
MIDDLE, AT_ONCE, LEFT = 0x0A, 2, 3  # align and display of a text area
STOP_AT_TIMEOUT, LOGO_AT_TIMEOUT = 2, 3  # run modes; the logo is the area's last page
COLOURS = {"red": rb"\C1", "green": rb"\C2", "yellow": rb"\C3"}
MAX_TEXT = 900  # escaped bytes of text(): with all around it escaped too, a frame stays below 1024, the cards' buffer


HEADER = Header()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """group, command, third byte (must answer? or an error), two reserved bytes, payload. `reserved` carries the
    payload's length with some senders; in TextAreas its first byte may be 1, clear first."""

    GROUP: ClassVar[int] = 0
    CMD: ClassVar[int] = 0
    header: Header = HEADER
    response: int = 1
    reserved: bytes = b"\0\0"

    def payload(self) -> bytes:
        return b""

    def data(self) -> bytes:
        return bytes([self.GROUP, self.CMD, self.response]) + self.reserved + self.payload()

    def encode(self) -> bytes:
        return wrap(self.header, self.data())


@dataclass(frozen=True, slots=True)
class Ping(Message):
    GROUP, CMD = 0xA2, 0x00


@dataclass(frozen=True, slots=True)
class StatusQuery(Message):
    GROUP, CMD = 0xA1, 0x02


@dataclass(frozen=True, slots=True)
class ClearScreen(Message):
    GROUP, CMD = 0xA3, 0x10


@dataclass(frozen=True, slots=True)
class Screen(Message):
    """1 on, 2 off."""

    GROUP, CMD = 0xA3, 0x00
    value: int

    def payload(self) -> bytes:
        return bytes([self.value])


@dataclass(frozen=True, slots=True)
class Brightness(Message):
    GROUP, CMD = 0xA3, 0x02
    mode: int
    level: int

    def payload(self) -> bytes:
        return bytes([self.mode, self.level])


@dataclass(frozen=True, slots=True)
class Lock(Message):
    """Holds a program on the screen (1) or lets go (0); `kept`: also after a power cut."""

    GROUP, CMD = 0xA3, 0x04
    kept: int
    lock: int
    name: bytes

    def payload(self) -> bytes:
        return bytes([self.kept, self.lock]) + self.name


@dataclass(frozen=True, slots=True)
class SetClock(Message):
    """weekday 1 Monday .. 7 Sunday."""

    GROUP, CMD = 0xA2, 0x03
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: int

    def payload(self) -> bytes:
        century, year = divmod(self.year, 100)
        values = (year, century, self.month, self.day, self.hour, self.minute, self.second, self.weekday)
        return bytes(value // 10 << 4 | value % 10 for value in values)


@dataclass(frozen=True, slots=True)
class FileBegin(Message):
    GROUP, CMD = 0xA1, 0x05
    overwrite: int
    name: bytes
    size: int

    def payload(self) -> bytes:
        return bytes([self.overwrite]) + self.name + self.size.to_bytes(4, "little")


@dataclass(frozen=True, slots=True)
class TextAreas(Message):
    """Deletes areas (None: all of them), then shows these."""

    GROUP, CMD = 0xA3, 0x06
    delete: bytes | None
    areas: tuple[TextArea | RawArea, ...] = ()

    def payload(self) -> bytes:
        deleted = b"\xff" if self.delete is None else bytes([len(self.delete)]) + self.delete
        return deleted + encode_areas(self.areas)


@dataclass(frozen=True, slots=True)
class Ack(Message):
    GROUP, CMD = 0xA0, 0x00
    SHOWN: ClassVar = ("error",)
    response: int = 0

    @property
    def error(self) -> str:
        return ERRORS.get(self.response, "unknown")


@dataclass(frozen=True, slots=True)
class Nack(Message):
    """`response` is why."""

    GROUP, CMD = 0xA0, 0x01
    SHOWN: ClassVar = ("error",)
    response: int

    @property
    def error(self) -> str:
        return ERRORS.get(self.response, "unknown")


@dataclass(frozen=True, slots=True)
class Command(Message):
    """Any other command or answer, and a known one whose payload has another form."""

    group: int
    cmd: int
    raw: bytes = b""

    def payload(self) -> bytes:
        return self.raw

    def data(self) -> bytes:
        return bytes([self.group, self.cmd, self.response]) + self.reserved + self.raw


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment as notes print it: length field and data, without header and check. The length is kept as printed,
    since nothing vouches for it."""

    length: int
    message: Message

    def encode(self) -> bytes:
        return self.length.to_bytes(2, "little") + self.message.data()

    @classmethod
    def decode(cls, data: bytes) -> "Part":
        return cls(int.from_bytes(data[:2], "little"), _message(HEADER, data[2:]))


class Host(Stream[Message]):
    """Decodes what the card sends."""

    def __init__(self) -> None:
        super().__init__(_take)


class Device(Stream[Message]):
    """Decodes what the host sends."""

    def __init__(self) -> None:
        super().__init__(_take)


def answer(request: Message, message: Message, address: int = 1) -> Message:
    """The message as the card's answer: addresses swapped (a broadcast is answered from the card's own address)."""
    header = request.header
    source = address if header.destination >= 0xFFFE else header.destination
    return replace(message, header=replace(header, destination=header.source, source=source))


_LEADS = re.compile(rb"\xa5*")
_EDGE = re.compile(rb"[\xa5\x5a]")


def _take(buffer: bytearray) -> tuple[int, Message | ProtocolError | None] | None:
    if buffer[0] != 0xA5:
        return 1, None
    leads = _LEADS.match(buffer, 0, MAX_FRAME)
    lead = leads.end() if leads else 0
    edge = _EDGE.search(buffer, lead, MAX_FRAME)
    if edge and edge[0] == b"\x5a":
        return edge.end(), _frame(lead, bytes(buffer[lead : edge.start()]))
    if edge or len(buffer) >= MAX_FRAME:
        end = edge.start() if edge else MAX_FRAME
        return end, ProtocolError(f"frame without end: {shown(buffer[:end])}")
    return None


def _frame(lead: int, wire: bytes) -> Message | ProtocolError:
    try:
        return _message(*unwrap(lead, wire))
    except ProtocolError as error:
        return error


def _message(header: Header, data: bytes) -> Message:
    if len(data) < 5:
        raise ProtocolError(f"data too short: {shown(data)}")
    group, cmd, response, payload = data[0], data[1], data[2], data[5:]
    message = _PARSERS[group, cmd](payload) if (group, cmd) in _PARSERS else None
    if message is None or message.payload() != payload:
        message = Command(group, cmd, payload)
    return replace(message, header=header, response=response, reserved=data[3:5])


def _clock(payload: bytes) -> SetClock | None:
    if len(payload) != 8 or any(byte >> 4 > 9 or byte & 15 > 9 for byte in payload):
        return None
    year, century, *rest = ((byte >> 4) * 10 + (byte & 15) for byte in payload)
    return SetClock(century * 100 + year, *rest)


def _areas(payload: bytes) -> TextAreas | None:
    """None where deletions and areas do not fill the payload exactly."""
    if not payload:
        return None
    count = 0 if payload[0] == 0xFF else payload[0]
    areas = decode_areas(payload[1 + count :])
    return None if areas is None else TextAreas(None if payload[0] == 0xFF else payload[1 : 1 + count], areas)


_PARSERS: dict[tuple[int, int], Callable[[bytes], Message | None]] = {
    (0xA2, 0x00): lambda payload: None if payload else Ping(),
    (0xA1, 0x02): lambda payload: None if payload else StatusQuery(),
    (0xA3, 0x10): lambda payload: None if payload else ClearScreen(),
    (0xA0, 0x00): lambda payload: None if payload else Ack(),
    (0xA0, 0x01): lambda payload: None if payload else Nack(0),
    (0xA3, 0x00): lambda payload: Screen(payload[0]) if len(payload) == 1 else None,
    (0xA3, 0x02): lambda payload: Brightness(*payload) if len(payload) == 2 else None,
    (0xA3, 0x04): lambda payload: Lock(payload[0], payload[1], payload[2:]) if len(payload) > 2 else None,
    (0xA1, 0x05): lambda data: (
        FileBegin(data[0], data[1:5], int.from_bytes(data[5:], "little")) if len(data) > 8 else None
    ),
    (0xA2, 0x03): _clock,
    (0xA3, 0x06): _areas,
}


def text(
    text: str, *, width: int, height: int, address: int = 1, colour: str = "red", scroll: bool = False, stay: int = 6,
    lease: int = 0, after: str = "",
) -> TextAreas:  # fmt: skip
    """Replaces everything on the strip by this text. Size in pixels; several lines are pages that change every
    `stay` half seconds, or one long line with `scroll`. What would not fit the card's buffer is cut off.
    lease: seconds until the card, left alone, shows the page `after` instead (nothing, where there is none or the text
    scrolls); 0 never."""
    pages = text.split("\n")
    logo = bool(lease and after and not scroll)
    lines = [*pages, after] if logo else pages
    paged = len(lines) > 1 and not scroll
    empty = TextArea(width=width, height=height, align=MIDDLE, stay=stay, data=b"")
    if lease:
        empty = replace(empty, run_mode=LOGO_AT_TIMEOUT if logo else STOP_AT_TIMEOUT, timeout=lease)
    if paged or scroll:
        empty = replace(empty, single_line=2 if paged else 1, display=AT_ONCE if paged else LEFT)
    pieces = _characters((r"\n" if paged else " ").join(map(_plain, lines)))
    area = replace(empty, data=COLOURS[colour] + _fitting(pieces))
    return TextAreas(None, (area,), header=Header(destination=address))


def _fitting(pieces: list[bytes]) -> bytes:
    """The first pieces that the frame has room for, each byte counted as it is on the wire."""
    room, fitting = MAX_TEXT, b""
    for piece in pieces:
        room -= len(escaped(piece))
        if room < 0:
            break
        fitting += piece
    return fitting


def _plain(line: str) -> str:
    """A backslash begins a mark of the card: its wide form is shown instead."""
    return line.replace("\\", "＼")


def _characters(line: str) -> list[bytes]:
    """GBK; what it lacks becomes 〓. A mark stays in one piece, so that no cut leaves half of one."""
    return [_gbk(piece) for piece in re.findall(r"\\n|.", line)]


def _gbk(piece: str) -> bytes:
    try:
        return piece.encode("gbk")
    except UnicodeEncodeError:
        return "〓".encode("gbk")
