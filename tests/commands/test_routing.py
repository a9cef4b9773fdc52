"""A08-A13, A22, A23 on the real store: the bound, skill, verification, choosing out of order, needs."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from sqlmodel import bindparam, col, select

from hallq.kernel import Refused, Tx
from hallq.ticketing import commands as do
from hallq.ticketing.model import Ticket, WindowService
from hallq.ticketing.rules import Rules
from hallq.ticketing.waiting import needs, out_of_order, queue
from hallq.ticketing.waiting.queue import ahead, next_at
from tests.commands.conftest import SHANGHAI, Bench, open_bench

BOUND = 2
RULES = Rules(timezone=SHANGHAI, green_bound=BOUND, always_open=True)
OFFER = select(WindowService).where(
    col(WindowService.window) == bindparam("window"), col(WindowService.service) == bindparam("service")
)
slow = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

# -- the bound, whatever windows do

SERVICES, WINDOWS = st.sampled_from("abc"), st.sampled_from("123")
ISSUE = st.tuples(st.just("issue"), SERVICES, st.sampled_from(["ordinary", "elderly"]))
CALL = st.tuples(st.just("next"), WINDOWS)
CHANGE = st.tuples(st.just("offer"), WINDOWS, SERVICES)
OTHER = st.tuples(st.sampled_from(["pause", "resume", "sign_out", "sign_in", "undo", "to_1", "to_2", "to_a"]), WINDOWS)
DAYS = st.lists(st.one_of(ISSUE, ISSUE, ISSUE, CALL, CALL, CALL, CHANGE, OTHER), max_size=80)


def offer(tx: Tx, window: str, service: str) -> None:
    """The window gains the service, or drops it."""
    found = tx.first(OFFER, window=window, service=service)
    if found is None:
        tx.insert(WindowService, window=window, service=service, rank=9)
    else:
        tx.delete(found)


def perform(hall: Bench, what: str, *args: str) -> None:
    hall.wait(1)
    try:
        if what == "issue":
            hall.do(do.issue, service=args[0], category=args[1])
        elif what == "offer":
            hall.do(offer, window=args[0], service=args[1])
        elif what == "next":
            free = hall.picture.windows[args[0]].ticket is None
            hall.do(do.call_next, window=args[0]) if free else hall.do(do.finish, window=args[0], next=True)
        elif what == "finish_next":
            hall.do(do.finish, window=args[0], next=True)
        elif what == "sign_in":
            hall.do(do.sign_in, window=args[0], person=int(args[0]))
        elif what == "pause":
            hall.do(do.pause, window=args[0], reason="meal")
        elif what == "to_a":
            hall.do(do.transfer, window=args[0], service="a")
        elif what.startswith("to_"):
            hall.do(do.transfer, window=args[0], to_window=what[3:])
        else:
            hall.do(getattr(do, what), window=args[0])
    except Refused:
        pass


class Truth:
    """Knows nothing of the rule's own rows: after each step it looks who was really passed in that step."""

    def __init__(self, hall: Bench) -> None:
        self.hall = hall
        self.passed: dict[int, set[int]] = {}  # waiting ordinary ticket -> visits that overtook it in this stay
        self.visits: set[int] = set()

    def look(self) -> int:
        waiting = {row[0]: row[1:] for row in self._ask(
            "SELECT id, arrival, service, for_window FROM ticket WHERE state = 'waiting' AND NOT green")}  # fmt: skip
        calls = {row[0]: row[1:] for row in self._ask(
            "SELECT id, arrival, ticket, window FROM visit WHERE green AND end <> 'undone'")}  # fmt: skip
        offers = set(self._ask("SELECT window, service FROM window_service"))
        stayed = {key: self.passed.get(key, set()) & calls.keys() for key in waiting}
        for key in self.passed.keys() & waiting.keys():
            arrival, service, only = waiting[key]
            stayed[key] |= {
                visit
                for visit in calls.keys() - self.visits
                for came, ticket, at in [calls[visit]]
                if (came, ticket) > (arrival, key) and (at, service) in offers and only in (None, at)
            }
        self.passed, self.visits = stayed, set(calls)
        return max(map(len, stayed.values()), default=0)

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.hall.db._connection.execute(sql).fetchall()


@slow
@given(DAYS)
def test_nobody_is_overtaken_more_often_than_the_bound_whatever_windows_do(day: list[tuple[str, ...]]) -> None:
    """A09, A10, A22."""
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", RULES) as hall:
        for window in "123":
            hall.do(do.sign_in, window=window, person=int(window))
        for category in ("ordinary", "elderly", "ordinary", "elderly"):  # a morning's queue, half of it green
            for service in "abc":
                perform(hall, "issue", service, category)
        truth = Truth(hall)
        truth.look()
        for step in day:
            perform(hall, *step)
            assert truth.look() <= BOUND


def test_the_bound_counts_calls_of_a_window_that_has_dropped_the_service(tmp_path: Path) -> None:
    with open_bench(tmp_path / "hall.db", RULES) as hall:
        for window in "12":
            hall.do(do.sign_in, window=window, person=int(window))
        first = hall.do(do.issue, service="a")
        for _ in range(4):
            hall.wait(1)
            hall.do(do.issue, service="a", category="elderly")
        hall.do(do.call_next, window="2")
        assert hall.do(do.finish, window="2", next=True).green
        hall.do(do.finish, window="2")
        hall.do(offer, window="2", service="a")  # dropped: its calls are not forgotten
        assert hall.do(do.call_next, window="1").id == first.id


@slow
@given(st.lists(st.sampled_from(["ordinary", "elderly", "call", "undo", "offer"]), max_size=40), st.integers(0, 4))
def test_ahead_stays_true_when_a_window_opens_or_drops_the_service(day: list[str], bound: int) -> None:
    rules = replace(RULES, green_bound=bound)
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "hall.db", rules) as hall:
        for window in ("3", "4"):
            hall.do(do.sign_in, window=window, person=int(window))
        hall.do(offer, window="3", service="b")
        for step in day:
            if step == "offer":  # the other window helps for a while
                perform(hall, "finish_next", "3")
                perform(hall, "offer", "3", "c")
                perform(hall, "call_next", "3")
            elif step in ("call", "undo"):
                perform(hall, "finish_next" if step == "call" else "undo", "4")
                perform(hall, "call_next", "4")
            else:
                perform(hall, "issue", "c", step)
        perform(hall, "finish", "4")
        said = {key: ahead(hall.db, hall.row(Ticket, key)) for (key, *_) in hall.rows("ticket", "state = 'waiting'")}
        order = []
        while (key := next_at(hall.db, "4")) is not None:
            order.append(key)
            hall.do(do.call_next, window="4")
            hall.do(do.finish, window="4")
        assert [said[key] for key in order] == list(range(len(order)))


# -- after the call: was the document shown


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "hall.db", replace(RULES, green_bound=5)) as bench:
        bench.do(do.sign_in, window="1", person=1)
        yield bench


def take(hall: Bench, category: str = "ordinary", **wish: Any) -> Ticket:
    hall.wait(1)
    ticket: Ticket = hall.do(do.issue, service="a", category=category, **wish)
    return ticket


def test_a_document_that_is_seen_is_noted(hall: Bench) -> None:
    """A10."""
    take(hall, "elderly")
    hall.do(do.call_next, window="1")
    assert hall.do(do.verified, window="1").verified == "proved"
    version = hall.picture.windows["1"].version
    hall.do(do.verified, window="1")  # a second press changes nothing
    view = hall.picture.windows["1"]
    assert (view.version, view.ticket and view.ticket.verified) == (version, "proved")


def test_without_the_document_it_waits_at_its_place_as_an_ordinary_one(hall: Bench) -> None:
    """A10, A22: nobody is sent away, and nobody goes first unproved."""
    first, green, last = take(hall), take(hall, "elderly"), take(hall)
    assert hall.do(do.call_next, window="1").id == green.id
    hall.do(do.start, window="1")
    back = hall.do(do.unproved, window="1")
    assert (back.state, bool(back.green), back.category, back.verified) == ("waiting", False, "ordinary", "unproved")
    assert "returned" in hall.rows("visit")[0]
    assert hall.picture.windows["1"].ticket is None
    assert [key for key, *_ in _order(hall)] == [first.id, green.id, last.id]


def _order(hall: Bench) -> list[tuple[int, str]]:
    order = []
    while (key := next_at(hall.db, "1")) is not None:
        ticket = hall.do(do.call_next, window="1")
        order.append((key, ticket.number))
        hall.do(do.finish, window="1")
    return order


def test_unproved_can_be_undone_and_is_said(hall: Bench) -> None:
    green = take(hall, "elderly")
    hall.do(do.call_next, window="1")
    visit = hall.picture.windows["1"].visit
    hall.do(do.unproved, window="1")
    assert hall.effects()[-1][1] == f"unproved/{visit}"
    assert hall.picture.windows["1"].undo and hall.picture.windows["1"].undo.verb == "return"
    again = hall.do(do.undo, window="1")
    assert (again.id, again.state, bool(again.green), again.category) == (green.id, "called", True, "elderly")


@pytest.mark.parametrize("verb", ["verified", "unproved"])
def test_an_ordinary_number_has_no_document_to_show(hall: Bench, verb: str) -> None:
    assert hall.refused(getattr(do, verb), window="1").code == "wrong_state"
    ticket = take(hall)
    hall.do(do.call_next, window="1")
    error = hall.refused(getattr(do, verb), window="1")
    assert (error.code, error.detail) == ("not_green", {"no": ticket.number})


# -- out of order


def test_who_is_chosen_or_placed_in_front_stands_on_the_list(hall: Bench) -> None:
    """A22, A23."""
    take(hall)
    last = take(hall)
    assert hall.refused(do.call, window="1", ticket=last.id, reason="急").code == "forbidden_order"
    assert hall.refused(do.call, window="1", ticket=last.id, allowed=True, reason=" ").code == "invalid"
    hall.do(do.call, window="1", ticket=last.id, allowed=True, reason=" 赶火车 ", actor="person:1")
    wish: dict[str, Any] = {"window": "1", "service": "a", "position": "front"}
    assert hall.refused(do.transfer, **wish, reason="急").code == "forbidden_order"
    assert hall.refused(do.transfer, **wish, allowed=True).code == "invalid"
    hall.do(do.transfer, **wish, allowed=True, reason="材料已齐")
    day = hall.db.day
    rows = out_of_order.listed(hall.db, since=day, until=day)
    assert [(row["kind"], row["number"], row["person"], row["window"], row["reason"]) for row in rows] == [
        ("chosen", "A002", "clerk1", "1", "赶火车"),
        ("front", "A002", "clerk1", "1", "材料已齐"),
    ]
    assert out_of_order.listed(hall.db, since=day, until=day, department="tax") == []
    assert len(out_of_order.listed(hall.db, since=day, until=day, department="social")) == 2
    assert out_of_order.listed(hall.db, since="2000-01-01", until="2000-01-31") == []


def test_a_chosen_green_one_counts_for_the_bound(hall: Bench) -> None:
    take(hall)
    green = take(hall, "elderly")
    hall.do(do.call, window="1", ticket=green.id, allowed=True, reason="急")
    assert len(hall.rows("overtake")) == 1


# -- needs


def told(hall: Bench) -> list[tuple[str, int | None]]:
    """What guides read now: the words and how many are ahead."""
    return [(view.words, json.loads(view.detail).get("n")) for view in hall.picture.notices.values()]


def test_a_guide_is_told_three_places_ahead_and_at_the_call(hall: Bench) -> None:
    """A12."""
    others = [take(hall) for _ in range(4)]
    ticket = take(hall, needs=["wheelchair", "deaf"])
    hall.do(needs.watch)
    assert told(hall) == []
    hall.do(do.call_next, window="1")
    hall.do(needs.watch)
    assert told(hall) == [("nd.ahead", 3)]
    [view] = hall.picture.notices.values()
    assert (view.kind, view.key, view.audience, view.ticket) == ("escort", f"escort/{ticket.id}", "guide", ticket.id)
    detail = json.loads(view.detail)
    assert (detail["no"], detail["needs"], detail["windows"]) == (ticket.number, ["nd.deaf", "nd.wheelchair"], "1")
    hall.do(do.finish, window="1", next=True)
    hall.do(needs.watch)
    assert told(hall) == [("nd.ahead", 2)]
    for _ in others[2:]:
        hall.do(do.finish, window="1", next=True)
    assert hall.do(do.finish, window="1", next=True).id == ticket.id
    assert told(hall) == [("nd.called", None)] and [n.window for n in hall.picture.notices.values()] == ["1"]
    hall.do(needs.watch)
    assert told(hall) == [("nd.called", None)]
    hall.do(do.finish, window="1")
    assert told(hall) == []
    hall.do(needs.watch)
    assert not hall.changes  # nothing is due, nothing is written


def test_who_sees_to_it_is_not_asked_again_and_who_leaves_needs_nobody(hall: Bench) -> None:
    first, gone = take(hall, needs=["escort"]), take(hall, needs=["blind"])
    hall.do(needs.watch)
    assert len(told(hall)) == 2
    [mine] = [view for view in hall.picture.notices.values() if view.ticket == first.id]
    hall.do(do.notice_done, notice=int(mine.id))
    hall.do(do.cancel, ticket=gone.id)
    hall.do(needs.watch)
    assert told(hall) == []
    hall.do(do.call_next, window="1")
    assert told(hall) == []


def test_an_undone_call_waits_again_and_a_later_stop_is_told_again(hall: Bench) -> None:
    take(hall, needs=["escort"])
    hall.do(do.call_next, window="1")
    hall.do(do.undo, window="1")
    hall.do(needs.watch)
    assert told(hall) == [("nd.ahead", 0)]
    hall.do(do.call_next, window="1")
    hall.do(do.transfer, window="1", service="b")
    assert told(hall) == []
    hall.do(needs.watch)
    assert told(hall) == [("nd.ahead", 0)]


# -- skill


@pytest.mark.parametrize(("step", "called"), [(0, "b"), (60, "a")])
def test_a_window_does_first_what_it_is_best_at_where_the_hall_says_so(tmp_path: Path, step: int, called: str) -> None:
    """A22: by default class and arrival alone."""
    with open_bench(tmp_path / "hall.db", replace(RULES, skill_step_s=step)) as hall:
        hall.do(do.sign_in, window="2", person=2)
        hall.do(do.issue, service="b")
        hall.wait(1)
        hall.do(do.issue, service="a")
        assert hall.do(do.call_next, window="2").service == called


# -- what it costs


@pytest.mark.parametrize("query", [queue.HEADS, queue.OVERTAKEN, queue.UPCOMING, needs.LAST, needs.WAITING_WITH_NEEDS])
def test_each_look_goes_through_an_index(hall: Bench, query: Any) -> None:
    """So it grows with the logarithm of the queue at most (bench: choose)."""
    sql = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}))
    marks = sql.count("?")
    plan = [row[3] for row in hall.db._connection.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * marks)]
    assert plan
    for step in plan:
        assert not re.search(r"SCAN (?!.*\bUSING .*INDEX)(ticket|visit|notice|overtake|window_service)", step), plan
        assert "TEMP B-TREE" not in step, plan
