"""What figures are made of: shares with an honest interval, a rank that small samples cannot lead, times to a case.

Pure. A share says how many stand behind it; times are medians, so that one long visit or one of 30 cases ruins none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from statistics import median
from typing import Any, NamedTuple, TypeVar

from hallq.assessment.ratings.rules import BAD
from hallq.kernel import SECOND, Ms

K = TypeVar("K")
Json = dict[str, Any]
LEVELS = range(1, 6)


def wilson(part: int, whole: int, z: float) -> tuple[float, float]:
    """Where the share lies, were everybody asked: Wilson's interval. Of nobody anything may be true."""
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def ranking_value(part: int, whole: int, *, least: int, z: float) -> float | None:
    """What the satisfied share is at the least; who has fewer raters than `least` has no place at all."""
    return None if whole < max(1, least) else wilson(part, whole, z)[0]


def places(values: Mapping[K, float | None]) -> dict[K, int]:
    """1 for the best; equals share a place, and who has no value has none."""
    ordered = sorted((value for value in values.values() if value is not None), reverse=True)
    return {key: 1 + ordered.index(value) for key, value in values.items() if value is not None}


def satisfaction(levels: Mapping[int, int], *, least: int, z: float) -> Json:
    """Satisfied are levels above the bad ones, of those who rated; never without how many those are."""
    raters = sum(levels.values())
    satisfied = sum(count for level, count in levels.items() if level > BAD)
    low, high = wilson(satisfied, raters, z)
    value = ranking_value(satisfied, raters, least=least, z=z)
    return {
        "raters": raters, "satisfied": satisfied, "share": rate(satisfied, raters), "low": round(low, 4),
        "high": round(high, 4), "rank_value": None if value is None else round(value, 4), "rank_least": least,
    }  # fmt: skip


def rate(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


# -- times


class Norm(NamedTuple):
    """Seconds to a case; None where nothing is known. `basis`: fixed by the standard, measured in the hall, or expected
    by the catalogue."""

    handling: float | None
    occupancy: float | None
    basis: str


class Turn(NamedTuple):
    """A finished visit. `weight` and the norms are those in force on its day."""

    service: str
    cases: int
    handling: Ms
    occupancy: Ms
    weight: float
    norm: Norm


def per_case(length: Ms, cases: int) -> float:
    """Seconds."""
    return length / SECOND / max(1, cases)


def of_service(turns: Sequence[Turn]) -> Json:
    """One service's turns against their norm."""
    handling = median(per_case(turn.handling, turn.cases) for turn in turns)
    occupancy = median(per_case(turn.occupancy, turn.cases) for turn in turns)
    norm = _mean(turn.norm.handling for turn in turns)
    sitting = _mean(turn.norm.occupancy for turn in turns)
    return {
        "visits": len(turns), "cases": sum(turn.cases for turn in turns), "weighted": weighted(turns),
        "handling_s": round(handling), "handling_norm_s": _round(norm), "handling_ratio": _ratio(handling, norm),
        "occupancy_s": round(occupancy), "occupancy_norm_s": _round(sitting),
        "occupancy_ratio": _ratio(occupancy, sitting), "norm_basis": sorted({turn.norm.basis for turn in turns}),
    }  # fmt: skip


def weighted(turns: Iterable[Turn]) -> float:
    """Cases times the service's workload: a visit of 30 cases is 30, not one and not one very long one."""
    return round(sum(turn.cases * turn.weight for turn in turns), 2)


def by_service(turns: Iterable[Turn]) -> dict[str, list[Turn]]:
    found: dict[str, list[Turn]] = {}
    for turn in turns:
        found.setdefault(turn.service, []).append(turn)
    return dict(sorted(found.items()))


def overall_ratio(rows: Iterable[Json], what: str) -> float | None:
    """The time that the cases took, over the time that the norm gives them; services without a norm are left out."""
    known = [row for row in rows if row[f"{what}_norm_s"]]
    expected = sum(row["cases"] * row[f"{what}_norm_s"] for row in known)
    return rate(sum(row["cases"] * row[f"{what}_s"] for row in known), expected)


def median_of(histogram: Mapping[int, int], width: float) -> float | None:
    """The median of counted lengths: bucket n holds those from n to n+1 widths and stands for its middle."""
    whole, seen = sum(histogram.values()), 0
    for bucket in sorted(histogram):
        seen += histogram[bucket]
        if 2 * seen >= whole:
            return (bucket + 0.5) * width
    return None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _round(value: float | None) -> int | None:
    return None if value is None else round(value)


def _ratio(value: float, norm: float | None) -> float | None:
    return rate(value, norm) if norm else None
