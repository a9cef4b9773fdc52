"""A month's way: published, objected to, frozen, and nothing that comes later changes it (D09-D20, E20)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallq import files
from hallq.assessment.cases.model import Case
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.patrols import answers
from hallq.assessment.patrols import commands as patrols
from hallq.assessment.score import board, commands, contest, derive, export, later, recompute, sheets
from hallq.assessment.score.contest import Line
from hallq.assessment.score.model import ScoreMonth
from hallq.assessment.score.sheets import Who
from hallq.office import day_book
from hallq.office.model import MissedStep
from hallq.office.post_model import Spell
from hallq.ticketing import model
from tests.commands.conftest import MINUTE, START, Bench, open_bench

DAY = 24 * 3600
APRIL, MAY = "2024-04", "2024-05"
NOBODY: dict[int, Any] = {}
FIRST, TAX = Who(1, None), Who(None, "tax")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def late(tx: Any, *, number: int, kind: str = "late", person: int | None = 1, **more: Any) -> Any:
    values = {"day": "2024-04-10", "clause": "三"} | more
    return ledger.enter(tx, kind=kind, ref=f"case/{number}", person=person, **values)


def publish(hall: Bench) -> None:
    hall.do(commands.publish, month=APRIL, figures=NOBODY)


def freeze(hall: Bench) -> None:
    publish(hall)
    hall.wait(5 * DAY)
    hall.do(commands.freeze, month=APRIL, figures=NOBODY)


def total(hall: Bench, who: Who = FIRST) -> Any:
    return sheets.card_of(sheets.look(hall.db, month=APRIL, figures=NOBODY), who).result["total"]


def adjusted(hall: Bench, who: Who = FIRST) -> Any:
    rows = [row for row in hall.db.find(sheets.ADJUSTMENTS, month=APRIL) if contest.whose(row) == who]
    return Decimal(str(total(hall, who))) + sum(Decimal(row.points) for row in rows)


def objection(hall: Bench, entry: int, **more: Any) -> Any:
    values: dict[str, Any] = {"month": APRIL, "who": FIRST, "by": 1, "text": "当天系统故障", "line": Line(entry)} | more
    return hall.do(commands.object_to, **values)


@pytest.fixture(autouse=True)
def of_departments(hall: Bench) -> None:
    hall.do(departments)


def departments(tx: Any) -> None:
    for number, name in ((1, "social"), (2, "social"), (3, "social"), (4, "tax")):
        tx.update(tx.get(model.Person, number), department=name)


# -- the way


def test_a_month_is_published_when_it_is_over_and_everyone_is_told_d20(hall: Bench) -> None:
    assert hall.refused(commands.publish, month=MAY, figures=NOBODY).detail == {"day": "2024-05-31"}
    assert hall.refused(commands.publish, month="May", figures=NOBODY).code == "invalid"
    publish(hall)
    assert hall.row(ScoreMonth, APRIL).object_until == "2024-05-09"  # three working days
    told = {row.person for row in hall.picture.notices.values() if row.words == "scn.published"}
    assert told == {1, 2, 3, 4}
    assert hall.refused(commands.publish, month=APRIL, figures=NOBODY).code == "wrong_state"


def test_the_score_so_far_is_there_on_any_day_d18(hall: Bench) -> None:
    hall.do(late, number=1)
    assert total(hall) == 99
    month = sheets.look(hall.db, month=APRIL, figures={2: {"handling_ratio": {"value": 2, "n": 99}}})
    assert month.state == "draft"
    assert [card.result["total"] for card in month.cards] == [99, 90, 100, 100, 96.3, 100]  # people, then departments
    [line] = [line for line in month.cards[0].result["lines"] if line["code"] == "late"]
    assert (line["refs"], line["clause"][:6]) == (["case/1"], "窗口工作制度")  # D16: clause and evidence


def test_an_upheld_objection_takes_the_entry_back_e20(hall: Bench) -> None:
    entry = hall.do(late, number=1)
    wish: dict[str, Any] = {"month": APRIL, "who": FIRST, "by": 1, "text": "x", "line": Line(entry.id)}
    assert hall.refused(commands.object_to, **wish).code == "wrong_state"
    publish(hall)
    proof = hall.do(files.keep, name="考勤.png", media="image/png", content=PNG)
    filed = objection(hall, entry.id, files_=[proof.id])
    assert [one["name"] for one in files.of(hall.db, f"score_objection/{filed.id}")] == ["考勤.png"]
    assert hall.refused(commands.decide, objection=filed.id, uphold=True, reason="x", decider=1).code == "own_matter"
    assert hall.refused(commands.decide, objection=filed.id, uphold=True, reason=" ", decider=9).code == "invalid"
    hall.do(commands.decide, objection=filed.id, uphold=True, reason="考勤机正常", decider=9)
    assert total(hall) == 100
    assert hall.refused(commands.decide, objection=filed.id, uphold=False, reason="x", decider=9).code == "wrong_state"
    cancelled = hall.db.first(ledger.CANCELLING, entry=entry.id)
    assert cancelled is not None and cancelled.ref == f"score_objection/{filed.id}"


def test_a_rejected_objection_changes_nothing_and_an_upheld_figure_is_set_aside(hall: Bench) -> None:
    entry = hall.do(late, number=1)
    publish(hall)
    kept = objection(hall, entry.id)
    hall.do(commands.decide, objection=kept.id, uphold=False, reason="属实", decider=9)
    slow = {1: {"handling_ratio": {"value": 2, "n": 99}}}
    assert sheets.look(hall.db, month=APRIL, figures=slow).cards[0].result["total"] == 89
    about = objection(hall, 0, line=Line(figure="handling_ratio"))
    hall.do(commands.decide, objection=about.id, uphold=True, reason="当月专办大宗件", decider=9)
    assert sheets.look(hall.db, month=APRIL, figures=slow).cards[0].result["total"] == 99


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"who": Who(2, None)}, "not_found"), ({"line": Line()}, "invalid"), ({"line": Line(1, "weighted")}, "invalid"),
        ({"line": Line(figure="height")}, "invalid"), ({"line": Line(99)}, "not_found"), ({"text": " "}, "invalid"),
        ({"month": "2024-03"}, "wrong_state"),
    ],
)  # fmt: skip
def test_one_objects_to_a_line_of_the_own_sheet(hall: Bench, values: dict[str, Any], code: str) -> None:
    entry = hall.do(late, number=1)
    publish(hall)
    wish: dict[str, Any] = {"month": APRIL, "who": FIRST, "by": 1, "text": "说明", "line": Line(entry.id)} | values
    assert hall.refused(commands.object_to, **wish).code == code


def test_the_window_to_object_closes_and_the_freeze_waits_for_all_e20(hall: Bench) -> None:
    entry = hall.do(late, number=1)
    publish(hall)
    filed = objection(hall, entry.id)
    again = {"month": APRIL, "who": FIRST, "by": 1, "text": "x", "line": Line(entry.id)}
    assert hall.refused(commands.object_to, **again).code == "wrong_state"
    hall.wait(4 * DAY)
    too_late = again | {"line": Line(figure="weighted")}
    assert hall.refused(commands.object_to, **too_late).code == "objection_closed"
    waits = hall.refused(commands.freeze, month=APRIL, figures=NOBODY)
    assert (waits.code, waits.detail) == ("freeze_waits", {"day": "2024-05-09", "n": 1})
    hall.do(commands.decide, objection=filed.id, uphold=False, reason="属实", decider=9)
    hall.do(commands.freeze, month=APRIL, figures=NOBODY)
    assert hall.refused(commands.freeze, month=APRIL, figures=NOBODY).code == "wrong_state"


def test_the_office_is_told_what_the_month_waits_for(hall: Bench) -> None:
    def waits() -> list[str]:
        hall.do(commands.remind, month=APRIL)
        return [row.words for row in hall.picture.notices.values() if row.key == f"score/{APRIL}"]

    entry = hall.do(late, number=1)
    assert waits() == ["scn.publish"]
    publish(hall)
    assert waits() == []
    filed = objection(hall, entry.id)
    assert waits() == ["scn.decide"]
    hall.do(commands.decide, objection=filed.id, uphold=False, reason="属实", decider=9)
    hall.wait(5 * DAY)
    assert waits() == ["scn.freeze"]
    hall.do(commands.freeze, month=APRIL, figures=NOBODY)
    assert waits() == []


# -- after the freeze


def test_what_comes_after_the_freeze_is_an_adjustment(hall: Bench) -> None:
    first = hall.do(late, number=1)
    freeze(hall)
    before = hall.rows("score_sheet")
    hall.do(late, number=2, kind="complaint_upheld")  # decided in May, about April
    hall.do(late, number=3, kind="missed_step", person=None, department="tax")
    hall.do(ledger.cancel, entry=first.id, note="查无实据")
    hall.do(late, number=4, day="2024-05-02")  # of May
    hall.do(later.book)
    hall.do(later.book)
    rows = hall.db.find(sheets.ADJUSTMENTS, month=APRIL)
    assert [(row.person, row.points, row.booked) for row in rows] == [(1, "-5", MAY), (None, "-3", MAY), (1, "1", MAY)]
    assert (total(hall), adjusted(hall), adjusted(hall, TAX)) == (99, 95, 97)
    assert hall.rows("score_sheet") == before


def test_an_appeal_is_decided_by_another_with_a_leaders_name_e20(hall: Bench) -> None:
    entry = hall.do(late, number=1)
    publish(hall)
    filed = objection(hall, entry.id)
    hall.do(commands.decide, objection=filed.id, uphold=False, reason="属实", decider=9)
    hall.wait(5 * DAY)
    hall.do(commands.freeze, month=APRIL, figures=NOBODY)
    wish: dict[str, Any] = {"month": APRIL, "who": FIRST, "by": 1, "text": "有出警记录", "line": Line(entry.id)}
    made = hall.do(later.appeal_to, **wish)
    assert hall.refused(later.appeal_to, **wish).code == "wrong_state"
    verdict = {"appeal": made.id, "uphold": True, "reason": "记录属实", "leader": "刘主任"}
    assert hall.refused(later.judge, **verdict, decider=9).code == "same_decider"
    assert hall.refused(later.judge, **verdict, decider=1).code == "own_matter"
    assert hall.refused(later.judge, **verdict | {"leader": " "}, decider=8).code == "invalid"
    done = hall.do(later.judge, **verdict, decider=8)
    assert (done.state, done.leader) == ("upheld", "刘主任")
    [adjustment] = hall.db.find(sheets.ADJUSTMENTS, month=APRIL)
    assert (adjustment.points, adjustment.appeal, adjusted(hall), total(hall)) == ("1", made.id, 100, 99)


def test_an_appeal_about_a_figure_names_its_points_and_none_comes_too_late(hall: Bench) -> None:
    publish(hall)
    line = Line(figure="handling_ratio")
    wish: dict[str, Any] = {"month": APRIL, "who": FIRST, "by": 1, "text": "用时含停电", "line": line}
    assert hall.refused(later.appeal_to, **wish).code == "wrong_state"
    hall.wait(5 * DAY)
    hall.do(commands.freeze, month=APRIL, figures=NOBODY)
    made = hall.do(later.appeal_to, **wish)
    verdict = {"appeal": made.id, "uphold": True, "reason": "属实", "leader": "刘主任", "decider": 8}
    for points in (None, "0", "abc", "1.234", "NaN"):
        assert hall.refused(later.judge, **verdict, points=points).code == "invalid"
    hall.do(later.judge, **verdict, points="2.5")
    assert adjusted(hall) == Decimal("102.5")
    hall.wait(20 * DAY)
    assert hall.refused(later.appeal_to, **wish | {"line": Line(figure="weighted")}).code == "appeal_closed"


def test_an_adjustment_by_hand_is_for_a_frozen_sheet_of_somebody_else(hall: Bench) -> None:
    wish: dict[str, Any] = {"month": APRIL, "who": FIRST, "points": "-2", "reason": "重复计分"}
    assert hall.refused(later.adjust, **wish, decider=9).code == "wrong_state"
    freeze(hall)
    assert hall.refused(later.adjust, **wish, decider=1).code == "own_matter"
    assert hall.refused(later.adjust, **wish | {"who": Who(77, None)}, decider=9).code == "not_found"
    assert hall.do(later.adjust, **wish, decider=9).booked == MAY


# -- properties

CAUSES = st.lists(
    st.tuples(st.sampled_from(["late", "off_post", "complaint_upheld", "praise", "missed_step"]), st.integers(1, 3)),
    min_size=1, max_size=6,
)  # fmt: skip


def told(hall: Bench, causes: Any, taken_back: Any) -> None:
    """Each cause under its own number, whatever order they come in; the marked ones are cancelled."""
    for number, (kind, person) in causes:
        row = hall.do(late, number=number, kind=kind, person=person)
        if number in taken_back:
            hall.do(ledger.cancel, entry=row.id, note="查无实据")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CAUSES, CAUSES, st.sets(st.integers(0, 20)), st.randoms(use_true_random=False))
def test_order_never_changes_a_frozen_month(
    tmp_path_factory: Any, rules: Any, before: Any, after: Any, taken_back: set[int], chance: Any
) -> None:
    """The same causes in another order, before and after the freeze: the same frozen totals, the same in the end; and
    what came after leaves every frozen byte as it was."""
    early, late_ones = list(enumerate(before)), list(enumerate(after, start=10))
    found = []
    for shuffle in (False, True):
        with open_bench(tmp_path_factory.mktemp("hall") / "hall.db", rules) as hall:
            if shuffle:
                chance.shuffle(early)
                chance.shuffle(late_ones)
            told(hall, early, taken_back)
            freeze(hall)
            frozen = hall.rows("score_sheet")
            told(hall, late_ones, taken_back)
            hall.do(later.book)
            assert hall.rows("score_sheet") == frozen
            found.append([(total(hall, who), adjusted(hall, who)) for who in (FIRST, Who(2, None), Who(3, None))])
            document = json.loads(json.dumps(export.month(hall.db, month=APRIL)))
            assert list(recompute.differences(document)) == []
    assert found[0] == found[1]


# -- the export


def test_a_month_is_recomputed_from_its_export_alone(hall: Bench, tmp_path: Path, capsys: Any) -> None:
    hall.do(late, number=1)
    hall.do(late, number=2, kind="missed_step", person=None, department="tax")
    freeze(hall)
    hall.do(late, number=3)
    hall.do(later.book)
    path = tmp_path / "april.json"
    document = export.month(hall.db, month=APRIL)
    path.write_text(json.dumps(document), "utf-8")
    assert recompute.main([str(path)]) == 0
    document["sheets"][0]["entries"][0]["amount"] = 60
    path.write_text(json.dumps(document), "utf-8")
    assert recompute.main([str(path)]) == 1
    assert "clerk1: total is 99, recomputed 98" in capsys.readouterr().out
    assert recompute.main([]) == 2


# -- what the hub enters by itself


def entered(hall: Bench) -> list[tuple[Any, ...]]:
    found = hall.db.find(sheets.ENTRIES, since="2024-05-01", until="2024-05-31")
    return [(row.kind, row.person, row.department, row.amount, row.cancels is not None) for row in found]


def a_day(tx: Any) -> None:
    """2024-05-06: an hour off post, a meal in its time, a business system down, an empty post, idle, a guide away."""
    at = START
    for reason, minutes in (("leave", None), ("meal", 30), ("system", None)):
        if tx.get(model.PauseReason, reason) is None:
            tx.insert(model.PauseReason, code=reason, name=reason, public=reason, minutes=minutes)
        tx.insert(
            model.Pause, day=tx.day, window="1", person=1, reason=reason, since=at, ended_at=at + 25 * MINUTE, outage=0
        )
    for kind, subject, person in (("empty", "c", None), ("idle", "2", 2), ("guide", "3", None)):
        seen = {"day": tx.day, "since": at, "ended_at": at + 6 * MINUTE, "notice": 1}
        tx.insert(Spell, kind=kind, subject=subject, person=person, **seen)
    tx.insert(MissedStep, at=at, kind="closures", form=1, department="tax", step="closure_late", reason="停电")
    ends = at + 8 * 60 * MINUTE
    tx.insert(model.Shift, day=tx.day, window="1", person=1, started_at=at, ended_at=ends, ended_by="clerk")
    ticket = tx.insert(model.Ticket, day=tx.day, number="A001", service="a", arrival=at, issued_at=at, moves=2)
    for person in (1, 2):
        tx.insert(
            model.Visit, day=tx.day, ticket=ticket.id, window=str(person), person=person, service="a", called_at=at,
            ended_at=at, end="transferred",
        )  # fmt: skip


def test_a_day_enters_the_ledger_once_and_is_set_right(hall: Bench) -> None:
    """B02, B03, B22, A18, I19, G02, J02; an emergency's or outage's minutes count nowhere."""
    hall.do(a_day)
    hall.do(derive.daily, actor="hub")
    assert entered(hall) == []  # the day is not over
    hall.clock.at += 16 * 60 * MINUTE
    hall.do(day_book.keep, actor="hub")
    for _ in range(3):
        hall.do(derive.daily, actor="hub")
    found = entered(hall)
    assert set(found) == {
        ("late", 1, "social", 90, False), ("off_post", 1, "social", 25, False), ("empty_post", None, "tax", 6, False),
        ("idle", 2, "social", 6, False), ("guide_absent", 3, "social", 6, False),
        ("missed_step", None, "tax", 1, False), ("transfer_pingpong", 2, "social", 1, False),
        ("missing_sign", 2, "social", 1, False),
    }  # fmt: skip
    assert len(found) == 9  # in and out are missing
    hall.do(day_book.correct, person=1, day="2024-05-06", mark="off_post", reason="送件到分中心", by="person:9")
    hall.clock.at += DAY * 1000
    hall.do(day_book.keep, actor="hub")
    for _ in range(3):
        hall.do(derive.daily, actor="hub")
    assert [row for row in entered(hall) if row[0] == "off_post"] == [
        ("off_post", 1, "social", 25, False), ("off_post", 1, "social", 25, True)
    ]  # fmt: skip


def test_an_absence_is_not_counted_twice_d13(hall: Bench) -> None:
    """What a patrol saw and the hub has entered itself counts once, whichever came first; anything else counts too."""
    hall.do(a_day)

    def finding(code: str, person: int, *, accept: bool = True) -> int:
        row = hall.do(patrols.record, code=code, person=person)
        if accept:
            hall.do(answers.answer, finding=row.id, step="accept")
        return int(row.id)

    late_, idle, games = finding("late", 1), finding("idle_window", 1), finding("games", 1)
    open_ = finding("off_post", 1, accept=False)
    hall.clock.at += 16 * 60 * MINUTE
    hall.do(day_book.keep, actor="hub")
    hall.do(derive.daily, actor="hub")
    hall.do(answers.answer, finding=open_, step="accept")  # the hub was first
    rows = hall.db.find(sheets.ENTRIES, since="2024-05-01", until="2024-05-31")
    gone = {row.cancels for row in rows if row.cancels}
    standing = {row.ref for row in rows if row.kind == "finding" and not row.cancels and row.id not in gone}
    assert standing == {f"finding/{idle}", f"finding/{games}"}  # person 2 was idle, not person 1
    assert ("late", 1, "social", 90, False) in entered(hall) and late_ and open_


def test_an_outage_is_nobodys_absence(hall: Bench) -> None:
    hall.do(a_day)
    hall.do(lambda tx: tx.insert(model.Outage, since=START + MINUTE, until=START + 25 * MINUTE))
    hall.clock.at += 16 * 60 * MINUTE
    hall.do(day_book.keep, actor="hub")
    hall.do(derive.daily, actor="hub")
    assert {"off_post", "idle"}.isdisjoint(row[0] for row in entered(hall))




# -- places


def placed(hall: Bench, figures: Any) -> list[tuple[int, int | None, bool]]:
    found = sheets.look(hall.db, month=APRIL, figures=figures)
    return [(row["person"], row["place"], row["winner"]) for row in board.month(hall.db, found) if row["person"]]


def on_post(tx: Any) -> None:
    for person in (1, 2, 3):
        for day in range(1, 12):
            name = f"2024-04-{day:02d}"
            tx.insert(model.Shift, day=name, window="1", person=person, started_at=START, ended_at=START)


def rated(low: float) -> dict[str, Any]:
    return {"satisfied_low": {"value": low, "n": 300}}


def test_equal_scores_are_told_apart_by_the_figure_of_the_formula(hall: Bench) -> None:
    """D19: three ratings decide nothing, and who was hardly there has no place."""
    hall.do(on_post)
    few = {"satisfied_low": {"value": 1, "n": 3}}
    expected = [(1, 2, True), (2, 1, True), (3, 3, True), (4, None, False)]
    assert placed(hall, {1: rated(0.9), 2: rated(0.95), 3: few, 4: rated(0.99)}) == expected


def test_who_is_barred_is_no_winner_d17(hall: Bench) -> None:
    hall.do(on_post)
    values = {"no": "2024-0001", "day": "2024-02-01", "at": START, "by": "test", "kind": "serious", "channel": "window"}
    hall.do(lambda tx: tx.insert(Case, person=1, department="social", no_award="person", **values))
    assert placed(hall, {1: rated(0.95)})[0] == (1, 1, False)
