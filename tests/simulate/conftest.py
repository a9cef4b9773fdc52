"""A small hall for simulated days: one floor, a few windows, times that are easy to follow."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from hallq.simulate.day import Day, day_of
from hallq.simulate.engine import Engine
from hallq.simulate.hall import Hall
from hallq.simulate.observers import Observer
from hallq.simulate.plan import Citizen, Plan, Step
from hallq.simulate.scenario import load_scenario

MINUTE = 60_000
FRIDAY = """
version = 1
name = "小厅"

[day]
date = "2026-11-20"
walk_s = 0

[policy]
compare = ["bound:5"]
"""
ONE_ROOM = """
[[service]]
code = "a"
per_day = 60
mean_min = 6

[[window]]
count = 2
services = ["a"]
"""


class Write:
    """Writes a scenario and reads it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, *parts: str) -> Path:
        path = self.folder / "day.toml"
        path.write_text("\n".join(dedent(part) for part in parts), "utf-8")
        return path

    def day(self, *parts: str) -> Day:
        return day_of(load_scenario(self.file(*parts)))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return Write(tmp_path)


def at(clock: str) -> int:
    """A time of that Friday in Shanghai."""
    hour, minute = map(int, clock.split(":"))
    return 1_795_104_000_000 + (hour * 60 + minute) * MINUTE


def comes(clock: str, minutes: float, service: str = "a", **kind: Any) -> Citizen:
    return Citizen(at(clock), (Step(service, round(minutes * MINUTE)),), **kind)


def lived(day: Day, *citizens: Citizen, observers: list[Observer] | None = None, plan: Plan | None = None) -> Engine:
    """The day with these citizens, to its end."""
    known = (plan or day.plan)._replace(citizens=citizens)
    engine = Engine(Hall(day.rules, day.fill, at("07:00")), known, observers or [])
    for _ in engine.run():
        pass
    return engine


def rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    return engine.hall._connection.execute(sql).fetchall()


def calls(engine: Engine) -> list[tuple[str, str]]:
    """(number, when it was called), in order of the calls."""
    sql = "SELECT number, visit.called_at FROM visit JOIN ticket ON ticket.id = ticket ORDER BY visit.id"
    found = rows(engine, sql)
    return [(number, clock(called)) for number, called in found]


def clock(moment: int) -> str:
    minutes, rest = divmod((moment - at("00:00")) // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
