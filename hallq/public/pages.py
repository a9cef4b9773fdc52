"""What the pages of the public screens say, taken from the rows; None: there is nothing to show now. Never a person's
figures. What moves by the second (windows, closures, calls) a screen has in its live picture and words by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import bindparam, col

from hallq.assessment.ratings import coverage, flags
from hallq.assessment.ratings.model import Rating
from hallq.assessment.ratings.rules import BAD
from hallq.items import guides
from hallq.items.content import Guide
from hallq.kernel import Reads
from hallq.outcomes import rates
from hallq.public import plans
from hallq.public.model import ContentPage
from hallq.registers import found
from hallq.ticketing import lookups
from hallq.ticketing.model import Department, Service

Json = dict[str, Any]
PHONES = 2  # of a department
LEVELS = (
    columns(col(Rating.level), func.count())
    .where(col(Rating.day).between(bindparam("since"), bindparam("until")), flags.counts())
    .group_by(col(Rating.level))
)


class LastMonth(NamedTuple):
    kept: Json
    ratings: Json | None


def windows(db: Reads) -> Json | None:
    """What each service is called: the windows that serve it, and whether they are open, is in the live picture."""
    return {"services": {row.code: _named(row) for row in db.find(lookups.SERVICES)}}


def promises(db: Reads) -> Json | None:
    """H12: the promised and the legal time of every item whose guide names one, by department; with its fee (H25)."""
    order = {row.code: number for number, row in enumerate(db.find(lookups.DEPARTMENTS))}
    known = guides.everything(db)
    rows = sorted(db.find(lookups.SERVICES), key=lambda row: order.get(row.department, len(order)))
    items = [_promise(row, known[row.code].guide) for row in rows if row.code in known]
    told = [item for item in items if item["days"] is not None]
    return {"items": told} if told else None


def _promise(row: Service, guide: Guide) -> Json:
    """`days`: 0 is on the spot."""
    days = 0 if guide.handling == "spot" else guide.promised_days
    return _named(row) | {"days": days, "legal_days": guide.legal_days, "fee": guide.fee, "fee_en": guide.fee_en}


def suspended(db: Reads) -> Json | None:
    """B20, B21: announced or in force, as the notices say it."""
    return {}


def lost(db: Reads) -> Json | None:
    """K03: what was found and is kept; nothing by which somebody could claim what is not theirs."""
    items = found.public(db)
    return {"items": items} if items else None


def phones(db: Reads) -> Json | None:
    """H22: the telephones that departments name most in their guides. Those for complaints are the hall's (E03)."""
    numbers: dict[str, Counter[str]] = {}
    departments = {row.code: row.department for row in db.find(lookups.SERVICES)}
    for code, version in guides.everything(db).items():
        if code in departments and version.guide.phone:
            numbers.setdefault(departments[code], Counter())[version.guide.phone] += 1
    rows = [row for row in db.find(lookups.DEPARTMENTS) if row.code in numbers]
    told = {code: [phone for phone, _ in counted.most_common(PHONES)] for code, counted in numbers.items()}
    return {"items": [_named(row) | {"phones": told[row.code]} for row in rows]}


def results(db: Reads) -> Json | None:
    """H21."""
    rows = db.find(plans.PUBLIC, day=db.day)
    names = ("matter", "who", "result", "from_day")
    return {"items": [{name: getattr(row, name) for name in names} for row in rows]} if rows else None


def content(db: Reads, number: int) -> Json | None:
    row = db.get(ContentPage, number)
    if row is None or not row.active or not (row.from_day or "") <= db.day <= (row.until_day or "9"):
        return None
    return {name: getattr(row, name) for name in ("title", "title_en", "body", "body_en")}


FACTS: dict[str, Callable[[Reads], Json | None]] = {
    "windows": windows, "promises": promises, "suspended": suspended, "lost": lost, "phones": phones,
    "results": results,
}  # fmt: skip


def facts(db: Reads, page: str, last: LastMonth) -> Json | None:
    if page.startswith(plans.OWN):
        return content(db, int(page.removeprefix(plans.OWN)))
    if page == "ratings":
        return last.ratings
    found = FACTS[page](db)
    return found | {"kept": last.kept} if found and page == "promises" else found


def last_month(db: Reads) -> LastMonth:
    """How the hall kept its promises (I01) and how it was rated."""
    until = date.fromisoformat(db.day).replace(day=1) - timedelta(days=1)
    days = {"since": until.replace(day=1).isoformat(), "until": until.isoformat()}
    kept = rates.of_period(db, **days)["hall"]["rates"]
    told = {name: kept[name] for name in ("spot", "promise") if kept[name]["denominator"]}
    return LastMonth(told, _rated(db, days))


def _rated(db: Reads, days: dict[str, str]) -> Json | None:
    """Satisfied of so many raters, raters of so many invited. D02: not rated is no level."""
    levels = dict(db.values(LEVELS, **days))
    raters = sum(levels.values())
    if not raters:
        return None
    invited = coverage.total(coverage.coverage(db, by="day", **days).values())
    satisfied = sum(count for level, count in levels.items() if level > BAD)
    return {
        "month": days["since"][:7], "raters": raters, "satisfied": satisfied,
        "rated": invited.rated, "invited": invited.invited,
        "levels": {str(level): levels.get(level, 0) for level in (5, 4, 3, 2, 1)},
    }  # fmt: skip


def _named(row: Service | Department) -> Json:
    return {"name": row.name, "name_en": row.name_en}
