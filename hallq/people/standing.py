"""What the office keeps of who works here: trainings with their proof, the picture on the pad, the one chief
representative of a department (J05, J06, D07, J11).
"""

from __future__ import annotations

from collections.abc import Iterable

from hallq import files
from hallq.kernel import Reads, Refused, Tx
from hallq.office.day_model import Training
from hallq.office.stand_ins import TRAINED
from hallq.people.looks import CHIEF
from hallq.ticketing.model import Person

PICTURES = ("image/jpeg", "image/png")


def add_training(
    tx: Tx, *, person: int, what: str, day: str, until: str | None = None, proofs: Iterable[int] = (), by: str
) -> Training:
    """The latest one says until when the person is trained."""
    who = _person(tx, person)
    if not what.strip() or day > tx.day or (until is not None and until < day):
        raise Refused("invalid", field="what" if not what.strip() else "day" if day > tx.day else "until")
    row = tx.insert(Training, person=person, what=what.strip(), day=day, until=until, at=tx.now, by=by)
    files.attach(tx, proofs, f"training/{row.id}")
    tx.update(who, trained_until=tx.find(TRAINED, person=person)[-1].until)
    return row


def set_photo(tx: Tx, *, person: int, file: int | None) -> Person:
    """D07: on the pad beside name, title and number. The one before goes."""
    who = _person(tx, person)
    if file is not None:
        new = tx.get(files.Attachment, file)
        if new is None or new.media not in PICTURES:
            raise Refused("invalid", field="file")
        files.attach(tx, [file], f"person/{person}")
    old = who.photo
    who = tx.update(who, photo=None if file is None else str(file))
    drop_picture(tx, old if old != who.photo else None)
    return who


def drop_picture(tx: Tx, photo: str | None) -> None:
    row = tx.get(files.Attachment, int(photo)) if photo is not None and photo.isdecimal() else None
    if row is not None:
        files.remove(tx, row)


def name_chief(tx: Tx, *, person: int, hand_over: bool = False) -> Person:
    """J11: one active chief representative to a department; a second takes over from the first, or is refused."""
    who = _person(tx, person)
    if who.department is None or not who.active or who.role not in ("clerk", "chief"):
        raise Refused("invalid", field="person")
    for other in chiefs(tx, who.department):
        if other.id != person and not hand_over:
            raise Refused("chief_exists", name=other.name)
        if other.id != person:
            tx.update(other, role="clerk")
            tx.log(before=other.id)
    tx.log(person=person, department=who.department)
    return tx.update(who, role="chief")


def chiefs(db: Reads, department: str) -> list[Person]:
    return db.find(CHIEF, department=department)


def _person(tx: Tx, person: int) -> Person:
    row = tx.get(Person, person)
    if row is None:
        raise Refused("unknown_person")
    return row
