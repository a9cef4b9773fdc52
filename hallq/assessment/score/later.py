"""What comes after the freeze never changes the month: it becomes an adjustment, booked in the month in which it came.

An entry of a frozen month, or its cancellation, is worth what the whole month's score would have moved by it. So the
adjustments of a month add up to the same, whatever order their causes came in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from hallq import files
from hallq.assessment.ledger import commands as ledger
from hallq.assessment.ledger.model import Entry
from hallq.assessment.score import contest, formula, sheets
from hallq.assessment.score.contest import Line
from hallq.assessment.score.figures import span
from hallq.assessment.score.model import ScoreAdjustment, ScoreAppeal, ScoreMonth, ScoreObjection, ScoreSheet
from hallq.assessment.score.sheets import Who
from hallq.kernel import Reads, Refused, Tx

LATE = (
    select(Entry)
    .where(col(Entry.id) > bindparam("after"), col(Entry.day) <= bindparam("until"))
    .order_by(col(Entry.id))
)
BOOKED = select(ScoreAdjustment).where(col(ScoreAdjustment.entry) == bindparam("entry"))
LAST_FROZEN = (
    select(ScoreMonth).where(col(ScoreMonth.upto).is_not(None)).order_by(col(ScoreMonth.upto).desc()).limit(1)
)


def book(tx: Tx, *, appeal: int | None = None) -> list[ScoreAdjustment]:
    """The ledger's rows since the last freeze that belong to frozen months; a freeze books what came before it."""
    last = tx.first(LAST_FROZEN)
    if last is None:
        return []
    return [
        _book(tx, month, entry, appeal)
        for entry in tx.find(LATE, after=last.upto, until=tx.day)
        if (month := _frozen(tx, entry)) is not None and tx.first(BOOKED, entry=entry.id) is None
    ]


def adjust(
    tx: Tx, *, month: str, who: Who, points: str, reason: str, decider: int, appeal: int | None = None,
    files_: Sequence[int] = (),
) -> ScoreAdjustment:  # fmt: skip
    """By hand, with reason and evidence."""
    _must_be_frozen(tx, month)
    if decider == who.person:
        raise Refused("own_matter")
    if _sheet(tx, month, who) is None:
        raise Refused("not_found", what="score", id=who.person or who.department)
    made = _insert(tx, month, who, _points(points), contest.words(reason, "reason"), appeal=appeal)
    files.attach(tx, files_, f"score_adjustment/{made.id}")
    return made


def appeal_to(
    tx: Tx, *, month: str, who: Who, by: int, text: str, line: Line, files_: Sequence[int] = ()
) -> ScoreAppeal:
    """E20: against a line of a frozen month, with evidence."""
    last = _must_be_frozen(tx, month).appeal_until or ""
    if tx.day > last:
        raise Refused("appeal_closed", day=last)
    return contest.file(tx, ScoreAppeal, month=month, who=who, by=by, line=line, text=text, files_=files_)


def judge(
    tx: Tx, *, appeal: int, uphold: bool, reason: str, leader: str, decider: int, points: str | None = None
) -> ScoreAppeal:
    """By another person than who decided the objection. Upheld: the entry is cancelled and its worth given back; for a
    figure the points are named."""
    row = contest.to_decide(tx, ScoreAppeal, appeal, decider)
    objections = contest.of_month(tx, ScoreObjection, row.month)
    if any(one.decided_by == decider and contest.whose(one) == contest.whose(row) for one in objections):
        raise Refused("same_decider")
    named = contest.words(leader, "leader")
    if uphold and row.entry is not None:
        ledger.cancel(tx, entry=row.entry, note=contest.words(reason, "reason"), ref=f"score_appeal/{row.id}")
        book(tx, appeal=row.id)
    elif uphold:
        who = Who(row.person, row.department)
        adjust(tx, month=row.month, who=who, points=points or "", reason=reason, decider=decider, appeal=row.id)
    return contest.answer(tx, row, uphold=uphold, decider=decider, reason=reason, leader=named)


def _must_be_frozen(db: Reads, month: str) -> ScoreMonth:
    row = db.get(ScoreMonth, month)
    if row is None or row.frozen_at is None:
        raise Refused("wrong_state", state=sheets.DRAFT if row is None else sheets.PUBLISHED)
    return row


def _frozen(tx: Tx, entry: Entry) -> ScoreMonth | None:
    row = tx.get(ScoreMonth, entry.day[:7])
    late = row is not None and row.upto is not None and (entry.id or 0) > row.upto
    return row if late else None


def _book(tx: Tx, month: ScoreMonth, entry: Entry, appeal: int | None) -> ScoreAdjustment:
    who = sheets.owner(entry)
    since, until = span(month.month)
    rows = tx.find(LATE, after=month.upto, until=until)
    late = [row for row in rows if row.day >= since and sheets.owner(row) == who and (row.id or 0) <= (entry.id or 0)]
    sheet, rules = _sheet(tx, month.month, who), json.loads(month.formula or "{}")
    before, after = (_total(sheet, rules, who, part) for part in (late[:-1], late))
    reason = entry.note or entry.clause or entry.kind
    return _insert(tx, month.month, who, after - before, reason, entry=entry.id, appeal=appeal)


def _total(sheet: ScoreSheet | None, rules: Mapping[str, Any], who: Who, late: Sequence[Entry]) -> Decimal:
    kept, figures = (json.loads(part or "{}") for part in (sheet.entries, sheet.figures)) if sheet else ([], {})
    entries = [*kept, *map(sheets.as_json, late)]
    if who.person is not None:
        return formula.score(rules, entries, figures).total
    return formula.department(rules, entries, [formula.exact(total) for total in figures.get("totals", [])]).total


def _sheet(db: Reads, month: str, who: Who) -> ScoreSheet | None:
    found = (one for one in db.find(sheets.SHEETS, month=month) if contest.whose(one) == sheets.key(who))
    return next(found, None)


def _insert(tx: Tx, month: str, who: Who, points: Decimal, reason: str, **more: Any) -> ScoreAdjustment:
    return tx.insert(
        ScoreAdjustment, month=month, booked=tx.day[:7], person=who.person, department=who.department,
        points=formula.shown(points), reason=reason, at=tx.now, by=tx.actor, **more,
    )  # fmt: skip


def _points(text: str) -> Decimal:
    """At most two decimals, never nothing."""
    try:
        points = Decimal(text)
    except ArithmeticError:
        raise Refused("invalid", field="points") from None
    if not points.is_finite() or not 0 < abs(points) <= 1000 or points != round(points, 2):
        raise Refused("invalid", field="points")
    return points
