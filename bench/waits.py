"""Waits foretold and waits that came: ours beside the standard predictors, on days that run through the real commands.

QL: queue length. LES: the wait of the last one to enter service. HOL: how long the head of the line has waited. They
know the windows that work now and the true mean time of a visit; ours knows what the hall has measured on days before.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple

from bench.report import Line
from bench.wait_conditions import Condition, conditions
from hallq import schema
from hallq.kernel import SECOND, Ms, Reads, Tx
from hallq.simulate import recorded
from hallq.simulate.day import day_of
from hallq.simulate.draw import at
from hallq.simulate.engine import Engine
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer
from hallq.simulate.plan import NO_SHOW, Closing, Plan
from hallq.simulate.run import SHIPPED
from hallq.simulate.scenario import Scenario, load_scenario
from hallq.ticketing.model import Ticket, Window
from hallq.ticketing.waiting import outlook, queue

STANDARD = ("QL", "LES", "HOL")
FIRST = date(2026, 3, 2)
MISSED: Ms = 60 * SECOND  # of a window, when nobody comes


class Told(NamedTuple):
    """What each predictor said of one ticket, in seconds."""

    service: str
    at: Ms
    said: dict[str, float]
    low: float
    high: float


@dataclass
class Watch(Observer):
    """Asks all of them at each ticket and waits for its call."""

    means: dict[str, float]  # of a visit, in seconds, by service
    offers: dict[str, frozenset[str]]
    told: dict[int, Told] = field(default_factory=dict)
    waited: dict[int, float] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _line: dict[str, dict[int, Ms]] = field(default_factory=dict)
    windows: dict[str, int] = field(default_factory=dict)  # of a service, that worked when last any did

    def on_issue(self, db: Reads, ticket: Ticket) -> None:
        assert ticket.id is not None
        ahead = queue.ahead_of_new(db, ticket)
        every = sum(ticket.service in services for services in self.offers.values())
        windows = queue.staff(db, ticket.service)[1] or self.windows.get(ticket.service, every)
        self.windows[ticket.service] = windows
        line = self._line.setdefault(ticket.service, {})
        head = next(iter(line.values()), db.now)
        line[ticket.id] = db.now
        ours = outlook.wait(db, ticket, ahead)
        said = {
            "QL": (ahead + 1) * self.means[ticket.service] / windows,
            "LES": self._last.get(ticket.service, 0.0),
            "HOL": (db.now - head) / SECOND,
            "ours": float(ours.likely),
        }
        self.told[ticket.id] = Told(ticket.service, db.now, said, ours.low, ours.high)

    def on_call(self, db: Reads, ticket: Ticket) -> None:
        told = self.told.get(ticket.id or 0)
        if told is not None and ticket.id is not None and ticket.id not in self.waited:
            self._line[told.service].pop(ticket.id, None)
            self.waited[ticket.id] = self._last[told.service] = (db.now - told.at) / SECOND

    def on_end(self, db: Reads, ticket: Ticket) -> None:
        for line in self._line.values():
            line.pop(ticket.id or 0, None)


class Row(NamedTuple):
    said: dict[str, float]
    waited: float
    low: float
    high: float


def days(first: Scenario) -> Iterator[Scenario]:
    """The scenario on day after day, each with a seed of its own."""
    for number in count():
        day = (FIRST + timedelta(days=number)).isoformat()
        yield first.model_copy(update={"day": first.day.model_copy(update={"date": day, "seed": number + 1})})


def watch_days(condition: Condition, before: int, judge: int) -> list[list[Row]]:
    """The hall lives `before` days, measuring itself, and then `judge` days that are judged; one list for each."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.toml"
        file.write_text(condition.scenario, "utf-8")
        first = load_scenario(file)
    known = []
    for number, today in enumerate(islice(days(first), before + judge)):
        day = day_of(today)
        shut = [(window, at(today, clock)) for window, clock in condition.closings if number >= before]
        closings = tuple(Closing(window, since, at(today, "23:59")) for window, since in shut)
        plan = day.plan._replace(closings=closings)
        known.append(Lived(plan, at(today, condition.since), at(today, condition.until), shut))
    hall = Hall(day.rules, day.fill, known[0].begins)
    return list(judged(hall, known, before))


def watch_recorded(before: int, judge: int) -> list[list[Row]]:
    """The shipped county's hall lives working days, and its database is replayed day by day: with the green channel,
    missed, parked and transferred numbers, pauses and a lunch rota."""
    county = load_scenario(SHIPPED / "county.toml")
    weekdays = (today for today in days(county) if date.fromisoformat(today.date).isoweekday() <= 5)
    dates = list(islice(weekdays, before + judge))
    day = day_of(dates[0])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hall.db"
        hall = Hall(day.rules, day.fill, day.begins)
        for today in dates:
            for _ in Engine(hall, day_of(today).plan).run():
                pass
        _keep(hall, file)
        read = partial(recorded.read, file, rules=day.rules, where="bench", extended=True)
        plans = [read(day=today.date) for today in dates]
    known = [Lived(plan, at(day, "08:00"), at(day, "17:30"), []) for day, (_, plan) in zip(dates, plans, strict=True)]
    return list(judged(Hall(day.rules, plans[0][0], known[0].begins), known, before))


def _keep(hall: Hall, file: Path) -> None:
    """The hall's database as it would lie on a disk."""
    with closing(sqlite3.connect(file)) as disk:
        hall.save(disk)
        disk.execute("CREATE TABLE alembic_version (version_num TEXT)")
        disk.execute("INSERT INTO alembic_version VALUES (?)", (schema.latest(),))
        disk.commit()
    hall.close()


class Lived(NamedTuple):
    """A day, of which tickets it is judged, and what closes then by a form."""

    plan: Plan
    since: Ms
    until: Ms
    shut: list[tuple[str, Ms]]

    @property
    def begins(self) -> Ms:
        return min(self.plan.duties[0].since, self.plan.citizens[0].at)


def judged(hall: Hall, known: Sequence[Lived], before: int) -> Iterator[list[Row]]:
    means = pool_means(hall, [day.plan for day in known])
    for number, day in enumerate(known):
        watch = Watch(means, hall.offers)
        for window, since in day.shut:
            hall.do(day.begins, _foresee, window=window, since=since)
        for _ in Engine(hall, day.plan, [watch] if number >= before else []).run():
            pass
        if number >= before:
            yield list(_rows(watch, day.since, day.until))
    hall.close()


def pool_means(hall: Hall, plans: Iterable[Plan]) -> dict[str, float]:
    """The true mean of a visit, in seconds, among the services that share windows with each one."""
    times: dict[str, list[float]] = defaultdict(list)
    for plan in plans:
        for citizen in plan.citizens:
            for step in citizen.steps:
                whole = MISSED if step.end == NO_SHOW else step.walk + step.handling
                times[step.service].append(whole / SECOND)
    pools: dict[str, set[str]] = defaultdict(set)
    for services in hall.offers.values():
        for service in services:
            pools[service] |= services
    return {
        service: fmean(chain.from_iterable(times[other] for other in pool)) for service, pool in pools.items()
    }  # fmt: skip


def _foresee(tx: Tx, *, window: str, since: Ms) -> None:
    row = tx.get(Window, window)
    assert row is not None
    tx.update(row, closes_at=since)


def _rows(watch: Watch, since: Ms, until: Ms) -> Iterator[Row]:
    """Of who had to wait at all."""
    for key, told in watch.told.items():
        waited = watch.waited.get(key)
        if waited and since <= told.at < until:
            yield Row(told.said, waited, told.low, told.high)


@dataclass(frozen=True)
class Result:
    name: str
    tickets: int
    waited: float  # minutes, on average
    errors: dict[str, float]  # mean absolute, in minutes
    ratio: float  # ours to the best of the standard ones
    margin: float  # of the ratio: half of its 95 % interval over the days
    covered: float  # the share of waits inside the range

    @staticmethod
    def of(name: str, judged: list[list[Row]]) -> Result:
        rows = [row for day in judged for row in day]
        errors = {key: fmean(abs(row.said[key] - row.waited) for row in rows) / 60 for key in (*STANDARD, "ours")}
        best = min(STANDARD, key=errors.__getitem__)
        ratio = errors["ours"] / errors[best]
        shares = [  # of the days: their part in the ratio's uncertainty
            sum(abs(row.said["ours"] - row.waited) - ratio * abs(row.said[best] - row.waited) for row in day)
            for day in judged
        ]
        spread = stdev(shares) * len(shares) ** 0.5 if len(shares) > 1 else 0.0
        margin = 1.96 * spread / (len(rows) * errors[best] * 60)
        covered = fmean(row.low <= row.waited <= row.high for row in rows)
        return Result(name, len(rows), fmean(row.waited for row in rows) / 60, errors, ratio, margin, covered)

    @property
    def line(self) -> Line:
        best = ", ".join(f"{key} {self.errors[key]:.2f}" for key in STANDARD)
        steady = self.name.startswith("steady")
        held = 0.75 <= self.covered <= 0.85 and (self.ratio <= 1.02 if steady else self.ratio < 1)
        value = f"{self.errors['ours']:.2f} min ± {100 * self.margin:.0f} %; {100 * self.covered:.0f} % in the range"
        what = f"{self.name} ({self.tickets:,} waits, mean {self.waited:.0f} min)"
        return Line(what, value, best, self.ratio, f"{'at most 1.02' if steady else 'under 1'}; 75-85 %", held)


def compare(before: int = 12, judge: int = 60) -> Iterator[Line]:
    """Mean absolute errors: ours, and as its floor the standard predictors'; the ratio is to the best of them."""
    for condition in conditions():
        yield Result.of(condition.name, watch_days(condition, before, judge)).line
    yield Result.of("replayed days of the county's hall", watch_recorded(min(before, 8), min(judge, 12))).line
