"""The open protocol of HallQ's two-sided evaluation pad (specs/eval-pad.md): the two stream decoders.

`Host` reads what the pad sends, `Device` what the hub sends. An error never shows a frame's content: it may be a PIN.
"""

from __future__ import annotations

import binascii
import re
from functools import partial

from firmware_protocols.eval_pad_fields import (
    END,
    ESCAPE,
    ESCAPE_MASK,
    ESCAPED,
    FRAME_LIMIT,
    START,
    XOFF,
    XON,
    Source,
    take,
)
from firmware_protocols.eval_pad_messages import (
    FROM_HUB,
    FROM_PAD,
    VERSION,
    AskChoices,
    AskHello,
    Choice,
    Choices,
    CitizenSide,
    ClerkSide,
    HubBeat,
    HubHello,
    HubRefuse,
    Key,
    KeyResult,
    Message,
    PadBeat,
    PadHello,
    Rating,
    RatingStored,
    Screen,
    Shown,
    SignIn,
    Skipped,
    Touched,
    Unknown,
    choices,
    fit,
    verb_bits,
)
from firmware_protocols.eval_pad_words import (
    HEARTBEAT_MS,
    HELLO_MS,
    KEY_LIFE_MS,
    KEY_RESEND_MS,
    RATING_RESEND_MS,
    SCREEN_RESEND_MS,
    SILENCE_MS,
    WELCOME_MS,
    CitizenKind,
    Code,
    Feature,
    ListId,
    Position,
    RatingFlag,
    Refusal,
    Stored,
    Verb,
    WindowState,
)
from firmware_protocols.framing import ProtocolError, Stream

__all__ = [
    "HEARTBEAT_MS",
    "HELLO_MS",
    "KEY_LIFE_MS",
    "KEY_RESEND_MS",
    "RATING_RESEND_MS",
    "SCREEN_RESEND_MS",
    "SILENCE_MS",
    "VERSION",
    "WELCOME_MS",
    "AskChoices",
    "AskHello",
    "Choice",
    "Choices",
    "CitizenKind",
    "CitizenSide",
    "ClerkSide",
    "Code",
    "Device",
    "Feature",
    "Host",
    "HubBeat",
    "HubHello",
    "HubRefuse",
    "Key",
    "KeyResult",
    "ListId",
    "Message",
    "PadBeat",
    "PadHello",
    "Position",
    "ProtocolError",
    "Rating",
    "RatingFlag",
    "RatingStored",
    "Refusal",
    "Screen",
    "Shown",
    "SignIn",
    "Skipped",
    "Stored",
    "Touched",
    "Unknown",
    "Verb",
    "WindowState",
    "choices",
    "fit",
    "verb_bits",
]

WIRE_LIMIT = 2 * FRAME_LIMIT + 1  # START and a longest frame of nothing but escapes
_STUFFED = re.compile(bytes([ESCAPE]) + b"(.?)", re.DOTALL)
_BARE = frozenset((XON, XOFF))

Known = dict[int, type[Message]]


class _Frames(Stream[Message | Unknown]):
    def __init__(self, known: Known) -> None:
        super().__init__(partial(_step, known))

    def end(self) -> list[Message | Unknown | ProtocolError]:
        left = bool(self._buffer)
        self._buffer.clear()
        self._lost = False
        return [ProtocolError("the stream ends inside a frame")] if left else []


class Host(_Frames):
    """The hub's end: decodes what the pad sends."""

    def __init__(self) -> None:
        super().__init__(FROM_PAD)


class Device(_Frames):
    """The pad's end: decodes what the hub sends."""

    def __init__(self) -> None:
        super().__init__(FROM_HUB)


def _step(known: Known, data: bytearray) -> tuple[int, Message | Unknown | ProtocolError | None] | None:
    if data[0] != START:
        return 1, None
    stops = [at for at in (data.find(START, 1), data.find(END, 1)) if 0 < at <= WIRE_LIMIT]
    if not stops:
        return (WIRE_LIMIT, ProtocolError("a frame is too long")) if len(data) > WIRE_LIMIT else None
    stop = min(stops)
    if data[stop] == START:
        return stop, ProtocolError("a frame is cut short by the next")
    try:
        return stop + 1, _parse(_unescape(bytes(data[1:stop])), known)
    except ProtocolError as error:
        return stop + 1, error


def _unescape(stuffed: bytes) -> bytes:
    """Only what `frame` writes is right: bytes that need an escape have one, the others have none."""
    if not _BARE.isdisjoint(stuffed):
        raise ProtocolError("a byte that must be escaped stands bare")
    content = _STUFFED.sub(_unescaped, stuffed)
    if len(content) > FRAME_LIMIT:
        raise ProtocolError("a frame is too long")
    return content


def _unescaped(pair: re.Match[bytes]) -> bytes:
    byte = pair[1][0] ^ ESCAPE_MASK if pair[1] else None
    if byte not in ESCAPED:
        raise ProtocolError("an escape of a byte that needs none")
    return bytes([byte])


def _parse(content: bytes, known: Known) -> Message | Unknown:
    if len(content) < 3 or binascii.crc_hqx(content, 0xFFFF) != 0:
        raise ProtocolError("a frame's CRC is wrong")
    type_, source = content[0], Source(content[1:-2])
    if (type_ >= 0x80) != (known is FROM_HUB):
        raise ProtocolError(f"type {type_:02X} belongs to the other direction (an echo?)")
    if type_ not in known:
        return Unknown(type_, source.rest())
    cls = known[type_]
    try:
        return cls(**take(cls, source), extra=source.rest())
    except ProtocolError as error:
        raise ProtocolError(f"{cls.__name__}: {error}") from None
