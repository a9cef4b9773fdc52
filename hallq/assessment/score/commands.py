"""The way of a month: published, objected to, decided, frozen. A person never decides about the own score (D20, E20).

`figures` are measured beside the writer a moment before; what a frozen month was counted with is copied into it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, func, literal
from sqlalchemy import select as columns
from sqlmodel import bindparam, col

from hallq import files
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.score import check, contest, formula, later, sheets
from hallq.assessment.score.contest import Line
from hallq.assessment.score.figures import Figures, span
from hallq.assessment.score.model import ScoreMonth, ScoreObjection, ScoreSheet
from hallq.assessment.score.sheets import Card, Who
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads, Refused, Tx
from hallq.office import messages
from hallq.ticketing.model import Visit
from hallq.ticketing.opening import calendar
from hallq.ticketing.told import hush, tell

WORKED = (
    columns(literal(1))
    .where(
        exists().where(col(Visit.day).between(bindparam("since"), bindparam("until")))
        | exists().where(col(Entry.day).between(bindparam("since"), bindparam("until")))
    )
)
LAST_ENTRY = columns(func.max(col(Entry.id)))


def publish(tx: Tx, *, month: str, figures: Mapping[int, Figures]) -> ScoreMonth:
    """From the day after the month on; everyone with a sheet is told until when to object."""
    _, until = span(month)
    if tx.day <= until:
        raise Refused("month_not_over", day=until)
    if tx.get(ScoreMonth, month) is not None:
        raise Refused("wrong_state", state=sheets.PUBLISHED)
    found = sheets.live(tx, month, figures)
    last = calendar.add_working_days(tx, tx.day, int(found.formula.content["object_days"]))
    row = tx.insert(ScoreMonth, month=month, published_at=tx.now, published_by=tx.actor, object_until=last)
    for card in found.cards:
        tx.insert(ScoreSheet, published=formula.shown(card.total), **_of(month, card))
        messages.tell(tx, card.who.person, "scn.published", month=month, day=last)
    hush(tx, _notice(month))
    return row


def object_to(
    tx: Tx, *, month: str, who: Who, by: int, text: str, line: Line, files_: Sequence[int] = ()
) -> ScoreObjection:
    """E20: against one line of the own sheet, with evidence, within the window."""
    row = _published(tx, month)
    if tx.day > row.object_until:
        raise Refused("objection_closed", day=row.object_until)
    return contest.file(tx, ScoreObjection, month=month, who=who, by=by, line=line, text=text, files_=files_)


def decide(tx: Tx, *, objection: int, uphold: bool, reason: str, decider: int) -> ScoreObjection:
    """Upheld: the entry is cancelled, or the figure set aside for this month; else it stays. Always with a reason."""
    row = contest.to_decide(tx, ScoreObjection, objection, decider)
    if uphold and row.entry is not None:
        note = contest.words(reason, "reason")
        ledger.cancel(tx, entry=row.entry, note=note, ref=f"score_objection/{row.id}")
    return contest.answer(tx, row, uphold=uphold, decider=decider, reason=reason)


def freeze(tx: Tx, *, month: str, figures: Mapping[int, Figures]) -> ScoreMonth:
    """Once the window is over and each objection is decided. Every input is copied; nothing changes it any more."""
    row = _published(tx, month)
    waiting = _waiting(tx, month)
    if tx.day <= row.object_until or waiting:
        raise Refused("freeze_waits", day=row.object_until, n=waiting)
    later.book(tx)  # what is in the ledger now is held against the months before
    found = sheets.live(tx, month, figures)
    known = {contest.whose(sheet): sheet for sheet in tx.find(sheets.SHEETS, month=month)}
    for card in found.cards:
        sheet = known.get(sheets.key(card.who)) or tx.insert(ScoreSheet, **_of(month, card))
        tx.update(
            sheet, total=formula.shown(card.total), department=card.who.department, days=card.days,
            entries=dumps(card.entries), figures=dumps(card.figures), result=dumps(card.result),
        )  # fmt: skip
    [(last,)] = tx.values(LAST_ENTRY)
    hush(tx, _notice(month))
    return tx.update(
        row, frozen_at=tx.now, frozen_by=tx.actor, version=found.formula.version, source=found.formula.source,
        formula=dumps(found.formula.content), upto=last or 0,
        appeal_until=calendar.add_working_days(tx, tx.day, int(found.formula.content["appeal_days"])),
    )  # fmt: skip


def enter(
    tx: Tx, *, kind: str, who: Who, day: str, note: str, decider: int, files_: Sequence[int] = ()
) -> Entry:  # fmt: skip
    """D10: what the hub cannot know, entered by the office with its reason and evidence."""
    rows = [row for row in standards.current(tx, check.KIND, f"{day[:7]}-01").content["points"] if row["kind"] == kind]
    if not any(row["hand"] for row in rows):
        raise Refused("invalid", field="kind")
    if day > tx.day:
        raise Refused("invalid", field="day")
    if decider == who.person:
        raise Refused("own_matter")
    [(last,)] = tx.values(LAST_ENTRY)
    ref = f"ledger/{(last or 0) + 1}"  # it is its own evidence, with what is attached to it
    values = {"day": day, "clause": rows[0]["clause"], "note": contest.words(note, "note")}
    if who.person is None:
        values["department"] = who.department
    made = ledger.enter(tx, kind=kind, ref=ref, person=who.person, **values)
    files.attach(tx, files_, ref)
    return made


def remind(tx: Tx, *, month: str) -> None:
    """The office is told what the month waits for: to be published, decided on, frozen. One without work is none."""
    row = tx.get(ScoreMonth, month)
    if row is None and not _was_worked(tx, month):
        return
    waiting = _waiting(tx, month)
    words = _waits_for(row, waiting, tx.day)
    if words is None:
        hush(tx, _notice(month))
        return
    detail = {"month": month, "n": waiting, "day": row.object_until if row else ""}
    tell(tx, _notice(month), words, detail, kind="alert", audience="office", level="info")


def _was_worked(db: Reads, month: str) -> bool:
    since, until = span(month)
    return db.values(WORKED, since=since, until=until) != []


def _waits_for(row: ScoreMonth | None, waiting: int, day: str) -> str | None:
    if row is None:
        return "scn.publish"
    if row.frozen_at is not None:
        return None
    if waiting:
        return "scn.decide"
    return "scn.freeze" if day > row.object_until else None


def _waiting(db: Reads, month: str) -> int:
    return sum(one.state == "open" for one in contest.of_month(db, ScoreObjection, month))


def _published(db: Reads, month: str) -> ScoreMonth:
    row = db.get(ScoreMonth, month)
    if row is None or row.frozen_at is not None:
        raise Refused("wrong_state", state=sheets.DRAFT if row is None else sheets.FROZEN)
    return row


def _notice(month: str) -> str:
    return f"score/{month}"


def _of(month: str, card: Card) -> dict[str, Any]:
    return {"month": month, "person": card.who.person, "department": card.who.department, "days": card.days}


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
