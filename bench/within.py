"""What the writer's own work costs, without HTTP and disk: duties of an idle hall, and what follows each command."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from bench.report import Line
from hallq.config import Settings
from hallq.duties import DUTIES
from hallq.hall import FOLLOWERS, start
from hallq.hooks import events
from hallq.kernel import SystemClock, Tx
from hallq.store import Store
from hallq.ticketing import commands

ROUNDS = 40
COMMANDS = 300
HOME, SERVICE = "1", "advice"
HOOKED = events.follower([events.Hook("bench", frozenset(events.NAMES))])


def duties(settings: Settings) -> Iterator[Line]:
    """All of them once, as each five seconds; the dearest by name."""
    with _store(settings, FOLLOWERS) as store:
        for _ in range(3):  # what is due is done
            for duty in DUTIES:
                store.run(duty)
        cost = {duty: median(_cpu(partial(store.run, duty), ROUNDS)) for duty in DUTIES}
    total, dearest = sum(cost.values()), sorted(DUTIES, key=lambda duty: -cost[duty])[:3]
    names = ", ".join(f"{_name(duty)} {cost[duty]:.2f}" for duty in dearest)
    yield Line("all duties of 5 s", f"{total:.1f} ms CPU", names, None, "< 10 ms", total < 10)


def followers(settings: Settings) -> Iterator[Line]:
    """The writer's share of a number taken, called and finished: in turns with none, the hall's, and a webhook's."""
    kinds: dict[str, list[Callable[[Tx], None]]] = {"none": [], "all": [*FOLLOWERS], "hook": [*FOLLOWERS, HOOKED]}
    seat = {"window": HOME}
    verbs: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
        "issue": (commands.issue, {"service": SERVICE}),
        "call_next": (commands.call_next, seat),
        "finish": (commands.finish, seat),
    }
    cost: dict[tuple[str, str], list[float]] = {(verb, kind): [] for verb in verbs for kind in kinds}
    with _store(settings, []) as store:
        for _ in range(COMMANDS):
            for kind, following in kinds.items():
                store.followers = following
                for verb, (command, wish) in verbs.items():
                    cost[verb, kind] += _cpu(partial(store.run, command, **wish), 1)
    for verb in verbs:
        bare, ours, hooked = (median(cost[verb, kind]) for kind in kinds)
        text, floor = f"{ours:.2f} ms CPU, {hooked:.2f} with a webhook", f"without followers: {bare:.2f} ms"
        yield Line(f"{verb} in the writer", text, floor, ours / bare)


def _cpu(work: Callable[[], Any], times: int) -> list[float]:
    """ms of this thread's processor time for each."""
    found = []
    for _ in range(times):
        began = time.thread_time()
        work()
        found.append((time.thread_time() - began) * 1000)
    return found


def _name(duty: Callable[..., Any]) -> str:
    return f"{duty.__module__.removeprefix('hallq.').removeprefix('assessment.')}.{duty.__name__}"


@contextmanager
def _store(settings: Settings, following: Sequence[Callable[[Any], None]]) -> Iterator[Store]:
    store = Store(settings.database_path, SystemClock(), settings.rules(), following)
    try:
        start(store, settings, accept_clock=False)
        yield store
    finally:
        store.close()
