"""Cases: a bad rating or a complaint, worked off step by step; one number in both ledgers.

Who complained is kept in personal columns of the case, which are blanked some time after its end (E15).
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Case(SQLModel, table=True):
    __tablename__ = "assessment_case"
    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"name", "contact", "matter", "demand"})
    __table_args__ = (
        Index("case_due", "due_day", sqlite_where=text("closed_at IS NULL")),
        Index("case_new", "state", sqlite_where=text("state = 'open'")),
        Index("case_kept", "closed_at", sqlite_where=text("salt <> ''")),
        Index("case_person", "person", "day"),
        Index("case_department", "department", "day"),
        Index("case_window", "window", "day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: str = Field(unique=True)  # 2026-0012
    day: str = Field(index=True)
    at: int
    by: str  # the actor who registered it; a bad rating's is the citizen's pad
    kind: str  # of rules.KINDS
    channel: str  # of rules.CHANNELS
    state: str = "open"
    rating: int | None = Field(default=None, unique=True)
    ticket: int | None = None
    visit: int | None = None
    window: str | None = None
    person: int | None = None  # whom it is about
    service: str | None = None
    department: str | None = None  # whose it is to work off; others who share it are CaseOwner rows
    zone: str | None = None
    kiosk: str | None = None
    topic: str = ""  # what a citizen chose at the kiosk
    matter: str = ""
    urgent: bool = False
    secret: bool = False
    named: bool = False  # can be answered
    name: str = ""
    contact: str = ""
    demand: str = ""
    salt: str = ""
    officer: int | None = None  # of the hall office, who decides
    verdict: str = ""  # upheld partly unfounded
    no_award: str = ""  # D17: person, department or both: out of this year's awards
    heard_at: int | None = None  # from then on its clerk sees it
    due_step: str = ""
    due_day: str | None = None
    due_duty: str = ""  # department office
    done_day: str | None = None  # rectified, or handled
    done_late: bool = False
    visited_day: str | None = None
    closed_at: int | None = None
    blanked_at: int | None = None


class CaseOwner(SQLModel, table=True):
    """A department that works on the case, and its handler there; several share one case (E12)."""

    __tablename__ = "case_owner"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("case_owner_department", "department", "case"),)
    case: int = Field(primary_key=True)
    department: str = Field(primary_key=True)
    person: int | None = None


class CaseStep(SQLModel, table=True):
    """What was done, by whom, when, and whether in time. Never changed. Looks at the complainant's identity, too."""

    __tablename__ = "case_step"
    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"note", "other_side"})  # what people wrote about people
    __table_args__ = (Index("case_step_kept", "at", sqlite_where=text("salt <> ''")),)
    id: int | None = Field(default=None, primary_key=True)
    case: int = Field(index=True)
    step: str
    at: int
    day: str
    by: str
    name: str = ""  # who did it, as it stands on paper
    note: str = ""
    other_side: str = ""  # E08: what the other party says
    result: str = ""
    due_day: str | None = None
    late: bool = False
    salt: str = ""


class CasePlan(SQLModel, table=True):
    """A rectification plan (M12): what, how, until when, who; struck off (整改销号) with its result."""

    __tablename__ = "case_plan"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    case: int = Field(index=True)
    content: str
    measures: str
    due_day: str
    responsible: str
    progress: str = ""
    result: str = ""
    made_at: int
    made_by: str
    struck_at: int | None = None
    struck_by: str = ""
