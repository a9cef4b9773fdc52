"""What a day was like, taken from its rows when it is over. Minutes unless a name says otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from hallq.kernel import MINUTE, Ms
from hallq.simulate.desks import Desk
from hallq.simulate.engine import Engine
from hallq.ticketing.model import CANCELLED, FINISHED, NO_SHOW, PARKED, Category, Ticket, Visit
from hallq.ticketing.opening import hours

HALF_HOUR: Ms = 30 * MINUTE
ORDINARY, PRIORITY = "ordinary", "priority"
FIRST_CALLS = (
    select(
        col(Ticket.id), col(Category.green), col(Ticket.issued_at), col(Ticket.state), col(Ticket.ended_by),
        func.min(col(Visit.called_at)), func.max(col(Visit.ended_at)),
    )
    .join(Category, col(Category.code) == col(Ticket.category))
    .outerjoin(Visit, col(Visit.ticket) == col(Ticket.id))
    .group_by(col(Ticket.id))
)  # fmt: skip


class Visitor(NamedTuple):
    ticket: int
    green: bool
    issued_at: Ms
    state: str
    ended_by: str
    called_at: Ms | None
    ended_at: Ms | None


@dataclass(frozen=True)
class Waits:
    """From the number to the first call."""

    people: int
    mean: float
    p50: float
    p90: float
    most: float


@dataclass(frozen=True)
class Use:
    """Of the time in which someone was signed in."""

    open_hours: float
    busy: float
    idle: float
    paused: float


@dataclass(frozen=True)
class Figures:
    policy: str
    bound: int | None  # only this policy promises one
    overtaken: int  # the most that one ordinary citizen was
    numbers: int
    served: int
    no_shows: int
    gave_up: int
    left: int  # still waiting at the end
    to_return: int  # with papers to fetch, on another day
    refused: dict[str, int]
    waits: dict[str, Waits]  # by class
    services: dict[str, Waits]
    half_hours: dict[str, dict[str, float]]  # "08:30" -> class -> mean wait of who took a number then
    windows: Use
    extended_min: int  # after closing, until the last visit

    @property
    def holds(self) -> bool:
        return self.bound is None or self.overtaken <= self.bound


def take(policy: str, engine: Engine, overtaken: int) -> Figures:
    db = engine.hall.reader(engine.now)
    visitors = [Visitor._make(row) for row in db.values(FIRST_CALLS)]
    states = Counter("left" if visitor.ended_by == "day_end" else visitor.state for visitor in visitors)
    bounded = engine.hall.rules.policy == "bound"
    return Figures(
        policy=policy,
        bound=engine.hall.rules.green_bound if bounded else None,
        overtaken=overtaken,
        numbers=len(visitors),
        served=states[FINISHED],
        no_shows=states[NO_SHOW],
        gave_up=states[CANCELLED],
        left=states["left"],
        to_return=states[PARKED],
        refused=dict(sorted(engine.refusals.items())),
        waits={ORDINARY: waits(_of(visitors, False)), PRIORITY: waits(_of(visitors, True)), "all": waits(visitors)},
        services=_services(visitors, engine),
        half_hours=_half_hours(visitors, engine),
        windows=_use(engine.desks.values()),
        extended_min=_extended(visitors, engine),
    )


def waits(visitors: Iterable[Visitor]) -> Waits:
    known = sorted((v.called_at - v.issued_at) / MINUTE for v in visitors if v.called_at is not None)
    if not known:
        return Waits(0, 0.0, 0.0, 0.0, 0.0)
    mean = sum(known) / len(known)
    return Waits(len(known), *(round(x, 1) for x in (mean, _share(known, 0.5), _share(known, 0.9), known[-1])))


def _share(known: list[float], share: float) -> float:
    return known[min(len(known) - 1, int(len(known) * share))]


def _of(visitors: list[Visitor], green: bool) -> list[Visitor]:
    return [visitor for visitor in visitors if bool(visitor.green) == green]


def _services(visitors: list[Visitor], engine: Engine) -> dict[str, Waits]:
    """By the service that the number was taken for."""
    known: dict[str, list[Visitor]] = defaultdict(list)
    for visitor in visitors:
        known[engine.guests[visitor.ticket].citizen.steps[0].service].append(visitor)
    return {code: waits(known[code]) for code in sorted(known)}


def _half_hours(visitors: list[Visitor], engine: Engine) -> dict[str, dict[str, float]]:
    zone = engine.hall.rules.timezone
    taken: dict[Ms, dict[str, list[Visitor]]] = defaultdict(lambda: defaultdict(list))
    for visitor in visitors:
        if visitor.called_at is not None:
            taken[visitor.issued_at // HALF_HOUR * HALF_HOUR][PRIORITY if visitor.green else ORDINARY].append(visitor)
    return {
        hours.clock(at, zone) or "": {name: waits(some).mean for name, some in sorted(classes.items())}
        for at, classes in sorted(taken.items())
    }


def _use(desks: Iterable[Desk]) -> Use:
    used: Counter[str] = Counter()
    for desk in desks:
        used.update(desk.used)
    signed_in = used["open"] or 1
    busy, paused = used["busy"] / signed_in, used["paused"] / signed_in
    return Use(round(used["open"] / MINUTE / 60, 1), round(busy, 3), round(1 - busy - paused, 3), round(paused, 3))


def _extended(visitors: list[Visitor], engine: Engine) -> int:
    closing = max((desk.duty.until for desk in engine.desks.values() if desk.duty is not None), default=0)
    last = max((visitor.ended_at for visitor in visitors if visitor.ended_at is not None), default=0)
    return max(0, -(-(last - closing) // MINUTE))
