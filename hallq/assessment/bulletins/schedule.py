"""When a bulletin is due and what days it tells of (F09-F13). Pure over the hall's calendar."""

from __future__ import annotations

from datetime import date, timedelta

from hallq.assessment.bulletins.kinds import MONTH, WORKDAY, Kind
from hallq.ticketing.opening.calendar import Works, count, shift

SOON = 2  # working days before the due day from which it is urgent
ONE = timedelta(days=1)


def period(kind: str, today: date, works: Works) -> tuple[date, date] | None:
    """The days that one made today tells of; None: none is made today.

    F09: on a working day of the last working day, and of the days off after it, on which a duty may have worked."""
    if kind == WORKDAY:
        return (shift(works, today, -1), today - ONE) if works(today) else None
    if kind == MONTH:  # F12: of the month before
        last = today.replace(day=1) - ONE
        return last.replace(day=1), last
    return None


def due(kind: Kind, today: date, works: Works) -> date:
    """F10-F12: by the 10th, by the 15th; where that is a day off, the working day before. Else at once."""
    if kind.period != MONTH or not kind.due_day:
        return today
    day = today.replace(day=min(kind.due_day, 28))
    return day if works(day) else shift(works, day, -1)


def urgency(today: date, due: date, works: Works) -> str:
    """info, warn when little time is left, alarm when it is late."""
    if today > due:
        return "alarm"
    return "warn" if count(works, today, due) <= SOON else "info"
