"""What a citizen does on the own phone: ask for more time, or leave. The token of the slip's code is the only key.

Asked for more time, the ticket goes behind the next few of its line who wait behind it: nobody else loses by it, and it
is no missed call. Each ticket may `postpone_times`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, literal_column, or_, select, tuple_
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing import rules
from hallq.ticketing.model import CALLED, PARKED, WAITING, Shift, Ticket, Window
from hallq.ticketing.opening import emergency
from hallq.ticketing.tickets import issue
from hallq.ticketing.told import tell
from hallq.ticketing.waiting import queue
from hallq.ticketing.windows import desk
from hallq.ticketing.windows.transfers import UNCALLED

BY_TOKEN = rows_of(Ticket).where(
    col(Ticket.phone_token) == bindparam("token"),
    col(Ticket.phone_token) != literal_column("''"),  # the words of its index
    or_(col(Ticket.day) == bindparam("day"), col(Ticket.state) == PARKED),  # who may return
)
BEHIND = (
    select(col(Ticket.arrival))
    .where(
        col(Ticket.service) == bindparam("service"),
        col(Ticket.state) == queue.IS_WAITING,
        col(Ticket.green) == bindparam("green"),
        tuple_(col(Ticket.arrival), col(Ticket.id)) > tuple_(bindparam("arrival"), bindparam("ticket")),
    )
    .order_by(col(Ticket.arrival), col(Ticket.id))
    .limit(bindparam("most"))
)


def of_token(db: Reads, *, token: str) -> Ticket | None:
    return db.first(BY_TOKEN, token=token, day=db.day)


def may_postpone(db: Reads, ticket: Ticket) -> bool:
    """Whether it is offered: nobody is asked to press what would be refused."""
    left = (ticket.postponed or 0) < db.rules.postpone_times
    return left and ticket.state in (WAITING, CALLED) and bool(_behind(db, ticket)) and not emergency.on(db)


def postpone(tx: Tx, *, token: str, from_staff: bool = False) -> Ticket:
    """Raises Refused: not_found, wrong_state, postponed_before, nobody_behind, emergency."""
    ticket = _its(tx, token, from_staff)
    state = rules.after("postpone", ticket.state)
    emergency.must_be_off(tx)
    times = ticket.postponed or 0
    if times >= tx.rules.postpone_times:
        raise Refused("postponed_before", times=times)
    behind = _behind(tx, ticket)
    if not behind:
        raise Refused("nobody_behind")
    moved: dict[str, Any] = {"state": state, "arrival": behind[-1] + 1, "postponed": times + 1}
    return _give_back(tx, ticket, moved) if ticket.state == CALLED else queue.move(tx, ticket, **moved)


def leave(tx: Tx, *, token: str, from_staff: bool = False) -> Ticket:
    """The own number is given up while it waits. Raises Refused: not_found, wrong_state."""
    ticket = _its(tx, token, from_staff)
    if ticket.state != WAITING:
        raise Refused("wrong_state", state=ticket.state)
    assert ticket.id is not None
    return issue.cancel(tx, ticket=ticket.id, why="citizen")


def _its(tx: Tx, token: str, from_staff: bool) -> Ticket:
    ticket = of_token(tx, token=token)
    if ticket is None:
        raise Refused("not_found", what="ticket")
    if from_staff:  # a slip lies about: a look at the journal tells where such a press came from
        tx.log(from_staff=True)
    return ticket


def _behind(db: Reads, ticket: Ticket) -> list[int]:
    """Arrivals of the next ones of its line behind it."""
    rows = db.values(
        BEHIND, service=ticket.service, green=ticket.green, arrival=ticket.arrival, ticket=ticket.id,
        most=db.rules.postpone_behind,
    )  # fmt: skip
    return [arrival for (arrival,) in rows]


def _give_back(tx: Tx, ticket: Ticket, moved: dict[str, Any]) -> Ticket:
    """Called already: the window is free at once, and its clerk is told why."""
    window = tx.get(Window, ticket.window)
    assert window is not None
    shift = tx.get(Shift, window.shift) if window.shift is not None else None
    waiting = desk.close_visit(tx, window, ticket, "returned", **UNCALLED | moved)
    desk.changed(tx, window, **desk.freed(tx, window))
    if shift is not None:
        key, facts = f"postponed/{ticket.id}", {"no": ticket.number}
        tell(tx, key, "ph.clerkTold", facts, kind="message", person=shift.person, window=window.no)
    return waiting
