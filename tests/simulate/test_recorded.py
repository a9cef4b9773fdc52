"""A day that a hall has lived: the same people, the same handling, the rules anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hallq import schema
from hallq.simulate.day import Day, day_of, run
from hallq.simulate.engine import Engine
from hallq.simulate.plan import NO_SHOW, PARKED, TRANSFERRED, Citizen, Rest, Step
from hallq.simulate.scenario import load_scenario
from hallq.store import Job, Store
from hallq.ticketing import commands
from hallq.ticketing.rules import Rules
from hallq.toml_file import ConfigError
from tests.commands.conftest import SHANGHAI, HandClock, catalogue
from tests.simulate.conftest import FRIDAY, MINUTE, ONE_ROOM, Write, at, calls, comes, lived, rows
from tests.simulate.test_engine import TWO_SERVICES

RECORDED = """
version = 1
name = "那一天"

[policy]
compare = ["bound:5", "strict"]

[recorded]
database = "hall.db"
day = "2026-11-20"
"""


def keep(engine: Engine, path: Path) -> None:
    """The day's rows as the database that a hall would have left."""
    with sqlite3.connect(path) as file:
        engine.hall._connection.execute("COMMIT")
        engine.hall._connection.backup(file)
        file.execute("CREATE TABLE alembic_version (version_num TEXT)")
        file.execute("INSERT INTO alembic_version VALUES (?)", (schema.latest(),))
    file.close()


def again(write: Write, engine: Engine) -> Day:
    keep(engine, write.folder / "hall.db")
    (write.folder / "again.toml").write_text(RECORDED, "utf-8")
    return day_of(load_scenario(write.folder / "again.toml"))


def replayed(day: Day) -> Engine:
    return lived(day, *day.plan.citizens)


def test_a_day_comes_out_as_it_was(write: Write) -> None:
    """With transfers, missed and parked numbers, pauses and who gave up: each call at its moment."""
    original = write.day(FRIDAY, TWO_SERVICES)
    plan = original.plan._replace(rests=(Rest("1", at("10:30"), 8 * MINUTE, "leave"),))
    citizens = [
        comes("09:00", 7),
        comes("09:01", 6, category="elderly"),
        comes("09:02", 5),
        Citizen(at("09:03"), (Step("a", 4 * MINUTE, 20_000, TRANSFERRED), Step("b", 5 * MINUTE, 15_000))),
        Citizen(at("09:04"), (Step("a", 0, 0, NO_SHOW, back=10 * MINUTE), Step("a", MINUTE))),
        Citizen(at("09:05"), (Step("a", MINUTE, 0, PARKED, back=30 * MINUTE), Step("a", MINUTE))),
        comes("09:06", 3, "b", people=3),
        comes("09:07", 9, patience=2 * MINUTE),
        comes("10:29", 9),
        comes("10:31", 9),
    ]
    first = lived(original, *citizens, plan=plan)
    day = again(write, first)
    second = replayed(day)
    assert calls(second) == calls(first)
    table = "SELECT number, service, category, people, state, issued_at, finished_at FROM ticket ORDER BY id"
    assert rows(second, table) == rows(first, table)
    assert rows(second, "SELECT since, ended_at FROM pause") == rows(first, "SELECT since, ended_at FROM pause")


def test_another_policy_on_the_recorded_day(write: Write) -> None:
    room = ONE_ROOM.replace("count = 2", "count = 1")
    old = [comes(f"09:0{minute}", 5, category="elderly") for minute in (2, 3, 4)]
    day = again(write, lived(write.day(FRIDAY, room), comes("09:00", 20), comes("09:01", 5), *old))
    fifo, strict = run(day, "fifo"), run(day, "strict")
    assert (fifo.overtaken, strict.overtaken) == (0, 3)
    assert strict.waits["priority"].mean < fifo.waits["priority"].mean


def test_a_drawn_day_is_recorded_and_replayed(write: Write) -> None:
    original = write.day(FRIDAY, ONE_ROOM)
    first = lived(original, *original.plan.citizens)
    assert calls(replayed(again(write, first))) == calls(first)


def test_the_database_of_a_hub_that_runs(write: Write) -> None:
    """Through the real writer, journal and all, and read while it is open."""
    path = write.folder / "hall.db"
    schema.create(path)
    clock = HandClock()
    clock.at = at("09:00")
    store = Store(path, clock, Rules(timezone=SHANGHAI))
    store.load()

    def do(command: Any, **details: Any) -> Any:
        [outcome] = store._commit([Job(command, details, "test")]).outcomes
        assert outcome.error is None
        return outcome.value

    do(catalogue)
    do(commands.sign_in, window="1", person=1)
    for minute in range(6):
        clock.at = at("09:00") + minute * MINUTE
        do(commands.issue, service="a", category="elderly" if minute > 3 else "ordinary")
        if minute % 2 == 0:
            do(commands.call_next, window="1")
        else:
            do(commands.finish, window="1")
    (write.folder / "again.toml").write_text(RECORDED, "utf-8")
    day = day_of(load_scenario(write.folder / "again.toml"))
    assert [citizen.category for citizen in day.plan.citizens] == ["ordinary"] * 4 + ["elderly"] * 2
    assert [window for window, *_ in day.plan.duties] == ["1"]
    engine = replayed(day)
    assert calls(engine)[:3] == [("A001", "09:00"), ("A002", "09:02"), ("A005", "09:04")]
    store.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("hall.db", "nowhere.db"), "recorded.database: there is no file"),
        (("2026-11-20", "2026-11-21"), "nobody took a number on 2026-11-21; the last days with numbers: 2026-11-20"),
        (("2026-11-20", "yesterday"), 'recorded.day: "yesterday" is no date'),
    ],
)
def test_faults(write: Write, change: tuple[str, str], words: str) -> None:
    keep(lived(write.day(FRIDAY, ONE_ROOM), comes("09:00", 7)), write.folder / "hall.db")
    path = write.folder / "again.toml"
    path.write_text(RECORDED.replace(*change), "utf-8")
    with pytest.raises(ConfigError) as fault:
        day_of(load_scenario(path))
    assert words in str(fault.value)


def test_an_older_database_is_refused(write: Write) -> None:
    keep(lived(write.day(FRIDAY, ONE_ROOM), comes("09:00", 7)), write.folder / "hall.db")
    with sqlite3.connect(write.folder / "hall.db") as file:
        file.execute("UPDATE alembic_version SET version_num = 'old'")
    file.close()
    path = write.folder / "again.toml"
    path.write_text(RECORDED, "utf-8")
    with pytest.raises(ConfigError, match="is of another version"):
        day_of(load_scenario(path))
