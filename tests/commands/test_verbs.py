"""Each verb of a window: what it does, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hallq.ticketing import commands as do
from hallq.ticketing.model import OutOfOrder, Pause, Service, Shift, Ticket, Visit, Window
from hallq.ticketing.rules import Rules
from hallq.ticketing.waiting.outlook import wait
from hallq.ticketing.waiting.queue import ahead_of_new
from tests.commands.conftest import Bench, open_bench


@pytest.fixture
def desk(hall: Bench) -> Bench:
    """Clerks 1 and 2 are signed in at windows 1 and 2."""
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.sign_in, window="2", person=2)
    return hall


def take(hall: Bench, service: str = "a", category: str = "ordinary") -> Ticket:
    ticket: Ticket = hall.do(do.issue, service=service, category=category)
    return ticket


def called(hall: Bench, window: str = "1", service: str = "a") -> Ticket:
    take(hall, service)
    ticket: Ticket = hall.do(do.call_next, window=window)
    return ticket


# -- taking a number


def test_numbers_run_per_prefix_and_day(desk: Bench) -> None:
    assert [take(desk).number, take(desk).number, take(desk, "b").number] == ["A001", "A002", "B001"]
    desk.wait(24 * 3600)
    desk.do(do.day_change)
    desk.do(do.sign_in, window="1", person=1)
    assert take(desk).number == "A001"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": "zzz"}, "service"),
        ({"category": "vip"}, "category"),
        ({"people": 0}, "people"),
        ({"people": 100}, "people"),
        ({"cases": 0}, "cases"),
        ({"needs": ["tea"]}, "needs"),
        ({"kiosk": "k9"}, "kiosk"),
    ],
)
def test_a_wrong_field_is_named(desk: Bench, wrong: dict[str, Any], field: str) -> None:
    error = desk.refused(do.issue, **{"service": "a", **wrong})
    assert (error.code, error.detail) == ("invalid", {"field": field})


def test_no_number_outside_the_times_for_it(desk: Bench) -> None:
    desk.wait(8 * 3600)  # 18:00
    error = desk.refused(do.issue, service="a")
    assert (error.code, error.detail) == ("closed", {"opens": "2024-05-07T08:00:00+08:00"})


def test_numbers_are_given_before_the_windows_open(hall: Bench) -> None:
    assert hall.refused(do.issue, service="a").detail["reason"] == "unstaffed"  # 10:00 and nobody there
    hall.wait(22 * 3600 + 600)  # 08:10 tomorrow
    assert take(hall).state == "waiting"


def test_a_paused_window_still_staffs_its_services(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.pause, window="1", reason="meal")
    assert take(hall).state == "waiting"
    assert hall.refused(do.issue, service="c").code == "closed"


def test_a_quota_ends_with_its_last_number(desk: Bench) -> None:
    desk.do(lambda tx: tx.update(tx.get(Service, "a"), quota=2))
    take(desk)
    take(desk)
    assert desk.refused(do.issue, service="a").code == "quota_reached"
    assert not desk.picture.queues["a"].open
    assert take(desk, "b").number == "B001"


def test_a_kiosk_prints_its_slip_once(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a", kiosk="k1", printer=True, needs=["deaf", "blind"])
    assert (ticket.print, ticket.needs, len(ticket.check_code)) == ("pending", "blind,deaf", 4)
    assert desk.effects("print") == [(json.dumps({"ticket": ticket.id}, separators=(",", ":")), f"ticket/{ticket.id}")]
    version = desk.picture.windows["1"].version
    assert desk.do(do.set_print, ticket=ticket.id, state="printed").print == "printed"
    assert desk.picture.windows["1"].version == version


def test_a_new_ticket_knows_who_is_ahead(desk: Bench) -> None:
    for service in "aab":
        ticket = take(desk, service)
    assert ahead_of_new(desk.db, ticket) == 2  # windows offer both: they wait for one another
    low, likely, high, _ = wait(desk.db, ticket, 2)
    assert 0 <= low < likely < high
    green = take(desk, "a", "elderly")
    assert ahead_of_new(desk.db, green) == 0


def test_who_waits_or_is_parked_may_cancel(desk: Bench) -> None:
    ticket = take(desk)
    assert desk.do(do.cancel, ticket=ticket.id).state == "cancelled"
    assert desk.refused(do.cancel, ticket=ticket.id).code == "wrong_state"
    assert desk.refused(do.cancel, ticket=999).code == "not_found"
    parked = called(desk)
    assert desk.refused(do.cancel, ticket=parked.id).code == "wrong_state"
    desk.do(do.park, window="1")
    version = desk.picture.windows["1"].version
    desk.do(do.cancel, ticket=parked.id)
    assert desk.picture.windows["1"].version == version + 1
    assert desk.picture.windows["1"].parked == ()


# -- signing in


def test_one_person_one_window(desk: Bench) -> None:
    assert desk.do(do.sign_in, window="1", person=1).id == desk.row(Window, "1").shift
    assert not desk.changes
    assert desk.refused(do.sign_in, window="1", person=3).code == "window_taken"
    error = desk.refused(do.sign_in, window="3", person=1)
    assert (error.code, error.detail) == ("signed_in_elsewhere", {"window": "1"})
    assert desk.refused(do.sign_in, window="4", person=3).code == "not_qualified"
    assert desk.refused(do.sign_in, window="99", person=3).code == "not_found"
    assert desk.do(do.sign_in, window="3", person=4 - 1).window == "3"


def test_signing_out_ends_the_pause_but_not_a_visit(desk: Bench) -> None:
    called(desk)
    assert desk.refused(do.sign_out, window="1").code == "ticket_open"
    desk.do(do.finish, window="1")
    desk.do(do.pause, window="1", reason="meal")
    desk.do(do.sign_out, window="1")
    assert desk.row(Pause, 1).ended_at == desk.now
    assert desk.picture.windows["1"].state == "closed"
    assert desk.refused(do.call_next, window="1").code == "not_signed_in"


# -- the visit


def test_a_call_is_said_and_changes_the_window_once(desk: Bench) -> None:
    version = desk.picture.windows["1"].version
    ticket = called(desk)
    assert desk.picture.windows["1"].version == version + 1
    [(payload, ref)] = desk.effects()
    assert json.loads(payload) == {"key": "v.call", "no": "A001", "win": "1", "floor": "1"}
    assert ref == f"visit/{desk.row(Window, '1').visit}/1"
    assert desk.row(Visit, 1).person == 1 and ticket.calls == 1


def test_a_window_has_one_ticket_at_a_time(desk: Bench) -> None:
    called(desk)
    take(desk)
    assert desk.refused(do.call_next, window="1").code == "ticket_open"
    assert desk.refused(do.pause, window="1", reason="meal").code == "ticket_open"


def test_a_press_on_an_old_screen_is_stale(desk: Bench) -> None:
    take(desk)
    seen = desk.picture.windows["1"].version
    desk.do(do.call_next, window="1", seen=seen)
    error = desk.refused(do.call_next, window="1", seen=seen)
    assert (error.code, error.detail) == ("stale", {"version": seen + 1})


def test_nobody_waits_and_a_paused_window_calls_nobody(desk: Bench) -> None:
    assert desk.refused(do.call_next, window="1").code == "nobody_waiting"
    take(desk)
    desk.do(do.pause, window="1", reason="meal")
    assert desk.refused(do.call_next, window="1").code == "paused"


def test_recalls_are_spoken_until_they_are_enough(desk: Bench) -> None:
    called(desk)
    for _ in range(4):
        desk.do(do.recall, window="1")
    assert [json.loads(payload)["key"] for payload, _ in desk.effects()] == [
        "v.call", "v.recall", "v.last", "v.recall", "v.recall",
    ]  # fmt: skip
    assert desk.refused(do.recall, window="1").code == "wrong_state"
    assert desk.picture.windows["1"].ticket is not None and desk.picture.windows["1"].ticket.calls == 5


def test_finish_from_called_counts_from_the_call(desk: Bench) -> None:
    ticket = called(desk)
    desk.wait(90)
    done = desk.do(do.finish, window="1", outcome="spot")
    assert (done.state, done.started_at, done.finished_at) == ("finished", ticket.called_at, desk.now)
    assert desk.row(Visit, 1).started_at == ticket.called_at
    assert desk.refused(do.finish, window="1").code == "wrong_state"


def test_finish_and_call_next_in_one_press(desk: Bench) -> None:
    called(desk)
    second = take(desk)
    version = desk.picture.windows["1"].version
    assert desk.do(do.finish, window="1", next=True).id == second.id
    assert desk.picture.windows["1"].version == version + 1
    done = desk.do(do.finish, window="1", next=True)
    assert (done.id, done.state) == (second.id, "finished")
    assert desk.picture.windows["1"].state == "open"


def test_no_show_waits_for_proof_and_a_minute(desk: Bench) -> None:
    called(desk)
    visit = desk.row(Window, "1").visit
    assert desk.refused(do.no_show, window="1").detail == {"seconds": 60, "calls": 2}
    desk.do(do.mark_shown, what="call", ref=visit, n=1, device="strip-1")
    desk.do(do.mark_shown, what="call", ref=visit, n=1, device="voice")
    assert desk.do(do.mark_shown, what="call", ref=visit, n=2, device="strip-1") is None  # nobody called twice yet
    desk.wait(20.5)
    desk.do(do.recall, window="1")
    assert desk.refused(do.no_show, window="1").detail == {"seconds": 40, "calls": 1}
    desk.do(do.mark_shown, what="call", ref=visit, n=2, device="strip-1")
    window = desk.picture.windows["1"]
    assert (window.shown_calls, window.no_show_at) == (2, desk.now + 39_500)
    desk.wait(39.5)
    assert desk.do(do.no_show, window="1").state == "no_show"


def test_a_window_without_devices_counts_presses(desk: Bench) -> None:
    called(desk)
    desk.wait(60)
    assert desk.refused(do.no_show, window="1", unproved=True).detail == {"seconds": 0, "calls": 1}
    desk.do(do.recall, window="1")
    assert desk.do(do.no_show, window="1", unproved=True).state == "no_show"


@pytest.fixture
def always(tmp_path: Path, rules: Rules) -> Iterator[Bench]:
    with open_bench(tmp_path / "always.db", replace(rules, always_open=True)) as hall:
        yield hall


def test_an_always_open_hall_needs_no_staff_and_no_waiting(always: Bench) -> None:
    always.wait(12 * 3600)  # 22:00
    take(always)
    always.do(do.sign_in, window="1", person=1)
    always.do(do.call_next, window="1")
    assert always.do(do.no_show, window="1").state == "no_show"
    assert always.picture.hall_open


def test_a_parked_ticket_comes_back_to_its_window(desk: Bench) -> None:
    ticket = called(desk)
    desk.do(do.start, window="1")
    assert desk.refused(do.park, window="1", kind="lunch").code == "invalid"
    desk.do(do.park, window="1", kind="papers")
    assert [view.park_kind for view in desk.picture.windows["1"].parked] == ["papers"]
    assert desk.refused(do.call, window="2", ticket=ticket.id).code == "wrong_state"
    back = desk.do(do.call, window="1", ticket=ticket.id)
    assert (back.state, back.arrival, back.started_at) == ("called", ticket.arrival, None)
    assert json.loads(desk.effects()[-1][0])["key"] == "v.back"
    assert not desk.row(Visit, desk.row(Window, "1").visit).green


def test_choosing_out_of_order_needs_a_reason(desk: Bench) -> None:
    take(desk)
    last = take(desk)
    assert desk.refused(do.call, window="1", ticket=last.id, reason="赶火车").code == "forbidden_order"
    assert desk.refused(do.call, window="1", ticket=last.id, allowed=True).detail == {"field": "reason"}
    assert desk.refused(do.call, window="1", ticket=take(desk, "b").id, reason="急").detail == {"field": "ticket"}
    desk.do(do.call, window="1", ticket=last.id, reason="赶火车", allowed=True)
    journal = desk.store._connection.execute("SELECT facts FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    assert json.loads(journal[0]) == {"out_of_order": last.id}  # the words stand in the covered row
    assert desk.row(OutOfOrder, 1).reason == "赶火车"


@pytest.mark.parametrize(
    ("target", "order"),
    [
        ({"service": "b"}, ["A001", "B001", "B002"]),  # keeps its place: it came first
        ({"service": "b", "position": "end"}, ["B001", "B002", "A001"]),
        ({"service": "b", "position": "front", "reason": "急", "allowed": True}, ["A001", "B001", "B002"]),
    ],
)
def test_transfer_to_a_service(desk: Bench, target: dict[str, Any], order: list[str]) -> None:
    desk.do(do.sign_in, window="3", person=3)
    take(desk)
    for _ in range(2):
        desk.wait(1)
        take(desk, "b")
    desk.do(do.call_next, window="1")
    desk.wait(1)
    moved = desk.do(do.transfer, window="1", **target)
    assert (moved.state, moved.service, moved.window, moved.moves) == ("waiting", "b", None, 1)
    called = [desk.do(do.call_next, window="3")]
    called += [desk.do(do.finish, window="3", next=True) for _ in range(2)]
    assert [ticket.number for ticket in called] == order
    assert json.loads(next(p for p, _ in desk.effects() if "transfer" in p))["no"] == "A001"


def test_front_of_another_queue_is_before_its_first(desk: Bench) -> None:
    take(desk, "b")
    desk.wait(5)
    ticket = called(desk, "1")
    moved = desk.do(do.transfer, window="1", service="b", position="front", reason="急", allowed=True)
    assert moved.arrival < ticket.arrival
    assert desk.do(do.call_next, window="2").id == ticket.id


def test_transfer_to_a_window_waits_for_that_window_alone(desk: Bench) -> None:
    ticket = called(desk, "1")
    assert desk.refused(do.transfer, window="1", to_window="3").detail == {"field": "window"}  # offers no A
    assert desk.refused(do.transfer, window="1", to_window="99").detail == {"field": "window"}
    assert desk.refused(do.transfer, window="1", service="d").detail == {"field": "service"}  # nobody offers D
    assert desk.refused(do.transfer, window="1").detail == {"field": "service"}
    assert desk.refused(do.transfer, window="1", service="b", position="top").detail == {"field": "position"}
    desk.do(do.transfer, window="1", to_window="2")
    assert desk.refused(do.call_next, window="1").code == "nobody_waiting"
    assert desk.refused(do.call, window="1", ticket=ticket.id, reason="急").code == "invalid"
    assert desk.do(do.call_next, window="2").id == ticket.id


# -- pauses


def test_a_pause_has_a_reason_and_a_length(desk: Bench) -> None:
    assert desk.refused(do.pause, window="1", reason="nap").detail == {"field": "reason"}
    assert desk.refused(do.pause, window="1", reason="meal", minutes=481).detail == {"field": "minutes"}
    desk.do(do.pause, window="1", reason="meal")
    pause = desk.picture.windows["1"].pause
    assert pause is not None and (pause.reason, pause.until) == ("午间轮换", desk.now + 30 * 60_000)
    assert desk.refused(do.pause, window="1", reason="meal").code == "wrong_state"
    assert desk.picture.windows["1"].state == "paused"
    desk.do(do.resume, window="1")
    assert desk.refused(do.resume, window="1").code == "wrong_state"


def test_stepping_away_keeps_the_visit(desk: Bench) -> None:
    assert desk.refused(do.away, window="1", reason="meal").code == "wrong_state"
    called(desk)
    desk.do(do.start, window="1")
    desk.do(do.away, window="1", reason="meal", minutes=5)
    window = desk.picture.windows["1"]
    assert (window.state, window.ticket is not None) == ("away", True)
    assert desk.refused(do.resume, window="1").code == "wrong_state"
    desk.wait(30)
    desk.do(do.back, window="1")
    assert desk.row(Visit, 1).away == 30_000
    desk.do(do.away, window="1", reason="meal")
    desk.wait(10)
    desk.do(do.finish, window="1")
    assert (desk.row(Visit, 1).away, desk.picture.windows["1"].state) == (40_000, "open")


# -- undo


def test_an_undone_call_waits_in_its_exact_place(desk: Bench) -> None:
    first = take(desk)
    take(desk)
    desk.do(do.call_next, window="1")
    desk.do(do.recall, window="1")
    desk.wait(60)
    assert desk.do(do.undo, window="1") == first
    assert desk.row(Visit, 1).end == "undone"
    assert json.loads(desk.effects()[-1][0])["key"] == "v.undo"
    assert desk.picture.queues["a"].next == ("A001", "A002")
    assert desk.refused(do.undo, window="1").code == "undo_expired"


def test_undo_ends_with_time_and_with_the_next_visit(desk: Bench) -> None:
    called(desk)
    desk.wait(60.001)
    assert desk.refused(do.undo, window="1").code == "undo_expired"
    take(desk)
    desk.do(do.finish, window="1", next=True)
    desk.do(do.start, window="1")
    assert desk.refused(do.undo, window="1").code == "undo_expired"


def test_finish_and_call_are_undone_as_one(desk: Bench) -> None:
    first = called(desk)
    second = take(desk)
    desk.do(do.start, window="1")
    desk.do(do.finish, window="1", next=True)
    desk.do(do.undo, window="1")
    assert (desk.row(Ticket, first.id).state, desk.row(Ticket, second.id)) == ("serving", second)
    view = desk.picture.windows["1"]
    assert view.ticket is not None and view.ticket.id == first.id


def test_a_transfer_that_another_window_took_cannot_be_undone(desk: Bench) -> None:
    called(desk)
    desk.do(do.transfer, window="1", service="b")
    desk.do(do.call_next, window="2")
    assert desk.refused(do.undo, window="1").code == "undo_expired"


# -- midnight and outages


def test_midnight_keeps_visits_and_ends_the_rest(desk: Bench) -> None:
    serving = called(desk)
    waiting, parked = take(desk), called(desk, "2")
    desk.do(do.park, window="2")
    desk.wait(14 * 3600)
    assert desk.do(do.day_change) == 2
    assert {desk.row(Ticket, one.id).ended_by for one in (waiting, parked)} == {"day_end"}
    assert desk.picture.windows["1"].ticket is not None and desk.picture.windows["2"].state == "closed"
    desk.do(do.finish, window="1", next=True)
    assert desk.row(Ticket, serving.id).state == "finished"
    assert desk.picture.windows["1"].state == "closed"
    assert {desk.row(Shift, n).ended_by for n in (1, 2)} == {"day_end"}
    assert desk.do(do.day_change) == 0


def test_after_an_outage_the_clerk_is_asked(desk: Bench) -> None:
    ticket = called(desk)
    desk.do(do.pause, window="2", reason="meal")
    desk.wait(600)
    desk.do(do.recover, since=desk.now - 300_000, until=desk.now)
    assert [desk.picture.windows[no].outage for no in "12"] == [True, False]
    assert (desk.row(Visit, 1).outage, desk.row(Pause, 1).outage) == (300_000, 300_000)
    desk.do(do.continue_visit, window="1")
    assert not desk.row(Window, "1").outage
    assert desk.refused(do.continue_visit, window="1").code == "wrong_state"
    desk.do(do.recover, since=desk.now, until=desk.now)
    back = desk.do(do.return_visit, window="1")
    assert (back.state, back.arrival, back.window) == ("waiting", ticket.arrival, None)
    assert desk.row(Visit, 1).end == "returned"


def test_help_is_called_once_until_it_is_done(desk: Bench) -> None:
    first = desk.do(do.help_call, window="1")
    assert desk.do(do.help_call, window="1").id == first.id
    assert desk.do(do.help_call, kiosk="k1").zone == "1F"
    assert desk.refused(do.help_call, kiosk="k9").code == "not_found"
    desk.do(do.notice_done, notice=first.id)
    assert str(first.id) not in desk.picture.notices
    assert desk.do(do.help_call, window="1").id != first.id
    assert desk.refused(do.notice_done, notice=99).code == "not_found"
