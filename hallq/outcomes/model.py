"""The rows of what became of visits. Numbers run by year without gaps; personal columns go with their salt."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class OneTimeNotice(SQLModel, table=True):
    """一次性告知书: what is missing and how to complete it, all at once (H04-H11)."""

    __tablename__ = "one_time_notice"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("one_time_no", "no", unique=True, sqlite_where=text("no IS NOT NULL")),
        Index("one_time_ticket", "ticket"),
        Index("one_time_visit", "visit"),
        Index("one_time_case", "case_no", sqlite_where=text("case_no IS NOT NULL")),
        Index("one_time_asked", "id", sqlite_where=text("state = 'asked'")),
        Index("one_time_day", "day"),
        Index("one_time_back", "return_by", sqlite_where=text("state = 'given' AND return_by IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: str | None = None  # "2026-00012"; None until it is given
    day: str
    at: int
    ticket: int
    visit: int
    service: str
    department: str
    window: str
    person: int | None = None
    case_no: str | None = None
    nth: int = 1  # which request for papers in the same case it is (H07)
    guide: int | None = None  # the number of the guide's version that it was ticked from
    content: str  # JSON of outcomes.one_time.content.Content
    papers: int = 0  # so many are missing
    aside: bool = False  # the visit is set aside with it
    any_window: bool = False  # and any window of the service may take it back
    state: str = "given"  # asked (a leader is to approve) given refused met lapsed void
    why: str | None = None  # why a second one is needed
    leader: str | None = None  # who approved or refused the second one
    said: str = ""  # and what the leader said
    decided_by: str | None = None
    decided_at: int | None = None
    return_by: str | None = None  # with priority and the same number until this day
    form: str = "slip"  # slip a4 oral (by telephone, H09)
    met_at: int | None = None  # the papers are complete


class Outcome(SQLModel, table=True):
    """办件: what a finished visit was, and the clock that began with it."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("outcome_visit", "visit", unique=True, sqlite_where=text("void_at IS NULL")),
        Index("outcome_ticket", "ticket"),
        Index("outcome_case", "case_no", sqlite_where=text("case_no IS NOT NULL")),
        Index("outcome_day", "day"),
        Index("outcome_window", "window", "id"),
        Index("outcome_due", "due_day"),
        Index("outcome_done", "done_day"),
        Index("outcome_open", "due_day", sqlite_where=text("done_at IS NULL AND void_at IS NULL")),
        Index("outcome_untold", "department", sqlite_where=text("told_at IS NULL AND done_at IS NOT NULL")),
        Index("outcome_pending", "window", "due_day", sqlite_where=text("told_at IS NULL AND void_at IS NULL")),
        Index("outcome_slip", "slip", "id", sqlite_where=text("no IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str
    at: int
    ticket: int
    visit: int
    service: str
    department: str
    window: str
    person: int | None = None
    kind: str  # a code of the standard `outcomes`
    clock: str = ""  # as the kind had it then: none spot working
    accepts: bool = True
    handling: str = ""  # by the item's guide then: spot, promise
    slip: str = ""  # the paper that goes with the kind
    no: str | None = None  # of its slip: each kind of slip counts by itself
    case_no: str | None = None  # in the approval system
    reason: str = ""
    accepted_at: int | None = None  # the legal start (I10)
    clock_from: str | None = None  # the first day that counts
    days: int | None = None  # promised working days
    due_day: str | None = None
    done_at: int | None = None
    done_day: str | None = None
    done_by: str | None = None
    late: bool = False  # the ledger has it (D11)
    told_at: int | None = None  # the citizen was told of the result (I21)
    system_at: int | None = None  # when the approval system accepted it (I07)
    void_at: int | None = None  # the finish was taken back; its number is not given again


class Extension(SQLModel, table=True):
    """A written extension of a promise, with reason and new day (I05)."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    no: str
    outcome: int = Field(index=True)
    at: int
    from_day: str  # the due day before
    to_day: str
    reason: str
    leader: str
    by: str


class Referral(SQLModel, table=True):
    """首问转交: who was asked first passes on what a citizen wants to whoever is responsible (I17)."""

    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"name", "address", "phone", "message", "answer"})
    __table_args__ = (
        Index("referral_open", "department", sqlite_where=text("closed_at IS NULL")),
        Index("referral_day", "day"),
        Index("referral_kept", "closed_at", sqlite_where=text("salt <> ''")),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: str
    day: str
    at: int
    by: str
    window: str | None = None
    ticket: int | None = None
    name: str = ""
    address: str = ""
    phone: str = ""
    matter: str  # what it is about, without persons
    message: str = ""
    salt: str = ""
    department: str
    person: int | None = None  # who is responsible, if known
    tel: str = ""  # where the citizen can ask meanwhile: the department's, no person's own
    due_day: str  # to be answered by then
    state: str = "open"  # open taken answered
    taken_at: int | None = None
    taken_by: str | None = None
    answer: str = ""
    closed_at: int | None = None
    blanked_at: int | None = None


class RefusalRecord(SQLModel, table=True):
    """否定报备: somebody was told no, and the leader in charge hears of each (I18)."""

    __tablename__ = "refusal_record"
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("refusal_record_open", "department", sqlite_where=text("seen_at IS NULL AND void_at IS NULL")),
        Index("refusal_record_day", "day"),
        Index("refusal_record_outcome", "outcome", sqlite_where=text("outcome IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    no: str
    day: str
    at: int
    by: str
    person: int | None = None
    window: str | None = None
    department: str
    ticket: int | None = None
    visit: int | None = None
    service: str | None = None
    outcome: int | None = None  # the outcome that it follows from
    what: str  # what was asked for
    reason: str
    basis: str = ""  # the rule that it rests on
    leader: str | None = None  # who has seen it, and what was said
    opinion: str = ""
    seen_at: int | None = None
    seen_by: str | None = None
    void_at: int | None = None  # taken back with its outcome
