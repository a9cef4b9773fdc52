"""Coverage: how many of the served were invited, and what became of it. Not rated (未评价) is no level (D02)."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from hallq.assessment.ratings.model import Invitation
from hallq.kernel import Reads

BY = {"person": col(Invitation.person), "window": col(Invitation.window), "service": col(Invitation.service),
      "day": col(Invitation.day)}  # fmt: skip


def _counted(column: Any) -> Any:
    """(key, what became of it, how many) of the days; an undone finish has withdrawn its invitation."""
    return (
        select(column, col(Invitation.closed_why), func.count())
        .where(
            col(Invitation.day).between(bindparam("since"), bindparam("until")),
            col(Invitation.closed_why) != "withdrawn",
        )
        .group_by(column, col(Invitation.closed_why))
    )


COUNTED = {by: _counted(column) for by, column in BY.items()}


class Coverage(NamedTuple):
    """Invitations, by what became of them. `invited` is the denominator, `rated` the numerator."""

    rated: int = 0
    timed_out: int = 0
    skipped: int = 0
    next_visit: int = 0  # the next citizen sat down before
    late: int = 0  # never on a pad, and not rated elsewhere
    open: int = 0  # still on the pad
    no_pad: int = 0  # the window's pads were out of order, and not rated elsewhere: no part of `invited`

    @property
    def invited(self) -> int:
        return sum(self) - self.no_pad

    @property
    def unrated(self) -> int:
        return self.invited - self.rated

    @property
    def share(self) -> float | None:
        return round(self.rated / self.invited, 4) if self.invited else None


FIELDS = {"rated": "rated", "time_out": "timed_out", "skipped": "skipped", "next_visit": "next_visit", "late": "late",
          "": "open", "no_pad": "no_pad"}  # fmt: skip


def coverage(db: Reads, *, since: str, until: str, by: str = "person") -> dict[Any, Coverage]:
    """Between two days, both included; per person, window, service or day."""
    found: dict[Any, Coverage] = {}
    for key, why, count in db.values(COUNTED[by], since=since, until=until):
        found[key] = _with(found.get(key, Coverage()), why, count)
    return found


def total(parts: Any) -> Coverage:
    return Coverage(*(sum(column) for column in zip(*parts, strict=True))) if parts else Coverage()


def _with(known: Coverage, why: str, count: int) -> Coverage:
    field = FIELDS[why]
    return known._replace(**{field: getattr(known, field) + count})
