"""A month's measured figures of a person, as the record has them: what an indicator of the formula may name."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from typing import Any

from hallq.assessment.record import person as record
from hallq.kernel import Reads, Refused

Json = dict[str, Any]
Figures = dict[str, Json]  # key -> {value, n} and, of a share, its numerator and denominator
KEYS = ("satisfied_low", "answer_rate", "invite_rate", "handling_ratio", "weighted")
DEFINED = {"satisfied_low": "interval"}  # where the definition (指标口径) has another key


def span(month: str) -> tuple[str, str]:
    """First and last day. Raises Refused `invalid`."""
    try:
        year, number = (int(part) for part in month.split("-"))
        last = monthrange(year, number)[1]
    except ValueError:
        raise Refused("invalid", field="month") from None
    return f"{month}-01", f"{month}-{last:02d}"


def of_month(db: Reads, month: str, people: Iterable[int]) -> dict[int, Figures]:
    return {person: of_person(db, month=month, person=person) for person in people}


def of_person(db: Reads, *, month: str, person: int, own: bool = False) -> Figures:
    """`own`: for the person's own eyes, ratings by whole weeks that are over."""
    since, until = span(month)
    found = record.record(db, person=person, since=since, until=until, own=own)
    rated, asked, served = found["satisfaction"], found["coverage"], found["served"]
    return {
        "satisfied_low": _share(rated["low"] if rated["raters"] else None, rated["satisfied"], rated["raters"]),
        "answer_rate": _share(asked["answer_rate"], asked["rated"], asked["invited"]),
        "invite_rate": _share(asked["invite_rate"], asked["invited"], asked["due"]),
        "handling_ratio": {"value": found["handling_ratio"], "n": served},
        "weighted": {"value": found["weighted"], "n": served},
    }


def _share(value: float | None, part: int, whole: int) -> Json:
    return {"value": value, "n": whole, "numerator": part, "denominator": whole}
