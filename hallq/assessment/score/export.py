"""A month as one document: the formula, every sheet with its entries, figures, lines and adjustments, the definitions.

`recompute` finds the scores again from it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hallq.assessment.score import contest, formula, sheets
from hallq.assessment.score.figures import DEFINED, KEYS, Figures, of_month, span
from hallq.assessment.score.model import ScoreAdjustment
from hallq.assessment.score.sheets import Card, Month
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads

Json = dict[str, Any]


def month(db: Reads, *, month: str) -> Json:
    """For the command line, too."""
    found = look(db, month)
    adjustments = db.find(sheets.ADJUSTMENTS, month=month)
    return {
        "month": month, "state": found.state, "formula": of_formula(found), "definitions": definitions(db, month),
        "sheets": [sheet(card, adjustments) for card in found.cards],
    }  # fmt: skip


def look(db: Reads, month: str) -> Month:
    """With the figures measured now, where the month is not frozen."""
    return sheets.look(db, month=month, figures=measured(db, month=month))


def measured(db: Reads, *, month: str) -> Mapping[int, Figures]:
    return {} if sheets.is_frozen(db, month) else of_month(db, month, sheets.people(db, month))


def sheet(card: Card, adjustments: Iterable[ScoreAdjustment]) -> Json:
    own = [shown(row) for row in adjustments if contest.whose(row) == sheets.key(card.who)]
    total = card.total + sum((formula.exact(row["points"]) for row in own), formula.ZERO)
    return {
        "person": card.who.person, "department": card.who.department, "name": card.name, "name_en": card.name_en,
        "days": card.days, "entries": card.entries, "figures": card.figures, "result": card.result,
        "published": None if card.published is None else _number(card.published),
        "adjustments": own, "adjusted": formula.plain(total),
    }  # fmt: skip


def shown(row: ScoreAdjustment) -> Json:
    names = ("id", "month", "booked", "reason", "entry", "appeal", "at", "by")
    return {name: getattr(row, name) for name in names} | {"points": _number(row.points)}


def _number(text: str) -> int | float:
    value: int | float = formula.plain(formula.exact(text))
    return value


def of_formula(found: Month) -> Json:
    return {"version": found.formula.version, "source": found.formula.source, "content": found.formula.content}


def definitions(db: Reads, month: str) -> list[Json]:
    """指标口径 of the figures that a formula may name; `figure` is the formula's key."""
    rows = {row["key"]: row for row in standards.current(db, "figures", span(month)[1]).content["figure"]}
    wanted = [(key, DEFINED.get(key, key)) for key in KEYS]
    return [{"figure": key} | rows[name] for key, name in wanted if name in rows]
