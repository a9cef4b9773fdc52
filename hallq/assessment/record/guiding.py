"""A guide's days (D12): posts and their hours, short leaves, citizens who were gone along with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from hallq.assessment.record.statistics import Json
from hallq.kernel import SECOND, Reads
from hallq.office.post_model import GuideLeave, GuidePost
from hallq.ticketing.model import Ticket

_DAYS: Any = (bindparam("since"), bindparam("until"))
POSTS = (
    select(
        func.count(func.distinct(col(GuidePost.day))), func.sum(col(GuidePost.ended_at) - col(GuidePost.since)),
    )
    .where(col(GuidePost.day).between(*_DAYS), col(GuidePost.person) == bindparam("person"))
)  # fmt: skip
LEAVES = select(func.count(), func.sum(col(GuideLeave.ended_at) - col(GuideLeave.since))).where(
    col(GuideLeave.day).between(*_DAYS), col(GuideLeave.person) == bindparam("person")
)
ESCORTS = select(func.count()).where(col(Ticket.helper) == bindparam("person"), col(Ticket.day).between(*_DAYS))


def of(db: Reads, person: int, since: str, until: str) -> Json | None:
    """None: this person did not guide on these days."""
    period = {"person": person, "since": since, "until": until}
    [(days, on_post)] = db.values(POSTS, **period)
    [(leaves, away)] = db.values(LEAVES, **period)
    [(escorts,)] = db.values(ESCORTS, **period)
    if not days and not escorts:
        return None
    return {
        "days": days, "on_post_s": (on_post or 0) // SECOND, "leaves": leaves, "leave_s": (away or 0) // SECOND,
        "escorts": escorts,
    }  # fmt: skip
