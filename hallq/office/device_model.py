"""The rows of devices in need: who marked which as faulty, windows without a usable pad, tests of single devices."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class DeviceMark(SQLModel, table=True):
    """报修: a person says that a device, or a paired page, is faulty, until a person says that it is well again."""

    __tablename__ = "device_mark"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("device_mark_open", "subject", unique=True, sqlite_where=text("ended_at IS NULL")),
        Index("device_mark_subject", "subject"),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str
    subject: str  # a device's id, or role:place of a paired page, such as "pad-citizen:3"
    note: str = ""
    at: int
    by: str  # person:7
    ended_at: int | None = None
    ended_by: str | None = None


class PadGap(SQLModel, table=True):
    """A window whose every pad is marked or away: meanwhile nobody can rate at it, and no clerk is to blame."""

    __tablename__ = "pad_gap"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("pad_gap_open", "window", unique=True, sqlite_where=text("ended_at IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    day: str
    window: str
    since: int
    ended_at: int | None = None


class DeviceTest(SQLModel, table=True):
    """One device tested by one press."""

    __tablename__ = "device_test"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("device_test_subject", "subject"),)
    id: int | None = Field(default=None, primary_key=True)
    day: str
    subject: str
    at: int
    by: str
    ended_at: int | None = None
    result: str = ""  # done failed unknown down busy; of a touch grid also partial
    cells: str = ""  # of a touch grid: the cells that never answered, as "row-column,..."
