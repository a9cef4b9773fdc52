"""The picture of the hall: frozen values that everything downstream is a pure function of.

Taken from rows by `taking.take` and re-taken only where rows changed. No ORM entity, no I/O type in here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hallq.kernel import Ms


@dataclass(frozen=True, slots=True)
class ClerkView:
    id: int
    name: str
    title: str
    staff_no: str
    photo: str | None
    badge: str = ""


@dataclass(frozen=True, slots=True)
class TicketView:
    id: int
    number: str
    service: str
    category: str
    green: bool
    state: str
    window: str | None
    people: int
    cases: int
    needs: tuple[str, ...]
    kiosk: str | None
    print: str
    park_kind: str
    arrival: Ms
    issued_at: Ms
    calls: int
    called_at: Ms | None
    last_called_at: Ms | None
    started_at: Ms | None
    finished_at: Ms | None
    verified: str = ""
    priority: str = ""  # return appointment rebooked
    then: tuple[str, ...] = ()
    cases_done: int = 0
    for_window: str | None = None
    any_window: bool = False
    return_by: str | None = None


@dataclass(frozen=True, slots=True)
class PauseView:
    id: int
    kind: str  # pause away
    code: str
    reason: str  # public words
    reason_en: str
    since: Ms
    until: Ms | None


@dataclass(frozen=True, slots=True)
class UndoView:
    verb: str  # call finish no_show transfer
    until: Ms
    number: str = ""  # sent on to a window: whose number,
    onward: str = ""  # and which window


@dataclass(frozen=True, slots=True)
class WindowView:
    no: str
    department: str
    department_name: str
    department_name_en: str
    zone: str
    floor: int
    services: tuple[str, ...]
    state: str  # closed open serving away paused advice_only
    clerk: ClerkView | None
    ticket: TicketView | None
    visit: int | None
    pause: PauseView | None  # the open pause or away
    parked: tuple[TicketView, ...]
    undo: UndoView | None
    shown_calls: int  # calls of this visit that were really shown or spoken
    no_show_at: Ms | None  # the earliest moment for a no-show; None while calls are unshown or nobody is called
    outage: bool
    version: int
    channel: str = ""  # green
    closed: str = ""  # temp season reserve moved: closed by a form
    closed_until: Ms | None = None
    closed_to: str = ""
    form: int | None = None  # the closure, or the suspension, that it shows
    partner: int | None = None  # the B post of a window with one person
    sent: TicketView | None = None  # its last citizen went to fetch papers,
    freed_at: Ms | None = None  # and that visit ended then


@dataclass(frozen=True, slots=True)
class SuspensionView:
    since: Ms
    until: Ms
    window: str | None  # advice is given there


@dataclass(frozen=True, slots=True)
class ModeView:
    emergency: Ms | None = None  # since
    peak: Ms | None = None
    peak_until: Ms | None = None
    emergency_kind: str = ""  # evacuate hold


@dataclass(frozen=True, slots=True)
class QueueView:
    code: str
    waiting: int
    green: int
    next: tuple[str, ...]  # the next two numbers
    head_since: Ms | None
    head_green: bool
    wait: tuple[int, int, int]  # low, likely, high: seconds for a ticket taken now
    open: bool  # a number can be taken now
    why: str = ""  # when not: early full stopped unstaffed suspended emergency
    opens: str | None = None  # "08:30": when numbers are given again
    left: int | None = None  # numbers left today; None: no cap
    stopped: str = ""  # the reason of who stopped the numbers, for citizens
    suspended: SuspensionView | None = None
    noon: str = ""  # in the midday break: rest (nobody is called) or duty (it goes on)
    back: Ms | None = None  # when that ends
    over: str = ""  # break around closing: what comes before that call


@dataclass(frozen=True, slots=True)
class NoticeView:
    id: str
    kind: str
    text: str
    text_en: str
    level: str
    window: str | None
    kiosk: str | None
    zone: str | None
    at: Ms
    key: str = ""
    words: str = ""  # worded at the edge, with the values of `detail` (JSON)
    detail: str = ""
    audience: str = ""
    rank: int | None = None
    person: int | None = None
    ticket: int | None = None
    owner: int | None = None
    owner_name: str = ""
    owned_at: Ms | None = None
    until: Ms | None = None
    arrived_at: Ms | None = None


@dataclass(frozen=True, slots=True)
class ServiceView:
    code: str
    name: str
    name_en: str
    department: str
    prefix: str
    windows: tuple[str, ...]
    ord: int
    common: bool
    matter: str
    matter_en: str
    elder_age: int | None = None  # None: the hall's
    groups: bool = True  # several people or cases to a number
    identity: str = ""  # ask required


@dataclass(frozen=True, slots=True)
class Picture:
    windows: dict[str, WindowView] = field(default_factory=dict)
    queues: dict[str, QueueView] = field(default_factory=dict)
    tickets: dict[int, TicketView] = field(default_factory=dict)  # at a window, parked, lately called or lately taken
    services: dict[str, ServiceView] = field(default_factory=dict)
    notices: dict[str, NoticeView] = field(default_factory=dict)
    hall_open: bool = True  # within the hall's hours
    opens: str | None = None  # "08:30": the next opening, when closed
    opens_at: Ms | None = None
    day_off: tuple[str, str] | None = None  # today is no working day: the holiday's name, or empty; zh and en
    day: str = ""
    mode: ModeView = ModeView()
    called: dict[str, tuple[int, ...]] = field(default_factory=dict)  # zone -> lately called tickets, newest first
    taken: dict[str, tuple[int, ...]] = field(default_factory=dict)  # kiosk -> lately taken tickets, newest first
