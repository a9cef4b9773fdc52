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
        Index("invitation_ticket", "ticket"),
        Index("invitation_person_day", "person", "day", "closed_why"),
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
    # rated time_out skipped next_visit withdrawn late (never on the pad: phone, kiosk, desk) no_pad (out of order)
    closed_why: str = ""


class Rating(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("rating_person_day", "person", "day"), Index("rating_window_at", "window", "at"),
        Index("rating_kept", "at", sqlite_where=text("salt <> ''")),
    )
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
    channel: str = "pad"  # pad, page (a browser pad), button, kiosk, desk, phone: of the press that counts
    assisted: bool | None = None  # pressed by who works here, for the citizen and in the citizen's sight
    by: str | None = None  # and by whom
    reasons_version: int | None = None  # of the standard `reasons` that its codes are from


class RatingFlag(SQLModel, table=True):
    """A rating that looks wrong. It counts nowhere until someone has looked at it and kept it."""

    __tablename__ = "rating_flag"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("rating_flag_rating", "rating", "verdict"),
        Index("rating_flag_open", "at", sqlite_where=text("verdict IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    rating: int
    why: str  # fast run phone address manual
    note: str = ""  # of who flagged it: why it should be looked at again
    at: int
    by: str
    verdict: str | None = None  # keep exclude
    review_note: str = ""
    reviewed_at: int | None = None
    reviewed_by: str | None = None


class RatingPhone(SQLModel, table=True):
    """Which of today's ratings came from one telephone: a keyed hash of the day and a random cookie, gone next day."""

    __tablename__ = "rating_phone"
    __table_args__ = (Index("rating_phone_phone", "phone"),)
    rating: int = Field(primary_key=True)
    phone: str
    day: str
