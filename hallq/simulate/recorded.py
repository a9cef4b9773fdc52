"""A day that a hall has lived, from its database, read only: the same people come, take as long and are served by the
same shifts; the queue's rules decide anew.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from statistics import fmean
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import SQLModel, col, select

from hallq import schema
from hallq.kernel import Ms, Tx
from hallq.rows import Reader
from hallq.simulate.plan import FINISHED, NO_SHOW, PARKED, TRANSFERRED, Citizen, Duty, Plan, Rest, Step
from hallq.ticketing import model
from hallq.ticketing.model import Pause, Shift, Ticket, Visit
from hallq.ticketing.rules import Rules
from hallq.toml_file import ConfigError

CATALOGUE: tuple[type[SQLModel], ...] = (
    model.Department, model.Zone, model.Service, model.Window, model.WindowService, model.Category,
    model.PauseReason, model.OpenHours, model.CalendarDay,
)  # fmt: skip
NOW_AT_WINDOW = dict.fromkeys(("shift", "ticket", "visit", "pause"))  # of the hall as it stands, not of that day
TICKETS = select(Ticket).where(col(Ticket.day) == bindparam("day")).order_by(col(Ticket.issued_at), col(Ticket.id))
VISITS = select(Visit).where(col(Visit.day) == bindparam("day")).order_by(col(Visit.id))
SHIFTS = select(Shift).where(col(Shift.day) == bindparam("day")).order_by(col(Shift.id))
PAUSES = select(Pause).where(col(Pause.day) == bindparam("day"), col(Pause.kind) == "pause").order_by(col(Pause.id))
DAYS = select(col(Ticket.day)).distinct().order_by(col(Ticket.day).desc()).limit(5)
ENDS = {end: end for end in (FINISHED, NO_SHOW, PARKED, TRANSFERRED)}
USUAL: Ms = 8 * 60_000  # where nobody was served that day
NEVER: Ms = 1 << 50
After = dict[int | None, Ms]  # by visit


def read(path: Path, day: str, rules: Rules, *, where: str, extended: bool) -> tuple[Callable[[Tx], None], Plan]:
    """The catalogue as a command that writes it, and the day. Raises ConfigError; `where` names the scenario's file."""
    db = Reader(_open(path, where), 0, rules)
    tickets = db.find(TICKETS, day=day)
    if not tickets:
        known = ", ".join(other for (other,) in db.values(DAYS)) or "none"
        raise ConfigError(f"{where}: recorded.day: nobody took a number on {day}; the last days with numbers: {known}")
    rows = [(kind, db.find(select(kind))) for kind in CATALOGUE]

    def fill(tx: Tx) -> None:
        for kind, entries in rows:
            for entry in entries:
                tx.insert(kind, **_columns(kind, entry))

    visits = db.find(VISITS, day=day)
    pauses = db.find(PAUSES, day=day)
    offers: dict[str, set[str]] = defaultdict(set)
    for offer in db.find(select(model.WindowService)):
        offers[offer.window].add(offer.service)
    plan = Plan(
        tuple(_citizens(tickets, visits, _after(visits, pauses, _Waiting(tickets, visits), offers))),
        tuple(_duties(db.find(SHIFTS, day=day), visits, "house" if extended else "")),
        tuple(Rest(p.window, p.since, p.ended_at - p.since, p.reason) for p in pauses if p.ended_at),
    )
    return fill, plan


def _open(path: Path, where: str) -> sqlite3.Connection:
    if not path.is_file():
        raise ConfigError(f"{where}: recorded.database: there is no file {path}; name a hall's database")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    if schema.revision(connection) != schema.latest():
        raise ConfigError(f"{where}: recorded.database: {path} is of another version; start its hub once with this one")
    return connection


def _columns(kind: type[SQLModel], row: Any) -> dict[str, Any]:
    values: dict[str, Any] = row._asdict()
    if kind is model.Window:
        values |= NOW_AT_WINDOW | {"undo": "", "outage": False, "closed": None, "closed_until": None}
    return values


class _Waiting:
    """Whether anybody waited for a service at a moment of that day."""

    def __init__(self, tickets: list[Ticket], visits: list[Visit]) -> None:
        self._came: dict[str, list[Ms]] = defaultdict(list)
        self._went: dict[str, list[Ms]] = defaultdict(list)
        first: dict[int, Visit] = {}
        for visit in visits:
            first.setdefault(visit.ticket, visit)
        for ticket in tickets:
            called = first.get(ticket.id or 0)
            service = ticket.service if called is None else called.service
            self._came[service].append(ticket.issued_at)
            self._went[service].append((ticket.finished_at or NEVER) if called is None else called.called_at)
        for moments in (*self._came.values(), *self._went.values()):
            moments.sort()

    def at(self, moment: Ms, services: set[str]) -> bool:
        return any(
            bisect_right(self._came[service], moment) > bisect_right(self._went[service], moment)
            for service in services
        )


def _after(visits: list[Visit], pauses: list[Pause], waiting: _Waiting, offers: dict[str, set[str]]) -> After:
    """By visit: how long its clerk let people wait before the next call; a pause is none of it."""
    found: After = {}
    last: dict[str, Visit] = {}
    for visit in visits:
        before = last.get(visit.window)
        last[visit.window] = visit
        if before is None or before.person != visit.person or before.ended_at is None:
            continue
        ended = before.ended_at
        paused = any(pause.window == visit.window and ended <= pause.since <= visit.called_at for pause in pauses)
        if not paused and waiting.at(ended, offers[visit.window]):
            found[before.id] = max(0, visit.called_at - ended)
    return found


def _citizens(tickets: list[Ticket], visits: list[Visit], after: After) -> Iterator[Citizen]:
    of_ticket: dict[int | None, list[Visit]] = defaultdict(list)
    handled: dict[str, list[Ms]] = defaultdict(list)
    for visit in visits:
        if visit.end in ENDS and visit.ended_at is not None:
            of_ticket[visit.ticket].append(visit)
            if visit.end == FINISHED:
                handled[visit.service].append(_handling(visit))
    usual = {service: round(fmean(times)) for service, times in handled.items()}
    for ticket in tickets:
        own = of_ticket[ticket.id]
        service = own[0].service if own else ticket.service
        steps = tuple(_steps(ticket, own, usual, after)) or (Step(service, usual.get(service, USUAL)),)
        gave_up = not own and ticket.ended_by not in ("", "day_end") and ticket.finished_at is not None
        patience = (ticket.finished_at or 0) - ticket.issued_at if gave_up else None
        yield Citizen(ticket.issued_at, steps, ticket.category, ticket.people, 1, patience)


def _steps(ticket: Ticket, visits: list[Visit], usual: dict[str, Ms], after: After) -> Iterator[Step]:
    """The visits as they went. Who was sent on and never called has the usual time there."""
    for visit, following in zip_longest(visits, visits[1:]):
        walk = 0 if visit.started_at is None else visit.started_at - visit.called_at
        returns = following is not None and visit.end in (PARKED, NO_SHOW)
        back = following.called_at - (visit.ended_at or 0) if returns else None
        end = TRANSFERRED if visit.end == FINISHED and following is not None else ENDS[visit.end]
        handling = 0 if end == NO_SHOW else _handling(visit)
        yield Step(visit.service, handling, walk, end, after.get(visit.id, 0), back)
    if visits and visits[-1].end == TRANSFERRED:
        yield Step(ticket.service, usual.get(ticket.service, USUAL))


def _handling(visit: Visit) -> Ms:
    begun = visit.called_at if visit.started_at is None else visit.started_at
    return max(0, (visit.ended_at or begun) - begun - visit.outage)


def _duties(shifts: list[Shift], visits: list[Visit], stays: str) -> Iterator[Duty]:
    """A shift that nobody has ended goes to the day's last visit."""
    last = max((visit.ended_at or 0 for visit in visits), default=0)
    final = {shift.window: shift.id for shift in shifts}
    for shift in shifts:
        until = shift.ended_at if shift.ended_at is not None else max(last, shift.started_at)
        yield Duty(shift.window, shift.started_at, until, stays if final[shift.window] == shift.id else "")
