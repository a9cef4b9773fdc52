"""The office's list of ratings, a page at a time, the newest first, each with its flags and whether it counts."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, case, exists, func, or_, select
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.assessment.ratings.flags import counts
from hallq.assessment.ratings.model import Rating, RatingFlag
from hallq.assessment.ratings.rules import BAD
from hallq.kernel import Reads
from hallq.ticketing.lookups import wished
from hallq.ticketing.model import Person, Ticket

NAMES = ("id", "ticket", "service", "window", "clerk", "person", "level", "reasons", "comment", "at", "changed_at",
         "channel", "assisted", "by", "counts", "flagged")  # fmt: skip


class Wish(NamedTuple):
    since: str
    until: str
    clerk: int | None = None
    service: str | None = None
    window: str | None = None
    channel: str | None = None
    level: int | None = None
    bad: bool = False
    flagged: str = ""  # open, any
    before: int | None = None  # the id that the page before ended with


def _flag(*more: Any) -> Any:
    return exists(select(col(RatingFlag.id)).where(col(RatingFlag.rating) == col(Rating.id), *more))


_before = bindparam("before", type_=Integer)
_flagged = bindparam("flagged", type_=String)
RATINGS = (
    select(
        col(Rating.id), col(Ticket.number), col(Rating.service), col(Rating.window),
        func.coalesce(col(Person.name), ""), col(Rating.person), col(Rating.level), col(Rating.reasons),
        col(Rating.comment), col(Rating.at), col(Rating.changed_at), col(Rating.channel), col(Rating.assisted),
        col(Rating.by),
        case((counts(), 1), else_=0), case((_flag(), 1), else_=0),
    )
    .join(Ticket, col(Ticket.id) == Rating.ticket)
    .outerjoin(Person, col(Person.id) == Rating.person)
    .where(
        col(Rating.day).between(bindparam("since"), bindparam("until")),
        wished("clerk", col(Rating.person)),
        wished("service", col(Rating.service)),
        wished("window", col(Rating.window)),
        wished("channel", col(Rating.channel)),
        wished("level", col(Rating.level)),
        or_(bindparam("bad", type_=Integer) == 0, col(Rating.level) <= BAD),
        or_(
            _flagged == "",
            and_(_flagged == "any", _flag()),
            and_(_flagged == "open", _flag(col(RatingFlag.verdict).is_(None))),
        ),
        or_(_before.is_(None), col(Rating.id) < _before),
    )
    .order_by(col(Rating.day).desc(), col(Rating.id).desc())  # an id never goes back a day: the index is read as it is
    .limit(bindparam("limit", type_=Integer))
)  # fmt: skip
FLAGS = rows_of(RatingFlag).where(col(RatingFlag.rating) == bindparam("rating")).order_by(col(RatingFlag.id))
FLAG_NAMES = ("id", "why", "note", "at", "by", "verdict", "review_note", "reviewed_at", "reviewed_by")


def ratings(db: Reads, *, wish: Wish, limit: int) -> list[dict[str, Any]]:
    rows = db.values(RATINGS, **wish._asdict() | {"bad": int(wish.bad), "limit": limit})
    return [_row(db, dict(zip(NAMES, row, strict=True))) for row in rows]


def _row(db: Reads, row: dict[str, Any]) -> dict[str, Any]:
    found = db.find(FLAGS, rating=row["id"]) if row.pop("flagged") else []
    shape = row | {"counts": bool(row["counts"]), "assisted": bool(row["assisted"])}
    return shape | {"flags": [{name: getattr(flag, name) for name in FLAG_NAMES} for flag in found]}
