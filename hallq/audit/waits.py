"""Who waited when, told again from tickets and visits alone: a second witness beside what the journal kept at the call.

A ticket waits from its issue, or from the end of a visit that sent it back, to its next call. What rows cannot tell for
certain (whom a transfer was addressed to, when a number on paper was known) is marked as not sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.audit import entries
from hallq.kernel import MINUTE, Ms, Reads
from hallq.ticketing.model import CANCELLED, WAITING, Ticket, Visit
from hallq.ticketing.opening.hours import moment

TICKETS = select(Ticket).where(col(Ticket.day) == bindparam("day"))
VISITS = select(Visit).where(col(Visit.day) == bindparam("day")).order_by(col(Visit.id))
TICKETS_VISITS = select(Visit).where(col(Visit.ticket) == bindparam("ticket")).order_by(col(Visit.id))
EVER: Ms = 2**62
DAY: Ms = 24 * 60 * MINUTE
SENT_BACK = frozenset({"transferred", "returned", "finished"})


class Wait(NamedTuple):
    arrival: Ms
    ticket: int
    service: str
    green: bool
    since: Ms
    until: Ms
    sure: bool
    number: str


def at(waits: Sequence[Wait], moment: Ms) -> list[Wait]:
    """Who waited then, in order of arrival. What began or ended in that very millisecond is not sure."""
    there = (wait for wait in waits if wait.since <= moment <= wait.until)
    return sorted(wait._replace(sure=wait.sure and wait.since < moment < wait.until) for wait in there)


def of_day(db: Reads, day: str) -> list[Wait]:
    begins = moment(day, 0, db.rules.timezone)
    visits: dict[int, list[Visit]] = {}
    for visit in db.find(VISITS, day=day):
        visits.setdefault(visit.ticket, []).append(visit)
    tickets = {ticket.id or 0: ticket for ticket in db.find(TICKETS, day=day)}
    for key in visits.keys() - tickets.keys():  # it came back on a later day
        ticket = db.get(Ticket, key)
        if ticket is not None:
            tickets[key] = ticket
    restored = _restored(db, begins, begins + DAY)
    waits: list[Wait] = []
    for key, ticket in tickets.items():
        elsewhere = ticket.day != day or ticket.issued_at < begins  # it has visits of other days, too
        its = db.find(TICKETS_VISITS, ticket=key) if elsewhere else visits.get(key, [])
        waits += _waits(ticket, its, restored.get(key, []))
    return waits


def _restored(db: Reads, since: Ms, until: Ms) -> dict[int, list[Ms]]:
    """When missed ones were found again, and parked ones came back: the journal alone keeps it."""
    found: dict[int, list[Ms]] = {}
    for entry in entries.of_verb(db, "restore", since, until):
        for label in entry.rows:
            if label.startswith("ticket/"):
                found.setdefault(int(label[7:]), []).append(entry.at)
    return found


def _waits(ticket: Ticket, visits: Sequence[Visit], restored: Sequence[Ms]) -> Iterator[Wait]:
    before: Visit | None = None
    sent, resumed = ticket.source == "manual", 0
    for visit in visits:
        since = _since(ticket, before, visit.called_at, restored)
        if since is not None:
            since = max(since, resumed)
            yield _wait(ticket, visit.service, bool(visit.green), visit.arrival, since, visit.called_at, not sent)
        if visit.end == "undone":  # as if it had not been, but for its moments
            resumed = visit.ended_at or 0
        else:
            before, sent = visit, sent or visit.end == "transferred"
    if ticket.state in (WAITING, CANCELLED) and (before is None or before.ended_at is not None):
        until = EVER if ticket.state == WAITING else ticket.finished_at or EVER
        since = _since(ticket, before, until, restored)
        if since is not None:
            since = max(since, resumed)
            yield _wait(ticket, ticket.service, bool(ticket.green), ticket.arrival, since, until, not sent)


def _wait(ticket: Ticket, service: str, green: bool, arrival: Ms, since: Ms, until: Ms, sure: bool) -> Wait:
    return Wait(arrival, ticket.id or 0, service, green, since, until, sure, ticket.number)


def _since(ticket: Ticket, before: Visit | None, until: Ms, restored: Sequence[Ms]) -> Ms | None:
    """From when it waited until `until`. None: it did not wait, it was parked."""
    if before is None:
        return ticket.issued_at
    ended = before.ended_at if before.ended_at is not None else until
    if before.end in SENT_BACK:
        return ended
    return next((moment for moment in restored if ended <= moment <= until), None)
