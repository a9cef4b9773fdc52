"""The plain day: take, call, finish, rate, and what the picture shows of it."""

from __future__ import annotations

from hallq.assessment.ratings import commands as assessment
from hallq.assessment.ratings import taking
from hallq.assessment.ratings.model import Invitation
from hallq.ticketing import commands as do
from hallq.ticketing.drawing.taking import retime, take
from hallq.ticketing.model import Window, WindowService
from tests.commands.conftest import Bench


def test_a_visit_from_touch_to_rating(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    ticket = hall.do(do.issue, service="a", kiosk="k1", printer=True)
    assert (ticket.number, ticket.state, ticket.print) == ("A001", "waiting", "pending")
    assert hall.picture.queues["a"].next == ("A001",)
    called = hall.do(do.call_next, window="1", seen=1)
    assert (called.id, called.state, called.window) == (ticket.id, "called", "1")
    window = hall.picture.windows["1"]
    assert window.state == "serving" and window.ticket and window.ticket.number == "A001"
    done = hall.do(do.finish, window="1", seen=2)
    assert done.state == "finished" and done.started_at == done.called_at
    [view] = taking.take(hall.db).values()
    assert view.screen == "rate"
    rated = hall.do(assessment.rate, token=view.token, window="1", level=5)
    assert rated.new and rated.rating.person == 1
    assert hall.row(Invitation, view.token).closed_why == "rated"


def test_an_edit_of_the_catalogue_takes_everything_anew(hall: Bench) -> None:
    hall.do(lambda tx: tx.insert(WindowService, window="4", service="a"))
    assert hall.picture == take(hall.db)
    assert hall.picture.services["a"].windows == ("1", "2", "4")
    assert "window/4" in hall.keys
    hall.do(lambda tx: tx.update(tx.get(Window, "4"), active=False))
    assert "4" not in hall.picture.windows and "window/4" in hall.keys


def test_the_clock_alone_closes_the_hall(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    assert hall.picture.hall_open and hall.picture.queues["a"].open
    hall.wait(2 * 3600)  # noon
    picture, keys = retime(hall.db, hall.picture)
    assert (picture.hall_open, picture.opens) == (False, "14:30")
    assert keys >= {"window/1", "window/4"} and picture.queues["a"].open  # numbers are given over noon
    hall.wait(6 * 3600)
    picture, keys = retime(hall.db, picture)
    assert not picture.queues["a"].open and "queue/a" in keys
    assert picture == take(hall.db)


def test_the_next_two_follow_the_rule(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    for category in ("ordinary", "ordinary", *["elderly"] * 7):
        hall.wait(1)
        hall.do(do.issue, service="a", category=category)
    assert hall.picture.queues["a"].next == ("A003", "A004")
    hall.do(do.call_next, window="1")
    for _ in range(3):
        hall.do(do.finish, window="1", next=True)
    assert hall.picture.queues["a"].next == ("A007", "A001")  # the fifth of the green channel is the last to overtake
    assert hall.picture.queues["a"].head_green


def test_a_screen_shows_the_last_sixteen_called(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    for _ in range(20):
        hall.wait(1)
        hall.do(do.issue, service="a")
        hall.do(do.call_next, window="1")
        last = hall.do(do.finish, window="1")
    assert len(hall.picture.tickets) == 16
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.wait(1)
    hall.do(do.undo, window="1")  # and an older one comes back
    assert len(hall.picture.tickets) == 16 and last.id in hall.picture.tickets
    assert hall.picture.tickets == take(hall.db).tickets
