"""Tables of scores: a month's places and winners, who is out of this year's awards, a year's mean (D14, D17-D20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.assessment.cases.model import Case
from hallq.assessment.score import contest, export, formula, sheets
from hallq.assessment.score.model import ScoreAdjustment, ScoreAppeal, ScoreObjection, ScoreSheet
from hallq.assessment.score.sheets import Card, Month, Who, key
from hallq.kernel import Reads
from hallq.ticketing.lookups import DEPARTMENTS
from hallq.ticketing.model import Person

Json = dict[str, Any]
CENT = Decimal("0.01")
_DAYS = col(Case.day).between(bindparam("since"), bindparam("until"))
NO_AWARD = columns(col(Case.person), col(Case.department), col(Case.no_award)).where(_DAYS, col(Case.no_award) != "")
OF_YEAR = (
    columns(col(ScoreSheet.month), col(ScoreSheet.person), col(ScoreSheet.department), col(ScoreSheet.total))
    .where(col(ScoreSheet.month).between(bindparam("since"), bindparam("until")), col(ScoreSheet.total).is_not(None))
    .order_by(col(ScoreSheet.month), col(ScoreSheet.id))
)
ADJUSTED = select(ScoreAdjustment).where(col(ScoreAdjustment.month).between(bindparam("since"), bindparam("until")))


def month(db: Reads, found: Month) -> list[Json]:
    """People, then departments; a place for who was on post long enough, and winners among them."""
    adjustments = db.find(sheets.ADJUSTMENTS, month=found.month)
    barred, rules = no_award(db, found.month[:4]), found.formula.content
    rows = {key(card.who): _row(export.sheet(card, adjustments), rules, barred, key(card.who)) for card in found.cards}
    for who, place in places(found.cards, rows, rules).items():
        row = rows[who]
        row |= {"place": place, "winner": place <= rules["top"] and row["passed"] and not row["no_award"]}
    _count(db, found.month, rows)
    return list(rows.values())


def places(cards: Iterable[Card], rows: Mapping[Who, Json], rules: Any) -> dict[Who, int]:
    """1 for the best of those who were on post long enough."""
    order = {
        who: (formula.exact(rows[who]["adjusted"]), _ties(card, rules)) for card in cards
        if (who := key(card.who)).person is not None and card.days >= rules["least_days"]
    }  # fmt: skip
    return {who: 1 + sum(other > value for other in order.values()) for who, value in order.items()}


def year(db: Reads, *, number: int) -> list[Json]:
    """D14: of each the mean of the frozen months, with what was adjusted since."""
    period = {"since": f"{number}-01", "until": f"{number}-12"}
    months: dict[Who, dict[str, Decimal]] = {}
    for name, person, department, total in db.values(OF_YEAR, **period):
        months.setdefault(key(Who(person, department)), {})[name] = formula.exact(total)
    for row in db.find(ADJUSTED, **period):
        months[contest.whose(row)][row.month] += formula.exact(row.points)
    names = {row.code: (row.name, row.name_en) for row in db.find(DEPARTMENTS)}
    barred = no_award(db, str(number))
    return [_of_year(db, who, totals, names) | {"no_award": who in barred} for who, totals in months.items()]


def no_award(db: Reads, year: str) -> set[Who]:
    """D17: whom a case has put out of the year's awards."""
    found: set[Who] = set()
    for person, department, what in db.values(NO_AWARD, since=f"{year}-01-01", until=f"{year}-12-31"):
        if what in ("person", "both") and person is not None:
            found.add(Who(person, None))
        if what in ("department", "both"):
            found.add(Who(None, department))
    return found


def _row(sheet: Json, rules: Any, barred: Iterable[Who], who: Who) -> Json:
    names = ("person", "department", "name", "name_en", "days", "published", "adjusted")
    passed = formula.exact(sheet["adjusted"]) >= formula.exact(rules["pass"])
    own = {"total": sheet["result"]["total"], "passed": passed, "no_award": who in barred, "place": None}
    return {name: sheet[name] for name in names} | own | {"winner": False, "objections": 0, "open": 0, "appeals": 0}


def _ties(card: Card, rules: Any) -> Decimal:
    """Of the figure that decides between equal scores; too few behind it are worth nothing."""
    least = max((row["least_n"] for row in rules["indicator"] if row["figure"] == rules["tie"]), default=1)
    figure = card.figures.get(rules["tie"], {})
    known = figure.get("value") is not None and figure.get("n", 0) >= least
    return formula.exact(figure["value"]) if known else formula.ZERO


def _count(db: Reads, month: str, rows: dict[Who, Json]) -> None:
    """What is contested, and how much of it still waits for a decision."""
    contests: list[tuple[str, Any]] = [("objections", one) for one in contest.of_month(db, ScoreObjection, month)]
    contests += [("appeals", one) for one in contest.of_month(db, ScoreAppeal, month)]
    for name, one in contests:
        row = rows.get(contest.whose(one))
        if row is not None:
            row[name] += 1
            row["open"] += one.state == "open"


def _of_year(db: Reads, who: Who, totals: dict[str, Decimal], names: dict[str, tuple[str, str]]) -> Json:
    person = None if who.person is None else db.get(Person, who.person)
    name, name_en = (person.name, "") if person else names.get(who.department or "", (who.department or "", ""))
    mean = (sum(totals.values(), Decimal(0)) / len(totals)).quantize(CENT, ROUND_HALF_UP)
    department = person.department if person else who.department
    shown = {month: formula.plain(total) for month, total in totals.items()}
    return {"person": who.person, "department": department, "name": name, "name_en": name_en, "months": shown,
            "mean": formula.plain(mean)}  # fmt: skip
