"""The journal: who did what, when; numbered without gaps, each row holding the hash of the one before.

hash = SHA-256 over {"facts":F,"rows":R,"head":H}, H being {at, actor, prev, seq, verb}, each as canonical JSON (keys
sorted, no spaces, UTF-8). R names each covered row that the command wrote with the digest of its new content (null:
deleted), see `content`. hallq/audit/ reads it again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import Field, Index, SQLModel, col, select

from hallq.kernel import Ms, Reads

ORIGIN = "0" * 64
_INSERT = "INSERT INTO journal (seq, at, actor, verb, facts, rows, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
Covered = dict[str, tuple[list[str], list[str], frozenset[str]]]  # table -> columns, key columns, personal columns


class Journal(SQLModel, table=True):
    __table_args__ = (Index("journal_verb", "verb", "seq"),)
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


NEWEST = select(col(Journal.seq), col(Journal.hash)).order_by(col(Journal.seq).desc()).limit(1)


def head(db: Reads) -> str:
    """`SEQ:HASH` of the last entry: printed on a bulletin it proves later what was there."""
    found = db.values(NEWEST)
    return f"{found[0][0]}:{found[0][1]}" if found else f"0:{ORIGIN}"


def content(columns: list[str], personal: frozenset[str], row: Any) -> bytes:
    """What stands for a row: canonical JSON, personal values as digests with the row's salt (where it has one). Absent
    values are left out, so a later empty column changes nothing; True counts as 1."""
    values = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
    if personal:
        salt = values.pop("salt", "")
        hidden = personal & values.keys()
        for name in hidden:
            values[name] = hashlib.sha256(f"{salt}{values[name]}".encode()).hexdigest()
        if salt and not hidden:  # nothing else would tell that it was altered
            values["salt"] = hashlib.sha256(salt.encode()).hexdigest()
    for name, value in values.items():
        if value is True or value is False:
            values[name] = int(value)
    return _canonical(values)


def digest(columns: list[str], personal: frozenset[str], row: Any) -> str | None:
    return None if row is None else hashlib.sha256(content(columns, personal, row)).hexdigest()


def _link(seq: int, at: Ms, actor: str, verb: str, facts: bytes, rows: bytes, prev: str) -> str:
    head = _canonical({"at": at, "actor": actor, "prev": prev, "seq": seq, "verb": verb})
    return hashlib.sha256(b'{"facts":' + facts + b',"rows":' + rows + b',"head":' + head + b"}").hexdigest()


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
