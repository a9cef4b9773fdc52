"""Referrals as lists read them: the citizen masked, since a list goes round; figures per department (I17)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlmodel import bindparam, col, select

from hallq import masking
from hallq.kernel import Reads
from hallq.outcomes.handing import whose
from hallq.outcomes.handing.referrals import OPEN, is_late
from hallq.outcomes.model import Referral
from hallq.ticketing.lookups import DEPARTMENTS, name_of, name_of_actor
from hallq.ticketing.model import Ticket

Json = dict[str, Any]
BETWEEN = (
    select(Referral)
    .where(col(Referral.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(Referral.id).desc())
)
NAMES = ("id", "no", "day", "at", "window", "matter", "department", "person", "tel", "due_day", "state", "taken_at",
         "answer", "closed_at", "blanked_at")  # fmt: skip


def listing(
    db: Reads, *, since: str, until: str, department: str | None = None, by: str | None = None, open_only: bool = False
) -> list[Json]:
    """`department`: those that it has to answer. `open_only`: from whatever day."""
    if open_only:
        rows = sorted(db.find(OPEN), key=lambda row: -(row.id or 0))
    else:
        rows = db.find(BETWEEN, since=since, until=until)
    return [shape(db, row) for row in whose.of(rows, department=department, by=by)]


def figures(rows: list[Json], db: Reads) -> list[Json]:
    """Of the listed ones: how many each department got, has open, and has let run over its day."""
    got, still, late = (
        Counter(row["department"] for row in rows if wanted(row))
        for wanted in (lambda row: True, lambda row: row["state"] != "answered", lambda row: row["late"])
    )
    codes = [row.code for row in db.find(DEPARTMENTS) if got[row.code]]
    return [{"department": code, "n": got[code], "open": still[code], "late": late[code]} for code in codes]


def shape(db: Reads, row: Referral) -> Json:
    ticket = db.get(Ticket, row.ticket) if row.ticket is not None else None
    return {name: getattr(row, name) for name in NAMES} | {
        "number": ticket.number if ticket else None, "late": is_late(db, row),
        "writer": name_of_actor(db, row.by), "person_name": name_of(db, row.person),
        "taken_by": name_of_actor(db, row.taken_by or ""),
        "name": masking.name(row.name), "phone": masking.contact(row.phone), "has_address": bool(row.address),
        "has_message": bool(row.message),
    }  # fmt: skip
