"""From a few rows to a wait: what stands before a ticket in its pool, who works there now, and who is expected to.

The pool of a service: the services that share a window with it, and their windows. docs/waits.md says how it is done.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import hypot
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from hallq.kernel import MINUTE, SECOND, Ms, Reads
from hallq.ticketing.model import (
    CalendarDay,
    Habit,
    HandlingTime,
    OpenHours,
    Pause,
    QueueCount,
    Service,
    Ticket,
    Visit,
    Window,
    WindowService,
)
from hallq.ticketing.opening import hours
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.rules import Wait
from hallq.ticketing.waiting import queue
from hallq.ticketing.waiting.presence import Known, Second, Times, spans
from hallq.ticketing.waiting.waits import Handling, Post, Staff, Work, expect

DAY: Ms = 24 * 60 * MINUTE
STEP: Second = 300  # what a window will do is thought over so often
TRUST = 8  # visits that the catalogue's minutes stand for
SPREAD = 0.5  # the variance of handling over its mean squared, until it is measured
LEAST_SPREAD, MOST_SPREAD = 0.04, 4.0
DOUBT, MIXED = 0.035, 0.22  # of the windows' pace: what nobody has planned; who takes which service of a pool
OVERDUE: Ms = 2 * MINUTE
PAUSE: Ms = 15 * MINUTE  # without a planned return
UNKNOWN = Handling(480.0, 480.0**2)
GIVE_UP = 0.5  # of those who will give up, so many are still waiting before a newer ticket

POSTS = (
    select(
        col(Window.no),
        func.max(col(WindowService.service) == bindparam("service")),
        func.max(col(WindowService.service) != bindparam("service")),
        col(Window.shift),
        col(Window.closed),
        col(Window.closed_until),
        col(Window.closes_at),
        col(Window.freed_at),
        col(Pause.since),
        col(Pause.until),
        col(Visit.service),
        col(Visit.called_at),
        col(Visit.outage),
        col(Ticket.cases),
        col(Habit.shares),
    )
    .select_from(WindowService)
    .join(Window, col(Window.no) == WindowService.window)
    .outerjoin(Pause, col(Pause.id) == Window.pause)
    .outerjoin(Visit, col(Visit.id) == Window.visit)
    .outerjoin(Ticket, col(Ticket.id) == Window.ticket)
    .outerjoin(Habit, col(Habit.window) == Window.no)
    .where(col(WindowService.service).in_(queue.POOL), col(Window.active), col(Window.advice_only).is_(False))
    .group_by(col(Window.no))
)
LINES = (
    select(
        col(Service.code),
        col(Service.minutes),
        col(HandlingTime.turns),
        col(HandlingTime.cases),
        col(HandlingTime.seconds),
        col(HandlingTime.squares),
        col(HandlingTime.greens),
        col(HandlingTime.gone),
        col(QueueCount.waiting),
        col(QueueCount.cases),
    )
    .select_from(Service)
    .outerjoin(HandlingTime, col(HandlingTime.service) == Service.code)
    .outerjoin(QueueCount, col(QueueCount.service) == Service.code)
    .where(col(Service.code).in_(queue.POOL))
)


class Line(NamedTuple):
    """One service of the pool."""

    code: str
    minutes: float
    turns: float | None
    cases: float | None
    seconds: float | None
    squares: float | None
    greens: float | None
    gone: float | None
    waiting: int | None
    waiting_cases: int | None

    @property
    def handling(self) -> Handling:
        return handling(self.minutes, self.cases or 0, self.seconds or 0, self.squares or 0)

    @property
    def stays(self) -> float:
        """The share of those ahead who will be there when they are called."""
        gone, turns = self.gone or 0.0, self.turns or 0.0
        return 1 - GIVE_UP * gone / (gone + turns + TRUST)

    def work(self, tickets: float) -> Work:
        """Of so many of its tickets: each with as many cases as they have on average now."""
        one = self.handling
        count = tickets * self.stays
        cases = count * max(1.0, (self.waiting_cases or 0) / self.waiting) if self.waiting else count
        return Work(cases * one.mean, cases * one.var, count)


class PostRow(NamedTuple):
    no: str
    own: int
    others: int
    shift: int | None
    closed: str | None
    closed_until: Ms | None
    closes_at: Ms | None
    freed_at: Ms | None
    paused_since: Ms | None
    paused_until: Ms | None
    serving: str | None
    called_at: Ms | None
    outage: Ms | None
    cases: int | None
    habit: str | None


@lru_cache(maxsize=512)
def handling(minutes: float, cases: float, seconds: float, squares: float) -> Handling:
    """Of a case: the catalogue's minutes as long as little is measured, then more and more what is."""
    mean, weight = 60 * minutes, cases + TRUST
    trusted = (TRUST * mean + seconds) / weight
    measured = min(MOST_SPREAD, max(0.0, squares * cases / seconds**2 - 1)) if seconds > 0 else 0.0
    spread = max(LEAST_SPREAD, (TRUST * SPREAD + cases * measured) / weight)
    return Handling(trusted, spread * trusted**2, (spread / weight + DOUBT**2) ** 0.5)


def wait(db: Reads, ticket: Ticket, ahead: int) -> Wait:
    """Until it is called, with so many ahead."""
    service = db.get(Service, ticket.service)
    return Wait(0, 0, 0) if service is None else _wait(db, service, ahead, ticket.arrival, green=bool(ticket.green))


def wait_now(db: Reads, service: Service) -> Wait:
    """Of a ticket that is taken now."""
    return _wait(db, service, None, db.now, green=False)


def _wait(db: Reads, service: Service, ahead: int | None, arrival: Ms, *, green: bool) -> Wait:
    day = db.day
    midnight = moment(day, 0, db.rules.timezone)
    lines = [Line._make(row) for row in db.values(LINES, service=service.code)]
    total = sum(max(0, line.waiting or 0) for line in lines)
    before = float(total if ahead is None else ahead)
    before += 0 if green else _overtakes(lines, before, db.rules.green_bound)
    own, others, pace = _work(lines, service.code, before / total if total else 0.0)
    posts = tuple(db.values(POSTS, service=service.code))
    paces = tuple((line.code, line.handling) for line in lines)
    times = _times(db, service, day, midnight, arrival)
    staff = _staff(posts, service.code, paces, times, db.now // SECOND, midnight)
    wait = expect(own, others, pace, staff)
    return wait._replace(over=over(times, (db.now - midnight) // SECOND, wait))


def over(times: Times, now: Second, wait: Wait) -> str:
    """What comes before the call, that who waits should know."""
    low, high = now + wait.low, now + wait.high
    if times.worked and high > times.worked[-1][1]:
        return "closing"
    for (_, start), (end, _) in pairwise(times.worked):
        if now < end <= high:
            return "break" if start <= low else "around"
    return ""


def _overtakes(lines: list[Line], before: float, bound: int) -> float:
    """Of the green channel, so many as will come and overtake while so many are called."""
    turns = sum(line.turns or 0.0 for line in lines) + TRUST
    share = min(0.8, sum(line.greens or 0.0 for line in lines) / turns)
    return min(float(bound), before * share / (1 - share))


def _work(lines: list[Line], code: str, part: float) -> tuple[Work, Work, Handling]:
    """Before the ticket, so great a part of all that waits: of its own service, of the others; and the handling of all
    of it, its own among it."""
    works = {line.code: line.work((line.waiting or 0) * part) for line in lines}
    own, pace = works.pop(code, Work()), next((line.handling for line in lines if line.code == code), UNKNOWN)
    others = Work(*(sum(values) for values in zip(*works.values(), strict=True))) if works else Work()
    count = own.tickets + others.tickets + 1
    mean = (own.mean + others.mean + pace.mean) / count
    var = (own.var + others.var + pace.var) / count
    return own, others, Handling(mean, var, pace.doubt if len(lines) == 1 else hypot(pace.doubt, MIXED))


@lru_cache(maxsize=256)
def _staff(
    posts: tuple[tuple[Any, ...], ...], code: str, paces: tuple[tuple[str, Handling], ...], times: Times, now: int,
    midnight: Ms,
) -> Staff:  # fmt: skip
    """Of these rows, to the second: many tickets of one second share it."""
    each = dict(paces)
    at = now - midnight // SECOND
    rows = [PostRow._make(post) for post in posts]
    known = [(row, _known(row, now * SECOND, midnight)) for row in rows]
    found = [
        Post(bool(row.own), _left(row, each, now), spans(it, times, at - at % STEP), bool(row.others))
        for row, it in known
    ]
    return Staff(found, each.get(code, UNKNOWN), at)


def _left(row: PostRow, each: dict[str, Handling], now: int) -> float | None:
    if row.called_at is None:
        return None
    one, cases = each.get(row.serving or "", UNKNOWN), row.cases or 1
    whole = one if cases == 1 else Handling(cases * one.mean, cases * one.var)
    return whole.rest(max(0, now - (row.called_at + (row.outage or 0)) / SECOND))


def _known(row: PostRow, now: Ms, midnight: Ms) -> Known:
    back = None
    if row.paused_since is not None and row.called_at is None:
        planned = row.paused_until or row.paused_since + PAUSE
        back = max(planned, now + max(OVERDUE, (now - planned) // 2))
    if row.closed is not None:
        back = max(back or 0, row.closed_until or midnight + DAY)
    return Known(
        works=row.shift is not None and row.closed is None,
        back=None if back is None else min(_second(back, midnight) // 60 * 60, DAY // SECOND),
        until=None if row.closes_at is None else _second(row.closes_at, midnight),
        habit=row.habit or "",
        seen=row.shift is not None or (row.freed_at or 0) >= midnight,
    )


def _times(db: Reads, service: Service, day: str, midnight: Ms, arrival: Ms) -> Times:
    """As the hall's hours and this day of its calendar say; a service that finishes its queue asks when one came."""
    at_noon = service.at_noon or db.rules.at_noon
    came = arrival // MINUTE if at_noon == hours.FINISH else 0
    own = (service.days, service.periods, service.issue_from, service.issue_until)
    key = (db.get(OpenHours, 1), db.get(CalendarDay, day), own, at_noon, db.rules.always_open, day, midnight, came)
    if key not in _TIMES:
        if len(_TIMES) >= 512:
            _TIMES.clear()
        _TIMES[key] = _read_times(db, service, midnight, arrival)
    return _TIMES[key]


_TIMES: dict[Any, Times] = {}


def _read_times(db: Reads, service: Service, midnight: Ms, arrival: Ms) -> Times:
    times = hours.of_service(db, service)
    worked = times.spans(midnight, midnight + DAY, arrival=arrival)
    return Times(
        tuple((_second(start, midnight), _second(end, midnight)) for start, end in worked),
        tuple((60 * one[1], 60 * two[0]) for one, two in pairwise(times.hours.periods)),
        times.at_noon == hours.ROTA,
    )


def _second(at: Ms, midnight: Ms) -> Second:
    return (at - midnight) // SECOND
