"""Which patrols a month has had and which it lacks: each working day, twice together, once with a leader (F01-F03)."""

from __future__ import annotations

from calendar import monthrange
from typing import Any

from sqlmodel import bindparam, col, select

from hallq.assessment.patrols import rules
from hallq.assessment.patrols.model import Patrol
from hallq.assessment.standards.commands import current
from hallq.kernel import Reads
from hallq.ticketing.lookups import DEPARTMENTS
from hallq.ticketing.model import Person
from hallq.ticketing.opening import calendar

Json = dict[str, Any]
PATROLS = select(Patrol).where(col(Patrol.day).between(bindparam("since"), bindparam("until"))).order_by(col(Patrol.id))
PEOPLE = select(Person).where(col(Person.active), col(Person.department).is_not(None)).order_by(col(Person.id))
FIRST = select(Patrol).where(col(Patrol.ended_at).is_not(None)).order_by(col(Patrol.id)).limit(1)
PER_MONTH = {"joint": "joint_per_month", "leader": "leader_per_month"}


def ended(db: Reads, *, since: str, until: str) -> list[Patrol]:
    return [row for row in db.find(PATROLS, since=since, until=until) if row.ended_at is not None]


def month(db: Reads, name: str) -> Json:
    """`name`: 2026-11. What was walked in it, and whether today has been."""
    rows = ended(db, since=f"{name}-01", until=f"{name}-31")
    walked = {row.day for row in rows if row.kind in rules.WALKS}
    counts = {kind: sum(row.kind == kind for row in rows) for kind in rules.SOURCES}
    return {"month": name, "counts": counts, "walked": walked, "today": db.day in walked}


def to_do(db: Reads, known: Json, kind: str) -> int:
    content = current(db, "checklist").content
    return rules.to_do(known["counts"][kind], content[PER_MONTH[kind]], db.day, content["remind_from"])


def days(db: Reads, name: str) -> Json:
    """The month's calendar: of each day whether it is worked on, which patrols it had, whether one is missing."""
    rows = ended(db, since=f"{name}-01", until=f"{name}-31")
    content = current(db, "checklist").content
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row.day, []).append(row.kind)
    lacking = set(missing_days(db, f"{name}-01", f"{name}-{monthrange(int(name[:4]), int(name[5:]))[1]}"))
    known = month(db, name)
    return {
        "month": name,
        "days": [
            {"day": day, "kinds": kinds.get(day, []), "missing": day in lacking,
             "working": calendar.is_working(db, day)}
            for day in _days(name)
        ],
        "needs": [
            {"kind": kind, "done": known["counts"][kind], "needed": content[key]} for kind, key in PER_MONTH.items()
        ],
        "missing": sorted(lacking),
    }  # fmt: skip


def missing_days(db: Reads, since: str, until: str) -> list[str]:
    """F01, of days that are over. Before its first patrol a hall kept none, and none was missed."""
    begun = db.first(FIRST)
    walked = [row.day for row in ended(db, since=since, until=until) if row.kind in rules.WALKS]
    if begun is None:
        return []
    working = [
        day for name in _months(since, until) for day in _days(name)
        if max(since, begun.day) <= day <= min(until, db.day) and calendar.is_working(db, day)
    ]  # fmt: skip
    return rules.missing(working, walked, db.day)


def joint_people(db: Reads) -> list[Json]:
    """F02: the chief representatives of departments with so many people or more."""
    least = current(db, "checklist").content["joint_people"]
    people = db.find(PEOPLE)
    units = {unit.code: unit for unit in db.find(DEPARTMENTS)}
    counts = {code: sum(row.department == code for row in people) for code in units}
    return [
        {"name": row.name, "department": units[row.department].name, "department_en": units[row.department].name_en}
        for row in people
        if row.role == "chief" and row.department in units and counts[row.department] >= least
    ]


def _days(name: str) -> list[str]:
    return [f"{name}-{day:02d}" for day in range(1, monthrange(int(name[:4]), int(name[5:]))[1] + 1)]


def _months(since: str, until: str) -> list[str]:
    found, (year, month) = [], (int(since[:4]), int(since[5:7]))
    while f"{year}-{month:02d}" <= until[:7]:
        found.append(f"{year}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
