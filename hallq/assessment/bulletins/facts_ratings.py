"""Facts of what citizens say: levels with coverage, bad ratings by reason, cases and their rates, praise.

Who rated or complained is never in it, nor what they wrote: both would tell (E15).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from hallq.assessment.bulletins.content import Chart, Facts, Row, Table
from hallq.assessment.bulletins.facts_posts import departments
from hallq.assessment.bulletins.period import Period, clock, here, one_of, share, total, within
from hallq.assessment.bulletins.words import say, titles
from hallq.assessment.cases import rules
from hallq.assessment.cases.model import Case
from hallq.assessment.ledger.model import Entry
from hallq.assessment.ratings.flags import counts
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.ratings.rules import BAD
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads
from hallq.texts import ZH, text
from hallq.ticketing.model import Person, Service, Window

LEVELS = (
    select(col(Window.department), col(Rating.level), func.count())
    .select_from(Rating)
    .join(Window, col(Window.no) == Rating.window)
    .where(within(col(Rating.day)), here(col(Window.department)), counts())
    .group_by(col(Window.department), col(Rating.level))
)
INVITED = (
    select(col(Window.department), func.count())
    .select_from(Invitation)
    .join(Window, col(Window.no) == Invitation.window)
    .where(
        within(col(Invitation.day)), here(col(Window.department)), col(Invitation.closed_why) != "withdrawn",
        col(Invitation.closed_why) != "no_pad",
    )
    .group_by(col(Window.department))
)
BAD_ONES = (
    select(
        col(Rating.id), col(Rating.at), col(Rating.window), col(Service.name), col(Rating.level), col(Rating.reasons),
        col(Rating.person), col(Person.name), col(Window.department),
    )
    .join(Window, col(Window.no) == Rating.window)
    .outerjoin(Service, col(Service.code) == Rating.service)
    .outerjoin(Person, col(Person.id) == Rating.person)
    .where(within(col(Rating.day)), here(col(Window.department)), col(Rating.level) <= BAD, counts())
    .order_by(col(Rating.at))
)  # fmt: skip
REASONS = (
    select(col(Rating.reasons), func.count())
    .join(Window, col(Window.no) == Rating.window)
    .where(within(col(Rating.day)), here(col(Window.department)), col(Rating.level) <= BAD, counts())
    .group_by(col(Rating.reasons))
)
CASES = (
    select(
        col(Case.kind), col(Case.named), col(Case.verdict), col(Case.state), col(Case.done_day), col(Case.done_late),
        col(Case.visited_day), col(Case.due_day),
    )
    .where(within(col(Case.day)), here(col(Case.department)))
)  # fmt: skip
CANCELLED = select(col(Entry.cancels)).where(col(Entry.cancels).is_not(None))
PRAISED = (
    select(
        col(Entry.kind), col(Entry.ref), col(Entry.person), col(Person.name), col(Entry.window), col(Entry.department)
    )
    .outerjoin(Person, col(Person.id) == Entry.person)
    .where(
        within(col(Entry.day)),
        here(col(Entry.department)),
        one_of(col(Entry.kind), "praise", "commendation"),
        col(Entry.cancels).is_(None),
        col(Entry.id).not_in(CANCELLED),
    )
    .order_by(col(Entry.id))
)


def ratings(db: Reads, period: Period) -> Facts:
    """The five levels by department; shares never without who stands behind them."""
    known: dict[str | None, Counter[int]] = {}
    for code, level, count in db.values(LEVELS, **period.place):
        known.setdefault(code, Counter())[level] = count
    if not known:
        return Facts([say("ratingsNone")])
    invited: dict[str | None, int] = dict(db.values(INVITED, **period.place))
    names = departments(db)
    levels = {code: known[code] for code in names if code in known}
    rows = [
        Row([names[code], *_levels(found, invited.get(code, 0))], department=code) for code, found in levels.items()
    ]
    everyone = sum(levels.values(), Counter())
    whole = _levels(everyone, sum(invited.values()))
    if len(rows) > 1:
        rows.append(Row([say("total"), *whole]))
    raters, bad = everyone.total(), sum(count for level, count in everyone.items() if level <= BAD)
    line = say("ratings", n=raters, invited=sum(invited.values()), coverage=whole[-1], satisfied=whole[-2], bad=bad)
    columns = titles("department", "raters", *(f"level.{level}" for level in (5, 4, 3, 2, 1)), "satisfied", "coverage")
    bars = [(names[code], round(100 * _satisfied(found) / found.total(), 1)) for code, found in levels.items()]
    chart = Chart(say("satisfiedChart"), "%", bars, 100)
    return Facts([line], [Table(say("ratingsTitle"), columns, rows)], [chart])


def _satisfied(found: Counter[int]) -> int:
    return sum(count for level, count in found.items() if level > BAD)


def _levels(found: Counter[int], invited: int) -> list[str | int]:
    raters = found.total()
    return [
        raters,
        *(found[level] for level in (5, 4, 3, 2, 1)),
        share(_satisfied(found), raters),
        share(raters, invited),
    ]


def bad_ratings(db: Reads, period: Period) -> Facts:
    words = {row["code"]: row["zh"] for row in standards.current(db, "reasons", period.until).content["reason"]}
    if period.names:
        return _each_bad(db, period, words)
    sums: Counter[str] = Counter()
    for codes, count in db.values(REASONS, **period.place):
        for code in filter(None, codes.split(",")):
            sums[code] += count
    rows = [Row([words.get(code, code), count]) for code, count in sums.most_common()]
    return Facts(tables=[Table(say("badReasonsTitle"), titles("reason", "times"), rows)])


def _each_bad(db: Reads, period: Period, words: dict[str, str]) -> Facts:
    found = db.values(BAD_ONES, **period.place)
    if not found:
        return Facts([say("badNone")])
    rows = [
        Row([clock(db, at), window, service or "", text(f"r.{level}", ZH), _words(codes, words), name or ""],
            f"rating/{key}", person, department)
        for key, at, window, service, level, codes, person, name, department in found
    ]  # fmt: skip
    columns = titles("at", "window", "service", "level", "reason", "person")
    return Facts([say("bad", n=len(found))], [Table(say("badTitle"), columns, rows)])


def _words(codes: str, words: dict[str, str]) -> str:
    return say("and").join(words.get(code, code) for code in codes.split(",") if code)


def cases(db: Reads, period: Period) -> Facts:
    """D05, E05-E14: registered in these days, where they stand now, and the rates with numerator and denominator."""
    found = db.values(CASES, **period.place)
    if not found:
        return Facts([say("casesNone")])
    ended = sum(row[3] in rules.ENDED for row in found)
    late = sum(_late(db, row) for row in found)
    line = say("cases", n=len(found), ended=ended, open=len(found) - ended, late=late)
    rows = []
    for kind in rules.KINDS:
        mine = [row for row in found if row[0] == kind]
        done = sum(row[3] in rules.ENDED for row in mine)
        rows.append(Row([say(f"case.{kind}"), len(mine), done, len(mine) - done, sum(_late(db, row) for row in mine)]))
    rows = [row for row in rows if row.cells[1]]
    columns = titles("case", "registered", "ended", "open", "overdue")
    rates = rules.rates(_outcome(db, row) for row in found if row[0] == rules.BAD_RATING)
    shares = [Row([say(f"rate.{name}"), rate.numerator, rate.denominator, share(*rate)]) for name, rate in rates.items()
              if rate.denominator]  # fmt: skip
    return Facts([line], [
        Table(say("casesTitle"), columns, total(rows, 5, 1, 2, 3, 4)),
        Table(say("ratesTitle"), titles("rate", "numerator", "denominator", "share"), shares),
    ])  # fmt: skip


def _late(db: Reads, row: Any) -> bool:
    _, _, _, state, done_day, done_late, _, due_day = row
    return bool(done_late) or (state not in rules.ENDED and not done_day and bool(due_day) and due_day < db.day)


def _outcome(db: Reads, row: Any) -> rules.Outcome:
    _, named, verdict, state, done_day, _, visited_day, _ = row
    founded = verdict != "unfounded" and state != "terminated"
    return rules.Outcome(bool(named), bool(done_day), _late(db, row), bool(visited_day), founded)


def praise(db: Reads, period: Period) -> Facts:
    """E04, D10: praise and commendations that the ledger holds, and the best ratings."""
    best = sum(count for _, level, count in db.values(LEVELS, **period.place) if level == 5)
    names = departments(db)
    found = db.values(PRAISED, **period.place)
    rows = [
        Row([say(f"ledger.{kind}"), names.get(department, ""), window or "", *([name or ""] if period.names else [])],
            ref, person if period.names else None, department)
        for kind, ref, person, name, window, department in found
    ]  # fmt: skip
    columns = titles("what", "department", "window", *(["person"] if period.names else []))
    return Facts([say("praise", n=len(found), best=best)], [Table(say("praiseTitle"), columns, rows)])
