"""Working days and hours in the hall's timezone: when windows are staffed, when numbers are given, what opens next."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.kernel import MINUTE, Ms
from hallq.ticketing import hours

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = hours.parse("1,2,3,4,5", "08:30-12:00,14:30-17:30", "08:00", "17:00")


def at(text: str, zone: ZoneInfo = ZONE) -> Ms:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "working", "issuing", "opens"),
    [
        ("2024-05-06 07:59", False, False, "2024-05-06 08:30"),
        ("2024-05-06 08:00", False, True, "2024-05-06 08:30"),  # numbers before the windows open
        ("2024-05-06 08:30", True, True, "2024-05-06 14:30"),
        ("2024-05-06 11:59", True, True, "2024-05-06 14:30"),
        ("2024-05-06 12:00", False, True, "2024-05-06 14:30"),  # the midday break
        ("2024-05-06 17:00", True, False, "2024-05-07 08:30"),
        ("2024-05-06 17:30", False, False, "2024-05-07 08:30"),
        ("2024-05-10 18:00", False, False, "2024-05-13 08:30"),  # over the weekend
        ("2024-05-11 10:00", False, False, "2024-05-13 08:30"),
    ],
)
def test_a_working_week(moment: str, working: bool, issuing: bool, opens: str) -> None:
    now = at(moment)
    assert hours.is_open(WEEK, now, ZONE) is working
    assert hours.can_issue(WEEK, now, ZONE) is issuing
    assert hours.opens_next(WEEK, now, ZONE) == at(opens)


def test_a_service_has_its_own_times_to_take_a_number() -> None:
    early = hours.for_service(WEEK, "07:00", "")
    assert hours.can_issue(early, at("2024-05-06 07:10"), ZONE)
    assert not hours.can_issue(hours.for_service(WEEK, "", "11:00"), at("2024-05-06 11:00"), ZONE)
    assert hours.issues_next(early, at("2024-05-06 18:00"), ZONE) == at("2024-05-07 07:00")


def test_a_hall_without_working_days_never_opens() -> None:
    never = hours.parse("", "08:30-12:00", "08:00", "12:00")
    assert hours.opens_next(never, at("2024-05-06 07:00"), ZONE) is None


def test_the_hall_keeps_its_own_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    morning = at("2024-05-06 08:30", berlin)
    assert hours.is_open(WEEK, morning, berlin)
    assert hours.is_open(WEEK, morning, ZONE)  # 14:30 there
    assert not hours.is_open(WEEK, morning - MINUTE, ZONE)
    assert hours.clock(morning, berlin) == "08:30"
    assert hours.iso(morning, ZONE) == "2024-05-06T14:30:00+08:00"


def test_summer_time_moves_the_opening_with_the_wall_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    everyday = hours.parse("1,2,3,4,5,6,7", "08:30-12:00", "08:00", "12:00")
    assert hours.opens_next(everyday, at("2024-03-30 12:00", berlin), berlin) == at("2024-03-31 08:30", berlin)


@given(st.integers(0, 14 * 24 * 60))
def test_open_begins_exactly_at_what_opens_next(minutes: int) -> None:
    now = at("2024-05-06 00:00") + minutes * MINUTE
    opens = hours.opens_next(WEEK, now, ZONE)
    assert opens is not None and opens > now
    assert hours.is_open(WEEK, opens, ZONE)
    assert not hours.is_open(WEEK, opens - MINUTE, ZONE)
