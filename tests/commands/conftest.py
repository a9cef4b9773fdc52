"""A small hall on a real database file, written by the real writer; time stands still until a test moves it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hallq.hall import FOLLOWERS
from hallq.kernel import MINUTE, SECOND, Change, Ms, Refused, Tx
from hallq.rows import Reader
from hallq.store import Batch, Job, Store
from hallq.ticketing import model
from hallq.ticketing.drawing.taking import retake, take
from hallq.ticketing.picture import Picture
from hallq.ticketing.rules import Rules
from tests.empty_hall import empty_hall

START: Ms = 1_714_960_800_000  # Monday 2024-05-06 10:00 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")


class HandClock:
    def __init__(self) -> None:
        self.at = START

    def wall(self) -> Ms:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000


class Bench:
    """The hall under test: `do` runs a command as the writer would, and keeps the picture."""

    def __init__(self, path: Path, rules: Rules, begins: bytes) -> None:
        path.write_bytes(begins)
        self.clock = HandClock()
        self.store = Store(path, self.clock, rules, list(FOLLOWERS))
        self.store.load()
        self.store.served = frozenset({("print", "kiosk/k1"), ("speak", "1F"), ("speak", "2F")})
        self.picture = Picture()
        self.keys: set[str] = set()
        self.changes: list[Change] = []

    @property
    def now(self) -> Ms:
        return self.clock.at

    def wait(self, seconds: float) -> None:
        self.clock.at += round(seconds * SECOND)

    def do(self, command: Any, *, actor: str = "test", **kwargs: Any) -> Any:
        batch: Batch = self.store._commit([Job(command, kwargs, actor)])
        [outcome] = batch.outcomes
        self.changes = batch.changes
        if batch.changes:
            self.picture, self.keys = retake(self.db, self.picture, batch.changes)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def refused(self, command: Any, **kwargs: Any) -> Refused:
        """What the command is refused with; a refusal changes nothing."""
        with pytest.raises(Refused) as caught:
            self.do(command, **kwargs)
        assert not self.changes
        return caught.value

    @property
    def db(self) -> Reader:
        return self.store.reader()

    def row(self, kind: Any, *key: Any) -> Any:
        found = self.db.get(kind, *key)
        assert found is not None
        return found

    def rows(self, table: str, where: str = "1") -> list[tuple[Any, ...]]:
        return self.store._connection.execute(f'SELECT * FROM "{table}" WHERE {where} ORDER BY 1').fetchall()

    def effects(self, kind: str = "speak") -> list[tuple[str, str]]:
        """(payload, ref), oldest first."""
        found = self.store._connection.execute("SELECT payload, ref FROM effect WHERE kind = ? ORDER BY id", (kind,))
        return found.fetchall()


def catalogue(tx: Tx) -> None:
    """Window 1 offers A; 2 offers A and B; 3 offers B; 4 is another department's and offers C."""
    tx.insert(model.OpenHours)
    for code in ("social", "tax"):
        tx.insert(model.Department, code=code, name=code)
    for code, floor in (("1F", 1), ("2F", 2)):
        tx.insert(model.Zone, code=code, name=code, floor=floor)
    for code, department in (("a", "social"), ("b", "social"), ("c", "tax"), ("d", "tax")):
        tx.insert(model.Service, code=code, name=code, department=department, prefix=code.upper())
    for no, services in (("1", "a"), ("2", "ab"), ("3", "b"), ("4", "c")):
        department, zone = ("tax", "2F") if no == "4" else ("social", "1F")
        tx.insert(model.Window, no=no, department=department, zone=zone, ord=int(no))
        for rank, service in enumerate(services):
            tx.insert(model.WindowService, window=no, service=service, rank=rank)
    tx.insert(model.Kiosk, id="k1", zone="1F")
    for code, green in (("ordinary", False), ("elderly", True)):
        tx.insert(model.Category, code=code, name=code, green=green)
    tx.insert(model.PauseReason, code="meal", name="轮换用餐", public="午间轮换", public_en="Midday rota", minutes=30)
    for window in ("1", "2", "3", "4"):
        tx.insert(model.Person, id=int(window), name=f"clerk{window}", window=window)


@cache
def small_hall() -> bytes:
    """A database with this catalogue: made once, since every test here begins with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hall.db"
        bench = Bench(path, Rules(timezone=SHANGHAI), empty_hall())
        bench.do(catalogue)
        bench.store.close()
        return path.read_bytes()


@pytest.fixture
def rules() -> Rules:
    return Rules(timezone=SHANGHAI)


@pytest.fixture
def hall(tmp_path: Path, rules: Rules) -> Iterator[Bench]:
    with open_bench(tmp_path / "hall.db", rules) as bench:
        yield bench


class open_bench:
    """A fresh hall as a context manager, for tests that need many."""

    def __init__(self, path: Path, rules: Rules) -> None:
        self.bench = Bench(path, rules, small_hall())

    def __enter__(self) -> Bench:
        self.bench.picture = take(self.bench.db)
        return self.bench

    def __exit__(self, *error: object) -> None:
        self.bench.store.close()


__all__ = ["MINUTE", "SECOND", "START", "Bench", "open_bench"]
