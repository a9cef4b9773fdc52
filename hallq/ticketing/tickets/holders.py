"""One open ticket per person and service, known by a keyed hash of the ID number: the number itself never comes here.

The row goes when its ticket ends, and at the day's end.
"""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing.model import Holder, Service, Ticket
from hallq.ticketing.waiting import queue

ALL = select(Holder)
HELD_BY = (
    select(Ticket).join(Holder, col(Holder.ticket) == Ticket.id).where(col(Holder.key) == bindparam("key"))
)  # fmt: skip


def must_have_none(db: Reads, service: Service, key: str) -> None:
    """Raises Refused("already_waiting") with the number that this person holds for the service."""
    for ticket in db.find(HELD_BY, key=key):
        if service.code in (ticket.service, *(ticket.then or "").split(",")):
            raise Refused("already_waiting", number=ticket.number, ahead=queue.ahead(db, ticket), service=service.name)


def hold(tx: Tx, ticket: Ticket, key: str) -> None:
    tx.insert(Holder, ticket=ticket.id, service=ticket.service, key=key)


def forget(tx: Tx) -> None:
    for holder in tx.find(ALL):
        tx.delete(holder)
