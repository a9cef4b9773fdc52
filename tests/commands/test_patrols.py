"""Patrols from the first item to the ledger: what the system knows, findings, objections, repeats, due dates."""

from __future__ import annotations

from typing import Any

import pytest

from hallq import files
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols import answers, commands, due, looks, prefill
from hallq.assessment.patrols.model import Finding
from hallq.assessment.standards.commands import shipped
from hallq.ticketing import model
from hallq.ticketing.tickets import issue, walk_in
from hallq.ticketing.windows import shifts, visits
from tests.commands.conftest import Bench

DAY = 86_400


def chiefs(tx: Any) -> None:
    tx.insert(model.Person, id=20, name="chief", role="chief", department="social")
    for number in (1, 2, 3):
        tx.update(tx.get(model.Person, number), department="social")


def walk(hall: Bench, kind: str = "daily", **more: Any) -> Any:
    return hall.do(commands.start, kind=kind, areas=["1/front", "1/public"], **more)


def found(hall: Bench, code: str = "games", **more: Any) -> Finding:
    row: Finding = hall.do(commands.record, code=code, **({"window": "1"} | more))
    return row


def step(hall: Bench, row: Finding, name: str, **more: Any) -> Finding:
    hall.do(answers.answer, finding=row.id, step=name, **({"text": "说明"} | more))
    after: Finding = hall.row(Finding, row.id)
    return after


def ledger(hall: Bench) -> list[tuple[str, str, int | None, int]]:
    """What counts: entries less those that are taken back."""
    rows = [hall.row(Entry, number) for number, *_ in hall.rows("ledger_entry")]
    gone = {row.cancels for row in rows if row.cancels}
    return [(row.kind, row.ref, row.person, row.amount) for row in rows if row.id not in gone and not row.cancels]


def notices(hall: Bench) -> dict[str, Any]:
    return {notice.key: notice for notice in hall.picture.notices.values() if notice.key}


def test_a_patrol_from_start_to_end_f01_f05_f06(hall: Bench) -> None:
    assert hall.refused(commands.start, kind="daily", areas=["1/roof"]).code == "invalid"
    assert hall.refused(commands.start, kind="joint", areas=["1/front"]).detail == {"field": "people"}
    row = walk(hall, people=["王主任", "李,科长"])
    assert row.people == "王主任,李，科长" and row.version == 0
    assert hall.refused(commands.end, patrol=row.id).code == "patrol_empty"
    hall.do(commands.check, patrol=row.id, area="1/front", item="called", num=3, den=4)
    hall.do(commands.check, patrol=row.id, area="1/front", item="called", num=4, den=4)
    assert hall.refused(commands.check, patrol=row.id, area="2/front", item="called").code == "invalid"
    assert hall.refused(commands.check, patrol=row.id, area="1/front", item="nonsense").code == "invalid"
    hall.do(commands.end, patrol=row.id, note="正常")
    assert hall.refused(commands.check, patrol=row.id, area="1/front", item="called").code == "wrong_state"
    known = looks.patrol(hall.db, number=row.id)
    assert known is not None and known["checks"] == [
        {"area": "1/front", "item": "called", "result": "ok", "num": 4, "den": 4, "at": hall.now}
    ]


def test_a_finding_knows_who_is_at_the_window_and_its_clause_f06(hall: Bench) -> None:
    hall.do(shifts.sign_in, window="1", person=1)
    round_ = walk(hall)
    photo = hall.do(files.keep, name="a.jpg", media="image/jpeg", content=b"\xff\xd8\xff....")
    row = found(hall, patrol=round_.id, item="conduct", area="1/front", note="上班玩手机游戏", photos=[photo.id])
    assert (row.person, row.department, row.clause, row.severity) == (1, "social", "巡查制度 三(五)", "normal")
    assert (row.source, row.state, row.nth, row.object_until) == ("daily", "told", 1, "2024-05-09")
    assert len(files.of(hall.db, f"finding/{row.id}")) == 1
    known = looks.patrol(hall.db, number=round_.id)
    assert known is not None and [(one["item"], one["result"]) for one in known["checks"]] == [("conduct", "problem")]
    box = found(hall, "box_missing")
    assert (box.person, box.window, box.department) == (None, "1", "social"), "a box is nobody's doing"
    assert notices(hall)["findings/social"].words == "pn.told"
    assert hall.refused(commands.record, code="games", window="9").code == "not_found"
    assert hall.refused(commands.record, code="nonsense", window="1").code == "invalid"


def test_nobody_objects_and_it_counts_f07_d13(hall: Bench) -> None:
    hall.do(shifts.sign_in, window="1", person=1)
    row = found(hall)
    assert ledger(hall) == []
    hall.wait(3 * DAY)
    hall.do(answers.keep)
    assert hall.row(Finding, row.id).state == "told", "the third working day is a day of objecting"
    hall.wait(DAY)
    hall.do(answers.keep)
    assert ledger(hall) == [("finding", f"finding/{row.id}", 1, 1)]
    assert hall.row(Entry, 1).note == "玩游戏", "in the checklist's words"
    assert "findings/social" not in notices(hall)
    hall.do(answers.keep)
    assert not hall.changes
    assert hall.refused(answers.answer, finding=row.id, step="object", text="晚了").code == "wrong_state"


def test_an_objection_is_answered_f07(hall: Bench) -> None:
    hall.do(shifts.sign_in, window="1", person=1)
    row = found(hall)
    assert hall.refused(answers.answer, finding=row.id, step="object").detail == {"field": "text"}
    assert step(hall, row, "object").state == "objected"
    assert "objections" in notices(hall) and "findings/social" not in notices(hall)
    hall.wait(9 * DAY)
    hall.do(answers.keep)
    assert ledger(hall) == [], "an open objection never lapses"
    changed = step(hall, row, "change", change={"code": "chatting", "person": 2})
    assert (changed.state, changed.code, changed.person) == ("stands", "chatting", 2)
    assert ledger(hall) == [("finding", f"finding/{row.id}", 2, 1)] and "objections" not in notices(hall)
    assert step(hall, row, "withdraw").state == "withdrawn"
    assert ledger(hall) == []
    other = found(hall)
    hall.wait(6 * DAY)
    assert hall.refused(answers.answer, finding=other.id, step="object", text="x").code == "objection_over"


def test_repeats_are_counted_and_reach_the_leaders_f06(hall: Bench) -> None:
    hall.do(shifts.sign_in, window="1", person=1)
    once, elsewhere = found(hall), found(hall, window="2")
    hall.wait(DAY)
    twice = found(hall)
    assert (once.nth, elsewhere.nth, twice.nth) == (1, 1, 2)
    told = notices(hall)[f"finding/{twice.id}"]
    assert (told.words, told.rank, told.kind) == ("pn.repeat", 3, "alarm")
    for row in (once, twice):
        step(hall, row, "accept")
    assert [kind for kind, *_ in ledger(hall)] == ["finding", "finding", "finding_repeat"]
    step(hall, once, "withdraw")
    assert ledger(hall) == [("finding", f"finding/{twice.id}", 1, 1)], "without the first there is no repeat"
    hall.wait(31 * DAY)
    assert found(hall).nth == 1


def test_a_serious_one_is_reported_at_once_and_weighs_more_f06(hall: Bench) -> None:
    row = found(hall, "empty_post", window="4")
    assert notices(hall)[f"finding/{row.id}"].words == "pn.serious"
    assert row.due_day == "2024-05-07" and row.person is None
    step(hall, row, "accept")
    assert ledger(hall) == [("finding", f"finding/{row.id}", None, 2)]
    hall.wait(2 * DAY)
    hall.do(answers.keep)
    assert notices(hall)["rectify"].words == "pn.overdue"
    plan = {"measures": "AB岗顶替", "until_day": "2024-05-10", "owner": "王科长"}
    assert hall.refused(answers.answer, finding=row.id, step="plan", text="整改").detail == {"field": "measures"}
    step(hall, row, "plan", **plan)  # E20
    assert step(hall, row, "report").fixed_day == "2024-05-08"
    assert step(hall, row, "send_back").fix == "due"
    step(hall, row, "report")
    assert step(hall, row, "confirm", text="").fix == "confirmed"
    assert f"finding/{row.id}" not in notices(hall)
    assert looks.summary(hall.db, "2024-05-01", "2024-05-31")["total"] == {
        "found": 1, "serious": 1, "repeats": 0, "rectified": 0, "due": 1,
    }  # fmt: skip


def test_praise_stands_at_once(hall: Bench) -> None:
    assert hall.refused(commands.record, code="praise", kind="praise", window="1").detail == {"field": "note"}
    row = found(hall, "praise", kind="praise", person=1, note="主动为老人填表")
    assert ledger(hall) == [("praise", f"finding/{row.id}", 1, 1)] and row.state == "stands"
    assert [one["id"] for one in looks.by_person(hall.db, 1, "2024-05-01", "2024-05-31")] == [row.id]


def test_what_belongs_to_no_department_stands_at_once(hall: Bench) -> None:
    row = hall.do(commands.record, code="exit_blocked", area="1/public", source="covert")  # F16
    assert (row.state, row.source, row.department) == ("stands", "covert", None)


def test_the_checklist_is_prefilled_a02_d02_b05(hall: Bench) -> None:
    hall.do(shifts.sign_in, window="1", person=1)
    hall.do(shifts.sign_in, window="3", person=2)  # 串岗, as both windows are of one department
    for _ in range(2):
        hall.do(issue.issue, service="a", kiosk="k1")
        hall.do(visits.call_next, window="1")
        hall.do(visits.start, window="1")
        hall.do(visits.finish, window="1")
    hall.do(walk_in.walk_in, window="1", service="a", reason="盖章")
    hall.do(visits.finish, window="1")
    known = prefill.facts(hall.db, devices=[("led-1", "1", True), ("k1", None, False)])
    assert (known["called"].num, known["called"].den) == (2, 3) and not known["called"].ok
    assert known["called"].places == (prefill.Place("1", "", 1),)
    assert (known["invited"].num, known["invited"].den) == (3, 3) and known["invited"].ok
    assert known["elsewhere"].places == (prefill.Place("3", "clerk2", 1),)
    assert (known["unsigned"].num, known["unsigned"].den) == (2, 4)
    assert (known["devices"].num, known["devices"].den) == (1, 2)
    assert (known["empty"].num, known["empty"].den, known["empty"].ok) == (0, None, True)
    assert {"late", "order", "off_post", "idle", "crowd", "green", "guide", "alarms"} <= known.keys()
    assert prefill.order(hall.db)[0].window == "1"  # F20
    assert prefill.moments(hall.db, day=hall.db.day) == []  # F04


def test_every_figure_of_the_checklist_is_known(hall: Bench) -> None:
    wanted = {row["system"] for row in shipped("checklist").content["item"]} - {""}
    assert wanted == prefill.facts(hall.db).keys()


def test_the_month_and_its_missing_days_f01_f02_f03(hall: Bench) -> None:
    hall.do(chiefs)
    hall.do(answers.keep)
    assert not hall.changes, "a hall that keeps no patrols is not reminded of them"
    for kind in ("daily", "joint"):
        row = walk(hall, kind, people=["周明远"])
        hall.do(commands.check, patrol=row.id, area="1/front", item="clean")
        hall.do(commands.end, patrol=row.id)
    hall.do(answers.keep)
    assert not hall.changes
    hall.wait(2 * DAY + 5 * 3600)  # Wednesday 15:00
    hall.do(answers.keep)
    assert notices(hall).keys() >= {"patrol/daily"} and "patrol/joint" not in notices(hall)
    known = due.days(hall.db, "2024-05")
    assert known["missing"] == ["2024-05-07"]
    assert known["needs"] == [
        {"kind": "joint", "done": 1, "needed": 2}, {"kind": "leader", "done": 0, "needed": 1},
    ]  # fmt: skip
    hall.wait(14 * DAY)  # the 22nd
    hall.do(answers.keep)
    assert {"patrol/joint", "patrol/leader"} <= notices(hall).keys()
    assert [one["name"] for one in due.joint_people(hall.db)] == ["chief"]


def test_the_summary_of_a_period_f08(hall: Bench) -> None:
    hall.do(shifts.sign_in, window="1", person=1)
    rows = [found(hall), found(hall), found(hall, "dress", window="4", person=4), found(hall, "late")]
    step(hall, rows[0], "accept")
    step(hall, rows[1], "accept")
    step(hall, rows[2], "withdraw")
    known = looks.summary(hall.db, "2024-05-01", "2024-05-31")
    assert (known["open"], known["withdrawn"], known["total"]["found"], known["total"]["repeats"]) == (1, 1, 2, 1)
    assert [(row["group"], row["found"]) for row in known["groups"]] == [("5", 2)]
    assert [(row["department"], row["found"]) for row in known["departments"]] == [("social", 2)]
    assert known["items"][0]["what"] == "玩游戏" and known["items"][0]["name"] == "clerk1"


@pytest.mark.parametrize("step_", ["accept", "object", "plan"])
def test_a_step_of_nothing_is_not_found(hall: Bench, step_: str) -> None:
    assert hall.refused(answers.answer, finding=99, step=step_, text="x").code == "not_found"
