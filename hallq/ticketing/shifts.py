"""Who is signed in where. One person at one window, one window for one person."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx
from hallq.ticketing import desk
from hallq.ticketing.model import Person, Shift, Window

OPEN_SHIFT = select(Shift).where(col(Shift.person) == bindparam("person"), col(Shift.ended_at).is_(None))


def sign_in(tx: Tx, *, window: str, person: int, seen: int | None = None) -> Shift:
    """Begin a shift; the same person again gets the one that is open."""
    row = desk.at(tx, window, seen, staffed=False)
    who = tx.get(Person, person)
    if who is None:
        raise Refused("not_found", what="person", id=person)
    open_shift = tx.first(OPEN_SHIFT, person=person)
    if open_shift is not None and open_shift.window == window:
        return open_shift
    if not who.active or not row.active or not _allowed(tx, who, row):
        raise Refused("forbidden")
    if row.shift is not None:
        raise Refused("window_taken", window=window)
    if open_shift is not None:
        raise Refused("signed_in_elsewhere", window=open_shift.window)
    shift = tx.insert(Shift, day=tx.day, window=window, person=person, started_at=tx.now)
    desk.changed(tx, row, shift=shift.id, undo="")
    return shift


def sign_out(tx: Tx, *, window: str, why: str = "signed_out", seen: int | None = None) -> Shift:
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    return end_shift(tx, row, why)


def end_shift(tx: Tx, window: Window, why: str) -> Shift:
    """End the shift, and the pause with it."""
    if window.pause is not None:
        desk.end_pause(tx, window)
    shift = tx.get(Shift, window.shift)
    assert shift is not None
    shift = tx.update(shift, ended_at=tx.now, ended_by=why)
    desk.changed(tx, window, shift=None, pause=None, undo="")
    return shift


def _allowed(db: Reads, person: Person, window: Window) -> bool:
    """At home, or at another window of one's own department."""
    if person.window == window.no:
        return True
    home = None if person.window is None else db.get(Window, person.window)
    department = person.department or (home.department if home else None)
    return department == window.department
