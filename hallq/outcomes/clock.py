"""When a promise is due: working days of the hall's calendar, the day of acceptance or of the papers not counted.

The days are the item's own guide's; without one the law's (Administrative Licensing Law, art. 42 and 82).
"""

from __future__ import annotations

from typing import NamedTuple

from hallq.items import guides
from hallq.items.content import Guide
from hallq.kernel import Reads
from hallq.outcomes.one_time import commands as one_time
from hallq.ticketing.opening import calendar


class Promise(NamedTuple):
    clock_from: str  # the first day that counts
    days: int
    due_day: str


def guide_of(db: Reads, service: str) -> Guide:
    found = guides.current(db, service)
    return found.guide if found else Guide()


def promise(db: Reads, *, service: str, ticket: int) -> Promise:
    """I03, I04, I10: from the day after the acceptance, or after the day on which missing papers were received."""
    guide = guide_of(db, service)
    days = guide.promised_days or guide.legal_days or db.rules.outcome_days
    begin = one_time.met_on(db, ticket=ticket, service=service) or db.day
    return Promise(calendar.add_working_days(db, begin, 1), days, calendar.add_working_days(db, begin, days))
