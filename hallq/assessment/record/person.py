"""One person's record: what was served, how long it took, who rated and how, what the ledger holds (D02, D09-D18).

Everything is counted anew from the rows each time. Not rated (未评价) is no level and raises no share. Who looks at
the own record sees ratings by whole weeks that are over: nothing tells what a citizen has just pressed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case
from sqlalchemy import select as columns
from sqlmodel import col, select

from hallq.assessment.cases import looks as cases
from hallq.assessment.ledger.model import Entry
from hallq.assessment.patrols import looks as patrols
from hallq.assessment.ratings import flags
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.record import statistics
from hallq.assessment.record.model import Commendation
from hallq.assessment.record.norms import CASES, Workload
from hallq.assessment.record.statistics import LEVELS, Json, Turn
from hallq.assessment.standards import commands as standards
from hallq.kernel import SECOND, Ms, Reads
from hallq.office import day_facts
from hallq.ticketing import outages
from hallq.ticketing.model import Ticket, Visit

VISITS = (
    columns(
        col(Visit.day), col(Visit.service), col(Visit.end), CASES, col(Visit.called_at), col(Visit.started_at),
        col(Visit.ended_at), col(Visit.outage), col(Invitation.closed_why), col(Rating.level),
        case((flags.counts(), 1), else_=0),
    )
    .join(Ticket, col(Ticket.id) == Visit.ticket)
    .outerjoin(Invitation, col(Invitation.visit) == Visit.id)
    .outerjoin(Rating, col(Rating.visit) == Visit.id)
    .where(col(Visit.person) == bindparam("person"), col(Visit.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(Visit.day), col(Visit.id))
)  # fmt: skip
ENTRIES = (
    select(Entry)
    .where(col(Entry.person) == bindparam("person"), col(Entry.day).between(bindparam("since"), bindparam("until")))
    .order_by(col(Entry.day), col(Entry.id))
)
COMMENDATIONS = select(Commendation).where(
    col(Commendation.person) == bindparam("person"),
    col(Commendation.day).between(bindparam("since"), bindparam("until")),
)
WITHDRAWN = "withdrawn"  # an invitation whose visit was taken back
MISSED = ("time_out", "skipped", "next_visit")
FIGURES = (
    "served", "cases", "weighted", "handling_s", "occupancy_s", "norm", "handling_ratio", "invite_rate", "answer_rate",
    "unrated", "satisfied_share", "interval", "rank", "bad", "on_post_s", "off_post_s",
)  # fmt: skip
OF_CASE = ("id", "no", "day", "kind", "state", "verdict", "no_award", "due_day", "done_day")


class Served(NamedTuple):
    """One of the person's visits with its invitation and its rating, as VISITS gives it."""

    day: str
    service: str
    end: str
    cases: int
    called_at: Ms
    started_at: Ms | None
    ended_at: Ms | None
    outage: Ms
    invitation: str | None  # why it was closed; None: nobody was invited
    level: int | None
    counts: int

    @property
    def is_invited(self) -> bool:
        """D02: each clerk who has served somebody is to invite a rating."""
        return self.end == "finished" or (self.end == "transferred" and self.started_at is not None)

    @property
    def rating(self) -> int | None:
        return self.level if self.counts else None


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
    found = [Served._make(row) for row in db.values(VISITS, person=person, **reach)]
    visits = [row for row in found if span.holds(row.day)]
    rated = [row for row in found if rated_span.holds(row.day)]
    figures = standards.current(db, "figures", until)
    limits: Json = {"least": int(figures.content["rank_least"]), "z": float(figures.content["z"])}
    return (
        {"from": since, "to": until, "own": own, "rated_from": rated_span.since, "rated_to": rated_span.until}
        | _work(visits) | _times(db, visits) | _rated(rated, limits)
        | {"by_day": [] if own else _by_day(visits), "by_week": _by_week(_by_day(rated))}
        | _kept(db, person, span) | {"cases_about": _cases(db, person, span, own)}
        | defined(figures, FIGURES)
    )  # fmt: skip


def defined(figures: standards.InForce, keys: tuple[str, ...]) -> Json:
    """What each of these figures means, by the standard in force."""
    rows = {row["key"]: row for row in figures.content["figure"]}
    return {"definitions": [rows[key] for key in keys if key in rows], "definitions_version": figures.version}


def _work(visits: list[Served]) -> Json:
    ends = Counter(row.end for row in visits)
    served = [row for row in visits if row.end == "finished"]
    handled = sum(max(0, _handling(row)) for row in served)
    return {
        "served": len(served), "cases": sum(row.cases for row in served), "no_shows": ends["no_show"],
        "transferred": ends["transferred"],  # A18
        "mean_handling_s": round(handled / len(served) / SECOND) if served else None,
    }  # fmt: skip


def _times(db: Reads, visits: list[Served]) -> Json:
    turns = _turns(db, [row for row in visits if row.end == "finished"])
    services = [
        {"service": service} | statistics.of_service(its) for service, its in statistics.by_service(turns).items()
    ]
    return {
        "weighted": statistics.weighted(turns), "services": services,
        "handling_ratio": statistics.overall_ratio(services, "handling"),
        "occupancy_ratio": statistics.overall_ratio(services, "occupancy"),
    }  # fmt: skip


def _turns(db: Reads, served: list[Served]) -> list[Turn]:
    load = Workload(db)
    gaps = sorted(db.values(outages.KNOWN, since=min((row.called_at for row in served), default=db.now)))
    return [
        Turn(
            row.service, row.cases, max(0, _handling(row)), max(0, _occupancy(row, gaps)),
            *load.of(row.day, row.service),
        )
        for row in served
    ]  # fmt: skip


def _handling(row: Served) -> Ms:
    """I20: from start to end, without outages and emergencies; stepping away for the citizen's sake is part of it."""
    begun = row.called_at if row.started_at is None else row.started_at
    return (row.ended_at or begun) - begun - row.outage


def _occupancy(row: Served, gaps: list[tuple[Ms, Ms]]) -> Ms:
    """From the call to the end; a visit's own `outage` knows nothing of what was before its start."""
    begun = row.called_at if row.started_at is None else row.started_at
    first = bisect_left(gaps, row.called_at, key=lambda gap: gap[1])
    lost = 0
    for since, until in gaps[first:]:
        if since >= begun:
            break
        lost += max(0, min(until, begun) - max(since, row.called_at))
    return _handling(row) + begun - row.called_at - lost


def _rated(rows: list[Served], limits: Json) -> Json:
    """D02: invited of those who were served; rated of those who were invited; the rest by why."""
    due = [row for row in rows if row.is_invited]
    invited = [row for row in due if row.invitation not in (None, WITHDRAWN)]
    levels = Counter(row.rating for row in due if row.rating is not None)
    answers, why = sum(levels.values()), Counter(row.invitation for row in invited if row.level is None)
    return {
        "levels": {str(level): levels[level] for level in LEVELS},
        "unrated": sum(row.level is None for row in due),
        "invited": len(invited),
        "coverage": {
            "due": len(due), "invited": len(invited), "rated": answers,
            "excluded": sum(row.level is not None and not row.counts for row in due),
            **{name: why[name] for name in MISSED},
            "invite_rate": statistics.rate(len(invited), len(due)),
            "answer_rate": statistics.rate(answers, len(invited)),
        },
        "satisfaction": statistics.satisfaction({level: levels[level] for level in LEVELS}, **limits),
    }  # fmt: skip


def _by_day(rows: list[Served]) -> list[Json]:
    served: Counter[str] = Counter(row.day for row in rows if row.end == "finished")
    unrated: Counter[str] = Counter(row.day for row in rows if row.level is None and row.is_invited)
    levels = Counter((row.day, row.level) for row in rows if row.counts and row.level is not None)
    return [
        {"day": day, "served": served[day], "unrated": unrated[day],
         "levels": {str(level): levels[day, level] for level in LEVELS}}
        for day in sorted({row.day for row in rows})
    ]  # fmt: skip


def _by_week(days: list[Json]) -> list[Json]:
    """Of days the weeks, each named by its Monday."""
    weeks: dict[str, Json] = {}
    for one in days:
        there = date.fromisoformat(one["day"])
        monday = (there - timedelta(days=there.weekday())).isoformat()
        week = weeks.setdefault(monday, {"day": monday, "served": 0, "unrated": 0, "levels": Counter()})
        week["served"] += one["served"]
        week["unrated"] += one["unrated"]
        week["levels"].update(one["levels"])
    return list(weeks.values())


def _kept(db: Reads, person: int, span: Span) -> Json:
    """What others have entered: the ledger with clause and evidence, praise, the facts of the days."""
    period = {"person": person, "since": span.since, "until": span.until}
    entries = db.find(ENTRIES, **period)
    cancelled = {row.cancels: row for row in entries if row.cancels is not None}
    return {
        "entries": [_entry(row, cancelled.get(row.id or 0)) for row in entries if row.cancels is None],
        "commendations": [_shown(row, "person", "entry") for row in db.find(COMMENDATIONS, **period)],
        "days": [_shown(row, "id", "person") for row in day_facts.of(db, person, span.since, span.until)],
        "findings": patrols.by_person(db, person, span.since, span.until),
    }


def _cases(db: Reads, person: int, span: Span, own: bool) -> list[Json]:
    """Complaints and bad ratings about the person: to the person's own eyes those in which the person was heard."""
    rows = cases.by_person(db, person=person, since=span.since, until=span.until)
    return [{name: getattr(row, name) for name in OF_CASE} for row in rows if row.heard_at is not None or not own]


def _entry(row: Entry, cancel: Entry | None) -> Json:
    names = ("id", "day", "at", "kind", "amount", "ref", "clause", "note", "window", "by")
    back = None if cancel is None else {name: getattr(cancel, name) for name in ("at", "ref", "note", "by")}
    return {name: getattr(row, name) for name in names} | {"cancelled": back}


def _shown(row: Any, *but: str) -> Json:
    return {name: value for name, value in row._asdict().items() if name not in but}
