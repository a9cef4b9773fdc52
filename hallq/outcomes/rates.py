"""即办件当场办结率, 承诺件期限内办结率, 办结率: counted from rows, always with what they are a share of (I01, I16).

A promise counts once, in the period in which it was decided: the day it was done in time, or the day it was due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.kernel import SECOND, Reads
from hallq.outcomes.kinds import SPOT, WORKING
from hallq.outcomes.model import Outcome
from hallq.outcomes.recorded import NOT_VOID
from hallq.ticketing.lookups import DEPARTMENTS
from hallq.ticketing.model import Service, Visit

Json = dict[str, Any]
HALL = ""  # all departments together
_DAYS: tuple[Any, Any] = (bindparam("since"), bindparam("until"))
_PROMISE = col(Outcome.clock) == literal_column(f"'{WORKING}'")
COUNTED = (
    columns(
        col(Outcome.department), col(Outcome.kind), col(Outcome.clock), col(Outcome.handling), col(Outcome.accepts),
        func.count(), func.count(col(Outcome.done_at)),
    )
    .where(col(Outcome.day).between(*_DAYS), NOT_VOID)
    .group_by(
        col(Outcome.department), col(Outcome.kind), col(Outcome.clock), col(Outcome.handling), col(Outcome.accepts)
    )
)  # fmt: skip
IN_TIME = (
    columns(col(Outcome.department), func.count())
    .where(col(Outcome.done_day).between(*_DAYS), col(Outcome.done_day) <= col(Outcome.due_day), _PROMISE, NOT_VOID)
    .group_by(col(Outcome.department))
)
LATE = (
    select(Outcome)
    .where(
        col(Outcome.due_day).between(*_DAYS), col(Outcome.due_day) < bindparam("today"), _PROMISE, NOT_VOID,
        col(Outcome.done_day).is_(None) | (col(Outcome.done_day) > col(Outcome.due_day)),
    )
    .order_by(col(Outcome.due_day), col(Outcome.id))
)  # fmt: skip
WITHOUT = (
    columns(col(Service.department), func.count())
    .select_from(Visit).join(Service, col(Service.code) == Visit.service)
    .where(col(Visit.day).between(*_DAYS), col(Visit.end) == literal_column("'finished'"), col(Visit.outcome).is_(None))
    .group_by(col(Service.department))
)  # fmt: skip
LINKED = columns(col(Outcome.department), col(Outcome.system_at) - col(Outcome.at)).where(
    col(Outcome.day).between(*_DAYS), col(Outcome.system_at).is_not(None), NOT_VOID
)


class Rate(NamedTuple):
    numerator: int
    denominator: int

    @property
    def percent(self) -> str | None:
        """Two decimals, half up; what is short of all is never shown as all. Nothing to divide by: None."""
        n, m = self
        if not m:
            return None
        hundredths = (n * 20000 + m) // (2 * m)
        if n < m:
            hundredths = min(hundredths, 9999)
        return f"{hundredths // 100}.{hundredths % 100:02d}"

    def shape(self) -> Json:
        return self._asdict() | {"percent": self.percent}


class Tally:
    """One department's, or the hall's."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = defaultdict(int)
        self.spot, self.promise, self.done = Rate(0, 0), Rate(0, 0), Rate(0, 0)
        self.late = self.without = 0
        self.apart: list[int] = []

    def counted(self, kind: str, clock: str, handling: str, accepts: bool, count: int, done: int) -> None:
        self.kinds[kind] += count
        if not accepts:
            return
        self.done = _more(self.done, done, count)
        if SPOT in (clock, handling):  # also what should have been, and was only promised
            self.spot = _more(self.spot, count if clock == SPOT else 0, count)

    def shape(self) -> Json:
        rates = {"spot": self.spot, "promise": self.promise, "done": self.done}
        apart = round(median(self.apart) / SECOND) if self.apart else None
        return {
            "rates": {name: rate.shape() for name, rate in rates.items()}, "kinds": dict(self.kinds),
            "total": sum(self.kinds.values()), "late": self.late, "without_kind": self.without,
            "system": {"linked": len(self.apart), "median_s": apart},
        }  # fmt: skip


def of_period(db: Reads, *, since: str, until: str, department: str | None = None) -> Json:
    """The hall's and each department's that had any; a chief's `department` alone."""
    tallies = _tallies(db, {"since": since, "until": until})
    names = {row.code: row for row in db.find(DEPARTMENTS)}
    rows = [
        {"department": code, "name": row.name, "name_en": row.name_en} | tallies[code].shape()
        for code, row in names.items()
        if code in tallies and department in (None, code)
    ]
    whole = tallies[HALL] if department is None else tallies[department]
    return {"from": since, "to": until, "hall": whole.shape(), "items": rows}


def late(db: Reads, *, since: str, until: str, department: str | None = None) -> list[Outcome]:
    """I01: the cases behind a rate below 100 %."""
    rows = db.find(LATE, since=since, until=until, today=db.day)
    return [row for row in rows if department in (None, row.department)]


def _tallies(db: Reads, days: Json) -> dict[str, Tally]:
    found: dict[str, Tally] = defaultdict(Tally)

    def both(department: str) -> Iterable[Tally]:
        return found[department], found[HALL]

    for department, kind, clock, handling, accepts, count, done in db.values(COUNTED, **days):
        for tally in both(department):
            tally.counted(kind, clock, handling, bool(accepts), count, done)
    for department, count in db.values(IN_TIME, **days):
        for tally in both(department):
            tally.promise = _more(tally.promise, count, count)
    for row in db.find(LATE, **days, today=db.day):
        for tally in both(row.department):
            tally.promise, tally.late = _more(tally.promise, 0, 1), tally.late + 1
    for department, count in db.values(WITHOUT, **days):
        for tally in both(department):
            tally.without += count
    for department, apart in db.values(LINKED, **days):
        for tally in both(department):
            tally.apart.append(apart or 0)
    return found


def _more(rate: Rate, numerator: int, denominator: int) -> Rate:
    return Rate(rate.numerator + numerator, rate.denominator + denominator)
