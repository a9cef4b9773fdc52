"""A hall in memory: the tables and the catalogue of a real one, commands at any given time, and no writer beside it.

Each command runs in a savepoint of its own, as in `store`; there is no journal, no picture and no device.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import StaticPool, create_engine
from sqlmodel import SQLModel, col, select

from hallq import schema
from hallq.kernel import Ms, Refused, Tx
from hallq.rows import Reader, Transaction
from hallq.ticketing.lookups import OFFERS, WINDOWS
from hallq.ticketing.model import Person
from hallq.ticketing.rules import Rules

assert schema.MODELS  # every table of the hall is known
PEOPLE = select(Person).where(col(Person.title) == "simulate")


class SeededTransaction(Transaction):
    """A transaction whose codes repeat from run to run."""

    random: Random

    def digits(self, count: int) -> str:
        return f"{self.random.randrange(10**count):0{count}d}"

    def token(self) -> str:
        return f"{self.random.getrandbits(144):036x}"


class Hall:
    """`fill` writes the catalogue. Each window gets one person who works there."""

    def __init__(self, rules: Rules, fill: Callable[[Tx], Any], at: Ms) -> None:
        self.rules = rules
        self._random = Random("codes")
        self._connection = _empty()
        self._connection.execute("BEGIN")
        self.do(at, fill)
        self.do(at, _clerks)
        db = self.reader(at)
        self.people = {person.window: person.id for person in db.find(PEOPLE)}
        services: dict[str, set[str]] = defaultdict(set)
        for offer in db.find(OFFERS):
            services[offer.window].add(offer.service)
        self.offers = {window.no: frozenset(services[window.no]) for window in db.find(WINDOWS)}

    def do(self, at: Ms, command: Callable[..., Any], **details: Any) -> Any:
        """Run a command at this time. Raises Refused, and nothing of it stands."""
        tx = SeededTransaction(self._connection, at, self.rules, "simulate", frozenset())
        tx.random = self._random
        self._connection.execute("SAVEPOINT command")
        try:
            return command(tx, **details)
        except Refused:
            self._connection.execute("ROLLBACK TO command")
            raise
        finally:
            self._connection.execute("RELEASE command")

    def reader(self, at: Ms) -> Reader:
        return Reader(self._connection, at, self.rules)

    def save(self, disk: sqlite3.Connection) -> None:
        """Everything so far, as a hall's database."""
        self._connection.execute("COMMIT")
        self._connection.backup(disk)
        self._connection.execute("BEGIN")

    def close(self) -> None:
        self._connection.close()


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    return connection


def _clerks(tx: Tx) -> None:
    for window in tx.find(WINDOWS):
        name = f"simulate {window.no}"
        tx.insert(Person, name=name, title="simulate", window=window.no, department=window.department)
