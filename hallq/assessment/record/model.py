"""What the record keeps of its own: praise with its evidence, and what a service's case takes in the whole hall."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field, SQLModel


class Commendation(SQLModel, table=True):
    """Why somebody deserves well; it enters the ledger as its kind. `withdrawn` says why it stands no longer."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    kind: str  # commendation (表彰: the centre or higher) or praise (表扬: a citizen's letter or pennant)
    day: str  # when it was given
    reason: str
    source: str = ""  # the document, the letter, who gave it
    entry: int  # of the ledger
    withdrawn: str = ""
    at: int
    by: str


class WorkNorm(SQLModel, table=True):
    """What a case of a service takes in the hall: fixed before the month that is measured against it.

    Service `*` is the mark that the month's norms are set, and holds all services together."""

    __tablename__ = "work_norm"
    __covered__: ClassVar[bool] = True
    month: str = Field(primary_key=True)  # "2026-11"
    service: str = Field(primary_key=True)
    visits: int  # that it was measured on
    handling_s: float  # medians, to a case
    occupancy_s: float
    since: str  # the days that it was measured on
    until: str
    at: int
