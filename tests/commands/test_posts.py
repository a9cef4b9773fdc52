"""People at windows: take-over, who may serve where, the office's hand, messages, cover."""

from __future__ import annotations

from typing import Any

from hallq.office import messages, posts
from hallq.office.post_model import Handover
from hallq.ticketing import commands as do
from hallq.ticketing import model
from tests.commands.conftest import Bench


def change(tx: Any, *, kind: Any, key: Any, **values: Any) -> None:
    tx.update(tx.get(kind, key), **values)


def add(tx: Any, *, kind: Any, **values: Any) -> None:
    tx.insert(kind, **values)


def told(hall: Bench, person: int) -> list[str]:
    return [view.words or view.text for view in hall.picture.notices.values() if view.person == person]


# -- taking over


def test_the_partner_takes_over_in_one_step_b03(hall: Bench) -> None:
    hall.do(change, kind=model.Window, key="1", partner=4)
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.pause, window="1", reason="meal")
    shift = hall.do(posts.take_over, window="1", person=4)
    view = hall.picture.windows["1"]
    assert view.clerk is not None
    assert (view.clerk.id, view.state, view.pause) == (4, "open", None)
    [left] = [row for row in hall.db.find(model_shifts()) if row.person == 1]
    assert (left.ended_by, left.ended_at) == ("take_over", hall.now)
    assert hall.row(model.Pause, 1).ended_at == hall.now
    assert shift.person == 4
    assert told(hall, 1) == ["ms.takenOver"]
    handed = hall.row(Handover, 1)  # B32
    assert (handed.giver, handed.taker, handed.window) == (1, 4, "1")


def model_shifts() -> Any:
    from sqlmodel import select

    return select(model.Shift)


def test_a_hand_over_names_what_is_parked_b32(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.park, window="1", kind="kept")
    hall.do(do.pause, window="1", reason="meal")
    hall.do(posts.take_over, window="1", person=2, faults="led-1")
    assert (hall.row(Handover, 1).parked, hall.row(Handover, 1).faults) == ("A001", "led-1")


def test_no_take_over_during_a_visit_nor_from_who_works_b03(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    assert hall.refused(do.take_over, window="1", person=2).code == "window_taken"  # nobody is pushed away
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(do.away, window="1", reason="meal")
    assert hall.refused(do.take_over, window="1", person=2).code == "ticket_open"
    assert hall.refused(do.take_over, window="1", person=4).code == "not_qualified"


# -- who may serve where


def test_a_skill_opens_another_departments_window_b04_j06(hall: Bench) -> None:
    assert hall.refused(do.sign_in, window="4", person=1).code == "not_qualified"
    hall.do(add, kind=model.Skill, person=1, service="c")
    assert hall.do(do.sign_in, window="4", person=1).window == "4"


def test_a_stand_in_works_in_the_term_alone_j06(hall: Bench) -> None:
    hall.do(change, kind=model.Person, key=1, from_day="2024-05-07", until_day="2024-05-08")
    code = hall.refused(do.sign_in, window="1", person=1)
    assert (code.code, code.detail) == ("not_in_term", {"since": "2024-05-07", "until": "2024-05-08"})
    hall.wait(24 * 3600)
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.sign_out, window="1")
    hall.wait(2 * 24 * 3600)
    assert hall.refused(do.sign_in, window="1", person=1).code == "not_in_term"


def test_sign_out_after_closing_still_counts_c07_j02(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.wait(9 * 3600 + 40 * 60)  # 19:40
    assert hall.do(do.sign_out, window="1").ended_by == "signed_out"


# -- the office


def test_the_office_pauses_a_window_that_was_left(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(posts.pause_window, window="1", reason="meal", actor="person:9")
    assert hall.picture.windows["1"].state == "paused"
    assert told(hall, 1) == ["ms.paused"]


def test_the_office_pauses_during_a_visit_as_stepping_away(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(posts.pause_window, window="1", reason="meal")
    assert hall.picture.windows["1"].state == "away"


def test_the_office_returns_a_ticket_to_its_exact_place(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    first, _ = hall.do(do.issue, service="a"), hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    hall.do(posts.return_ticket, window="1")
    assert hall.picture.queues["a"].next[0] == first.number
    assert hall.picture.windows["1"].ticket is None
    assert hall.row(model.Visit, 1).end == "returned"


def test_the_office_signs_a_clerk_out(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    ticket = hall.do(do.issue, service="a")
    hall.do(do.call_next, window="1")
    assert hall.refused(posts.sign_out, window="1").code == "ticket_open"
    hall.do(posts.sign_out, window="1", return_ticket_too=True)
    assert hall.picture.windows["1"].state == "closed"
    assert hall.row(model.Ticket, ticket.id).state == "waiting"
    assert hall.row(model.Shift, 1).ended_by == "office"


def test_a_service_is_added_for_today_b04(hall: Bench) -> None:
    assert hall.refused(posts.add_service, window="1", service="b").code == "not_signed_in"
    hall.do(do.sign_in, window="1", person=1)
    code = hall.refused(posts.add_service, window="1", service="b")
    assert (code.code, code.detail) == ("no_skill", {"name": "clerk1", "service": "b"})
    hall.do(add, kind=model.Skill, person=1, service="b")
    for _ in range(2):
        hall.do(posts.add_service, window="1", service="b")
    assert hall.picture.windows["1"].services == ("a", "b")
    hall.do(do.issue, service="b")
    assert hall.do(do.call_next, window="1").service == "b"


def test_what_was_added_ends_tonight(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(add, kind=model.Skill, person=1, service="b")
    hall.do(posts.add_service, window="1", service="b")
    hall.wait(10 * 3600)
    hall.do(posts.evening)
    assert list(hall.picture.windows["1"].services) == ["a", "b"]
    hall.wait(5 * 3600)
    hall.do(posts.evening)
    assert list(hall.picture.windows["1"].services) == ["a"]
    assert hall.refused(posts.drop_service, window="1", service="a").code == "not_found"  # the catalogue's stays


def test_a_message_and_its_receipt(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.sign_in, window="2", person=2)
    everyone = hall.do(messages.send, text="下午两点开会", everyone=True)
    assert sorted(notice.person for notice in everyone) == [1, 2]
    [one] = hall.do(messages.send, text="请来大厅管理室", window="1")
    assert one.person == 1
    assert hall.refused(messages.send, text="好", window="3").code == "not_signed_in"
    assert hall.refused(messages.send, text=" ", person=1).code == "invalid"
    hall.do(messages.read, notice=one.id, actor="person:1")
    hall.do(messages.read, notice=one.id, actor="person:2")
    row = next(row for row, _ in messages.sent(hall.db, since=0) if row.id == one.id)
    assert (row.done_at, row.done_by) == (hall.now, "person:1")


def test_temporary_cover_for_today(hall: Bench) -> None:
    wish: dict[str, Any] = {"person": 4, "window": "1", "reason": "原岗人员急诊", "start": True, "actor": "person:9"}
    refusal = hall.refused(posts.cover, **wish)
    assert (refusal.code, refusal.detail["missing"]) == ("cover_unqualified", ["skill"])  # J06
    made = hall.do(posts.cover, **wish, leader="张主任")
    assert hall.row(model.Cover, 4, "1").allowed_by == "张主任"
    clerk = hall.picture.windows["1"].clerk
    assert clerk is not None and clerk.id == 4
    assert len(made.staff_no) == 6
    hall.do(do.sign_out, window="1")
    hall.wait(24 * 3600)
    assert hall.refused(do.sign_in, window="1", person=4).code == "not_qualified"
    assert hall.refused(posts.cover, person=4, window="1", reason=" ").code == "invalid"
