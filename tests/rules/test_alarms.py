"""Who must know of what has gone on for how long, who waits where, and what is one segment."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.office.alarms import rank_due, steps, without_outages
from hallq.office.going import Post, crowded, single
from hallq.ticketing.model import Outage, Window
from hallq.ticketing.rules import Rules

RULES = Rules(timezone=ZoneInfo("Asia/Shanghai"))
KINDS = ("pause", "idle", "empty", "vacant", "crowd", "green", "guide", "device", "segment")


@pytest.mark.parametrize(
    ("kind", "seconds", "rank"),
    [
        ("pause", 0, 0),  # B02
        ("pause", 899, 0),
        ("pause", 900, 1),
        ("pause", 1079, 1),
        ("pause", 1080, 2),
        ("pause", 1260, 3),
        ("idle", 179, 0),  # I19
        ("idle", 180, 1),
        ("idle", 300, 2),
        ("idle", 480, 3),
        ("empty", 59, 0),  # B30
        ("empty", 60, 2),
        ("empty", 240, 3),
        ("vacant", 0, 2),  # B03
        ("vacant", 180, 3),
        ("crowd", 0, 3),  # A04
        ("green", 899, 0),  # A09
        ("green", 900, 3),
        ("guide", 599, 0),  # G02
        ("guide", 600, 3),
    ],
)
def test_ranks_of_alarms_b02_b03_b30_i19_a04_a09_g02(kind: str, seconds: int, rank: int) -> None:
    assert rank_due(kind, seconds, RULES) == rank


@given(st.sampled_from(KINDS), st.floats(0, 1e6), st.floats(0, 1e6))
def test_an_alarm_never_climbs_down(kind: str, one: float, other: float) -> None:
    earlier, later = sorted((one, other))
    assert rank_due(kind, earlier, RULES) <= rank_due(kind, later, RULES)
    assert {rank for rank, _ in steps(kind, RULES)} <= {1, 2, 3}


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5))))
def test_no_outage_counts(since: int, length: int, gaps: list[tuple[int, int]]) -> None:
    at, outages = 0, []
    for pause, lasted in gaps:
        outages.append(Outage(since=at + pause, until=at + pause + lasted))
        at += pause + lasted
    seen = without_outages(since, since + length, outages)
    assert 0 <= seen <= length
    assert seen == length or any(gap.until > since and gap.since < since + length for gap in outages)


def post(no: str, services: str, *, on: bool = True, zone: str = "1F", **more: Any) -> Post:
    return Post(Window(no=no, department="d", zone=zone, shift=1 if on else None, **more), tuple(services))


def test_single_windows_b03() -> None:
    assert single([post("1", "a"), post("2", "ab"), post("3", "b")]) == set()
    assert single([post("1", "a"), post("2", "b")]) == {"1", "2"}
    assert single([post("1", "a", partner=7), post("2", "a")]) == {"1"}
    assert single([post("1", "a"), post("2", "a", closed="temp")]) == {"1"}


def test_crowds_a04() -> None:
    """Ten for each open window; whoever waits for a service waits where its open windows are."""
    two = [post("1", "a"), post("2", "a")]
    assert crowded({"a": 20}, two, 10) == {}
    assert crowded({"a": 21}, two, 10) == {"1F": (21, 2)}
    one_open = [post("1", "a"), post("2", "a", on=False)]
    assert crowded({"a": 11}, one_open, 10) == {"1F": (11, 1)}
    floors = [post("1", "a"), post("2", "a", zone="2F"), post("3", "b", zone="2F")]
    assert crowded({"a": 16, "b": 14}, floors, 10) == {"2F": (22, 2)}
    assert crowded({"a": 5}, [post("1", "a", on=False)], 10) == {}
    assert crowded({"a": 5}, [], 10) == {}
