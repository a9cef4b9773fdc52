"""Text displays on Modbus RTU (specs/modbus-text.md): functions 03, 06 and 16 and their refusals, as written and read.
RTU has no lead byte: a frame is found by its length and its CRC, and whatever does not fit is left byte by byte."""

from dataclasses import dataclass
from typing import ClassVar

from firmware_protocols.framing import ProtocolError, Stream, crc16, shown

READ, WRITE, WRITE_MANY = 0x03, 0x06, 0x10
BROADCAST, LAST_UNIT = 0, 247  # all displays obey unit 0, none answers
MOST_READ, MOST_WRITTEN = 125, 123  # registers in one frame
REFUSALS = {
    1: "illegal function", 2: "illegal data address", 3: "illegal data value", 4: "device failure", 5: "acknowledge",
    6: "busy", 8: "memory parity error", 10: "gateway path unavailable", 11: "gateway target does not answer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """Asks for registers: their contents come back."""

    unit: int
    start: int
    count: int

    def encode(self) -> bytes:
        return _framed(self.unit, READ, _words(self.start, self.count))


@dataclass(frozen=True, slots=True)
class Registers:
    """What was read, two bytes a register."""

    unit: int
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str | None:
        return readable(self.data)

    def encode(self) -> bytes:
        return _framed(self.unit, READ, bytes([len(self.data)]) + self.data)


@dataclass(frozen=True, slots=True)
class Write:
    """One register; the answer is the same frame. value: 0 to 65535, a negative number in two's complement."""

    unit: int
    register: int
    value: int

    def encode(self) -> bytes:
        return _framed(self.unit, WRITE, _words(self.register, self.value))


@dataclass(frozen=True, slots=True)
class WriteMany:
    """Registers from `start` on, two bytes each."""

    unit: int
    start: int
    data: bytes
    SHOWN: ClassVar = ("text",)

    @property
    def text(self) -> str | None:
        return readable(self.data)

    def encode(self) -> bytes:
        head = _words(self.start, len(self.data) // 2) + bytes([len(self.data)])
        return _framed(self.unit, WRITE_MANY, head + self.data)


@dataclass(frozen=True, slots=True)
class Written:
    """WriteMany was obeyed."""

    unit: int
    start: int
    count: int

    def encode(self) -> bytes:
        return _framed(self.unit, WRITE_MANY, _words(self.start, self.count))


@dataclass(frozen=True, slots=True)
class Refused:
    """The display does not do that; it is there all the same."""

    unit: int
    function: int
    code: int
    SHOWN: ClassVar = ("reason",)

    @property
    def reason(self) -> str:
        return REFUSALS.get(self.code, "unknown")

    def encode(self) -> bytes:
        return _framed(self.unit, self.function | 0x80, bytes([self.code]))


Question = Read | Write | WriteMany
Answer = Registers | Write | Written | Refused
Taken = tuple[int, Question | Answer | ProtocolError | None]


class Host(Stream[Question | Answer]):
    """Decodes what the displays send."""

    def __init__(self) -> None:
        super().__init__(_take_answer)


class Device(Stream[Question | Answer]):
    """Decodes what the host sends."""

    def __init__(self) -> None:
        super().__init__(_take_question)


def readable(data: bytes) -> str | None:
    """As text, where it is text: ASCII or hanzi in GBK."""
    try:
        words = data.rstrip(b"\0").decode("gbk")
    except UnicodeDecodeError:
        return None
    return words if words.isprintable() else None


def _take_question(buffer: bytearray) -> Taken | None:
    if buffer[0] > LAST_UNIT:
        return 1, None
    if len(buffer) < 2:
        return None
    if buffer[1] in (READ, WRITE):
        return _taken(buffer, 8)
    if buffer[1] != WRITE_MANY:
        return 1, None
    if len(buffer) < 7:
        return None
    count = int.from_bytes(buffer[4:6], "big")
    return _taken(buffer, 9 + buffer[6]) if 1 <= count <= MOST_WRITTEN and buffer[6] == 2 * count else (1, None)


def _take_answer(buffer: bytearray) -> Taken | None:
    if not 1 <= buffer[0] <= LAST_UNIT:
        return 1, None
    if len(buffer) < 2:
        return None
    if buffer[1] in (READ | 0x80, WRITE | 0x80, WRITE_MANY | 0x80):
        return _taken(buffer, 5)
    if buffer[1] in (WRITE, WRITE_MANY):
        return _taken(buffer, 8)
    if buffer[1] != READ:
        return 1, None
    if len(buffer) < 3:
        return None
    size = buffer[2]
    return _taken(buffer, 5 + size) if 2 <= size <= 2 * MOST_READ and size % 2 == 0 else (1, None)


def _taken(buffer: bytearray, size: int) -> Taken | None:
    if len(buffer) < size:
        return None
    frame = bytes(buffer[:size])
    if crc16(frame, 0xFFFF):  # over a frame with its CRC it is 0
        return 1, ProtocolError(f"CRC is {shown(frame[-2:])}, not {shown(_crc(frame[:-2]))}: {shown(frame)}")
    message = _message(frame)
    return (1, ProtocolError(f"count out of range: {shown(frame)}")) if message is None else (size, message)


def _message(frame: bytes) -> Question | Answer | None:
    """Of a frame whose length and CRC are right. The forms of function 03 and 16 differ in length or are told by it."""
    unit, function = frame[0], frame[1]
    first, second = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
    if function & 0x80:
        return Refused(unit, function & 0x7F, frame[2])
    if function == WRITE:
        return Write(unit, first, second)
    if function == WRITE_MANY and len(frame) > 8:
        return WriteMany(unit, first, frame[7:-2])
    if function == WRITE_MANY:
        return Written(unit, first, second) if 1 <= second <= MOST_WRITTEN else None
    if len(frame) == 8:  # an answer has an odd length
        return Read(unit, first, second) if 1 <= second <= MOST_READ else None
    return Registers(unit, frame[3:-2])


def _framed(unit: int, function: int, body: bytes) -> bytes:
    frame = bytes([unit, function]) + body
    return frame + _crc(frame)


def _crc(data: bytes) -> bytes:
    return crc16(data, 0xFFFF).to_bytes(2, "little")


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)
