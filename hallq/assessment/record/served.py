"""What a person's visits come to: work, times against the norm, who was invited, who rated and how (D02, I20).

`VISITS` gives each visit with its invitation and its rating; all that follows is pure but for weights and norms.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, case, select
from sqlmodel import col

from hallq.assessment.ratings import flags
from hallq.assessment.ratings.model import Invitation, Rating
from hallq.assessment.record import statistics
from hallq.assessment.record.norms import CASES, Workload
from hallq.assessment.record.statistics import LEVELS, Json, Turn
from hallq.kernel import SECOND, Ms, Reads
from hallq.ticketing.model import Ticket, Visit
from hallq.ticketing.opening import outages

VISITS = (
    select(
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
WITHDRAWN = "withdrawn"  # an invitation whose visit was taken back
NO_PAD = "no_pad"  # the window's pads were out of order: whole visits that count for nobody and against nobody
MISSED = {"time_out": "time_out", "skipped": "skipped", "next_visit": "next_visit", "late": "late", "open": ""}


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
        """D02: each clerk who has served somebody is to invite a rating; what was invited otherwise counts as well."""
        if self.invitation == NO_PAD:
            return False
        if self.invitation not in (None, WITHDRAWN):
            return True
        return self.end == "finished" or (self.end == "transferred" and self.started_at is not None)

    @property
    def rating(self) -> int | None:
        return self.level if self.counts else None


def work(visits: list[Served]) -> Json:
    ends = Counter(row.end for row in visits)
    served = [row for row in visits if row.end == "finished"]
    handled = sum(max(0, _handling(row)) for row in served)
    return {
        "served": len(served), "cases": sum(row.cases for row in served), "no_shows": ends["no_show"],
        "transferred": ends["transferred"],  # A18
        "mean_handling_s": round(handled / len(served) / SECOND) if served else None,
    }  # fmt: skip


def times(db: Reads, visits: list[Served]) -> Json:
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


def rated(rows: list[Served], limits: Json) -> Json:
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
            "no_pad": sum(row.invitation == NO_PAD for row in rows),
            **{name: why[closed] for name, closed in MISSED.items()},
            "invite_rate": statistics.rate(len(invited), len(due)),
            "answer_rate": statistics.rate(answers, len(invited)),
        },
        "satisfaction": statistics.satisfaction({level: levels[level] for level in LEVELS}, **limits),
    }  # fmt: skip


def by_day(rows: list[Served]) -> list[Json]:
    served: Counter[str] = Counter(row.day for row in rows if row.end == "finished")
    unrated: Counter[str] = Counter(row.day for row in rows if row.level is None and row.is_invited)
    levels = Counter((row.day, row.level) for row in rows if row.counts and row.level is not None)
    return [
        {"day": day, "served": served[day], "unrated": unrated[day],
         "levels": {str(level): levels[day, level] for level in LEVELS}}
        for day in sorted({row.day for row in rows})
    ]  # fmt: skip


def by_week(days: list[Json]) -> list[Json]:
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
