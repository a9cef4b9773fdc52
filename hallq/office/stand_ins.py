"""顶岗: who may stand in at a window. Stand-ins meet the conditions of who works there (J06); leave is looked at (J03).

Who does not meet them may cover with a leader's name: `posts.cover`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import literal_column
from sqlmodel import bindparam, col, select

from hallq.kernel import Reads
from hallq.office import leaves
from hallq.office.day_model import Training
from hallq.ticketing.lookups import OFFERS_AT
from hallq.ticketing.model import Person, Shift, Window
from hallq.ticketing.windows.shifts import OPEN_SHIFT, in_term, serves, training_due

CLERKS = (
    select(Person)
    .where(col(Person.active), col(Person.role).in_([literal_column("'clerk'"), literal_column("'chief'")]))
    .order_by(col(Person.name))
)
TRAINED = (
    select(Training).where(col(Training.person) == bindparam("person")).order_by(col(Training.day), col(Training.id))
)


class Proposal(NamedTuple):
    person: Person
    missing: list[str]  # of `lacks`; none: qualified
    signed_in: str  # the window where this person is now, or ""
    same: bool  # of the window's department


def lacks(db: Reads, person: Person, window: Window) -> list[str]:
    """What of the conditions is not met today: active, term, leave, skill, training."""
    return [name for name, met in _conditions(db, person, window) if not met]


def _conditions(db: Reads, person: Person, window: Window) -> list[tuple[str, bool]]:
    offered = {offer.service for offer in db.find(OFFERS_AT, window=window.no)}
    home = person.department == window.department and not _is_stand_in(person)
    return [
        ("active", bool(person.active)),
        ("term", _is_stand_in(person) or in_term(person, db.day)),
        ("leave", person.id not in leaves.away_on(db, db.day)),
        ("skill", home or bool(offered & serves(db, person))),
        ("training", _is_trained(db, person)),
    ]


def propose(db: Reads, window: Window) -> list[Proposal]:
    """Everybody who could, the best first: qualified, free, of the department."""
    found = [_proposal(db, person, window) for person in db.find(CLERKS) if person.window != window.no]
    return sorted(found, key=lambda one: (len(one.missing), one.signed_in != "", not one.same, one.person.name))


def figures(one: Proposal) -> dict[str, Any]:
    person = one.person
    return {
        "id": person.id, "name": person.name, "title": person.title, "window": person.window, "same": one.same,
        "department": person.department, "missing": one.missing, "signed_in": one.signed_in,
    }  # fmt: skip


def _proposal(db: Reads, person: Person, window: Window) -> Proposal:
    shift: Shift | None = db.first(OPEN_SHIFT, person=person.id)
    same = person.department == window.department
    return Proposal(person, lacks(db, person, window), shift.window if shift else "", same)


def _is_stand_in(person: Person) -> bool:
    """Known by a day's cover alone, without an entry form."""
    return person.until_day is not None and not person.leaving


def _is_trained(db: Reads, person: Person) -> bool:
    """Who works here was trained before the first day (J05); a stand-in of a day needs a proof on record."""
    if training_due(person, db.day):
        return False
    return not _is_stand_in(person) or db.first(TRAINED, person=person.id) is not None
