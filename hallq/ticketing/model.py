"""The rows of the hall: catalogue, people at windows, tickets and visits.

Times are milliseconds since the epoch (UTC), days are ISO dates in the hall's own timezone. `__covered__` tables are
under the journal's hash chain; columns in `__personal__` enter it only as digests salted by the row's `salt`.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

WAITING, CALLED, SERVING, PARKED = "waiting", "called", "serving", "parked"
FINISHED, NO_SHOW, CANCELLED = "finished", "no_show", "cancelled"
ORDINARY = "ordinary"


class Department(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    code: str = Field(primary_key=True)
    name: str
    name_en: str = ""
    ord: int = 0


class Zone(SQLModel, table=True):
    """A part of a floor that people wait in and that one loudspeaker reaches."""

    __covered__: ClassVar[bool] = True
    code: str = Field(primary_key=True)
    name: str
    name_en: str = ""
    floor: int = 1


class Service(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    code: str = Field(primary_key=True)
    name: str
    name_en: str = ""
    department: str
    prefix: str
    quota: int | None = None
    issue_from: str = ""  # "08:00"; empty: the hall's
    issue_until: str = ""
    minutes: float = 8.0  # expected handling time, until enough visits are measured
    ord: int = 0
    common: bool = False  # stands on the kiosk's first page
    matter: str = ""  # the matter it is found by ("身份证"), beside its department
    matter_en: str = ""
    active: bool = True


class Window(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    no: str = Field(primary_key=True)
    department: str
    zone: str
    ord: int = 0
    active: bool = True
    advice_only: bool = False
    version: int = 0  # +1 with each change of the window or of its ticket; what a clerk's `seen` is held against
    shift: int | None = None  # the open shift: who is signed in here
    ticket: int | None = None  # called or serving here
    visit: int | None = None
    pause: int | None = None  # the open pause or away
    undo: str = ""  # JSON: what the last verb can be taken back to; empty: nothing
    outage: bool = False  # a visit was open when an outage began: its clerk is asked


class WindowService(SQLModel, table=True):
    __tablename__ = "window_service"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("window_service_service", "service", "window"),)
    window: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    rank: int = 0


class Kiosk(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    id: str = Field(primary_key=True)
    zone: str
    active: bool = True


class Category(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    code: str = Field(primary_key=True)
    name: str
    name_en: str = ""
    green: bool = True
    ord: int = 0
    active: bool = True


class PauseReason(SQLModel, table=True):
    __tablename__ = "pause_reason"
    __covered__: ClassVar[bool] = True
    code: str = Field(primary_key=True)
    name: str  # inner wording, for the office
    public: str  # what citizens read
    public_en: str = ""
    minutes: int | None = None  # proposed length
    ord: int = 0
    active: bool = True


class Person(SQLModel, table=True):
    """Someone who works in the hall. Passwords and PINs are kept apart, in `people`."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    title: str = ""
    staff_no: str | None = Field(default=None, unique=True)
    role: str = "clerk"
    window: str | None = None  # home window; others of its department are allowed
    department: str | None = None
    photo: str | None = None
    active: bool = True


class Shift(SQLModel, table=True):
    """A clerk signed in at a window."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("shift_open_person", "person", unique=True, sqlite_where=text("ended_at IS NULL")),
        Index("shift_open_window", "window", unique=True, sqlite_where=text("ended_at IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    window: str
    person: int
    started_at: int
    ended_at: int | None = None
    ended_by: str = ""


class Ticket(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("ticket_number", "day", "number", unique=True),
        Index(
            "ticket_waiting", "service", "green", "arrival", "id", "for_window", sqlite_where=text("state = 'waiting'")
        ),
        Index("ticket_open", "state", sqlite_where=text("state IN ('called', 'serving', 'parked')")),
        Index("ticket_parked", "window", sqlite_where=text("state = 'parked'")),
        Index("ticket_called", "day", "last_called_at", sqlite_where=text("last_called_at IS NOT NULL")),
        Index("ticket_kiosk", "kiosk", "id", sqlite_where=text("kiosk IS NOT NULL")),
        Index("ticket_one_window", "window", unique=True, sqlite_where=text("state IN ('called', 'serving')")),
        Index("ticket_day", "day", "service"),
        Index("ticket_phone", "phone_token", sqlite_where=text("phone_token != ''")),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str
    number: str
    service: str
    category: str = ORDINARY
    green: bool = False
    state: str = WAITING
    window: str | None = None  # where it is called, served or parked; None while waiting
    for_window: str | None = None  # transferred to this window only
    arrival: int  # its place in the queue: order is (arrival, id)
    people: int = 1
    cases: int = 1
    needs: str = ""  # comma-separated: escort deaf blind wheelchair interpreter
    kiosk: str | None = None
    issuer: str = ""  # the actor who took it
    check_code: str = ""
    phone_token: str = ""
    print: str = "none"  # none pending printed failed unknown
    calls: int = 0
    moves: int = 0  # how often it was transferred
    issued_at: int
    called_at: int | None = None  # first call of the present visit
    last_called_at: int | None = None
    started_at: int | None = None
    finished_at: int | None = None
    ended_by: str = ""  # why a cancelled one ended: citizen, day_end ...
    park_kind: str = ""
    outcome: str = ""


class Visit(SQLModel, table=True):
    """One ticket at one window with one clerk, from call to end. Ratings belong to visits."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("visit_green", "window", "arrival", sqlite_where=text("green = 1")),
        Index("visit_person_day", "person", "day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    ticket: int = Field(index=True)
    window: str
    person: int | None = None
    service: str
    green: bool = False  # called out of the queue by the green channel: who waited longer was overtaken
    arrival: int = 0  # the ticket's place when it was called
    called_at: int
    started_at: int | None = None
    ended_at: int | None = None
    end: str = ""  # finished no_show parked transferred undone returned
    calls: int = 1
    away: int = 0  # ms
    outage: int = 0  # ms of its handling that fell into outages


class Shown(SQLModel, table=True):
    """Proof: a device really showed or spoke a call, or showed a pause."""

    id: int | None = Field(default=None, primary_key=True)
    window: str
    what: str  # call pause
    ref: int = Field(index=True)  # visit or pause
    n: int = 1  # which call of the visit
    device: str
    at: int


class Pause(SQLModel, table=True):
    """A window's pause, or a clerk stepping away during a visit."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    window: str
    person: int | None = None
    kind: str = "pause"  # pause away
    reason: str
    since: int
    until: int | None = None  # planned return
    ended_at: int | None = None
    outage: int = 0


class OpenHours(SQLModel, table=True):
    """The hall's working days and hours. One row, id 1."""

    __tablename__ = "open_hours"
    __covered__: ClassVar[bool] = True
    id: int = Field(default=1, primary_key=True)
    days: str = "1,2,3,4,5"  # ISO weekdays
    periods: str = "08:30-12:00,14:30-17:30"
    issue_from: str = "08:00"
    issue_until: str = "17:30"


class QueueCount(SQLModel, table=True):
    """How many wait per service: kept with each change of a ticket, so that nobody has to count."""

    __tablename__ = "queue_count"
    service: str = Field(primary_key=True)
    waiting: int = 0
    green: int = 0


class Counter(SQLModel, table=True):
    """The last number given per prefix and day."""

    prefix: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    last: int


class Notice(SQLModel, table=True):
    """What someone must see until it is done: a call for help, an alarm, a message."""

    __table_args__ = (Index("notice_open", "at", sqlite_where=text("done_at IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # help alert info
    text: str
    text_en: str = ""
    level: str = "info"  # info warn alarm
    window: str | None = None
    kiosk: str | None = None
    zone: str | None = None
    at: int
    done_at: int | None = None
    done_by: str = ""


class Outage(SQLModel, table=True):
    """The hub was down. This time counts in no wait, handling, pause or off-post figure."""

    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    since: int
    until: int
