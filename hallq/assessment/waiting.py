"""A27: fewer queues, fewer minutes. How long citizens waited, how often they were sent on, and who gave up.

A wait runs from the number's issue to its first call; outages and emergencies count nowhere, and a number that was
given on paper or without a call has no wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from hallq.kernel import SECOND, Ms, Reads
from hallq.ticketing.model import FINISHED, NO_SHOW, Service, Ticket, Visit
from hallq.ticketing.opening import outages

Json = dict[str, Any]
COLUMNS = ("name", "class", "tickets", "waited", "mean_s", "p50_s", "p90_s", "moves", "stops", "no_show_rate")
UNTIMED = ("manual", "walk_in")
TICKETS = select(
    col(Ticket.id), col(Ticket.service), col(Ticket.green), col(Ticket.state), col(Ticket.moves), col(Ticket.stops),
    col(Ticket.issued_at), col(Ticket.source),
).where(col(Ticket.day).between(bindparam("since"), bindparam("until")))  # fmt: skip
FIRST_CALLS = (  # of the row with the smallest time SQLite gives the other columns too
    select(col(Visit.ticket), col(Visit.service), func.min(col(Visit.called_at)))
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .where(col(Ticket.day).between(bindparam("since"), bindparam("until")), col(Visit.end) != "undone")
    .group_by(col(Visit.ticket))
)
SERVICES = select(col(Service.code), col(Service.name), col(Service.name_en), col(Service.department)).order_by(
    col(Service.ord), col(Service.code)
)


class Taken(NamedTuple):
    """One number of the period."""

    service: str  # of its first call; never called: the one that it was taken for
    green: bool
    state: str
    moves: int
    stops: int
    wait: Ms | None


def percentile(ordered: Sequence[Ms], share: float) -> Ms:
    """The smallest wait that at least this share of all did not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def standing(since: Ms, until: Ms, gaps: Iterable[tuple[Ms, Ms]]) -> Ms:
    """From issue to call without the hub's outages and emergencies."""
    lost = sum(max(0, min(until, end) - max(since, begin)) for begin, end in gaps)
    return max(0, until - since - lost)


def summary(taken: Sequence[Taken]) -> Json:
    """Lengths in seconds, shares 0..1; null where nobody stands behind them."""
    waits = sorted(each.wait for each in taken if each.wait is not None)
    ended = sum(each.state in (FINISHED, NO_SHOW) for each in taken)
    return {
        "tickets": len(taken), "waited": len(waits),
        "mean_s": round(sum(waits) / len(waits) / SECOND) if waits else None,
        "p50_s": percentile(waits, 0.5) // SECOND if waits else None,
        "p90_s": percentile(waits, 0.9) // SECOND if waits else None,
        "moves": _mean(sum(each.moves for each in taken), len(taken)),
        "stops": _mean(sum(each.stops for each in taken), len(taken)),
        "no_show_rate": _mean(sum(each.state == NO_SHOW for each in taken), ended),
    }  # fmt: skip


def waits(db: Reads, *, since: str, until: str, department: str | None = None) -> list[Json]:
    """The whole hall's (or the department's) row first, then each service's; of each everyone, ordinary, green."""
    services = [row for row in db.values(SERVICES) if department in (None, row[3])]
    known = {row[0] for row in services}
    taken = [each for each in _taken(db, since, until) if each.service in known]
    rows = _group(taken, {"service": None, "name": "", "name_en": "", "department": department})
    for code, name, name_en, its in services:
        labels = {"service": code, "name": name, "name_en": name_en, "department": its}
        rows += _group([each for each in taken if each.service == code], labels)
    return rows


def _group(taken: Sequence[Taken], labels: Json) -> list[Json]:
    """Everyone, and beside it the two classes where there are both."""
    green = [each for each in taken if each.green]
    rows = [labels | {"class": "all"} | summary(taken)] if taken or labels["service"] is None else []
    if green:
        ordinary = [each for each in taken if not each.green]
        rows += [labels | {"class": "green"} | summary(green), labels | {"class": "ordinary"} | summary(ordinary)]
    return rows


def _taken(db: Reads, since: str, until: str) -> Iterable[Taken]:
    period = {"since": since, "until": until}
    first = {ticket: (service, at) for ticket, service, at in db.values(FIRST_CALLS, **period)}
    tickets = db.values(TICKETS, **period)
    gaps = db.values(outages.KNOWN, since=min((row[6] for row in tickets), default=db.now))
    for number, service, green, state, moves, stops, issued_at, source in tickets:
        called, at = first.get(number or 0, (service, None))
        wait = None if at is None or source in UNTIMED else standing(issued_at, at, gaps)
        yield Taken(called, green, state, moves, (stops or 0) + 1, wait)


def _mean(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
