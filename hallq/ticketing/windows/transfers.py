"""A visit goes on elsewhere, without a new number and at its own place: at another service, window or clerk (A17-A19).

A ticket that is addressed to a window or a clerk waits there alone; when nobody is there, any window may call it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy import text as sql
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.kernel import SECOND, Reads, Refused, Tx
from hallq.ticketing import rules
from hallq.ticketing.model import (
    CANCELLED,
    FINISHED,
    NO_SHOW,
    Notice,
    Person,
    Service,
    Ticket,
    Visit,
    Window,
    WindowService,
)
from hallq.ticketing.told import tell
from hallq.ticketing.waiting import out_of_order, queue
from hallq.ticketing.windows import desk, shifts

POSITIONS = frozenset({"arrival", "front", "end"})
MOST_STOPS = 5  # services that follow in one visit
UNCALLED: dict[str, int | None] = {
    "window": None, "calls": 0, "called_at": None, "last_called_at": None, "started_at": None
}  # fmt: skip
FIRST_ARRIVAL = select(func.min(col(Ticket.arrival))).where(
    col(Ticket.service) == bindparam("service"),
    col(Ticket.state) == queue.IS_WAITING,
    col(Ticket.green) == bindparam("green"),
)
SERVED_BY = (
    select(col(Window.no))
    .join(WindowService, col(WindowService.window) == Window.no)
    .join(Service, col(Service.code) == WindowService.service)
    .where(col(WindowService.service) == bindparam("service"), col(Window.active), col(Service.active))
)
OFFERED_AT = (
    select(col(WindowService.service))
    .join(Service, col(Service.code) == WindowService.service)
    .where(col(WindowService.window) == bindparam("window"), col(Service.active))
    .order_by(col(WindowService.rank), col(WindowService.service))
)
ADDRESSED = rows_of(Ticket).where(
    sql("state = 'waiting' AND (for_window IS NOT NULL OR for_person IS NOT NULL)")  # the words of its index
)
SENT_ABOUT = (
    rows_of(Notice)
    .join(Ticket, col(Ticket.id) == Notice.ticket)
    .where(
        col(Notice.done_at).is_(None),
        col(Notice.key).startswith("pingpong/"),
        col(Ticket.state).in_([literal_column(f"'{state}'") for state in (FINISHED, NO_SHOW, CANCELLED)]),
    )
)
MOVERS = (
    select(col(Visit.window), col(Visit.person), col(Person.name))
    .join(Person, col(Person.id) == Visit.person)
    .where(col(Visit.ticket) == bindparam("ticket"), col(Visit.end) == literal_column("'transferred'"))
    .order_by(col(Visit.id))
)


def transfer(
    tx: Tx,
    *,
    window: str,
    service: str | None = None,
    to_window: str | None = None,
    clerk: int | None = None,
    position: str = "arrival",
    then: Sequence[str] = (),
    reason: str = "",
    allowed: bool = False,
    seen: int | None = None,
) -> Ticket:
    """On to another service, window or clerk: at the ticket's own place, at the end, or in front, which needs a right
    and a reason."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("transfer", ticket.state)
    if position == "front":
        out_of_order.must_be_allowed(allowed, reason)
        out_of_order.record(tx, "front", ticket.id, row, reason)
    to = to_window if clerk is None else _post_of(tx, clerk)
    target = _at_clerk(tx, ticket, service, to) if clerk is not None else _target(tx, ticket, service, to)
    arrival = _arrival(tx, ticket, target, position)
    moved = desk.close_visit(
        tx, row, ticket, "transferred", state=state, service=target, for_window=to, for_person=clerk, arrival=arrival,
        moves=ticket.moves + 1, then=joined(stops_after(tx, ticket, then)),
        cases_done=ticket.cases_done if target == ticket.service else None, **UNCALLED,
    )  # fmt: skip
    shown = {} if to is None else {"onward": (ticket.number, to)}
    desk.changed(tx, row, **desk.freed(tx, row) | {"undo": desk.memo(tx, "transfer", row, **shown)})
    if to is not None:
        _say_where(tx, row, moved, to)
    _watch(tx, moved)
    return moved


def settle_addressed(tx: Tx) -> None:
    """Who waits for one clerk follows that clerk; who waits for a window or a clerk that is gone waits for any. And
    the alarm of a number that was sent about ends with it."""
    for ticket in tx.find(ADDRESSED):
        window = _still_at(tx, ticket)
        if window != ticket.for_window:
            tx.update(ticket, for_window=window)
    for notice in tx.find(SENT_ABOUT):  # the number is served, or its citizen has gone
        tx.update(notice, done_at=tx.now, done_by=tx.actor, why="alw.over")


def stops_after(db: Reads, ticket: Ticket, added: Sequence[str] = ()) -> list[str]:
    """What follows after the present service, with what a clerk adds. Raises Refused("invalid")."""
    known = [stop for stop in (ticket.then or "").split(",") if stop and _served(db, stop)]
    return checked_stops(db, [*known, *added])


def checked_stops(db: Reads, stops: Sequence[str]) -> list[str]:
    if len(stops) > MOST_STOPS or not all(_served(db, stop) for stop in stops):
        raise Refused("invalid", field="then")
    return list(stops)


def _served(db: Reads, service: str) -> bool:
    return bool(db.values(SERVED_BY, service=service))


def joined(stops: Sequence[str]) -> str | None:
    return ",".join(stops) or None


def _post_of(db: Reads, clerk: int) -> str:
    """The window where the clerk is signed in now."""
    shift = db.first(shifts.OPEN_SHIFT, person=clerk)
    if shift is None:
        person = db.get(Person, clerk)
        raise Refused("clerk_absent", name=person.name if person is not None else str(clerk))
    return shift.window


def _at_clerk(db: Reads, ticket: Ticket, service: str | None, window: str | None) -> str:
    """The service that was asked for, the ticket's own, or else the first one of the clerk's window."""
    offered = [code for (code,) in db.values(OFFERED_AT, window=window)]
    wanted = service or (ticket.service if ticket.service in offered else next(iter(offered), None))
    if wanted not in offered:
        raise Refused("invalid", field="service")
    return wanted


def _target(tx: Reads, ticket: Ticket, service: str | None, window: str | None) -> str:
    """The service that the ticket goes to. Raises Refused("invalid")."""
    if service is None and window is None:
        raise Refused("invalid", field="service")
    target = service if service is not None else ticket.service
    served_by = {no for (no,) in tx.values(SERVED_BY, service=target)}
    if service is not None and not served_by:
        raise Refused("invalid", field="service")
    if window is not None and window not in served_by:
        raise Refused("invalid", field="window")
    to = None if window is None else tx.get(Window, window)
    if to is not None:
        desk.must_not_be_closed(tx, to)
    return target


def _arrival(tx: Reads, ticket: Ticket, service: str, position: str) -> int:
    if position not in POSITIONS:
        raise Refused("invalid", field="position")
    if position == "end":
        return tx.now
    if position == "arrival":
        return ticket.arrival
    [(first,)] = tx.values(FIRST_ARRIVAL, service=service, green=ticket.green)
    return ticket.arrival if first is None else min(ticket.arrival, first - 1)


def _still_at(db: Reads, ticket: Ticket) -> str | None:
    no = ticket.for_window
    if ticket.for_person is not None:
        shift = db.first(shifts.OPEN_SHIFT, person=ticket.for_person)
        no = shift.window if shift is not None else None
    window = db.get(Window, no) if no is not None else None
    there = window is not None and window.active and window.shift is not None and not window.closed
    return no if there and db.get(WindowService, no, ticket.service) is not None else None


def _say_where(tx: Tx, window: Window, ticket: Ticket, to: str) -> None:
    """A24: the fixed phrase, said where the citizen sits."""
    words = {"key": "v.onward", "no": ticket.number, "win": to}
    tx.effect("speak", window.zone, words, lasts=tx.rules.announce_s * SECOND, ref=f"transfer/{ticket.id}")


def _watch(tx: Tx, ticket: Ticket) -> None:
    """A18: sent from window to window. The office is told who sent it, each time again."""
    if ticket.moves < tx.rules.pingpong_moves:
        return
    movers = tx.values(MOVERS, ticket=ticket.id)
    detail = {
        "no": ticket.number, "n": ticket.moves, "steps": " → ".join(f"{no} {name}" for no, _, name in movers),
        "clerks": [{"id": person, "name": name, "window": no} for no, person, name in movers],
    }  # fmt: skip
    tell(
        tx, f"pingpong/{ticket.id}", "visit.pingpong", detail, kind="alarm", audience="office", rank=2, level="alarm",
        ticket=ticket.id,
    )  # fmt: skip
