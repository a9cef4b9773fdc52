"""Exports: every kind as csv and xlsx with a dictionary, no formula anywhere, a month in the memory of a day."""

from __future__ import annotations

import csv
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hallq import exports
from hallq.assessment.ratings.model import Rating
from hallq.cli.record import KINDS
from hallq.export_tables import REGISTERS, TABLES, Table
from hallq.kernel import Tx
from hallq.office.post_model import Handover
from hallq.outcomes.model import OneTimeNotice, Referral, RefusalRecord
from hallq.people.looked import looked
from hallq.registers.model import FoundItem, Mail
from hallq.ticketing.model import Ticket, Visit
from tests.commands.conftest import Bench, hall, rules
from tests.hub import Hub, hub, write_hall

__all__ = ["hall", "rules"]  # fixtures
COMMENT = '=HYPERLINK("x")'
DAYS: dict[str, Any] = {"since": "2024-01-01", "until": "2024-12-31"}


def visits(tx: Tx, *, count: int, comment: str = "") -> None:
    for number in range(count):
        ticket = tx.insert(
            Ticket, day=tx.day, number=f"A{number:05d}", service="a", arrival=tx.now, issued_at=tx.now, state="finished"
        )
        visit = tx.insert(
            Visit, day=tx.day, ticket=ticket.id, window="1", person=1, service="a", arrival=tx.now,
            called_at=tx.now + 5000, ended_at=tx.now + 65_000, end="finished",
        )  # fmt: skip
        tx.insert(
            Rating, token=f"t{ticket.id}", visit=visit.id, ticket=ticket.id, window="1", person=1, service="a",
            day=tx.day, level=2, reasons="eff.wait,att.cold", comment=comment, at=tx.now,
        )  # fmt: skip


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


def test_csv_opens_in_excel_and_runs_nothing(hall: Bench, tmp_path: Path) -> None:
    hall.do(visits, count=1, comment=COMMENT)
    file = tmp_path / "ratings.csv"
    assert exports.write(hall.db, TABLES["ratings"], "csv", file, **DAYS) == 1
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    head, row = read(file)
    assert head == ["ticket", "service", "window", "clerk", "level", "reasons", "comment", "at", "channel"]  # CONTRACT
    at = "2024-05-06T10:00:00+08:00"
    assert row == ["A00000", "a", "1", "clerk1", "2", "eff.wait,att.cold", f"'{COMMENT}", at, "pad"]


def test_xlsx_holds_text_numbers_and_its_dictionary_but_no_formula(hall: Bench, tmp_path: Path) -> None:
    hall.do(visits, count=2, comment=COMMENT)
    file = tmp_path / "ratings.xlsx"
    assert exports.write(hall.db, TABLES["ratings"], "xlsx", file, **DAYS) == 2
    book = openpyxl.load_workbook(file)
    _, row, _ = book["ratings"].iter_rows()
    assert (row[4].value, row[6].value, row[6].data_type) == (2, COMMENT, "s")
    meanings = [[cell.value for cell in line] for line in book["说明 dictionary"].iter_rows()]
    assert meanings[0][:3] == ["column", "zh", "en"] and [line[0] for line in meanings[1:]] == [
        *TABLES["ratings"].names
    ]
    assert meanings[5][1:4] == ["评价等级", "Level", "1-5"]


@pytest.mark.parametrize("table", (TABLES | REGISTERS).values(), ids=KINDS)
def test_every_column_of_every_kind_has_its_words(hall: Bench, tmp_path: Path, table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    file = tmp_path / "x.csv"
    exports.write(hall.db, table, "dictionary.csv", file, **DAYS)
    assert len(read(file)) == len(table.names) + 1 and all(all(line) for line in read(file))
    assert exports.write(hall.db, table, "csv", file, **DAYS) == 0 and read(file) == [[*table.names]]


def test_the_command_line_knows_every_table_and_none_tells_of_a_citizen() -> None:
    assert (*TABLES, *REGISTERS) == KINDS
    for model, kind in ((Referral, "referrals"), (FoundItem, "found"), (Mail, "mail")):
        shown = {column.value.key for column in (TABLES | REGISTERS)[kind].columns}
        assert not shown & model.__personal__


def test_slips_and_what_was_handed_on_are_tables(hall: Bench, tmp_path: Path) -> None:
    hall.do(_handed)
    rows = {}
    for kind in ("one_time", "refusals", "handovers"):
        assert exports.write(hall.db, TABLES[kind], "csv", tmp_path / "t.csv", **DAYS) == 1
        head, row = read(tmp_path / "t.csv")
        rows[kind] = dict(zip(head, row, strict=True))
    notice, refusal, handover = rows.values()
    assert (notice["no"], notice["number"], notice["clerk"], notice["nth"]) == ("2024-00001", "A00000", "clerk1", "1")
    assert (notice["state"], notice["form"], notice["return_by"]) == ("given", "slip", "2024-05-20")
    assert (refusal["clerk"], refusal["reason"], refusal["seen_at"]) == ("clerk1", "户籍不在本县", "")
    assert (handover["giver"], handover["taker"], handover["remark"]) == ("clerk1", "", "材料在柜中")


def _handed(tx: Tx) -> None:
    visits(tx, count=1)
    tx.insert(
        OneTimeNotice, no="2024-00001", day=tx.day, at=tx.now, ticket=1, visit=1, service="a", department="d",
        window="1", person=1, content="{}", papers=2, return_by="2024-05-20",
    )  # fmt: skip
    tx.insert(
        RefusalRecord, no="2024-00001", day=tx.day, at=tx.now, by="person:1", person=1, department="d", what="落户",
        reason="户籍不在本县",
    )  # fmt: skip
    tx.insert(Handover, day=tx.day, at=tx.now, window="1", giver=1, signed_at=tx.now, remark="材料在柜中")


def test_times_lengths_and_nothing(hall: Bench, tmp_path: Path) -> None:
    hall.do(visits, count=1)
    exports.write(hall.db, TABLES["visits"], "csv", tmp_path / "v.csv", **DAYS)
    head, row = read(tmp_path / "v.csv")
    visit = dict(zip(head, row, strict=True))
    assert (visit["wait_s"], visit["handling_s"], visit["started_at"], visit["cases"]) == ("5", "60", "", "")
    assert visit["called_at"] == "2024-05-06T10:00:05+08:00"
    told: list[int] = []
    exports.write(
        hall.db, TABLES["visits"], "csv", tmp_path / "v.csv", **DAYS, tell=lambda done, all_: told.append(all_)
    )
    assert told == [1]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(hall: Bench, tmp_path: Path, form: str) -> None:
    def peak() -> int:
        tracemalloc.start()
        exports.write(hall.db, TABLES["ratings"], form, tmp_path / f"r.{form}", **DAYS)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    hall.store.run(visits, count=1)
    hall.store.run(_more, first=0, count=200)
    peak()
    small = peak()
    hall.store.run(_more, first=200, count=1800)
    assert peak() < small + 400_000  # the rows alone are 1.5 MB


def _more(tx: Tx, *, first: int, count: int) -> None:
    for number in range(first, first + count):
        tx.insert(
            Rating, token=f"m{number}", visit=-number - 1, ticket=1, window="1", person=1, service="a", day=tx.day,
            level=5, comment="很好" * 150, at=tx.now,
        )  # fmt: skip


async def test_exports_over_the_api_leave_a_trace(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path)) as county:
        await _try(county)


async def _try(county: Hub) -> None:
    kiosk, office = await county.device("kiosk", "k1"), await county.person("张科", "office")
    await kiosk.ok("/tickets", {"service": "id"})
    answer = await office.get("/export/tickets.csv")
    assert answer.headers["content-type"] == exports.CSV and "A001" in answer.text
    assert "tickets-2026-11-01-2026-11-23.csv" in answer.headers["content-disposition"]
    assert (await office.get("/export/ratings.xlsx")).content.startswith(b"PK")
    assert "评价等级" in (await office.get("/export/ratings.dictionary.csv")).text
    assert (await office.get("/export/tickets.pdf")).status_code == 422
    assert (await kiosk.get("/export/tickets.csv")).status_code == 403
    assert (await (await county.person("王芳")).get("/export/staff.csv")).status_code == 403
    assert (await (await county.person("李主任", "leader")).get("/export/ratings.csv")).status_code == 403
    await county.person("管理员", "admin")
    admin = await county.person("管理员")
    reads: list[dict[str, Any]] = (await admin.get("/audit/journal?about=reads")).json()["items"]
    assert [(item["name"], item["facts"]["what"]) for item in reads] == [("张科", "ratings export")]
    assert looked.__name__ == reads[0]["verb"]
