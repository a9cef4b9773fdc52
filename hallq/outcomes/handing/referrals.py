"""首问转交 (I17): who was asked first writes down whose matter it is and passes it on; whoever is responsible answers.

Open until it is answered; once its day has passed, the department's chief and the office are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.office import dates, messages
from hallq.outcomes import numbers
from hallq.outcomes.model import Referral
from hallq.ticketing.lookups import department_facts
from hallq.ticketing.model import Department, Person, Ticket, Window
from hallq.ticketing.opening import calendar
from hallq.ticketing.tickets.slips import print_paper
from hallq.ticketing.told import hush, tell

LAST = select(Referral).order_by(col(Referral.id).desc()).limit(1)
# in the order of the index of the open ones: by number it would be read through all that there ever was
OPEN = select(Referral).where(col(Referral.closed_at).is_(None)).order_by(col(Referral.department), col(Referral.id))
CHIEF, OFFICE = 2, 3  # ranks of an alarm
PERSONAL = ("name", "address", "phone", "message")


def write(
    tx: Tx, *, department: str, matter: str, person: int | None = None, window: str | None = None,
    ticket: int | None = None, tel: str = "", **personal: str,
) -> Referral:  # fmt: skip
    """`personal`: the citizen's name, address, phone and message, as far as they are given.
    Raises Refused: not_found, invalid (no matter; a person of another department)."""
    must_exist(tx.get(Department, department), "department", department)
    if not matter.strip():
        raise Refused("invalid", field="matter")
    if person is not None and department_of(tx, tx.get(Person, person)) != department:
        raise Refused("invalid", field="person")
    if ticket is not None:
        must_exist(tx.get(Ticket, ticket), "ticket", ticket)
    if window is not None:
        must_exist(tx.get(Window, window), "window", window)
    row = tx.insert(
        Referral, no=numbers.following(tx, LAST), day=tx.day, at=tx.now, by=tx.actor,
        window=window, ticket=ticket, matter=matter.strip(), department=department, person=person, tel=tel.strip(),
        due_day=calendar.add_working_days(tx, tx.day, tx.rules.referral_days), salt=tx.token(),
        **{name: personal.get(name, "").strip() for name in PERSONAL},
    )  # fmt: skip
    _tell_responsible(tx, row)
    return row


def take(tx: Tx, *, referral: int) -> Referral:
    """Somebody of the department has it in hand."""
    row = _open(tx, referral)
    if row.state != "open":
        raise Refused("wrong_state", state=row.state)
    hush(tx, _key(row))
    return tx.update(row, state="taken", taken_at=tx.now, taken_by=tx.actor)


def answer(tx: Tx, *, referral: int, answer: str) -> Referral:
    """What became of it, and what the citizen was told. Raises Refused: not_found, wrong_state, invalid."""
    row = _open(tx, referral)
    if not answer.strip():
        raise Refused("invalid", field="answer")
    hush(tx, _key(row))
    hush(tx, f"{_key(row)}/late")
    taken = {} if row.taken_at is not None else {"taken_at": tx.now, "taken_by": tx.actor}
    salt = row.salt or tx.token()  # late: the citizen's columns have gone, the answer's time begins
    return tx.update(row, state="answered", answer=answer.strip(), closed_at=tx.now, salt=salt, **taken)


def print_slip(tx: Tx, *, referral: int, places: Sequence[str]) -> bool:
    """For the citizen: who is responsible, and the telephone. At the first of the printers (`window/3`, `kiosk/k1`)."""
    return print_paper(tx, "referral", find(tx, referral).id, *places)


def watch(tx: Tx) -> None:
    """A duty: an alarm once the day to answer by is over."""
    for row in tx.find(OPEN):
        if is_late(tx, row):
            begin = dates.begin_of(row.due_day, tx.rules.timezone)
            tell(tx, f"{_key(row)}/late", "hg.late", _facts(tx, row), since=begin, kind="alarm", audience="office",
                 rank=OFFICE, level="alarm")  # fmt: skip


def find(db: Reads, referral: int) -> Referral:
    return must_exist(db.get(Referral, referral), "referral", referral)


def is_late(db: Reads, row: Referral) -> bool:
    return row.closed_at is None and row.due_day < db.day


def department_of(db: Reads, person: Person | None) -> str | None:
    """Of who works here: the person's own, else the home window's."""
    if person is None or person.department:
        return person.department if person else None
    window = db.get(Window, person.window) if person.window else None
    return window.department if window else None


def _open(tx: Tx, referral: int) -> Referral:
    row = find(tx, referral)
    if row.closed_at is not None:
        raise Refused("wrong_state", state=row.state)
    return row


def _tell_responsible(tx: Tx, row: Referral) -> None:
    """The chief on the office's page; who is responsible, by name, at the own window too."""
    facts = _facts(tx, row)
    tell(tx, _key(row), "hg.new", facts, kind="alarm", audience="office", rank=CHIEF, level="warn")
    messages.tell(tx, row.person, "hg.toYou", **facts)


def _facts(tx: Tx, row: Referral) -> dict[str, Any]:
    return {"no": row.no, "referral": row.id, "day": row.due_day} | department_facts(tx, row.department)


def _key(row: Referral) -> str:
    return f"referral/{row.id}"
