"""The office's calendar: days set and given back, a year confirmed, and the reminder from 1 December on."""

from __future__ import annotations

from datetime import date

import pytest

from hallq.kernel import MINUTE, Refused
from hallq.ticketing.model import CalendarDay, OpenHours
from hallq.ticketing.opening import calendar, calendar_edits
from tests.commands.conftest import START, Bench

DAY = 24 * 60 * MINUTE


def test_promises_count_in_working_days(hall: Bench) -> None:
    """I03, B13, B18: over Labour Day 2024 (1-5 May off, 28 April and 11 May worked)."""
    assert calendar.is_working(hall.db, "2024-05-11") and not calendar.is_working(hall.db, "2024-05-01")
    assert calendar.working_days_between(hall.db, "2024-04-26", "2024-05-06") == 4
    assert calendar.add_working_days(hall.db, "2024-05-06", 5) == "2024-05-11"
    assert calendar.add_working_days(hall.db, "2024-05-06", -1) == "2024-04-30"
    hall.do(calendar_edits.set_day, day="2024-05-07", working=False, name="那达慕")
    assert calendar.add_working_days(hall.db, "2024-05-06", 5) == "2024-05-13"


def test_a_day_is_set_changed_and_given_back(hall: Bench) -> None:
    def is_open() -> bool:
        return hall.picture.hall_open

    hall.do(calendar_edits.set_day, day="2024-05-06", working=False, name=" 停电 ")
    assert not is_open()
    assert hall.row(CalendarDay, "2024-05-06").name == "停电"
    hall.do(calendar_edits.set_day, day="2024-05-06", working=True)
    assert is_open()
    hall.do(calendar_edits.clear_day, day="2024-05-06")
    with pytest.raises(Refused, match="not_found"):
        hall.do(calendar_edits.clear_day, day="2024-05-06")


@pytest.mark.parametrize("day", ["2024-05-05", "2024-02-30", "20240510", "yesterday!", "2024-5-10"])
def test_no_day_of_the_past_and_none_that_is_no_day(hall: Bench, day: str) -> None:
    with pytest.raises(Refused) as refusal:
        hall.do(calendar_edits.set_day, day=day, working=False)
    assert (refusal.value.code, refusal.value.detail) == ("invalid", {"field": "day"})


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-11-30", (2026,)), ("2026-12-01", (2026, 2027)), ("2026-12-31", (2026, 2027)), ("2027-01-01", (2027,))],
)
def test_the_next_year_is_asked_for_from_december_on(today: str, years: tuple[int, ...]) -> None:
    assert calendar_edits.years_needed(date.fromisoformat(today)) == years


def test_an_unconfirmed_year_reminds_the_office_until_it_is_confirmed(hall: Bench) -> None:
    def keys() -> list[str]:
        return [view.key for view in hall.picture.notices.values()]

    hall.do(calendar_edits.remind)
    assert keys() == []
    hall.clock.at = START + 940 * DAY  # 2026-12-02
    hall.do(calendar_edits.remind)
    hall.do(calendar_edits.remind)
    [notice] = hall.picture.notices.values()
    assert (notice.key, notice.kind, notice.audience, notice.words) == (
        "calendar/2027", "alarm", "office", "dayoff.unconfirmed"
    )  # fmt: skip
    hall.do(calendar_edits.confirm_year, year=2027, actor="person:1")
    assert keys() == [] and calendar_edits.confirmed(hall.db, 2027)
    hall.clock.at += 40 * DAY
    hall.do(calendar_edits.remind)
    assert keys() == []
    hall.clock.at += 366 * DAY  # 2028: nobody has said a word of it
    hall.do(calendar_edits.remind)
    assert keys() == ["calendar/2028"]


def test_a_library_that_learns_of_the_year_ends_the_reminder(hall: Bench) -> None:
    hall.do(lambda tx: calendar_edits.remind(tx, lambda year: False))
    assert len(hall.picture.notices) == 1
    hall.do(calendar_edits.remind)
    assert not hall.picture.notices


def test_c11_a_hall_of_365_days_is_not_asked(hall: Bench) -> None:
    hall.do(lambda tx: tx.update(tx.get(OpenHours, 1), days="1,2,3,4,5,6,7"))
    hall.do(lambda tx: calendar_edits.remind(tx, lambda year: False))
    assert not hall.picture.notices
    assert calendar.is_working(hall.db, "2026-10-01")
    hall.do(lambda tx: tx.update(tx.get(OpenHours, 1), holidays="observe"))
    assert not calendar.is_working(hall.db, "2026-10-01") and calendar.is_working(hall.db, "2026-10-11")


def test_a_year_lists_every_day_once(hall: Bench) -> None:
    hall.do(calendar_edits.set_day, day="2024-12-24", working=False, name="检修", name_en="Repairs")
    days = list(calendar.year(hall.db, 2024))
    assert len(days) == 366 and len({day.day for day in days}) == 366
    own = [day for day in days if day.overridden]
    assert [(day.day.isoformat(), day.kind, day.name_en) for day in own] == [("2024-12-24", "holiday", "Repairs")]
    assert all(day.working == calendar.is_working(hall.db, day.day.isoformat()) for day in days[:200])
