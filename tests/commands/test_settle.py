"""The day's end: A06-A08, C06, C07."""

from __future__ import annotations

from typing import Any

import pytest

from hallq.office import day_sheet, settle
from hallq.office.peak_model import DaySheet, Settlement
from hallq.office.settle import missing
from hallq.ticketing import commands as do
from hallq.ticketing import model
from hallq.ticketing.model import CANCELLED, FINISHED, NO_SHOW
from hallq.ticketing.opening import emergency
from hallq.ticketing.tickets import caps
from tests.commands.conftest import Bench

DAY = 24 * 3600
MONDAY = "2024-05-06"


def sign_in(hall: Bench, *windows: str) -> None:
    for no in windows:
        hall.do(do.sign_in, window=no, person=int(no))


def numbers(hall: Bench, day: str = MONDAY) -> list[str]:
    return [ticket.number for ticket in settle.left(hall.db, day)]


def overnight(hall: Bench) -> None:
    hall.wait(DAY)
    hall.do(do.day_change)
    hall.do(settle.open_sheet)


def notices(hall: Bench) -> dict[str, Any]:
    return {view.key: view for view in hall.picture.notices.values()}


@pytest.mark.parametrize(
    ("how", "calls", "green", "note", "code"),
    [
        ("served", 0, False, "", "settle_proof"),
        ("served", 0, True, "受理号 12", ""),
        ("gave_up", 3, False, "", ""),
        ("gave_up", 4, False, "", ""),
        ("gave_up", 2, False, "", "settle_note"),
        ("gave_up", 2, False, "本人离开", ""),
        ("gave_up", 3, True, "", "settle_name"),
        ("gave_up", 3, True, "王芳：本人离开", ""),
        ("rebooked", 0, False, "", ""),
        ("rebooked", 0, True, "  ", "settle_name"),
    ],
)
def test_what_a_settlement_must_say(how: str, calls: int, green: bool, note: str, code: str) -> None:
    """A07: three calls. A08: the green channel and far travellers are served on the day, or named."""
    assert missing(how, calls=calls, need=3, green=green, note=note) == code


def test_what_the_day_leaves_over(hall: Bench) -> None:
    """A07: waiting, set aside without a right to return, missed; not who fetches papers, nor who cancelled."""
    sign_in(hall, "1", "3")
    kept, papers, missed, gone = (hall.do(do.issue, service="a") for _ in range(4))
    waits = hall.do(do.issue, service="b")
    for ticket, end in ((kept, "kept"), (papers, "papers"), (missed, "")):
        assert hall.do(do.call_next, window="1").id == ticket.id
        if end:
            hall.do(do.start, window="1")
            hall.do(do.park, window="1", kind=end)
        else:
            hall.do(do.recall, window="1")
            hall.wait(61)
            hall.do(do.no_show, window="1", unproved=True)
    hall.do(do.cancel, ticket=gone.id)
    assert set(numbers(hall)) == {kept.number, missed.number, waits.number}
    overnight(hall)
    assert set(numbers(hall)) == {kept.number, missed.number, waits.number}
    assert hall.row(model.Ticket, waits.id).ended_by == "day_end"
    assert hall.row(model.Ticket, papers.id).state == "parked"


def test_unsettled_ones_greet_the_office_until_the_last_is_settled(hall: Bench) -> None:
    """A07"""
    sign_in(hall, "1")
    one, other = (hall.do(do.issue, service="a") for _ in range(2))
    assert hall.do(settle.open_sheet) is None  # today is not over
    overnight(hall)
    greeting = notices(hall)[f"settle/{MONDAY}"]
    assert (greeting.kind, greeting.audience, greeting.detail) == (
        "alarm", "office", '{"day":"2024-05-06","left":2}'
    )  # fmt: skip
    assert hall.do(settle.open_sheet) is None  # once
    hall.do(settle.settle, ticket=one.id, how="served", note="受理号 7")
    hall.do(settle.settle, ticket=other.id, how="rebooked")
    assert f"settle/{MONDAY}" not in notices(hall) and numbers(hall) == []
    assert hall.row(DaySheet, MONDAY).closed_at == hall.now
    assert hall.row(model.Ticket, one.id).state == FINISHED
    assert hall.row(model.Ticket, other.id).state == CANCELLED
    assert hall.refused(settle.settle, ticket=one.id, how="served", note="again").code == "wrong_state"
    assert hall.refused(settle.settle, ticket=999, how="served").code == "not_found"


def test_a_day_without_leftovers_is_closed_by_itself(hall: Bench) -> None:
    sign_in(hall, "1")
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1")
    overnight(hall)
    assert hall.row(DaySheet, MONDAY).closed_at is not None and f"settle/{MONDAY}" not in notices(hall)


def test_giving_up_counts_the_calls_that_were_made(hall: Bench) -> None:
    """A07: gave up after three calls."""
    sign_in(hall, "1")
    ticket = hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.recall, window="1")
    hall.wait(61)
    hall.do(do.no_show, window="1", unproved=True)
    found = hall.refused(settle.settle, ticket=ticket.id, how="gave_up")
    assert found.code == "settle_note" and (found.detail["calls"], found.detail["need"]) == (2, 3)
    hall.do(settle.settle, ticket=ticket.id, how="gave_up", note="广播寻人无应答")
    row = hall.row(model.Ticket, ticket.id)
    assert (row.state, row.ended_by) == (NO_SHOW, "gave_up")


def test_a_whole_service_at_once_or_not_at_all(hall: Bench) -> None:
    """A08: one far traveller without a name, and nothing of the bulk is stored."""
    sign_in(hall, "1", "3")
    hall.do(do.issue, service="a")
    far = hall.do(do.issue, service="a", category="elderly")
    hall.do(do.issue, service="b")
    overnight(hall)
    found = hall.refused(settle.settle_all, day=MONDAY, service="a", how="rebooked")
    assert found.code == "settle_name" and found.detail["number"] == far.number and len(numbers(hall)) == 3
    assert hall.do(settle.settle_all, day=MONDAY, service="a", how="rebooked", note="李明：停电") == 2
    assert len(numbers(hall)) == 1


def test_a_waiting_ticket_leaves_the_queue_when_it_is_settled(hall: Bench) -> None:
    sign_in(hall, "1")
    ticket = hall.do(do.issue, service="a")
    hall.do(settle.settle, ticket=ticket.id, how="rebooked")
    assert hall.picture.queues["a"].waiting == 0


def test_a_rebooked_citizen_comes_back_with_priority_once(hall: Bench) -> None:
    """A07: with the old number and check code, through the green channel, on another working day."""
    sign_in(hall, "1")
    old = hall.do(do.issue, service="a", people=2, cases=3)
    hall.do(settle.settle, ticket=old.id, how="rebooked")
    overnight(hall)
    sign_in(hall, "1")
    ordinary = hall.do(do.issue, service="a")
    wrong = str((int(old.check_code) + 1) % 10000).zfill(4)
    assert hall.refused(settle.restore, number=old.number, check_code=wrong).code == "wrong_code"
    new = hall.do(settle.restore, number=old.number, check_code=old.check_code, kiosk="k1")
    assert (new.green, new.priority, new.people, new.cases, new.day) == (True, "rebooked", 2, 3, "2024-05-07")
    assert new.number not in (ordinary.number,) and hall.row(Settlement, old.id).came_back == new.id
    assert hall.do(do.call_next, window="1").id == new.id
    assert hall.refused(settle.restore, number=old.number, check_code=old.check_code).code in (
        "wrong_code", "go_to_window"
    )  # fmt: skip


def test_nobody_comes_back_in_an_emergency(hall: Bench) -> None:
    sign_in(hall, "1")
    old = hall.do(do.issue, service="a")
    hall.do(settle.settle, ticket=old.id, how="rebooked")
    overnight(hall)
    sign_in(hall, "1")
    hall.do(emergency.begin)
    assert hall.refused(settle.restore, number=old.number, check_code=old.check_code).code == "emergency"


def test_the_right_to_come_back_ends(hall: Bench) -> None:
    sign_in(hall, "1")
    old = hall.do(do.issue, service="a")
    hall.do(settle.settle, ticket=old.id, how="rebooked")
    hall.wait(31 * DAY)
    assert hall.refused(settle.restore, number=old.number, check_code=old.check_code).code == "wrong_code"


def test_a_business_does_not_end_while_people_wait(hall: Bench) -> None:
    """A07: refused while a number waits or is set aside; then its numbers stop for the day."""
    sign_in(hall, "1")
    hall.do(do.issue, service="a")
    found = hall.refused(settle.close_service, service="a")
    assert found.code == "still_waiting" and found.detail["waiting"] == 1
    hall.do(do.call_next, window="1")
    hall.do(do.park, window="1", kind="kept")
    assert hall.refused(settle.close_service, service="a").code == "still_waiting"
    hall.do(do.call, window="1", ticket=1)
    hall.do(do.finish, window="1")
    hall.do(settle.close_service, service="a")
    assert caps.stopped(hall.db, "a") is not None
    assert hall.refused(do.issue, service="a").code == "stopped"


def test_extended_service(hall: Bench) -> None:
    """C06: after 17:30 the windows go on until the queue is empty; minutes and tickets are counted per clerk (C07)."""
    sign_in(hall, "1")
    green = [hall.do(do.issue, service="a"), hall.do(do.issue, service="a", category="elderly")][1]
    hall.wait(7.5 * 3600 + 60)  # 17:31
    hall.do(settle.keep_extended)
    assert notices(hall)["extended"].audience == "public"
    assert hall.refused(do.issue, service="a").code == "closed"
    assert hall.do(do.call_next, window="1").id == green.id  # the green channel first
    hall.wait(600)
    hall.do(do.finish, window="1")
    hall.do(do.call_next, window="1")
    hall.do(settle.keep_extended)
    assert "extended" not in notices(hall)  # nobody waits any more
    hall.wait(300)
    hall.do(do.finish, window="1")
    assert day_sheet.extended(hall.db, day=MONDAY) == [{"person": 1, "name": "clerk1", "tickets": 2, "minutes": 15}]
    assert day_sheet.extended(hall.db, day="2024-05-05") == []  # a Sunday


def test_the_midday_break_is_no_extended_service(hall: Bench) -> None:
    sign_in(hall, "1")
    hall.do(do.issue, service="a")
    hall.wait(2.5 * 3600)  # 12:30
    hall.do(settle.keep_extended)
    assert "extended" not in notices(hall)


def test_the_days_sheet(hall: Bench) -> None:
    """A07, A08: issued, served, left, stops and caps of each service, and every leftover with what it needs."""
    sign_in(hall, "1")
    hall.do(caps.set_cap, service="a", day=MONDAY, cap=9)
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.finish, window="1")
    far = hall.do(do.issue, service="a", category="elderly")
    hall.do(caps.stop, service="a", reason="系统检修")
    hall.do(caps.turn_away, service="a", why="stopped")
    sheet = day_sheet.sheet(hall.db, day=MONDAY)
    [row] = sheet["services"]
    assert (row["issued"], row["served"], row["left"], row["cap"]) == (2, 1, 1, 9)
    assert row["stopped"] == {"reason": "系统检修", "since": "10:00", "until": None}
    assert row["turned_away"] == {"stopped": 1}
    [left] = sheet["left"]
    assert (left["number"], left["green"], left["calls"], left["came"]) == (far.number, True, 0, "10:00")
    assert not sheet["closed"] and sheet["need_calls"] == 3
