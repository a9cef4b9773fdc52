"""The rows of scores: months, sheets, objections, appeals, adjustments. A frozen month's rows are never changed."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class ScoreMonth(SQLModel, table=True):
    """A month that was published; with `frozen_at` it is closed for good, with the formula that it was counted by."""

    __tablename__ = "score_month"
    __covered__: ClassVar[bool] = True
    month: str = Field(primary_key=True)  # 2026-11
    published_at: int
    published_by: str
    object_until: str  # the last day to object
    frozen_at: int | None = None
    frozen_by: str | None = None
    appeal_until: str | None = None
    version: int | None = None
    source: str | None = None
    formula: str | None = None  # JSON
    upto: int | None = None  # the ledger's last row at the freeze


class ScoreSheet(SQLModel, table=True):
    """Of a person, or of a department (`person` None): what was published, and what the month was frozen with."""

    __tablename__ = "score_sheet"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("score_sheet_month", "month", "person", "department"),)
    id: int | None = Field(default=None, primary_key=True)
    month: str
    person: int | None = None
    department: str | None = None
    days: int = 0  # on post
    published: str | None = None  # the total that was published; None: came to it between publication and freeze
    total: str | None = None  # of the frozen month
    entries: str | None = None  # JSON: the ledger's rows as they stood
    figures: str | None = None  # JSON; of a department: its people's totals
    result: str | None = None  # JSON: every line


class Contest(SQLModel):
    """Who contests what of which sheet, and who decided what. A department's is its chief representative's."""

    month: str
    person: int | None = None
    department: str | None = None
    entry: int | None = None  # of the ledger
    figure: str | None = None  # or a measured figure
    text: str
    by: int  # the person
    at: int
    state: str = "open"  # open upheld rejected
    decided_at: int | None = None
    decided_by: int | None = None  # a person
    reason: str | None = None


class ScoreObjection(Contest, table=True):
    """E20: before the freeze. Evidence is attached as `score_objection/ID`."""

    __tablename__ = "score_objection"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("score_objection_month", "month", "person"),)
    id: int | None = Field(default=None, primary_key=True)


class ScoreAppeal(Contest, table=True):
    """E20: after the freeze; decided by somebody else than the objection, with a leader's name. Evidence is attached
    as `score_appeal/ID`."""

    __tablename__ = "score_appeal"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("score_appeal_month", "month", "person"),)
    id: int | None = Field(default=None, primary_key=True)
    leader: str | None = None


class ScoreAdjustment(SQLModel, table=True):
    """What came after the freeze: it belongs to one month and is booked in another, and overwrites neither."""

    __tablename__ = "score_adjustment"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("score_adjustment_month", "month", "person"),
        Index("score_adjustment_entry", "entry", unique=True, sqlite_where=text("entry IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    month: str  # that it belongs to
    booked: str  # the month in which it was booked
    person: int | None = None
    department: str | None = None
    points: str
    reason: str
    entry: int | None = None  # of the ledger: one that came, or took another back, after the freeze
    appeal: int | None = None
    at: int
    by: str


class ScoreDay(SQLModel, table=True):
    """A day whose facts are in the ledger; `looked`: the day on which that was last held against the rows."""

    __tablename__ = "score_day"
    day: str = Field(primary_key=True)
    looked: str = Field(index=True)
