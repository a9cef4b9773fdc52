"""A clerk's verbs: call, recall, start, finish, no-show. Two presses a visit are enough; a visit may have stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, distinct, func, literal_column, select
from sqlmodel import col

from hallq.kernel import SECOND, Reads, Refused, Tx, must_exist
from hallq.ticketing import rules
from hallq.ticketing.model import PARKED, WAITING, Service, Shown, Ticket, Visit, Window, WindowService
from hallq.ticketing.opening import emergency, noon
from hallq.ticketing.waiting import out_of_order, queue
from hallq.ticketing.windows import desk
from hallq.ticketing.windows.transfers import UNCALLED, joined, stops_after

SHOWN_CALLS = select(func.count(distinct(col(Shown.n)))).where(
    col(Shown.ref) == bindparam("visit"), col(Shown.what) == literal_column("'call'")
)


def call_next(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    desk.must_not_pause(tx, row)
    called = _call_next(tx, row)
    if called is None:
        noon.must_not_rest(tx, window)
        raise Refused("nobody_waiting")
    ticket, visit = called
    desk.changed(tx, row, ticket=ticket.id, visit=visit.id, undo=desk.memo(tx, "call", row))
    return ticket


def call(
    tx: Tx, *, window: str, ticket: int, reason: str = "", allowed: bool = False, seen: int | None = None
) -> Ticket:
    """Call back one that was parked here, or one out of the queue's order, which needs a right and a reason."""
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    desk.must_not_pause(tx, row)
    chosen = _chosen(tx, row, ticket)
    parked = chosen.state == PARKED
    if not parked:
        out_of_order.must_be_allowed(allowed, reason)
        out_of_order.record(tx, "chosen", ticket, row, reason)
    kept_at = tx.get(Window, chosen.window) if parked and chosen.window != window else None
    if kept_at is not None:  # it was parked there, for any window
        desk.changed(tx, kept_at)
    called, visit = desk.open_visit(tx, row, chosen, key="v.back" if parked else _key(chosen), queued=not parked)
    desk.changed(tx, row, ticket=called.id, visit=visit.id, undo=desk.memo(tx, "call", row))
    return called


def recall(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    rules.after("recall", ticket.state)
    emergency.must_be_off(tx)
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


def finish(
    tx: Tx,
    *,
    window: str,
    next: bool = False,
    outcome: str | None = None,
    case_no: str | None = None,
    reason: str | None = None,
    then: Sequence[str] = (),
    seen: int | None = None,
) -> Ticket:
    """The ticket that is called now, with `next` and if anyone waits; else the finished one. Where more is to be done
    (A20; `then`: what the clerk adds to it), the visit is finished and the ticket queues again. `outcome`: the kind of
    case (I02), with its number in the approval system and why it was refused or given back."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("finish", ticket.state)
    started = ticket.started_at if ticket.started_at is not None else ticket.called_at
    if outcome or case_no or reason:
        tx.update(desk.its_visit(tx, row), outcome=outcome, case_no=case_no, reason=reason)
    columns = _onward(tx, row, ticket, then) or {"state": state, "started_at": started, "finished_at": tx.now}
    shown = desk.close_visit(tx, row, ticket, "finished", **columns | {"outcome": outcome or ""})
    freed = desk.freed(tx, row)
    called = _call_next(tx, row) if next and "shift" not in freed and not emergency.on(tx) else None
    if called is not None:
        shown = called[0]
        freed |= {"ticket": called[0].id, "visit": called[1].id}
    desk.changed(tx, row, **freed | {"undo": desk.memo(tx, "finish", row)})
    return shown


def no_show(tx: Tx, *, window: str, unproved: bool = False, seen: int | None = None) -> Ticket:
    """Nobody came. Not before enough calls were really shown or spoken; where a window has nothing that could prove
    it (`unproved`), the presses count. Raises Refused("too_early", seconds, calls: still missing)."""
    row = desk.at(tx, window, seen)
    ticket = desk.its_ticket(tx, row)
    state = rules.after("no_show", ticket.state)
    emergency.must_be_off(tx)
    visit = desk.its_visit(tx, row)
    if not tx.rules.always_open:
        calls = visit.calls if unproved else shown_calls(tx, visit)
        _must_have_waited(tx, visit, calls)
    ticket = desk.close_visit(tx, row, ticket, "no_show", state=state, finished_at=tx.now)
    desk.changed(tx, row, **desk.freed(tx, row) | {"undo": desk.memo(tx, "no_show", row)})
    return ticket


def shown_calls(db: Reads, visit: Visit) -> int:
    """Calls of the visit that a device really showed or spoke."""
    [(count,)] = db.values(SHOWN_CALLS, visit=visit.id)
    return count


def _onward(tx: Tx, window: Window, ticket: Ticket, added: Sequence[str]) -> dict[str, Any] | None:
    """What the ticket becomes when it is not done yet: the rest of its cases at the end of the queue, the next service
    at its own place."""
    stops = stops_after(tx, ticket, added)
    again: dict[str, Any] = UNCALLED | {"state": WAITING, "for_window": None, "for_person": None}
    service = tx.get(Service, ticket.service)
    per_call = service.cases_per_call if service is not None else None
    handled, left = rules.cases_of_call(ticket.cases, ticket.cases_done or 0, per_call)
    if left:
        tx.update(desk.its_visit(tx, window), cases=handled)
        return again | {"cases_done": ticket.cases - left, "arrival": tx.now, "then": joined(stops)}
    if ticket.cases_done:
        tx.update(desk.its_visit(tx, window), cases=handled)
    if stops:
        done = (ticket.stops or 0) + 1
        return again | {"service": stops[0], "then": joined(stops[1:]), "stops": done, "cases_done": None}
    return None


def _call_next(tx: Tx, window: Window) -> tuple[Ticket, Visit] | None:
    choice = queue.choice(tx, window.no)
    ticket = None if choice.ticket is None else tx.get(Ticket, choice.ticket)
    if ticket is None:
        return None
    tx.log(order=choice.facts(tx))
    return desk.open_visit(tx, window, ticket, key=_key(ticket))


def _key(ticket: Ticket) -> str:
    return "v.transfer" if ticket.moves or ticket.stops or ticket.cases_done else "v.call"


def _chosen(tx: Tx, window: Window, key: int) -> Ticket:
    ticket = must_exist(tx.get(Ticket, key), "ticket", key)
    rules.after("call", ticket.state)
    offered = tx.get(WindowService, window.no, ticket.service) is not None
    if ticket.state == PARKED and ticket.window != window.no and not (ticket.any_window and offered):
        raise Refused("wrong_state", state=PARKED, window=ticket.window)
    if ticket.state == WAITING:
        elsewhere = ticket.for_window not in (None, window.no)
        if elsewhere or not offered:
            raise Refused("invalid", field="ticket")
    return ticket


def _must_have_waited(tx: Tx, visit: Visit, calls: int) -> None:
    missing = max(0, tx.rules.no_show_calls - calls)
    rest = visit.called_at + visit.outage + tx.rules.no_show_wait_s * SECOND - tx.now
    if missing or rest > 0:
        raise Refused("too_early", seconds=max(0, -(-rest // SECOND)), calls=missing)
