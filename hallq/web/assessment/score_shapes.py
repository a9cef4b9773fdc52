"""Scores as JSON: a month's table, a sheet with everything it rests on, what is contested. Who sees which sheet."""

from __future__ import annotations

from typing import Any

from hallq import files
from hallq.assessment.ledger.model import Entry
from hallq.assessment.score import board, contest, export, figures, sheets
from hallq.assessment.score.contest import whose
from hallq.assessment.score.model import ScoreAdjustment, ScoreAppeal, ScoreMonth, ScoreObjection
from hallq.assessment.score.sheets import Month, Who
from hallq.kernel import MINUTE, Ms, Reads, Refused, iso
from hallq.people.identity import Identity
from hallq.ticketing.lookups import name_of, name_of_actor
from hallq.ticketing.model import Person
from hallq.web.shapes import Json

CONTESTS = {"objections": ScoreObjection, "appeals": ScoreAppeal}
EVIDENCE: dict[str, Any] = {**CONTESTS, "adjustments": ScoreAdjustment}


class Measured:
    """Figures of months that are not frozen, kept for a minute: a month's table asks for everybody's at once."""

    LASTS: Ms = MINUTE

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[Ms, figures.Figures]] = {}

    def __call__(self, db: Reads, month: str, person: int) -> figures.Figures:
        at, found = self._known.get((month, person), (0, {}))
        if not at <= db.now < at + self.LASTS:
            found = figures.of_person(db, month=month, person=person)
            self._known[month, person] = (db.now, found)
        return found


def month(db: Reads, *, month: str, who: Identity, measured: Measured) -> Json:
    found = visible(db, month, who, measured)
    rows = board.month(db, found)
    if not who.may("records"):  # places are the office's to make known
        rows = [row | {"place": None, "winner": False} for row in rows]
    return head(db, found) | {"items": rows, "next": None}


def sheet(db: Reads, *, month: str, of: Who, who: Identity) -> Json:
    """With every line, the formula and its source, the definitions, what is contested and what was adjusted."""
    found = visible(db, month, who, Measured(), of)
    card = sheets.card_of(found, of)
    own = export.sheet(card, db.find(sheets.ADJUSTMENTS, month=month))
    own["entries"] = [row | {"at": iso(row["at"], db.rules.timezone)} for row in own["entries"]]
    own["adjustments"] = [_adjustment(db, row) for row in own["adjustments"]]
    return (
        head(db, found) | own
        | {name: contests(db, model, month, card.who) for name, model in CONTESTS.items()}
        | {"definitions": export.definitions(db, month), "no_award": sheets.key(of) in board.no_award(db, month[:4])}
        | {"may": _may(db, found.row, card.who, who)}
    )  # fmt: skip


def head(db: Reads, found: Month) -> Json:
    """How far the month is, and until when what may be done."""
    row = found.row
    shown: Json = {"month": found.month, "state": found.state, "today": db.day, "formula": export.of_formula(found)}
    for name in ("published_at", "frozen_at"):
        at: Ms | None = getattr(row, name, None)
        shown[name] = iso(at, db.rules.timezone)
    return shown | {name: getattr(row, name, None) for name in ("object_until", "appeal_until")}


def visible(db: Reads, month: str, who: Identity, measured: Measured, of: Who | None = None) -> Month:
    """The sheets that the caller may see; `of`: this one alone is asked for. Before publication one's own ratings count
    by whole weeks that are over."""
    found: dict[int, figures.Figures] = {}
    if not sheets.is_frozen(db, month):
        draft = db.get(ScoreMonth, month) is None
        for person in sheets.people(db, month):
            its = _of_person(db, person)
            if sees(who, its) and _belongs(its, of):
                if draft and person == _self(who):
                    found[person] = figures.of_person(db, month=month, person=person, own=True)
                else:
                    found[person] = measured(db, month, person)
    shown = sheets.look(db, month=month, figures=found)
    return shown._replace(cards=[card for card in shown.cards if sees(who, card.who)])


def _belongs(its: Who, of: Who | None) -> bool:
    """A person's sheet needs that person's figures, a department's all of its people's."""
    return of is None or (its.department == of.department if of.person is None else its.person == of.person)


def sees(who: Identity, of: Who) -> bool:
    """The office and who leads or audits all; a chief the department's; everyone the own."""
    if who.may("records"):
        return True
    if who.role == "chief" and of.department == who.department:
        return True
    return of.person is not None and of.person == _self(who)


def contests(db: Reads, model: Any, month: str, of: Who) -> list[Json]:
    rows = (row for row in contest.of_month(db, model, month) if whose(row) == sheets.key(of))
    return [contested(db, row) for row in rows]


def contested(db: Reads, row: Any) -> Json:
    names = ("id", "month", "person", "department", "entry", "figure", "text", "state", "reason")
    return {name: getattr(row, name) for name in names} | {
        "by": name_of(db, row.by) or None, "decided_by": name_of(db, row.decided_by) or None,
        "leader": getattr(row, "leader", None),
        "at": iso(row.at, db.rules.timezone),
        "decided_at": iso(row.decided_at, db.rules.timezone),
        "files": files.of(db, f"{type(row).row_type.name}/{row.id}"), **_entry(db, row.entry),
    }  # fmt: skip


def evidence(db: Reads, *, what: str, number: int, who: Identity) -> str:
    """The reference of what the files belong to, for whom may see it. Raises Refused `not_found`."""
    model = EVIDENCE.get(what)
    row = None if model is None else db.get(model, number)
    if row is None or model is None:
        raise Refused("not_found", what=what, id=number)
    if not sees(who, _of_person(db, row.person) if row.person is not None else Who(None, row.department)):
        raise Refused("not_found", what=what, id=number)
    return f"{model.__tablename__}/{number}"


def _may(db: Reads, row: ScoreMonth | None, of: Who, who: Identity) -> Json:
    """Whose sheet it is may object in the window and appeal after the freeze; for a department its chief."""
    mine = of.person == _self(who) if of.person is not None else who.role == "chief"
    published = row is not None and row.frozen_at is None
    return {
        "object": mine and published and row is not None and db.day <= row.object_until,
        "appeal": mine and row is not None and row.appeal_until is not None and db.day <= row.appeal_until,
    }


def _adjustment(db: Reads, row: Json) -> Json:
    by = name_of_actor(db, row["by"]) or row["by"]
    return row | {
        "at": iso(row["at"], db.rules.timezone), "by": by, "files": files.of(db, f"score_adjustment/{row['id']}"),
        **_entry(db, row["entry"]),
    }  # fmt: skip


def _entry(db: Reads, number: int | None) -> Json:
    """What a contest or an adjustment is about."""
    row = None if number is None else db.get(Entry, number)
    return {"kind": row.kind if row else None, "day": row.day if row else None}


def _of_person(db: Reads, person: int) -> Who:
    row = db.get(Person, person)
    return Who(person, row.department if row else None)


def _self(who: Identity) -> int | None:
    return who.id if who.kind == "person" else None
