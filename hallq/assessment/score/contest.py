"""What objections and appeals share: a line of the own sheet, words, evidence, a decision by somebody else (E20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from sqlmodel import bindparam, col, select

from hallq import files
from hallq.assessment.ledger.commands import CANCELLING
from hallq.assessment.ledger.model import Entry
from hallq.assessment.score import sheets
from hallq.assessment.score.figures import KEYS
from hallq.assessment.score.model import Contest, ScoreAppeal, ScoreObjection
from hallq.assessment.score.sheets import Who
from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.office import messages

C = TypeVar("C", bound=Contest)
OF_MONTH = {
    model: select(model).where(model.month == bindparam("month")).order_by(col(model.id))
    for model in (ScoreObjection, ScoreAppeal)
}


class Line(NamedTuple):
    """One of the two: an entry of the ledger, or a measured figure."""

    entry: int | None = None
    figure: str | None = None


def of_month(db: Reads, model: type[C], month: str) -> list[C]:
    query: Any = OF_MONTH[model]  # type: ignore[index]
    rows: list[C] = db.find(query, month=month)
    return rows


def whose(row: Any) -> Who:
    """Of a contest or a sheet; as `sheets.key`."""
    return sheets.key(Who(row.person, row.department))


def file(
    tx: Tx, model: type[C], *, month: str, who: Who, by: int, line: Line, text: str, files_: Sequence[int] = ()
) -> C:
    """Once for each line."""
    _check_line(tx, month, who, line)
    for known in of_month(tx, model, month):
        if (known.entry, known.figure) == line and whose(known) == sheets.key(who):
            raise Refused("wrong_state", state=known.state)
    made: Any = tx.insert(
        model, month=month, person=who.person, department=who.department, entry=line.entry, figure=line.figure,
        text=words(text, "text"), by=by, at=tx.now,
    )  # fmt: skip
    files.attach(tx, files_, f"{model.__tablename__}/{made.id}")
    return made  # type: ignore[no-any-return]


def to_decide(tx: Tx, model: type[C], number: int, decider: int) -> C:
    row = must_exist(tx.get(model, number), str(model.__tablename__), number)
    if row.state != "open":
        raise Refused("wrong_state", state=row.state)
    if decider in (row.by, row.person):
        raise Refused("own_matter")
    return row


def answer(tx: Tx, row: C, *, uphold: bool, decider: int, reason: str, **more: Any) -> C:
    """Written down, and told to who contested it."""
    state, reason = "upheld" if uphold else "rejected", words(reason, "reason")
    messages.tell(tx, row.by, f"scn.{state}", month=row.month, reason=reason)
    return tx.update(row, state=state, decided_at=tx.now, decided_by=decider, reason=reason, **more)


def words(text: str, field: str) -> str:
    if not text.strip():
        raise Refused("invalid", field=field)
    return text.strip()


def _check_line(db: Reads, month: str, who: Who, line: Line) -> None:
    if (line.entry is None) == (line.figure is None) or (line.figure is not None and line.figure not in KEYS):
        raise Refused("invalid", field="entry, figure")
    if line.entry is None:
        return
    row = db.get(Entry, line.entry)
    if row is None or row.day[:7] != month or sheets.owner(row) != sheets.key(who):
        raise Refused("not_found", what="ledger_entry", id=line.entry)
    if row.cancels is not None or db.first(CANCELLING, entry=line.entry) is not None:
        raise Refused("wrong_state", state="cancelled")
