"""A zone's queue: who comes next, who shares a sentence, what is left out when many wait."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.displays import loudness
from hallq.displays.announcements import Announcements, Waiting
from hallq.ticketing.rules import Rules
from tests.displays.scene import ZONE

CALL, RECALL, LAST, BACK, CLOSING = "v.call", "v.recall", "v.last", "v.back", "v.closing"
FIRE, OVER = "v.fire", "em.over"
APART = {"merge_calls": 0}


def rules(**changes: Any) -> Rules:
    return Rules(timezone=ZONE, **changes)


def waiting(n: int, key: str, no: str = "") -> Waiting:
    citizen = {} if key in (CLOSING, FIRE, OVER) else {"no": no or f"A{n:03}", "win": str(n), "floor": "1"}
    return Waiting(n, {"key": key} | citizen, deadline=40_000 + n)


def queue(*keys: str | tuple[str, str]) -> Announcements:
    found = Announcements()
    for n, key in enumerate(keys, 1):
        found.add(waiting(n, key) if isinstance(key, str) else waiting(n, *key))
    return found


def order(found: Announcements, **changes: Any) -> list[int]:
    said: list[int] = []
    while found.waiting:
        said += found.take(rules(**APART | changes)).effects
    return said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([CALL, CALL, CALL], [1, 2, 3]),
        ([CALL, CALL, RECALL], [3, 1, 2]),
        ([CLOSING, CALL, RECALL], [3, 2, 1]),
        ([CALL, CLOSING, CALL], [1, 3, 2]),
        ([CALL, RECALL, RECALL], [2, 1, 3]),  # one is overtaken once
        ([CALL, RECALL, CALL, RECALL], [2, 1, 4, 3]),
        ([CALL, LAST, BACK], [2, 1, 3]),
        ([CLOSING, OVER, CALL], [2, 3, 1]),
        ([(CALL, "A1"), (RECALL, "A1")], [1, 2]),  # not before the same citizen's own call
        ([(CALL, "A1"), (CALL, "A2"), (RECALL, "A1")], [1, 3, 2]),
    ],
)
def test_calls_in_order_a_recall_goes_ahead_once_all_else_waits(keys: list[Any], said: list[int]) -> None:
    assert order(queue(*keys)) == said


KEYS = st.sampled_from([CALL, CALL, RECALL, LAST, BACK, CLOSING])
STEPS = st.lists(st.tuples(KEYS, st.sampled_from("ABCD")) | st.none(), max_size=30)  # None: one sentence is said


@given(STEPS, st.sampled_from([0, 2, 4]))
def test_every_call_is_said_once_and_none_overtaken_twice(steps: list[tuple[str, str] | None], merge: int) -> None:
    zone = Announcements()
    said: list[int] = []
    known: dict[int, Waiting] = {}
    for n, step in enumerate([*steps, *[None] * 30]):
        if step is None:
            said += zone.take(rules(merge_calls=merge)).effects if zone.waiting else ()
        else:
            known[n] = waiting(n, step[0], step[1])
            zone.add(known[n])
    assert sorted(said) == sorted(known)
    calls = [n for n in said if known[n].rank == 1]
    for place, n in enumerate(calls):
        ahead = [other for other in calls[:place] if other > n]
        assert len(ahead) <= 1
        assert all(known[other].key in (RECALL, LAST) for other in ahead)
        assert all(known[other].payload["no"] != known[n].payload["no"] for other in ahead)


def test_a_burst_shares_sentences() -> None:
    zone = queue(CALL, CALL, CALL, CALL, CALL, CALL, CALL)
    turns = [zone.take(rules()) for _ in range(4)]
    assert [turn.effects for turn in turns] == [(1, 2, 3), (4, 5), (6,), (7,)]
    assert turns[0].payload == {
        "key": "v.merge3", "no1": "A001", "win1": "1", "no2": "A002", "win2": "2", "no3": "A003", "win3": "3",
    }  # fmt: skip
    assert turns[1].payload["key"] == "v.merge"
    assert turns[0].deadline == 40_001


def test_only_plain_calls_share_a_sentence() -> None:
    zone = queue(CALL, BACK, CALL, CALL, CALL)
    assert [zone.take(rules()).effects for _ in range(4)] == [(1,), (2,), (3,), (4,)]


def test_under_load_first_english_and_chime_then_repeats_are_left_out() -> None:
    wishes = rules(call_times=2, say_english=True, merge_calls=0)
    zone = queue(CALL, CALL, CALL)
    turns = [zone.take(wishes) for _ in range(3)]
    assert [(turn.english, turn.chime, turn.times) for turn in turns] == [
        (False, False, 1), (False, False, 2), (True, True, 2),
    ]  # fmt: skip
    assert [turn.effects for turn in turns] == [(1,), (2,), (3,)]


def test_a_recall_is_said_once_and_announcements_have_no_chime() -> None:
    zone = queue(FIRE, RECALL, CLOSING)
    wishes = rules(call_times=3, say_english=True)
    turns = [zone.take(wishes) for _ in range(3)]
    assert [(turn.payload["key"], turn.times, turn.chime) for turn in turns] == [
        (FIRE, 1, False), (RECALL, 1, True), (CLOSING, 1, False),
    ]  # fmt: skip


def test_an_emergency_stops_what_waits_and_calls_that_come_after_it_are_said() -> None:
    zone = queue(CALL, CLOSING, FIRE, OVER, CALL)
    assert zone.drop(set()) == [1, 2]
    assert order(zone) == [3, 4, 5]
    assert zone.drop(set()) == []


def test_what_is_no_longer_wanted_is_not_said() -> None:
    zone = queue(CALL, CALL, CALL)
    assert zone.drop({2, 9}) == [2]
    assert order(zone) == [1, 3]


@pytest.mark.parametrize(
    ("at", "percent"), [("06:59", 40), ("07:00", 60), ("08:59", 60), ("09:00", 100), ("23:59", 40), ("18:00", 40)]
)
def test_volume_by_hour(at: str, percent: int) -> None:
    assert loudness.volume("07:00 60, 09:00 100, 18:00 40", at) == percent


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("11:59", False), ("12:00", True), ("14:29", True), ("14:30", False), ("23:00", True), ("07:59", True)],
)
def test_quiet_hours(at: str, quiet: bool) -> None:
    assert loudness.is_quiet("12:00-14:30, 18:00-08:00", at) is quiet
    assert not loudness.is_quiet("none", at)


@pytest.mark.parametrize("wrong", ["", "7:00 60", "07:00 101", "07:00", "24:00 50", "07:00 60;08:00 70"])
def test_other_volumes_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="per cent"):
        loudness.volumes(wrong)


@pytest.mark.parametrize("wrong", ["", "12:00", "12:00-25:00", "noon", "12:00-14:30 18:00-19:00"])
def test_other_quiet_hours_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="none"):
        loudness.spans(wrong)
