"""The open protocol of HallQ's two-sided evaluation pad (specs/eval-pad.md): the two stream decoders.

`Host` reads what the pad sends, `Device` what the hub sends. An error never shows a frame's content: it may be a PIN.
"""

from __future__ import annotations

import binascii

from firmware_protocols.eval_pad_fields import END, ESCAPE, ESCAPE_MASK, ESCAPED, FRAME_LIMIT, START, Source, take
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
from firmware_protocols.framing import ProtocolError

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

Heard = Message | Unknown | ProtocolError


class _Stream:
    """Byte by byte, as a microcontroller does it: nothing but the open frame is kept."""

    known: dict[int, type[Message]]

    def __init__(self) -> None:
        self._frame: bytearray | None = None  # None: between frames
        self._escaping = False
        self._silent = False  # a run of stray bytes is reported once

    def feed(self, data: bytes) -> list[Heard]:
        return [heard for byte in data if (heard := self._byte(byte)) is not None]

    def end(self) -> list[Heard]:
        """The stream is over: what is left of an open frame is an error."""
        left = self._frame is not None
        self._frame, self._escaping, self._silent = None, False, False
        return [ProtocolError("the stream ends inside a frame")] if left else []

    def _byte(self, byte: int) -> Heard | None:
        if byte == START:
            return self._start()
        if self._frame is None:
            return self._stray()
        if self._escaping:
            return self._escaped(byte ^ ESCAPE_MASK)
        if byte == END:
            return self._finish(bytes(self._frame))
        if byte == ESCAPE:
            self._escaping = True
            return None
        return self._give_up("a byte that must be escaped stands bare") if byte in ESCAPED else self._add(byte)

    def _start(self) -> ProtocolError | None:
        cut = self._frame is not None
        self._frame, self._escaping, self._silent = bytearray(), False, False
        return ProtocolError("a frame was cut short by the next") if cut else None

    def _stray(self) -> ProtocolError | None:
        first, self._silent = not self._silent, True
        return ProtocolError("bytes outside a frame") if first else None

    def _escaped(self, byte: int) -> ProtocolError | None:
        self._escaping = False
        return self._add(byte) if byte in ESCAPED else self._give_up("an escape of a byte that needs none")

    def _add(self, byte: int) -> ProtocolError | None:
        assert self._frame is not None
        if len(self._frame) == FRAME_LIMIT:
            return self._give_up(f"a frame is over {FRAME_LIMIT} bytes")
        self._frame.append(byte)
        return None

    def _give_up(self, why: str) -> ProtocolError:
        self._frame, self._escaping, self._silent = None, False, True
        return ProtocolError(why)

    def _finish(self, content: bytes) -> Heard:
        self._frame = None
        try:
            return _parse(content, self.known)
        except ProtocolError as error:
            return error


class Host(_Stream):
    """The hub's end: decodes what the pad sends."""

    known = FROM_PAD


class Device(_Stream):
    """The pad's end: decodes what the hub sends."""

    known = FROM_HUB


def _parse(content: bytes, known: dict[int, type[Message]]) -> Message | Unknown:
    """One frame without START, END and escapes, with its CRC."""
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
