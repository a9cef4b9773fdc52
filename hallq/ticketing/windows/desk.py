"""What every verb of a window shares: who may press, how a visit begins and ends, what an undo goes back to.

A command changes its window's row exactly once, through `changed`, so the version counts commands.
"""

from __future__ import annotations

import json
from typing import Any

from hallq.kernel import SECOND, Reads, Refused, Tx, iso, must_exist
from hallq.ticketing import rules
from hallq.ticketing.model import CALLED, FINISHED, Pause, Shift, Ticket, Visit, Window, Zone
from hallq.ticketing.opening import emergency, outages
from hallq.ticketing.waiting import measured, needs, queue


def at(tx: Reads, no: str, seen: int | None, *, staffed: bool = True) -> Window:
    """The window, as the presser saw it. Raises Refused: not_found, stale, not_signed_in, window_closed."""
    window = must_exist(tx.get(Window, no), "window", no)
    if seen is not None and seen != window.version:
        raise Refused("stale", version=window.version)
    if staffed and window.shift is None:
        must_not_be_closed(tx, window)
        raise Refused("not_signed_in", window=no)
    return window


def must_not_be_closed(tx: Reads, window: Window) -> None:
    """B14: while a form keeps it closed, nobody signs in and nobody is called there."""
    if window.closed is not None:
        until = iso(window.closed_until, tx.rules.timezone)
        raise Refused("window_closed", window=window.no, until=until, to=window.closed_to, why=window.closed)


def its_ticket(tx: Reads, window: Window) -> Ticket:
    """Called or serving here. Raises Refused("wrong_state")."""
    ticket = None if window.ticket is None else tx.get(Ticket, window.ticket)
    if ticket is None:
        raise Refused("wrong_state", state=None)
    return ticket


def its_visit(tx: Reads, window: Window) -> Visit:
    visit = tx.get(Visit, window.visit)
    assert visit is not None
    return visit


def must_be_free(tx: Reads, window: Window) -> None:
    if window.ticket is not None:
        raise Refused("ticket_open", ticket=window.ticket)


def must_not_pause(tx: Reads, window: Window) -> None:
    if window.pause is not None:
        raise Refused("paused")


def changed(tx: Tx, window: Window, **changes: Any) -> Window:
    return tx.update(window, version=window.version + 1, **changes)


def open_visit(
    tx: Tx, window: Window, ticket: Ticket, *, key: str = "v.call", queued: bool = True
) -> tuple[Ticket, Visit]:
    """Call the ticket here. `queued`: it comes out of the queue, so by the green channel it overtakes others.
    `key`: what is announced; empty: nothing."""
    emergency.must_be_off(tx)
    shift = tx.get(Shift, window.shift)
    passed = queue.passing(tx, window.no, ticket) if ticket.green and queued else []
    called = queue.move(
        tx, ticket, day=tx.day, state=rules.after("call", ticket.state), window=window.no, park_kind="", calls=1,
        called_at=tx.now, last_called_at=tx.now, started_at=None, any_window=None, return_by=None,
    )  # fmt: skip
    assert called.id is not None
    visit = tx.insert(
        Visit, day=tx.day, ticket=called.id, window=window.no, person=shift.person if shift else None,
        service=called.service, green=bool(called.green) and queued, arrival=called.arrival, called_at=tx.now,
        gap=measured.gap(window, shift, called, tx.now) if queued else None,
    )  # fmt: skip
    assert visit.id is not None
    queue.overtake(tx, passed, called, visit.id)
    if called.needs:
        needs.called(tx, called, window)
    if key:
        announce(tx, key, called, window, ref=f"visit/{visit.id}/1")
    return called, visit


def close_visit(tx: Tx, window: Window, ticket: Ticket, end: str, /, **changes: Any) -> Ticket:
    """End the visit that is open here; `changes` are the ticket's. The window is still to be freed."""
    visit = its_visit(tx, window)
    away = end_pause(tx, window) if window.pause is not None else 0
    started = visit.started_at
    if end == "finished" and started is None:
        started = visit.called_at
    outage = visit.outage + outages.running(tx, started or visit.called_at)
    ended = tx.update(visit, end=end, ended_at=tx.now, started_at=started, away=visit.away + away, outage=outage)
    measured.visit_ended(tx, ended, ticket)
    if ticket.needs:
        needs.over(tx, ticket)
        if changes.get("state") == FINISHED:
            needs.see_off(tx, ticket, window)
    return queue.move(tx, ticket, **changes)


def freed(tx: Tx, window: Window) -> dict[str, Any]:
    """A window's columns without its visit. The shift of an earlier day, or at a window that was closed meanwhile, ends
    with its last visit."""
    columns = {"ticket": None, "visit": None, "pause": None, "outage": False, "undo": "", "freed_at": tx.now,
               "sent_for_papers": None}  # fmt: skip
    shift = tx.get(Shift, window.shift) if window.shift is not None else None
    if shift is not None and (shift.day != tx.day or window.closed is not None):
        tx.update(shift, ended_at=tx.now, ended_by="closed" if window.closed else "day_end")
        columns["shift"] = None
    return columns


def end_pause(tx: Tx, window: Window) -> int:
    """End the pause or away that is open here; its length without outages, in ms."""
    pause = tx.get(Pause, window.pause)
    assert pause is not None
    pause = tx.update(pause, ended_at=tx.now, outage=pause.outage + outages.running(tx, pause.since))
    return max(0, tx.now - pause.since - pause.outage)


def announce(tx: Tx, key: str, ticket: Ticket, window: Window, *, ref: str) -> None:
    zone = tx.get(Zone, window.zone)
    words = {"key": key, "no": ticket.number, "win": window.no}
    if zone is not None:
        words["floor"] = str(zone.floor)
    tx.effect("speak", window.zone, words, lasts=tx.rules.announce_s * SECOND, ref=ref)


# -- undo


def memo(tx: Tx, verb: str, window: Window, **shown: Any) -> str:
    """What this command did to tickets and visits, so that `undo` can put back exactly what was there.
    `shown`: what a display says of it meanwhile."""
    rows: dict[tuple[str, Any], tuple[Any, Any]] = {}
    for change in tx.changes:
        if change.model in (Ticket, Visit):
            key = (change.model.__name__, change.after.id)
            rows[key] = (rows[key][0] if key in rows else change.before, change.after)
    steps = [[name, key, _differences(before, after), _where(after)] for (name, key), (before, after) in rows.items()]
    until = tx.now + tx.rules.undo_s * SECOND
    done = {"verb": verb, "until": until, "ticket": window.ticket, "visit": window.visit, "steps": steps}
    return json.dumps(done | shown)


def _differences(before: Any, after: Any) -> dict[str, Any] | None:
    """The fields that changed, as they were; None for a new row."""
    if before is None:
        return None
    return {name: getattr(before, name) for name in after._fields if getattr(before, name) != getattr(after, name)}


def _where(row: Any) -> list[Any]:
    """By what `undo` sees that nobody has moved the row since."""
    return [row.state, row.window] if hasattr(row, "state") else [row.end]


def undo(tx: Tx, *, window: str, seen: int | None = None) -> Ticket:
    """Take back the last call, finish, no-show or transfer of this window. Raises Refused("undo_expired")."""
    row = at(tx, window, seen)
    must_not_pause(tx, row)
    done = json.loads(row.undo or "{}")
    if not done or tx.now > done["until"]:
        raise Refused("undo_expired")
    for name, key, before, where in reversed(done["steps"]):
        _put_back(tx, row, Ticket if name == "Ticket" else Visit, key, before, where)
    changed(tx, row, ticket=done["ticket"], visit=done["visit"], undo="")
    tx.log(undone=done["verb"])
    ticket = tx.get(Ticket, done["ticket"] or next(key for name, key, *_ in done["steps"] if name == "Ticket"))
    assert ticket is not None
    return ticket


def _put_back(
    tx: Tx, window: Window, model: type[Any], key: int, before: dict[str, Any] | None, where: list[Any]
) -> None:
    found = tx.get(model, key)
    if found is None or _where(found) != where:
        raise Refused("undo_expired")
    if model is Ticket:
        put = queue.move(tx, found, **(before or {}))
        if found.state == CALLED and put.state != CALLED:
            announce(tx, "v.undo", put, window, ref=f"undo/{key}")
    else:
        measured.visit_reopened(tx, found)
        tx.update(found, **(before if before is not None else {"end": "undone", "ended_at": tx.now}))
        if before is None:
            queue.not_overtaken(tx, key)
