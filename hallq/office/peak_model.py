"""Rows of peaks and of the day's end: plans, arrivals as history, what became of leftover tickets, paper numbers."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field, SQLModel

FILED, APPROVED, REFUSED, IN_FORCE, ENDED = "filed", "approved", "refused", "in_force", "ended"


class PeakPlan(SQLModel, table=True):
    """高峰工作预案 (form M10): filed by a chief, approved by the office; or the office's own, in force at once."""

    __tablename__ = "peak_plan"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    state: str = Field(default=FILED, index=True)
    department: str | None = None  # None: the whole hall's
    cause: str
    since: int
    until: int
    services: str = ""  # comma-separated; empty: all of the department
    order: str = ""  # who keeps order, by name (C05)
    guiding: str = ""  # who guides people
    advice: str = ""  # who answers questions
    staff: str = ""  # who is moved in
    diversion: str = ""
    risks: str = ""
    extended: str = ""  # how those are served who are still there after closing
    early: str = ""  # "08:00": when the staff begins (C08)
    filed_at: int
    filed_by: str
    checked_at: int | None = None  # devices, systems and network have been checked in full (B28)
    checked_by: str = ""
    decided_at: int | None = None
    decided_by: str = ""
    began_at: int | None = None
    ended_at: int | None = None
    why: str = ""  # why it was refused, or ended early


class Arrivals(SQLModel, table=True):
    """Numbers taken in half an hour of a past day: the history that the forecast learns from."""

    day: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    slot: int = Field(primary_key=True)  # half hours since midnight
    count: int


class Settlement(SQLModel, table=True):
    """What became of a ticket that the day left over (日结)."""

    __covered__: ClassVar[bool] = True
    ticket: int = Field(primary_key=True)
    day: str = Field(index=True)
    how: str  # served gave_up rebooked
    note: str = ""
    at: int
    actor: str
    came_back: int | None = None  # the ticket that a rebooked one was given


class DaySheet(SQLModel, table=True):
    """A past day was looked at: so many tickets were left; closed when the last of them was settled."""

    __tablename__ = "day_sheet"
    __covered__: ClassVar[bool] = True
    day: str = Field(primary_key=True)
    left: int
    at: int
    closed_at: int | None = None
    closed_by: str = ""


class ManualNumber(SQLModel, table=True):
    """A number printed ahead for the hours without a system, with its check code. Used once."""

    __tablename__ = "manual_number"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    check_code: str
    at: int
    actor: str
    ticket: int | None = None
