"""The day's sheet (日结单): numbers issued, served and left per service, extended service, stops and caps."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.kernel import SECOND, Ms, Reads
from hallq.office import settle
from hallq.office.peak_model import DaySheet, Settlement
from hallq.ticketing.lookups import how_many, name_of
from hallq.ticketing.model import FINISHED, NO_SHOW, Ticket, Visit
from hallq.ticketing.opening import hours
from hallq.ticketing.tickets import caps
from hallq.ticketing.tickets.caps import DayCap, Stop

Json = dict[str, Any]


BY_SERVICE = (
    select(
        col(Ticket.service),
        func.count(),
        how_many(col(Ticket.state) == FINISHED),
        how_many(col(Ticket.state) == NO_SHOW),
        how_many(col(Ticket.source) == "manual"),
    )
    .where(col(Ticket.day) == bindparam("day"))
    .group_by(col(Ticket.service))
    .order_by(col(Ticket.service))
)
SETTLED = (
    select(col(Ticket.service), col(Settlement.how), func.count())
    .join(Ticket, col(Ticket.id) == Settlement.ticket)
    .where(col(Settlement.day) == bindparam("day"))
    .group_by(col(Ticket.service), col(Settlement.how))
)
AFTER = select(col(Visit.person), col(Visit.called_at), col(Visit.ended_at)).where(
    col(Visit.day) == bindparam("day"), col(Visit.ended_at) > bindparam("closing"), col(Visit.end) == "finished"
)
STOPS = rows_of(Stop).where(col(Stop.day) == bindparam("day"))
CAPS = rows_of(DayCap).where(col(DayCap.day) == bindparam("day"))


def sheet(db: Reads, *, day: str) -> Json:
    known = db.get(DaySheet, day)
    rows = [_leftover(db, ticket) for ticket in settle.left(db, day)]
    return {
        "day": day,
        "closed": known is not None and known.closed_at is not None,
        "left": rows,
        "services": _services(db, day, rows),
        "extended": extended(db, day=day),
        "need_calls": db.rules.settle_calls,
    }


def extended(db: Reads, *, day: str) -> list[Json]:
    """C06, C07: tickets finished after closing and the minutes of them, per clerk."""
    closing = settle.closes_at(db, day)
    if closing is None:
        return []
    times: dict[int, list[Ms]] = {}
    for person, called, ended in db.values(AFTER, day=day, closing=closing):
        if person is not None and ended is not None:
            times.setdefault(person, []).append(ended - max(called, closing))
    return [
        {"person": key, "name": name_of(db, key), "tickets": len(spans), "minutes": round(sum(spans) / SECOND / 60)}
        for key, spans in sorted(times.items())
    ]


def _leftover(db: Reads, ticket: Ticket) -> Json:
    return {
        "ticket": ticket.id, "number": ticket.number, "service": ticket.service, "state": ticket.state,
        "green": bool(ticket.green), "category": ticket.category, "calls": settle.calls_of(db, ticket),
        "came": hours.clock(ticket.arrival, db.rules.timezone), "people": ticket.people, "cases": ticket.cases,
    }  # fmt: skip


def _services(db: Reads, day: str, rows: list[Json]) -> list[Json]:
    settled = {(service, how): count for service, how, count in db.values(SETTLED, day=day)}
    stops = {row.service: row for row in db.find(STOPS, day=day)}
    limits = {row.service: row.cap for row in db.find(CAPS, day=day)}
    away = caps.turned_away(db, day)
    zone = db.rules.timezone
    return [
        {
            "service": service, "issued": issued, "served": served, "no_show": missed, "manual": manual,
            "left": sum(row["service"] == service for row in rows),
            **{how: settled.get((service, how), 0) for how in settle.HOWS[1:]},
            "cap": limits.get(service), "turned_away": away.get(service, {}),
            "stopped": _stop(stops[service], zone) if service in stops else None,
        }
        for service, issued, served, missed, manual in db.values(BY_SERVICE, day=day)
    ]  # fmt: skip


def _stop(row: Stop, zone: ZoneInfo) -> Json:
    return {"reason": row.reason, "since": hours.clock(row.at, zone), "until": hours.clock(row.resumed_at, zone)}


