"""The assessment's ledger: each fact that counts for or against somebody, with the clause and the evidence."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Entry(SQLModel, table=True):
    """Never changed: what turns out wrong is cancelled by another entry. Points are the formula's, not the entry's."""

    __tablename__ = "ledger_entry"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("ledger_entry_once", "kind", "ref", "person", unique=True, sqlite_where=text("cancels IS NULL")),
        Index("ledger_entry_person", "person", "day"),
        Index("ledger_entry_cancels", "cancels", unique=True, sqlite_where=text("cancels IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    at: int
    kind: str  # a row of the standard "score", table points: off_post late finding complaint praise ...
    person: int | None = None
    department: str | None = None
    window: str | None = None
    amount: int = 1  # how often, or for how many minutes: what the formula multiplies
    ref: str  # the evidence: "case/12", "finding/4", "spell/8", "visit/90"
    clause: str = ""  # 投诉处理 五(一)
    note: str = ""
    cancels: int | None = None  # the entry that this one takes back
    by: str
