"""A referral in words, for the slip that the citizen takes along: who is responsible, until when, which telephone."""

from __future__ import annotations

from hallq.kernel import Reads
from hallq.outcomes.handing.referrals import find
from hallq.texts.wording import day, listed, named
from hallq.ticketing.lookups import WINDOWS, name_of, name_of_actor
from hallq.ticketing.model import Department, Ticket


def values(db: Reads, *, key: int, lang: str) -> dict[str, str]:
    row = find(db, key)
    department, ticket = db.get(Department, row.department), db.get(Ticket, row.ticket) if row.ticket else None
    windows = [window.no for window in db.find(WINDOWS) if window.department == row.department]
    return {
        "no": row.no,
        "number": ticket.number if ticket else "",
        "matter": row.matter,
        "department": named(department, lang),
        "person": name_of(db, row.person),
        "tel": row.tel,
        "windows": listed(windows, lang),
        "due": day(row.due_day, lang),
        "writer": name_of_actor(db, row.by),
    }
