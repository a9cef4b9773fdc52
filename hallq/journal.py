"""The journal: who did what, when; numbered without gaps, each row holding the hash of the one before.

hash = SHA-256 over {"facts":F,"rows":R,"head":H}, H being {at, actor, prev, seq, verb}, each as canonical JSON (keys
sorted, no spaces, UTF-8). R names each covered row that the command wrote with the digest of its new content (null:
deleted), see `digest`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import Field, SQLModel

from hallq.kernel import Ms

ORIGIN = "0" * 64
_INSERT = "INSERT INTO journal (seq, at, actor, verb, facts, rows, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ALL = "SELECT seq, at, actor, verb, facts, rows, hash FROM journal ORDER BY seq"
Covered = dict[str, tuple[list[str], list[str], frozenset[str]]]  # table -> columns, key columns, personal columns


class Journal(SQLModel, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    at: int
    actor: str
    verb: str
    facts: str
    rows: str
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    actor: str
    verb: str
    facts: dict[str, Any]
    rows: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Chain:
    """The head of the journal. `append` gives the next head; it counts only once its rows are committed."""

    seq: int
    hash: str
    at: Ms

    @staticmethod
    def load(connection: sqlite3.Connection) -> Chain:
        found = connection.execute("SELECT seq, hash, at FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return Chain(*found) if found else Chain(0, ORIGIN, 0)

    def append(self, connection: sqlite3.Connection, entries: list[Entry], at: Ms) -> Chain:
        seq, head, rows = self.seq, self.hash, []
        for entry in entries:
            seq += 1
            facts, digests = _canonical(entry.facts), _canonical(entry.rows)
            head = _link(seq, at, entry.actor, entry.verb, facts, digests, head)
            rows.append((seq, at, entry.actor, entry.verb, facts.decode(), digests.decode(), head))
        connection.executemany(_INSERT, rows)
        return Chain(seq, head, at)


def digest(columns: list[str], personal: frozenset[str], row: Any) -> str | None:
    """Of a row's content: absent values are left out, so a later empty column changes nothing; True counts as 1."""
    if row is None:
        return None
    content = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
    for name in personal & content.keys():
        content[name] = hashlib.sha256(f"{content['salt']}{content[name]}".encode()).hexdigest()
    content.pop("salt", None)
    for name, value in content.items():
        if value is True or value is False:
            content[name] = int(value)
    return hashlib.sha256(_canonical(content)).hexdigest()


def verify(connection: sqlite3.Connection, covered: Covered) -> str | None:
    """Walk the chain, then hold the covered tables against it. None, or a sentence that names the first wrong row."""
    latest: dict[str, str] = {}
    head = ORIGIN
    for expected, (seq, at, actor, verb, facts, rows, stored) in enumerate(connection.execute(_ALL), start=1):
        if seq != expected:
            return f"journal row {expected} is missing"
        head = _link(seq, at, actor, verb, facts.encode(), rows.encode(), head)
        if head != stored:
            return f"journal row {seq} ({verb}) was altered"
        for label, value in orjson.loads(rows).items():
            if value is None:
                latest.pop(label, None)
            else:
                latest[label] = value
    return next(_wrong_rows(connection, covered, latest), None)


def _wrong_rows(connection: sqlite3.Connection, covered: Covered, latest: dict[str, str]) -> Iterator[str]:
    for table, (columns, keys, personal) in covered.items():
        places = [columns.index(key) for key in keys]
        names = ", ".join(f'"{column}"' for column in columns)
        for row in connection.execute(f'SELECT {names} FROM "{table}"'):
            label = f"{table}/{'/'.join(str(row[place]) for place in places)}"
            expected = latest.pop(label, None)
            if expected is None:
                yield f"row {label} was inserted outside the journal"
            elif expected != digest(columns, personal, row):
                yield f"row {label} was altered"
    for label in latest:
        yield f"row {label} was removed"


def _link(seq: int, at: Ms, actor: str, verb: str, facts: bytes, rows: bytes, prev: str) -> str:
    head = _canonical({"at": at, "actor": actor, "prev": prev, "seq": seq, "verb": verb})
    return hashlib.sha256(b'{"facts":' + facts + b',"rows":' + rows + b',"head":' + head + b"}").hexdigest()


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
