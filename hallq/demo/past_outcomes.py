"""What the past's visits were: a kind for most of them, promises mostly kept, and the citizens told of the result."""

from __future__ import annotations

from random import Random

from sqlmodel import bindparam, col, select

from hallq.kernel import MINUTE, Tx
from hallq.outcomes import clock, progress
from hallq.outcomes.looks import RUNNING
from hallq.ticketing.model import Visit

NAMED = 0.85  # of the visits; the rest is finished without a word
ADVICE, SUPPLEMENT = 0.06, 0.04
SPOT = 0.97  # of what the guide says is done on the spot
EARLY, LATE, TOLD = 0.25, 0.01, 0.95  # of the open promises, on an evening
OF_DAY = select(Visit).where(col(Visit.day) == bindparam("day"), col(Visit.end) == "finished").order_by(col(Visit.id))


def name_kinds(tx: Tx, *, day: str) -> None:
    """The case itself is made by what follows each command."""
    chance = Random(f"{day}/kinds")
    for visit in tx.find(OF_DAY, day=day):
        if chance.random() < NAMED:
            kind = _kind(tx, visit.service, chance)
            reason = "申请材料不齐全" if kind == "supplement" else None
            tx.update(visit, outcome=kind, case_no=f"SP{day.replace('-', '')}{visit.id:05d}", reason=reason)


def work_off(tx: Tx, *, day: str) -> None:
    """On the evening: due ones are done, some of the others too; a few citizens are told the next day."""
    chance = Random(f"{day}/promises")
    for row in tx.find(RUNNING):
        if row.id is None or row.due_day is None or chance.random() >= (1 - LATE if row.due_day <= day else EARLY):
            continue
        progress.done(tx, outcome=row.id, at=max(row.accepted_at or 0, tx.now - chance.randrange(30, 400) * MINUTE))
        if chance.random() < TOLD:
            progress.told(tx, outcome=row.id)


def _kind(tx: Tx, service: str, chance: Random) -> str:
    drawn = chance.random()
    if drawn < ADVICE:
        return "advice"
    if drawn < ADVICE + SUPPLEMENT:
        return "supplement"
    spot = clock.guide_of(tx, service).handling == "spot"
    return "spot" if spot and chance.random() < SPOT else "promise"
