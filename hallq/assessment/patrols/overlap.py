"""An absence that the hub itself has entered is not counted twice: a finding of the same, at the same person or window
on the same day, stands as evidence and enters nothing, whichever of the two came first (B02, D13, F06).

What a code overlaps with is the checklist's: `same_as`, kinds of the ledger.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import bindparam, col, select

from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols import rules
from hallq.assessment.patrols.model import Finding
from hallq.assessment.standards.commands import version
from hallq.kernel import Reads, Tx

OF_DAY = select(Finding).where(col(Finding.day) == bindparam("day"))
ENTRIES = select(Entry).where(col(Entry.day) == bindparam("day")).order_by(col(Entry.id))


def counted(db: Reads, row: Finding) -> Entry | None:
    """The hub's own entry of what this finding says."""
    kinds = _same_as(db, row)
    own = (each for each in _standing(db, row.day) if each.kind in kinds) if kinds else ()
    return next((each for each in own if _is_of(each, row)), None)


def take_back(tx: Tx, *, day: str) -> None:
    """Once the hub has entered a day: findings that were entered before it and say the same."""
    for row in tx.find(OF_DAY, day=day):
        if row.state == rules.STANDS and counted(tx, row) is not None:
            for entry in _standing(tx, day):
                if entry.ref == f"finding/{row.id}":
                    ledger.cancel(tx, entry=entry.id or 0, note="系统当天已记录同一情况，不重复计分")


def _same_as(db: Reads, row: Finding) -> list[str]:
    content = version(db, "checklist", row.version).content
    code: dict[str, str] = next((each for each in content["code"] if each["code"] == row.code), {})
    return rules.listed(code.get("same_as", ""))


def _standing(db: Reads, day: str) -> list[Any]:
    rows = db.find(ENTRIES, day=day)
    gone = {row.cancels for row in rows if row.cancels is not None}
    return [row for row in rows if row.cancels is None and row.id not in gone]


def _is_of(entry: Entry, row: Finding) -> bool:
    if entry.person is not None and row.person is not None:
        return entry.person == row.person
    return entry.window is not None and entry.window == row.window
