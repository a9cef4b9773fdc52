"""The midday break (B05, C11): who may be called in it, and what the voice says at the day's turns.

A service finishes the queue that stands there, carries it over to the afternoon, or goes on with a lunch rota.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.kernel import MINUTE, SECOND, Ms, Reads, Refused, Tx
from hallq.ticketing import lookups
from hallq.ticketing.model import QueueCount, Said, Service, Ticket, Window, WindowService
from hallq.ticketing.opening import emergency, hours
from hallq.ticketing.opening.hours import FINISH, ROTA, Span
from hallq.ticketing.rules import Place

REST, DUTY = "rest", "duty"
TELL_WITHIN: Ms = 5 * MINUTE  # after its moment nothing is said any more
GOODBYE_WITHIN: Ms = 3 * 60 * MINUTE  # the last citizen may take long
KEEP: Ms = 2 * 24 * 60 * MINUTE
OFFERED_IN = (
    select(Service)
    .join(WindowService, col(WindowService.service) == Service.code)
    .join(Window, col(Window.no) == WindowService.window)
    .where(col(Window.zone) == bindparam("zone"), col(Window.active), col(Service.active))
    .distinct()
)
WAITING_AT = (
    select(Service)
    .join(WindowService, col(WindowService.service) == Service.code)
    .join(QueueCount, col(QueueCount.service) == Service.code)
    .where(col(WindowService.window) == bindparam("window"), col(QueueCount.waiting) > 0)
)
WAITING = columns(func.coalesce(func.sum(col(QueueCount.waiting)), 0))
BUSY = columns(func.count()).where(col(Window.visit).is_not(None))
TODAY = select(Ticket).where(col(Ticket.day) == bindparam("day")).limit(1)
OLD = select(Said).where(col(Said.at) < bindparam("before"))


def its_break(db: Reads, service: Service) -> Span | None:
    """The break that the service is in now; None: it is in none, or a rota keeps it open."""
    times = hours.of_service(db, service)
    return None if times.at_noon == ROTA else times.noon(db.now)


def state(db: Reads, service: Service, head: Ms | None) -> tuple[str, Ms | None]:
    """`rest` or `duty` in the midday break, and when it ends; empty at other times. `head`: when the first came."""
    times = hours.of_service(db, service)
    span = times.noon(db.now)
    if span is None:
        return "", None
    goes_on = times.at_noon == ROTA or (times.at_noon == FINISH and head is not None and head < span[0])
    return DUTY if goes_on else REST, span[1]


def callable_now(db: Reads, heads: Iterable[Place]) -> list[Place]:
    """Of the first ones of each service those who may be called. In a break that finishes its queue these are who
    came before it; as each stands first in order of arrival, nobody behind an uncallable one is callable."""
    places = list(heads)
    if db.rules.always_open or not places:
        return places
    of_hall = hours.hall(db).noon(db.now)
    known = {code: _came_before(db, code, of_hall) for code in {place.service for place in places}}
    return [place for place in places if (limit := known[place.service]) is None or place.arrival < limit]


def must_not_rest(db: Reads, window: str) -> None:
    """Where people wait at this window for the afternoon. Raises Refused("midday", t)."""
    breaks = [span for service in db.find(WAITING_AT, window=window) if (span := its_break(db, service))]
    if breaks:
        raise Refused("midday", t=hours.clock(min(end for _, end in breaks), db.rules.timezone))


def _came_before(db: Reads, code: str, of_hall: Span | None) -> Ms | None:
    """Only who came before this moment is called now; None: everyone. `of_hall`: the break of all services without
    hours of their own, so that a call outside of it asks for one row."""
    service = db.get(Service, code)
    if service is None or (of_hall is None and not service.periods):
        return None
    span = its_break(db, service)
    if span is None:
        return None
    return span[0] if (service.at_noon or db.rules.at_noon) == FINISH else 0


# -- what the voice says


def say_hours(tx: Tx) -> None:
    """A duty: the break, the end of numbers and the end of the day, each once in each zone."""
    times = hours.hall(tx)
    if tx.rules.always_open or emergency.on(tx) or not times.works(times.day(tx.now)):
        return
    span = times.noon(tx.now)
    if span is not None and tx.rules.say_noon and tx.now < span[0] + TELL_WITHIN:
        _say(tx, "noon", span[1], resting=True)
    left = times.issue_ends(tx.now) - tx.now
    if 0 < left <= tx.rules.say_closing_s * SECOND:
        _say(tx, "closing", times.issue_ends(tx.now))
    ended = times.closes(tx.now)
    if tx.rules.say_closed and ended is not None and ended <= tx.now < ended + GOODBYE_WITHIN and _all_served(tx):
        _say(tx, "closed", None)


def _say(tx: Tx, key: str, at: Ms | None, *, resting: bool = False) -> None:
    for zone in tx.find(lookups.ZONES):
        what = f"{key}/{tx.day}/{zone.code}"
        if tx.get(Said, what) is None and not (resting and not _rests(tx, zone.code)):
            for old in tx.find(OLD, before=tx.now - KEEP):
                tx.delete(old)
            tx.insert(Said, what=what, at=tx.now)
            words = {"key": f"v.{key}"} | ({} if at is None else {"t": hours.clock(at, tx.rules.timezone)})
            tx.effect("speak", zone.code, words, lasts=tx.rules.announce_s * SECOND, ref=what)


def _rests(db: Reads, zone: str) -> bool:
    return any(its_break(db, service) for service in db.find(OFFERED_IN, zone=zone))


def _all_served(db: Reads) -> bool:
    """Nobody waits, nobody is at a window, and somebody was here."""
    [(waiting,)] = db.values(WAITING)
    [(busy,)] = db.values(BUSY)
    return not waiting and not busy and db.first(TODAY, day=db.day) is not None
