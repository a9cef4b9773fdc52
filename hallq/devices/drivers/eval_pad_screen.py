"""A pad's screens, keys and lists between the hall's values and the protocol's messages. Every text is made to fit."""

from __future__ import annotations

import binascii
from datetime import datetime, tzinfo

from firmware_protocols.eval_pad import (
    Choice,
    Choices,
    CitizenKind,
    CitizenSide,
    ClerkSide,
    Key,
    ListId,
    Position,
    SignIn,
    Stored,
    Verb,
    WindowState,
    choices,
    fit,
    verb_bits,
)
from hallq.devices import inputs
from hallq.devices.driver import Desk
from hallq.displays.screens import CitizenScreen, ClerkScreen, PadScreen
from hallq.kernel import Ms

WRONG_VERSION = "评价器版本不符，请联系管理员"
LIST_NAMES = {
    ListId.LEVELS: "levels",
    ListId.REASONS: "reasons",
    ListId.SERVICES: "services",
    ListId.WINDOWS: "windows",
    ListId.PAUSE_REASONS: "pause-reasons",
    ListId.PARKED: "parked",
    ListId.PARK_KINDS: "park-kinds",
}
STORED = {
    "stored": Stored.STORED,
    "replaced": Stored.REPLACED,
    "joined": Stored.JOINED,
    "already": Stored.ALREADY,
    "unknown_token": Stored.UNKNOWN_TOKEN,
    "forbidden": Stored.OTHER_WINDOW,
    "rating_closed": Stored.DAY_OVER,
}
_TIMED = ("rate", "reasons", "thanks")
_U16 = 0xFFFF


def sides(screen: PadScreen, now: Ms, zone: tzinfo) -> tuple[CitizenSide, ClerkSide]:
    return _citizen(screen.citizen, now, zone), _clerk(screen.clerk, screen.version, now)


def pressed(key: Key | SignIn, key_id: str) -> inputs.Input:
    if isinstance(key, SignIn):
        return inputs.SignIn(key_id, key.staff_no, key.pin, key.age_ms)
    position = Position(key.position).name.lower() if key.position in list(Position) else "arrival"
    return inputs.Key(
        key_id, key.seen, _verb_name(key.verb), key.argument, key.window, position, key.minutes, key.age_ms
    )


class Lists:
    """Levels and reasons are kept by the pad as long as `version` is the same; the others are asked for each time."""

    def __init__(self) -> None:
        self.version = 0

    async def fill(self, desk: Desk) -> None:
        kept = [await _asked(which, desk) for which in (ListId.LEVELS, ListId.REASONS)]
        self.version = binascii.crc_hqx(repr(kept).encode(), 0)

    async def choices(self, which: int, desk: Desk) -> list[Choices]:
        if which not in LIST_NAMES:
            return []
        return choices(ListId(which), self.version, (await _asked(which, desk))[:255])


async def _asked(which: int, desk: Desk) -> list[Choice]:
    answer = await desk.input(inputs.AskChoices(LIST_NAMES[ListId(which)]))
    values = answer.values or (0,) * len(answer.choices)
    english = answer.english or ("",) * len(answer.choices)
    return [
        Choice(fit(code, 40), fit(label, 96), fit(label_en, 96), value)
        for (code, label), label_en, value in zip(answer.choices, english, values, strict=True)
    ]


def _citizen(screen: CitizenScreen, now: Ms, zone: tzinfo) -> CitizenSide:
    timed = screen.screen in _TIMED
    return CitizenSide(
        kind=CitizenKind[screen.screen.upper()],
        seconds=_seconds(screen.until, now) if timed else 0,
        token=screen.token,
        level=screen.level,
        clerk_name=fit(screen.clerk_name, 48),
        clerk_title=fit(screen.clerk_title, 48),
        staff_no=fit(screen.staff_no, 16),
        photo=fit(screen.photo, 40),
        number=fit(screen.number, 12),
        service=fit(screen.service, 96),
        service_en=fit(screen.service_en, 96),
        reason=fit(screen.reason, 96),
        reason_en=fit(screen.reason_en, 96),
        until=fit(screen.opens or ("" if timed else _clock(screen.until, zone)), 16),
    )


def _clerk(screen: ClerkScreen, version: int, now: Ms) -> ClerkSide:
    return ClerkSide(
        version=version,
        state=WindowState[screen.state.upper()],
        clerk_name=fit(screen.clerk_name, 48),
        number=fit(screen.number, 12),
        service=fit(screen.service, 72),
        category=fit(screen.category, 32),
        waiting=min(screen.waiting, _U16),
        next_category=fit(screen.next_category, 32),
        verbs=verb_bits(map(_verb, screen.verbs)),
        primary=_verb(screen.primary),
        no_show_in=_seconds(screen.no_show_at, now),
        undo_in=_seconds(screen.undo_until, now),
        undo_verb=_verb(screen.undo_verb),
        outage_number=fit(screen.outage_number, 12),
        message_id=binascii.crc_hqx(screen.message.encode(), 1) if screen.message else 0,
        message=fit(screen.message, 120),
    )


def _seconds(until: Ms | None, now: Ms) -> int:
    """Rounded up, so that nothing is offered before its time."""
    return 0 if until is None else min(max(0, -((now - until) // 1000)), _U16)


def _clock(at: Ms | None, zone: tzinfo) -> str:
    return "" if at is None else datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M")


def _verb(name: str) -> Verb:
    return Verb.__members__.get(name.upper().replace("-", "_"), Verb.NONE)


def _verb_name(verb: int) -> str:
    """As the paths have it; a number of a later specification is a verb that nobody knows."""
    return Verb(verb).name.lower().replace("_", "-") if verb in Verb.__members__.values() else f"verb-{verb}"
