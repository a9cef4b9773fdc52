"""Windows and departments beside each other, for those who lead: never on a wall, never a person (D13-D18, D26).

Times are held against what the whole hall takes for the same services on the same days, so that a window of long
matters is no slow one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from hallq.assessment.cases import looks as cases
from hallq.assessment.cases.model import Case
from hallq.assessment.cases.rules import BAD_RATING
from hallq.assessment.patrols.model import Finding
from hallq.assessment.patrols.rules import STANDS
from hallq.assessment.ratings import flags
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.ratings.rules import BAD
from hallq.assessment.record import figures, statistics
from hallq.assessment.record.norms import CASES, HANDLING, Workload
from hallq.assessment.record.served import NO_PAD, WITHDRAWN
from hallq.assessment.record.statistics import LEVELS, Json
from hallq.assessment.standards import commands as standards
from hallq.kernel import SECOND, Reads
from hallq.ticketing.model import Department, Ticket, Visit, Window

_DAYS: Any = (bindparam("since"), bindparam("until"))
WORK = (
    select(
        col(Visit.window), col(Visit.service), col(Visit.day), func.count(), func.sum(CASES),
        func.sum(func.max(0, HANDLING)),
    )
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .where(col(Visit.day).between(*_DAYS), col(Visit.end) == "finished")
    .group_by(col(Visit.window), col(Visit.service), col(Visit.day))
)  # fmt: skip
INVITED = (
    select(col(Invitation.window), func.count())
    .where(
        col(Invitation.day).between(*_DAYS), col(Invitation.closed_why) != WITHDRAWN,
        col(Invitation.closed_why) != NO_PAD,
    )
    .group_by(col(Invitation.window))
)
RATED = (
    select(col(Rating.window), col(Rating.level), func.count())
    .where(col(Rating.day).between(*_DAYS), flags.counts())
    .group_by(col(Rating.window), col(Rating.level))
)
COMPLAINTS = (  # those that were taken up
    select(col(Case.window), col(Case.department), func.count())
    .where(
        col(Case.day).between(*_DAYS), col(Case.kind) != BAD_RATING, col(Case.state) != "rejected",
        col(Case.state) != "withdrawn",
    )
    .group_by(col(Case.window), col(Case.department))
)
FINDINGS = (
    select(col(Finding.window), col(Finding.department), func.count())
    .where(col(Finding.day).between(*_DAYS), col(Finding.kind) == "problem", col(Finding.state) == STANDS)
    .group_by(col(Finding.window), col(Finding.department))
)
BARRED = (  # D17
    select(col(Case.department), col(Case.no))
    .where(col(Case.day).between(*_DAYS), col(Case.no_award) != "", col(Case.no_award) != "person")
    .order_by(col(Case.id))
)
WINDOWS = select(col(Window.no), col(Window.department)).order_by(col(Window.ord), col(Window.no))
DEPARTMENTS = select(col(Department.code), col(Department.name), col(Department.name_en))
WINDOW = "window"
FIGURES = (
    "served", "cases", "weighted", "mean_case_s", "pace", "answer_rate", "satisfied_share", "interval", "rank", "bad",
    "complaints", "findings", "quiet_days",
)  # fmt: skip


class Work(NamedTuple):
    window: str
    service: str
    day: str
    visits: int
    cases: int
    handling: int


def compare(db: Reads, *, by: str, since: str, until: str, department: str | None = None) -> Json:
    """One row for each window or department where anything happened; a chief's `department` alone is shown, but held
    against the whole hall."""
    period = {"since": since, "until": until}
    homes = dict(db.values(WINDOWS))
    place: Callable[[str], str] = (lambda no: no) if by == WINDOW else (lambda no: homes.get(no, ""))
    meanings = standards.current(db, figures.KIND, until)
    rows = _work(db, [Work._make(row) for row in db.values(WORK, **period)], place)
    _rate(db, rows, period, place, meanings.content)
    _count(db, rows, period, by)
    shown = {key: row for key, row in rows.items() if department in (None, homes.get(key) if by == WINDOW else key)}
    return {
        "by": by, "from": since, "to": until, "items": _labelled(db, shown, homes, by),
        "star": star(rows, meanings.content) if by == WINDOW else None,
        **figures.defined(meanings, FIGURES),
    }  # fmt: skip


def star(rows: dict[str, Json], rule: standards.Content) -> Json:
    """D18: the window whose satisfied share is the highest at its lower end, among those with enough raters and without
    too many complaints. The rule is the standard's; equals are all named."""
    fit = {
        key: row["satisfaction"]["low"]
        for key, row in rows.items()
        if row["satisfaction"]["raters"] >= rule["star_least"]
        and (row["complaints"]) <= rule["star_complaints_most"]
    }
    best = max(fit.values(), default=None)
    return {
        "windows": sorted(key for key, value in fit.items() if value == best), "low": best,
        "least": rule["star_least"], "complaints_most": rule["star_complaints_most"],
    }  # fmt: skip


def _work(db: Reads, found: list[Work], place: Callable[[str], str]) -> dict[str, Json]:
    load, means = Workload(db), _means(found)
    rows: dict[str, Json] = {}
    for one in found:
        none = {"served": 0, "cases": 0, "weighted": 0.0, "handling": 0, "expected": 0.0}
        row = rows.setdefault(place(one.window), none)
        row["served"] += one.visits
        row["cases"] += one.cases
        row["weighted"] += one.cases * load.of(one.day, one.service)[0]
        row["handling"] += one.handling
        row["expected"] += one.cases * means[one.service]
    return {key: _timed(row) for key, row in rows.items()}


def _means(found: Iterable[Work]) -> dict[str, float]:
    """What a case of each service takes in the whole hall on these days."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        sums[one.service][0] += one.handling
        sums[one.service][1] += one.cases
    return {service: handling / max(1, cases) for service, (handling, cases) in sums.items()}


def _timed(row: Json) -> Json:
    handling, expected = row.pop("handling"), row.pop("expected")
    mean = handling / row["cases"] / SECOND if row["cases"] else None
    return row | {
        "weighted": round(row["weighted"], 2), "mean_case_s": None if mean is None else round(mean),
        "pace": statistics.rate(handling, expected),
    }  # fmt: skip


def _rate(db: Reads, rows: dict[str, Json], period: Json, place: Any, rule: standards.Content) -> None:
    invited: dict[str, int] = defaultdict(int)
    for window, count in db.values(INVITED, **period):
        invited[place(window)] += count
    levels: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(LEVELS, 0))
    for window, level, count in db.values(RATED, **period):
        levels[place(window)][level] += count
    limits = figures.limits(rule)
    for key, row in rows.items():
        its = levels[key]
        row |= {
            "invited": invited[key], "satisfaction": statistics.satisfaction(its, **limits),
            "levels": {str(level): count for level, count in its.items()},
            "bad": sum(count for level, count in its.items() if level <= BAD),
        }  # fmt: skip
        row["answer_rate"] = statistics.rate(row["satisfaction"]["raters"], row["invited"])


def _count(db: Reads, rows: dict[str, Json], period: Json, by: str) -> None:
    """Complaints, findings that stand; for windows how long nobody has complained (D26), for departments the year's
    cases that take them out of its awards (D17)."""
    for name, query in (("complaints", COMPLAINTS), ("findings", FINDINGS)):
        found: dict[str | None, int] = defaultdict(int)
        for window, department, count in db.values(query, **period):
            found[window if by == WINDOW else department] += count
        for key, row in rows.items():
            row[name] = found[key]
    barred: dict[str | None, list[str]] = defaultdict(list)
    for department, number in db.values(BARRED, **_year(period["until"])) if by != WINDOW else ():
        barred[department].append(number)
    quiet = {one["window"]: one["days"] for one in cases.quiet_days(db)} if by == WINDOW else {}
    for key, row in rows.items():
        row |= {"quiet_days": quiet.get(key), "no_award": barred[key]}


def _year(day: str) -> Json:
    return {"since": f"{day[:4]}-01-01", "until": f"{day[:4]}-12-31"}


def _labelled(db: Reads, rows: dict[str, Json], homes: dict[str, str], by: str) -> list[Json]:
    names = {code: (name, name_en) for code, name, name_en in db.values(DEPARTMENTS)}
    places = statistics.places({key: row["satisfaction"]["rank_value"] for key, row in rows.items()})
    order = list(homes) if by == WINDOW else list(names)
    answer = []
    for key in sorted(rows, key=lambda key: order.index(key) if key in order else len(order)):
        department = homes.get(key, "") if by == WINDOW else key
        name, name_en = names.get(department, (department, ""))
        window = key if by == WINDOW else None
        labels: Json = {"window": window, "department": department, "name": name, "name_en": name_en}
        answer.append(labels | rows[key] | {"place": places.get(key)})
    return answer
