"""The messages of the two-sided evaluation pad. Each class is the byte layout of its message, field by field.

A later specification appends fields: what is not understood is kept in `extra` and skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from firmware_protocols.eval_pad_fields import (
    FRAME_LIMIT,
    Counted,
    Fields,
    Group,
    Growing,
    Many,
    Number,
    Text,
    frame,
    pack,
)
from firmware_protocols.eval_pad_words import (
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

VERSION = 1

U8 = Annotated[int, Number(1)]
U16 = Annotated[int, Number(2)]
U32 = Annotated[int, Number(4)]
Secret = Annotated[str, Text(16)]
CodeText = Annotated[str, Text(40)]  # a code of the hub's: service, reason, ticket ...
Label = Annotated[str, Text(96)]
Token = Annotated[str, Text(48)]
TicketNumber = Annotated[str, Text(12)]
ClockText = Annotated[str, Text(16)]  # "10:20", drawn as it comes


@dataclass(frozen=True, slots=True)
class CitizenSide(Growing):
    kind: Annotated[int, Number(1, CitizenKind)]
    seconds: U16 = 0  # rate, reasons, thanks: how long still; 0 = until told otherwise
    token: Token = ""  # rate, reasons
    level: U8 = 0  # reasons, thanks
    clerk_name: Annotated[str, Text(48)] = ""
    clerk_title: Annotated[str, Text(48)] = ""
    staff_no: Annotated[str, Text(16)] = ""
    photo: Annotated[str, Text(40)] = ""
    number: TicketNumber = ""
    service: Label = ""
    service_en: Label = ""
    reason: Label = ""  # away, paused: the public wording
    reason_en: Label = ""
    until: ClockText = ""  # away, paused: planned return; closed: next opening


@dataclass(frozen=True, slots=True)
class ClerkSide(Growing):
    """Never anything about a rating."""

    SHOWN: ClassVar[tuple[str, ...]] = ("allowed",)
    version: U32  # what a key press is held against: the pad puts it into Key.seen
    state: Annotated[int, Number(1, WindowState)]
    clerk_name: Annotated[str, Text(48)] = ""  # empty: nobody is signed in
    number: TicketNumber = ""
    service: Annotated[str, Text(72)] = ""
    category: Annotated[str, Text(32)] = ""
    waiting: U16 = 0
    next_category: Annotated[str, Text(32)] = ""
    verbs: U32 = 0  # bit n: Verb n is allowed
    primary: Annotated[int, Number(1, Verb)] = Verb.NONE
    no_show_in: U16 = 0  # seconds
    undo_in: U16 = 0  # seconds left to undo
    undo_verb: Annotated[int, Number(1, Verb)] = Verb.NONE
    outage_number: TicketNumber = ""  # the visit that an outage interrupted: continue or return?
    message_id: U16 = 0
    message: Annotated[str, Text(120)] = ""

    @property
    def allowed(self) -> tuple[Verb, ...]:
        return tuple(verb for verb in Verb if verb and self.verbs >> verb & 1)


@dataclass(frozen=True, slots=True)
class Choice(Fields):
    code: CodeText
    label: Label
    label_en: Label = ""
    value: U8 = 0


@dataclass(frozen=True, slots=True)
class Message(Growing):
    type: ClassVar[int]

    def encode(self) -> bytes:
        return frame(self.type, pack(self))


@dataclass(frozen=True, slots=True)
class PadHello(Message):
    type: ClassVar[int] = 0x01
    oldest: U8  # protocol versions that the pad speaks: oldest .. newest
    newest: U8
    boot_id: U32
    features: Annotated[int, Number(1, Feature)]
    model: Annotated[str, Text(32)]
    firmware: Annotated[str, Text(32)]
    serial: Annotated[str, Text(32)]


@dataclass(frozen=True, slots=True)
class PadBeat(Message):
    type: ClassVar[int] = 0x02
    shown: U32  # version of the Screen on display; 0 = none since power-up
    pending: U8  # ratings not yet answered
    uptime: U32  # seconds


@dataclass(frozen=True, slots=True)
class Shown(Message):
    """Proof: this Screen is on display now."""

    type: ClassVar[int] = 0x03
    version: U32


@dataclass(frozen=True, slots=True)
class Key(Message):
    type: ClassVar[int] = 0x04
    key_id: U32
    seen: U32  # ClerkSide.version of what was on display at the press
    age_ms: U16
    verb: Annotated[int, Number(1, Verb)]
    argument: CodeText = ""
    window: Annotated[str, Text(8)] = ""
    position: Annotated[int, Number(1, Position)] = Position.ARRIVAL
    minutes: U16 = 0  # 0 = not said


@dataclass(frozen=True, slots=True)
class SignIn(Message):
    type: ClassVar[int] = 0x05
    key_id: U32
    age_ms: U16
    staff_no: Annotated[str, Text(16)]
    pin: Secret = field(repr=False, metadata={"secret": True})


@dataclass(frozen=True, slots=True)
class AskChoices(Message):
    type: ClassVar[int] = 0x06
    which: Annotated[int, Number(1, ListId)]


@dataclass(frozen=True, slots=True)
class Rating(Message):
    private: ClassVar[bool] = True  # who works here reads no rating off a wire
    type: ClassVar[int] = 0x07
    rating_id: U32
    token: Token
    level: U8
    age_ms: U32
    flags: Annotated[int, Number(1, RatingFlag)] = RatingFlag(0)
    reasons: Annotated[tuple[str, ...], Many(Text(40))] = ()
    comment: Annotated[str, Text(240)] = ""


@dataclass(frozen=True, slots=True)
class Touched(Message):
    type: ClassVar[int] = 0x08
    token: Token
    age_ms: U32


@dataclass(frozen=True, slots=True)
class Skipped(Message):
    type: ClassVar[int] = 0x09
    token: Token
    age_ms: U32


@dataclass(frozen=True, slots=True)
class AskHello(Message):
    """Who is there? Sent when the hub opens the line, and to a pad that talks without having greeted."""

    type: ClassVar[int] = 0x80


@dataclass(frozen=True, slots=True)
class HubHello(Message):
    type: ClassVar[int] = 0x81
    protocol: U8  # the version chosen for this session
    boot_id: U32  # the pad's own, returned: an answer to an earlier greeting is not taken for this one's
    window: Annotated[str, Text(8)]
    hall: Label
    hall_en: Label
    languages: Annotated[str, Text(32)]  # "zh-CN,en", the first is the default
    lists: U16  # version of the lists of levels and reasons


@dataclass(frozen=True, slots=True)
class HubRefuse(Message):
    type: ClassVar[int] = 0x82
    reason: Annotated[int, Number(1, Refusal)]
    oldest: U8
    newest: U8
    text: Annotated[str, Text(120)]


@dataclass(frozen=True, slots=True)
class HubBeat(Message):
    type: ClassVar[int] = 0x83
    wanted: U32  # version of the newest Screen


@dataclass(frozen=True, slots=True)
class Screen(Message):
    """Both sides, whole. The newest replaces everything before it."""

    type: ClassVar[int] = 0x84
    version: U32
    citizen: Annotated[CitizenSide, Counted(CitizenSide)]
    clerk: Annotated[ClerkSide, Counted(ClerkSide)]


@dataclass(frozen=True, slots=True)
class KeyResult(Message):
    type: ClassVar[int] = 0x85
    key_id: U32
    code: Annotated[int, Number(1, Code)]
    seconds: U16 = 0  # too_early, too_often: when it would be allowed
    text: Annotated[str, Text(120)] = ""


@dataclass(frozen=True, slots=True)
class Choices(Message):
    """One part of a list; the list is whole when parts 1 .. parts of one version are there."""

    type: ClassVar[int] = 0x86
    which: Annotated[int, Number(1, ListId)]
    version: U16
    part: U8
    parts: U8
    items: Annotated[tuple[Choice, ...], Many(Group(Choice))]


@dataclass(frozen=True, slots=True)
class RatingStored(Message):
    type: ClassVar[int] = 0x87
    rating_id: U32
    result: Annotated[int, Number(1, Stored)]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message of a later specification: skipped by who gets it."""

    type: int
    body: bytes

    def encode(self) -> bytes:
        return frame(self.type, self.body)


FROM_PAD: dict[int, type[Message]] = {
    each.type: each for each in (PadHello, PadBeat, Shown, Key, SignIn, AskChoices, Rating, Touched, Skipped)
}
FROM_HUB: dict[int, type[Message]] = {
    each.type: each for each in (AskHello, HubHello, HubRefuse, HubBeat, Screen, KeyResult, Choices, RatingStored)
}


def fit(text: str, limit: int) -> str:
    """The text as a pad can take it: no control characters, cut at a whole character."""
    clean = "".join(" " if ord(char) < 0x20 or ord(char) == 0x7F else char for char in text)
    return clean.encode(errors="replace")[:limit].decode(errors="ignore")


def verb_bits(verbs: Iterable[Verb]) -> int:
    return sum(1 << verb for verb in set(verbs))


def choices(which: ListId, version: int, items: Sequence[Choice]) -> list[Choices]:
    """A list of any length as frames of bounded length; an empty list is one empty part."""
    groups: list[list[Choice]] = [[]]
    size = 0
    for item in items:
        length = len(pack(item))
        if size + length > FRAME_LIMIT - 16:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += length
    return [Choices(which, version, n, len(groups), tuple(part)) for n, part in enumerate(groups, 1)]
