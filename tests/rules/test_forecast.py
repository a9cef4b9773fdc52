"""Forecast and capacity: A05, C02. Days are made with a known law; what is learnt is held against it."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.office import forecast
from hallq.office.capacity import Open, next_hour, share, windows_needed
from hallq.office.forecast import MODEL, NONE, THIN, History, Rate

MONDAY = date(2026, 3, 2)
WEEK = {1: 120, 2: 80, 3: 60, 4: 70, 5: 100}


def law(weeks: int, *, seed: int = 1, growth: float = 0.0) -> History:
    """Weekdays of WEEK, Poisson around them; a tenth of a day in each of ten half hours."""
    dice = random.Random(seed)
    totals: dict[date, int] = {}
    shapes: dict[tuple[int, int], int] = {}
    for week in range(weeks):
        for weekday, mean in WEEK.items():
            day = MONDAY + timedelta(weeks=week, days=weekday - 1)
            level = mean * (1 + growth * week)
            count = sum(1 for _ in range(10_000) if dice.random() < level / 10_000)
            totals[day] = count
            for n in range(count):
                key = weekday, 17 + n % 10
                shapes[key] = shapes.get(key, 0) + 1
    return History(tuple(sorted(totals)), {"a": totals}, {"a": shapes})


def rate(history: History, day: date) -> Rate:
    last = day - timedelta(days=3 if day.isoweekday() == 1 else 1)
    return forecast.day_rates(history, day, last, least=10)["a"]


def test_the_weekdays_are_learnt() -> None:
    """A05: within a tenth of the law that made the days, and the range holds most days."""
    history = law(26)
    for weekday, mean in WEEK.items():
        day = MONDAY + timedelta(weeks=26, days=weekday - 1)
        assert rate(history, day).mean == pytest.approx(mean, rel=0.1)


def test_the_range_holds_eight_days_of_ten() -> None:
    history, ahead = law(26), law(40, seed=2)
    inside = 0
    for weekday in WEEK:
        found = rate(history, MONDAY + timedelta(weeks=26, days=weekday - 1)).range80()
        inside += sum(found[0] <= count <= found[1] for day, count in ahead.totals["a"].items()
                      if day.isoweekday() == weekday)  # fmt: skip
    assert 0.7 <= inside / 200 <= 0.9


def test_a_hall_that_grows_is_seen_to_grow() -> None:
    history = law(26, growth=0.02)
    assert rate(history, MONDAY + timedelta(weeks=26)).mean == pytest.approx(120 * 1.52, rel=0.12)


def test_after_a_long_break_more_people_come() -> None:
    """The day after a holiday is learnt from such days, not from its weekday alone."""
    totals: dict[date, int] = {}
    day, last = MONDAY, MONDAY - timedelta(days=3)
    for n in range(130):
        totals[day] = 180 if (day - last).days >= 4 else 90
        last, day = day, day + timedelta(days=7 if n % 10 == 9 else 1)
    history = History(tuple(sorted(totals)), {"a": totals}, {"a": {(1, 20): 1}})
    found = forecast.day_rates(history, day + timedelta(days=8), day, least=10)["a"].mean
    assert found == pytest.approx(180, rel=0.1)


@pytest.mark.parametrize(
    ("days", "basis", "mean"), [(0, NONE, None), (1, THIN, 40.0), (9, THIN, 40.0), (10, MODEL, 40.0)]
)
def test_with_little_history_it_says_so(days: int, basis: str, mean: float | None) -> None:
    known = {MONDAY + timedelta(days=n): 40 for n in range(days)}
    history = History(tuple(known), {"a": known} if days else {}, {"a": {(1, 20): 40 * days}} if days else {})
    assert history.basis(10) == basis
    rates = forecast.day_rates(history, MONDAY + timedelta(days=40), None, least=10)
    assert rates == {} if mean is None else rates["a"].mean == pytest.approx(mean, rel=0.05)


def test_a_service_without_anyone_and_a_weekday_without_anyone() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(40)]
    wednesdays_off = {day: 0 if day.isoweekday() == 3 else 30 for day in days}
    history = History(tuple(days), {"a": wednesdays_off, "b": {}}, {"a": {}, "b": {}})
    rates = forecast.day_rates(history, MONDAY + timedelta(days=44), days[-1], least=10)  # a Wednesday
    assert rates["a"].mean < 1 and rates["b"].mean == 0


def test_the_shape_of_a_day_is_a_whole() -> None:
    counts = {(1, 17): 30, (1, 18): 10, (2, 18): 40}
    for weekday in (1, 2, 6):
        assert sum(forecast.shape(counts, weekday).values()) == pytest.approx(1)
    assert forecast.shape(counts, 1)[17] > forecast.shape(counts, 2)[17]
    assert forecast.shape({}, 1) == {}


@pytest.mark.parametrize(("came", "expected", "level"), [(0, 0, 1.0), (0, 5, 0.8), (40, 20, 1.5), (200, 100, 1.833)])
def test_today_moves_the_forecast_as_far_as_it_has_gone(came: int, expected: int, level: float) -> None:
    assert forecast.level(came, expected) == pytest.approx(level, abs=0.001)


def test_the_next_hour() -> None:
    slots = {18: 20.0, 19: 30.0, 20: 10.0}
    assert next_hour(slots, 20, 19.0) == 40
    assert next_hour(slots, 35, 19.5) == 25  # half of 19 and all of 20
    assert next_hour(slots, 70, 19.5) == 41  # as today goes
    assert next_hour(slots, 0, 30.0) == 0


# -- capacity


def test_specialists_serve_first() -> None:
    """Window 1 does a alone, window 2 both: each service gets a window's hour."""
    windows = [Open(frozenset("ab"), 60), Open(frozenset("a"), 60)]
    assert share({"a": 60, "b": 60}, windows) == pytest.approx({"a": 60, "b": 60})


def test_what_is_short_is_shared_as_it_is_asked() -> None:
    assert share({"a": 90, "b": 30}, [Open(frozenset("ab"), 60)]) == pytest.approx({"a": 45, "b": 15})
    assert share({"a": 10}, []) == {"a": 0}


@given(
    demand=st.dictionaries(st.sampled_from("abcd"), st.floats(0, 500), min_size=1),
    windows=st.lists(
        st.builds(Open, st.frozensets(st.sampled_from("abcd"), max_size=4), st.floats(0, 300)), max_size=8
    ),
)
def test_nobody_gets_more_than_asked_and_no_window_gives_more_than_it_has(
    demand: dict[str, float], windows: list[Open]
) -> None:
    """A05: capacity is never promised twice, and no window idles while a service that it offers is short."""
    served = share(demand, windows)
    assert all(-1e-6 <= served[code] <= demand[code] + 1e-6 for code in demand)
    assert sum(served.values()) <= sum(window.minutes for window in windows) + 1e-6
    short = {code for code in demand if demand[code] - served[code] > 1e-6}
    if short:
        bound = sum(window.minutes for window in windows if window.services & short)
        assert sum(served.values()) >= bound - 1e-6 - sum(0.0 for _ in short)


@pytest.mark.parametrize(
    ("short", "left", "windows"), [(0, 100, 0), (1, 100, 1), (100, 100, 1), (100.0001, 50, 3), (300, 0, 0)]
)
def test_windows_to_open(short: float, left: float, windows: int) -> None:
    """A05: exactly as many as make up for the missing minutes; after closing none helps."""
    assert windows_needed(short, left) == windows
