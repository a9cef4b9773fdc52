"""Why a visit was called in that order (A22): what the choice was made of, as the journal kept it at the call, the rule
run over it again, and beside it what tickets and visits tell of who waited.

A sample is drawn by anyone alike: the visits of the days with the smallest SHA-256 of "seed/number".
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, tuple_
from sqlmodel import col

from hallq.audit import entries, waits
from hallq.audit.waits import Wait
from hallq.kernel import SECOND, Ms, Reads
from hallq.ticketing import rules
from hallq.ticketing.model import OutOfOrder, Overtake, Person, Ticket, Visit, WindowService
from hallq.ticketing.rules import Place

MOST_SHOWN = 30
IDS = select(col(Visit.id)).where(col(Visit.day).between(bindparam("since"), bindparam("until")))
CHOSEN = (
    select(col(OutOfOrder.kind), col(OutOfOrder.reason), col(OutOfOrder.actor), col(Person.name))
    .join(Person, col(Person.id) == OutOfOrder.person, isouter=True)
    .where(
        col(OutOfOrder.day) == bindparam("day"),
        col(OutOfOrder.at) == bindparam("at"),
        col(OutOfOrder.ticket) == bindparam("ticket"),
    )
)
OFFERED = select(col(WindowService.service), col(WindowService.rank)).where(
    col(WindowService.window) == bindparam("window")
)
OVERTAKEN_BEFORE = (
    select(func.count())
    .select_from(Overtake)
    .join(Visit, col(Visit.id) == Overtake.visit)
    .where(
        col(Overtake.service) == bindparam("service"),
        tuple_(col(Overtake.arrival), col(Overtake.ticket)) > tuple_(bindparam("arrival"), bindparam("ticket")),
        col(Visit.called_at) < bindparam("at"),
    )
)
CALLS = ("call_next", "finish")  # the verbs that call by the rule

# why it was its turn
FIRST, GREEN, BOUND, SKILL = "first", "green", "bound", "skill"
CHOSEN_BY, NO_TICKET, PARKED, UNKNOWN = "chosen", "no_ticket", "parked", "unknown"


def sample(db: Reads, *, seed: str, n: int, since: str, until: str) -> list[int]:
    """Visits of the days, both included, in the order in which they were drawn."""
    visits = [number or 0 for (number,) in db.values(IDS, since=since, until=until)]
    return heapq.nsmallest(n, visits, key=lambda number: (lot(seed, number), number))


def lot(seed: str, visit: int) -> str:
    return hashlib.sha256(f"{seed}/{visit}".encode()).hexdigest()


def explained(db: Reads, visits: Sequence[int]) -> list[dict[str, Any]]:
    days: dict[str, list[Wait]] = {}
    found = []
    for number in visits:
        visit = db.get(Visit, number)
        if visit is not None:
            if visit.day not in days:
                days[visit.day] = waits.of_day(db, visit.day)
            found.append(explain(db, visit, days[visit.day]))
    return found


class Kept(NamedTuple):
    """What the journal kept of a choice."""

    heads: list[Place]  # the first of each line at this window
    able: list[Place]  # of them who could be called then: at midday some rest
    overtaken: dict[int, int]
    bound: int
    step: Ms

    @staticmethod
    def of(order: dict[str, Any]) -> Kept:
        heads = [Place(at, key, service, bool(green), rank) for key, service, green, at, rank, _ in order["heads"]]
        able = [head for head, (*_, now) in zip(heads, order["heads"], strict=True) if now]
        return Kept(heads, able, dict(order["overtaken"]), order["bound"], order["step"] * SECOND)


def explain(db: Reads, visit: Visit, day: Sequence[Wait]) -> dict[str, Any]:
    """`why`: a constant of this module. `holds`: the rule gives this very ticket, and no row speaks against it; None:
    that cannot be told any more, and `doubt` says why. `waited`: who stood there, in order of arrival."""
    entry = _entry(db, visit)
    kept = Kept.of(entry.facts["order"]) if entry is not None and "order" in entry.facts else None
    services = {head.service for head in kept.heads} if kept else _offered(db, visit)
    there = [wait for wait in waits.at(day, visit.called_at) if wait.service in services or wait.ticket == visit.ticket]
    reason = _outside(db, visit) or _parked(db, visit)
    reason = reason or (_by_rule(visit, kept, there) if kept else _by_rows(db, visit, there, entry))
    overtaken = kept.overtaken if kept else {}
    return _call(db, visit) | {
        "entry": entry.seq if entry is not None else None, "services": sorted(services), "waiting": len(there),
        "waited": [_shown(wait, visit, overtaken) for wait in _nearest(there, visit)],
    } | reason  # fmt: skip


def _call(db: Reads, visit: Visit) -> dict[str, Any]:
    ticket, person = db.get(Ticket, visit.ticket), db.get(Person, visit.person)
    assert ticket is not None
    return {
        "visit": visit.id, "at": visit.called_at, "number": ticket.number, "service": visit.service,
        "green": bool(visit.green), "arrival": visit.arrival, "window": visit.window, "end": visit.end,
        "clerk": person.name if person else None, "addressed": ticket.for_window == visit.window,
        "doubt": None, "reason": None, "by": None, "bound": None, "left_out": [],
    }  # fmt: skip


def _offered(db: Reads, visit: Visit) -> set[str]:
    """As things stand today: what the window offered then is not kept by rows."""
    return {code for code, _ in db.values(OFFERED, window=visit.window)}


def _entry(db: Reads, visit: Visit) -> entries.Found | None:
    """The entry that made the visit."""
    label = f"visit/{visit.id}"
    return next((one for one in entries.between(db, visit.called_at, visit.called_at) if label in one.rows), None)


def _outside(db: Reads, visit: Visit) -> dict[str, Any] | None:
    """Chosen by somebody, or served without a number: on the monthly list, with a reason."""
    for kind, reason, actor, name in db.values(CHOSEN, day=visit.day, at=visit.called_at, ticket=visit.ticket):
        if kind in (CHOSEN_BY, NO_TICKET):
            return {"why": kind, "holds": True, "reason": reason, "by": name or actor}
    return None


def _parked(db: Reads, visit: Visit) -> dict[str, Any] | None:
    """It was set aside, and is called back without queueing again."""
    earlier = [one for one in db.find(waits.TICKETS_VISITS, ticket=visit.ticket) if (one.id or 0) < (visit.id or 0)]
    last = earlier[-1] if earlier else None
    if last is not None and last.end == "parked" and visit.arrival <= (last.ended_at or 0):
        return {"why": PARKED, "holds": True}
    return None


def _by_rule(visit: Visit, kept: Kept, there: Sequence[Wait]) -> dict[str, Any]:
    """From what the journal kept: the rule again, then the rows' own story against it."""
    chosen = rules.choose(kept.able, lambda place: kept.overtaken.get(place.id, 0), kept.bound, kept.step)
    if chosen is None or chosen.id != visit.ticket:
        return {"why": UNKNOWN, "bound": kept.bound, "holds": False, "doubt": "rule"}
    told = {"why": _why(kept.able, chosen, kept.step), "bound": kept.bound, "holds": True}
    left_out = _left_out(kept.heads, there)
    return told | ({"holds": False, "doubt": "left_out", "left_out": left_out} if left_out else {})


def _why(able: Sequence[Place], chosen: Place | None, step: Ms) -> str:
    if chosen is None:
        return UNKNOWN
    others = [place for place in able if place.id != chosen.id]
    if chosen.green:
        return GREEN if any(not place.green and place[:2] < chosen[:2] for place in others) else FIRST
    if any(place.green for place in others):
        return BOUND
    return SKILL if step and any(place[:2] < chosen[:2] for place in others) else FIRST


def _left_out(heads: Sequence[Place], there: Sequence[Wait]) -> list[str]:
    """Who, as rows tell for certain, stood before the one that the choice took for the first of its line."""
    lines = {(head.service, head.green): head[:2] for head in heads}
    asked = {head.service for head in heads}
    end = (waits.EVER, 0)
    return [
        wait.number
        for wait in there
        if wait.sure and wait.service in asked
        if (wait.arrival, wait.ticket) < lines.get((wait.service, wait.green), end)
    ]


def _by_rows(db: Reads, visit: Visit, there: Sequence[Wait], entry: entries.Found | None) -> dict[str, Any]:
    """A call that was journaled before choices were kept: the rule over what rows tell and the window offers today."""
    if entry is not None and entry.verb not in CALLS:
        return {"why": UNKNOWN, "holds": None, "doubt": "not_recorded"}
    ranks = dict(db.values(OFFERED, window=visit.window))
    lines: dict[tuple[str, bool], Place] = {}
    for wait in there:
        if wait.service in ranks and (wait.sure or wait.ticket == visit.ticket):
            place = Place(wait.arrival, wait.ticket, wait.service, wait.green, ranks[wait.service])
            lines.setdefault((wait.service, wait.green), place)
    heads = list(lines.values())

    def overtaken(place: Place) -> int:
        asked = {"service": place.service, "arrival": place.arrival, "ticket": place.id, "at": visit.called_at}
        [(count,)] = db.values(OVERTAKEN_BEFORE, **asked)
        return count

    chosen = rules.choose(heads, overtaken, db.rules.green_bound)
    if chosen is not None and chosen.id == visit.ticket:
        return {"why": _why(heads, chosen, 0), "holds": True, "doubt": "rows"}
    return {"why": UNKNOWN, "holds": None, "doubt": "not_recorded"}


def _nearest(there: Sequence[Wait], visit: Visit) -> Sequence[Wait]:
    """The first of those who waited, and always the one that was called."""
    called = [wait for wait in there if wait.ticket == visit.ticket]
    return sorted({*there[: MOST_SHOWN - 1], *called})


def _shown(wait: Wait, visit: Visit, overtaken: dict[int, int]) -> dict[str, Any]:
    return {
        "number": wait.number, "service": wait.service, "green": wait.green, "arrival": wait.arrival,
        "since": wait.since, "sure": wait.sure, "called": wait.ticket == visit.ticket,
        "overtaken": overtaken.get(wait.ticket),
    }  # fmt: skip
