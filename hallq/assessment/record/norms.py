"""What a case of a service usually takes: set once for a month, from the months before it, and never touched again.

So nobody's own day moves the measure that the day is held against, and everyone can know it beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, cast, func, literal_column, select
from sqlmodel import col

from hallq.assessment.record.model import WorkNorm
from hallq.assessment.record.statistics import Norm, median_of
from hallq.assessment.standards import commands as standards
from hallq.kernel import SECOND, Reads, Refused, Tx
from hallq.ticketing.model import Service, Ticket, Visit

ALL = "*"
STEP = 5 * SECOND  # lengths are counted in steps of so much
CASES = func.coalesce(col(Visit.cases), col(Ticket.cases), 1)
OCCUPANCY = col(Visit.ended_at) - col(Visit.called_at) - col(Visit.outage)
HANDLING = col(Visit.ended_at) - func.coalesce(col(Visit.started_at), col(Visit.called_at)) - col(Visit.outage)
_WITHIN = col(Visit.day).between(bindparam("since"), bindparam("until")) & (col(Visit.end) == "finished")


def _steps(length: Any) -> ColumnElement[int]:
    """In how many whole steps to a case."""
    return cast(func.max(0, length) / (CASES * STEP), Integer)


COUNTED = (
    select(col(Visit.service), _steps(HANDLING).label("handled"), _steps(OCCUPANCY).label("sat"), func.count())
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .where(_WITHIN)
    .group_by(col(Visit.service), literal_column("handled"), literal_column("sat"))
)
ANY = select(col(Visit.id)).where(_WITHIN).limit(1)
OF_MONTH = select(
    col(WorkNorm.service), col(WorkNorm.handling_s), col(WorkNorm.occupancy_s), col(WorkNorm.visits)
).where(col(WorkNorm.month) == bindparam("month"))
EXPECTED = select(col(Service.code), col(Service.minutes))


def keep(tx: Tx) -> None:
    """A duty: the present month's norms, as soon as there is something to measure them on."""
    if tx.get(WorkNorm, tx.day[:7], ALL) is None:
        set_month(tx, month=tx.day[:7])


def set_month(tx: Tx, *, month: str) -> int:
    """Measure a month's norms on the months before it; how many services got one. Once: what is set stays."""
    content = standards.current(tx, "workload", f"{month}-01").content
    since, until = reference(month, content["reference_months"])
    if tx.get(WorkNorm, month, ALL) is not None or not tx.values(ANY, since=since, until=until):
        return 0
    rows = tx.values(COUNTED, since=since, until=until)
    handled = _histograms((service, step, count) for service, step, _, count in rows)
    occupied = _histograms((service, step, count) for service, _, step, count in rows)
    for service, histogram in sorted(handled.items()):
        visits = sum(histogram.values())
        if service != ALL and visits < content["least_visits"]:
            continue
        tx.insert(
            WorkNorm, month=month, service=service, visits=visits, since=since, until=until, at=tx.now,
            handling_s=median_of(histogram, STEP / SECOND), occupancy_s=median_of(occupied[service], STEP / SECOND),
        )  # fmt: skip
    return len(handled) - 1


def reference(month: str, months: int) -> tuple[str, str]:
    """The first and the last day of the whole months before it."""
    first = date.fromisoformat(f"{month}-01")
    last = date.fromordinal(first.toordinal() - 1)
    back = first.year * 12 + first.month - 1 - max(1, months)
    return date(back // 12, back % 12 + 1, 1).isoformat(), last.isoformat()


def _histograms(rows: Iterable[tuple[str, int, int]]) -> dict[str, dict[int, int]]:
    """Of each service, and of all together under ALL."""
    found: dict[str, dict[int, int]] = {ALL: {}}
    for service, step, count in rows:
        for one in (found.setdefault(service, {}), found[ALL]):
            one[step] = one.get(step, 0) + count
    return found


# -- reading


class Workload:
    """Weights and norms by day and service, read once for a look."""

    def __init__(self, db: Reads) -> None:
        self._db = db
        self._known: dict[tuple[str, str], tuple[float, Norm]] = {}
        self._days: dict[str, dict[str, dict[str, Any]]] = {}
        self._months: dict[str, dict[str, tuple[float, float]]] = {}
        self._expected = dict(db.values(EXPECTED))

    def of(self, day: str, service: str) -> tuple[float, Norm]:
        """The weight and the norm of a case on that day."""
        key = (day, service)
        if key not in self._known:
            row = self._row(day, service)
            self._known[key] = float(row["weight"]), self._norm(day[:7], service, row["norm_s"])
        return self._known[key]

    def _norm(self, month: str, service: str, fixed: float) -> Norm:
        """A fixed number of the standard, else the hall's own median, else what the catalogue expects."""
        measured = self._month(month).get(service)
        if fixed:
            return Norm(float(fixed), measured[1] if measured else None, "standard")
        if measured:
            return Norm(*measured, "hall")
        minutes = self._expected.get(service)
        return Norm(minutes * 60 if minutes else None, None, "catalogue")

    def _row(self, day: str, service: str) -> dict[str, Any]:
        if day not in self._days:
            rows = standards.current(self._db, "workload", day).content["service"]
            self._days[day] = {row["code"]: row for row in rows}
        return self._days[day].get(service) or self._days[day][ALL]

    def _month(self, month: str) -> dict[str, tuple[float, float]]:
        if month not in self._months:
            rows = self._db.values(OF_MONTH, month=month)
            self._months[month] = {service: (handling, occupancy) for service, handling, occupancy, _ in rows}
        return self._months[month]


def check(content: standards.Content) -> None:
    """The standard's own rule: `*` stands for every service without a row, no service stands twice."""
    codes = [row["code"] for row in content["service"]]
    if ALL not in codes or len(set(codes)) != len(codes):
        raise Refused("invalid", field="service code")
    if any(row["weight"] < 0 or row["norm_s"] < 0 for row in content["service"]) or content["reference_months"] < 1:
        raise Refused("invalid", field="service weight, norm_s, reference_months")


standards.CHECKS["workload"] = check
