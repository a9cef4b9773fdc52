"""Midnight and outages: what stays with its window, what ends, and what no figure may count."""

from __future__ import annotations

from sqlalchemy import bindparam, literal_column, or_
from sqlmodel import col, select

from hallq.kernel import Ms, Refused, Tx
from hallq.ticketing import rules
from hallq.ticketing.model import Outage, Shift, Ticket, Window
from hallq.ticketing.opening import outages
from hallq.ticketing.tickets import holders
from hallq.ticketing.waiting import measured, queue
from hallq.ticketing.windows import desk, shifts
from hallq.ticketing.windows.transfers import UNCALLED

LEFT_WAITING = select(Ticket).where(
    col(Ticket.state) == literal_column("'waiting'"), col(Ticket.day) < bindparam("day")
)
LEFT_PARKED = select(Ticket).where(
    col(Ticket.state) == literal_column("'parked'"),
    col(Ticket.day) < bindparam("day"),
    or_(col(Ticket.return_by).is_(None), col(Ticket.return_by) < bindparam("day")),  # who fetches papers may return
)
STAFFED = select(Window).where(col(Window.shift).is_not(None))


def day_change(tx: Tx) -> int:
    """At the hall's midnight: who still waits ends as cancelled, shifts without a visit end. Visits go on; their
    shifts end with them. Returns how many tickets were left over."""
    left = tx.find(LEFT_WAITING, day=tx.day) + tx.find(LEFT_PARKED, day=tx.day)
    for ticket in left:
        state = rules.after("cancel", ticket.state)
        queue.move(tx, ticket, state=state, ended_by="day_end", finished_at=tx.now)
    holders.forget(tx)
    for window in tx.find(STAFFED):
        _end_of_day(tx, window)
    measured.learn_day(tx)
    tx.log(day=tx.day, left=len(left))
    return len(left)


def recover(tx: Tx, *, since: Ms, until: Ms) -> Outage:
    """The hub was down: this time counts nowhere, and each clerk with an open visit is asked whether it goes on."""
    for window in tx.find(outages.BUSY):
        desk.changed(tx, window, outage=True)
    return outages.stand_still(tx, since=since, until=until)


def continue_visit(tx: Tx, *, window: str, seen: int | None = None) -> Window:
    """The visit that was open before the outage goes on."""
    return desk.changed(tx, _interrupted(tx, window, seen), outage=False)


def return_visit(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    """Its citizen is gone or must wait again: the ticket goes back to its exact place."""
    row = _interrupted(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("return", ticket.state)
    ticket = desk.close_visit(tx, row, ticket, "returned", state=state, **UNCALLED)
    desk.changed(tx, row, **desk.freed(tx, row))
    return ticket


def _interrupted(tx: Tx, window: str, seen: int | None) -> Window:
    row = desk.at(tx, window, seen)
    if not row.outage:
        raise Refused("wrong_state", state=None)
    return row


def _end_of_day(tx: Tx, window: Window) -> None:
    shift = tx.get(Shift, window.shift)
    if window.ticket is None and shift is not None and shift.day < tx.day:
        shifts.end_shift(tx, window, "day_end")
    elif window.undo:
        desk.changed(tx, window, undo="")
