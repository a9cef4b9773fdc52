"""A hall in memory: the tables and the catalogue of a real one, commands at any given time, and no writer beside it.

Each command runs in a savepoint of its own, as in `store`; there is no journal, no picture and no device.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import StaticPool, create_engine
from sqlmodel import SQLModel

from hallq import schema
from hallq.catalog import Catalog, import_catalog
from hallq.kernel import Ms, Refused
from hallq.rows import Reader, Transaction
from hallq.ticketing import model
from hallq.ticketing.rules import Rules

assert schema.MODELS  # every table of the hall is known


class SeededTransaction(Transaction):
    """A transaction whose codes repeat with the seed."""

    random: Random

    def digits(self, count: int) -> str:
        return f"{self.random.randrange(10**count):0{count}d}"

    def token(self) -> str:
        return f"{self.random.getrandbits(144):036x}"


class Hall:
    def __init__(self, catalog: Catalog, rules: Rules, at: Ms) -> None:
        self.rules = rules
        self._random = Random("codes")
        self._connection = _empty()
        self._connection.execute("BEGIN")
        self.do(at, import_catalog, catalog=catalog)
        self.people: dict[str, int] = {}
        for window in catalog.window:
            person = self.do(at, _clerk, window=window.no, department=window.department)
            self.people[window.no] = person

    def do(self, at: Ms, command: Callable[..., Any], *, actor: str = "simulate", **kwargs: Any) -> Any:
        """Run a command at this time. Raises Refused, and nothing of it stands."""
        tx = SeededTransaction(self._connection, at, self.rules, actor, frozenset())
        tx.random = self._random
        self._connection.execute("SAVEPOINT command")
        try:
            value = command(tx, **kwargs)
        except Refused:
            self._connection.execute("ROLLBACK TO command")
            raise
        finally:
            self._connection.execute("RELEASE command")
        return value

    def reader(self, at: Ms) -> Reader:
        return Reader(self._connection, at, self.rules)

    def close(self) -> None:
        self._connection.close()


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    return connection


def _clerk(tx: Transaction, *, window: str, department: str) -> int:
    """The one person who is signed in at this window."""
    person = tx.insert(model.Person, name=f"window {window}", window=window, department=department)
    assert person.id is not None
    return person.id
