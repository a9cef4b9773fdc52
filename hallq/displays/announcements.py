"""What a zone says next: one queue, calls in order, the rest behind them, an emergency before all. No clock, no device.

A recall goes ahead of calls that wait, but no call is overtaken twice. When many wait, first the second language and
the chime are left out, then repeats, then calls share a sentence. A call itself is never left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from hallq.kernel import Ms

if TYPE_CHECKING:
    from hallq.ticketing.rules import Rules

BEGINS = frozenset({"v.fire", "em.hold"})  # an emergency
EMERGENCY = BEGINS | {"em.over"}
RECALLS = frozenset({"v.recall", "v.last"})
CALL = "v.call"
FIRST = frozenset({CALL, "v.transfer", "v.back"})  # said more often where the hall wishes it
MERGED = {2: "v.merge", 3: "v.merge3"}


@dataclass(frozen=True, slots=True)
class Waiting:
    effect: int  # its number in the outbox
    payload: Mapping[str, Any]
    deadline: Ms
    overtaken: bool = False  # a recall went past it

    @property
    def key(self) -> str:
        return str(self.payload["key"])

    @property
    def rank(self) -> int:
        """0 emergency, 1 what is said to one citizen, 2 what is said to all."""
        return 0 if self.key in EMERGENCY else 1 if "no" in self.payload else 2


@dataclass(frozen=True, slots=True)
class Turn:
    """One sentence, for one or more effects."""

    effects: tuple[int, ...]
    payload: Mapping[str, Any]
    deadline: Ms  # of its beginning
    times: int = 1
    english: bool = False
    chime: bool = False
    rank: int = field(default=1, compare=False)


class Announcements:
    """Of one zone."""

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []
        self._stopped: list[int] = []

    def add(self, new: Waiting) -> None:
        """An emergency stops what waits; calls that come after it are said."""
        if new.key in BEGINS:
            self._stopped += [each.effect for each in self.waiting if each.rank]
            self.waiting = [each for each in self.waiting if not each.rank]
        place = len(self.waiting)
        while place and self.waiting[place - 1].rank > new.rank:
            place -= 1
        behind = place
        while new.key in RECALLS and place and _gives_way(self.waiting[place - 1], new):
            place -= 1
        self.waiting[place:behind] = [replace(each, overtaken=True) for each in self.waiting[place:behind]]
        self.waiting.insert(place, new)

    def drop(self, effects: Collection[int]) -> list[int]:
        """Those of them that waited, and what an emergency has stopped: they are not said."""
        gone = self._stopped + [each.effect for each in self.waiting if each.effect in effects]
        self._stopped = []
        self.waiting = [each for each in self.waiting if each.effect not in effects]
        return gone

    def take(self, rules: Rules) -> Turn:
        """The next sentence. There must be one."""
        calls = sum(each.rank == 1 for each in self.waiting)
        together = self._together(calls, rules.merge_calls)
        self.waiting = self.waiting[len(together) :]
        first = together[0]
        calm = calls <= rules.busy_calls  # nothing is left out
        repeated = len(together) == 1 and first.key in FIRST and calls <= rules.busy_calls + 1
        return Turn(
            tuple(each.effect for each in together),
            first.payload if len(together) == 1 else _merged(together),
            min(each.deadline for each in together),
            times=rules.call_times if repeated else 1,
            english=rules.say_english and calm,
            chime=rules.chime and calm and first.rank == 1,
            rank=first.rank,
        )

    def _together(self, calls: int, from_calls: int) -> list[Waiting]:
        if not from_calls or calls < from_calls:
            return self.waiting[:1]
        most = 3 if calls >= from_calls + 2 else 2
        return [*takewhile(lambda each: each.key == CALL, self.waiting[:most])] or self.waiting[:1]


def _gives_way(other: Waiting, recall: Waiting) -> bool:
    """Not twice, not to each other, and not what the same citizen must hear first."""
    same = other.payload.get("no") == recall.payload.get("no")
    return other.rank == recall.rank and not (other.overtaken or same or other.key in RECALLS)


def _merged(calls: list[Waiting]) -> dict[str, Any]:
    payload: dict[str, Any] = {"key": MERGED[len(calls)]}
    for n, call in enumerate(calls, 1):
        payload |= {f"no{n}": call.payload["no"], f"win{n}": call.payload["win"]}
    return payload
