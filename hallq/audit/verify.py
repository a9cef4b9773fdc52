"""The whole database held against its journal: entries, covered rows, the content of files. One moment, read once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hallq import journal
from hallq.audit.check import Fault, Walk
from hallq.journal import Covered

ENTRIES = "SELECT seq, at, actor, verb, facts, rows, hash FROM journal ORDER BY seq"
FILES = """SELECT attachment.id, attachment.sha256, file_content.content FROM attachment
    LEFT JOIN file_content ON file_content.attachment = attachment.id"""
STRAY = "SELECT attachment FROM file_content WHERE attachment NOT IN (SELECT id FROM attachment)"
STEP = 2000  # rows between two words of progress
Progress = Callable[[int, int], None]  # so many rows of so many


def verify(
    connection: sqlite3.Connection, covered: Covered, *, head: str | None = None, progress: Progress | None = None
) -> str | None:
    """None, or a sentence that names the first wrong row. `head`: one from outside that must be there."""
    walk, count = Walk(head), _Count(connection, covered, progress)
    try:
        with every_byte(connection):
            for entry in count(connection.execute(ENTRIES)):
                walk.entry(*entry)
            walk.ended()
            for name in covered:
                for label, digest in count(rows(connection, name, covered)):
                    walk.row(label, digest)
            walk.end()
            _check_files(connection)
    except Fault as fault:
        return str(fault)
    return None


def rows(connection: sqlite3.Connection, name: str, covered: Covered) -> Iterator[tuple[str, str | None]]:
    """Label and digest of each row of a table."""
    for label, content in contents(connection, name, covered):
        yield label, None if content is None else hashlib.sha256(content).hexdigest()


def contents(connection: sqlite3.Connection, name: str, covered: Covered) -> Iterator[tuple[str, bytes | None]]:
    """Label of each row of a table, and what its digest is taken of; None: it cannot be read as what it was."""
    columns, keys, personal = covered[name]
    places = [columns.index(key) for key in keys]
    names = ", ".join(f'"{column}"' for column in columns)
    for row in connection.execute(f'SELECT {names} FROM "{name}"'):
        yield f"{name}/{'/'.join(str(row[place]) for place in places)}", _content(columns, personal, row)


def _content(columns: list[str], personal: frozenset[str], row: Any) -> bytes | None:
    try:
        return journal.content(columns, personal, row)
    except (TypeError, ValueError):  # bytes where there was a text
        return None


def _check_files(connection: sqlite3.Connection) -> None:
    for number, expected, content in connection.execute(FILES):
        if content is None:
            raise Fault(f"the content of row attachment/{number} was removed")
        if hashlib.sha256(content if isinstance(content, bytes) else repr(content).encode()).hexdigest() != expected:
            raise Fault(f"the content of row attachment/{number} was altered")
    for (number,) in connection.execute(STRAY):
        raise Fault(f"row file_content/{number} was inserted outside the journal")


@contextmanager
def every_byte(connection: sqlite3.Connection) -> Iterator[None]:
    """Text that is no UTF-8 any more is found to be wrong like any other, instead of ending the look."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = str


class _Count:
    """Passes rows on and tells how far it is."""

    def __init__(self, connection: sqlite3.Connection, covered: Covered, tell: Progress | None) -> None:
        self._tell, self._done, self._all = tell, 0, 0
        if tell is not None:
            tables = ["journal", *covered]
            self._all = sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)

    def __call__(self, found: Any) -> Iterator[Any]:
        for row in found:
            self._done += 1
            if self._tell is not None and self._done % STEP == 0:
                self._tell(self._done, self._all)
            yield row
