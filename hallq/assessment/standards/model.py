"""What no law fixes for good: lists, deadlines, weights. A change is a new version with its source."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Standard(SQLModel, table=True):
    """One version of one kind, in force from `from_day` on. Version 0 is the file that HallQ ships."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("standard_version", "kind", "version", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    version: int
    from_day: str
    content: str  # JSON of the shipped file's shape
    source: str  # the regulation, document or decision that it comes from
    note: str = ""
    made_at: int
    made_by: str
