"""Ratings as csv or xlsx. A cell is never a formula: what a citizen wrote must not run on an official's desk."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from hallq.assessment.reports import COLUMNS

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # full-width ones, too
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = Sequence[str | int]


def ratings(rows: Iterable[Mapping[str, Any]], kind: str, timezone: ZoneInfo) -> tuple[bytes, str]:
    """The file's content and media type; `kind` is csv or xlsx."""
    write, media = KINDS[kind]
    return write([_rating(row, timezone) for row in rows]), media


def _rating(row: Mapping[str, Any], timezone: ZoneInfo) -> Row:
    values = dict(row) | {"at": datetime.fromtimestamp(row["at"] // 1000, UTC).astimezone(timezone).isoformat()}
    return [_cell(values[name]) for name in COLUMNS]


def _cell(value: Any) -> str | int:
    if isinstance(value, list | tuple):
        return ",".join(value)
    return value if isinstance(value, int) else str(value or "")


def sheet(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """As csv: UTF-8 with the mark without which Excel reads another encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv(rows: Iterable[Row]) -> bytes:
    return sheet(COLUMNS, rows)


def _inert(cell: str | int) -> str | int:
    """Excel runs cells that begin like a formula, quoted or not; an apostrophe before it makes it text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(FORMULA) else cell


def _xlsx(rows: Iterable[Row]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("ratings")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        for number, row in enumerate((COLUMNS, *rows)):
            for place, cell in enumerate(row):
                put = sheet.write_number if isinstance(cell, int) else sheet.write_string
                put(number, place, cell)
    return content.getvalue()


KINDS: dict[str, tuple[Callable[[Iterable[Row]], bytes], str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"),
    "xlsx": (_xlsx, XLSX),
}
