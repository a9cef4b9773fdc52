"""Facts of patrols and assessment: findings, the ledger's entries, frozen scores, departments by their problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlmodel import bindparam, col

from hallq.assessment.bulletins.content import Chart, Facts, Row, Table
from hallq.assessment.bulletins.facts_posts import departments
from hallq.assessment.bulletins.facts_ratings import CANCELLED
from hallq.assessment.bulletins.model import CHIEF, LEADER
from hallq.assessment.bulletins.period import Period, clock, here, one_of, total, within
from hallq.assessment.bulletins.words import say, titles
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols.model import Finding, Patrol
from hallq.assessment.ratings.flags import counts
from hallq.assessment.ratings.model import Rating
from hallq.assessment.ratings.rules import BAD
from hallq.assessment.score.model import ScoreMonth, ScoreSheet
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads
from hallq.ticketing.lookups import how_many
from hallq.ticketing.model import Person, Window

GOOD = ("praise", "commendation")
PATROLS = (
    select(col(Patrol.kind), func.count())
    .where(within(col(Patrol.day)), col(Patrol.ended_at).is_not(None))
    .group_by(col(Patrol.kind))
    .order_by(func.count().desc())
)
_STANDS = within(col(Finding.day)) & here(col(Finding.department)) & (col(Finding.kind) == "problem") & (
    col(Finding.state) != "withdrawn"
)  # fmt: skip
FINDINGS = (
    select(
        col(Finding.id),
        col(Finding.at),
        col(Finding.window),
        col(Finding.area),
        col(Finding.code),
        col(Finding.clause),
        col(Finding.person),
        col(Person.name),
        col(Finding.department),
        col(Finding.state),
    )
    .outerjoin(Person, col(Person.id) == Finding.person)
    .where(_STANDS)
    .order_by(col(Finding.at))
)


FINDINGS_BY_CODE = (
    select(col(Finding.code), func.count(), func.sum(func.min(col(Finding.nth) - 1, 1)))
    .where(_STANDS)
    .group_by(col(Finding.code))
    .order_by(func.count().desc())
)
FINDINGS_BY_DEPARTMENT = (
    select(
        col(Finding.department),
        func.count(),
        how_many(col(Finding.fix) == "confirmed"),
        how_many(one_of(col(Finding.fix), "due", "reported")),
    )
    .where(_STANDS)
    .group_by(col(Finding.department))
    .order_by(func.count().desc())
)
LEDGER = (
    select(col(Entry.department), col(Entry.kind), func.count())
    .where(
        within(col(Entry.day)),
        here(col(Entry.department)),
        col(Entry.cancels).is_(None),
        col(Entry.id).not_in(CANCELLED),
    )
    .group_by(col(Entry.department), col(Entry.kind))
)
BAD_BY_DEPARTMENT = (
    select(col(Window.department), func.count())
    .select_from(Rating)
    .join(Window, col(Window.no) == Rating.window)
    .where(within(col(Rating.day)), col(Rating.level) <= BAD, counts())
    .group_by(col(Window.department))
)
SCORES = (
    select(col(ScoreSheet.department), col(ScoreSheet.total), col(ScoreSheet.days))
    .join(ScoreMonth, col(ScoreMonth.month) == ScoreSheet.month)
    .where(
        col(ScoreSheet.month) == bindparam("month"), col(ScoreSheet.person).is_(None), here(col(ScoreSheet.department)),
        col(ScoreMonth.frozen_at).is_not(None),
    )
)  # fmt: skip


def _codes(db: Reads, day: str) -> dict[str, str]:
    return {row["code"]: row["zh"] for row in standards.current(db, "checklist", day).content["code"]}


def findings(db: Reads, period: Period) -> Facts:
    """F08: what patrols found, and what became of it. One that was withdrawn is none."""
    walks = db.values(PATROLS, **period.days)
    parts = say("and").join(say(f"patrol.{kind}", n=count) for kind, count in walks)
    walked = say("patrols", n=sum(count for _, count in walks), parts=parts) if walks else say("patrolsNone")
    if period.names:
        return _each(db, period, walked)
    words = _codes(db, period.until)
    found = db.values(FINDINGS_BY_CODE, **period.place)
    if not found:
        return Facts([walked, say("findingsNone")])
    by_code = [Row([words.get(code, code), count, again or 0]) for code, count, again in found]
    codes = Table(say("findingsTitle"), titles("finding", "times", "repeats"), total(by_code, 3, 1, 2))
    line = say("findings", n=sum(row[1] for row in found), again=sum(row[2] or 0 for row in found))
    rows = _by_department(db, period)
    places = titles("department", "times", "fixed", "unfixed")
    bars = [(str(row.cells[0]), float(row.cells[1])) for row in rows]
    chart = Chart(say("findingsChart"), say("unit.times"), bars)
    return Facts([walked, line], [codes, Table(say("findingsByTitle"), places, total(rows, 4, 1, 2, 3))], [chart])


def _by_department(db: Reads, period: Period) -> list[Row]:
    """What needs no rectification is neither put right nor open."""
    names = departments(db)
    found = db.values(FINDINGS_BY_DEPARTMENT, **period.place)
    return [
        Row([names.get(code, say("wholeHall")), count, fixed, left], department=code)
        for code, count, fixed, left in found
    ]


def _each(db: Reads, period: Period, walked: str) -> Facts:
    words, names = _codes(db, period.until), departments(db)
    rows = [
        Row([clock(db, at), names.get(department, ""), window or say(f"area.{area}") if window or area else "",
             words.get(code, code), name or "", clause, say(f"finding.{state}")], f"finding/{key}", person, department)
        for key, at, window, area, code, clause, person, name, department, state in db.values(FINDINGS, **period.place)
    ]  # fmt: skip
    columns = titles("at", "department", "window", "finding", "person", "clause", "state")
    return Facts([walked, *([] if rows else [say("findingsNone")])], [Table(say("findingsTitle"), columns, rows)])


def ledger(db: Reads, period: Period) -> Facts:
    """What entered the assessment's ledger in these days, by kind; what was cancelled is not in it."""
    rows = standards.current(db, "score", period.until).content["points"]
    words = {row["kind"]: row["zh"] for row in reversed(rows)}  # of several for one kind the first names it
    sums: Counter[str] = Counter()
    for _, kind, count in db.values(LEDGER, **period.place):
        sums[kind] += count
    lines = [Row([words.get(kind, kind), count]) for kind, count in sums.most_common() if kind != "bulletin"]
    return Facts(tables=[Table(say("ledgerTitle"), titles("what", "times"), total(lines, 2, 1))])


def scores(db: Reads, period: Period) -> Facts:
    """D19: departments' scores of a month that is frozen; before that nothing is said."""
    names = departments(db)
    found = [(code, _points(points), days) for code, points, days in
             db.values(SCORES, month=period.until[:7], department=period.department) if points]  # fmt: skip
    if not found:
        return Facts([say("scoresOpen")])
    found.sort(key=lambda row: -row[1])
    rows = [
        Row([place, names.get(code, ""), points], department=code) for place, (code, points, _) in enumerate(found, 1)
    ]
    return Facts(tables=[Table(say("scoresTitle"), titles("place", "department", "score"), rows)])


def _points(words: str) -> float:
    return float(orjson.loads(words))


def ranking(db: Reads, period: Period) -> Facts:
    """F10, F11: departments by their problems; from so many on, chief representative and leader are asked in."""
    content = standards.current(db, "bulletins", period.until).content
    tally: dict[str, Counter[str]] = {code: Counter() for code in departments(db) if code}
    for department, kind, count in db.values(LEDGER, **period.place):
        if department in tally and kind not in (*GOOD, "bulletin"):
            tally[department][_column(kind)] += count
    for department, count in db.values(BAD_BY_DEPARTMENT, **period.days):
        tally[department]["bad"] += count
    names = departments(db)
    ordered = sorted(tally, key=lambda code: -tally[code].total())
    columns = ("findings", "complaints", "bad", "others")
    rows = [Row([place, names[code], *(tally[code][name] for name in columns), tally[code].total()], department=code)
            for place, code in enumerate(ordered, 1)]  # fmt: skip
    table = Table(say("rankingTitle"), titles("place", "department", *columns, "sum"), rows)
    chart = Chart(
        say("rankingTitle"), say("unit.times"), [(names[code], float(tally[code].total())) for code in ordered]
    )
    asked = [one for code in ordered for one in _asked(content, code, tally[code])]
    return Facts([say("ranking", n=sum(one["on"] and one["level"] == CHIEF for one in asked))], [table], [chart], asked)


def _column(kind: str) -> str:
    if kind.startswith("finding"):
        return "findings"
    return "complaints" if kind.startswith("complaint") else "others"


def _asked(content: Mapping[str, Any], department: str, tally: Counter[str]) -> list[dict[str, Any]]:
    names = ("findings", "complaints", "bad", "others")
    facts = say("and").join(say(f"tally.{name}", n=tally[name]) for name in names if tally[name]) or say("tally.none")
    least = {CHIEF: content["interview_chief_from"], LEADER: content["interview_leader_from"]}
    return [{"department": department, "level": level, "facts": facts, "on": tally.total() >= count}
            for level, count in least.items()]  # fmt: skip
