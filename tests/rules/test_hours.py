"""Working days and hours in the hall's timezone (B05, C11, G01): when windows are staffed, when numbers are given,
what opens next, what the midday break does, and which time is working time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.kernel import MINUTE, Ms
from hallq.ticketing.opening import calendar, hours
from hallq.ticketing.opening.hours import Times

ZONE = ZoneInfo("Asia/Shanghai")
DAY = hours.parse("08:30-12:00,14:30-17:30", "08:00", "17:00")


def weekdays(*days: int) -> calendar.Works:
    return lambda day: day.isoweekday() in days


def official(day: date) -> bool:
    return calendar.judge(day, frozenset(range(1, 6)), True, calendar.official(day), None).working


WEEK = Times(DAY, weekdays(1, 2, 3, 4, 5), ZONE)
HALL = Times(DAY, official, ZONE)
ROTA = Times(DAY, official, ZONE, hours.ROTA)
FINISH = Times(DAY, official, ZONE, hours.FINISH)


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
        ("2024-05-10 23:59", False, False, "2024-05-13 08:30"),
        ("2024-05-13 00:00", False, False, "2024-05-13 08:30"),
    ],
)
def test_a_working_week(moment: str, working: bool, issuing: bool, opens: str) -> None:
    now = at(moment)
    assert WEEK.is_open(now) is working
    assert WEEK.can_issue(now) is issuing
    assert WEEK.opens_next(now) == at(opens)


@pytest.mark.parametrize(
    ("moment", "working", "opens"),
    [
        ("2026-09-30 18:00", False, "2026-10-08 08:30"),  # over the National Day week
        ("2026-10-05 10:00", False, "2026-10-08 08:30"),  # a Monday within it
        ("2026-10-10 10:00", True, "2026-10-10 14:30"),  # a Saturday that is worked
        ("2026-10-09 18:00", False, "2026-10-10 08:30"),
        ("2026-02-13 18:00", False, "2026-02-14 08:30"),  # worked before the Spring Festival
        ("2026-02-14 18:00", False, "2026-02-24 08:30"),  # nine days off: further than a week
        ("2024-02-28 18:00", False, "2024-02-29 08:30"),
        ("2025-12-31 23:59", False, "2026-01-04 08:30"),  # a Sunday, over the turn of the year
    ],
)
def test_c11_holidays_and_make_up_days(moment: str, working: bool, opens: str) -> None:
    assert HALL.is_open(at(moment)) is working
    assert HALL.opens_next(at(moment)) == at(opens)
    assert HALL.can_issue(at(moment)) is working


def test_a_service_has_its_own_times_to_take_a_number() -> None:
    early = Times(hours.for_service(DAY, "07:00", ""), WEEK.works, ZONE)
    assert early.can_issue(at("2024-05-06 07:10"))
    late = Times(hours.for_service(DAY, "", "11:00"), WEEK.works, ZONE)
    assert not late.can_issue(at("2024-05-06 11:00"))
    assert early.issues_next(at("2024-05-06 18:00")) == at("2024-05-07 07:00")


def test_a_service_of_its_own_periods_gives_numbers_around_them() -> None:
    assert hours.own_periods("13:00-20:00,09:00-11:00") == hours.Hours(((540, 660), (780, 1200)), (510, 1200))


def test_a_hall_without_working_days_never_opens() -> None:
    never = Times(DAY, weekdays(), ZONE)
    assert never.opens_next(at("2024-05-06 07:00")) is None
    assert never.spans(at("2024-05-06 07:00"), at("2024-05-16 07:00")) == []


def test_the_hall_keeps_its_own_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    morning = at("2024-05-06 08:30", berlin)
    there = Times(DAY, WEEK.works, berlin)
    assert there.is_open(morning)
    assert WEEK.is_open(morning)  # 14:30 there
    assert not WEEK.is_open(morning - MINUTE)
    assert hours.clock(morning, berlin) == "08:30"
    assert hours.iso(morning, ZONE) == "2024-05-06T14:30:00+08:00"


@pytest.mark.parametrize("server", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_the_servers_own_timezone_and_language_do_not_matter(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", server)
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    time.tzset()
    try:
        assert HALL.opens_next(at("2026-09-30 23:59")) == at("2026-10-08 08:30")
        assert HALL.is_open(at("2026-10-10 08:30"))
        assert HALL.noon(at("2026-10-10 13:00")) == (at("2026-10-10 12:00"), at("2026-10-10 14:30"))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_day_turns_at_the_halls_midnight_wherever_the_server_stands() -> None:
    """A process of its own: nothing has looked at the timezone before."""
    code = (
        "from zoneinfo import ZoneInfo\n"
        "from hallq.rows import Reader\n"
        "from hallq.ticketing.rules import Rules\n"
        "rules = Rules(timezone=ZoneInfo('Asia/Shanghai'))\n"
        f"print([Reader(None, at, rules).day for at in ({at('2024-02-29 23:59')}, {at('2024-03-01 00:00')})])\n"
    )
    environment = os.environ | {"TZ": "America/New_York"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "['2024-02-29', '2024-03-01']"


@pytest.mark.parametrize(
    ("day", "length"), [("2024-03-31", 11.5), ("2024-10-27", 13.5), ("2024-06-01", 12.5)]
)
def test_summer_time_moves_the_opening_with_the_wall_clock(day: str, length: float) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    everyday = Times(hours.parse("00:30-13:00", "00:00", "12:00"), weekdays(*range(1, 8)), berlin)
    [(start, end)] = everyday.spans(at(f"{day} 00:00", berlin), at(f"{day} 23:59", berlin))
    assert (start, end) == (at(f"{day} 00:30", berlin), at(f"{day} 13:00", berlin))
    assert (end - start) / MINUTE / 60 == length
    assert everyday.opens_next(at(f"{day} 00:00", berlin)) == start


def test_a_period_may_end_at_midnight() -> None:
    late = Times(hours.parse("08:00-24:00", "08:00", "24:00"), weekdays(1, 2), ZONE)
    assert late.is_open(at("2024-05-06 23:59")) and not late.is_open(at("2024-05-07 00:00"))
    assert late.spans(at("2024-05-06 23:00"), at("2024-05-07 09:00")) == [
        (at("2024-05-06 23:00"), at("2024-05-07 00:00")),
        (at("2024-05-07 08:00"), at("2024-05-07 09:00")),
    ]


# -- the midday break


@pytest.mark.parametrize(("times", "open_"), [(WEEK, False), (FINISH, False), (ROTA, True)])
def test_c11_a_rota_keeps_the_service_open_at_midday(times: Times, open_: bool) -> None:
    noon = at("2024-05-06 13:00")
    assert times.is_open(noon) is open_
    assert times.can_issue(noon)
    assert times.noon(noon) == (at("2024-05-06 12:00"), at("2024-05-06 14:30"))
    assert times.noon(at("2024-05-06 12:00")) and not times.noon(at("2024-05-06 11:59"))
    assert not times.noon(at("2024-05-06 14:30")) and not times.noon(at("2024-05-05 13:00"))


@pytest.mark.parametrize(
    ("times", "arrival", "worked"),
    [
        (HALL, "11:00", [("11:30", "12:00"), ("14:30", "15:00")]),
        (ROTA, "11:00", [("11:30", "15:00")]),
        (FINISH, "11:30", [("11:30", "15:00")]),  # who stands there at the break is served through it
        (FINISH, "12:00", [("11:30", "12:00"), ("14:30", "15:00")]),  # who comes in it waits for the afternoon
    ],
)
def test_b05_waits_run_over_working_time_only(times: Times, arrival: str, worked: list[tuple[str, str]]) -> None:
    found = times.spans(at("2024-05-06 11:30"), at("2024-05-06 15:00"), arrival=at(f"2024-05-06 {arrival}"))
    assert found == [(at(f"2024-05-06 {a}"), at(f"2024-05-06 {b}")) for a, b in worked]


def test_no_working_time_on_days_off() -> None:
    found = HALL.spans(at("2026-09-30 17:00"), at("2026-10-08 09:00"))
    assert found == [(at("2026-09-30 17:00"), at("2026-09-30 17:30")), (at("2026-10-08 08:30"), at("2026-10-08 09:00"))]


MINUTES = st.integers(0, 30 * 24 * 60).map(lambda n: at("2026-09-15 00:00") + n * MINUTE)


@given(MINUTES)
def test_open_begins_exactly_at_what_opens_next(now: Ms) -> None:
    opens = HALL.opens_next(now)
    assert opens is not None and opens > now
    assert HALL.is_open(opens)
    assert not HALL.is_open(opens - MINUTE)
    assert not any(HALL.is_open(at) for at in range(opens - MINUTE, now, -15 * MINUTE) if not HALL.is_open(now))


@given(MINUTES, st.integers(1, 5 * 24 * 60), st.sampled_from([HALL, ROTA, FINISH]))
def test_spans_are_the_time_that_is_worked(start: Ms, minutes: int, times: Times) -> None:
    until = start + minutes * MINUTE
    spans = times.spans(start, until)
    assert all(start <= a < b <= until for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    if times is not FINISH:
        for moment in range(start, until, 7 * MINUTE):
            assert any(a <= moment < b for a, b in spans) is times.is_open(moment)


def test_a_look_reaches_forty_days() -> None:
    start = at("2026-01-01 00:00")
    assert len(HALL.spans(start, start + 900 * 24 * 60 * MINUTE)) <= 2 * hours.AHEAD
