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
    identity: str | None = None  # ask or required: whether the kiosk wants an ID card; None: no
    cases_per_call: int | None = None  # so many of a ticket's cases to a call, then it queues again
    elder_age: int | None = None  # from this age on the green channel counts as elderly; None: the hall's
    days: str | None = None  # its own working days and hours; None: the hall's
    periods: str | None = None
    at_noon: str | None = None  # finish, carry or rota: what the midday break does to its queue; None: the hall's
    groups: bool | None = None  # False: one person and one case to a number, the kiosk does not ask
    elsewhere: str | None = None  # where it can be done without a number: a self-service machine, a telephone
    elsewhere_en: str | None = None


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
    channel: str | None = None  # green: the floor's window of the green channel
    partner: int | None = None  # the B post (AB岗) of a window with one person
    closed: str | None = None  # temp, season, reserve or moved: closed by a form, until `closed_until`
    closed_until: int | None = None
    closed_to: str | None = None  # the window that takes over
    closes_at: int | None = None  # a form that is not in force yet closes it then
    freed_at: int | None = None  # its last visit ended
    sent_for_papers: int | None = None  # and its ticket was set aside for papers
    form: int | None = None  # the closure, or the suspension, that it shows


class WindowService(SQLModel, table=True):
    __tablename__ = "window_service"
    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("window_service_service", "service", "window"),)
    window: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    rank: int = 0  # the window's own order of skill
    until_day: str | None = None  # added for today: ends with this day


class Kiosk(SQLModel, table=True):
    __covered__: ClassVar[bool] = True
    id: str = Field(primary_key=True)
    zone: str
    active: bool = True
    query: bool | None = None  # a query machine (查询机): guides, no numbers


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
    may_choose: bool | None = None  # may call or place someone out of order, with a reason
    until_day: str | None = None  # a stand-in: works until this day
    from_day: str | None = None  # works from this day on
    leaving: bool | None = None  # `until_day` is the last day of a posting, not a stand-in's
    badge: str | None = None  # shown beside the title at the window: 党员示范岗 ... (H17)
    trained_until: str | None = None  # the training is to be renewed by then; None: it needs no renewal


class Skill(SQLModel, table=True):
    """A person may serve this service, beside what the home window offers."""

    __covered__: ClassVar[bool] = True
    person: int = Field(primary_key=True)
    service: str = Field(primary_key=True)


class Cover(SQLModel, table=True):
    """The office lets a person serve at a window, whatever their home and skills, until this day (临时顶岗)."""

    __covered__: ClassVar[bool] = True
    person: int = Field(primary_key=True)
    window: str = Field(primary_key=True)
    until_day: str
    reason: str
    by: str
    at: int
    allowed_by: str | None = None  # the leader who let somebody cover who is not qualified


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
        Index("ticket_held", "number", sqlite_where=text("state = 'parked'")),
        Index(
            "ticket_addressed",
            "id",
            sqlite_where=text("state = 'waiting' AND (for_window IS NOT NULL OR for_person IS NOT NULL)"),
        ),
        Index("ticket_called", "day", "last_called_at", sqlite_where=text("last_called_at IS NOT NULL")),
        Index("ticket_kiosk", "kiosk", "id", sqlite_where=text("kiosk IS NOT NULL")),
        Index("ticket_one_window", "window", unique=True, sqlite_where=text("state IN ('called', 'serving')")),
        Index("ticket_day", "day", "service"),
        Index("ticket_helper", "helper", "day", sqlite_where=text("helper IS NOT NULL")),
        Index("ticket_phone", "phone_token", sqlite_where=text("phone_token != ''")),
        Index("ticket_needs", "id", sqlite_where=text("state = 'waiting' AND needs != ''")),
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
    for_person: int | None = None  # transferred to this clerk: for_window is where that is now, None: any window may
    then: str | None = None  # comma-separated: the services that follow in this visit
    stops: int | None = None  # services of this visit that are done
    verified: str | None = None  # proved: the window has seen the document of the green channel; unproved: it has not
    priority: str | None = None  # why it is in the green channel without a category: return appointment rebooked
    cases_done: int | None = None
    restored: int | None = None  # how often it was found again after a no-show
    reissued: int | None = None  # how often its slip was printed anew; each time the older code is void
    any_window: bool | None = None  # parked: any window of its service may take it back
    return_by: str | None = None  # parked: the last day on which it may come back
    appointment: int | None = None
    helper: int | None = None  # the person who has gone along with it (A12, A14)
    postponed: int | None = None  # how often its citizen has asked for more time
    source: str | None = None  # manual: given on paper while the system was down; walk_in: served uncalled (A02)


class Visit(SQLModel, table=True):
    """One ticket at one window with one clerk, from call to end. Ratings belong to visits."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
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
    cases: int | None = None  # cases of the ticket that were handled here; None: all of them
    outcome: str | None = None  # what it was (办件类型): a code of the standard `outcomes`
    case_no: str | None = None  # in the approval system
    reason: str | None = None  # why it was refused or given back
    park_kind: str | None = None  # what it was set aside for: papers kept step
    gap: int | None = None  # ms that the window stood free before it, although its citizen waited


class Overtake(SQLModel, table=True):
    """A call by the green channel went past the ordinary citizens of this service that had come earlier."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (Index("overtake_service", "service", "arrival", "ticket"),)
    id: int | None = Field(default=None, primary_key=True)
    service: str
    arrival: int  # of the green ticket
    ticket: int
    visit: int = Field(index=True)


class OutOfOrder(SQLModel, table=True):
    """A citizen was chosen, placed in front or given a number beyond the cap: the monthly list (A22, A23)."""

    __tablename__ = "out_of_order"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    at: int
    kind: str  # chosen front beyond_cap
    actor: str
    window: str | None = None
    person: int | None = None
    ticket: int
    reason: str


class Holder(SQLModel, table=True):
    """Whose open ticket this is: a keyed hash of the ID number, never the number. Gone when the ticket ends."""

    __table_args__ = (Index("holder_key", "key", "service"),)
    ticket: int = Field(primary_key=True)
    service: str
    key: str


class Shown(SQLModel, table=True):
    """Proof: a device really showed or spoke a call, or showed a pause."""

    __covered__: ClassVar[bool] = True
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
    holidays: str | None = None  # observe or ignore; None: ignored by who works on every day of the week


class QueueCount(SQLModel, table=True):
    """How many wait per service: kept with each change of a ticket, so that nobody has to count."""

    __tablename__ = "queue_count"
    service: str = Field(primary_key=True)
    waiting: int = 0
    green: int = 0
    cases: int | None = None  # of all who wait


class HandlingTime(SQLModel, table=True):
    """The window time that a service really takes: sums over its visits, of which older ones fade (measured.py)."""

    __tablename__ = "handling_time"
    service: str = Field(primary_key=True)
    turns: float = 0.0  # visits; one that was parked counts when it ends
    cases: float = 0.0
    seconds: float = 0.0
    squares: float = 0.0  # of the seconds, divided by the visit's cases
    greens: float = 0.0  # of the turns, by the green channel
    gone: float = 0.0  # who gave up before the call


class Habit(SQLModel, table=True):
    """How much of each quarter of an hour a window is usually staffed and not paused: older days fade (measured.py)."""

    window: str = Field(primary_key=True)
    day: str  # the last one that is in it
    days: int = 1
    shares: str = ""  # two hexadecimal digits for each quarter of an hour


class Counter(SQLModel, table=True):
    """The last number given per prefix and day."""

    prefix: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    last: int


class CalendarDay(SQLModel, table=True):
    """A day that the office has set: it stands before the calendar library's word."""

    __tablename__ = "calendar_day"
    __covered__: ClassVar[bool] = True
    day: str = Field(primary_key=True)
    working: bool
    name: str = ""
    name_en: str = ""


class CalendarYear(SQLModel, table=True):
    """A year whose days off the office has confirmed, though the calendar library does not know them."""

    __tablename__ = "calendar_year"
    __covered__: ClassVar[bool] = True
    year: int = Field(primary_key=True)
    at: int
    by: str = ""


class HallMode(SQLModel, table=True):
    """What the whole hall is in: an emergency, a peak. One row, id 1."""

    __tablename__ = "hall_mode"
    __covered__: ClassVar[bool] = True
    id: int = Field(default=1, primary_key=True)
    emergency_since: int | None = None
    emergency_by: str | None = None
    emergency_kind: str | None = None  # evacuate or hold
    emergency_voice: bool | None = None  # our voice speaks
    peak_since: int | None = None
    peak_until: int | None = None
    peak_plan: int | None = None
    peak_services: str | None = None  # comma-separated; empty: the whole hall's
    peak_early: str | None = None  # "08:00": the day begins then


class Said(SQLModel, table=True):
    """What the hub has announced by itself, so that it says it once."""

    what: str = Field(primary_key=True)  # "noon/2026-05-06/1F", "emergency"
    at: int


class Suspension(SQLModel, table=True):
    """A service whose business is suspended now (业务临时停办): no numbers, advice only. Gone when it ends."""

    __covered__: ClassVar[bool] = True
    service: str = Field(primary_key=True)
    since: int
    until: int
    window: str | None = None  # where advice is given
    form: int | None = None


class Notice(SQLModel, table=True):
    """What someone must see until it is done: a call for help, an alarm, a message, an emergency.

    With `words` the edge words it, in each language, from the texts' key and the values in `detail`."""

    __covered__: ClassVar[bool] = True
    __table_args__ = (
        Index("notice_open", "at", sqlite_where=text("done_at IS NULL")),
        Index("notice_at", "at"),
        Index("notice_ticket", "ticket", "id", sqlite_where=text("ticket IS NOT NULL")),
        Index("notice_key", "key", unique=True, sqlite_where=text("done_at IS NULL AND key IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # help alert info alarm escort message emergency peak closure suspension
    key: str | None = None  # one open notice per key: "pause/3", "emergency"
    words: str | None = None  # "n.pauseLong"
    detail: str | None = None  # JSON: values of the words, and what pages need of it
    audience: str | None = None  # public: everyone; else staff. office, guide, window: these alone
    rank: int | None = None  # an alarm's: 1 the clerk, 2 the chief representative, 3 the office
    person: int | None = None  # whom it concerns, or who gets the message
    ticket: int | None = None
    owner: int | None = None  # the person who has taken it on
    owned_at: int | None = None
    arrived_at: int | None = None  # the owner is with the citizen
    until: int | None = None
    why: str | None = None  # why it was cleared
    text: str = ""
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


class SlotPlan(SQLModel, table=True):
    """When a service takes appointments: so many to each slot of so many minutes, on these weekdays."""

    __tablename__ = "slot_plan"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    service: str = Field(index=True)
    days: str = "1,2,3,4,5"  # ISO weekdays
    start: str = "09:00"
    until: str = "11:30"
    minutes: int = 30
    capacity: int = 2
    outside: bool = False  # also on rest days and outside working hours: agreed beforehand (A21)
    active: bool = True


class Appointment(SQLModel, table=True):
    """Who comes at what time for which service. Name, telephone and person are wiped once the day is over."""

    __covered__: ClassVar[bool] = True
    __personal__: ClassVar[frozenset[str]] = frozenset({"name", "phone", "person_key"})
    __table_args__ = (
        Index("appointment_slot", "service", "at"),
        Index("appointment_day", "day"),
        Index("appointment_booked", "at", sqlite_where=text("state = 'booked'")),
        Index("appointment_code", "day", "code", unique=True, sqlite_where=text("state = 'booked'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    service: str
    day: str
    at: int
    minutes: int
    code: str  # six digits: what the citizen brings
    state: str = "booked"  # booked arrived missed cancelled
    name: str = ""
    phone: str = ""
    person_key: str = ""  # the keyed hash of an ID number
    salt: str = ""
    people: int = 1
    cases: int = 1
    needs: str = ""
    outside: bool = False  # out of working hours: department and office are told
    actor: str
    booked_at: int
    arrived_at: int | None = None
    ticket: int | None = None
