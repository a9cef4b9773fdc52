"""docs/privacy.md lists every personal column; one journaled job empties what is over, and nothing before its time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, select

from hallq import files, privacy, schema
from hallq.journal import Journal
from hallq.kernel import Tx
from hallq.registers.model import FoundItem
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
def test_what_the_job_empties_is_personal_and_its_days_stand_on_the_map(kept: privacy.Kept) -> None:
    table = str(kept.model.__tablename__)
    assert set(kept.columns) <= personal()[table]
    [row] = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{table}.{kept.columns[0]}`" in line]
    assert f"`{kept.days}`" in row


def found(tx: Tx, *, closed: bool) -> FoundItem:
    row = tx.insert(
        FoundItem, no=f"2024-0000{int(closed)}", day=tx.day, at=tx.now, by=tx.actor, name="钱包", found_at=tx.now,
        place="一楼", due_day=tx.day,
        claimant="张建国", phone="13812345678", salt=tx.token(), closed_at=tx.now if closed else None,
    )  # fmt: skip
    picture = files.keep(tx, name="a.png", media="image/png", content=PNG)
    files.attach(tx, [picture.id or 0], f"found/{row.id}")
    return row


def test_who_took_a_found_item_is_forgotten_with_the_picture_and_the_journal_says_so(hall: Bench) -> None:
    gone, kept = hall.do(found, closed=True), hall.do(found, closed=False)
    days = hall.store.rules.register_days
    hall.wait(days * DAY)
    hall.do(privacy.forget)
    assert not hall.changes  # not before its time
    hall.wait(1)
    hall.do(privacy.forget)
    row = hall.db.get(FoundItem, gone.id)
    assert row and (row.claimant, row.phone, row.salt, row.blanked_at) == ("", "", "", hall.now)
    assert not files.of(hall.db, f"found/{gone.id}") and files.of(hall.db, f"found/{kept.id}")
    [entry] = hall.db.find(LAST)
    assert entry.verb == "forget" and json.loads(entry.facts) == {"found_item": 1}
    still = hall.db.get(FoundItem, kept.id)
    assert still and still.claimant == "张建国"
    hall.do(privacy.forget)
    assert not hall.changes  # once
