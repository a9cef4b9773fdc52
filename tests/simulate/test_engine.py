"""The engine: one day, event by event, through the hall's own commands."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from bench import erlang
from hallq.kernel import Reads
from hallq.simulate.observers import Observer
from hallq.simulate.plan import NO_SHOW, PARKED, TRANSFERRED, Citizen, Closing, Plan, Rest, Step
from hallq.ticketing.model import Ticket
from tests.simulate.conftest import FRIDAY, MINUTE, ONE_ROOM, Write, at, calls, comes, lived, rows

TWO_SERVICES = """
[[service]]
code = "a"
per_day = 0
mean_min = 6

[[service]]
code = "b"
per_day = 0
mean_min = 6

[[window]]
count = 1
services = ["a"]

[[window]]
count = 1
services = ["b"]
"""


# --- against what is known


@pytest.mark.parametrize("load", [0.5, 0.7, 0.8, 0.9, 0.95])
def test_mean_waits_agree_with_erlang_c(load: float) -> None:
    """Five windows; 99 % confidence intervals over days that begin in the steady state."""
    measured = erlang.agreement(5, load, days=20, lasts=40 * MINUTE, seed=1)
    assert measured.agrees, measured


def test_erlang_c_of_the_books() -> None:
    """One window: the share who wait is the load. Two of them: 2 r^2 / (1 + r)."""
    assert erlang.erlang_c(1, 0.8).waits == pytest.approx(0.8)
    assert erlang.erlang_c(2, 0.5).waits == pytest.approx(2 * 0.25 / 1.5)


def test_each_wait_is_that_of_the_recursion() -> None:
    """A22: first come first served at c windows, person by person: the n-th begins when a window is free."""
    random, windows = Random(5), 4
    came, citizens = erlang.BEGIN, []
    for _ in range(1500):
        came += round(random.expovariate(1 / 16_000))
        citizens.append(Citizen(came, (Step("s", round(random.lognormvariate(10.8, 0.7))),)))
    free = [erlang.BEGIN] * windows
    expected = []
    for citizen in citizens:
        begins = max(citizen.at, min(free))
        expected.append(begins - citizen.at)
        free[free.index(min(free))] = begins + citizen.steps[0].handling
    plan = Plan(tuple(citizens), erlang.open_all_day(windows, max(free) + MINUTE))
    assert erlang.waits_of(plan, windows) == expected
    assert sum(wait > 0 for wait in expected) > 500


# --- windows


def test_the_longest_idle_window_calls(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM)
    engine = lived(day, comes("09:00", 5), comes("09:01", 1), comes("09:10", 5), comes("09:20", 5))
    windows = [window for (window,) in rows(engine, "SELECT window FROM visit ORDER BY id")]
    assert windows == ["1", "2", "2", "1"]  # 2 was free at 09:02, 1 at 09:05


def test_a_break_carries_over(write: Write) -> None:
    """C11: who was not called before noon is the first in the afternoon; the visit under way is finished."""
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    engine = lived(day, comes("11:50", 20), comes("11:55", 5), comes("14:20", 5))
    assert calls(engine) == [("A001", "11:50"), ("A002", "14:30"), ("A003", "14:35")]
    assert engine.desks["1"].used["open"] == (220 + 180) * MINUTE


def test_a_break_may_finish_who_came_before_it(write: Write) -> None:
    """C11: the window stays for who stands there at noon, and not for who comes then."""
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"), "[rules]\nat_noon = 'finish'")
    engine = lived(day, comes("11:50", 20), comes("11:55", 5), comes("12:05", 5))
    assert calls(engine) == [("A001", "11:50"), ("A002", "12:10"), ("A003", "14:30")]


def test_who_holds_a_number_is_served_after_closing(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    late = comes("17:20", 20), comes("17:25", 20)
    assert calls(lived(day, *late)) == [("A001", "17:20"), ("A002", "17:40")]
    strict = write.day(FRIDAY.replace("walk_s = 0", "walk_s = 0\nextended = false"), ONE_ROOM.replace("= 2", "= 1"))
    engine = lived(strict, *late)
    assert calls(engine) == [("A001", "17:20")]
    assert rows(engine, "SELECT state, ended_by FROM ticket WHERE number = 'A002'") == [("cancelled", "day_end")]


def test_a_pause_waits_for_the_visit_and_ends(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    plan = day.plan._replace(rests=(Rest("1", at("09:02"), 10 * MINUTE, "leave"),))
    engine = lived(day, comes("09:00", 5), comes("09:01", 5), plan=plan)
    assert calls(engine) == [("A001", "09:00"), ("A002", "09:15")]
    assert engine.desks["1"].used["paused"] == 10 * MINUTE


def test_a_closed_window_ends_its_visit_and_opens_again(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    plan = day.plan._replace(closings=(Closing("1", at("09:02"), at("10:00")),))
    engine = lived(day, comes("08:58", 7), comes("09:00", 5), comes("10:30", 5), plan=plan)
    assert calls(engine) == [("A001", "08:58"), ("A002", "10:00"), ("A003", "10:30")]


def test_a_window_may_close_in_its_pause(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    rest, closing = Rest("1", at("09:00"), 30 * MINUTE, "leave"), Closing("1", at("09:10"), at("09:20"))
    engine = lived(day, comes("09:05", 5), plan=day.plan._replace(rests=(rest,), closings=(closing,)))
    assert calls(engine) == [("A001", "09:20")]
    assert engine.desks["1"].used["paused"] == 10 * MINUTE
    assert not engine.refusals


# --- citizens


def test_quotas_refuse(write: Write) -> None:
    """The refusal of the hall itself, counted by its code."""
    day = write.day(FRIDAY, ONE_ROOM.replace("per_day = 60", "per_day = 60\nquota = 2"))
    engine = lived(day, *(comes(f"09:0{minute}", 1) for minute in range(5)))
    assert engine.refusals == Counter(quota_reached=3)
    assert len(engine.guests) == 2


def test_no_cap_holds_while_a_window_is_closed(write: Write) -> None:
    """A15: the rules of the hall itself, also here."""
    day = write.day(FRIDAY, ONE_ROOM.replace("per_day = 60", "per_day = 60\nquota = 1"))
    plan = day.plan._replace(closings=(Closing("1", at("09:05"), at("10:00")),))
    engine = lived(day, *(comes(clock, 1) for clock in ("09:00", "09:01", "09:10", "10:30")), plan=plan)
    assert engine.refusals == Counter(quota_reached=2)
    assert calls(engine) == [("A001", "09:00"), ("A002", "09:10")]


def test_nobody_takes_a_number_at_night(write: Write) -> None:
    assert lived(write.day(FRIDAY, ONE_ROOM), comes("06:00", 1)).refusals == Counter(closed=1)


def test_a_missed_number_is_found_again(write: Write) -> None:
    """Two calls and a minute, then the next; back with the check code, behind who waits."""
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    missed = Citizen(at("09:00"), (Step("a", 0, 0, NO_SHOW, back=5 * MINUTE), Step("a", MINUTE)))
    engine = lived(day, missed, comes("09:00", 10))
    assert calls(engine) == [("A001", "09:00"), ("A002", "09:01"), ("A001", "09:11")]
    assert rows(engine, "SELECT state FROM ticket") == [("finished",), ("finished",)]


def test_papers_are_fetched(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    parked = Citizen(at("09:00"), (Step("a", 2 * MINUTE, 0, PARKED, back=30 * MINUTE), Step("a", 3 * MINUTE)))
    too_late = Citizen(at("09:10"), (Step("a", 2 * MINUTE, 0, PARKED, back=900 * MINUTE), Step("a", 3 * MINUTE)))
    engine = lived(day, parked, too_late)
    assert calls(engine) == [("A001", "09:00"), ("A002", "09:10"), ("A001", "09:32")]
    assert rows(engine, "SELECT state FROM ticket") == [("finished",), ("parked",)]


def test_a_transfer_keeps_the_number_and_the_window_stays_for_it(write: Write) -> None:
    """Window 2 has nobody waiting at closing, and still stays for who will be sent on to it."""
    day = write.day(FRIDAY, TWO_SERVICES)
    sent = Citizen(at("17:25"), (Step("a", 15 * MINUTE, 0, TRANSFERRED), Step("b", 5 * MINUTE)))
    assert calls(lived(day, sent)) == [("A001", "17:25"), ("A001", "17:40")]


def test_patience_ends(write: Write) -> None:
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1"))
    engine = lived(day, comes("09:00", 30), comes("09:01", 5, patience=10 * MINUTE), comes("09:02", 5))
    assert calls(engine) == [("A001", "09:00"), ("A003", "09:30")]
    assert rows(engine, "SELECT state, ended_by FROM ticket WHERE number = 'A002'") == [("cancelled", "citizen")]


def test_cases_beyond_one_call_queue_again(write: Write) -> None:
    """Two of three cases, then the rest at the end of the queue, with the same number."""
    day = write.day(FRIDAY, ONE_ROOM.replace("count = 2", "count = 1").replace("= 60", "= 60\ncases_per_call = 2"))
    engine = lived(day, comes("09:00", 9, cases=3), comes("09:01", 1))
    assert calls(engine) == [("A001", "09:00"), ("A002", "09:06"), ("A001", "09:07")]
    assert rows(engine, "SELECT max(finished_at) FROM ticket") == [(at("09:10"),)]


# --- observers


class Heard(Observer):
    def __init__(self) -> None:
        self.steps: list[str] = []

    def on_issue(self, db: Reads, ticket: Ticket) -> None:
        self.steps.append(f"issue {ticket.number}")
        known = db.get(Ticket, ticket.id)
        assert known is not None and known.state == "waiting"

    def on_return(self, db: Reads, ticket: Ticket) -> None:
        self.steps.append(f"return {ticket.number}")

    def on_call(self, db: Reads, ticket: Ticket) -> None:
        self.steps.append(f"call {ticket.number} at {ticket.window}")

    def on_end(self, db: Reads, ticket: Ticket) -> None:
        self.steps.append(f"{ticket.state} {ticket.number}")


def test_observers_hear_each_step(write: Write) -> None:
    heard = Heard()
    sent = Citizen(at("09:00"), (Step("a", MINUTE, 0, TRANSFERRED), Step("b", MINUTE)))
    lived(write.day(FRIDAY, TWO_SERVICES), sent, observers=[heard])
    assert heard.steps == ["issue A001", "call A001 at 1", "return A001", "call A001 at 2", "finished A001"]
