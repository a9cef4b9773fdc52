"""Refusal records as lists read them, and how many of each department nobody has seen yet (I18)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlmodel import bindparam, col, select

from hallq.kernel import Reads
from hallq.outcomes.handing import whose
from hallq.outcomes.model import RefusalRecord
from hallq.ticketing.lookups import DEPARTMENTS, name_of, name_of_actor
from hallq.ticketing.model import Ticket

Json = dict[str, Any]
BETWEEN = (
    select(RefusalRecord)
    .where(col(RefusalRecord.day).between(bindparam("since"), bindparam("until")), col(RefusalRecord.void_at).is_(None))
    .order_by(col(RefusalRecord.id).desc())
)
ALL_UNSEEN = (
    select(RefusalRecord)
    .where(col(RefusalRecord.seen_at).is_(None), col(RefusalRecord.void_at).is_(None))
    .order_by(col(RefusalRecord.department), col(RefusalRecord.id))  # as the index of the open ones has them
)
NAMES = ("id", "no", "day", "at", "window", "department", "service", "outcome", "what", "reason", "basis", "leader",
         "opinion", "seen_at")  # fmt: skip


def listing(
    db: Reads, *, since: str, until: str, department: str | None = None, by: str | None = None, unseen: bool = False
) -> list[Json]:
    """`unseen`: from whatever day."""
    if unseen:
        rows = sorted(db.find(ALL_UNSEEN), key=lambda row: -(row.id or 0))
    else:
        rows = db.find(BETWEEN, since=since, until=until)
    return [shape(db, row) for row in whose.of(rows, department=department, by=by)]


def figures(rows: list[Json], db: Reads) -> list[Json]:
    said = Counter(row["department"] for row in rows)
    unseen = Counter(row["department"] for row in rows if row["seen_at"] is None)
    known = [row for row in db.find(DEPARTMENTS) if said[row.code]]
    return [{"department": row.code, "n": said[row.code], "unseen": unseen[row.code]} for row in known]


def shape(db: Reads, row: RefusalRecord) -> Json:
    ticket = db.get(Ticket, row.ticket) if row.ticket is not None else None
    return {name: getattr(row, name) for name in NAMES} | {
        "number": ticket.number if ticket else None, "writer": name_of(db, row.person) or name_of_actor(db, row.by),
        "seen_by": name_of_actor(db, row.seen_by or ""),
    }  # fmt: skip
