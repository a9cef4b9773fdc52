"""Entering into the ledger, once per cause, and taking back with a reason (D09-D18, E20)."""

from __future__ import annotations

from typing import Any

from sqlmodel import bindparam, col, select

from hallq.assessment.ledger.model import Entry
from hallq.kernel import Refused, Tx
from hallq.ticketing.model import Person

KNOWN = select(Entry).where(
    Entry.kind == bindparam("kind"),
    Entry.ref == bindparam("ref"),
    col(Entry.person).is_not_distinct_from(bindparam("person")),
    col(Entry.cancels).is_(None),
)
CANCELLING = select(Entry).where(col(Entry.cancels) == bindparam("entry"))


def enter(tx: Tx, *, kind: str, ref: str, person: int | None = None, **columns: Any) -> Entry:
    """The same cause is entered once, however often it is told. Its department is the person's where none is given."""
    known = tx.first(KNOWN, kind=kind, ref=ref, person=person)
    if known is not None:
        return known
    if person is not None and "department" not in columns:
        row = tx.get(Person, person)
        columns["department"] = row.department if row else None
    values = {"day": tx.day, **columns}
    return tx.insert(Entry, kind=kind, ref=ref, person=person, at=tx.now, by=tx.actor, **values)


def cancel(tx: Tx, *, entry: int, note: str, ref: str = "") -> Entry:
    """`ref`: what shows that it was wrong, an appeal or an objection."""
    row = tx.get(Entry, entry)
    if row is None or row.cancels is not None:
        raise Refused("not_found", what="ledger_entry", id=entry)
    known = tx.first(CANCELLING, entry=entry)
    if known is not None:
        return known
    return tx.insert(
        Entry, day=row.day, at=tx.now, kind=row.kind, person=row.person, department=row.department, window=row.window,
        amount=row.amount, ref=ref or row.ref, clause=row.clause, note=note, cancels=entry, by=tx.actor,
    )  # fmt: skip
