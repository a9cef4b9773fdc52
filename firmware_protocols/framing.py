"""What the codecs share: bytes in, messages or errors out, the same however the bytes are cut, memory bounded.
A codec gives one step that looks at the first bytes; the stream keeps what is incomplete and resynchronises."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, Protocol, TypeVar


class ProtocolError(Exception):
    """The other side's bytes are wrong."""


class Message(Protocol):
    def encode(self) -> bytes: ...


M = TypeVar("M")

# A step sees the bytes not yet used, never none. It answers None (incomplete: wait for more) or how many bytes it
# used and what they are: a message, an error, or None for a stray byte that belongs to nothing.
Step = Callable[[bytearray], tuple[int, M | ProtocolError | None] | None]


class Stream(Generic[M]):
    """Runs a step over a byte stream. The first stray byte of a run is reported at once, the rest is silent.
    `private`: a PIN or a person may be in the bytes, so no error quotes them."""

    private: ClassVar[bool] = False

    def __init__(self, step: Step[M]) -> None:
        self._step = step
        self._buffer = bytearray()
        self._lost = False

    def feed(self, data: bytes) -> list[M | ProtocolError]:
        self._buffer += data
        return self._drain()

    def end(self) -> list[M | ProtocolError]:
        """The stream is over: an incomplete frame is one error, whole frames behind its start still count."""
        out: list[M | ProtocolError] = []
        if self._buffer:
            out.append(ProtocolError("incomplete frame" if self.private else f"incomplete: {shown(self._buffer)}"))
            self._lost = True
        while self._buffer:
            del self._buffer[0]
            out += self._drain()
        self._lost = False
        return out

    def _drain(self) -> list[M | ProtocolError]:
        out: list[M | ProtocolError] = []
        while self._buffer and (taken := self._step(self._buffer)):
            used, item = taken
            if item is None and not self._lost:
                out.append(ProtocolError("stray byte" if self.private else f"stray byte {self._buffer[0]:02X}"))
            elif item is not None:
                out.append(item)
            self._lost = item is None or isinstance(item, ProtocolError)
            del self._buffer[:used]
        return out


def shown(data: bytes | bytearray, most: int = 32) -> str:
    """Bytes as people read them in a message: upper-case hex with spaces, the tail cut off."""
    return bytes(data[:most]).hex(" ").upper() + (f" ... ({len(data)} bytes)" if len(data) > most else "")


def to_json(message: object) -> dict[str, Any]:
    """`{"message": ClassName, field: value...}`, bytes as hex, enums by name. A class lists derived values worth
    showing in SHOWN; a field marked secret (a PIN) is masked."""
    return {"message": type(message).__name__} | _plain_fields(message)


def _plain_fields(value: Any) -> dict[str, Any]:
    plain = {
        field.name: "****" if field.metadata.get("secret") else _plain(getattr(value, field.name))
        for field in fields(value)
    }
    derived = {name: _plain(getattr(value, name)) for name in getattr(value, "SHOWN", ())}
    return plain | {name: item for name, item in derived.items() if item is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return value.hex(" ").upper()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum) and value.name:
        return value.name.lower()
    return _plain_fields(value) if is_dataclass(value) else value


def crc16(data: bytes | bytearray, start: int = 0) -> int:
    """Reflected polynomial A001. start 0: CRC-16/ARC; FFFF: Modbus. Both are sent low byte first."""
    crc = start
    for byte in data:
        crc = crc >> 8 ^ _CRC16[(crc ^ byte) & 0xFF]
    return crc


def _crc16_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_CRC16 = [_crc16_of(byte) for byte in range(256)]
