"""Who is signed in where. One person at one window, one window for one person; and who may serve at which (J06)."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.model import Cover, Person, Shift, Skill, Window, WindowService
from hallq.ticketing.windows import desk

OPEN_SHIFT = select(Shift).where(col(Shift.person) == bindparam("person"), col(Shift.ended_at).is_(None))
SKILLED = (
    select(WindowService)
    .join(Skill, col(Skill.service) == WindowService.service)
    .where(
        col(WindowService.window) == bindparam("window"),
        col(WindowService.until_day).is_(None),
        col(Skill.person) == bindparam("person"),
    )
)
SKILLS = select(Skill).where(col(Skill.person) == bindparam("person"))
AT_HOME = select(WindowService).where(
    col(WindowService.window) == bindparam("home"), col(WindowService.until_day).is_(None)
)


def sign_in(tx: Tx, *, window: str, person: int, seen: int | None = None) -> Shift:
    """Begin a shift; the same person again gets the one that is open."""
    row = desk.at(tx, window, seen, staffed=False)
    open_shift = _open_shift(tx, person)
    if open_shift is not None and open_shift.window == window:
        return open_shift
    _must_be_allowed(tx, row, person)
    if row.shift is not None:
        raise Refused("window_taken", window=window)
    if open_shift is not None:
        raise Refused("signed_in_elsewhere", window=open_shift.window)
    return _begin(tx, row, person)


def take_over(tx: Tx, *, window: str, person: int, seen: int | None = None) -> Shift:
    """B03: the partner takes a window between two visits; so may a colleague while it is paused. The shift and the
    pause of who was there end."""
    row = desk.at(tx, window, seen)
    open_shift = _open_shift(tx, person)
    if open_shift is not None and open_shift.window == window:
        return open_shift
    _must_be_allowed(tx, row, person)
    desk.must_be_free(tx, row)
    if row.pause is None and row.partner != person:
        raise Refused("window_taken", window=window)
    if open_shift is not None:
        raise Refused("signed_in_elsewhere", window=open_shift.window)
    left = _ended(tx, row, "take_over")
    tx.log(took_over_from=left.person)
    return _begin(tx, row, person)


def sign_out(tx: Tx, *, window: str, why: str = "signed_out", seen: int | None = None) -> Shift:
    row = desk.at(tx, window, seen)
    desk.must_be_free(tx, row)
    return end_shift(tx, row, why)


def end_shift(tx: Tx, window: Window, why: str) -> Shift:
    """End the shift, and the pause with it."""
    shift = _ended(tx, window, why)
    desk.changed(tx, window, shift=None, pause=None, undo="")
    return shift


def can_serve(db: Reads, person: Person, service: str) -> bool:
    return service in serves(db, person)


def serves(db: Reads, person: Person) -> set[str]:
    """B04: what the home window offers, and the person's own skills."""
    skills = {skill.service for skill in db.find(SKILLS, person=person.id)}
    return skills | {offer.service for offer in db.find(AT_HOME, home=person.window)}


def in_term(person: Person, day: str) -> bool:
    """J06: not before the first day, not after a stand-in's last."""
    return (person.from_day or day) <= day <= (person.until_day or day)


def may_serve_at(db: Reads, person: Person, window: Window) -> bool:
    """At home, at another window of one's own department, as its partner, with a skill for one of its services, or by
    the office's word for today."""
    if window.no == person.window or window.partner == person.id:
        return True
    home = None if person.window is None else db.get(Window, person.window)
    department = person.department or (home.department if home else None)
    if department == window.department or db.first(SKILLED, window=window.no, person=person.id) is not None:
        return True
    return _covers(db, person, window)


def training_due(person: Person, day: str) -> bool:
    """J06: the training is to be renewed before serving at a window that is not the own one."""
    return person.trained_until is not None and person.trained_until < day


def _open_shift(tx: Tx, person: int) -> Shift | None:
    must_exist(tx.get(Person, person), "person", person)
    return tx.first(OPEN_SHIFT, person=person)


def _must_be_allowed(tx: Tx, window: Window, person: int) -> None:
    who = tx.get(Person, person)
    if who is None or not who.active or not window.active:
        raise Refused("forbidden")
    if not may_serve_at(tx, who, window):
        raise Refused("not_qualified", name=who.name, window=window.no)
    if window.no != who.window and training_due(who, tx.day) and not _covers(tx, who, window):
        raise Refused("training_due", name=who.name, until=who.trained_until)
    desk.must_not_be_closed(tx, window)
    if not in_term(who, tx.day):
        raise Refused("not_in_term", since=who.from_day or "–", until=who.until_day or "–")


def _covers(db: Reads, person: Person, window: Window) -> bool:
    cover = db.get(Cover, person.id, window.no)
    return cover is not None and cover.until_day >= db.day


def _begin(tx: Tx, window: Window, person: int) -> Shift:
    shift = tx.insert(Shift, day=tx.day, window=window.no, person=person, started_at=tx.now)
    desk.changed(tx, window, shift=shift.id, pause=None, undo="")
    return shift


def _ended(tx: Tx, window: Window, why: str) -> Shift:
    """The shift and the pause, ended; the window is still to be changed."""
    if window.pause is not None:
        desk.end_pause(tx, window)
    shift = tx.get(Shift, window.shift)
    assert shift is not None
    return tx.update(shift, ended_at=tx.now, ended_by=why)
