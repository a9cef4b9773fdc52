"""M/M/c in closed form, and days of the engine that begin in its steady state: whether the two agree.

The steady start leaves no bias of a warm-up, so that days are independent and their spread is the confidence interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from hallq.catalog import Catalog, Department, Service, Window, import_catalog
from hallq.kernel import MINUTE, Ms
from hallq.simulate.engine import Engine
from hallq.simulate.hall import Hall
from hallq.simulate.plan import Citizen, Duty, Plan, Step
from hallq.ticketing.model import Ticket
from hallq.ticketing.rules import Rules

BEGIN: Ms = 1_795_104_000_000  # 2026-11-20 00:00 in Shanghai
HANDLING: Ms = MINUTE
CALLED = select(col(Ticket.issued_at), col(Ticket.called_at)).order_by(col(Ticket.id))
STUDENT_99 = {9: 3.250, 19: 2.861, 29: 2.756, 39: 2.708}  # two-sided, by the degrees of freedom


class Known(NamedTuple):
    waits: float  # the share who wait at all (Erlang C)
    mean: float  # of all waits, in ms


class Measured(NamedTuple):
    known: Known
    mean: float
    within: float  # half of the 99 % confidence interval
    citizens: int

    @property
    def agrees(self) -> bool:
        return abs(self.mean - self.known.mean) <= self.within


def erlang_c(windows: int, load: float) -> Known:
    """`load`: the share of the windows' time that is needed, below 1."""
    offered = windows * load
    blocked = 1.0  # Erlang B, by its recursion
    for count in range(1, windows + 1):
        blocked = offered * blocked / (count + offered * blocked)
    waits = blocked / (1 - load * (1 - blocked))
    return Known(waits, waits * HANDLING / (windows * (1 - load)))


def agreement(windows: int, load: float, *, days: int, lasts: Ms, seed: int) -> Measured:
    """The mean wait over independent days, as a ratio of sums, and its confidence interval."""
    sums = [_day(Random(f"{seed}/{load}/{day}"), windows, load, lasts) for day in range(days)]
    citizens = sum(count for _, count in sums)
    mean = sum(total for total, _ in sums) / citizens
    spread = sum((total - mean * count) ** 2 for total, count in sums) / (days - 1)
    within = STUDENT_99[days - 1] * math.sqrt(spread / days) / (citizens / days)
    return Measured(erlang_c(windows, load), mean, within, citizens)


def hall_of(windows: int) -> Hall:
    """One service, so many windows, open around the clock."""
    catalog = Catalog(
        department=(Department(code="d", name="d"),),
        service=(Service(code="s", name="s", department="d", prefix="A"),),
        window=tuple(Window(no=str(no), department="d", zone="1F", services=("s",)) for no in range(1, windows + 1)),
    )
    rules = Rules(timezone=ZoneInfo("Asia/Shanghai"), always_open=True)
    return Hall(rules, partial(import_catalog, catalog=catalog), BEGIN)


def waits_of(plan: Plan, windows: int) -> list[Ms]:
    """Each citizen's wait, in the plan's order."""
    hall = hall_of(windows)
    engine = Engine(hall, plan)
    for _ in engine.run():
        pass
    rows = hall.reader(engine.now).values(CALLED)
    hall.close()
    return [(called or issued) - issued for issued, called in rows]


def open_all_day(windows: int, until: Ms) -> tuple[Duty, ...]:
    return tuple(Duty(str(no), BEGIN, until) for no in range(1, windows + 1))


def _day(random: Random, windows: int, load: float, lasts: Ms) -> tuple[Ms, int]:
    """The sum of the waits of those who came, and how many they were."""
    there = _in_house(random, windows, load)
    times = [BEGIN] * there + list(_poisson(random, windows * load / HANDLING, lasts))
    citizens = [Citizen(at, (Step("s", max(1, round(random.expovariate(1 / HANDLING)))),)) for at in times]
    waits = waits_of(Plan(tuple(citizens), open_all_day(windows, BEGIN + 2 * lasts)), windows)[there:]
    return sum(waits), len(waits)


def _in_house(random: Random, windows: int, load: float) -> int:
    """How many are in the house, drawn from the steady state."""
    offered = windows * load
    weights = [offered**n / math.factorial(n) for n in range(windows)]
    all_busy = offered**windows / math.factorial(windows) / (1 - load)
    left = random.random() * (sum(weights) + all_busy)
    for count, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return count
    return windows + int(math.log(1 - random.random()) / math.log(load))


def _poisson(random: Random, rate: float, lasts: Ms) -> Iterator[Ms]:
    at = random.expovariate(rate)
    while at < lasts:
        yield BEGIN + 1 + int(at)
        at += random.expovariate(rate)
