"""The queue's settings and its pure choices. Defaults are the regulations' values; docs/rules.md lists every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hallq.kernel import Ms, Refused
from hallq.ticketing.model import CALLED, CANCELLED, FINISHED, NO_SHOW, PARKED, SERVING, WAITING


@dataclass(frozen=True, slots=True)
class Rules:
    """`[rules]` of hall.toml, and what of `[hall]` and `[calendar]` the queue needs. Durations in seconds."""

    timezone: ZoneInfo
    always_open: bool = False  # [calendar] open = "always"
    undo_s: int = 60
    no_show_calls: int = 2  # calls that were really shown or spoken before a no-show is allowed
    no_show_wait_s: int = 60
    max_calls: int = 5  # a visit's first call and its recalls
    green_bound: int = 5  # no ordinary citizen is overtaken more often by the green channel
    announce_s: int = 40  # an announcement older than this is dropped
    print_s: int = 15  # a slip that has not come out by then is told as failed
    rate_s: int = 30  # an invitation stays on the pad
    rate_min_s: int = 15  # also when the next citizen is called
    rate_touched_s: int = 60
    rate_change_s: int = 8  # another level replaces the first
    rate_reasons_s: int = 30  # reasons may still join
    rate_thanks_s: int = 5
    ones: str = "一"  # how the voice says 1: 一 or 幺


VERBS: dict[str, dict[str, str]] = {  # verb -> state before -> state after
    "call": {WAITING: CALLED, PARKED: CALLED},
    "recall": {CALLED: CALLED},
    "start": {CALLED: SERVING},
    "finish": {CALLED: FINISHED, SERVING: FINISHED},
    "no_show": {CALLED: NO_SHOW},
    "park": {CALLED: PARKED, SERVING: PARKED},
    "transfer": {CALLED: WAITING, SERVING: WAITING},
    "return": {CALLED: WAITING, SERVING: WAITING},  # after an outage
    "cancel": {WAITING: CANCELLED, PARKED: CANCELLED},
}


def after(verb: str, state: str) -> str:
    """The ticket's state after the verb. Raises Refused("wrong_state")."""
    becomes = VERBS[verb].get(state)
    if becomes is None:
        raise Refused("wrong_state", state=state)
    return becomes


class Place(NamedTuple):
    """A waiting ticket. Who came first goes first: places are in order of (arrival, id)."""

    arrival: Ms
    id: int
    service: str
    green: bool


def choose(heads: Iterable[Place], overtaken: Callable[[Place], int], bound: int) -> Place | None:
    """Whom a window calls next: the oldest of the green channel, unless that would overtake someone once too often.

    `heads`: of each service that the window offers, its oldest green and its oldest ordinary ticket.
    `overtaken`: how many green tickets that came after this one were called by windows that offer its service.

    Looking at the oldest ordinary ticket of each service is enough. Let o stand before p in one service. Whoever came
    after p also came after o, and the same windows offer both, so each call that counts for p counts for o:
    overtaken(o) >= overtaken(p). If anyone of a service has reached the bound, its oldest has.

    The bound holds: a green ticket is called only while every ordinary head before it stands below the bound, so this
    call lifts nobody above it; and while someone stands at the bound, no green ticket behind him is called.
    """
    known = sorted(heads)
    green = next((head for head in known if head.green), None)
    if green is None:
        return known[0] if known else None
    return next((head for head in known if head < green and overtaken(head) >= bound), green)


def sequence(
    green: Sequence[Place], ordinary: Sequence[Place], overtaken: Callable[[Place], int], bound: int, count: int
) -> list[Place]:
    """The next `count` of one queue, both parts of it in order, if nobody else came."""
    called: list[Place] = []

    def so_far(place: Place) -> int:
        return overtaken(place) + sum(1 for other in called if other.green and other > place)

    while len(called) < count:
        chosen = choose([*green[:1], *ordinary[:1]], so_far, bound)
        if chosen is None:
            break
        called.append(chosen)
        green, ordinary = (green[1:], ordinary) if chosen.green else (green, ordinary[1:])
    return called


def number(prefix: str, count: int) -> str:
    return f"{prefix}{count:03d}"


class Wait(NamedTuple):
    """Seconds until a ticket is called."""

    low: int
    likely: int
    high: int


def wait(ahead: int, minutes: float, windows: int) -> Wait:
    """`minutes` for each one ahead, shared by the windows that call for it; a wide margin: nothing is measured."""
    turn = minutes * 60 / max(1, windows)
    likely = ahead * turn
    return Wait(round(likely * 0.6), round(likely), round(likely * 1.4 + turn))
