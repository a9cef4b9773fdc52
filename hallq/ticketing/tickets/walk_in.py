"""Somebody is served who was not called: only with a named reason, a number of its own, and on the list (A02)."""

from __future__ import annotations

from hallq.kernel import Refused, Tx
from hallq.ticketing.model import SERVING, Suspension, Ticket, WindowService
from hallq.ticketing.tickets import issue
from hallq.ticketing.waiting import out_of_order
from hallq.ticketing.windows import desk


def walk_in(tx: Tx, *, window: str, service: str, reason: str, seen: int | None = None) -> Ticket:
    """The visit begins at once, and nothing is announced."""
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    desk.must_not_pause(tx, row)
    wanted = issue.service_of(tx, service)
    if tx.get(WindowService, window, service) is None or tx.get(Suspension, service) is not None:
        raise Refused("invalid", field="service")
    if not reason.strip():
        raise Refused("invalid", field="reason")
    ticket = issue.give(tx, wanted, kiosk=None, printer=False, source="walk_in")
    ticket, visit = desk.open_visit(tx, row, ticket, key="", queued=False)
    out_of_order.record(tx, "no_ticket", ticket.id, row, reason)
    tx.update(visit, started_at=tx.now)
    ticket = tx.update(ticket, state=SERVING, started_at=tx.now)
    desk.changed(tx, row, ticket=ticket.id, visit=visit.id, undo="")
    return ticket
