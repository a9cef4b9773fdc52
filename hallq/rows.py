"""Rows in and out of SQLite: models' statements compiled once, and the views that commands get of them.

Commands see light tuples with their model's attributes; ORM entities are never made (docs/architecture.md: why).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, TypeVarTuple, cast

import orjson
from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlmodel import Field, SQLModel

from hallq.kernel import Change, Ms

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlmodel.sql.expression import SelectOfScalar

    from hallq.ticketing.rules import Rules

M = TypeVar("M")
Ts = TypeVarTuple("Ts")

_dialect = sqlite.dialect(paramstyle="qmark")


class Effect(SQLModel, table=True):
    """The outbox: what must happen once (print, speak), with a deadline."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    target: str
    payload: str
    ref: str = Field(default="", index=True)
    state: str = Field(default="pending", index=True)  # pending sending done failed expired shed unknown
    at: int
    deadline: int
    settled_at: int | None = None


class RowType:
    """How one model's rows go in and out: compiled statements and a light tuple class with the model's attributes."""

    _of: ClassVar[dict[type[Any], RowType]] = {}

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.table = cast("Table", model.__table__)
        self.name = self.table.name
        self.columns = [column.key for column in self.table.columns]
        self.keys = [column.key for column in self.table.primary_key]
        self.covered: bool = getattr(model, "__covered__", False)
        self.personal: frozenset[str] = getattr(model, "__personal__", frozenset())
        fields = model.model_fields
        self.shown = [name for name in self.columns if fields[name].repr]  # a hash is in no log
        parts = {"__slots__": (), "row_type": self, "__repr__": _shown}
        self.row: Any = type(model.__name__, (namedtuple(model.__name__, self.columns),), parts)
        self.defaults = {name: fields[name].default for name in self.columns if not fields[name].is_required()}
        self.numbered = self.keys == ["id"] and "id" in self.defaults and self.defaults["id"] is None
        marks = ", ".join("?" * len(self.columns))
        self.insert = f"INSERT INTO {_quoted(self.name)} ({', '.join(map(_quoted, self.columns))}) VALUES ({marks})"
        self.where = " AND ".join(f"{_quoted(key)} = ?" for key in self.keys)
        self.get = f"SELECT {', '.join(map(_quoted, self.columns))} FROM {_quoted(self.name)} WHERE {self.where}"
        self.delete = f"DELETE FROM {_quoted(self.name)} WHERE {self.where}"
        self.updates: dict[tuple[str, ...], str] = {}

    @classmethod
    def of(cls, model: type[Any]) -> RowType:
        found = cls._of.get(model)
        if found is None:
            found = cls._of[model] = cls(model)
        return found

    def update(self, names: tuple[str, ...]) -> str:
        sql = self.updates.get(names)
        if sql is None:
            sets = ", ".join(f"{_quoted(name)} = ?" for name in names)
            sql = self.updates[names] = f"UPDATE {_quoted(self.name)} SET {sets} WHERE {self.where}"
        return sql

    def key(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.keys)

    def label(self, row: Any) -> str:
        """`ticket/17`: how the journal names the row."""
        return f"{self.name}/{'/'.join(str(part) for part in self.key(row))}"


def _shown(row: Any) -> str:
    values = ", ".join(f"{name}={getattr(row, name)!r}" for name in row.row_type.shown)
    return f"{type(row).__name__}({values})"


def _quoted(name: str) -> str:
    return f'"{name}"'


class _Query:
    """A select, compiled once: SQL, the order of its parameters and the values that are already in it."""

    def __init__(self, statement: Any) -> None:
        compiled = statement.compile(dialect=_dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self.names = list(compiled.positiontup or ())
        self.known = dict(compiled.params)

    def arguments(self, params: dict[str, Any]) -> list[Any]:
        return [params[name] if name in params else self.known[name] for name in self.names]


_queries: dict[Any, _Query] = {}


def _query(statement: Any) -> _Query:
    found = _queries.get(statement)
    if found is None:
        found = _queries[statement] = _Query(statement)
    return found


class Reader:
    """kernel.Reads over one connection."""

    def __init__(self, connection: sqlite3.Connection, now: Ms, rules: Rules) -> None:
        self._connection = connection
        self.now = now
        self.rules = rules

    def begin(self) -> None:
        """From here on every look sees the same moment."""
        self._connection.execute("BEGIN")

    def end(self) -> None:
        self._connection.execute("ROLLBACK")

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.now / 1000, UTC).astimezone(self.rules.timezone).date().isoformat()

    def get(self, model: type[M], *key: Any) -> M | None:
        kind = RowType.of(model)
        found = self._connection.execute(kind.get, key).fetchone()
        return None if found is None else cast("M", kind.row._make(found))

    def find(self, query: SelectOfScalar[M], **params: Any) -> list[M]:
        compiled = _query(query)
        make = _entity(query).row._make
        return [make(found) for found in self._connection.execute(compiled.sql, compiled.arguments(params))]

    def first(self, query: SelectOfScalar[M], **params: Any) -> M | None:
        compiled = _query(query)
        found = self._connection.execute(compiled.sql, compiled.arguments(params)).fetchone()
        return None if found is None else cast("M", _entity(query).row._make(found))

    def values(self, query: Select[*Ts], **params: Any) -> list[tuple[*Ts]]:
        compiled = _query(query)
        return self._connection.execute(compiled.sql, compiled.arguments(params)).fetchall()

    def stream(self, query: Select[*Ts], **params: Any) -> Iterator[tuple[*Ts]]:
        """The same, one by one: for what is written out and must not stand in memory."""
        compiled = _query(query)
        yield from self._connection.execute(compiled.sql, compiled.arguments(params))


_entities: dict[Any, RowType] = {}


def _entity(query: Any) -> RowType:
    found = _entities.get(query)
    if found is None:
        found = _entities[query] = RowType.of(query.column_descriptions[0]["entity"])
    return found


class Transaction(Reader):
    """kernel.Tx: one command's savepoint."""

    def __init__(
        self, connection: sqlite3.Connection, now: Ms, rules: Rules, actor: str, served: frozenset[tuple[str, str]]
    ) -> None:
        super().__init__(connection, now, rules)
        self.actor = actor
        self._served = served
        self.changes: list[Change] = []
        self.facts: dict[str, Any] = {}
        self.effects = 0
        self._latest: dict[tuple[Any, ...], Any] = {}

    def insert(self, model: type[M], **values: Any) -> M:
        kind = RowType.of(model)
        row = kind.row(**(kind.defaults | values))
        cursor = self._connection.execute(kind.insert, row)
        if kind.numbered and row.id is None:
            row = row._replace(id=cursor.lastrowid)
        self._note(kind, None, row)
        return cast("M", row)

    def update(self, row: M, **changes: Any) -> M:
        if not changes:
            return row
        kind: RowType = cast("Any", row).row_type
        key = kind.key(row)
        before = self._latest.get((kind.name, *key), row)
        after = before._replace(**changes)
        self._connection.execute(kind.update(tuple(changes)), [*changes.values(), *key])
        self._note(kind, before, after)
        return cast("M", after)

    def delete(self, row: Any) -> None:
        kind: RowType = row.row_type
        self._connection.execute(kind.delete, kind.key(row))
        self._note(kind, row, None)

    def attest(self, row: Any) -> None:
        """Bring a row under the chain as it is (audit.cover)."""
        self._note(row.row_type, row, row)

    def effect(self, kind: str, target: str, payload: dict[str, Any], *, lasts: Ms, ref: str = "") -> bool:
        if (kind, target) not in self._served:  # no such device stands there
            return False
        self.effects += 1
        body = orjson.dumps(payload).decode()
        self.insert(Effect, kind=kind, target=target, payload=body, ref=ref, at=self.now, deadline=self.now + lasts)
        return True

    def log(self, **facts: Any) -> None:
        self.facts.update(facts)

    def digits(self, count: int) -> str:
        return f"{secrets.randbelow(10**count):0{count}d}"

    def token(self) -> str:
        return secrets.token_urlsafe(18)

    def _note(self, kind: RowType, before: Any, after: Any) -> None:
        self._latest[(kind.name, *kind.key(after if after is not None else before))] = after
        self.changes.append(Change(kind.model, before, after))

    def net(self) -> list[Change]:
        """One change per row: from what it was before the command to what it is now. Made and gone again is none."""
        rows: dict[tuple[Any, ...], Change] = {}
        for change in self.changes:
            kind = RowType.of(change.model)
            label = (kind.name, *kind.key(change.after if change.after is not None else change.before))
            first = rows.get(label)
            rows[label] = Change(change.model, change.before if first is None else first.before, change.after)
        return [change for change in rows.values() if change.before is not None or change.after is not None]
