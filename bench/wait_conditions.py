"""The conditions in which waits are measured: small halls, each with something that the standard predictors miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEAD = """
version = 1
name = "等候"
[day]
date = "2026-03-02"
[policy]
compare = ["bound:5"]
[citizen]
distribution = "{distribution}"
cv = {cv}
[hours]
days = [1, 2, 3, 4, 5, 6, 7]
open = {hours}
issue_from = "{first}"
[profile.p]
from = "{first}"
weights = {weights}
[[service]]
code = "a"
name = "a"
department = "d"
prefix = "A"
per_day = {people}
profile = "p"
mean_min = 8
at_noon = "{at_noon}"
[[window]]
count = {windows}
services = ["a"]
"""


@dataclass(frozen=True)
class Condition:
    """`since` and `until`: of which tickets the wait is judged; clock times of the day."""

    name: str
    scenario: str
    since: str
    until: str
    closings: tuple[tuple[str, str], ...] = ()  # (window, clock time), of the judged days alone: by an approved form


def scenario(
    windows: int,
    people: float,
    *,
    weights: Sequence[float] = (1,) * 20,
    hours: Sequence[str] = ("08:00-18:00",),
    first: str = "08:00",
    spread: float = 0.7,
    at_noon: str = "carry",
    more: str = "",
) -> str:
    kind = "exponential" if spread == 1 else "lognormal"
    return HEAD.format(
        distribution=kind, cv=spread, hours=str(list(hours)).replace("'", '"'), first=first, weights=list(weights),
        people=people, windows=windows, at_noon=at_noon,
    ) + more  # fmt: skip


def staff(**shifts: Sequence[str]) -> str:
    """w1_4=("08:30-12:00",): windows 1 to 4."""
    rows = []
    for windows, periods in shifts.items():
        known = str(list(periods)).replace("'", '"')
        rows.append(f'[[staff]]\nwindows = ["{windows[1:].replace("_", "-")}"]\nshifts = {known}\n')
    return "".join(rows)


DAY = ("08:30-12:00", "14:30-17:30")
HALVES = (0, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1.5, 2, 2, 2, 2, 2, 1)  # from 08:00
AFTERNOON = "14:30-17:30"


def conditions() -> list[Condition]:
    steady = [
        Condition(f"steady, load {load}, {kind}", scenario(6, 6 * 75 * load / 1.042, spread=spread), "09:00", "17:30")
        for spread, kind in ((1.0, "exponential"), (0.7, "lognormal"))
        for load in (0.7, 0.9)
    ]
    peak = scenario(
        7, 200, hours=DAY, first="08:00", weights=(1, 4, 10, 12, 10, 6, 4, 2, 0, 0, 0, 0, 0, 5, 5, 4, 3, 2, 0),
        more=staff(w1_4=DAY, w5_7=("09:15-11:30",)),
    )  # fmt: skip
    noon = scenario(6, 330, hours=DAY, weights=HALVES, more=staff(w1_6=DAY))
    rota = scenario(
        6, 330, hours=DAY, weights=HALVES, at_noon="rota", more=staff(w1_4=DAY, w5_6=("08:30-17:30",)),
    )  # fmt: skip
    ends = scenario(
        6, 200, hours=DAY, weights=HALVES, more=staff(w1_3=DAY, w4_6=("08:30-12:00", "14:30-16:30")),
    )  # fmt: skip
    closing = scenario(6, 150, hours=DAY, weights=(1, 3, 3, 3, 3, 2, 2, 2), more=staff(w1_6=DAY))
    rests = scenario(6, 320, hours=("08:00-18:00",), more=staff(w1_6=("08:00-18:00",)).replace(
        "shifts", "pauses = { per_shift = 3, minutes = 20 }\nshifts"))  # fmt: skip
    return [
        *steady,
        Condition("peak: arrivals and windows change", peak, "08:00", "11:45"),
        Condition("before opening", noon.replace("weights = [0", "weights = [3"), "08:00", "08:30"),
        Condition("midday break, queue carried over", noon, "11:00", "14:30"),
        Condition("midday break, windows on rota", rota, "11:00", "14:30"),
        Condition("windows close as every day", ends, "15:30", "17:30"),
        Condition("windows close by a form", closing, "09:30", "11:30", (("5", "10:30"), ("6", "10:30"))),
        Condition("pauses now and then", rests, "09:00", "17:30"),
    ]
