"""A clerk's verbs: call, recall, start, finish, no-show, park, transfer. Two presses a visit are enough."""

from __future__ import annotations

from sqlalchemy import bindparam, distinct, func, literal_column, select
from sqlmodel import col

from hallq.kernel import SECOND, Reads, Refused, Tx
from hallq.ticketing import desk, queue, rules
from hallq.ticketing.model import PARKED, WAITING, Service, Shown, Ticket, Visit, Window, WindowService

PARK_KINDS = frozenset({"", "papers", "kept", "step"})
POSITIONS = frozenset({"arrival", "front", "end"})
SHOWN_CALLS = select(func.count(distinct(col(Shown.n)))).where(
    col(Shown.ref) == bindparam("visit"), col(Shown.what) == literal_column("'call'")
)
FIRST_ARRIVAL = (
    select(func.min(col(Ticket.arrival)))
    .where(
        col(Ticket.service) == bindparam("service"),
        col(Ticket.state) == queue.IS_WAITING,
        col(Ticket.green) == bindparam("green"),
    )
)  # fmt: skip
SERVED_BY = (
    select(col(Window.no))
    .join(WindowService, col(WindowService.window) == Window.no)
    .join(Service, col(Service.code) == WindowService.service)
    .where(col(WindowService.service) == bindparam("service"), col(Window.active), col(Service.active))
)


def call_next(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    desk.must_not_pause(tx, row)
    called = _call_next(tx, row)
    if called is None:
        raise Refused("nobody_waiting")
    ticket, visit = called
    desk.changed(tx, row, ticket=ticket.id, visit=visit.id, undo=desk.memo(tx, "call", row))
    return ticket


def call(tx: Tx, *, window: str, ticket: int, reason: str = "", seen: int | None = None) -> Ticket:
    """Call back one that was parked here, or one out of the queue's order, which needs a reason."""
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    desk.must_not_pause(tx, row)
    chosen = _chosen(tx, row, ticket)
    parked = chosen.state == PARKED
    if not parked:
        if not reason.strip():
            raise Refused("invalid", field="reason")
        tx.log(out_of_order=ticket, reason=reason.strip())
    called, visit = desk.open_visit(tx, row, chosen, key="v.back" if parked else _key(chosen), queued=not parked)
    desk.changed(tx, row, ticket=called.id, visit=visit.id, undo=desk.memo(tx, "call", row))
    return called


def recall(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    rules.after("recall", ticket.state)
    visit = desk.its_visit(tx, row)
    if visit.calls >= tx.rules.max_calls:
        raise Refused("wrong_state", state=ticket.state, calls=visit.calls)
    calls = visit.calls + 1
    tx.update(visit, calls=calls)
    ticket = tx.update(ticket, calls=calls, last_called_at=tx.now)
    desk.announce(tx, "v.last" if calls == 3 else "v.recall", ticket, row, ref=f"visit/{visit.id}/{calls}")
    desk.changed(tx, row)
    return ticket


def start(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    """The citizen sits down. From here nothing before it can be undone."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("start", ticket.state)
    tx.update(desk.its_visit(tx, row), started_at=tx.now, outage=0)  # what was before is no part of the handling
    ticket = tx.update(ticket, state=state, started_at=tx.now)
    desk.changed(tx, row, undo="")
    return ticket


def finish(tx: Tx, *, window: str, next: bool = False, outcome: str | None = None, seen: int | None = None) -> Ticket:
    """The ticket that is called now, with `next` and if anyone waits; else the finished one."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("finish", ticket.state)
    started = ticket.started_at if ticket.started_at is not None else ticket.called_at
    shown = desk.close_visit(
        tx, row, ticket, "finished", state=state, started_at=started, finished_at=tx.now, outcome=outcome or ""
    )
    columns = desk.freed(tx, row)
    called = _call_next(tx, row) if next and "shift" not in columns else None
    if called is not None:
        shown = called[0]
        columns |= {"ticket": called[0].id, "visit": called[1].id}
    desk.changed(tx, row, **columns | {"undo": desk.memo(tx, "finish", row)})
    return shown


def no_show(tx: Tx, *, window: str, unproved: bool = False, seen: int | None = None) -> Ticket:
    """Nobody came. Not before enough calls were really shown or spoken; where a window has nothing that could prove
    it (`unproved`), the presses count. Raises Refused("too_early", seconds, calls: still missing)."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("no_show", ticket.state)
    visit = desk.its_visit(tx, row)
    if not tx.rules.always_open:
        calls = visit.calls if unproved else shown_calls(tx, visit)
        _must_have_waited(tx, visit, calls)
    ticket = desk.close_visit(tx, row, ticket, "no_show", state=state, finished_at=tx.now)
    desk.changed(tx, row, **desk.freed(tx, row) | {"undo": desk.memo(tx, "no_show", row)})
    return ticket


def park(tx: Tx, *, window: str, kind: str = "", seen: int | None = None) -> Ticket:
    """Set the visit aside; the ticket stays with this window and keeps its place."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("park", ticket.state)
    if kind not in PARK_KINDS:
        raise Refused("invalid", field="kind")
    ticket = desk.close_visit(tx, row, ticket, "parked", state=state, park_kind=kind)
    desk.changed(tx, row, **desk.freed(tx, row))
    return ticket


def transfer(
    tx: Tx,
    *,
    window: str,
    service: str | None = None,
    to_window: str | None = None,
    position: str = "arrival",
    seen: int | None = None,
) -> Ticket:
    """On to another service or window, without taking a new number: at its own place, in front, or at the end."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("transfer", ticket.state)
    target = _target(tx, ticket, service, to_window)
    arrival = _arrival(tx, ticket, target, position)
    ticket = desk.close_visit(
        tx, row, ticket, "transferred", state=state, service=target, for_window=to_window, arrival=arrival,
        moves=ticket.moves + 1, **UNCALLED,
    )  # fmt: skip
    desk.changed(tx, row, **desk.freed(tx, row) | {"undo": desk.memo(tx, "transfer", row)})
    return ticket


UNCALLED: dict[str, int | None] = {
    "window": None, "calls": 0, "called_at": None, "last_called_at": None, "started_at": None
}  # fmt: skip


def shown_calls(db: Reads, visit: Visit) -> int:
    """Calls of the visit that a device really showed or spoke."""
    [(count,)] = db.values(SHOWN_CALLS, visit=visit.id)
    return count


def _call_next(tx: Tx, window: Window) -> tuple[Ticket, Visit] | None:
    key = queue.next_at(tx, window.no)
    ticket = None if key is None else tx.get(Ticket, key)
    return None if ticket is None else desk.open_visit(tx, window, ticket, key=_key(ticket))


def _key(ticket: Ticket) -> str:
    return "v.transfer" if ticket.moves else "v.call"


def _chosen(tx: Tx, window: Window, key: int) -> Ticket:
    ticket = tx.get(Ticket, key)
    if ticket is None:
        raise Refused("not_found", what="ticket", id=key)
    rules.after("call", ticket.state)
    if ticket.state == PARKED and ticket.window != window.no:
        raise Refused("wrong_state", state=PARKED, window=ticket.window)
    if ticket.state == WAITING:
        elsewhere = ticket.for_window not in (None, window.no)
        if elsewhere or tx.get(WindowService, window.no, ticket.service) is None:
            raise Refused("invalid", field="ticket")
    return ticket


def _must_have_waited(tx: Tx, visit: Visit, calls: int) -> None:
    missing = max(0, tx.rules.no_show_calls - calls)
    rest = visit.called_at + tx.rules.no_show_wait_s * SECOND - tx.now
    if missing or rest > 0:
        raise Refused("too_early", seconds=max(0, -(-rest // SECOND)), calls=missing)


def _target(tx: Tx, ticket: Ticket, service: str | None, window: str | None) -> str:
    """The service that the ticket goes to. Raises Refused("invalid")."""
    if service is None and window is None:
        raise Refused("invalid", field="service")
    target = service if service is not None else ticket.service
    served_by = {no for (no,) in tx.values(SERVED_BY, service=target)}
    if service is not None and not served_by:
        raise Refused("invalid", field="service")
    if window is not None and window not in served_by:
        raise Refused("invalid", field="window")
    return target


def _arrival(tx: Tx, ticket: Ticket, service: str, position: str) -> int:
    if position not in POSITIONS:
        raise Refused("invalid", field="position")
    if position == "end":
        return tx.now
    if position == "arrival":
        return ticket.arrival
    [(first,)] = tx.values(FIRST_ARRIVAL, service=service, green=ticket.green)
    return ticket.arrival if first is None else min(ticket.arrival, first - 1)
