"""Who is called or placed out of order needs a reason and a right, and stands on the monthly list (A22, A23)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing.lookups import name_of_actor
from hallq.ticketing.model import OutOfOrder, Person, Shift, Ticket, Window, WindowService
from hallq.ticketing.waiting.queue import IS_WAITING

MOST = 200
LISTED = (
    select(
        col(OutOfOrder.id),
        col(OutOfOrder.at),
        col(OutOfOrder.kind),
        col(OutOfOrder.actor),
        col(OutOfOrder.window),
        col(OutOfOrder.reason),
        col(Person.name),
        col(Ticket.number),
        col(Ticket.service),
        col(Window.department),
    )
    .select_from(OutOfOrder)
    .join(Ticket, col(Ticket.id) == OutOfOrder.ticket)
    .join(Person, col(Person.id) == OutOfOrder.person, isouter=True)
    .join(Window, col(Window.no) == OutOfOrder.window, isouter=True)
    .where(col(OutOfOrder.day) >= bindparam("since"), col(OutOfOrder.day) <= bindparam("until"))
    .order_by(col(OutOfOrder.at), col(OutOfOrder.id))
)
CHOOSABLE = (
    select(col(Ticket.id), col(Ticket.number), col(Ticket.service), col(Ticket.issued_at), col(Ticket.green))
    .join(WindowService, col(WindowService.service) == Ticket.service)
    .where(
        col(WindowService.window) == bindparam("window"),
        col(Ticket.state) == IS_WAITING,
        or_(col(Ticket.for_window).is_(None), col(Ticket.for_window) == bindparam("window")),
    )
    .order_by(col(Ticket.arrival), col(Ticket.id))
    .limit(MOST)
)


def choosable(db: Reads, *, window: str) -> list[dict[str, Any]]:
    """Who waits here, in order of arrival; whether in the green channel, never as what (A22)."""
    return [
        {"id": number, "number": words, "service": service, "since": since, "green": bool(green)}
        for number, words, service, since, green in db.values(CHOOSABLE, window=window)
    ]


def must_be_allowed(allowed: bool, reason: str) -> None:
    """Raises Refused: forbidden_order (who may is in its words), invalid (reason)."""
    if not reason.strip():
        raise Refused("invalid", field="reason")
    if not allowed:
        raise Refused("forbidden_order")


def record(tx: Tx, kind: str, ticket: int | None, window: Window, reason: str) -> None:
    shift = tx.get(Shift, window.shift) if window.shift is not None else None
    tx.insert(
        OutOfOrder, day=tx.day, at=tx.now, kind=kind, actor=tx.actor, window=window.no,
        person=shift.person if shift else None, ticket=ticket, reason=reason.strip(),
    )  # fmt: skip
    tx.log(out_of_order=ticket)


def listed(db: Reads, *, since: str, until: str, department: str | None = None) -> list[dict[str, Any]]:
    """`department`: what its windows did, and no other's."""
    names = ("id", "at", "kind", "actor", "window", "reason", "person", "number", "service", "department")
    rows = [dict(zip(names, row, strict=True)) for row in db.values(LISTED, since=since, until=until)]
    for row in rows:
        row["person"] = row["person"] or name_of_actor(db, row["actor"])  # given at no window
    return [row for row in rows if department in (None, row["department"])]


