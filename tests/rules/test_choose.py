"""Whom a window calls next: the green channel first, and nobody overtaken more often than the bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallq.kernel import Refused
from hallq.ticketing.rules import VERBS, Place, after, choose, number, sequence, wait


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


# A small model of one hall: two services, windows that offer one or both; everyone is looked at, not only the heads.
Step = tuple[str, str, bool]  # (arrive, service, green) or (call, window, _)
OFFERS = {"1": "a", "2": "ab", "3": "b"}
steps = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), st.sampled_from("ab"), st.booleans()),
        st.tuples(st.just("call"), st.sampled_from("123"), st.just(False)),
    ),
    max_size=120,
)


def call(waiting: list[Place], calls: list[tuple[Place, str]], window: str, bound: int) -> Place | None:
    def overtaken(one: Place) -> int:
        return sum(1 for other, at in calls if other.green and other > one and one.service in OFFERS[at])

    lines = [
        [p for p in waiting if p.service == service and p.green is green]
        for service in OFFERS[window]
        for green in (True, False)
    ]
    return choose([min(line) for line in lines if line], overtaken, bound)


@given(steps, st.integers(0, 5))
def test_the_bound_is_never_broken(day: list[Step], bound: int) -> None:
    waiting: list[Place] = []
    calls: list[tuple[Place, str]] = []
    suffered: dict[Place, int] = {}
    for moment, (what, where, green) in enumerate(day):
        if what == "arrive":
            waiting.append(Place(moment, moment, where, green))
            continue
        called = call(waiting, calls, where, bound)
        if called is None:
            assert not [p for p in waiting if p.service in OFFERS[where]]
            continue
        waiting.remove(called)
        calls.append((called, where))
        if called.green:
            for one in waiting:  # who stood before it and could have been called here instead
                if not one.green and one < called and one.service in OFFERS[where]:
                    suffered[one] = suffered.get(one, 0) + 1
    assert all(count <= bound for count in suffered.values())


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


def test_waits_grow_with_who_is_ahead_and_shrink_with_windows() -> None:
    assert wait(0, 8, 1).likely == 0
    assert wait(6, 8, 2) == (864, 1440, 2256)
    assert wait(3, 8, 0) == wait(3, 8, 1)  # nobody there yet: as if one came
