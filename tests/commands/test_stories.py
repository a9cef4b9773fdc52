"""The plain day: take, call, finish, rate, and what the picture shows of it."""

from __future__ import annotations

from hallq.assessment import commands as assessment
from hallq.assessment import taking
from hallq.assessment.model import Invitation
from hallq.ticketing import commands as do
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
