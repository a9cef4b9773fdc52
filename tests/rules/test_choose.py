"""Whom a window calls next: the green channel first, and nobody overtaken more often than the bound."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bound import RandomHall
from hallq.config import ConfigError, parse_settings
from hallq.kernel import Refused
from hallq.ticketing.rules import VERBS, Place, Rules, after, choose, number, sequence
from hallq.ticketing.waiting import priority


def place(arrival: int, *, green: bool = False, service: str = "a") -> Place:
    return Place(arrival, arrival, service, green)


NOBODY, FIRST, SECOND, THIRD = None, place(1), place(2), place(3)
GREEN = place(2, green=True)


@pytest.mark.parametrize(
    ("heads", "overtaken", "called"),
    [
        ([], 0, None),
        ([SECOND, FIRST], 0, FIRST),
        ([GREEN], 0, GREEN),
        ([FIRST, GREEN], 0, GREEN),
        ([FIRST, GREEN], 4, GREEN),
        ([FIRST, GREEN], 5, FIRST),  # one more would break the bound
        ([THIRD, GREEN], 5, GREEN),  # who came later is not overtaken by it
        ([place(1, service="b"), FIRST, GREEN], 9, FIRST),
        ([place(4, green=True), GREEN], 0, GREEN),
    ],
)
def test_one_choice(heads: list[Place], overtaken: int, called: Place | None) -> None:
    assert choose(heads, lambda _: overtaken, 5) == called


def test_without_a_bound_to_spare_everyone_goes_in_order() -> None:
    assert choose([FIRST, GREEN], lambda _: 0, 0) == FIRST


@pytest.mark.parametrize(
    ("step", "called"),
    [
        (0, "b"),  # A22: class, then arrival, whatever a window is good at
        (1, "a"),  # the first rank counts as having come as early as the other
        (2, "a"),
    ],
)
def test_the_order_of_skill(step: int, called: str) -> None:
    first, second = Place(2, 2, "a", False, 0), Place(1, 1, "b", False, 1)
    assert choose([first, second], lambda _: 0, 5, step) == {"a": first, "b": second}[called]
    assert choose([first._replace(arrival=1), second], lambda _: 0, 5) == second  # the smaller number


def test_the_bound_looks_at_true_arrivals() -> None:
    """A10, A22: whatever a window is good at, who stands at the bound is called before a later green one."""
    waiting, green = Place(1, 1, "b", False, 9), Place(2, 2, "a", True, 0)
    assert choose([waiting, green], lambda _: 5, 5, 60_000) == waiting
    assert choose([waiting, green], lambda _: 4, 5, 60_000) == green


@pytest.mark.parametrize("bound", [0, 1, 5])
def test_the_bound_is_never_broken(bound: int) -> None:
    """A22: over random arrivals, half of them green, windows that gain and lose services, citizens passed on."""
    hall = RandomHall(seed=7, bound=bound)
    hall.run(30_000)
    assert hall.worst == bound  # it is reached, and never passed


SHANGHAI = ZoneInfo("Asia/Shanghai")
BOUND, STRICT, RATIO = (Rules(timezone=SHANGHAI, policy=name) for name in ("bound", "strict", "ratio:2"))


@pytest.mark.parametrize(
    ("known", "overtaken", "in_a_row", "called"),
    [
        (BOUND, 5, 9, FIRST),
        (BOUND, 4, 9, GREEN),
        (STRICT, 99, 9, GREEN),
        (RATIO, 99, 1, GREEN),
        (RATIO, 0, 2, FIRST),
    ],
)
def test_policies(known: Rules, overtaken: int, in_a_row: int, called: Place) -> None:
    look = priority.Look(lambda _: overtaken, lambda most: min(most, in_a_row))
    assert priority.choose(known, [FIRST, GREEN], look) == called
    assert priority.choose(known, [GREEN], look) == GREEN  # nobody is kept waiting for a turn of others
    assert priority.choose(known, [], look) is None


def test_the_hall_cannot_choose_its_policy() -> None:
    """A09, A22: one rule in production; the others are for comparing."""
    with pytest.raises(ConfigError):
        parse_settings({"hall": {"id": "h", "name": "h"}, "rules": {"policy": "strict"}}, Path("hall.toml"))


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 4))
def test_the_green_channel_is_first_and_each_part_keeps_its_order(greens: list[bool], bound: int) -> None:
    places = [place(arrival, green=green) for arrival, green in enumerate(greens)]
    lines = [[p for p in places if p.green is green] for green in (True, False)]
    order = sequence(lines[0], lines[1], lambda _: 0, bound, len(places))
    assert sorted(order) == places
    assert [[p for p in order if p.green is green] for green in (True, False)] == lines
    for index, one in enumerate(order):
        if not one.green:  # an ordinary one is called before waiting green ones only when the bound says so
            passed = sum(1 for other in order[:index] if other.green and other > one)
            assert passed == min(bound, sum(1 for other in lines[0] if other > one))


@pytest.mark.parametrize(("count", "text"), [(1, "A001"), (12, "A012"), (999, "A999"), (1000, "A1000")])
def test_numbers(count: int, text: str) -> None:
    assert number("A", count) == text


STATES = ("waiting", "called", "serving", "parked", "finished", "no_show", "cancelled")
ALLOWED = {
    "call": {"waiting": "called", "parked": "called"},
    "recall": {"called": "called"},
    "start": {"called": "serving"},
    "finish": {"called": "finished", "serving": "finished"},
    "no_show": {"called": "no_show"},
    "park": {"called": "parked", "serving": "parked"},
    "transfer": {"called": "waiting", "serving": "waiting"},
    "return": {"called": "waiting", "serving": "waiting"},
    "cancel": {"waiting": "cancelled", "parked": "cancelled"},
    "restore": {"no_show": "waiting", "parked": "waiting"},
    "postpone": {"waiting": "waiting", "called": "waiting"},
}


@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state(verb: str, state: str) -> None:
    becomes = ALLOWED[verb].get(state)
    if becomes is not None:
        assert after(verb, state) == becomes
        return
    with pytest.raises(Refused) as refused:
        after(verb, state)
    assert (refused.value.code, refused.value.detail) == ("wrong_state", {"state": state})
