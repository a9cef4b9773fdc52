"""Tables as csv or xlsx, written row by row: a month takes no more memory than a day, and brings its own dictionary.

A cell is never a formula: what a citizen wrote must not run on an official's desk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from hallq.export_tables import TIME, Column, Table
from hallq.rows import Reader
from hallq.texts import EN, ZH, text

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # full-width ones, too
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
SHEET_ROWS = 1_000_000  # a sheet of Excel holds little more
NOT_IN_A_NAME, LONGEST_NAME = str.maketrans("", "", "[]:*?/\\"), 31  # of a sheet of Excel
STEP = 2000
DICTIONARY = ("column", "zh", "en", "unit", "说明", "meaning")
MEDIA = {"csv": CSV, "xlsx": XLSX, "dictionary.csv": CSV}

Cell = str | int | float
Row = Sequence[Cell]
Progress = Callable[[int, int], None]


def write(
    db: Reader, table: Table, form: str, path: Path, *, since: str, until: str, tell: Progress | None = None
) -> int:
    """The rows of the days, both included, into a file; how many. `form`: a key of MEDIA."""
    if form == "dictionary.csv":
        return _write_csv(path, DICTIONARY, dictionary(table))
    days = {"since": since, "until": until}
    total = _count(db, table, days) if tell is not None else 0
    rows = _told(_cells(db, table, days), total, tell)
    if form == "csv":
        return _write_csv(path, table.names, rows)
    return _write_xlsx(path, table, rows)


def dictionary(table: Table) -> Iterator[Row]:
    """What each column is: its name, unit and meaning."""
    for column in table.columns:
        words = [text(f"{part}.{column.words}", lang) for part in ("ex", "exd") for lang in (ZH, EN)]
        yield column.name, words[0], words[1], column.unit, words[2], words[3]


def sheet(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A short table as csv: UTF-8 with the mark without which Excel reads another encoding."""
    out = io.StringIO(newline="")
    _put(out, head, rows)
    return out.getvalue().encode("utf-8-sig")


def book(sheets: Iterable[tuple[str, Sequence[str], Iterable[Row]]]) -> bytes:
    """Short tables as xlsx, each on a sheet of its own: its name, its head, its rows."""
    import xlsxwriter  # an idle hall has no memory to spare for it

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        for name, head, rows in sheets:
            page = _page(made, name.translate(NOT_IN_A_NAME)[:LONGEST_NAME], head)
            for number, row in enumerate(rows, start=1):
                _line(page, number, row)
    return content.getvalue()


def _count(db: Reader, table: Table, days: dict[str, str]) -> int:
    [(count,)] = db.values(select(func.count()).select_from(table.query.order_by(None).subquery()), **days)
    return count


def _cells(db: Reader, table: Table, days: dict[str, str]) -> Iterator[Row]:
    zone = db.rules.timezone
    for row in db.stream(table.query, **days):
        yield [cell(column, value, zone) for column, value in zip(table.columns, row, strict=True)]


def cell(column: Column, value: Any, zone: ZoneInfo) -> Cell:
    """Nothing is an empty cell, times are ISO 8601 with the hall's offset."""
    if value is None:
        return ""
    if column.unit == TIME:
        return datetime.fromtimestamp(value // 1000, UTC).astimezone(zone).isoformat()
    return value if isinstance(value, int | float) else str(value)


def _told(rows: Iterator[Row], total: int, tell: Progress | None) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if tell is not None and number % STEP == 0:
            tell(number, total)
        yield row


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Row]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        return _put(out, head, rows)


def _put(out: Any, head: Sequence[str], rows: Iterable[Row]) -> int:
    writer, count = csv.writer(out), 0
    writer.writerow(head)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
        count += 1
    return count


def _inert(cell: Cell) -> Cell:
    """Excel runs cells that begin like a formula, quoted or not; an apostrophe before it makes it text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(FORMULA) else cell


def _write_xlsx(path: Path, table: Table, rows: Iterator[Row]) -> int:
    import xlsxwriter

    count = 0
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page, line = _page(book, table.kind, table.names), 0
        for row in rows:
            if line == SHEET_ROWS:
                page, line = _page(book, f"{table.kind} {count // SHEET_ROWS + 1}", table.names), 0
            line, count = line + 1, count + 1
            _line(page, line, row)
        page = _page(book, "说明 dictionary", DICTIONARY)
        for number, row in enumerate(dictionary(table), start=1):
            _line(page, number, row)
    return count


def _page(book: Any, name: str, head: Sequence[str]) -> Any:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 1)
    page.set_column(0, max(0, len(head) - 1), 16)
    bold = book.add_format({"bold": True, "text_wrap": True})
    for place, word in enumerate(head):
        page.write_string(0, place, word, bold)
    return page


def _line(page: Any, number: int, row: Row) -> None:
    for place, cell in enumerate(row):
        put = page.write_string if isinstance(cell, str) else page.write_number
        put(number, place, cell)
