"""The office's hand in posts: pause a window, sign a clerk out, return a ticket, add a service for today, cover a post.

Each is journaled under the office's name, and the clerk is told in words what was done and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.office import messages, stand_ins
from hallq.office.closures import PARKED_HERE
from hallq.office.post_model import Handover
from hallq.ticketing import rules
from hallq.ticketing.lookups import OFFERS_AT
from hallq.ticketing.model import Cover, Person, Service, Shift, Skill, Ticket, Window, WindowService
from hallq.ticketing.windows import desk, pauses, shifts
from hallq.ticketing.windows.transfers import UNCALLED

STAFFED = select(Window).where(col(Window.shift).is_not(None)).order_by(col(Window.ord), col(Window.no))
SIGNED = (  # by who left, and nobody has taken over yet
    select(Handover)
    .where(col(Handover.window) == bindparam("window"), col(Handover.taker).is_(None))
    .order_by(col(Handover.id).desc())
)
LATER = select(Handover).where(
    col(Handover.day) >= bindparam("day"), col(Handover.window) == bindparam("window"),
    col(Handover.id) > bindparam("id"),
)  # fmt: skip
PASSED = select(WindowService).where(col(WindowService.until_day) < bindparam("day"))


# -- at a window


def pause_window(tx: Tx, *, window: str, reason: str, minutes: int | None = None) -> Window:
    """A clerk has left without pausing. With a visit open the same is stepping away."""
    row = desk.at(tx, window, None)
    clerk = _clerk(tx, row)
    verb = pauses.pause if row.ticket is None else pauses.away
    paused = verb(tx, window=window, reason=reason, minutes=minutes)
    messages.tell(tx, clerk, "ms.paused", win=window)
    tx.log(by="office", window=window)
    return paused


def return_ticket(tx: Tx, *, window: str) -> Ticket:
    """The ticket that is open here goes back to its exact place in the queue."""
    row = desk.at(tx, window, None)
    ticket = desk.its_ticket(tx, row)
    clerk = _clerk(tx, row)
    state = rules.after("return", ticket.state)
    returned = desk.close_visit(tx, row, ticket, "returned", state=state, **UNCALLED)
    desk.changed(tx, row, **desk.freed(tx, row))
    messages.tell(tx, clerk, "ms.returned", win=window, no=ticket.number)
    tx.log(by="office", window=window, ticket=ticket.id)
    return returned


def sign_out(tx: Tx, *, window: str, return_ticket_too: bool = False) -> Window:
    """Refused ticket_open while a visit is open, unless its ticket is to return to its place first."""
    row = desk.at(tx, window, None)
    clerk = _clerk(tx, row)
    if row.ticket is not None and return_ticket_too:
        return_ticket(tx, window=window)
        row = desk.at(tx, window, None, staffed=False)
    if row.shift is not None:
        shifts.sign_out(tx, window=window, why="office")
    messages.tell(tx, clerk, "ms.signedOut", win=window)
    tx.log(by="office", window=window)
    return desk.at(tx, window, None, staffed=False)


# -- services for today


def add_service(tx: Tx, *, window: str, service: str) -> WindowService:
    """B04: only what the person who is signed in there can do; it ends tonight. Twice is once."""
    row = desk.at(tx, window, None)
    known = tx.get(Service, service)
    if known is None or not known.active:
        raise Refused("not_found", what="service", id=service)
    offered = tx.find(OFFERS_AT, window=window)
    there = next((each for each in offered if each.service == service), None)
    if there is not None:
        return there
    clerk = tx.get(Person, _clerk(tx, row))
    if clerk is None or not shifts.can_serve(tx, clerk, service):
        raise Refused("no_skill", name=clerk.name if clerk else "", service=known.name)
    rank = max((each.rank for each in offered), default=-1) + 1
    added = tx.insert(WindowService, window=window, service=service, rank=rank, until_day=tx.day)
    messages.tell(tx, clerk.id, "ms.added", win=window, name=known.name, name_en=known.name_en or known.name)
    return added


def drop_service(tx: Tx, *, window: str, service: str) -> None:
    """Takes back what was added for today; what the catalogue says stays."""
    there = tx.get(WindowService, window, service)
    if there is None or there.until_day is None:
        raise Refused("not_found", what="service", id=service)
    tx.delete(there)


def today(db: Reads) -> list[dict[str, Any]]:
    """Each staffed window: what it offers for today alone, and what its clerk could serve beside."""
    return [_today(db, window) for window in db.find(STAFFED)]


def _today(db: Reads, window: Window) -> dict[str, Any]:
    offered = db.find(OFFERS_AT, window=window.no)
    clerk = db.get(Person, _clerk(db, window))
    added = [offer.service for offer in offered if offer.until_day is not None]
    can = [] if clerk is None else sorted(shifts.serves(db, clerk) - {offer.service for offer in offered})
    return {"window": window.no, "clerk": clerk.name if clerk else "", "added": added, "can": can}


def set_skills(tx: Tx, *, person: int, services: list[str]) -> None:
    """B04: what a person may serve beside what the home window offers."""
    if tx.get(Person, person) is None:
        raise Refused("unknown_person")
    for code in services:
        must_exist(tx.get(Service, code), "service", code)
    known = {row.service: row for row in tx.find(shifts.SKILLS, person=person)}
    for code in known.keys() - set(services):
        tx.delete(known[code])
    for code in set(services) - known.keys():
        tx.insert(Skill, person=person, service=code)


def evening(tx: Tx) -> None:
    """What was added for a day that is over."""
    for offer in tx.find(PASSED, day=tx.day):
        tx.delete(offer)


# -- people


@dataclass(frozen=True, slots=True)
class Covered:
    id: int
    staff_no: str


def cover(
    tx: Tx, *, person: int, window: str, reason: str, start: bool = False, staff_no: str | None = None,
    leader: str | None = None,
) -> Covered:  # fmt: skip
    """Today this person may serve at this window (临时顶岗); `start`: signed in at once, taking over where it is
    paused. J06: who does not meet the conditions needs the name of the leader who allows it."""
    who, row = tx.get(Person, person), desk.at(tx, window, None, staffed=False)
    if who is None or not who.active:
        raise Refused("unknown_person")
    if not reason.strip():
        raise Refused("invalid", field="reason")
    missing = stand_ins.lacks(tx, who, row)
    if missing and tx.rules.cover_qualified and not (leader or "").strip():
        raise Refused("cover_unqualified", name=who.name, missing=missing, liftable=True)
    who = who if who.staff_no else tx.update(who, staff_no=staff_no or tx.digits(6))
    old = tx.get(Cover, person, window)
    values = {"until_day": tx.day, "reason": reason.strip(), "by": tx.actor, "at": tx.now}
    values["allowed_by"] = leader.strip() if missing and leader else None
    tx.update(old, **values) if old else tx.insert(Cover, person=person, window=window, **values)
    if start:
        begin = shifts.sign_in if row.shift is None else shifts.take_over
        begin(tx, window=window, person=person)
    return Covered(person, who.staff_no or "")


def take_over(
    tx: Tx, *, window: str, person: int, faults: str = "", content: str | None = None, remark: str = "",
    seen: int | None = None,
) -> Shift:  # fmt: skip
    """B03, B32: the next clerk's shift begins with what was handed over; where who left has signed, with that."""
    before = _clerk(tx, desk.at(tx, window, seen))
    shift = shifts.take_over(tx, window=window, person=person, seen=seen)
    if before == person:
        return shift
    taken = {"taker": person, "taken_over_at": tx.now, "taken_remark": remark.strip() or None}
    given = signed(tx, window)
    if given is not None and given.giver == before:
        tx.update(given, **taken)
    else:
        parked = ",".join(ticket.number for ticket in tx.find(PARKED_HERE, window=window))
        tx.insert(
            Handover, day=tx.day, at=tx.now, window=window, giver=before, parked=parked, faults=faults, content=content,
            **taken,
        )  # fmt: skip
    messages.tell(tx, before, "ms.takenOver", win=window)
    return shift


def signed(db: Reads, window: str) -> Handover | None:
    """By who left last, and nobody has taken over yet. An older one that was never confirmed stays as it is."""
    row = db.first(SIGNED, window=window)
    if row is None or db.first(LATER, day=row.day, window=window, id=row.id) is not None:
        return None
    return row


def _clerk(db: Reads, window: Window) -> int | None:
    shift = None if window.shift is None else db.get(Shift, window.shift)
    return shift.person if shift else None
