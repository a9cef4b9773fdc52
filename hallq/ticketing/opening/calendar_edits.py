"""The office's side of the calendar: a day set or given back, a year confirmed, and the reminder until it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.model import CalendarDay, CalendarYear, Notice
from hallq.ticketing.opening import calendar
from hallq.ticketing.told import tell

DECEMBER = 12
KEY = "calendar/"
Known = Callable[[int], bool]
REMINDERS = select(Notice).where(col(Notice.done_at).is_(None), col(Notice.key).startswith(KEY))


def set_day(tx: Tx, *, day: str, working: bool, name: str = "", name_en: str = "") -> CalendarDay:
    """The office's word on a day, before the calendar's. Raises Refused("invalid") for a day that has passed."""
    _must_come(tx, day)
    values = {"working": working, "name": name.strip(), "name_en": name_en.strip()}
    row = tx.get(CalendarDay, day)
    tx.log(day=day, working=working)
    return tx.insert(CalendarDay, day=day, **values) if row is None else tx.update(row, **values)


def clear_day(tx: Tx, *, day: str) -> None:
    """The calendar's word holds again."""
    _must_come(tx, day)
    row = must_exist(tx.get(CalendarDay, day), "day", day)
    tx.log(day=day)
    tx.delete(row)


def confirm_year(tx: Tx, *, year: int) -> CalendarYear:
    """Somebody has held each day against the State Council's notice."""
    row = tx.get(CalendarYear, year) or tx.insert(CalendarYear, year=year, at=tx.now, by=tx.actor)
    remind(tx)
    return row


def confirmed(db: Reads, year: int, known: Known = calendar.known) -> bool:
    return known(year) or db.get(CalendarYear, year) is not None


def years_needed(today: date) -> tuple[int, ...]:
    """From 1 December on the next year's days off must be known too."""
    return (today.year, today.year + 1) if today.month == DECEMBER else (today.year,)


def remind(tx: Tx, known: Known = calendar.known) -> None:
    """A duty: an alarm for the office per year that is not confirmed, until it is."""
    years = years_needed(date.fromisoformat(tx.day)) if calendar.hall_observes(tx) else ()
    missing = {f"{KEY}{year}": year for year in years if not confirmed(tx, year, known)}
    raised = {notice.key: notice for notice in tx.find(REMINDERS)}
    for key, notice in raised.items():
        if key not in missing:
            tx.update(notice, done_at=tx.now, done_by=tx.actor)
    for key, year in missing.items():
        tell(tx, key, "dayoff.unconfirmed", {"year": year}, kind="alarm", audience="office", rank=3, level="warn")


def _must_come(db: Reads, day: str) -> None:
    try:
        valid = date.fromisoformat(day).isoformat() == day
    except ValueError:
        valid = False
    if not valid or day < db.day:
        raise Refused("invalid", field="day")
