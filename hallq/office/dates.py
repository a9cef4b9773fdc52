"""Days and times of forms: the hall's own days, working days between them, and how notices say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hallq.kernel import Ms, Reads
from hallq.office.forms import Lead
from hallq.ticketing.opening import calendar

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(at: Ms, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def day_of(at: Ms, zone: ZoneInfo) -> str:
    return local(at, zone).date().isoformat()


def begin_of(day: str, zone: ZoneInfo) -> Ms:
    """The hall's midnight."""
    return round(datetime.combine(date.fromisoformat(day), datetime.min.time(), zone).timestamp() * 1000)


def lead(db: Reads, filed: Ms, start: Ms, need: int) -> Lead:
    """Working days from the day of filing, with it, until the day of the start, without it."""
    zone = db.rules.timezone
    eve, last = (calendar.days_after(day_of(at, zone), -1) for at in (filed, start))
    return Lead(calendar.working_days_between(db, eve, last), calendar.add_working_days(db, eve, need + 1))


def days_before(db: Reads, start: Ms, days: int) -> Ms:
    """Midnight so many working days before the day of the start."""
    zone = db.rules.timezone
    return begin_of(calendar.add_working_days(db, day_of(start, zone), -days), zone)


def spoken(at: Ms, zone: ZoneInfo, *, ends: bool = False) -> tuple[str, str]:
    """11月25日8:30 and 25 Nov 8:30. Midnight is not said: a start is on that day, an end with the day before."""
    when = local(at, zone)
    if (when.hour, when.minute) == (0, 0):
        when -= timedelta(minutes=1 if ends else 0)
        clock = ""
    else:
        clock = f"{when.hour}:{when.minute:02d}"
    english = f"{when.day} {MONTHS[when.month - 1]}"
    return f"{when.month}月{when.day}日{clock}", f"{english} {clock}".strip()
