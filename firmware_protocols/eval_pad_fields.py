"""How the pad's messages lie on the wire: big-endian numbers, counted UTF-8 texts, in the order of the class.

A message class is its own layout: each field's annotation says its kind. Bytes after the last known field are kept.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Any, Protocol, get_args, get_type_hints

from firmware_protocols.framing import ProtocolError

FRAME_LIMIT = 1024  # type, fields and CRC together, before escaping
START, END, ESCAPE, XON, XOFF = 0x02, 0x03, 0x10, 0x11, 0x13
ESCAPED = frozenset((START, END, ESCAPE, XON, XOFF))
ESCAPE_MASK = 0x40


@dataclass(frozen=True, slots=True)
class Fields:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing(Fields):
    extra: bytes = b""


class Kind(Protocol):
    """How one field lies on the wire."""

    def pack(self, value: Any) -> bytes: ...

    def take(self, source: Source) -> Any: ...


class Source:
    """The unread part of one message."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise ProtocolError("the message ends inside a field")
        self._at += size
        return self._data[self._at - size : self._at]

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)


@dataclass(frozen=True, slots=True)
class Number:
    size: int
    names: type[IntEnum] | type[IntFlag] | None = None

    def pack(self, value: Any) -> bytes:
        try:
            return int(value).to_bytes(self.size, "big")
        except OverflowError:
            raise ValueError(f"{value} does not fit {self.size} bytes") from None

    def take(self, source: Source) -> int:
        value = int.from_bytes(source.take(self.size), "big")
        try:
            return self.names(value) if self.names else value
        except ValueError:
            return value


@dataclass(frozen=True, slots=True)
class Text:
    """One length byte, then UTF-8 of at most `limit` bytes without control characters."""

    limit: int

    def pack(self, value: Any) -> bytes:
        data: bytes = value.encode()
        if len(data) > self.limit or not printable(data):
            raise ValueError(f"a text is longer than {self.limit} bytes or holds control characters")
        return bytes([len(data)]) + data

    def take(self, source: Source) -> str:
        data = source.take(source.take(1)[0])
        if len(data) > self.limit or not printable(data):
            raise ProtocolError(f"a text is longer than {self.limit} bytes or holds control characters")
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise ProtocolError("a text is not UTF-8") from None  # the text itself may be a PIN: never quoted


@dataclass(frozen=True, slots=True)
class Many:
    """One count byte, then so many of `kind`."""

    kind: Kind

    def pack(self, value: Any) -> bytes:
        return Number(1).pack(len(value)) + b"".join(self.kind.pack(each) for each in value)

    def take(self, source: Source) -> tuple[Any, ...]:
        return tuple(self.kind.take(source) for _ in range(source.take(1)[0]))


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of another class, in place."""

    fields: type[Fields]

    def pack(self, value: Any) -> bytes:
        return pack(value)

    def take(self, source: Source) -> Fields:
        return self.fields(**take(self.fields, source))


@dataclass(frozen=True, slots=True)
class Counted:
    """The fields of another class after their length in two bytes: a later specification may append to them."""

    fields: type[Growing]

    def pack(self, value: Any) -> bytes:
        data = pack(value)
        return Number(2).pack(len(data)) + data

    def take(self, source: Source) -> Growing:
        inner = Source(source.take(int.from_bytes(source.take(2), "big")))
        return self.fields(**take(self.fields, inner), extra=inner.rest())


def pack(value: Fields) -> bytes:
    known = b"".join(kind.pack(getattr(value, name)) for name, kind in layout(type(value)))
    return known + (value.extra if isinstance(value, Growing) else b"")


def take(cls: type[Fields], source: Source) -> dict[str, Any]:
    return {name: kind.take(source) for name, kind in layout(cls)}


def layout(cls: type[Fields]) -> Layout:
    """The fields in wire order; read once from the class's annotations."""
    if cls not in _LAYOUTS:
        hints = get_type_hints(cls, include_extras=True)
        kinds = ((name, get_args(hint)[1:]) for name, hint in hints.items())
        _LAYOUTS[cls] = tuple((name, kind[0]) for name, kind in kinds if kind and hasattr(kind[0], "pack"))
    return _LAYOUTS[cls]


def printable(data: bytes) -> bool:
    return all(byte >= 0x20 and byte != 0x7F for byte in data)


def frame(type_: int, body: bytes) -> bytes:
    content = bytes([type_]) + body
    content += binascii.crc_hqx(content, 0xFFFF).to_bytes(2, "big")
    if len(content) > FRAME_LIMIT:
        raise ValueError(f"a message of {len(content)} bytes is over {FRAME_LIMIT}")
    escaped = b"".join(bytes((ESCAPE, b ^ ESCAPE_MASK)) if b in ESCAPED else bytes((b,)) for b in content)
    return bytes((START,)) + escaped + bytes((END,))


Layout = tuple[tuple[str, Kind], ...]
_LAYOUTS: dict[type[Fields], Layout] = {}
