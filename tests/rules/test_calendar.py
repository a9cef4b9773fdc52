"""Working days (C11, I03, B13): the week, holidays, make-up days and the office's word, in tables and properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.ticketing.model import CalendarDay
from hallq.ticketing.opening import calendar

WEEK = frozenset({1, 2, 3, 4, 5})


def works(day: date) -> bool:
    return calendar.judge(day, WEEK, True, calendar.official(day), None).working


NATIONAL_DAY_2026 = {
    "2026-09-18": "work",  # Friday
    "2026-09-19": "rest",
    "2026-09-20": "makeup",  # a Sunday that is worked
    "2026-09-25": "holiday",  # Mid-autumn
    "2026-09-28": "work",
    "2026-09-30": "work",
    "2026-10-01": "holiday",
    "2026-10-03": "holiday",  # a Saturday within
    "2026-10-07": "holiday",
    "2026-10-08": "work",
    "2026-10-10": "makeup",  # a Saturday
    "2026-10-11": "rest",
    "2026-02-14": "makeup",
    "2024-02-29": "work",
    "2020-02-29": "rest",
}


@pytest.mark.parametrize(("day", "kind"), NATIONAL_DAY_2026.items())
def test_i03_days_are_as_the_state_council_says(day: str, kind: str) -> None:
    when = date.fromisoformat(day)
    assert calendar.judge(when, WEEK, True, calendar.official(when), None).kind == kind


@pytest.mark.parametrize(
    ("day", "working", "kind"),
    [
        ("2026-10-12", False, "holiday"),  # a Monday that the office closes
        ("2026-10-12", True, "work"),
        ("2026-10-10", False, "rest"),  # the make-up Saturday is not worked here
        ("2026-10-01", True, "work"),  # open on National Day
        ("2026-10-18", True, "makeup"),  # a Sunday of its own
    ],
)
def test_the_office_stands_before_the_library(day: str, working: bool, kind: str) -> None:
    when, own = date.fromisoformat(day), CalendarDay(day=day, working=working, name="自定")
    judged = calendar.judge(when, WEEK, True, calendar.official(when), own)
    assert (judged.kind, judged.name, judged.overridden, judged.working) == (kind, "自定", True, working)


@pytest.mark.parametrize(
    ("week", "flag", "observes"),
    [
        ("1,2,3,4,5", None, True),
        ("1,2,3,4,5,6", None, True),
        ("1,2,3,4,5,6,7", None, False),
        ("1,2,3,4,5,6,7", "observe", True),
        ("1,2,3,4,5", "ignore", False),
    ],
)
def test_c11_a_hall_of_365_days_knows_no_holidays(week: str, flag: str | None, observes: bool) -> None:
    assert calendar.observes_holidays(calendar.parse(week), flag) is observes


def test_a_year_that_is_not_announced_is_a_forecast_without_make_up_days() -> None:
    assert calendar.known(2026) and calendar.known(2004) and not calendar.known(2027)
    forecast = [calendar.official(date(2027, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert {found.kind for found in forecast if found} == {"holiday"}
    assert calendar.official(date(2027, 10, 1)) == calendar.Official("holiday", "国庆节", "National Day")


@pytest.mark.parametrize(
    ("a", "b", "between"),
    [
        ("2026-09-30", "2026-10-08", 1),  # the National Day week counts nothing
        ("2026-10-09", "2026-10-12", 2),  # the make-up Saturday counts
        ("2026-10-08", "2026-10-08", 0),
        ("2026-10-08", "2026-09-30", -1),
        ("2024-02-28", "2024-03-01", 2),  # over a February 29
    ],
)
def test_i03_promises_count_in_working_days(a: str, b: str, between: int) -> None:
    assert calendar.count(works, date.fromisoformat(a), date.fromisoformat(b)) == between


def test_a_hall_that_never_works_gets_an_answer() -> None:
    assert calendar.shift(lambda _day: False, date(2026, 1, 1), 3) == date(2026, 1, 1) + timedelta(days=calendar.FAR)


DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


@given(DAYS, st.integers(-60, 60))
def test_adding_is_the_inverse_of_counting(day: date, n: int) -> None:
    there = calendar.shift(works, day, n)
    if n >= 0:
        assert calendar.count(works, day, there) == n
    else:  # the days from `there` on, with it, up to the day before
        one = timedelta(days=1)
        assert calendar.count(works, there - one, day - one) == -n
    assert n == 0 or works(there)


@given(DAYS, DAYS, DAYS)
def test_counts_add_up(a: date, b: date, c: date) -> None:
    assert calendar.count(works, a, b) + calendar.count(works, b, c) == calendar.count(works, a, c)
