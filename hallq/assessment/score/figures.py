"""A month's measured figures of a person, as the record has them: what an indicator of the formula may name."""

from __future__ import annotations

from typing import Any

from hallq.assessment.record import person as record
from hallq.kernel import Reads

Json = dict[str, Any]
Figures = dict[str, Json]  # key -> {value, n} and, of a share, its numerator and denominator
KEYS = ("satisfied_low", "answer_rate", "invite_rate", "handling_ratio", "weighted")
DEFINED = {"satisfied_low": "interval"}  # where the definition (指标口径) has another key


def of_person(db: Reads, *, person: int, since: str, until: str, own: bool = False) -> Figures:
    """`own`: for the person's own eyes, ratings by whole weeks that are over."""
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
