"""Bulletins' pure part: when they are due, what an edit changes, what new facts leave of it, how waits are counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hallq.assessment.bulletins import content, facts, schedule
from hallq.assessment.bulletins.content import Facts, Row, Table
from hallq.assessment.bulletins.facts_service import percentile
from hallq.assessment.bulletins.kinds import faults, kinds, title_of
from hallq.assessment.standards import commands as standards
from hallq.kernel import Refused
from hallq.ticketing.opening.calendar import Works

STANDARD = standards.shipped("bulletins").content
KINDS = kinds(STANDARD)


def works(*off: str) -> Works:
    """Monday to Friday, but for these days."""
    return lambda day: day.isoweekday() <= 5 and day.isoformat() not in off


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("today", "since", "until"),
    [
        ("2026-11-24", "2026-11-23", "2026-11-23"),
        ("2026-11-23", "2026-11-20", "2026-11-22"),  # Monday: Friday, and who worked at the weekend
        ("2026-11-22", None, None),  # a day off
    ],
)
def test_each_working_day_tells_of_the_last_one_f09(today: str, since: str | None, until: str | None) -> None:
    found = schedule.period("workday", day(today), works())
    assert found == (None if since is None or until is None else (day(since), day(until)))


@pytest.mark.parametrize(
    ("kind", "today", "off", "due"),
    [
        ("monthly", "2026-10-01", (), "2026-10-15"),  # F12: by the 15th
        ("monthly", "2026-11-01", (), "2026-11-13"),  # the 15th is a Sunday
        ("interviews", "2026-11-01", (), "2026-11-10"),  # F10, F11: by the 10th
        ("interviews", "2026-11-01", ("2026-11-10", "2026-11-09"), "2026-11-06"),
        ("oral", "2026-11-24", (), "2026-11-24"),  # F09
        ("urgent", "2026-11-24", (), "2026-11-24"),  # F13: at once
    ],
)
def test_the_day_by_which_it_is_out(kind: str, today: str, off: tuple[str, ...], due: str) -> None:
    assert schedule.due(KINDS[kind], day(today), works(*off)) == day(due)


@pytest.mark.parametrize(
    ("today", "level"),
    [("2026-11-09", "info"), ("2026-11-11", "warn"), ("2026-11-13", "warn"), ("2026-11-14", "alarm")],
)
def test_the_reminder_grows(today: str, level: str) -> None:
    assert schedule.urgency(day(today), day("2026-11-13"), works()) == level


def test_a_month_is_the_one_before_also_over_the_year() -> None:
    assert schedule.period("month", day("2027-01-04"), works()) == (day("2026-12-01"), day("2026-12-31"))
    assert title_of(KINDS["monthly"], "2026-12-01", "2026-12-31") == "关于2026年12月督查情况的通报"
    assert title_of(KINDS["oral"], "2026-11-20", "2026-11-22") == "11月20日至11月22日督查情况口头通报"


def test_the_shipped_standard_has_f14s_six_items_and_a_way_for_each_kind() -> None:
    assert len(KINDS["monthly"].sections) == 6
    assert {"综窗人员晨会、夕会制度执行情况", "领导带班制度执行情况"} <= {each.zh for each in KINDS["monthly"].sections}
    assert all(kind.steps for kind in KINDS.values())


def test_a_standard_that_no_bulletin_could_be_made_of_is_found() -> None:
    rows = [dict(row, facts="ghosts") if row["code"] == "patrols" else dict(row) for row in STANDARD["section"]]
    assert "ghosts" in faults({**STANDARD, "section": rows}, tuple(facts.KNOWN))
    untitled = [dict(row, title="{moon}") for row in STANDARD["kind"]]
    assert "title" in faults({**STANDARD, "kind": untitled}, tuple(facts.KNOWN))


def made(*lines: str, rows: int = 1) -> dict[str, Any]:
    table = Table("表", ["窗口"], [Row(["1"], "pause/1", person=7)] * rows)
    sections = [
        content.section("posts", "在岗", False, [Facts(lines, [table])]),
        content.section("leaders", "带班", True, []),
    ]
    return {"sections": sections, "interviews": [], "definitions": []}


def test_an_edit_touches_words_alone_and_its_difference_is_kept() -> None:
    before = made("离岗 3 次。", "没有迟到。")
    wish = [{"code": "posts", "hidden": False, "paragraphs": ["离岗 3 次，已提醒。", "没有迟到。"]},
            {"code": "leaders", "hidden": True, "paragraphs": []}]  # fmt: skip
    after = content.edited(before, wish)
    assert after["sections"][0]["tables"] == before["sections"][0]["tables"]
    assert [(each["what"], each["was"], each["now"]) for each in content.changes(before, after)] == [
        ("replace", "离岗 3 次。", "离岗 3 次，已提醒。"),
        ("hidden", "", ""),
    ]
    with pytest.raises(Refused) as error:
        content.edited(before, [{"code": "moon", "hidden": False, "paragraphs": []}])
    assert error.value.code == "not_found"


def test_what_only_the_office_can_write_must_be_written_or_left_out() -> None:
    assert content.unwritten(made("x")) == ["带班"]
    assert content.unwritten(content.edited(made("x"), [{"code": "leaders", "hidden": True, "paragraphs": []}])) == []


def test_new_facts_come_under_the_offices_words() -> None:
    before = made("旧。")
    edit = [{"code": "leaders", "hidden": False, "paragraphs": ["带班 22 天。"]}]
    after = content.refreshed(before, content.edited(before, edit), made("新。", rows=2))
    assert after["sections"][0]["paragraphs"] == ["新。"]
    assert len(after["sections"][0]["tables"][0]["rows"]) == 2
    assert after["sections"][1]["paragraphs"] == ["带班 22 天。"]


def test_who_is_named_is_known_unless_the_section_is_left_out_d15() -> None:
    assert content.named(made("x")) == {7: ["pause/1"]}
    assert content.named(content.edited(made("x"), [{"code": "posts", "hidden": True, "paragraphs": []}])) == {}


@pytest.mark.parametrize(
    ("counts", "half", "most"), [([(0, 1)], 0, 0), ([(3, 5), (1, 4), (20, 1)], 3, 3), ([(7, 1), (2, 9)], 2, 2)]
)
def test_a_percentile_is_the_minute_that_so_many_did_not_exceed(
    counts: list[tuple[int, int]], half: int, most: int
) -> None:
    assert (percentile(counts, 0.5), percentile(counts, 0.9)) == (half, most)
