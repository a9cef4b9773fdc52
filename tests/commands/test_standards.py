"""Versioned data: the shipped file is the shape, a new version never reaches back; the ledger enters a cause once."""

from __future__ import annotations

from typing import Any

import pytest

from hallq import files
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.standards import commands as standards
from hallq.kernel import Refused
from hallq.texts import EN, ZH, text
from tests.commands.conftest import Bench


def reasons(**changes: Any) -> dict[str, Any]:
    rows = [dict(row) for row in standards.shipped("reasons").content["reason"]]
    rows[0] |= changes
    return {"reason": rows}


@pytest.mark.parametrize("kind", standards.kinds())
def test_every_list_and_column_has_words(kind: str) -> None:
    content = standards.shipped(kind).content
    tables = {name: rows for name, rows in content.items() if isinstance(rows, list)}
    columns = {column for rows in tables.values() for row in rows for column in row} | (content.keys() - tables.keys())
    keys = [f"k_{kind}", *(f"t_{name}" for name in tables), *(f"c_{column}" for column in columns)]
    assert all(text(f"sd.{key}", lang) for key in keys for lang in (ZH, EN))


def test_a_version_is_in_force_from_its_day(hall: Bench) -> None:
    assert standards.current(hall.db, "reasons").version == 0
    later = "2099-01-01"
    hall.do(standards.enact, kind="reasons", content=reasons(active=False), from_day=later, source="局务会")
    assert standards.current(hall.db, "reasons").version == 0
    found = standards.current(hall.db, "reasons", later)
    assert (found.version, found.source, found.content["reason"][0]["active"]) == (1, "局务会", False)


def test_no_version_reaches_back(hall: Bench) -> None:
    past = {"content": reasons(), "from_day": "2020-01-01", "source": "x"}
    assert hall.refused(standards.enact, kind="reasons", **past).code == "standard_reaches_back"


@pytest.mark.parametrize(
    "content",
    [{}, {"reason": "x"}, {"reason": [{"code": "x"}]}, reasons(active="yes"), reasons(more=1), reasons() | {"x": 1}],
)
def test_a_content_of_another_shape_is_refused(hall: Bench, content: dict[str, Any]) -> None:
    wish = {"content": content, "from_day": "2099-01-01", "source": "x"}
    assert hall.refused(standards.enact, kind="reasons", **wish).code == "invalid"


def test_a_cause_is_entered_once_and_cancelled_once(hall: Bench) -> None:
    first = hall.do(ledger.enter, kind="late", ref="shift/1", person=1, clause="窗口工作制度 五(四)")
    assert hall.do(ledger.enter, kind="late", ref="shift/1", person=1).id == first.id
    taken_back = hall.do(ledger.cancel, entry=first.id, note="考勤机有记录")
    assert hall.do(ledger.cancel, entry=first.id, note="again").id == taken_back.id
    assert taken_back.cancels == first.id
    assert hall.db.get(Entry, first.id) == first


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_file_belongs_to_what_took_it_on(hall: Bench) -> None:
    row = hall.do(files.keep, name="章.png", media="image/png", content=PNG)
    with pytest.raises(Refused, match="not_found"):
        files.content(hall.db, file=row.id, ref="case/1")
    hall.do(files.attach, ids=[row.id], ref="case/1")
    assert files.content(hall.db, file=row.id, ref="case/1")[1] == PNG
    assert hall.refused(files.attach, ids=[row.id], ref="case/2").code == "not_found"


def test_a_file_is_what_it_says_it_is(hall: Bench) -> None:
    assert hall.refused(files.keep, name="x", media="image/png", content=b"<script>").code == "invalid"


def test_an_upload_that_nothing_took_on_is_gone_after_a_day(hall: Bench) -> None:
    row = hall.do(files.keep, name="x.png", media="image/png", content=PNG)
    hall.wait(25 * 3600)
    hall.do(files.forget_unused)
    assert hall.db.get(files.Attachment, row.id) is None
    assert hall.db.get(files.FileContent, row.id) is None
