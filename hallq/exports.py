"""Ratings as csv or xlsx. A cell is never a formula: what a citizen wrote must not run on an official's desk."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlmodel import bindparam, col, select

from hallq.assessment.model import Rating
from hallq.kernel import Reads
from hallq.ticketing.model import Person, Ticket
from hallq.toml_file import ConfigError

RATING_COLUMNS = ("ticket", "service", "window", "clerk", "level", "reasons", "comment", "at", "channel")
RATINGS = select(Rating).where(col(Rating.day).between(bindparam("first"), bindparam("last"))).order_by(col(Rating.id))

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # full-width ones, too

Cell = str | int
Row = Sequence[Cell]


def ratings(db: Reads, *, first: date | None = None, last: date | None = None) -> list[Row]:
    """In the order of giving, both days included. Who was not rated is not in it."""
    start, end = (first or date.min).isoformat(), (last or date.max).isoformat()
    return [_rating(db, rating) for rating in db.find(RATINGS, first=start, last=end)]


def write(rows: Iterable[Row], columns: Sequence[str], target: Path) -> None:
    """csv (UTF-8 with the mark that Excel needs) or xlsx, by the file's ending."""
    match target.suffix.lower():
        case ".csv":
            _write_csv(rows, columns, target)
        case ".xlsx":
            _write_xlsx(rows, columns, target)
        case _:
            raise ConfigError(f"{target}: unknown ending; name a file that ends in .csv or .xlsx")


def _rating(db: Reads, rating: Rating) -> Row:
    ticket = db.get(Ticket, rating.ticket)
    clerk = db.get(Person, rating.person)
    return (
        ticket.number if ticket else "",
        rating.service,
        rating.window,
        clerk.name if clerk else "",
        rating.level,
        rating.reasons,
        rating.comment,
        _iso(rating.at, db.rules.timezone),
        rating.channel,
    )


def _iso(at: int, timezone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(timezone).isoformat()


def _write_csv(rows: Iterable[Row], columns: Sequence[str], target: Path) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_inert(cell) for cell in row] for row in rows)


def _inert(cell: Cell) -> Cell:
    """Excel runs cells that begin like a formula, quoted or not; an apostrophe before it makes it text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(FORMULA) else cell


def _write_xlsx(rows: Iterable[Row], columns: Sequence[str], target: Path) -> None:
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("ratings")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 16)
        for number, row in enumerate((columns, *rows)):
            for place, cell in enumerate(row):
                put = sheet.write_number if isinstance(cell, int) else sheet.write_string
                put(number, place, cell)
