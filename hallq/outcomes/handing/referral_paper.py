"""A referral in words, for the slip that the citizen takes along: who is responsible, until when, which telephone."""

from __future__ import annotations

from datetime import date

from hallq.kernel import Reads
from hallq.outcomes.handing.referrals import find
from hallq.texts import EN, ZH
from hallq.ticketing.lookups import WINDOWS, name_of, name_of_actor
from hallq.ticketing.model import Department, Ticket


def values(db: Reads, *, key: int, lang: str) -> dict[str, str]:
    row = find(db, key)
    department, ticket = db.get(Department, row.department), db.get(Ticket, row.ticket) if row.ticket else None
    windows = [window.no for window in db.find(WINDOWS) if window.department == row.department]
    due = date.fromisoformat(row.due_day)
    return {
        "no": row.no,
        "number": ticket.number if ticket else "",
        "matter": row.matter,
        "department": _named(department, lang),
        "person": name_of(db, row.person),
        "tel": row.tel,
        "windows": ("、" if lang == ZH else ", ").join(windows),
        "due": f"{due.month}月{due.day}日" if lang == ZH else f"{due.day} {due:%B}",
        "writer": name_of_actor(db, row.by),
    }


def _named(row: Department | None, lang: str) -> str:
    if row is None:
        return ""
    return row.name_en if lang == EN and row.name_en else row.name
