"""What it costs to choose the next citizen while 100 to 100,000 wait; a million random decisions against the bound."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from math import log
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bench.bound import RandomHall
from bench.report import Line
from hallq.kernel import MINUTE, Ms, Tx
from hallq.simulate.hall import Hall
from hallq.ticketing import commands
from hallq.ticketing.model import Department, Service, Ticket, Window, WindowService, Zone
from hallq.ticketing.rules import Rules
from hallq.ticketing.waiting import queue

WAITING = (100, 1_000, 10_000, 100_000)
AT: Ms = 1_714_960_800_000
SERVICES = ("a", "b", "c")
LOGARITHM = log(WAITING[-1]) / log(WAITING[0])  # so much more may the last one cost than the first


def choose(*, quick: bool) -> Iterator[Line]:
    looks, calls = zip(*(_cost(waiting, 100 if quick else 400) for waiting in WAITING), strict=True)
    for what, costs in (("choosing the next", looks), ("a whole call, without its commit", calls)):
        for waiting, cost in zip(WAITING, costs, strict=True):
            ratio = cost / costs[0]
            last = waiting == WAITING[-1]
            aim = (f"<= {LOGARITHM:.1f}", ratio <= LOGARITHM) if last else ("", None)
            yield Line(f"{what}, {waiting:,} waiting", f"{cost:.0f} µs", f"{WAITING[0]} waiting", ratio, *aim)
    decisions = 100_000 if quick else 1_000_000
    hall = RandomHall(seed=11, bound=5)
    hall.run(decisions)
    value = f"{hall.worst} times overtaken"
    yield Line(f"{decisions:,} random decisions", value, "", None, "<= 5", hall.worst <= hall.bound)


def _cost(waiting: int, times: int) -> tuple[float, float]:
    """Microseconds of a look and of a call, medians."""
    hall = Hall(Rules(timezone=ZoneInfo("Asia/Shanghai"), always_open=True), _catalogue, AT)
    hall.do(AT, _fill, waiting=waiting)
    hall.do(AT, commands.sign_in, window="1", person=hall.people["1"])
    reader = hall.reader(AT + MINUTE)
    look = [_timed(queue.next_at, reader, "1") for _ in range(times)]
    call = []
    for turn in range(times // 4):
        at = AT + MINUTE * (2 + turn)
        call.append(hall.do(at, lambda tx: _timed(commands.call_next, tx, window="1")))
        hall.do(at, commands.finish, window="1")
    hall.close()
    return median(look), median(call)


def _timed(work: Callable[..., Any], *args: Any, **wish: Any) -> float:
    began = time.perf_counter()
    work(*args, **wish)
    return (time.perf_counter() - began) * 1e6


def _catalogue(tx: Tx) -> None:
    tx.insert(Department, code="d", name="d")
    tx.insert(Zone, code="1F", name="1F")
    tx.insert(Window, no="1", department="d", zone="1F")
    for rank, code in enumerate(SERVICES):
        tx.insert(Service, code=code, name=code, department="d", prefix=code.upper())
        tx.insert(WindowService, window="1", service=code, rank=rank)


def _fill(tx: Tx, waiting: int) -> None:
    for n in range(waiting):
        ticket = tx.insert(
            Ticket, day=tx.day, number=f"{n}", service=SERVICES[n % 3], green=n % 2 == 1, arrival=AT - waiting + n,
            issued_at=AT - waiting + n,
        )  # fmt: skip
        queue.count(tx, ticket, +1)
