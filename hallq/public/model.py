"""The rows of the public screens: content that the hall writes itself, results made public, and the plan."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field, SQLModel


class ContentPage(SQLModel, table=True):
    """A page of the hall's own words (H18, H19, L07)."""

    __tablename__ = "content_page"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    title: str
    title_en: str = ""
    body: str
    body_en: str = ""
    from_day: str | None = None
    until_day: str | None = None
    ord: int = 0
    active: bool = True
    at: int
    by: str


class PublicResult(SQLModel, table=True):
    """A closed case whose result must be public (H21): names masked before they are stored."""

    __tablename__ = "public_result"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    service: str | None = None
    matter: str
    who: str  # masked
    result: str
    from_day: str
    until_day: str = Field(index=True)
    at: int
    by: str
    ended_at: int | None = None


class ScreenPlan(SQLModel, table=True):
    """What the screens of a zone show in turn and when, beside the calls."""

    __tablename__ = "screen_plan"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    zone: str = ""  # empty: every screen without a plan of its own
    pages: str  # JSON: [{"page": kind or "content/3", "seconds": n}]
    days: str = "1,2,3,4,5,6,7"  # ISO weekdays
    start: str = "00:00"
    until: str = "24:00"
    active: bool = True
    at: int
    by: str
