"""A scenario's day under each of its policies: the same hall, the same people, other rules of choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from hallq.catalog import import_catalog
from hallq.kernel import Ms, Tx
from hallq.simulate import policy, recorded
from hallq.simulate.draw import draw
from hallq.simulate.engine import Engine
from hallq.simulate.figures import Figures, take
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Overtaking
from hallq.simulate.plan import Plan
from hallq.simulate.scenario import Scenario
from hallq.ticketing.model import Service
from hallq.ticketing.opening import calendar
from hallq.ticketing.rules import Rules
from hallq.toml_file import ConfigError

RULED = ("quota", "cases_per_call", "at_noon")
Tell = Callable[[str, Ms], None]  # of a policy's run, which moment it has reached


@dataclass(frozen=True)
class Day:
    rules: Rules
    fill: Callable[[Tx], Any]
    plan: Plan

    @property
    def begins(self) -> Ms:
        """Before anything happens."""
        return min(
            *(duty.since for duty in self.plan.duties), *(citizen.at for citizen in self.plan.citizens[:1]), 1 << 60
        )  # fmt: skip


def day_of(scenario: Scenario) -> Day:
    rules = scenario.rules()
    if scenario.recorded is None:
        day = Day(rules, partial(_fill, scenario=scenario), draw(scenario))
        _must_be_a_working_day(scenario, day)
        return day
    database = scenario.file.parent / scenario.recorded.database
    fill, plan = recorded.read(
        database, scenario.recorded.day, rules, where=str(scenario.file), extended=scenario.day.extended
    )
    return Day(rules, fill, plan)


def _must_be_a_working_day(scenario: Scenario, day: Day) -> None:
    if day.rules.always_open:
        return
    hall = Hall(day.rules, day.fill, day.begins)
    works = calendar.is_working(hall.reader(day.begins), scenario.day.date)
    hall.close()
    if not works:
        where, date = scenario.file, scenario.day.date
        raise ConfigError(f"{where}: day.date: the hall does not work on {date}; choose another, or change hours.days")


def run(day: Day, name: str, tell: Tell = lambda policy, now: None) -> Figures:
    hall = Hall(policy.apply(day.rules, name), day.fill, day.begins)
    watch = Overtaking(hall.offers)
    engine = Engine(hall, day.plan, [watch])
    for now in engine.run():
        tell(name, now)
    figures = take(name, engine, watch.most)
    hall.close()
    return figures


def _fill(tx: Tx, *, scenario: Scenario) -> None:
    """The catalogue, and what the scenario says of its services otherwise."""
    import_catalog(tx, scenario.catalogue)
    for wanted in scenario.service:
        service = tx.get(Service, wanted.code)
        own = {name: value for name in RULED if (value := getattr(wanted, name)) is not None}
        if service is not None and own:
            tx.update(service, **own)
