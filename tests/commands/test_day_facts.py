"""The facts of a day: kept once it is over, found again by computing anew, set right beside them; leave."""

from __future__ import annotations

from typing import Any

from hallq.office import day_book, day_facts, leaves
from hallq.office.day_model import DayFacts
from hallq.ticketing import commands as do
from hallq.ticketing import model
from tests.commands.conftest import Bench

MONDAY = "2024-05-06"


def plain(rows: list[Any]) -> list[dict[str, Any]]:
    names = [name for name in DayFacts.model_fields if name != "id"]
    return [{name: getattr(row, name) for name in names} for row in rows]


def worked(hall: Bench) -> None:
    """Clerk 1 serves one citizen, and goes home without signing out."""
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a", kiosk="k1")
    hall.do(do.call_next, window="1")
    hall.wait(60)
    hall.do(do.start, window="1")
    hall.wait(300)
    hall.do(do.finish, window="1")


def turn(hall: Bench, days: int = 1) -> None:
    """So many nights, up to two in the morning."""
    from hallq.ticketing.days import day_change

    hall.wait(days * 24 * 3600 - 8 * 3600)
    hall.do(day_change)
    for _ in range(3):
        hall.do(day_book.keep)


def test_a_day_is_kept_once_it_is_over_and_found_again(hall: Bench) -> None:
    worked(hall)
    hall.do(day_book.keep)
    assert day_facts.of(hall.db, 1, MONDAY, MONDAY) == []
    turn(hall)
    [kept] = day_facts.of(hall.db, 1, MONDAY, MONDAY)
    assert (kept.window, kept.served, kept.walking_s, kept.handling_s) == ("1", 1, 60, 300)
    assert kept.marks.split(",") == ["late", "missing_out"]  # J02
    assert plain([kept]) == plain([one for one in day_facts.compute_day(hall.db, MONDAY) if one.person == 1])
    hall.do(day_book.renew, day=MONDAY)
    assert hall.changes == []


def test_who_does_not_come_is_missed_only_where_due_j02_j03(hall: Bench) -> None:
    for person in ("1", "2", "3"):
        hall.do(do.sign_in, window=person, person=int(person))
    turn(hall)
    hall.do(day_book.record_leave, person=2, kind="sick", since="2024-05-07", until="2024-05-07", by="林静")
    hall.wait(8 * 3600)
    hall.do(do.sign_in, window="1", person=1)
    turn(hall)
    marks = {row.person: row.marks for row in hall.db.find(day_facts.ON, day="2024-05-07")}
    assert marks == {1: "late,missing_out", 3: "missing_in,missing_out"}  # 2 is on leave, 4 never came


def test_leave_told_later_changes_the_day_and_says_so_j03(hall: Bench) -> None:
    worked(hall)
    turn(hall)
    leave = hall.do(
        day_book.record_leave, person=1, kind="sick", since=MONDAY, until=MONDAY, reason="发热", by="林静"
    )  # fmt: skip
    assert leave.late
    [kept] = day_facts.of(hall.db, 1, MONDAY, MONDAY)
    assert kept.marks == ""
    again: dict[str, Any] = {"person": 1, "kind": "trip", "since": "2024-05-05", "until": MONDAY, "by": "林静"}
    refusal = hall.refused(day_book.record_leave, **again)
    assert (refusal.code, refusal.detail["since"]) == ("leave_overlaps", MONDAY)
    hall.do(day_book.cancel_leave, leave=leave.id, by="林静")
    assert day_facts.of(hall.db, 1, MONDAY, MONDAY)[0].marks == "late,missing_out"
    assert hall.refused(day_book.cancel_leave, leave=leave.id, by="林静").code == "wrong_state"
    assert leaves.standing(hall.db, MONDAY, MONDAY) == []
    assert "发热" not in str(hall.rows("journal"))


def test_a_correction_stands_beside_and_overwrites_nothing(hall: Bench) -> None:
    worked(hall)
    turn(hall)
    wish: dict[str, Any] = {"person": 1, "day": MONDAY, "mark": "late", "reason": "停电", "by": "林静"}
    first = hall.do(day_book.correct, **wish)
    assert hall.do(day_book.correct, **wish).id == first.id
    assert day_facts.of(hall.db, 1, MONDAY, MONDAY)[0].marks == "late,missing_out"
    assert set(day_facts.corrected(hall.db, 1, MONDAY, MONDAY)) == {(MONDAY, "late")}
    assert hall.refused(day_book.correct, **wish | {"mark": "x"}).code == "invalid"
    assert hall.refused(day_book.correct, **wish | {"mark": "early", "reason": " "}).code == "invalid"


def test_days_that_nobody_kept_are_made_up_for(hall: Bench) -> None:
    worked(hall)
    turn(hall, days=4)
    assert len(day_facts.of(hall.db, 1, MONDAY, "2024-05-09")) >= 1
    assert hall.row(model.Said, f"facts/{MONDAY}").at == hall.now
