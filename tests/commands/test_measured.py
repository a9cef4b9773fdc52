"""A06: what the hall measures of itself, and the waits that come out of its rows."""

from __future__ import annotations

from typing import Any

import pytest

from hallq.kernel import Tx
from hallq.office.foreseen import foresee
from hallq.office.model import Closure
from hallq.ticketing import commands as do
from hallq.ticketing.model import Habit, HandlingTime, Service, Window
from hallq.ticketing.rules import Wait
from hallq.ticketing.waiting import outlook
from hallq.ticketing.waiting.queue import ahead, ahead_of_new
from tests.commands.conftest import MINUTE, SECOND, Bench

HOUR = 60 * MINUTE


@pytest.fixture
def desk(hall: Bench) -> Bench:
    for window in "123":
        hall.do(do.sign_in, window=window, person=int(window))
    return hall


def measured(hall: Bench, service: str = "a") -> HandlingTime:
    found: HandlingTime = hall.row(HandlingTime, service)
    return found


def serve(hall: Bench, seconds: float, window: str = "1", **more: Any) -> None:
    hall.do(do.issue, service="a", **more)
    hall.do(do.call_next, window=window)
    hall.wait(seconds)
    hall.do(do.finish, window=window)


def of_new(hall: Bench, service: str = "a") -> Wait:
    return outlook.wait_now(hall.db, hall.row(Service, service))


def test_visits_are_measured_from_call_to_end_by_their_cases(desk: Bench) -> None:
    serve(desk, 120)
    serve(desk, 300, cases=3)
    found = measured(desk)
    assert found.turns == pytest.approx(2, rel=0.01)
    assert found.seconds / found.cases == pytest.approx(420 / 4, rel=0.01)


def test_an_end_that_is_taken_back_is_not_counted(desk: Bench) -> None:
    serve(desk, 120)
    desk.do(do.undo, window="1")
    assert measured(desk).turns == measured(desk).seconds == 0
    desk.wait(30)
    desk.do(do.finish, window="1")
    assert measured(desk).seconds == pytest.approx(150)


def test_a_parked_visit_is_one_turn_when_it_ends(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a")
    desk.do(do.call_next, window="1")
    desk.wait(60)
    desk.do(do.park, window="1", kind="papers")
    assert (measured(desk).turns, measured(desk).seconds) == (0, 60)
    desk.do(do.call, window="1", ticket=ticket.id)
    desk.wait(100)
    desk.do(do.finish, window="1")
    assert measured(desk).turns == 1
    assert measured(desk).seconds == pytest.approx(160, rel=0.01)


def test_a_window_between_two_citizens_is_part_of_it(desk: Bench) -> None:
    for _ in range(2):
        desk.do(do.issue, service="a")
    for _ in range(2):
        desk.do(do.call_next, window="1")
        desk.wait(60)
        desk.do(do.finish, window="1")
        desk.wait(20)
    assert measured(desk).seconds == pytest.approx(60 + 20 + 60, rel=0.01)


def test_waits_follow_what_is_measured(desk: Bench) -> None:
    for _ in range(3):
        desk.do(do.issue, service="b")
    before = of_new(desk, "b")
    desk.do(lambda tx: tx.insert(HandlingTime, service="b", turns=100, cases=100, seconds=24000, squares=24000 * 300))
    assert of_new(desk, "b").likely < 0.7 * before.likely


def test_a_bundle_ahead_takes_longer(desk: Bench) -> None:
    for window in "123":  # nobody is free
        desk.do(do.issue, service="b" if window == "3" else "a")
        desk.do(do.call_next, window=window)
    desk.do(do.issue, service="a")
    single = of_new(desk)
    desk.do(do.issue, service="a", cases=20)
    assert of_new(desk).likely > single.likely + 20 * 480 / 4


def test_a_pause_with_its_return_and_a_midday_break(desk: Bench) -> None:
    """B02, G01."""
    for window in "123":
        desk.do(do.pause, window=window, reason="meal", minutes=30)
    assert 25 * 60 <= of_new(desk).likely <= 40 * 60
    for window in "123":
        desk.do(do.resume, window=window)
    desk.wait(3 * 3600)  # 13:00
    found = of_new(desk)
    assert 90 * 60 - 5 <= found.low <= 90 * 60
    assert found.over == "break"
    assert desk.do(lambda tx: outlook.wait_now(tx, tx.get(Service, "a"))) == found


def test_the_habit_of_windows_and_who_comes_back_tomorrow(desk: Bench) -> None:
    """B05: on the next morning those are expected who worked the day before."""
    desk.wait(2 * 3600)
    desk.do(do.sign_out, window="3")
    desk.wait(12 * 3600)  # after midnight
    desk.do(do.day_change)
    desk.do(do.day_change)
    known = desk.row(Habit, "3")
    assert (known.days, known.shares[2 * 40 : 2 * 48], known.shares[2 * 48 : 2 * 50]) == (1, "ff" * 8, "0000")
    assert desk.row(Habit, "4").shares == "00" * 96
    desk.wait(8.25 * 3600)  # 8:15
    ticket = desk.do(do.issue, service="a")
    found = outlook.wait(desk.db, ticket, ahead_of_new(desk.db, ticket))
    assert found == outlook.wait(desk.db, ticket, ahead(desk.db, ticket))
    assert found.low >= 15 * 60 - 2


def test_a_window_knows_the_form_that_will_close_it(desk: Bench) -> None:
    """B14: and forgets it when the form is withdrawn."""

    def approved(tx: Tx) -> Closure:
        return tx.insert(
            Closure, department="social", windows="1,2", since=tx.now + HOUR, until=tx.now + 9 * HOUR, reason="休假",
            applicant="赵强", state="approved", kind="close", made_at=tx.now, made_by="person:9",
        )  # fmt: skip

    form = desk.do(approved)
    desk.do(foresee)
    assert desk.row(Window, "2").closes_at == desk.now + HOUR
    desk.do(lambda tx: tx.update(tx.get(Closure, form.id), state="withdrawn"))
    desk.do(foresee)
    assert desk.row(Window, "2").closes_at is None


def test_who_gives_up_is_counted_in_part(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a")
    desk.do(do.cancel, ticket=ticket.id)
    assert measured(desk).gone == 1
    assert desk.now % SECOND == 0
