"""One person's record: what was served, how long it took, who rated and how, what the ledger holds (D02, D09-D18).

Everything is counted anew from the rows each time. Not rated (未评价) is no level and raises no share. Who looks at
the own record sees ratings by whole weeks that are over: nothing tells what a citizen has just pressed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlmodel import bindparam, col, select

from hallq.assessment.cases import looks as cases
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols import looks as patrols
from hallq.assessment.record import figures, guiding, served
from hallq.assessment.record.model import Commendation
from hallq.assessment.record.statistics import Json
from hallq.assessment.standards import commands as standards
from hallq.kernel import Reads
from hallq.office import day_facts

ENTRIES = (
    select(Entry)
    .where(col(Entry.person) == bindparam("person"), col(Entry.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(Entry.day), col(Entry.id))
)
COMMENDATIONS = select(Commendation).where(
    col(Commendation.person) == bindparam("person"),
    col(Commendation.day).between(bindparam("since"), bindparam("until")),
)
FIGURES = (
    "served", "cases", "weighted", "handling_s", "occupancy_s", "norm", "handling_ratio", "invite_rate", "answer_rate",
    "unrated", "satisfied_share", "interval", "rank", "bad", "on_post_s", "off_post_s",
)  # fmt: skip
OF_CASE = ("id", "no", "day", "kind", "state", "verdict", "no_award", "due_day", "done_day")


class Span(NamedTuple):
    since: str
    until: str

    def holds(self, day: str) -> bool:
        return self.since <= day <= self.until


def own_weeks(span: Span, today: str) -> Span:
    """The whole weeks, Monday to Sunday, that are over and that the span touches: what a clerk may know of ratings."""
    since, until, now = (date.fromisoformat(day) for day in (*span, today))
    last_sunday = min(now - timedelta(days=now.isoweekday()), until + timedelta(days=7 - until.isoweekday()))
    return Span((since - timedelta(days=since.weekday())).isoformat(), last_sunday.isoformat())


def record(db: Reads, *, person: int, since: str, until: str, own: bool = False) -> Json:
    """`own`: for the person's own eyes."""
    span = Span(since, until)
    rated_span = own_weeks(span, db.day) if own else span
    reach = {"since": min(since, rated_span.since), "until": max(until, rated_span.until)}
    found = [served.Served._make(row) for row in db.values(served.VISITS, person=person, **reach)]
    visits = [row for row in found if span.holds(row.day)]
    rated = [row for row in found if rated_span.holds(row.day)]
    meanings = standards.current(db, figures.KIND, until)
    limits = figures.limits(meanings.content)
    points = standards.current(db, "score", until).content["points"]
    return (
        {"from": since, "to": until, "own": own, "rated_from": rated_span.since, "rated_to": rated_span.until}
        | served.work(visits) | served.times(db, visits) | served.rated(rated, limits)
        | {"by_day": [] if own else served.by_day(visits), "by_week": served.by_week(served.by_day(rated))}
        | _kept(db, person, span)
        | {"cases_about": _cases(db, person, span, own), "no_award": _no_award(db, person, until[:4])}
        | {"kinds": {row["kind"]: {"zh": row["zh"], "en": row["en"]} for row in points}}
        | figures.defined(meanings, FIGURES)
    )  # fmt: skip


def _kept(db: Reads, person: int, span: Span) -> Json:
    """What others have entered: the ledger with clause and evidence, praise, the facts of the days."""
    period = {"person": person, "since": span.since, "until": span.until}
    entries = db.find(ENTRIES, **period)
    cancelled = {row.cancels: row for row in entries if row.cancels is not None}
    return {
        "entries": [_entry(row, cancelled.get(row.id or 0)) for row in entries if row.cancels is None],
        "commendations": [_shown(row, "person", "entry") for row in db.find(COMMENDATIONS, **period)],
        "days": _days(db, person, span),
        "guide": guiding.of(db, person, span.since, span.until),
        "findings": patrols.by_person(db, person, span.since, span.until),
    }


def _days(db: Reads, person: int, span: Span) -> list[Json]:
    """The facts of the days that are over, and beside them what the office has set right and why."""
    said: dict[str, dict[str, str]] = {}
    for (day, mark), row in day_facts.corrected(db, person, span.since, span.until).items():
        said.setdefault(day, {})[mark] = row.reason
    rows = day_facts.of(db, person, span.since, span.until)
    return [_shown(row, "id", "person") | {"corrected": said.get(row.day, {})} for row in rows]


def _cases(db: Reads, person: int, span: Span, own: bool) -> list[Json]:
    """Complaints and bad ratings about the person: to the person's own eyes those in which the person was heard."""
    rows = cases.by_person(db, person=person, since=span.since, until=span.until)
    return [{name: getattr(row, name) for name in OF_CASE} for row in rows if row.heard_at is not None or not own]


def _no_award(db: Reads, person: int, year: str) -> list[str]:
    """D17: the numbers of the year's cases that take the person out of its awards."""
    rows = cases.by_person(db, person=person, since=f"{year}-01-01", until=f"{year}-12-31")
    return [row.no for row in rows if row.no_award in ("person", "both")]


def _entry(row: Entry, cancel: Entry | None) -> Json:
    names = ("id", "day", "at", "kind", "amount", "ref", "clause", "note", "window", "by")
    back = None if cancel is None else {name: getattr(cancel, name) for name in ("at", "ref", "note", "by")}
    return {name: getattr(row, name) for name in names} | {"cancelled": back}


def _shown(row: Any, *but: str) -> Json:
    return {name: value for name, value in row._asdict().items() if name not in but}
