"""docs/privacy.md lists every personal column; one journaled job empties what is over, and nothing before its time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from hallq import files, privacy, schema
from hallq.journal import Journal
from hallq.kernel import Tx
from hallq.outcomes import numbers
from hallq.outcomes.handing import referrals, refusals
from hallq.outcomes.model import OneTimeNotice, Outcome, Referral, RefusalRecord
from hallq.outcomes.one_time import commands as one_time
from hallq.registers.model import FoundItem
from hallq.ticketing.model import Visit
from tests.commands.conftest import Bench

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")
DAY = 24 * 3600
LAST = select(Journal).order_by(col(Journal.seq).desc()).limit(1)
PNG = b"\x89PNG\r\n\x1a\n"


def listed() -> set[str]:
    return set(re.findall(r"`(\w+\.\w+)`", PAGE))


def personal() -> dict[str, frozenset[str]]:
    assert schema.MODELS
    kinds = [mapper.class_ for mapper in SQLModel._sa_registry.mappers]
    return {str(kind.__tablename__): getattr(kind, "__personal__", frozenset()) for kind in kinds}


def test_every_personal_column_is_on_the_map() -> None:
    assert {f"{table}.{name}" for table, names in personal().items() for name in names} <= listed()


@pytest.mark.parametrize("kept", privacy.KEPT, ids=lambda kept: str(kept.model.__tablename__))
def test_what_the_job_empties_is_salted_and_its_days_stand_on_the_map(kept: privacy.Kept) -> None:
    table = str(kept.model.__tablename__)
    assert personal()[table] & set(kept.columns)  # with the salt of these the row's older digests tell nothing any more
    for column in kept.columns:
        assert f"`{kept.days}`" in row_of(table, column)


@pytest.mark.parametrize("words", privacy.WORDS, ids=lambda words: str(words.model.__tablename__))
def test_free_words_stand_on_the_map_with_their_days(words: privacy.Words) -> None:
    for column in words.columns:
        assert "`remark_days`" in row_of(str(words.model.__tablename__), column)


def test_every_column_of_the_map_is_one_of_the_halls() -> None:
    assert schema.MODELS
    kinds = [mapper.class_ for mapper in SQLModel._sa_registry.mappers]
    known = {f"{kind.__tablename__}.{name}" for kind in kinds for name in kind.model_fields}
    assert listed() - known == {"privacy.forget"}


def row_of(table: str, column: str) -> str:
    [row] = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{table}.{column}`" in line]
    return row


def found(tx: Tx, *, closed: bool) -> FoundItem:
    row = tx.insert(
        FoundItem, no=f"2024-0000{int(closed)}", day=tx.day, at=tx.now, by=tx.actor, name="钱包", found_at=tx.now,
        features="内有张建国的身份证", place="一楼", due_day=tx.day,
        claimant="张建国", phone="13812345678", salt=tx.token(), closed_at=tx.now if closed else None,
    )  # fmt: skip
    picture = files.keep(tx, name="a.png", media="image/png", content=PNG)
    files.attach(tx, [picture.id or 0], f"found/{row.id}")
    return row


def test_who_took_a_found_item_is_forgotten_with_the_picture_and_the_journal_says_so(hall: Bench) -> None:
    gone, kept = hall.do(found, closed=True), hall.do(found, closed=False)
    days = hall.store.rules.register_days
    hall.wait(days * DAY)
    assert emptied(hall) == {}  # not before its time
    hall.wait(1)
    assert emptied(hall) == {"found_item": 1}
    row = hall.db.get(FoundItem, gone.id)
    assert row and (row.claimant, row.phone, row.features, row.salt, row.blanked_at) == ("", "", "", "", hall.now)
    assert not files.of(hall.db, f"found/{gone.id}") and files.of(hall.db, f"found/{kept.id}")
    still = hall.db.get(FoundItem, kept.id)
    assert still and still.claimant == "张建国"
    assert emptied(hall) == {}  # once


def emptied(hall: Bench) -> dict[str, int]:
    """What the job says in the journal that it has emptied."""
    before = hall.db.find(LAST)[0].seq
    hall.do(privacy.forget)
    [entry] = hall.db.find(LAST)
    if entry.seq == before:
        return {}
    assert entry.verb == "forget"
    facts: dict[str, int] = json.loads(entry.facts)
    return facts


def test_a_referral_that_nobody_answers_is_emptied_and_its_late_answer_too_i17(hall: Bench) -> None:
    row: Referral = hall.do(referrals.write, department="tax", matter="退税", name="张建国", phone="13812345678")
    hall.wait(92 * DAY)
    assert emptied(hall) == {"referral": 1}  # 90 days after the day to answer by
    blank = hall.row(Referral, row.id)
    assert (blank.name, blank.phone, blank.matter, blank.state, blank.salt) == ("", "", "退税", "open", "")
    hall.do(referrals.answer, referral=row.id, answer="联系不上张建国")
    assert hall.row(Referral, row.id).salt
    hall.wait(91 * DAY)
    assert emptied(hall) == {"referral": 1} and hall.row(Referral, row.id).answer == ""


def test_what_was_typed_in_free_words_goes_after_its_days_a_day_at_a_time(hall: Bench) -> None:
    kept = hall.do(worded)
    days = hall.store.rules.remark_days
    hall.wait((days - 1) * DAY)
    assert emptied(hall) == {}
    assert hall.row(Outcome, kept["outcome"]).reason == "张建国的材料不齐"
    hall.wait(DAY)
    assert emptied(hall) == {"one_time_notice": 1, "outcome": 1, "refusal_record": 1, "visit": 1}
    assert hall.row(Outcome, kept["outcome"]).reason == "" and hall.row(Visit, kept["visit"]).reason == ""
    notice = hall.row(OneTimeNotice, kept["notice"])
    assert (notice.content, notice.why, notice.said, notice.papers, notice.no) == ("{}", "", "", 1, "2024-00001")
    assert hall.refused(one_time.print_again, notice=notice.id).code == "wrong_state"
    record = hall.row(RefusalRecord, kept["refusal"])
    assert (record.what, record.reason, record.opinion, record.leader) == ("", "", "", "周局")
    assert emptied(hall) == {}


def test_more_words_than_fit_in_one_go_are_emptied_by_the_next(hall: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "AT_ONCE", 1)
    monkeypatch.setattr(privacy, "WRITTEN", {kind: query.limit(1) for kind, query in privacy.WRITTEN.items()})
    for _ in range(2):
        hall.do(worded)
    hall.wait(hall.store.rules.remark_days * DAY)
    assert [emptied(hall).get("visit", 0) for _ in range(3)] == [1, 1, 0]


def worded(tx: Tx) -> dict[str, int]:
    at = {"day": tx.day, "at": tx.now, "ticket": 1, "service": "a", "department": "social", "window": "1"}
    visit = tx.insert(Visit, day=tx.day, ticket=1, window="1", service="a", called_at=tx.now, reason="张建国的材料不齐")
    case = tx.insert(Outcome, **at, visit=visit.id, kind="giveback", reason="张建国的材料不齐")
    content = '{"missing": [{"name": "张建国的户口簿"}]}'
    notice = tx.insert(
        OneTimeNotice, **at, visit=visit.id, no=numbers.following(tx, one_time.LAST), content=content, papers=1,
        why="张建国再来", said="同意",
    )  # fmt: skip
    refusal = refusals.record(tx, department="social", what="加急", reason="张建国不符合条件")
    refusals.note(tx, refusal=refusal.id or 0, leader="周局", opinion="向张建国说明")
    rows: dict[str, Any] = {"visit": visit, "outcome": case, "notice": notice, "refusal": refusal}
    return {name: row.id or 0 for name, row in rows.items()}
