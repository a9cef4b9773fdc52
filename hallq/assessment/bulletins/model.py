"""Bulletins (督查通报) and the interviews (约谈) that follow from them. An approved one is never written again."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

DRAFT, APPROVED, DROPPED, LAPSED = "draft", "approved", "dropped", "lapsed"
CHIEF, LEADER = "chief", "leader"


class Bulletin(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("bulletin_key", "key", unique=True, sqlite_where=text("key IS NOT NULL")),
        Index("bulletin_corrects", "corrects", sqlite_where=text("corrects IS NOT NULL")),
        Index("bulletin_number", "series", "year", "serial", unique=True, sqlite_where=text("serial IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)  # a row of the standard "bulletins", table kind
    key: str | None = None  # what the hub makes by itself is made once: "monthly/2026-10-01"
    state: str = Field(default=DRAFT, index=True)
    since: str  # the days that it tells of, both included
    until: str
    due: str  # the day by which it has to be out
    title: str
    department: str | None = None  # that it is addressed to; None: the whole hall
    standard: int  # the version of the standard that it was made by
    generated: str = ""  # JSON (content.py): what the facts say
    content: str = ""  # the same as the office has edited it
    facts_at: int | None = None  # None: the facts are not gathered yet
    version: int = 0  # +1 with each edit and approval
    edited_at: int | None = None
    edited_by: str = ""
    steps: str = "[]"  # JSON: [{title, name, at, by}], the approvals so far
    made_at: int
    made_by: str
    corrects: int | None = None  # the approved one that this one puts right
    note: str = ""  # why it corrects, or was dropped
    series: str = ""  # number = series, year and serial, given with the last approval
    year: int | None = None
    serial: int | None = None
    number: str = ""
    approved_at: int | None = None
    departments: str = ""  # comma-separated: whom an approved one names; empty: the whole hall
    journal_seq: int | None = None  # the journal's head when it was approved, printed on it
    journal_hash: str = ""


class Interview(SQLModel, table=True):
    """F10, F11: a department's chief representative, or its leader, is asked in, by the 10th of the next month."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    bulletin: int = Field(index=True)  # the list that it stands on
    department: str
    level: str  # chief: 首席代表, leader: 分管领导
    facts: str  # the department's figures in words, as on the list
    due: str
    done_at: int | None = None
    held_on: str = ""
    interviewer: str = ""  # who has held it
    interviewee: str = ""
    note: str = ""
    by: str = ""
