"""Ratings and the invitations to give them. A rating joins ticket, window and the clerk of that visit."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Invitation(SQLModel, table=True):
    """The right to rate one visit. It stands on the pad for a while; the token is good until the day ends."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("invitation_on_pad", "window", sqlite_where=text("screen <> ''")),
        Index("invitation_due", "closes_at", sqlite_where=text("screen <> ''")),
    )
    token: str = Field(primary_key=True)
    visit: int = Field(unique=True)
    ticket: int
    window: str
    person: int | None = None
    service: str
    day: str = Field(index=True)
    opened_at: int
    screen: str = "rate"  # what the pad shows of it: rate, reasons, thanks; empty: nothing more
    closes_at: int  # when that screen ends
    touched_at: int | None = None
    closed_at: int | None = None
    closed_why: str = ""  # rated time_out skipped next_visit withdrawn


class Rating(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("rating_person_day", "person", "day"),)
    __personal__: ClassVar[frozenset[str]] = frozenset({"comment"})
    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    visit: int = Field(unique=True)
    ticket: int
    window: str
    person: int | None = None
    service: str
    day: str = Field(index=True)
    level: int  # 5 非常满意 .. 1 非常不满意
    reasons: str = ""  # comma-separated codes
    comment: str = ""
    salt: str = ""
    at: int  # of the press
    changed_at: int | None = None
    channel: str = "pad"  # pad, page (a browser pad), kiosk, phone
