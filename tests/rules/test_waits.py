"""A06, C06, G01: waits as ranges of clock times. The estimator alone, against what is known of queues and of hours."""

from __future__ import annotations

from itertools import pairwise
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallq.ticketing.rules import Wait
from hallq.ticketing.waiting import measured
from hallq.ticketing.waiting.outlook import handling, over
from hallq.ticketing.waiting.presence import DAY, QUARTERS, Known, Times, spans
from hallq.ticketing.waiting.waits import Handling, Post, Span, Staff, Work, expect

MINUTE = 60
HOUR = 3600
EXPONENTIAL = Handling(480.0, 480.0**2)
REGULAR = Handling(480.0, 240.0**2)
ALL_DAY = (Span(0, DAY),)
WORKED = ((8 * HOUR + 1800, 12 * HOUR), (14 * HOUR + 1800, 17 * HOUR + 1800))
CARRY = Times(WORKED, ((12 * HOUR, 14 * HOUR + 1800),))
FINISH = Times(((8 * HOUR + 1800, 17 * HOUR + 1800),), CARRY.breaks)
ROTA = Times(FINISH.worked, CARRY.breaks, rota=True)


def wait(ahead: float, posts: list[Post], pace: Handling = EXPONENTIAL, others: float = 0, now: float = 0) -> Wait:
    own = Work(ahead * pace.mean, ahead * pace.var, ahead)
    rest = Work(others * pace.mean, others * pace.var, others)
    return expect(own, rest, pace, Staff(posts, pace, now))


def busy(
    count: int, left: float = 480.0, *, own: bool = True, hours: tuple[Span, ...] = ALL_DAY, others: bool = False
) -> list[Post]:
    return [Post(own, left, hours, others)] * count


@pytest.mark.parametrize("windows", [1, 3, 10])
@pytest.mark.parametrize("ahead", [0, 2, 10, 40])
def test_exponential_times_give_the_gamma_distribution(windows: int, ahead: int) -> None:
    """A06: the sum of ahead + 1 exponential times, at the speed of all windows."""
    found = wait(ahead, busy(windows))
    for seconds, share in ((found.low + 1, 0.1), (found.likely, 0.5), (found.high, 0.9)):
        events = seconds * windows / 480
        term = total = exp(-events)
        for number in range(1, ahead + 1):
            term *= events / number
            total += term
        assert 1 - total == pytest.approx(share, abs=0.03)


def test_a_visit_that_is_nearly_over_and_one_that_began() -> None:
    assert REGULAR.rest(0) == 480
    assert REGULAR.rest(600) < REGULAR.rest(300) < 480
    assert EXPONENTIAL.rest(3600) == 480  # forgets
    soon, late = (wait(2, busy(3, REGULAR.rest(elapsed)), REGULAR) for elapsed in (700, 0))
    assert soon.likely < late.likely


def test_free_windows_call_at_once() -> None:
    assert wait(0, [Post(True, None, ALL_DAY), *busy(3)]) == Wait(0, 0, 0)
    assert wait(1, [Post(True, None, ALL_DAY), *busy(3)]).high > 0


def test_nobody_works_until_the_break_is_over() -> None:
    """G01: the first ones are called as the windows open again, the others after them."""
    opens = (Span(14 * HOUR + 1800, DAY),)
    posts = [Post(True, None, opens)] * 4
    now = 13 * HOUR
    rest = 14 * HOUR + 1800 - now
    assert rest - 2 <= wait(0, posts, now=now).low <= rest
    assert wait(0, posts, now=now).high <= rest + MINUTE
    later = wait(20, posts, now=now)
    assert rest + 20 * MINUTE < later.likely < rest + 45 * MINUTE


def test_work_that_does_not_fit_before_the_break_goes_on_after_it() -> None:
    """G01: the queue is carried over in order."""
    hours = (Span(8 * HOUR, 12 * HOUR), Span(14 * HOUR + 1800, DAY))
    found = wait(11, busy(2, 300, hours=hours), REGULAR, now=11 * HOUR + 900)
    assert found.low < 2700  # 48 minutes for two windows, 45 of them in the morning
    assert found.likely > 2700 + 9000


def test_other_services_stand_in_the_way_only_of_shared_windows() -> None:
    both, others = busy(2, others=True), busy(4, own=False, others=True)
    alone = wait(6, both)
    assert wait(6, both + others, others=8).likely == pytest.approx(alone.likely, rel=0.05)  # they have their own
    assert wait(6, both, others=8).likely > 2 * alone.likely
    assert wait(6, busy(2), others=8).likely == pytest.approx(alone.likely, rel=0.05)  # not these windows


@settings(max_examples=150, deadline=None)
@given(
    st.floats(0, 60), st.lists(st.tuples(st.booleans(), st.floats(0, 2000), st.integers(0, 5)), max_size=8),
    st.integers(0, DAY - 1),
)  # fmt: skip
def test_more_ahead_never_means_sooner(ahead: float, windows: list[tuple[bool, float, int]], now: int) -> None:
    hours = [ALL_DAY, (Span(0, 12 * HOUR), Span(15 * HOUR, DAY)), (), (Span(9 * HOUR, DAY, 0.4),), ALL_DAY, ALL_DAY]
    posts = [Post(own, left or None, hours[kind], kind > 3) for own, left, kind in windows]
    one, more = (wait(count, posts, REGULAR, now=now) for count in (ahead, ahead + 1))
    assert 0 <= one.low <= one.likely <= one.high
    assert all(later >= sooner for sooner, later in zip(one[:3], more[:3], strict=True))


# -- who is expected


def at(expected: tuple[Span, ...], second: int) -> float:
    return next((span.sure for span in expected if span.start <= second < span.end), 0.0)


def shares(*worked: tuple[float, float]) -> str:
    """A habit of these hours."""
    midnight = 0
    return measured.packed(measured.staffed([(int(a * 3600_000), int(b * 3600_000)) for a, b in worked], [], midnight))


def test_who_works_goes_on_until_the_break_comes_back_and_stays_after_closing() -> None:
    """C06: nobody is sent home with a number."""
    found = spans(Known(True), CARRY, 10 * HOUR)
    assert [at(found, second) for second in (10 * HOUR, 13 * HOUR, 15 * HOUR, 18 * HOUR)] == [1, 0, 1, 1]


@pytest.mark.parametrize(("times", "sure"), [(CARRY, 0.0), (FINISH, 1.0), (ROTA, 0.5)])
def test_the_break_as_the_service_has_it(times: Times, sure: float) -> None:
    """C11: carried over, finished, or on a rota that nobody has seen yet."""
    assert at(spans(Known(True), times, 10 * HOUR), 13 * HOUR) == sure


def test_the_rota_of_the_days_before() -> None:
    """C11."""
    stays, eats = Known(True, habit=shares((8.5, 17.5))), Known(True, habit=shares((8.5, 12), (14.5, 17.5)))
    assert [at(spans(known, ROTA, 10 * HOUR), 13 * HOUR) for known in (stays, eats)] == [1.0, 0.0]


def test_before_opening_those_are_expected_who_usually_come() -> None:
    comes, never = Known(False, habit=shares((8.5, 12))), Known(False, habit=shares((14.5, 17.5)))
    assert [at(spans(known, CARRY, 8 * HOUR), 9 * HOUR) for known in (comes, never)] == [1.0, 0.0]
    assert at(spans(never, CARRY, 8 * HOUR), 15 * HOUR) == 1.0


def test_who_should_be_there_and_is_not() -> None:
    """The longer somebody is missing, the less is expected; on the first day nobody is."""
    known = Known(False, habit=shares((8.5, 12), (14.5, 17.5)))
    early, late = (at(spans(known, CARRY, now), 11 * HOUR + 3000) for now in (8 * HOUR + 2400, 11 * HOUR))
    assert late < early < 1
    assert at(spans(Known(False), CARRY, 10 * HOUR), 11 * HOUR) == 0


def test_a_window_that_goes_home_is_not_an_extra_one() -> None:
    goes = Known(True, habit=shares((8.5, 10)))
    assert at(spans(goes, CARRY, 9 * HOUR + 1800), 10 * HOUR + 1800) == 0
    assert at(spans(goes, CARRY, 10 * HOUR + 300), 10 * HOUR + 1800) == 0
    assert at(spans(goes, CARRY, 11 * HOUR + 300), 11 * HOUR + 1800) > 0.7


def test_a_pause_ends_as_planned_and_a_form_closes_the_window() -> None:
    """B02, B14."""
    paused = spans(Known(True, back=10 * HOUR + 600), CARRY, 10 * HOUR)
    assert [at(paused, 10 * HOUR + second) for second in (300, 700)] == [0, 1]
    closing = spans(Known(True, until=11 * HOUR), CARRY, 10 * HOUR)
    assert [at(closing, second) for second in (11 * HOUR - 1, 11 * HOUR, 15 * HOUR)] == [1, 0, 0]


@settings(max_examples=100, deadline=None)
@given(
    st.booleans(), st.none() | st.integers(0, DAY), st.none() | st.integers(0, DAY),
    st.text("0123456789abcdef", min_size=2 * QUARTERS, max_size=2 * QUARTERS) | st.just(""), st.booleans(),
    st.sampled_from([CARRY, FINISH, ROTA, Times(())]), st.integers(0, DAY - 1),
)  # fmt: skip
def test_spans_are_in_order_and_probabilities(
    works: bool, back: int | None, until: int | None, habit: str, seen: bool, times: Times, now: int
) -> None:
    found = spans(Known(works, back, until, habit, seen), times, now)
    assert all(now <= span.start <= span.end <= DAY and 0 < span.sure <= 1 for span in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


# -- what is measured


def test_the_catalogues_minutes_until_enough_is_measured() -> None:
    assert handling(8, 0, 0, 0).mean == 480
    few, many = handling(8, 2, 2 * 120, 2 * 120**2), handling(8, 500, 500 * 120, 500 * 120**2 * 1.25)
    assert 300 < few.mean < 480
    assert 120 < many.mean < 130
    assert many.doubt < few.doubt
    assert many.var == pytest.approx(0.25 * 125**2, rel=0.1)


def test_habits_are_packed_to_a_two_hundred_and_fiftieth() -> None:
    found = measured.staffed([(0, 90 * 60_000)], [(30 * 60_000, 45 * 60_000)], 0)
    assert found[:8] == [1, 1, 0, 1, 1, 1, 0, 0]
    assert measured.unpacked(measured.packed(found)) == found


def test_who_goes_home_after_a_visit_stopped_calling_within_it() -> None:
    visits = [(0, 100_000), (200_000, 300_000)]
    assert measured.ready((0, 301_000), visits) == (0, 250_000)
    assert measured.ready((0, 900_000), visits) == (0, 900_000)  # sat there free


@pytest.mark.parametrize(
    ("now", "low", "high", "word"),
    [
        (10, 0.2, 0.5, ""), (11.5, 3.1, 3.4, "break"), (11.5, 0.3, 3.4, "around"), (13, 1.5, 1.9, "break"),
        (17, 0.2, 0.8, "closing"), (18, 0.1, 0.2, "closing"),
    ],
)  # fmt: skip
def test_what_comes_before_the_call_is_said(now: float, low: float, high: float, word: str) -> None:
    """C06, G01: a range that reaches beyond the break or beyond closing says so."""
    assert over(CARRY, int(now * HOUR), Wait(int(low * HOUR), 0, int(high * HOUR))) == word
