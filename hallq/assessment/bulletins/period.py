"""The days and the part of the hall that facts are asked of, and how they are said."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, bindparam, func, literal_column

from hallq.assessment.bulletins.content import Row
from hallq.assessment.bulletins.words import say
from hallq.kernel import MINUTE, Ms, Reads
from hallq.office import dates
from hallq.ticketing.opening.calendar import days_after

SHARE = "{:.1%}"


class Period(NamedTuple):
    since: str  # days, both included
    until: str
    department: str | None = None  # None: the whole hall
    names: bool = False  # staff by name, and each event by itself

    @property
    def days(self) -> dict[str, str]:
        return {"since": self.since, "until": self.until}

    @property
    def place(self) -> dict[str, str | None]:
        """The parameters of a select that ends with `here`."""
        return self.days | {"department": self.department}

    def span(self, db: Reads) -> tuple[Ms, Ms]:
        after = days_after(self.until, 1)
        return dates.begin_of(self.since, db.rules.timezone), dates.begin_of(after, db.rules.timezone)


def within(day: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = day.between(bindparam("since"), bindparam("until"))
    return found


def here(department: Any) -> ColumnElement[bool]:
    """Of the department that is asked for; of all where none is."""
    wanted = bindparam("department", type_=String)
    found: ColumnElement[bool] = func.coalesce(wanted, department, "") == func.coalesce(department, "")
    return found


def one_of(column: Any, *words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_([literal_column(f"'{word}'") for word in words])
    return found


def clock(db: Reads, at: Ms) -> str:
    """11-20 09:40"""
    return f"{dates.local(at, db.rules.timezone):%m-%d %H:%M}"


def minutes(ms: Ms | None) -> int:
    return round((ms or 0) / MINUTE)


def share(part: int, whole: int) -> str:
    """With one decimal; a dash where nobody stands behind it."""
    return SHARE.format(part / whole) if whole else say("none")


def total(rows: list[Row], columns: int, *sums: int) -> list[Row]:
    """The rows and, where there are several, a line below them that adds these columns up."""
    if len(rows) < 2:
        return rows
    cells: list[str | int | float] = [say("total"), *[""] * (columns - 1)]
    for place in sums:
        cells[place] = sum(value for row in rows if isinstance(value := row.cells[place], int | float))
    return [*rows, Row(cells)]
