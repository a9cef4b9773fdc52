"""What a person's day at the windows came to: pure over the day's rows, kept once the day is over.

The same rows give the same facts in whatever order they are read; what was kept is found again by computing anew.
"""

from __future__ import annotations

from sqlmodel import bindparam, col, select

from hallq.kernel import Reads
from hallq.office.day_model import DayFacts

OF = (
    select(DayFacts)
    .where(col(DayFacts.person) == bindparam("person"), col(DayFacts.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(DayFacts.day))
)


def of(db: Reads, person: int, since: str, until: str) -> list[DayFacts]:
    """A person's days that are over and kept, both ends included."""
    return db.find(OF, person=person, since=since, until=until)
