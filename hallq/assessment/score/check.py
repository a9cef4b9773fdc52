"""What a formula must be, beside its shape, before it is enacted."""

from __future__ import annotations

from typing import Any

from hallq.assessment.score.figures import KEYS
from hallq.assessment.standards.commands import CHECKS, Content
from hallq.kernel import Refused

KIND = "score"
PER = ("event", "minute")
SHAPES = ("linear", "step")
TIES = ("", "satisfied_low", "answer_rate", "weighted")  # figures of which more is better


def check(formula: Content) -> None:
    """D19-D21. Raises Refused `invalid` with the row that is wrong."""
    classes = [row["code"] for row in formula["class"]]
    starts = sum(row["start"] for row in formula["class"])
    _must(len(set(classes)) == len(classes) > 0, "class")
    _must(formula["scale"] > 0 and starts == formula["scale"], "scale", starts=starts)
    _must(0 <= formula["pass"] <= formula["scale"] <= formula["most"], "pass, scale, most")
    _must(formula["decimals"] in (0, 1, 2), "decimals")
    for name in ("top", "least_days", "object_days", "appeal_days"):
        _must(_whole(formula[name]), name)
    _must(formula["tie"] in TIES, "tie")
    for row in formula["class"]:
        _must(row["floor"] <= row["start"] <= row["cap"], f"class {row['code']}")
    _check_points(formula["points"], classes)
    for number, row in enumerate(formula["indicator"], start=1):
        fits = row["class"] in classes and row["shape"] in SHAPES and row["figure"] in KEYS and _whole(row["least_n"])
        _must(fits and row["low_at"] < row["high_at"], f"indicator {number}")


def _check_points(rows: list[dict[str, Any]], classes: list[str]) -> None:
    known: set[tuple[str, float]] = set()
    for number, row in enumerate(rows, start=1):
        fits = row["class"] in classes and row["per"] in PER and row["cap"] >= 0 and row["least"] >= 0
        _must(fits and (row["kind"], row["least"]) not in known, f"points {number}")
        known.add((row["kind"], row["least"]))


def _whole(value: float) -> bool:
    return value >= 0 and value == int(value)


def _must(true: bool, field: str, **facts: Any) -> None:
    if not true:
        raise Refused("invalid", field=field, **facts)


CHECKS[KIND] = check
