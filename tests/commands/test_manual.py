"""Numbers on paper while the system was down: entered as a batch, merged by arrival (issue's point 6)."""

from __future__ import annotations

import pytest

from hallq.office import manual
from hallq.office.manual import Line
from hallq.ticketing import commands as do
from hallq.ticketing import model
from tests.commands.conftest import START, Bench

LINE = Line("M001", "a", "09:20", "1234")


def test_they_are_merged_by_arrival(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    later = hall.do(do.issue, service="a")
    made = hall.do(manual.enter, lines=[LINE, Line("M002", "a", "09:05", "0002"), Line("M003", "a", "09:10", "0003")])
    assert [row.number for row in made] == ["M002", "M003", "M001"]
    assert [hall.picture.queues["a"].waiting, hall.picture.queues["a"].next] == [4, ("M002", "M003")]
    called = []
    for _ in range(4):
        called.append(hall.do(do.call_next, window="1").number)
        hall.do(do.finish, window="1")
    assert called == ["M002", "M003", "M001", later.number]
    row = hall.row(model.Ticket, made[0].id)
    assert (row.source, row.check_code, row.issued_at) == ("manual", "0002", START - 55 * 60_000)
    assert hall.do(do.issue, service="a").number == "A002"  # no number of the service was used up


def test_the_green_channel_counts_for_them_too(hall: Bench) -> None:
    hall.do(do.sign_in, window="1", person=1)
    hall.do(manual.enter, lines=[LINE, Line("M002", "a", "09:30", "0002", "elderly")])
    assert hall.do(do.call_next, window="1").number == "M002"


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"number": "A001"}, "number", "format"),
        ({"number": "M1"}, "number", "format"),
        ({"service": "zz"}, "service", "unknown"),
        ({"category": "zz"}, "category", "unknown"),
        ({"arrival": "10:01"}, "arrival", "future"),
        ({"arrival": "2024-05-05T09:00"}, "arrival", "past_day"),
        ({"arrival": "25:00"}, "arrival", "format"),
        ({"arrival": "nine"}, "arrival", "format"),
        ({"check_code": "12"}, "check_code", "code"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(hall: Bench, change: dict[str, str], field: str, why: str) -> None:
    lines = [Line("M007", "a", "09:00", "0000"), LINE._replace(**change)]
    found = hall.refused(manual.enter, lines=lines)
    assert found.code == "manual_lines" and found.detail["lines"] == "2"
    assert found.detail["wrong"] == [{"line": 2, "field": field, "why": why}]
    assert hall.rows("ticket") == []


def test_all_wrong_lines_are_named_at_once(hall: Bench) -> None:
    hall.do(manual.enter, lines=[LINE])
    lines = [LINE, Line("M002", "a", "11:00", "1"), Line("M002", "zz", "09:00", "22")]
    found = hall.refused(manual.enter, lines=lines)
    assert found.detail["lines"] == "1、2、3"
    assert [(fault["line"], fault["why"]) for fault in found.detail["wrong"]] == [
        (1, "used"), (2, "code"), (2, "future"), (3, "code"), (3, "unknown"), (3, "twice"),
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["9:20", "09:20", "2024-05-06T09:20", "2024-05-06T01:20:00+00:00"])
def test_times_as_people_write_them(hall: Bench, written: str) -> None:
    assert manual.time_of(written, hall.db) == START - 40 * 60_000


def test_printed_blanks_count_once_and_with_their_own_code(hall: Bench) -> None:
    pad = hall.do(manual.make_pad, count=3)
    assert [row.number for row in pad] == ["M001", "M002", "M003"] and all(len(row.check_code) == 4 for row in pad)
    wrong = f"{(int(pad[0].check_code) + 1) % 10000:04d}"
    found = hall.refused(manual.enter, lines=[LINE._replace(check_code=wrong)])
    assert found.detail["wrong"] == [{"line": 1, "field": "check_code", "why": "code"}]
    hall.do(manual.enter, lines=[LINE._replace(check_code=pad[0].check_code, number=" m001 ")])
    assert [row.number for row in manual.unused(hall.db)] == ["M002", "M003"]
    hall.wait(24 * 3600)
    found = hall.refused(manual.enter, lines=[LINE._replace(check_code=pad[0].check_code)])
    assert found.detail["wrong"][0]["why"] == "used"  # also on another day
    assert hall.do(manual.make_pad, count=1)[0].number == "M004"
    assert hall.refused(manual.make_pad, count=201).code == "invalid"


def test_their_letter_belongs_to_no_service(hall: Bench) -> None:
    hall.do(lambda tx: tx.insert(model.Service, code="m", name="m", department="tax", prefix="M"))
    for command, wish in ((manual.make_pad, {"count": 1}), (manual.enter, {"lines": [LINE]})):
        assert hall.refused(command, **wish).detail == {"prefix": "M"}


def test_the_letter_of_paper_numbers_belongs_to_no_service(hall: Bench) -> None:
    hall.do(lambda tx: tx.update(tx.get(model.Service, "b"), prefix="M"))
    assert hall.refused(manual.make_pad, count=3).code == "prefix_taken"
    assert hall.refused(manual.enter, lines=[LINE]).code == "prefix_taken"
