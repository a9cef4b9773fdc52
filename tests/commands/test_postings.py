"""Entry and exit: from the department's form to the login, and to its end; trainings, pictures, the one chief."""

from __future__ import annotations

from typing import Any

import pytest

from hallq import files
from hallq.office import day_book, stand_ins
from hallq.office.day_model import Leave, Training
from hallq.office.model import MissedStep
from hallq.office.papers import Lift
from hallq.people import commands as people
from hallq.people import looks, posting_rules, postings, standing
from hallq.people.posting_model import Posting
from hallq.ticketing import commands as do
from hallq.ticketing import model
from tests.commands.conftest import Bench

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40
WORD = Lift("应急增援", "张主任")
CHIEF = "person:1"


def upload(hall: Bench, media: str = "image/jpeg", actor: str = CHIEF) -> int:
    content = JPEG if media == "image/jpeg" else b"%PDF-1.4"
    return int(hall.do(files.keep, name="证明", media=media, content=content, actor=actor).id)


def entry(hall: Bench, **more: Any) -> Posting:
    """A week ahead of Monday 2024-05-13, with its proof."""
    values = {"kind": "entry", "department": "social", "name": "新来", "window": "2", "staff_no": "0777",
              "title": "窗口人员", "skills": "b", "born": "1990-05", "phone": "13800000000", "id_number": "152***1234",
              "since": "2024-05-14", "applicant": "赵强"} | more.pop("values", {})  # fmt: skip
    wish = {"proofs": [upload(hall)], "actor": CHIEF} | more
    form: Posting = hall.do(postings.apply, values=values, **wish)
    return form


def approved(hall: Bench, **more: Any) -> Posting:
    form = entry(hall, **more)
    hall.do(postings.sign, number=form.id, name="赵强")
    done: Posting = hall.do(postings.approve, number=form.id, name="林静")
    return done


def leaving(hall: Bench, person: int, until: str, **more: Any) -> Posting:
    values = {"kind": "exit", "department": "social", "person": person, "name": "x", "since": "2024-01-02",
              "until": until, "reason": "调回单位", "applicant": "赵强"}  # fmt: skip
    done: Posting = hall.do(postings.apply, values=values, **more)
    return done


def test_an_entry_makes_the_person_without_a_password_j04_d07(hall: Bench) -> None:
    photo = upload(hall)
    form = approved(hall, photo=photo)
    person = hall.row(model.Person, form.person)
    assert (person.role, person.window, person.department, person.from_day) == ("clerk", "2", "social", "2024-05-14")
    assert person.photo == str(photo)
    assert hall.row(files.Attachment, photo).ref == f"person/{person.id}"
    assert looks.password_door(hall.db, name="新来").person is None
    assert hall.refused(do.sign_in, window="2", person=person.id).code == "not_in_term"  # J06
    assert [row.service for row in hall.db.find(model_skills(), person=person.id)] == ["b"]
    assert hall.row(Training, 1).posting == form.id


def model_skills() -> Any:
    from hallq.ticketing.windows.shifts import SKILLS

    return SKILLS


@pytest.mark.parametrize(
    ("values", "proofs", "code"),
    [
        ({"since": "2024-05-10"}, 1, "entry_late"),  # J04: five working days, the day of filing counts
        ({}, 0, "training_missing"),  # J05
        ({"name": "clerk1"}, 1, "name_taken"),
        ({"window": "4"}, 1, "invalid"),
        ({"department": "moon"}, 1, "invalid"),
        ({"since": "2024-05-01"}, 1, "invalid"),
    ],
)
def test_what_stands_against_an_entry_j04_j05(hall: Bench, values: Any, proofs: int, code: str) -> None:
    held = [upload(hall) for _ in range(proofs)]
    with pytest.raises(Exception) as caught:
        entry(hall, values=values, proofs=held)
    assert getattr(caught.value, "code", "") == code


def test_a_leader_lets_it_pass_and_it_is_kept_b22(hall: Bench) -> None:
    form = approved(hall, values={"since": "2024-05-07"}, proofs=[], lift=WORD)
    assert (form.lifted, form.lift_name) == ("entry_late,training_missing", "张主任")
    kept = [hall.row(MissedStep, number) for number in (1, 2)]
    assert [(row.kind, row.step, row.name) for row in kept] == [
        ("postings", "entry_late", "张主任"), ("postings", "training_missing", "张主任"),
    ]  # fmt: skip
    assert hall.rows("training") == []


def test_each_step_once_and_a_refused_one_is_emptied_later(hall: Bench) -> None:
    form = entry(hall)
    assert hall.refused(postings.approve, number=form.id, name="林静").code == "wrong_state"
    hall.do(postings.sign, number=form.id, name="赵强")
    hall.do(postings.refuse, number=form.id, name="林静", why="岗位已满")
    assert hall.refused(postings.withdraw, number=form.id, name="赵强").code == "wrong_state"
    assert hall.db.first(looks.PERSON, name="新来") is None
    hall.wait(29 * 24 * 3600)
    hall.do(postings.watch)
    assert hall.row(Posting, form.id).phone == "13800000000"
    hall.wait(24 * 3600)
    hall.do(postings.watch)
    row = hall.row(Posting, form.id)
    assert (row.phone, row.born, row.id_number, row.salt == form.salt) == ("", "", "", False)
    assert hall.rows("file_content") == []
    assert "13800000000" not in str(hall.rows("journal"))


def test_an_exit_ends_the_login_with_its_last_day_j07_d08(hall: Bench) -> None:
    person = approved(hall, photo=upload(hall)).person
    assert person is not None
    late = {"kind": "exit", "department": "social", "person": person, "name": "新来", "since": "2024-05-14",
            "until": "2024-05-20", "applicant": "赵强"}  # fmt: skip
    assert hall.refused(postings.apply, values=late).code == "exit_late"
    form = leaving(hall, person, "2024-05-27")
    warned = [(one.code, one.weight) for one in posting_rules.findings(hall.db, form)]
    assert warned == [("posting_short", "warn"), ("handover_open", "warn")]  # J09, J08
    again = late | {"until": "2024-05-28"}
    assert hall.refused(postings.apply, values=again).code == "wrong_state"
    hall.do(postings.hand_over, number=form.id, item="badge", name="林静")
    assert hall.refused(postings.hand_over, number=form.id, item="car", name="林静").code == "invalid"
    hall.do(postings.sign, number=form.id, name="赵强")
    hall.do(postings.approve, number=form.id, name="林静")
    hall.wait(21 * 24 * 3600)  # the last day
    hall.do(postings.watch)
    assert hall.row(model.Person, person).active
    hall.wait(24 * 3600)
    hall.do(postings.watch)
    row = hall.row(model.Person, person)
    assert (row.active, row.photo, row.until_day, row.name) == (False, None, "2024-05-27", "新来")
    assert hall.row(Posting, form.id).state == "ended"
    hall.do(postings.watch)
    assert hall.changes == []
    assert hall.row(Posting, 1).clear_on is not None  # the entry's personal data too
    day = "2024-05-20"
    hall.do(day_book.record_leave, person=person, kind="sick", since=day, until=day, reason="发热", by="林静")
    hall.wait(31 * 24 * 3600)
    hall.do(postings.watch)
    assert (hall.row(Posting, 1).phone, hall.row(Leave, 1).reason) == ("", "")


def test_somebody_who_comes_back_has_the_old_account(hall: Bench) -> None:
    hall.do(people.disable, person=3)
    hall.do(lambda tx: tx.update(tx.get(model.Person, 3), until_day="2024-05-01") and None)
    form = approved(hall, values={"name": "clerk3", "window": "3"})
    assert form.person == 3
    assert (hall.row(model.Person, 3).active, hall.row(model.Person, 3).until_day) == (True, None)


def test_one_chief_representative_to_a_department_j11(hall: Bench) -> None:
    hall.do(lambda tx: [tx.update(tx.get(model.Person, number), department="social") for number in (1, 2)] and None)
    hall.do(standing.name_chief, person=1)
    refusal = hall.refused(standing.name_chief, person=2)
    assert (refusal.code, refusal.detail) == ("chief_exists", {"name": "clerk1"})
    assert hall.refused(people.add_person, name="周敏", role="chief", window="2").code == "chief_exists"
    hall.do(standing.name_chief, person=2, hand_over=True)
    assert [person.id for person in standing.chiefs(hall.db, "social")] == [2]
    hall.do(people.disable, person=2)
    hall.do(standing.name_chief, person=1)
    assert hall.refused(people.reset, person=2, password_hash="x").code == "chief_exists"


def test_training_and_the_conditions_of_stand_ins_j05_j06(hall: Bench) -> None:
    hall.do(lambda tx: [tx.update(tx.get(model.Person, n), department="social") for n in (1, 2, 3)] and None)
    window = hall.row(model.Window, "1")
    best = stand_ins.propose(hall.db, window)
    assert [(one.person.name, one.missing) for one in best] == [("clerk2", []), ("clerk3", []), ("clerk4", ["skill"])]
    proof = upload(hall, "application/pdf")
    wish: dict[str, Any] = {"person": 2, "what": "上岗培训", "by": "林静", "actor": CHIEF}
    row = hall.do(standing.add_training, **wish, day="2024-05-01", until="2024-05-05", proofs=[proof])
    assert files.of(hall.db, f"training/{row.id}")[0]["id"] == proof
    assert stand_ins.lacks(hall.db, hall.row(model.Person, 2), window) == ["training"]
    refusal = hall.refused(do.sign_in, window="1", person=2)
    assert (refusal.code, refusal.detail["until"]) == ("training_due", "2024-05-05")
    hall.do(do.sign_in, window="2", person=2)  # the own window stays open
    hall.do(standing.add_training, **wish, day="2024-05-06")
    assert hall.row(model.Person, 2).trained_until is None
    assert hall.refused(standing.add_training, **wish, day="2030-01-01").code == "invalid"


def test_a_picture_replaces_the_one_before_d07(hall: Bench) -> None:
    first, second = upload(hall), upload(hall)
    hall.do(standing.set_photo, person=1, file=first, actor=CHIEF)
    hall.do(standing.set_photo, person=1, file=second, actor=CHIEF)
    assert hall.row(model.Person, 1).photo == str(second)
    assert hall.db.get(files.Attachment, first) is None
    pdf = upload(hall, "application/pdf")
    assert hall.refused(standing.set_photo, person=1, file=pdf, actor=CHIEF).code == "invalid"
    hall.do(standing.set_photo, person=1, file=None)
    assert hall.rows("file_content", f"attachment = {second}") == []
