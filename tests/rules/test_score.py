"""The formula: exact, recomputable, the same in whatever order; caps only ever soften (D16, D19-D21)."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallq.assessment.score import check, formula
from hallq.assessment.standards import commands as standards
from hallq.kernel import Refused

SHIPPED = standards.shipped("score").content
KINDS = sorted({row["kind"] for row in SHIPPED["points"]})


def entry(number: int, kind: str, amount: int = 1, **more: Any) -> dict[str, Any]:
    day = f"2026-11-{number % 28 + 1:02d}"
    row = {"id": number, "day": day, "kind": kind, "amount": amount, "ref": f"case/{number}", "cancels": None}
    return row | more


def total(entries: list[dict[str, Any]], figures: Any = None, rules: Any = SHIPPED) -> Decimal:
    return formula.score(rules, entries, figures or {}).total


def changed(**values: Any) -> dict[str, Any]:
    return copy.deepcopy(dict(SHIPPED)) | values


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], "100"),
        ([entry(1, "late")], "99"),
        ([entry(1, "late", 10)], "99"),  # Cangnan: up to ten minutes
        ([entry(1, "late", 11)], "98"),
        ([entry(1, "off_post", 20)], "97"),
        ([entry(number, "off_post", 20) for number in range(9)], "88"),  # the month's cap
        ([entry(1, "complaint_upheld"), entry(2, "complaint_serious")], "85"),
        ([entry(number, "complaint_serious") for number in range(5)], "80"),  # a class has a floor
        ([entry(1, "praise"), entry(2, "praise")], "102"),
        ([entry(1, "extended", 45)], "100.9"),  # so much a minute
        ([entry(1, "late"), entry(2, "late", cancels=1)], "100"),  # taken back
        ([entry(1, "unheard_of")], "100"),
    ],
)
def test_what_an_entry_is_worth_d16(entries: list[dict[str, Any]], expected: str) -> None:
    assert total(entries) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "n", "points"),
    [
        (0.6, 100, "-10"), (0.85, 100, "0"), (0.99, 100, "0"), (0.725, 100, "-5"), (0.7, 100, "-6"), (0.1, 3, "0"),
        (None, 0, "0"),
    ],
)  # fmt: skip
def test_a_figure_counts_on_a_line_and_not_for_too_few(value: float | None, n: int, points: str) -> None:
    sheet = formula.score(SHIPPED, [], {"satisfied_low": {"value": value, "n": n}})
    [line] = [line for line in sheet.lines if line.code == "satisfied_low"]
    assert (line.points, line.neutral) == (Decimal(points), n < 30)


def test_a_step_is_a_step_and_a_figure_may_be_set_aside() -> None:
    row = dict(SHIPPED["indicator"][0]) | {"shape": "step", "high_points": 2}
    assert [formula.judged(row, Decimal(at)) for at in ("0.6", "0.7", "0.85")] == [-10, 0, 2]
    aside = {"satisfied_low": {"value": 0.1, "n": 99, "set_aside": True}}
    assert total([], aside) == 100


def test_every_line_stands_beside_the_score_and_adds_up_d20() -> None:
    entries = [entry(1, "late"), entry(2, "praise"), entry(3, "unheard_of")]
    sheet = formula.score(SHIPPED, entries, {})
    assert {number for line in sheet.lines for number in line.entries} == {1, 2, 3}
    assert sum(one.points for one in sheet.classes) == sheet.total == 100
    assert [line.of for line in sheet.lines if line.code == "unheard_of"] == [""]


def test_seven_classes_and_a_hundred_points_by_default_d21() -> None:
    check.check(SHIPPED)
    assert len(SHIPPED["class"]) == 7
    assert sum(row["start"] for row in SHIPPED["class"]) == SHIPPED["scale"] == 100


def test_a_thousand_points_with_a_pass_mark_of_900_d19() -> None:
    classes = [{**row, "start": row["start"] * 10, "cap": row["cap"] * 10} for row in SHIPPED["class"]]
    rules = changed(**{"scale": 1000, "pass": 900, "most": 1100, "class": classes})
    check.check(rules)
    sheet = formula.score(rules, [entry(number, "complaint_serious") for number in range(10)], {})
    assert sheet.total == 900 and sheet.passed
    assert not formula.score(rules, [*(entry(n, "complaint_serious") for n in range(10)), entry(99, "late")], {}).passed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scale", 90), ("pass", 101), ("most", 99), ("decimals", 3), ("top", -1), ("object_days", 2.5),
        ("class", []), ("class", [dict(SHIPPED["class"][0]), *SHIPPED["class"]]),
        ("points", [dict(SHIPPED["points"][0]), dict(SHIPPED["points"][0])]),
        ("points", [dict(SHIPPED["points"][0]) | {"class": "nothing"}]),
        ("points", [dict(SHIPPED["points"][0]) | {"cap": -1}]),
        ("indicator", [dict(SHIPPED["indicator"][0]) | {"low_at": 1}]),
        ("indicator", [dict(SHIPPED["indicator"][0]) | {"figure": "height"}]),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Refused) as caught:
        check.check(changed(**{field: value}))
    assert caught.value.code == "invalid"


def test_a_department_has_its_peoples_mean_and_its_own_entries() -> None:
    sheet = formula.department(SHIPPED, [entry(1, "missed_step")], [Decimal(100), Decimal("95.5"), Decimal(90)])
    assert (sheet.mean, sheet.total) == (Decimal("95.2"), Decimal("92.2"))
    assert formula.department(SHIPPED, [], []).total == 100


# -- properties

AMOUNTS = st.integers(1, 300)
ENTRIES = st.lists(st.tuples(st.sampled_from(KINDS), AMOUNTS), max_size=25).map(
    lambda rows: [entry(number, kind, amount) for number, (kind, amount) in enumerate(rows, start=1)]
)
FIGURE = st.fixed_dictionaries({"value": st.integers(0, 30000).map(lambda n: n / 10000), "n": st.integers(0, 300)})
FIGURES = st.dictionaries(st.sampled_from([row["figure"] for row in SHIPPED["indicator"]]), FIGURE)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, FIGURES, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(entries: Any, figures: Any, chance: Any) -> None:
    shuffled = [*entries, *entries[:2]]  # read twice is there once
    chance.shuffle(shuffled)
    items = list(figures.items())
    chance.shuffle(items)
    assert formula.score(SHIPPED, shuffled, dict(items)) == formula.score(SHIPPED, entries, figures)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, FIGURES, st.sampled_from(SHIPPED["points"]), AMOUNTS)
def test_a_deduction_never_raises_and_a_merit_never_lowers(entries: Any, figures: Any, row: Any, amount: int) -> None:
    more = total([*entries, entry(99, row["kind"], amount)], figures)
    same = total(entries, figures)
    assert more >= same if row["points"] > 0 else more <= same


@settings(max_examples=60, deadline=None)
@given(ENTRIES, st.integers(0, len(SHIPPED["points"]) - 1), st.integers(1, 20), st.integers(0, 20))
def test_a_lower_cap_only_softens(entries: Any, at: int, cap: int, higher: int) -> None:
    def with_cap(value: int) -> Decimal:
        rows = [dict(row) | ({"cap": value} if place == at else {}) for place, row in enumerate(SHIPPED["points"])]
        return total(entries, rules=changed(points=rows))

    softer, harder = with_cap(cap), with_cap(cap + higher)
    assert softer <= harder if SHIPPED["points"][at]["points"] > 0 else softer >= harder
    assert with_cap(0) == with_cap(10_000)  # 0: none
