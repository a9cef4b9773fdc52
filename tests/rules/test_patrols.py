"""What a finding may become, repeats, due dates, the order to look at windows in: pure rules of patrols."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallq.assessment.patrols import rules
from hallq.assessment.patrols.rules import Risk
from hallq.assessment.standards.commands import shipped
from hallq.kernel import Refused

CONTENT = shipped("checklist").content
STEPS = (*rules.STEPS, *rules.FIXES)


def test_the_checklist_names_areas_groups_and_kinds_f05_f19_f21() -> None:
    """F05: eleven groups, three kinds of areas; F21: its eight kinds, F19, J17: the others."""
    rules.check(CONTENT)
    assert [row["code"] for row in CONTENT["group"]] == [str(number) for number in range(1, 12)]
    assert {row["group"] for row in CONTENT["item"]} == {row["code"] for row in CONTENT["group"]}
    assert {area for row in CONTENT["item"] for area in rules.listed(row["areas"])} == set(rules.AREAS)
    codes = {row["code"]: row["zh"] for row in CONTENT["code"]}
    conduct = rules.listed(rules.row(CONTENT, "item", "conduct")["codes"])
    for zh in ("打瞌睡", "上网聊天", "扎堆聊天", "购物", "玩游戏", "听音乐", "吸烟", "吃食物"):
        assert zh in [codes[code] for code in conduct]
    for zh in ("空岗", "串岗", "迟到", "早退", "着装不规范", "未挂牌上岗", "看电影、看小说"):
        assert zh in codes.values()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("item", {"group": "12"}), ("item", {"areas": "roof"}), ("item", {"codes": "nonsense"}),
        ("item", {"codes": ""}),
        ("code", {"severity": "awful"}), ("code", {"whose": "cat"}), ("code", {"code": "praise"}),
        ("code", {"code": "games"}),
    ],
)  # fmt: skip
def test_a_checklist_that_contradicts_itself_is_refused(table: str, change: dict[str, str]) -> None:
    rows = [dict(row) for row in CONTENT[table]]
    rows[0] |= change
    with pytest.raises(Refused) as caught:
        rules.check(dict(CONTENT) | {table: rows})
    assert caught.value.code == "invalid"


@pytest.mark.parametrize("change", [{"remind_at": "noon"}, {"objection_days": 0}, {"repeat_days": 1.5}])
def test_a_value_that_no_clock_or_calendar_knows_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        rules.check(dict(CONTENT) | change)


@pytest.mark.parametrize(
    ("step", "state", "fix", "becomes"),
    [
        ("accept", "told", "due", ("stands", "due")),
        ("object", "told", "due", ("objected", "due")),
        ("lapse", "told", "due", ("stands", "due")),
        ("uphold", "objected", "due", ("stands", "due")),
        ("change", "objected", "due", ("stands", "due")),
        ("withdraw", "objected", "due", ("withdrawn", "")),
        ("withdraw", "stands", "confirmed", ("withdrawn", "")),
        ("plan", "stands", "due", ("stands", "due")),
        ("report", "told", "due", ("told", "reported")),
        ("confirm", "stands", "reported", ("stands", "confirmed")),
        ("send_back", "stands", "reported", ("stands", "due")),
        ("object", "stands", "due", None),
        ("uphold", "told", "due", None),
        ("withdraw", "withdrawn", "", None),
        ("report", "objected", "due", None),
        ("confirm", "stands", "due", None),
    ],
)
def test_what_a_finding_may_become_f07(step: str, state: str, fix: str, becomes: Any) -> None:
    if becomes is None:
        with pytest.raises(Refused) as caught:
            rules.after(step, state, fix)
        assert caught.value.code == "wrong_state"
    else:
        assert rules.after(step, state, fix) == becomes


@given(st.lists(st.sampled_from(STEPS), max_size=12))
@settings(max_examples=60)
def test_a_page_shows_the_steps_that_may_be_taken_and_no_others(steps: list[str]) -> None:
    state, fix = rules.TOLD, rules.DUE
    for step in steps:
        shown = rules.possible(STEPS, state, fix)
        try:
            state, fix = rules.after(step, state, fix)
        except Refused:
            assert step not in shown
        else:
            assert step in shown


def test_what_a_repeat_is_counted_at_f06() -> None:
    assert rules.subject(3, "1", "ga") == ("person", 3)
    assert rules.subject(None, "1", "ga") == ("window", "1")
    assert rules.subject(None, None, "ga") == ("department", "ga")
    assert rules.subject(None, None, None) == ("hall", None)


def test_put_right_in_time_f08() -> None:
    assert rules.on_time("2026-11-20", "2026-11-20", "confirmed", "2026-11-25") is True
    assert rules.on_time("2026-11-20", "2026-11-21", "confirmed", "2026-11-25") is False
    assert rules.on_time("2026-11-20", "", "due", "2026-11-20") is None
    assert rules.on_time("2026-11-20", "2026-11-19", "reported", "2026-11-21") is None
    assert rules.on_time("2026-11-20", "2026-11-21", "reported", "2026-11-21") is False
    assert rules.on_time("", "", "", "2026-11-21") is None


def test_days_without_a_patrol_and_the_months_fourth_week_f01_f02_f03() -> None:
    working = ["2026-11-16", "2026-11-17", "2026-11-18"]
    assert rules.missing(working, ["2026-11-16"], "2026-11-18") == ["2026-11-17"]
    assert rules.to_do(1, 2, "2026-11-21", 22) == 0
    assert rules.to_do(1, 2, "2026-11-22", 22) == 1
    assert rules.to_do(3, 2, "2026-11-30", 22) == 0


def test_windows_with_people_work_and_complaints_first_f20() -> None:
    calm, busy, blamed = Risk("1", 0, 4, 0), Risk("2", 9, 20, 0), Risk("3", 3, 20, 2)
    assert rules.first([calm, busy, blamed]) == [blamed, busy, calm]
    assert rules.first([]) == []
    assert [risk.window for risk in rules.first([Risk("5", 0, 0, 0), Risk("4", 0, 0, 0)])] == ["4", "5"]
