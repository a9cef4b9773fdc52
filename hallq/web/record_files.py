"""Tables as a file: csv with one table under the other, xlsx with a sheet for each. A cell is never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Literal

import xlsxwriter
from starlette.responses import Response

from hallq import exports
from hallq.assessment.record.tables import Cell, Table

Kind = Literal["csv", "xlsx"]
NOT_IN_A_SHEET = str.maketrans("", "", "[]:*?/\\")
LONGEST_NAME = 31


def file(tables: Sequence[Table], kind: Kind, name: str) -> Response:
    content, media = (_csv(tables), "text/csv; charset=utf-8") if kind == "csv" else (_xlsx(tables), exports.XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media, headers=headers)


def _csv(tables: Sequence[Table]) -> bytes:
    first, *rest = (row for table in tables for row in _lines(table))
    return exports.sheet(list(map(str, first)), rest)


def _lines(table: Table) -> Iterator[Sequence[Cell]]:
    yield [table.title]
    yield table.head
    yield from table.rows
    yield []


def _xlsx(tables: Sequence[Table]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        for table in tables:
            page = book.add_worksheet(table.title.translate(NOT_IN_A_SHEET)[:LONGEST_NAME])
            page.freeze_panes(1, 1)
            page.set_column(0, max(0, len(table.head) - 1), 16)
            for place, word in enumerate(table.head):
                page.write_string(0, place, word, bold)
            for number, row in enumerate(table.rows, start=1):
                for place, cell in enumerate(row):
                    put = page.write_string if isinstance(cell, str) else page.write_number
                    put(number, place, cell)
    return content.getvalue()
