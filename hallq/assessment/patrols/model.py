"""Patrols, what was looked at, what was found, and what was said of it (F01-F08, F16). Times as in ticketing."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Patrol(SQLModel, table=True):
    """A walk through the hall, or another way of looking (`rules.SOURCES`), with who took part."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("patrol_open", "by", sqlite_where=text("ended_at IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    kind: str  # daily joint leader camera spot covert meeting files
    started_at: int
    ended_at: int | None = None
    by: str
    people: str = ""  # comma-separated names of who takes part; a leader's patrol: the leader first
    areas: str  # comma-separated: 1/front 1/public 2/back ...
    version: int  # of the standard `checklist`
    note: str = ""


class PatrolCheck(SQLModel, table=True):
    """One item looked at in one area; `num` of `den` is what the hub knew of it at that moment."""

    __tablename__ = "patrol_check"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("patrol_check_once", "patrol", "area", "item", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    patrol: int
    area: str
    item: str
    result: str  # ok problem
    num: int | None = None
    den: int | None = None
    at: int
    by: str


class Finding(SQLModel, table=True):
    """A problem, or praise, with place, person, clause and how it was come by. It counts once it stands."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("finding_told", "object_until", sqlite_where=text("state = 'told'")),
        Index("finding_objected", "department", sqlite_where=text("state = 'objected'")),
        Index("finding_fix", "due_day", sqlite_where=text("fix = 'due'")),
        Index("finding_code", "code", "day"),
        Index("finding_person", "person", "day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    at: int
    by: str
    kind: str = "problem"  # problem praise
    source: str  # a patrol's kind (F16)
    patrol: int | None = Field(default=None, index=True)
    item: str = ""
    code: str
    clause: str = ""
    severity: str = ""
    amount: int = 1  # how many times it counts: the severity's
    version: int  # of the standard `checklist`, which words the codes
    area: str = ""
    window: str | None = None
    person: int | None = None
    department: str | None = None
    note: str = ""
    camera_at: int | None = None  # the minute to look at on the camera (F04)
    nth: int = 1  # the how manyth of its kind there within the repeat days (F06)
    state: str = "told"  # told objected stands withdrawn
    object_until: str = ""  # the last day of objecting
    fix: str = ""  # due reported confirmed: the rectification; empty: nothing to be put right
    due_day: str = ""
    fixed_day: str = ""
    settled_at: int | None = None  # it stands, or is withdrawn


class FindingReply(SQLModel, table=True):
    """The thread under a finding: objection and answer (F07), plan of rectification (E20), report and confirmation."""

    __tablename__ = "finding_reply"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    finding: int = Field(index=True)
    at: int
    by: str
    step: str  # accept object uphold change withdraw plan report confirm send_back
    text: str = ""
    measures: str = ""  # of a plan, as are the next two
    until_day: str = ""
    owner: str = ""
