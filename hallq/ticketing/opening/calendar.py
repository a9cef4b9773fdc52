"""Which days the hall works: its week, the State Council's holidays and make-up days, and what the office has set.

Pure but for `of_hall` and what follows it, which read the week and the office's days from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Reads
from hallq.ticketing.model import CalendarDay, OpenHours

WORK, REST, HOLIDAY, MAKEUP = "work", "rest", "holiday", "makeup"
EVERY_DAY = frozenset(range(1, 8))
FAR = 400  # days that a count looks ahead before it gives up: a hall that never works
DAYS_SET = select(CalendarDay).where(
    col(CalendarDay.day) >= bindparam("first"), col(CalendarDay.day) <= bindparam("last")
)

Works = Callable[[date], bool]


class Official(NamedTuple):
    """What a calendar library says of a day that is not as its week."""

    kind: str  # holiday makeup
    name: str
    name_en: str


class Day(NamedTuple):
    day: date
    kind: str  # work rest holiday makeup
    name: str = ""
    name_en: str = ""
    overridden: bool = False  # set by the office

    @property
    def working(self) -> bool:
        return self.kind in (WORK, MAKEUP)


def judge(day: date, week: frozenset[int], observes: bool, official: Official | None, own: CalendarDay | None) -> Day:
    """I03, C11: the office's word, then the holidays of a hall that observes them, then the week."""
    usual = day.isoweekday() in week
    if own is not None:
        kind = (WORK if usual else MAKEUP) if own.working else (HOLIDAY if usual else REST)
        return Day(day, kind, own.name, own.name_en, overridden=True)
    if not observes or official is None:
        return Day(day, WORK if usual else REST)
    kind = WORK if usual and official.kind == MAKEUP else official.kind
    return Day(day, kind, official.name, official.name_en)


def observes_holidays(week: frozenset[int], flag: str | None) -> bool:
    """365天无休 (C11): who works on every day of the week works on holidays too, unless the office says otherwise."""
    return flag == "observe" or (flag is None and week != EVERY_DAY)


def count(works: Works, after: date, until: date) -> int:
    """Working days after `after`, up to and with `until`; negative when `until` is before it."""
    if until < after:
        return -count(works, until, after)
    return sum(works(day) for day in _days(after + timedelta(days=1), until))


def shift(works: Works, day: date, by: int) -> date:
    """The `by`-th working day after `day`, or before it; `day` itself for 0."""
    step, left, looked = timedelta(days=1 if by > 0 else -1), abs(by), 0
    while left and looked < FAR:
        day += step
        looked += 1
        if works(day):
            left, looked = left - 1, 0
    return day


def known(year: int) -> bool:
    """The State Council's notice for this year is in the library."""
    return year in _announced_years()


@lru_cache(maxsize=4096)
def official(day: date) -> Official | None:
    """Of the announced year; else the forecast, which knows no make-up days."""
    if not known(day.year):
        return _forecast(day.year).get(day)
    from chinese_calendar import constants

    name = constants.holidays.get(day) or constants.workdays.get(day)
    if name is None:
        return None
    return Official(HOLIDAY if day in constants.holidays else MAKEUP, *_NAMES.get(name, (name, name)))


# -- the hall's own


def of_hall(db: Reads, days: str | None = None) -> Works:
    """Whether the hall, or a service with its own `days`, works on a day."""

    return lambda day: look(db, day, days).working


def look(db: Reads, day: date, days: str | None = None) -> Day:
    week, observes = _week(db, days)
    return judge(day, week, observes, official(day), db.get(CalendarDay, day.isoformat()))


def year(db: Reads, number: int) -> Iterator[Day]:
    week, observes = _week(db, None)
    own = {row.day: row for row in db.find(DAYS_SET, first=f"{number}-01-01", last=f"{number}-12-31")}
    for day in _days(date(number, 1, 1), date(number, 12, 31)):
        yield judge(day, week, observes, official(day), own.get(day.isoformat()))


def hall_observes(db: Reads) -> bool:
    return _week(db, None)[1]


def days_after(day: str, n: int) -> str:
    """Calendar days; negative: before it."""
    return (date.fromisoformat(day) + timedelta(days=n)).isoformat()


def is_working(db: Reads, day: str) -> bool:
    return of_hall(db)(date.fromisoformat(day))


def working_days_between(db: Reads, a: str, b: str) -> int:
    """Promises count in these (I03): from Friday to Monday is 1. Negative when `b` is before `a`."""
    return count(of_hall(db), date.fromisoformat(a), date.fromisoformat(b))


def add_working_days(db: Reads, day: str, n: int) -> str:
    """The n-th working day after `day`; n may be negative, 0 is the day itself."""
    return shift(of_hall(db), date.fromisoformat(day), n).isoformat()


def _week(db: Reads, days: str | None) -> tuple[frozenset[int], bool]:
    row = db.get(OpenHours, 1) or OpenHours()
    week = parse(days or row.days)
    return week, observes_holidays(week, row.holidays)


@lru_cache(maxsize=64)
def parse(days: str) -> frozenset[int]:
    """ISO weekdays of `1,2,3,4,5`."""
    return frozenset(int(day) for day in days.split(",") if day.strip())


# -- the libraries

_NAMES = {
    "New Year's Day": ("元旦", "New Year's Day"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": ("中秋节", "Mid-autumn Festival"),
    "National Day": ("国庆节", "National Day"),
    "Anti-Fascist 70th Day": ("抗战胜利纪念日", "Victory Day"),
}


@lru_cache(maxsize=1)
def _announced_years() -> frozenset[int]:
    from chinese_calendar import constants

    return frozenset(day.year for day in constants.holidays)


@lru_cache(maxsize=8)
def _forecast(number: int) -> dict[date, Official]:
    from holidays import country_holidays

    zh = country_holidays("CN", years=number, language="zh_CN")
    en = country_holidays("CN", years=number, language="en_US")
    return {day: Official(HOLIDAY, name, en[day]) for day, name in zh.items()}


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
