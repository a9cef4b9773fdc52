"""Leave and trips as the plans read them: pure over half days, and who is away when (J03, B08)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import bindparam, col, select

from hallq.kernel import Reads
from hallq.office.day_model import Leave

KINDS = ("annual", "sick", "personal", "marriage", "maternity", "bereavement", "trip", "training", "other")
AM, PM = "am", "pm"
HALVES = (AM, PM)

STANDING = (
    select(Leave)
    .where(
        col(Leave.until) >= bindparam("since"),
        col(Leave.since) <= bindparam("until"),
        col(Leave.cancelled_at).is_(None),
    )
    .order_by(col(Leave.since), col(Leave.id))
)

OF_PERSON = select(Leave).where(col(Leave.person) == bindparam("person"))


def halves(leave: Leave, day: str) -> frozenset[str]:
    """Which halves of the day it takes."""
    if not leave.since <= day <= leave.until:
        return frozenset()
    taken = set(HALVES)
    if day == leave.since and leave.since_half == PM:
        taken.discard(AM)
    if day == leave.until and leave.until_half == AM:
        taken.discard(PM)
    return frozenset(taken)


def taken(leaves: Iterable[Leave], day: str) -> dict[int, frozenset[str]]:
    """person -> halves of the day."""
    found: dict[int, frozenset[str]] = {}
    for leave in leaves:
        found[leave.person] = found.get(leave.person, frozenset()) | halves(leave, day)
    return {person: parts for person, parts in found.items() if parts}


def standing(db: Reads, since: str, until: str) -> list[Leave]:
    """Not cancelled, on any of these days."""
    return db.find(STANDING, since=since, until=until)


def away_on(db: Reads, day: str) -> dict[int, frozenset[str]]:
    return taken(standing(db, day, day), day)


def away_between(db: Reads, since: str, until: str) -> set[int]:
    """Who is on leave at any time of these days."""
    return {leave.person for leave in standing(db, since, until)}
