"""Figures from ratings and visits: the export and the leaders' board. Column selects, never whole rows.

Not rated (未评价) is no level: it is counted apart and raises no share. Time in outages counts nowhere.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, distinct, false, func, literal_column, select, true
from sqlmodel import col

from hallq.assessment.cases.model import Case
from hallq.assessment.ratings import flags
from hallq.assessment.ratings.model import Rating
from hallq.assessment.ratings.rules import BAD
from hallq.assessment.record.norms import HANDLING
from hallq.kernel import SECOND, Ms, Reads
from hallq.ticketing.model import Pause, Person, QueueCount, Ticket, Visit, Window, WindowService
from hallq.ticketing.opening import hours, outages


def _sum(condition: ColumnElement[bool], value: Any = 1) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


_FINISHED = col(Visit.end) == "finished"

# -- export

COLUMNS = ("ticket", "service", "window", "clerk", "level", "reasons", "comment", "at", "channel")
RATINGS = (
    select(
        col(Ticket.number),
        col(Rating.service),
        col(Rating.window),
        func.coalesce(col(Person.name), ""),
        col(Rating.level),
        col(Rating.reasons),
        col(Rating.comment),
        col(Rating.at),
        col(Rating.channel),
    )
    .join(Ticket, col(Ticket.id) == Rating.ticket)
    .outerjoin(Person, col(Person.id) == Rating.person)
    .where(
        col(Rating.day).between(bindparam("since"), bindparam("until")),
        func.coalesce(bindparam("clerk", type_=Integer), col(Rating.person), -1)
        == func.coalesce(col(Rating.person), -1),
    )
    .order_by(col(Rating.at), col(Rating.id))
)


def ratings(db: Reads, *, clerk: int | None = None, since: str, until: str) -> list[dict[str, Any]]:
    """Every rating of the days, one dict per rating with COLUMNS as keys; `at` in ms."""
    rows = db.values(RATINGS, clerk=clerk, since=since, until=until)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


# -- the board

WAITING = select(func.coalesce(func.sum(col(QueueCount.waiting)), 0), func.coalesce(func.sum(col(QueueCount.green)), 0))


def _oldest(green: bool) -> ColumnElement[int | None]:
    """When the oldest of a service's waiting tickets was issued."""
    return (
        select(col(Ticket.issued_at))
        .where(
            col(Ticket.service) == QueueCount.service,
            col(Ticket.state) == literal_column("'waiting'"),
            col(Ticket.green) == (true() if green else false()),
        )
        .order_by(col(Ticket.arrival), col(Ticket.id))
        .limit(1)
        .correlate(QueueCount)
        .scalar_subquery()
    )


OLDEST = select(func.min(_oldest(True)), func.min(_oldest(False))).select_from(QueueCount)
TODAY = select(func.count(), _sum(col(Ticket.state) == "finished"), _sum(col(Ticket.state) == "no_show")).where(
    col(Ticket.day) == bindparam("day")
)
WINDOWS = (
    select(
        func.count(),
        _sum(col(Window.shift).is_not(None)),
        _sum(col(Pause.id).is_not(None)),
        _sum(col(Pause.since) + col(Pause.outage) < bindparam("long_ago")),
    )
    .outerjoin(Pause, (col(Pause.id) == Window.pause) & (col(Pause.kind) == "pause"))
    .where(col(Window.active), col(Window.closed).is_(None))
)
_STAFFED = (
    select(col(WindowService.service))
    .join(Window, col(Window.no) == WindowService.window)
    .where(col(Window.shift).is_not(None))
)
DESERTED = select(func.count()).where(col(QueueCount.waiting) > 0, col(QueueCount.service).not_in(_STAFFED))
RATED = select(func.count(), _sum(col(Rating.level) > BAD)).where(
    col(Rating.day) == bindparam("day"), col(Rating.at) < bindparam("until"), flags.counts()
)
BAD_CASES = select(func.count(), _sum(col(Case.due_day) < bindparam("day"))).where(
    col(Case.closed_at).is_(None), col(Case.kind) == "bad_rating", col(Case.at) < bindparam("until")
)
FINISHED_VISITS = select(func.count(distinct(col(Visit.id)))).where(col(Visit.day) == bindparam("day"), _FINISHED)


AT_WINDOWS = (
    select(col(Visit.window), _sum(_FINISHED), _sum(_FINISHED & (HANDLING > 0), HANDLING))
    .where(col(Visit.day) == bindparam("day"))
    .group_by(col(Visit.window))
)
RATED_AT_WINDOWS = (
    select(col(Rating.window), func.count(), _sum(col(Rating.level) > BAD))
    .where(col(Rating.day) == bindparam("day"), col(Rating.at) < bindparam("until"), flags.counts())
    .group_by(col(Rating.window))
)


def windows(db: Reads, *, held: bool = False) -> list[dict[str, Any]]:
    """C10: today at each window: visits that ended well, their mean length, who was satisfied of how many raters.
    `held`: for who stands near the clerks, ratings as far as the wall's figures count them."""
    until = _held_until(db) if held else db.now + 1
    found = db.values(RATED_AT_WINDOWS, day=db.day, until=until)
    rated = {window: (raters, satisfied) for window, raters, satisfied in found}
    rows = {window: (served, total) for window, served, total in db.values(AT_WINDOWS, day=db.day)}
    return [
        {"window": window, "served": served, "mean_handling_s": round(total / served / SECOND) if served else None,
         "raters": raters, "satisfied": _share(satisfied, raters)}
        for window in rows.keys() | rated.keys()
        for (served, total), (raters, satisfied) in [(rows.get(window, (0, 0)), rated.get(window, (0, 0)))]
    ]  # fmt: skip


def figures(db: Reads) -> dict[str, Any]:
    """The wall's figures now but those of ratings (`HeldRatings`); lengths in seconds, shares 0..1 or null of nobody.

    `due`: windows that should be staffed now; `empty`: services where people wait and no window is staffed."""
    [(waiting, green_waiting)] = db.values(WAITING)
    [oldest] = db.values(OLDEST)
    green_longest, ordinary_longest = (_waited(db, since) for since in oldest)
    [(issued, done, missed)] = db.values(TODAY, day=db.day)
    [(windows, staffed, paused, paused_long)] = db.values(WINDOWS, long_ago=db.now - db.rules.pause_limit_s * SECOND)
    [(deserted,)] = db.values(DESERTED)
    return {
        "waiting": waiting,
        "longest_wait": max(green_longest, ordinary_longest),
        "staffed": staffed,
        "due": windows if _is_open(db) else 0,
        "paused": paused,
        "paused_long": paused_long,
        "empty": deserted,
        "issued": issued,
        "done": done,
        "no_show_rate": _share(missed, done + missed),
        "green_waiting": green_waiting,
        "green_longest": green_longest,
        "ordinary_longest": ordinary_longest,
        "bound": db.rules.green_bound,
    }


class HeldRatings:
    """The wall's figures of ratings, which clerks see too: they move at the full quarter hour alone, also by what was
    corrected or reviewed, so that nobody reads from the wall what the last citizen pressed (D02, `board_ratings_s`)."""

    def __init__(self) -> None:
        self._until: Ms = -1
        self._held: dict[str, Any] = {}

    def take(self, db: Reads) -> dict[str, Any]:
        until = _held_until(db)
        if until != self._until:
            self._held, self._until = _of_ratings(db, until), until
        return self._held


def _held_until(db: Reads) -> Ms:
    step = db.rules.board_ratings_s * SECOND
    return db.now - db.now % step if step else db.now + 1


def _of_ratings(db: Reads, until: Ms) -> dict[str, Any]:
    [(raters, satisfied)] = db.values(RATED, day=db.day, until=until)
    [(bad, late)] = db.values(BAD_CASES, day=db.day, until=until)
    [(finished,)] = db.values(FINISHED_VISITS, day=db.day)
    return {
        "satisfied": _share(satisfied, raters),
        "raters": raters,
        "coverage": _share(raters, finished),
        "bad_open": bad,
        "bad_late": late,
    }


def _is_open(db: Reads) -> bool:
    return hours.hall(db).is_open(db.now)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _waited(db: Reads, since: Ms | None) -> int:
    """Seconds until now, without outages. None: nobody waits."""
    if since is None:
        return 0
    down = sum(until - max(since, begin) for begin, until in db.values(outages.KNOWN, since=since))
    return max(0, db.now - since - down) // SECOND
