"""Figures that are fair: intervals that know how few answered, ranks that few cannot win, cases that weigh."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallq.assessment.record import person, statistics
from hallq.assessment.record.norms import reference
from hallq.assessment.record.statistics import Norm, Turn

Z = 1.96
FEW = settings(max_examples=60, deadline=None)
NORM = Norm(300.0, 400.0, "hall")
parts = st.integers(0, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@FEW
@given(parts)
def test_the_share_lies_in_its_interval(of: tuple[int, int]) -> None:
    part, whole = of
    low, high = statistics.wilson(part, whole, Z)
    assert 0 <= low <= (part / whole if whole else 0.5) + 1e-9
    assert (part / whole if whole else 0.5) - 1e-9 <= high <= 1
    more = statistics.wilson(part * 4, whole * 4, Z)
    assert more[1] - more[0] <= high - low + 1e-9  # who asks more people knows better


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 0, 0.0, 1.0), (3, 3, 0.4385, 1.0), (300, 300, 0.9874, 1.0), (8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775)],
)
def test_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    assert statistics.wilson(part, whole, Z) == pytest.approx((low, high), abs=1e-4)


@FEW
@given(st.integers(0, 29), st.integers(0, 29), parts.filter(lambda of: of[1] >= 30))
def test_three_ratings_never_outrank_three_hundred(few: int, whole: int, many: tuple[int, int]) -> None:
    """However good the few are and however bad the many."""
    values = {
        "few": statistics.ranking_value(min(few, whole), whole, least=30, z=Z),
        "many": statistics.ranking_value(*many, least=30, z=Z),
    }
    assert statistics.places(values) == {"many": 1}


@FEW
@given(st.integers(30, 200), st.integers(1, 5), st.floats(0.5, 1))
def test_of_equal_shares_the_one_with_more_raters_stands_first(whole: int, more: int, share: float) -> None:
    part = round(whole * share)
    one, other = (statistics.ranking_value(part * n, whole * n, least=30, z=Z) for n in (1, 1 + more))
    assert one is not None and other is not None and other >= one - 1e-9


@FEW
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.one_of(st.none(), st.sampled_from([0.1, 0.5, 0.9]))))
def test_equals_share_a_place(values: dict[str, float | None]) -> None:
    places = statistics.places(values)
    assert places.keys() == {name for name, value in values.items() if value is not None}
    for one, place in places.items():
        assert place == 1 + sum(values[other] > values[one] for other in places)  # type: ignore[operator]


def test_satisfied_is_never_said_without_its_raters_d02() -> None:
    nobody = statistics.satisfaction(dict.fromkeys(range(1, 6), 0), least=30, z=Z)
    assert [nobody[name] for name in ("raters", "share", "low", "high", "rank_value")] == [0, None, 0, 1, None]
    some = statistics.satisfaction({1: 1, 2: 1, 3: 2, 4: 3, 5: 3}, least=10, z=Z)
    assert (some["raters"], some["satisfied"], some["share"]) == (10, 8, 0.8)
    assert some["rank_value"] == some["low"]


# -- work


def turn(minutes: float, cases: int = 1, weight: float = 1.0, norm: Norm = NORM) -> Turn:
    length = round(minutes * 60_000)
    return Turn("a", cases, length, length + 60_000 * cases, weight, norm)


def test_a_law_firm_with_thirty_cases_does_not_ruin_the_average() -> None:
    ordinary = [turn(5) for _ in range(20)]
    with_firm = statistics.of_service([*ordinary, turn(5 * 30, cases=30)])
    assert (with_firm["handling_s"], with_firm["handling_ratio"]) == (300, 1.0)
    assert (with_firm["visits"], with_firm["cases"], with_firm["weighted"]) == (21, 50, 50.0)


def test_one_visit_that_nobody_ended_does_not_ruin_it_either() -> None:
    assert statistics.of_service([*(turn(5) for _ in range(20)), turn(400)])["handling_s"] == 300


@FEW
@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from([0.5, 1.0, 2.5])), max_size=20), st.randoms())
def test_weights_add_up_in_any_order(cases: list[tuple[int, float]], random: object) -> None:
    turns = [turn(3, cases=number, weight=weight) for number, weight in cases]
    whole = statistics.weighted(turns)
    assert whole == pytest.approx(sum(number * weight for number, weight in cases))
    random.shuffle(turns)  # type: ignore[attr-defined]
    assert statistics.weighted(turns) == whole


def test_without_a_norm_nothing_is_compared() -> None:
    row = statistics.of_service([turn(5, norm=Norm(None, None, "catalogue"))])
    assert (row["handling_norm_s"], row["handling_ratio"]) == (None, None)
    assert statistics.overall_ratio([row], "handling") is None


@FEW
@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_the_median_of_a_histogram_is_the_median(lengths: list[int]) -> None:
    histogram: dict[int, int] = {}
    for length in lengths:
        histogram[length // 5] = histogram.get(length // 5, 0) + 1
    found = statistics.median_of(histogram, 5)
    assert found is not None
    low = sorted(lengths)[(len(lengths) - 1) // 2]
    assert abs(found - low) <= 2.5
    assert len(lengths) % 2 == 0 or abs(found - median(lengths)) <= 2.5


def test_a_month_is_held_against_the_whole_months_before_it() -> None:
    assert reference("2026-03", 3) == ("2025-12-01", "2026-02-28")
    assert reference("2026-11", 1) == ("2026-10-01", "2026-10-31")


@pytest.mark.parametrize(
    ("since", "until", "today", "weeks"),
    [
        ("2026-11-01", "2026-11-25", "2026-11-25", ("2026-10-26", "2026-11-22")),  # Wednesday: until last Sunday
        ("2026-11-01", "2026-11-22", "2026-11-22", ("2026-10-26", "2026-11-15")),  # Sunday itself is not over
        ("2026-11-04", "2026-11-04", "2026-11-25", ("2026-11-02", "2026-11-08")),  # one day: its whole week
        ("2026-11-24", "2026-11-25", "2026-11-25", ("2026-11-23", "2026-11-22")),  # this week: nothing
    ],
)
def test_a_clerk_sees_ratings_by_whole_weeks_that_are_over(
    since: str, until: str, today: str, weeks: tuple[str, str]
) -> None:
    assert person.own_weeks(person.Span(since, until), today) == weeks
