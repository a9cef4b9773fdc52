"""Tables as a file: csv with one table under the other, xlsx with a sheet for each. A cell is never a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from starlette.responses import Response

from hallq import exports
from hallq.assessment.record.tables import Cell, Table
from hallq.web.downloads import attached

Kind = Literal["csv", "xlsx"]


def file(tables: Sequence[Table], kind: Kind, name: str) -> Response:
    sheets = ((table.title, table.head, table.rows) for table in tables)
    content = _csv(tables) if kind == "csv" else exports.book(sheets)
    return attached(content, name=f"{name}.{kind}", media=exports.MEDIA[kind])


def _csv(tables: Sequence[Table]) -> bytes:
    first, *rest = (row for table in tables for row in _lines(table))
    return exports.sheet(list(map(str, first)), rest)


def _lines(table: Table) -> Iterator[Sequence[Cell]]:
    yield [table.title]
    yield table.head
    yield from table.rows
    yield []
