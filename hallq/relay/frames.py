"""What goes over a relay's connection, both ways: a kind, a channel, bytes. One frame is one WebSocket message.

A channel is one opening of one port; its number is the hub's choice and is not used again on this connection.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

HEAD = struct.Struct(">BI")
PIECE = 16 * 1024  # bytes of data in a frame at the most
LONGEST_REASON = 300  # bytes of it that are shown
LARGEST = HEAD.size + 4 * PIECE  # of any frame


class Kind(IntEnum):
    PORTS = 1  # from the relay, first: its ports as JSON, [{"name", "kind"}]
    OPEN = 2  # from the hub: `printer` or `printer?baud=9600`
    OPENED = 3  # seconds that a byte needs on its wire, 0 where nobody knows: `0.00104`
    REFUSED = 4  # why; the channel ends
    DATA = 5
    GRANT = 6  # so many bytes of DATA were passed on and may be followed by others
    LOST = 7  # why; the channel ends
    BEAT = 8  # here I am, every second


@dataclass(frozen=True, slots=True)
class Frame:
    kind: Kind
    channel: int = 0
    data: bytes = b""

    def encode(self) -> bytes:
        return HEAD.pack(self.kind, self.channel) + self.data

    @property
    def text(self) -> str:
        """A reason, for people."""
        return self.data[:LONGEST_REASON].decode("utf-8", "replace")


def decode(message: bytes) -> Frame:
    """ValueError: no frame."""
    if not HEAD.size <= len(message) <= LARGEST:
        raise ValueError(f"{len(message)} bytes are no frame")
    kind, channel = HEAD.unpack_from(message)
    return Frame(Kind(kind), channel, message[HEAD.size :])


def granted(count: int) -> bytes:
    return struct.pack(">I", count)


def grant_of(frame: Frame) -> int:
    """ValueError: no grant."""
    if len(frame.data) != 4:
        raise ValueError("a grant has 4 bytes")
    return int.from_bytes(frame.data)
