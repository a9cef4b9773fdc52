"""The rows of the day's facts: what a person's day at the windows came to, leave, and what the office has set right."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class DayFacts(SQLModel, table=True):
    """One person's day, once it is over. Seconds; outages and emergencies are in none of them."""

    __tablename__ = "day_facts"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("day_facts_person", "person", "day", unique=True), Index("day_facts_day", "day"))
    id: int | None = Field(default=None, primary_key=True)
    day: str
    person: int
    window: str | None = None  # where most of the day was spent; None: nobody signed in
    windows: str = ""  # comma-separated, all of them
    department: str | None = None
    on_post_s: int = 0  # signed in and not paused; stepping away during a visit is part of it
    paused_s: int = 0
    away_s: int = 0  # stepping away during a visit
    off_post_s: int = 0  # of pauses and steps away: what went beyond the limit within working hours (B02)
    off_posts: int = 0
    idle_s: int = 0  # people waited and nobody was called, of spells that were told (I19)
    idles: int = 0
    calls: int = 0  # visits that were begun with a call and not taken back
    served: int = 0
    cases: int = 0
    handling_s: int = 0  # from start to end of what was served
    walking_s: int = 0  # from the call to the start
    gap_s: int = 0  # free although the next citizen waited
    sign_in: int | None = None  # first and last of the day, milliseconds
    sign_out: int | None = None
    marks: str = ""  # comma-separated: late early missing_in missing_out
    extended_s: int = 0  # visits after closing (C06)
    extended: int = 0


class DayCorrection(SQLModel, table=True):
    """The office's word on a day's mark: it stands beside the facts and overwrites none."""

    __tablename__ = "day_correction"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("day_correction_person", "person", "day"), Index("day_correction_day", "day"))
    id: int | None = Field(default=None, primary_key=True)
    day: str
    person: int
    mark: str  # of DayFacts.marks, or off_post, idle: does not count
    reason: str
    at: int
    by: str  # who said so


class Leave(SQLModel, table=True):
    """请假、公出: from one half of a day to another (J03)."""

    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"reason"})
    __table_args__ = (Index("leave_person", "person", "until"), Index("leave_until", "until"))
    id: int | None = Field(default=None, primary_key=True)
    person: int
    kind: str  # leaves.KINDS
    since: str
    since_half: str = "am"  # am pm: begins with this half
    until: str
    until_half: str = "pm"  # ends with this half
    reason: str = ""
    salt: str = ""
    told_at: int  # when it was told (J03: before it begins)
    late: bool = False  # told when it had begun
    made_by: str
    approved_by: str
    stand_in: int | None = None  # who takes the window meanwhile
    cancelled_at: int | None = None
    cancelled_by: str = ""


class Training(SQLModel, table=True):
    """Somebody has passed a training; its proof is attached as `training/ID` (J05, J06)."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    what: str
    day: str
    until: str | None = None  # to be renewed by then
    at: int
    by: str
    posting: int | None = None  # its proof came with this entry form
