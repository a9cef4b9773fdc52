"""Bulletins: drafted from the rows, edited, approved, numbered by time, and never written again (F09-F15, D15)."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hallq.assessment import waiting
from hallq.assessment.bulletins import commands, due, facts, facts_record, facts_service, interviews
from hallq.assessment.bulletins.model import APPROVED, LAPSED, Bulletin, Interview
from hallq.assessment.bulletins.period import Period
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols.model import Finding
from hallq.assessment.ratings import commands as assess
from hallq.assessment.ratings import taking
from hallq.assessment.standards import commands as standards
from hallq.files import Attachment
from hallq.ticketing import commands as do
from hallq.ticketing.model import Notice, Outage
from tests.commands.conftest import MINUTE, START, Bench

DAY = 24 * 3600
TODAY = "2024-05-06"


@pytest.fixture
def worked(hall: Bench) -> Bench:
    """Monday: at window 1 one citizen waits for five minutes and rates badly; then it is paused for 20 minutes."""
    hall.do(do.sign_in, window="1", person=1)
    hall.do(do.issue, service="a", kiosk="k1")
    hall.wait(300)
    hall.do(do.call_next, window="1")
    hall.do(do.start, window="1")
    hall.wait(240)
    hall.do(do.finish, window="1")
    hall.wait(10)
    token = taking.take(hall.db)["1"].token
    hall.do(assess.rate, token=token, window="1", level=1, reasons=["att.cold"], comment="我是张三")
    hall.wait(60)
    hall.do(do.pause, window="1", reason="meal")
    hall.wait(20 * 60)
    hall.do(do.resume, window="1")
    return hall


def drafted(hall: Bench, kind: str = "urgent", **columns: Any) -> Bulletin:
    row = hall.do(commands.begin, kind=kind, since=TODAY, until=TODAY, department=None, **columns)
    return filled(hall, row.id)


def filled(hall: Bench, number: int) -> Bulletin:
    row: Bulletin = hall.do(commands.fill, bulletin=number, found=facts.gather(hall.db, number=number))
    return row


def written(hall: Bench, row: Bulletin) -> Bulletin:
    sections = [
        {"code": each["code"], "hidden": False, "paragraphs": each["paragraphs"] or ["已写。"]}
        for each in orjson.loads(row.content)["sections"]
    ]
    edited: Bulletin = hall.do(commands.edit, bulletin=row.id, seen=row.version, title=row.title, sections=sections)
    return edited


def approved(hall: Bench, row: Bulletin) -> Bulletin:
    row = written(hall, row)
    while row.state != APPROVED:
        row = hall.do(commands.approve, bulletin=row.id, seen=row.version, name="林静")
    return row


def test_the_morning_list_says_what_was_yesterday_f09_f04(worked: Bench) -> None:
    found = orjson.loads(drafted(worked, "oral").content)
    tables = {table["title"]: table for each in found["sections"] for table in each["tables"]}
    [off] = tables["离岗超时"]["rows"]
    assert off["cells"] == ["05-06 10:10", "1", "clerk1", 20, "轮换用餐"]  # which window, which minute
    assert (off["ref"], off["person"], off["department"]) == ("pause/1", 1, "social")
    [bad] = tables["差评"]["rows"]
    assert bad["cells"][1:] == ["1", "a", "非常不满意", "态度冷淡", "clerk1"]
    assert "张三" not in orjson.dumps(found).decode()  # what a citizen wrote could tell who it was (E15)


def test_the_monthly_one_names_nobody_and_defines_its_figures_f12(worked: Bench) -> None:
    found = drafted(worked, "monthly").content
    assert "clerk1" not in found
    assert '"person":1' not in found
    assert "满意率：" in found
    assert "分母：" in found


def test_waits_are_those_of_the_waits_page(worked: Bench) -> None:
    worked.do(_outage, since=START + MINUTE, until=START + 3 * MINUTE)
    [table] = facts_service.waits(worked.db, Period(TODAY, TODAY)).tables
    page = waiting.waits(worked.db, since=TODAY, until=TODAY)[0]
    assert table.rows[0].cells == ["social", 1, 3.0, 3, 3]
    assert page["mean_s"] == 180


def _outage(tx: Any, *, since: int, until: int) -> None:
    tx.insert(Outage, since=since, until=until)


def test_numbers_run_by_time_without_gaps_f15(worked: Bench) -> None:
    first, second, dropped = drafted(worked), drafted(worked), drafted(worked)
    worked.do(commands.drop, bulletin=dropped.id, why="重复")
    numbers = [
        approved(worked, second).number,
        approved(worked, first).number,
        approved(worked, drafted(worked)).number,
    ]
    assert numbers == ["督查通报〔2024〕1号", "督查通报〔2024〕2号", "督查通报〔2024〕3号"]
    assert approved(worked, drafted(worked, "oral")).number == "督查口头通报〔2024〕1号"


def test_an_approved_one_is_never_written_again_f15(worked: Bench) -> None:
    row = approved(worked, drafted(worked))
    assert row.journal_seq and len(row.journal_hash) == 64
    for command, wish in (
        (commands.edit, {"seen": row.version, "title": "x", "sections": []}),
        (commands.approve, {"seen": row.version, "name": "x"}),
        (commands.drop, {"why": "x"}),
        (commands.ask_again, {}),
        (commands.fill, {"found": {}}),
    ):
        assert worked.refused(command, bulletin=row.id, **wish).code == "bulletin_frozen"
    file = {"name": "1.pdf", "media": "application/pdf", "content": b"%PDF-1"}
    worked.do(commands.archive, bulletin=row.id, attachments=[file])
    worked.do(commands.archive, bulletin=row.id, attachments=[file | {"content": b"%PDF-2"}])
    [kept] = worked.rows("attachment")
    assert worked.row(Attachment, kept[0]).size == 6
    assert worked.row(Bulletin, row.id) == row


def test_a_correction_has_a_number_of_its_own_and_names_the_old(worked: Bench) -> None:
    row = approved(worked, drafted(worked))
    new = worked.do(commands.correct, bulletin=row.id, why="次数有误")
    assert (new.corrects, new.content, new.number) == (row.id, row.content, "")
    assert worked.refused(commands.correct, bulletin=row.id, why="x").code == "bulletin_corrected"
    assert approved(worked, new).number == "督查通报〔2024〕2号"


def test_an_edit_voids_approvals_and_a_stale_one_is_refused(worked: Bench) -> None:
    row = drafted(worked)
    assert worked.refused(commands.approve, bulletin=row.id, seen=row.version, name="x").code == "bulletin_unwritten"
    row = written(worked, row)
    again: dict[str, Any] = {"bulletin": row.id, "seen": row.version, "name": "林静"}
    row = worked.do(commands.approve, **again)
    assert worked.refused(commands.approve, **again).code == "stale"  # pressed twice
    assert len(orjson.loads(row.steps)) == 1
    assert written(worked, row).steps == "[]"
    assert worked.refused(commands.approve, bulletin=row.id, seen=row.version, name="x").code == "stale"


def test_who_is_named_in_an_urgent_one_enters_the_ledger_once_d15(worked: Bench) -> None:
    row = approved(worked, drafted(worked))
    [entry] = [worked.row(Entry, each[0]) for each in worked.rows("ledger_entry", "kind = 'bulletin'")]
    assert (entry.person, entry.ref, entry.clause) == (1, f"bulletin/{row.id}", "督查通报 第七条")
    assert "pause/1" in entry.note
    assert "rating/1" in entry.note
    approved(worked, drafted(worked, "monthly"))
    assert len(worked.rows("ledger_entry", "kind = 'bulletin'")) == 1


def test_the_list_ranks_departments_and_becomes_interviews_f10_f11(worked: Bench) -> None:
    for number in range(6):
        worked.do(ledger.enter, kind="finding", ref=f"finding/{number}", department="tax")
    row = drafted(worked, "interviews")
    asked = {(one["department"], one["level"]): one["on"] for one in orjson.loads(row.content)["interviews"]}
    wanted = {place for place, on in asked.items() if on}
    assert (len(asked), wanted) == (4, {("tax", "chief"), ("tax", "leader")})
    drop = [{"department": "tax", "level": "leader", "on": False}]
    row = worked.do(commands.edit, bulletin=row.id, seen=row.version, title="名单", sections=[], asked=drop)
    row = approved(worked, row)
    assert row.departments == "tax"
    tasks = interviews.listed(worked.db)
    assert [(task.department, task.level, task.facts) for task in tasks] == [("tax", "chief", "巡查问题 6 个")]
    worked.do(due.keep)
    assert [each.words for each in _reminders(worked, "interviews")] == ["bl.interviewsDue"]
    held = {"held_on": TODAY, "interviewer": "张主任", "interviewee": "李明", "note": "限期整改"}
    assert worked.refused(interviews.hold, interview=tasks[0].id, **held | {"held_on": "2024-05-07"}).code == "invalid"
    for task in tasks:
        worked.do(interviews.hold, interview=task.id, **held)
    assert worked.row(Interview, tasks[0].id).interviewer == "张主任"
    assert not _reminders(worked, "interviews")


def _reminders(hall: Bench, key: str) -> list[Notice]:
    return [hall.row(Notice, row[0]) for row in hall.rows("notice", f"done_at IS NULL AND key = '{key}'")]


def test_drafts_begin_by_themselves_and_are_reminded_of_f09_f12(worked: Bench) -> None:
    worked.do(due.keep)
    assert not worked.rows("bulletin")  # nobody came before today
    worked.wait(DAY)
    worked.do(due.keep)
    worked.do(due.keep)
    [oral] = [worked.row(Bulletin, each[0]) for each in worked.rows("bulletin")]
    assert (oral.kind, oral.since, oral.due, oral.title) == ("oral", TODAY, "2024-05-07", "5月6日督查情况口头通报")
    assert due.waiting_for_facts(worked.db) == [oral.id]
    worked.wait(26 * DAY)  # Sunday 2 June: the month's, though nobody works
    worked.do(due.keep)
    kinds = {row.kind: row for row in (worked.row(Bulletin, each[0]) for each in worked.rows("bulletin"))}
    assert (kinds["monthly"].since, kinds["monthly"].due) == ("2024-05-01", "2024-06-14")
    assert (kinds["interviews"].until, kinds["interviews"].due) == ("2024-05-31", "2024-06-07")  # the 10th is a holiday
    worked.wait(13 * DAY)
    worked.do(due.keep)
    [late] = _reminders(worked, f"bulletin/{kinds['monthly'].id}")
    assert (late.words, late.level, late.audience) == ("bl.overdue", "alarm", "board")


def test_a_morning_list_that_nobody_read_out_stays_as_such(worked: Bench) -> None:
    worked.wait(DAY)
    worked.do(do.issue, service="a", kiosk="k1")
    worked.do(due.keep)
    worked.wait(DAY)
    worked.do(due.keep)
    states = [worked.row(Bulletin, each[0]).state for each in worked.rows("bulletin")]
    assert states == [LAPSED, "draft"]
    assert not _reminders(worked, "bulletin/1")


def test_one_for_a_kinds_days(worked: Bench) -> None:
    row = drafted(worked, "monthly")
    wish: dict[str, Any] = {"kind": "monthly", "since": TODAY, "until": TODAY, "department": None}
    assert worked.refused(commands.begin, **wish).code == "bulletin_exists"
    worked.do(commands.drop, bulletin=row.id, why="重做")
    assert worked.do(commands.begin, **wish).id != row.id
    assert worked.refused(commands.begin, **wish | {"kind": "moon"}).code == "not_found"
    assert worked.refused(commands.begin, **wish | {"kind": "urgent", "until": "2024-05-07"}).code == "invalid"


def test_a_standard_must_leave_something_to_write(hall: Bench) -> None:
    shipped = {**standards.shipped("bulletins").content}
    shipped["step"] = [dict(row) for row in shipped["step"] if row["kind"] != "oral"]
    wish = {"kind": "bulletins", "content": shipped, "from_day": "2024-06-01", "source": "局务会"}
    assert hall.refused(standards.enact, **wish).code == "invalid"


def test_findings_are_put_right_open_or_neither(hall: Bench) -> None:
    def found(tx: Any) -> None:
        for fix, state in (("confirmed", "stands"), ("due", "told"), ("", "stands"), ("due", "withdrawn")):
            columns = {"kind": "problem", "source": "daily", "code": "phone", "version": 0, "department": "tax"}
            tx.insert(Finding, day=TODAY, at=tx.now, by="x", fix=fix, state=state, **columns)

    hall.do(found)
    by_department = facts_record.findings(hall.db, Period(TODAY, TODAY)).tables[1]
    assert [row.cells for row in by_department.rows] == [["tax", 3, 1, 1]]
