"""The FF 68 bus of call keypads and button evaluators (specs/ff68.md). Both lengths, the sum and the end byte must be
right; the stream goes on at the next FF 68. A keypad is answered with its own frame, an evaluator with its value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from firmware_protocols.framing import ProtocolError, Stream, shown

HEAD = b"\xff\x68"
SECOND_HEAD, END = 0x68, 0x16
SHORTEST, LONGEST = 2, 8  # of the length field: address, command and data; the longest published frame has 8
LONGEST_KEY = 5  # a keypad sends one to three keys in a frame
FRAME = 7  # bytes around the length's
START, RATED, SHOW, BEEP = 0x01, 0x11, 0x02, 0x03  # commands
EVALUATE, FIVE_STARS = 0x0B, 0x05
KEEP = 0x0A  # in place of a digit: this field is left as it is
CONFIRM = 0x0F
KEYS = {
    0x0B: "evaluate", 0x0C: "call_next", 0x0D: "recall", 0x0E: "cancel", CONFIRM: "confirm", 0x11: "one_metre",
    0x12: "pause", 0x13: "transfer",
}  # fmt: skip
CODES = {6: "give_up", 0: "hold", 3: "call_back"}  # a digit and confirm in one frame


@dataclass(frozen=True, slots=True)
class Frame:
    """Any frame that no other class reads."""

    address: int
    command: int
    data: bytes = b""

    @property
    def private(self) -> bool:
        """Digits in an order that is not known: perhaps a PIN."""
        return any(byte <= 9 for byte in self.data)

    def encode(self) -> bytes:
        return _frame(self.address, self.command, self.data)


@dataclass(frozen=True, slots=True)
class Key:
    """A function key, or a published digit with confirm; as an answer, the host's echo of it. The command byte is kept:
    what a keypad sends there is not published."""

    address: int
    keys: bytes
    command: int = START
    SHOWN: ClassVar = ("name",)

    @property
    def name(self) -> str:
        return CODES[self.keys[0]] if len(self.keys) == 2 else KEYS[self.keys[0]]

    def encode(self) -> bytes:
        return _frame(self.address, self.command, self.keys)


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits, and perhaps a function key behind them. Masked where frames are shown: a PIN is typed with them."""

    address: int
    keys: bytes = field(repr=False, metadata={"secret": True})
    command: int = START

    def encode(self) -> bytes:
        return _frame(self.address, self.command, self.keys)


@dataclass(frozen=True, slots=True)
class Rated:
    """An evaluator's button. Which button has which value is not published."""

    private: ClassVar[bool] = True  # who works here reads no rating off a wire
    address: int
    value: int

    def encode(self) -> bytes:
        return _frame(self.address, RATED, bytes([self.value]))


@dataclass(frozen=True, slots=True)
class Answer:
    """To an evaluator: its value is stored. To a keypad whose command byte is 01 the echo looks the same."""

    private: ClassVar[bool] = True
    address: int
    value: int

    def encode(self) -> bytes:
        return _frame(self.address, START, bytes([self.value]))


@dataclass(frozen=True, slots=True)
class Evaluate:
    """To an evaluator: ask the citizen. To a keypad: the echo of its key 0B."""

    address: int

    def encode(self) -> bytes:
        return _frame(self.address, START, bytes([EVALUATE]))


@dataclass(frozen=True, slots=True)
class Stars:
    """To an evaluator: show so many stars."""

    address: int
    count: int

    def encode(self) -> bytes:
        return _frame(self.address, SHOW, bytes([self.count]))


@dataclass(frozen=True, slots=True)
class Show:
    """To a keypad: three digits of people waiting and three of the ticket; None leaves that field as it is."""

    address: int
    waiting: int | None = None
    ticket: int | None = None

    def encode(self) -> bytes:
        return _frame(self.address, SHOW, _digits(self.waiting) + _digits(self.ticket))


@dataclass(frozen=True, slots=True)
class Beep:
    address: int

    def encode(self) -> bytes:
        return _frame(self.address, BEEP, b"")


FromDevice = Key | Digits | Rated | Frame
FromHost = Evaluate | Answer | Stars | Show | Beep | Key | Digits | Frame


M = TypeVar("M")


class Host(Stream[FromDevice]):
    """Decodes what keypads and evaluators send; with an adapter that repeats what the host sends, that too."""

    private = True

    def __init__(self) -> None:
        super().__init__(lambda buffer: _take(buffer, _from_device))


class Device(Stream[FromHost]):
    """Decodes what the host sends, a keypad's own digits among it."""

    private = True

    def __init__(self) -> None:
        super().__init__(lambda buffer: _take(buffer, _from_host))


def _take(buffer: bytearray, read: Callable[[int, int, bytes], M]) -> tuple[int, M | ProtocolError | None] | None:
    if not HEAD.startswith(bytes(buffer[:2])):
        return 1, None
    if len(buffer) < 5:
        return None
    size, again, second = buffer[2:5]
    if size != again or second != SECOND_HEAD or not SHORTEST <= size <= LONGEST:
        return 1, ProtocolError(f"lengths or second head: {shown(buffer[:5])}")
    end = FRAME + size
    if len(buffer) < end:
        return None
    body = bytes(buffer[5 : 5 + size])
    if buffer[end - 2] != sum(body) & 0xFF or buffer[end - 1] != END:
        return 1, ProtocolError(f"sum or end of a frame with {size} bytes")  # which may be digits of a PIN
    return end, read(body[0], body[1], body[2:])


def _from_device(address: int, command: int, data: bytes) -> FromDevice:
    if command == RATED and len(data) == 1:
        return Rated(address, data[0])
    if command in (RATED, SHOW, BEEP) or len(data) + 2 > LONGEST_KEY:  # the host's own, repeated by the adapter
        return Frame(address, command, data)
    return _keys(address, command, data) or Frame(address, command, data)


def _from_host(address: int, command: int, data: bytes) -> FromHost:
    if command == BEEP and not data:
        return Beep(address)
    if command == SHOW and len(data) == 6:
        return _show(address, data) or Frame(address, command, data)
    if command == SHOW and len(data) == 1:
        return Stars(address, data[0])
    if command == START and len(data) == 1:
        return Evaluate(address) if data[0] == EVALUATE else Answer(address, data[0])
    return _keys(address, command, data) or Frame(address, command, data)


def _keys(address: int, command: int, data: bytes) -> Key | Digits | None:
    """Digits first, then at most one function key; anything else is no key."""
    known = len(data) == 1 and data[0] in KEYS
    if known or (len(data) == 2 and data[0] in CODES and data[1] == CONFIRM):
        return Key(address, data, command)
    typed = data[:-1] if data[-1:] and data[-1] in KEYS else data
    return Digits(address, data, command) if typed and all(key <= 9 for key in typed) else None


def _show(address: int, data: bytes) -> Show | None:
    fields = data[:3], data[3:]
    if any(field != bytes([KEEP] * 3) and max(field) > 9 for field in fields):
        return None
    waiting, ticket = (None if KEEP in field else int("".join(map(str, field))) for field in fields)
    return Show(address, waiting, ticket)


def _digits(value: int | None) -> bytes:
    return bytes([KEEP] * 3) if value is None else bytes(int(digit) for digit in f"{min(value, 999):03}")


def _frame(address: int, command: int, data: bytes) -> bytes:
    body = bytes([address, command]) + data
    size = bytes([len(body)] * 2)
    return HEAD + size + bytes([SECOND_HEAD]) + body + bytes([sum(body) & 0xFF, END])
