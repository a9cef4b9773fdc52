"""Praise and commendations: entered by the office with a reason, withdrawn with one, never rubbed out (D18)."""

from __future__ import annotations

from collections.abc import Sequence

from hallq import files
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.record.model import Commendation
from hallq.kernel import Refused, Tx, must_exist
from hallq.ticketing.model import Person

KINDS = ("commendation", "praise")


def commend(
    tx: Tx, *, person: int, kind: str, reason: str, source: str = "", day: str = "", files_: Sequence[int] = ()
) -> Commendation:
    """`day`: when it was given, today if left out; it enters the ledger on that day."""
    if kind not in KINDS:
        raise Refused("invalid", field="kind")
    must_exist(tx.get(Person, person), "staff", person)
    if (day := day or tx.day) > tx.day:
        raise Refused("invalid", field="day")
    row = tx.insert(
        Commendation, person=person, kind=kind, day=day, reason=reason.strip(), source=source.strip(), entry=0,
        at=tx.now, by=tx.actor,
    )  # fmt: skip
    ref = f"commendation/{row.id}"
    files.attach(tx, files_, ref)
    entry = ledger.enter(tx, kind=kind, ref=ref, person=person, day=day, clause=source.strip(), note=reason.strip())
    assert entry.id is not None
    return tx.update(row, entry=entry.id)


def withdraw(tx: Tx, *, commendation: int, reason: str) -> Commendation:
    row = must_exist(tx.get(Commendation, commendation), "commendation", commendation)
    if row.withdrawn:
        return row
    ledger.cancel(tx, entry=row.entry, note=reason.strip())
    return tx.update(row, withdrawn=reason.strip())
