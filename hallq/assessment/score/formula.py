"""The score: a pure function of the formula, the ledger's entries and the measured figures (D16, D19-D21).

The standard library alone, so that anyone can recompute it. Exact decimals: each line is rounded by itself and the
lines add up, in whatever order the entries came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

Row = Mapping[str, Any]
Formula = Mapping[str, Any]  # the content of the standard "score"
ZERO = Decimal(0)


class Line(NamedTuple):
    """One row of the formula with what it found; `points` is `raw` within the month's cap."""

    what: str  # ledger figure
    code: str  # a kind of the ledger, or a figure
    of: str  # its class; empty: the formula has no row for it, and it counts nothing
    points: Decimal
    raw: Decimal = ZERO
    cap: Decimal = ZERO  # 0: none
    each: Decimal = ZERO
    per: str = ""  # event minute
    least: Decimal = ZERO  # the row is for entries of this amount and more
    times: int = 0
    amount: int = 0
    clause: str = ""
    source: str = ""
    entries: tuple[int, ...] = ()
    refs: tuple[str, ...] = ()
    value: Decimal | None = None  # a figure's
    n: int = 0  # how many stand behind the figure
    neutral: bool = False  # too few of them, not measured, or set aside by an objection


class Class(NamedTuple):
    code: str
    start: Decimal
    change: Decimal
    points: Decimal  # start + change, between floor and cap
    floor: Decimal
    cap: Decimal


class Sheet(NamedTuple):
    total: Decimal
    passed: bool
    lines: tuple[Line, ...]
    classes: tuple[Class, ...] = ()
    mean: Decimal | None = None  # a department's: of its people


def score(formula: Formula, entries: Iterable[Row], figures: Mapping[str, Row]) -> Sheet:
    """A person's month. `entries`: rows of the ledger, cancelled ones and their cancellations among them."""
    lines = (*_ledger(formula, standing(entries)), *_measured(formula, figures))
    classes = tuple(_class(row, lines) for row in formula["class"])
    return _sheet(formula, sum((one.points for one in classes), ZERO), lines, classes)


def department(formula: Formula, entries: Iterable[Row], totals: Sequence[Decimal]) -> Sheet:
    """The mean of its people, and what is entered for the department itself; without people the scale's end."""
    lines = tuple(_ledger(formula, standing(entries)))
    mean = _rounded(formula, sum(totals, ZERO) / len(totals)) if totals else exact(formula["scale"])
    return _sheet(formula, mean + sum((line.points for line in lines), ZERO), lines, mean=mean)


def standing(entries: Iterable[Row]) -> list[Row]:
    """What was neither taken back nor takes back, in one order whatever order they came in."""
    rows = {row["id"]: row for row in entries}
    taken_back = {row["cancels"] for row in rows.values()} - {None}
    kept = (row for row in rows.values() if row["cancels"] is None and row["id"] not in taken_back)
    return sorted(kept, key=lambda row: (row["day"], row["id"]))


def exact(value: Any) -> Decimal:
    """0.1 means one tenth, not the nearest double."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def shown(value: Decimal) -> str:
    """One way to write a number: 95, 97.5."""
    return f"{value.normalize():f}"


def plain(value: Any) -> Any:
    """For JSON: whole numbers as such, lists for tuples."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple | list):
        fields = getattr(value, "_fields", None)
        return {name: plain(part) for name, part in zip(fields, value, strict=True)} if fields else [*map(plain, value)]
    return value


def _ledger(formula: Formula, entries: Sequence[Row]) -> Iterable[Line]:
    by_row: dict[tuple[str, Decimal], list[Row]] = {}
    known: dict[tuple[str, Decimal], Row] = {(row["kind"], exact(row["least"])): row for row in formula["points"]}
    for entry in entries:
        steps = (least for kind, least in known if kind == entry["kind"] and least <= entry["amount"])
        by_row.setdefault((entry["kind"], max(steps, default=ZERO)), []).append(entry)
    order = [*known, *sorted(key for key in by_row if key not in known)]
    return (_line(formula, key, known.get(key), by_row[key]) for key in order if key in by_row)


def _line(formula: Formula, key: tuple[str, Decimal], row: Row | None, entries: Sequence[Row]) -> Line:
    amount = sum(entry["amount"] for entry in entries)
    found: dict[str, Any] = {
        "times": len(entries), "amount": amount, "least": key[1], "entries": tuple(entry["id"] for entry in entries),
        "refs": tuple(entry["ref"] for entry in entries),
    }  # fmt: skip
    if row is None:
        return Line("ledger", key[0], "", ZERO, **found)
    each, cap = exact(row["points"]), exact(row["cap"])
    raw = _rounded(formula, each * (amount if row["per"] == "minute" else len(entries)))
    points = max(-cap, min(cap, raw)) if cap else raw
    words = {name: row[name] for name in ("per", "clause", "source")}
    return Line("ledger", key[0], row["class"], points, raw, cap, each, **words, **found)


def _measured(formula: Formula, figures: Mapping[str, Row]) -> Iterable[Line]:
    for row in formula["indicator"]:
        figure = figures.get(row["figure"], {})
        value, n = figure.get("value"), figure.get("n", 0)
        neutral = value is None or n < row["least_n"] or bool(figure.get("set_aside"))
        points = ZERO if neutral else _rounded(formula, judged(row, exact(value)))
        yield Line(
            "figure", row["figure"], row["class"], points, points, source=row["source"], n=n, neutral=neutral,
            value=None if value is None else exact(value),
        )  # fmt: skip


def judged(row: Row, value: Decimal) -> Decimal:
    """Points of a figure: `low_points` up to `low_at`, `high_points` from `high_at` on; between them on a straight
    line, or none where `shape` is step."""
    low_at, high_at, low, high = (exact(row[name]) for name in ("low_at", "high_at", "low_points", "high_points"))
    if value <= low_at:
        return low
    if value >= high_at:
        return high
    return ZERO if row["shape"] == "step" else low + (high - low) * (value - low_at) / (high_at - low_at)


def _class(row: Row, lines: Iterable[Line]) -> Class:
    start, floor, cap = (exact(row[name]) for name in ("start", "floor", "cap"))
    change = sum((line.points for line in lines if line.of == row["code"]), ZERO)
    return Class(row["code"], start, change, max(floor, min(cap, start + change)), floor, cap)


def _sheet(formula: Formula, total: Decimal, lines: tuple[Line, ...], *more: Any, **named: Any) -> Sheet:
    total = max(ZERO, min(exact(formula["most"]), total))
    return Sheet(total, total >= exact(formula["pass"]), lines, *more, **named)


def _rounded(formula: Formula, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-int(formula["decimals"])), ROUND_HALF_UP)
