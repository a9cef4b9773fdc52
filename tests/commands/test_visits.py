"""A visit with several stops, sent on, set aside, missed, lost: A02, A17-A20, A24 and identity."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hallq.kernel import Refused
from hallq.ticketing import commands as do
from hallq.ticketing.model import Holder, QueueCount, Service, Ticket, Visit, Window
from hallq.ticketing.rules import Rules, cases_of_call
from hallq.ticketing.tickets import holders
from hallq.ticketing.waiting import out_of_order
from hallq.ticketing.windows import transfers
from tests.commands.conftest import Bench, open_bench
from tests.commands.test_verbs import called, take

INVITED = "closed_why != 'withdrawn'"


@pytest.fixture
def desk(hall: Bench) -> Bench:
    """Clerks 1, 2 and 3 are signed in at windows 1 (A), 2 (A and B) and 3 (B)."""
    for no in (1, 2, 3):
        hall.do(do.sign_in, window=str(no), person=no)
    return hall


def settle(hall: Bench) -> None:
    hall.do(transfers.settle_addressed)


def set_service(hall: Bench, code: str, **columns: Any) -> None:
    hall.do(lambda tx: tx.update(tx.get(Service, code), **columns))


def missed(hall: Bench, service: str = "a") -> Ticket:
    ticket = called(hall, "1", service)
    hall.do(do.recall, window="1")
    hall.wait(60)
    hall.do(do.no_show, window="1", unproved=True)
    return ticket


def find(hall: Bench, ticket: Ticket, code: str | None = None) -> Any:
    return hall.do(do.restore, number=ticket.number, check_code=ticket.check_code if code is None else code)


# -- several services in one visit (A20)


def test_a20_the_next_stop_is_queued_when_the_former_ends(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a", then=["b", "c"])
    other = take(desk, "b")
    desk.do(do.call_next, window="1")
    desk.do(do.start, window="1")
    on = desk.do(do.finish, window="1")
    assert (on.state, on.service, on.then, on.arrival, on.number) == ("waiting", "b", "c", ticket.arrival, "A001")
    assert desk.row(Visit, 1).end == "finished" and len(desk.rows("invitation")) == 1  # this clerk is rated
    assert desk.do(do.call_next, window="3").id == ticket.id != other.id  # it came first
    assert json.loads(desk.effects()[-1][0])["key"] == "v.transfer"
    desk.do(do.undo, window="3")
    assert desk.row(Ticket, ticket.id).state == "waiting"


def test_a20_a_clerk_adds_a_stop_and_an_undo_takes_it_back(desk: Bench) -> None:
    ticket = called(desk)
    on = desk.do(do.finish, window="1", then=["b"])
    assert (on.state, on.service, on.stops) == ("waiting", "b", 1)
    desk.do(do.undo, window="1")
    back = desk.row(Ticket, ticket.id)
    assert (back.state, back.service, back.then, back.stops) == ("called", "a", None, None)
    moved = desk.do(do.transfer, window="1", service="b", then=["a"])
    assert (moved.service, moved.then) == ("b", "a")


def test_a20_finish_and_call_next_may_call_the_same_citizen(desk: Bench) -> None:
    ticket = desk.do(do.issue, service="a", then=["b"])
    desk.do(do.call_next, window="2")
    assert desk.do(do.finish, window="2", next=True).id == ticket.id
    assert desk.do(do.finish, window="2").state == "finished"


@pytest.mark.parametrize("then", [["zzz"], ["d"], ["b"] * 6])
def test_a20_stops_that_nobody_offers_are_refused(desk: Bench, then: list[str]) -> None:
    assert desk.refused(do.issue, service="a", then=then).detail == {"field": "then"}
    called(desk)
    assert desk.refused(do.finish, window="1", then=then).detail == {"field": "then"}


def test_a_stop_that_is_offered_no_more_holds_nobody_up(desk: Bench) -> None:
    desk.do(do.issue, service="a", then=["b"])
    desk.do(do.call_next, window="1")
    set_service(desk, "b", active=False)
    assert desk.do(do.finish, window="1").state == "finished"


# -- transfer (A17-A19, A24)


def test_a17_to_a_clerk_who_is_found_where_that_clerk_is(desk: Bench) -> None:
    ticket = called(desk)
    moved = desk.do(do.transfer, window="1", clerk=3)  # window 3 offers no A: its first service
    assert (moved.service, moved.for_window, moved.for_person, moved.arrival) == ("b", "3", 3, ticket.arrival)
    assert desk.refused(do.call_next, window="2").code == "nobody_waiting"
    desk.do(do.sign_out, window="2")
    desk.do(do.sign_out, window="3")
    settle(desk)
    assert desk.row(Ticket, ticket.id).for_window is None
    desk.do(do.sign_in, window="2", person=3)
    settle(desk)
    assert desk.row(Ticket, ticket.id).for_window == "2"  # it follows
    assert desk.do(do.call_next, window="2").id == ticket.id


def test_a17_nobody_is_stuck_when_the_addressee_goes(desk: Bench) -> None:
    ticket = called(desk, "2", "b")
    desk.do(do.transfer, window="2", to_window="3")
    settle(desk)
    assert not desk.changes
    assert desk.refused(do.call_next, window="2").code == "nobody_waiting"
    desk.do(do.sign_out, window="3")
    settle(desk)
    assert desk.do(do.call_next, window="2").id == ticket.id


def test_a17_nobody_is_stuck_when_the_window_closes(desk: Bench) -> None:
    ticket = called(desk, "2", "b")
    desk.do(do.transfer, window="2", clerk=3)
    desk.do(lambda tx: tx.update(tx.get(Window, "3"), closed="temp"))
    settle(desk)
    assert desk.do(do.call_next, window="2").id == ticket.id


def test_who_is_not_there_gets_nobody(desk: Bench) -> None:
    called(desk)
    assert desk.refused(do.transfer, window="1", clerk=4).code == "clerk_absent"
    assert desk.refused(do.transfer, window="1", clerk=4).detail == {"name": "clerk4"}
    assert desk.refused(do.transfer, window="1", clerk=3, service="c").detail == {"field": "service"}


def test_a18_ping_pong_reaches_the_office(desk: Bench) -> None:
    ticket = called(desk)
    desk.do(do.transfer, window="1", service="b")
    assert not desk.picture.notices
    desk.do(do.call_next, window="3")
    desk.do(do.transfer, window="3", service="a")
    [notice] = desk.picture.notices.values()
    assert (notice.kind, notice.key, notice.rank, notice.audience) == ("alarm", f"pingpong/{ticket.id}", 2, "office")
    detail = json.loads(notice.detail)
    assert (detail["no"], detail["n"], [clerk["id"] for clerk in detail["clerks"]]) == ("A001", 2, [1, 3])
    desk.do(do.call_next, window="1")
    desk.do(do.transfer, window="1", service="b")
    assert len(desk.picture.notices) == 1
    desk.do(do.call_next, window="3")
    desk.do(transfers.settle_addressed)
    assert len(desk.picture.notices) == 1
    desk.do(do.finish, window="3")
    desk.do(transfers.settle_addressed)
    assert not desk.picture.notices


def test_a24_where_to_go_is_said_in_the_fixed_words(desk: Bench) -> None:
    called(desk, "2", "b")
    desk.do(do.transfer, window="2", to_window="3")
    assert json.loads(desk.effects()[-1][0]) == {"key": "v.onward", "no": "B001", "win": "3"}
    undo = desk.picture.windows["2"].undo
    assert undo is not None and (undo.number, undo.onward) == ("B001", "3")  # on the strip
    called(desk, "1")
    desk.do(do.transfer, window="1", service="b")
    assert json.loads(desk.effects()[-1][0])["key"] == "v.call"  # which window it will be is not known yet


@pytest.mark.parametrize(("started", "invitations"), [(True, 1), (False, 0)])
def test_who_began_and_sent_on_is_rated(desk: Bench, started: bool, invitations: int) -> None:
    called(desk)
    if started:
        desk.do(do.start, window="1")
    desk.do(do.transfer, window="1", service="b")
    assert len(desk.rows("invitation")) == invitations
    desk.do(do.undo, window="1")
    assert not desk.rows("invitation", INVITED)


# -- set aside, with a right to return


def test_who_fetches_papers_may_return_for_five_working_days(desk: Bench) -> None:
    ticket = called(desk)  # Monday
    parked = desk.do(do.park, window="1", kind="papers")
    assert parked.return_by == "2024-05-11"  # a make-up Saturday
    desk.wait(24 * 3600)
    assert desk.do(do.day_change) == 0
    for no in (1, 2):
        desk.do(do.sign_in, window=str(no), person=no)
    assert take(desk).number == "A002"  # A001 may come back
    desk.wait(60)
    back = find(desk, ticket)
    assert (back.state, back.green, back.priority, back.arrival) == ("waiting", 1, "return", desk.now)
    assert (back.day, back.return_by, back.number) == ("2024-05-07", None, "A001")
    assert desk.picture.windows["1"].parked == ()
    assert desk.do(do.call_next, window="2").id == ticket.id


def test_the_right_ends_with_its_last_day(desk: Bench) -> None:
    ticket = called(desk)
    desk.do(do.park, window="1", kind="papers")
    desk.wait(6 * 24 * 3600)
    assert desk.do(do.day_change) == 1
    assert desk.refused(do.restore, number=ticket.number, check_code=ticket.check_code).code == "return_over"


def test_kept_papers_stay_at_their_window(desk: Bench) -> None:
    ticket = called(desk)
    desk.do(do.park, window="1", kind="kept")
    error = desk.refused(do.restore, number=ticket.number, check_code=ticket.check_code)
    assert (error.code, error.detail) == ("go_to_window", {"window": "1"})
    assert desk.refused(do.call, window="2", ticket=ticket.id).code == "wrong_state"


def test_any_window_of_the_service_may_call_it_back(desk: Bench) -> None:
    ticket = called(desk)
    desk.do(do.park, window="1", kind="step", any_window=True)
    assert [view.id for view in desk.picture.windows["2"].parked] == [ticket.id]
    assert desk.refused(do.call, window="3", ticket=ticket.id).code == "wrong_state"
    version = desk.picture.windows["1"].version
    back = desk.do(do.call, window="2", ticket=ticket.id)
    assert (back.window, back.any_window) == ("2", None)
    assert desk.picture.windows["1"].parked == () and desk.picture.windows["1"].version == version + 1


def test_a_notice_is_printed_where_there_is_a_printer(desk: Bench) -> None:
    desk.do(do.issue, service="a", kiosk="k1")
    desk.do(do.call_next, window="1")
    desk.do(do.park, window="1", kind="papers")
    assert json.loads(desk.effects("print")[-1][0]) == {"ticket": 1, "kind": "return"}


# -- found again


def test_a_missed_number_is_found_once_behind_three(desk: Bench) -> None:
    ticket = missed(desk)
    waiting = []
    for _ in range(5):
        desk.wait(1)
        waiting.append(take(desk))
    back = find(desk, ticket)
    assert (back.state, back.restored, back.number) == ("waiting", 1, "A001")
    assert waiting[2].arrival < back.arrival < waiting[3].arrival
    assert find(desk, ticket).id == ticket.id and not desk.changes  # it waits already: the same answer
    for _ in range(4):
        last = desk.do(do.call_next, window="1") if desk.row(Window, "1").ticket is None else desk.do(
            do.finish, window="1", next=True
        )  # fmt: skip
    assert last.id == ticket.id
    desk.do(do.recall, window="1")
    desk.wait(60)
    desk.do(do.no_show, window="1", unproved=True)
    error = desk.refused(do.restore, number=ticket.number, check_code=ticket.check_code)
    assert (error.code, error.detail) == ("found_before", {"times": 1})


def test_with_few_waiting_it_is_last(desk: Bench) -> None:
    ticket = missed(desk)
    take(desk)
    desk.wait(5)
    assert find(desk, ticket).arrival == desk.now


@pytest.mark.parametrize("what", ["code", "number", "finished", "cancelled", "yesterday"])
def test_whatever_is_wrong_is_refused_alike(desk: Bench, what: str) -> None:
    ticket = missed(desk)
    number, code = ticket.number, ticket.check_code
    if what == "code":
        code = "x" + code[1:]
    elif what == "number":
        number = "A099"
    elif what == "yesterday":
        desk.wait(24 * 3600)
    else:
        number, code = (take(desk) if what == "cancelled" else called(desk)).number, ""
        done = desk.rows("ticket", f"number = '{number}'")[0]
        desk.do(do.cancel, ticket=done[0]) if what == "cancelled" else desk.do(do.finish, window="1")
        code = desk.row(Ticket, done[0]).check_code
    error = desk.refused(do.restore, number=number, check_code=code)
    assert (error.code, error.detail) == ("wrong_code", {})


def test_who_is_called_now_is_sent_to_the_window(desk: Bench) -> None:
    ticket = called(desk)
    error = desk.refused(do.restore, number=ticket.number, check_code=ticket.check_code)
    assert (error.code, error.detail) == ("go_to_window", {"window": "1"})


# -- groups and bundles


@pytest.mark.parametrize(
    ("cases", "done", "per_call", "expected"),
    [
        (1, 0, None, (1, 0)),
        (7, 0, None, (7, 0)),
        (7, 0, 3, (3, 4)),
        (7, 3, 3, (3, 1)),
        (7, 6, 3, (1, 0)),
        (3, 0, 3, (3, 0)),
    ],
)
def test_cases_of_a_call(cases: int, done: int, per_call: int | None, expected: tuple[int, int]) -> None:
    assert cases_of_call(cases, done, per_call) == expected


def test_many_cases_queue_again_with_the_same_number(desk: Bench) -> None:
    set_service(desk, "a", cases_per_call=3)
    ticket = desk.do(do.issue, service="a", cases=7)
    assert desk.row(QueueCount, "a").cases == 7
    other = take(desk)
    assert desk.row(QueueCount, "a").cases == 8
    desk.do(do.call_next, window="1")
    desk.wait(10)
    again = desk.do(do.finish, window="1")
    assert (again.state, again.number, again.cases_done, again.arrival) == ("waiting", "A001", 3, desk.now)
    assert desk.row(QueueCount, "a").cases == 5
    assert [desk.do(do.call_next, window="1").id, desk.do(do.finish, window="1", next=True).id] == [other.id, ticket.id]
    desk.do(do.finish, window="1", next=True)
    assert desk.do(do.finish, window="1").state == "finished"
    mine = [row for row in desk.rows("visit") if row[2] == ticket.id]
    assert [desk.row(Visit, row[0]).cases for row in mine] == [3, 3, 1]
    assert desk.row(QueueCount, "a").cases == 0


def test_a_service_without_groups_takes_one(desk: Bench) -> None:
    set_service(desk, "a", groups=False)
    assert desk.refused(do.issue, service="a", people=2).detail == {"field": "people"}
    assert desk.refused(do.issue, service="a", cases=2).detail == {"field": "cases"}
    assert take(desk).cases == 1


# -- a lost slip


def test_a_new_slip_voids_the_old_one(desk: Bench) -> None:
    ticket = take(desk)
    desk.wait(30)
    new = desk.do(do.reissue, ticket=ticket.id, check_code=ticket.check_code, kiosk="k1", printer=True)
    assert (new.number, new.arrival, new.reissued, new.print) == ("A001", ticket.arrival, 1, "pending")
    assert new.check_code != ticket.check_code and new.phone_token != ticket.phone_token
    assert desk.refused(do.restore, number="A001", check_code=ticket.check_code).code == "wrong_code"
    assert desk.refused(do.reissue, ticket=ticket.id, check_code=ticket.check_code).code == "wrong_code"
    assert desk.refused(do.reissue, ticket=99, check_code="1234").code == "wrong_code"
    assert desk.do(do.reissue, ticket=ticket.id).reissued == 2  # a guide
    desk.do(do.cancel, ticket=ticket.id)
    assert desk.refused(do.reissue, ticket=ticket.id).code == "wrong_state"


# -- many numbers, and identity


def test_the_fourth_number_in_a_minute_needs_a_guide(desk: Bench) -> None:
    at_kiosk: dict[str, Any] = {"service": "a", "kiosk": "k1", "self_service": True}
    for _ in range(3):
        desk.do(do.issue, **at_kiosk)
    error = desk.refused(do.issue, **at_kiosk)
    assert (error.code, error.detail["n"]) == ("ask_guide", 3)
    assert desk.do(do.issue, service="b", kiosk="k1", self_service=True).number == "B001"
    assert desk.do(do.issue, service="a", kiosk="k1").number == "A004"  # a guide
    desk.wait(60)
    assert desk.do(do.issue, **at_kiosk).number == "A005"


def test_a_trial_hall_gives_as_many_as_are_asked(tmp_path: Path, rules: Rules) -> None:
    with open_bench(tmp_path / "always.db", replace(rules, always_open=True)) as hall:
        for _ in range(9):
            hall.do(do.issue, service="a", kiosk="k1", self_service=True)


def test_one_open_ticket_per_person_and_service(desk: Bench) -> None:
    take(desk)
    ticket = desk.do(do.issue, service="a", holder="hash-1")
    error = desk.refused(do.issue, service="a", holder="hash-1")
    assert (error.code, error.detail) == ("already_waiting", {"number": "A002", "ahead": 1, "service": "a"})
    assert desk.do(do.issue, service="b", holder="hash-1").number == "B001"
    assert desk.do(do.issue, service="a", holder="hash-2").number == "A003"
    desk.do(do.cancel, ticket=ticket.id)
    assert desk.db.get(Holder, ticket.id) is None
    assert desk.do(do.issue, service="a", holder="hash-1").number == "A004"


def test_no_hash_outlives_its_ticket_or_the_day(desk: Bench) -> None:
    for holder in ("x", "y"):
        desk.do(do.issue, service="a", holder=holder)
    desk.do(do.call_next, window="1")
    desk.do(do.finish, window="1")
    assert len(desk.rows("holder")) == 1
    desk.do(holders.forget)
    assert not desk.rows("holder")


def test_required_identity_has_a_manual_way(desk: Bench) -> None:
    set_service(desk, "a", identity="required")
    assert desk.refused(do.issue, service="a", self_service=True).code == "identity_needed"
    assert desk.do(do.issue, service="a", self_service=True, holder="x").number == "A001"
    assert desk.do(do.issue, service="a").number == "A002"  # a guide
    set_service(desk, "a", identity="ask")
    assert desk.do(do.issue, service="a", self_service=True).number == "A003"


def test_who_adds_a_service_that_waits_already(desk: Bench) -> None:
    desk.do(do.issue, service="b", then=["a"], holder="x")
    with pytest.raises(Refused, match="already_waiting"):
        desk.do(do.issue, service="a", holder="x")


# -- without a number (A02)


def test_a02_who_was_not_called_is_served_with_a_reason_only(desk: Bench) -> None:
    assert desk.refused(do.walk_in, window="1", service="a", reason=" ").detail == {"field": "reason"}
    assert desk.refused(do.walk_in, window="1", service="b", reason="行动不便").detail == {"field": "service"}
    ticket = desk.do(do.walk_in, window="1", service="a", reason="行动不便")
    assert (ticket.state, ticket.number, ticket.source, ticket.started_at) == ("serving", "A001", "walk_in", desk.now)
    assert not desk.effects()
    [row] = out_of_order.listed(desk.db, since="2024-05-06", until="2024-05-06")
    assert (row["kind"], row["window"], row["person"], row["reason"]) == ("no_ticket", "1", "clerk1", "行动不便")
    assert desk.refused(do.walk_in, window="1", service="a", reason="x").code == "ticket_open"
    assert desk.do(do.finish, window="1").state == "finished"
    assert len(desk.rows("invitation")) == 1
