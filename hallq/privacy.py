"""What people left with the hall is emptied, with its salt, some days after its purpose is over: one job, journaled.

docs/privacy.md is the map of all personal fields; of those that end otherwise (with their day) it says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlmodel import SQLModel, bindparam, literal_column, select

from hallq import files
from hallq.assessment.cases.model import Case, CaseStep
from hallq.assessment.ratings.model import Rating
from hallq.kernel import MINUTE, Tx
from hallq.outcomes.model import Referral
from hallq.registers.model import FoundItem, FoundStep, Mail

DAY = 24 * 60 * MINUTE
AT_ONCE = 200  # rows of a table in one go: a hall's writer has more to do


class Kept(NamedTuple):
    """Personal columns of a table that stay so many days (a setting) after a moment of the row."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    since: str
    days: str
    files: str = ""  # what its attachments belong to, before the row's id: they go too


KEPT = (
    Kept(Case, ("name", "contact", "demand"), "closed_at", "case_identity_days"),  # E15
    Kept(CaseStep, ("note", "other_side"), "at", "remark_days"),
    Kept(Rating, ("comment",), "at", "remark_days"),
    Kept(Referral, ("name", "address", "phone", "message", "answer"), "closed_at", "register_days"),
    Kept(FoundItem, ("claimant", "id_masked", "phone", "owner"), "closed_at", "register_days", "found"),
    Kept(FoundStep, ("note",), "at", "register_days"),
    Kept(Mail, ("name", "phone", "address"), "closed_at", "register_days"),
)


def forget(tx: Tx) -> None:
    """What is over by now. The journal says how many of which, never what."""
    for kept in KEPT:
        rows = tx.find(OVER[kept.model], before=tx.now - getattr(tx.rules, kept.days) * DAY)
        for row in rows:
            _empty(tx, kept, row)
        if rows:
            tx.log(**{str(kept.model.__tablename__): len(rows)})


def _empty(tx: Tx, kept: Kept, row: Any) -> None:
    marks = {"blanked_at": tx.now} if "blanked_at" in kept.model.model_fields else {}
    tx.update(row, **dict.fromkeys(kept.columns, ""), salt="", **marks)
    for file in tx.find(files.OF, ref=f"{kept.files}/{row.id}") if kept.files else ():
        files.remove(tx, file)


def _over(kept: Kept) -> Any:
    table = kept.model.__table__.columns  # type: ignore[attr-defined]
    return (
        select(kept.model)
        .where(table.salt != literal_column("''"), table[kept.since] < bindparam("before"))
        .limit(AT_ONCE)
    )


OVER: Mapping[type[SQLModel], Any] = {kept.model: _over(kept) for kept in KEPT}
