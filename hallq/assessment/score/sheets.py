"""A month's sheets: counted anew from the rows until the month is frozen, and from then on as they were frozen.

Every input stands beside the score, so that it can be recomputed from the sheet alone (D16, D18, D20).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, distinct, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.assessment.ledger.model import Entry
from hallq.assessment.score import check, formula
from hallq.assessment.score.figures import Figures, span
from hallq.assessment.score.model import ScoreAdjustment, ScoreMonth, ScoreObjection, ScoreSheet
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads, Refused
from hallq.office.post_model import GuidePost
from hallq.ticketing.lookups import DEPARTMENTS
from hallq.ticketing.model import Person, Shift

Json = dict[str, Any]
ROLES = ("clerk", "guide")  # who has a sheet without having been on post
DRAFT, PUBLISHED, FROZEN = "draft", "published", "frozen"
_DAYS: tuple[BindParameter[str], BindParameter[str]] = (bindparam("since"), bindparam("until"))
ENTRIES = select(Entry).where(col(Entry.day).between(*_DAYS)).order_by(col(Entry.id))
PEOPLE = select(Person)
SHIFTS = (
    columns(col(Shift.person), func.count(distinct(col(Shift.day))))
    .where(col(Shift.day).between(*_DAYS))
    .group_by(col(Shift.person))
)
GUIDES = (
    columns(col(GuidePost.person), func.count(distinct(col(GuidePost.day))))
    .where(col(GuidePost.day).between(*_DAYS))
    .group_by(col(GuidePost.person))
)
SHEETS = select(ScoreSheet).where(col(ScoreSheet.month) == bindparam("month")).order_by(col(ScoreSheet.id))
ADJUSTMENTS = (
    select(ScoreAdjustment)
    .where(col(ScoreAdjustment.month) == bindparam("month"))
    .order_by(col(ScoreAdjustment.id))
)
SET_ASIDE = select(ScoreObjection).where(
    col(ScoreObjection.month) == bindparam("month"), col(ScoreObjection.state) == "upheld"
)


class Who(NamedTuple):
    """Whose sheet: a person's, or a department's where `person` is None."""

    person: int | None
    department: str | None


class Card(NamedTuple):
    """One sheet with all that it rests on."""

    who: Who
    name: str
    name_en: str
    days: int
    entries: list[Json]
    figures: Json
    result: Json
    published: str | None = None

    @property
    def total(self) -> Decimal:
        return formula.exact(self.result["total"])


class Month(NamedTuple):
    month: str
    state: str  # draft published frozen
    row: ScoreMonth | None
    formula: standards.InForce
    cards: list[Card]  # people first


def look(db: Reads, *, month: str, figures: Mapping[int, Figures]) -> Month:
    """`figures`: of the people, for a month that is not frozen."""
    row = db.get(ScoreMonth, month)
    return live(db, month, figures) if row is None or row.frozen_at is None else _frozen(db, row)


def is_frozen(db: Reads, month: str) -> bool:
    row = db.get(ScoreMonth, month)
    return row is not None and row.frozen_at is not None


def live(db: Reads, month: str, figures: Mapping[int, Figures]) -> Month:
    """As the rows have it now, by the formula that was in force when the month began."""
    since, until = span(month)
    row = db.get(ScoreMonth, month)
    rules = standards.current(db, check.KIND, since)
    entries: dict[Who, list[Json]] = {}
    for entry in db.find(ENTRIES, since=since, until=until):
        entries.setdefault(owner(entry), []).append(as_json(entry))
    published = {key(_who(sheet)): sheet.published for sheet in db.find(SHEETS, month=month)}
    aside = {(one.person, one.figure) for one in db.find(SET_ASIDE, month=month)}
    people = [
        _person(rules.content, who, days, entries.get(Who(who.id, None), []), _aside(figures, who.id, aside))
        for who, days in _people(db, since, until, entries)
    ]
    departments = _departments(db, rules.content, people, entries)
    cards = [card._replace(published=published.get(key(card.who))) for card in (*people, *departments)]
    return Month(month, DRAFT if row is None else PUBLISHED, row, rules, cards)


def people(db: Reads, month: str) -> list[int]:
    """Who has a sheet in this month."""
    since, until = span(month)
    entries = {owner(entry): None for entry in db.find(ENTRIES, since=since, until=until)}
    return [who.id or 0 for who, _ in _people(db, since, until, entries)]


def card_of(month: Month, who: Who) -> Card:
    found = next((card for card in month.cards if key(card.who) == key(who)), None)
    if found is None:
        raise Refused("not_found", what="score", id=who.person or who.department)
    return found


def owner(entry: Entry) -> Who:
    """A person's entry counts for the person alone; the department has its people's mean."""
    return Who(None, entry.department) if entry.person is None else Who(entry.person, None)


def key(who: Who) -> Who:
    return who if who.person is None else Who(who.person, None)


def as_json(row: Entry) -> Json:
    """What of an entry goes into a sheet and its export."""
    names = ("id", "day", "kind", "person", "department", "window", "amount", "ref", "clause", "note", "cancels", "at")
    return {name: getattr(row, name) for name in names}


def totals_of(cards: Iterable[Card], department: str) -> list[Decimal]:
    return [card.total for card in cards if card.who.person is not None and card.who.department == department]


# -- of the present rows


def _people(db: Reads, since: str, until: str, entries: Iterable[Who]) -> list[tuple[Person, int]]:
    days: dict[int, int] = {}
    for query in (SHIFTS, GUIDES):
        for person, count in db.values(query, since=since, until=until):
            days[person] = max(days.get(person, 0), count)
    entered = {who.person for who in entries}
    rows = [row for row in db.find(PEOPLE) if _has_sheet(row, until) or row.id in days or row.id in entered]
    return [(row, days.get(row.id or 0, 0)) for row in rows]


def _has_sheet(row: Person, until: str) -> bool:
    begun = row.from_day is None or row.from_day <= until
    return row.role in ROLES and row.active and begun and row.until_day is None


def _person(content: Json | Mapping[str, Any], row: Person, days: int, entries: list[Json], found: Figures) -> Card:
    result = formula.plain(formula.score(content, entries, found))
    return Card(Who(row.id, row.department), row.name, "", days, entries, found, result)


def _departments(
    db: Reads, content: Mapping[str, Any], people: list[Card], entries: Mapping[Who, list[Json]]
) -> list[Card]:
    cards = []
    for row in db.find(DEPARTMENTS):
        totals = totals_of(people, row.code)
        own = entries.get(Who(None, row.code), [])
        if totals or own:
            result = formula.plain(formula.department(content, own, totals))
            figures = {"totals": [formula.plain(total) for total in totals]}
            cards.append(Card(Who(None, row.code), row.name, row.name_en, 0, own, figures, result))
    return cards


def _aside(figures: Mapping[int, Figures], person: int | None, aside: set[tuple[int | None, str | None]]) -> Figures:
    """A figure that an objection was upheld against counts nothing in this month."""
    found = dict(figures.get(person or 0, {}))
    return {name: {**value, "set_aside": True} if (person, name) in aside else value for name, value in found.items()}


# -- of a frozen month


def _frozen(db: Reads, row: ScoreMonth) -> Month:
    content = json.loads(row.formula or "{}")
    rules = standards.InForce(row.version or 0, content, row.source or "")
    names = {one.code: (one.name, one.name_en) for one in db.find(DEPARTMENTS)}
    rows = sorted(db.find(SHEETS, month=row.month), key=lambda sheet: (sheet.person is None, sheet.id))
    cards = [_kept(db, sheet, names) for sheet in rows]
    return Month(row.month, FROZEN, row, rules, cards)


def _kept(db: Reads, sheet: ScoreSheet, names: Mapping[str, tuple[str, str]]) -> Card:
    person = None if sheet.person is None else db.get(Person, sheet.person)
    name = (person.name, "") if person else names.get(sheet.department or "", (sheet.department or "", ""))
    entries, figures, result = (json.loads(part or "{}") for part in (sheet.entries, sheet.figures, sheet.result))
    return Card(_who(sheet), *name, sheet.days, entries, figures, result, sheet.published)


def _who(sheet: ScoreSheet) -> Who:
    return Who(sheet.person, sheet.department)
