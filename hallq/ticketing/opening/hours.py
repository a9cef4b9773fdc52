"""When the hall, or a service with days and hours of its own, works and gives numbers, in the hall's own timezone.

Pure: `Times` knows its day's periods and asks `works` about a day. `hall` and `of_service` take them from the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from hallq.kernel import Ms, Reads
from hallq.ticketing.model import HallMode, OpenHours
from hallq.ticketing.opening import calendar

if TYPE_CHECKING:
    from hallq.ticketing.model import Service

Minute = int  # of the day
Span = tuple[Ms, Ms]

AHEAD = 40  # days that are looked at for the next opening: longer than any row of holidays
BEFORE: Minute = 30  # numbers are given so long before a service's own first period
FINISH, CARRY, ROTA = "finish", "carry", "rota"  # what the midday break does to a queue


class Hours(NamedTuple):
    """Of a working day."""

    periods: tuple[tuple[Minute, Minute], ...]  # windows are staffed
    issue: tuple[Minute, Minute]  # numbers are given


@dataclass(frozen=True, slots=True)
class Times:
    hours: Hours
    works: calendar.Works
    zone: ZoneInfo
    at_noon: str = CARRY

    def is_open(self, now: Ms) -> bool:
        """Within working hours: the windows should be staffed. With a lunch rota (C11) also in the midday break."""
        periods = self.hours.periods
        return self._within(((periods[0][0], periods[-1][1]),) if self.at_noon == ROTA and periods else periods, now)

    def can_issue(self, now: Ms) -> bool:
        """Numbers are given: this may begin before the windows open, and go on through the midday break."""
        return self._within((self.hours.issue,), now)

    def opens_next(self, now: Ms) -> Ms | None:
        """The next moment after `now` when a working period begins; None when none does in the next forty days."""
        return self._next([start for start, _ in self.hours.periods], now)

    def issues_next(self, now: Ms) -> Ms | None:
        return self._next([self.hours.issue[0]], now)

    def day(self, now: Ms) -> date:
        """On the hall's calendar."""
        return self._local(now).date()

    def issue_ends(self, now: Ms) -> Ms:
        """Today's last moment of numbers, if today is a working day."""
        return self._at(self.day(now), self.hours.issue[1])

    def closes(self, now: Ms) -> Ms | None:
        """Today's last moment of work, if today is a working day."""
        periods = self.hours.periods
        return self._at(self.day(now), periods[-1][1]) if periods else None

    def noon(self, now: Ms) -> Span | None:
        """G01: the break between two periods that `now` falls into, whatever the break does to the queue."""
        day = self.day(now)
        found = next(((start, end) for start, end in self._breaks(day) if start <= now < end), None)
        return found if found is not None and self.works(day) else None

    def spans(self, start: Ms, until: Ms, *, arrival: Ms | None = None) -> list[Span]:
        """Working time between two moments, for a ticket that came at `arrival` (else: comes at `start`). Breaks,
        closing and days off are not in it; a break is that is worked through: by a rota, or (`finish`) for who came
        before it."""
        came = start if arrival is None else arrival
        spans: list[Span] = []
        for begin, end in self._worked(start, until):
            joins = bool(spans) and self._through(came, spans[-1][1], begin)
            spans[-1:] = [(spans[-1][0], end)] if joins else [*spans[-1:], (begin, end)]
        return [(max(begin, start), min(end, until)) for begin, end in spans if begin < until and end > start]

    def _worked(self, start: Ms, until: Ms) -> Iterator[Span]:
        day, last = self.day(start), self.day(until)
        for ahead in range(min(AHEAD, (last - day).days + 1)):
            yield from self._periods(day + timedelta(days=ahead))

    def _through(self, came: Ms, break_begins: Ms, break_ends: Ms) -> bool:
        same_day = self.day(break_begins) == self.day(break_ends)
        return same_day and (self.at_noon == ROTA or (self.at_noon == FINISH and came < break_begins))

    def _periods(self, day: date) -> list[Span]:
        if not self.works(day):
            return []
        return [(self._at(day, start), self._at(day, end)) for start, end in self.hours.periods]

    def _breaks(self, day: date) -> list[Span]:
        pairs = pairwise(self.hours.periods)
        return [(self._at(day, before[1]), self._at(day, after[0])) for before, after in pairs]

    def _within(self, spans: tuple[tuple[Minute, Minute], ...], now: Ms) -> bool:
        local = self._local(now)
        at = local.hour * 60 + local.minute
        return any(start <= at < end for start, end in spans) and self.works(local.date())

    def _next(self, starts: list[Minute], now: Ms) -> Ms | None:
        today = self.day(now)
        for ahead in range(AHEAD):
            day = today + timedelta(days=ahead)
            found = [at for at in (self._at(day, start) for start in sorted(starts)) if at > now]
            if found and self.works(day):
                return found[0]
        return None

    def _local(self, at: Ms) -> datetime:
        return datetime.fromtimestamp(at / 1000, self.zone)

    def _at(self, day: date, at: Minute) -> Ms:
        return _moment(day, at, self.zone)


# -- from the rows


def hall(db: Reads) -> Times:
    if db.rules.always_open:
        return _always(db.rules.timezone)
    row = db.get(OpenHours, 1) or OpenHours()
    return Times(earlier(db, of(row)), calendar.of_hall(db), db.rules.timezone, db.rules.at_noon)


def of_service(db: Reads, service: Service) -> Times:
    """Its own days, periods and times to take a number, where it has some; else the hall's."""
    if db.rules.always_open:
        return _always(db.rules.timezone)
    row = db.get(OpenHours, 1) or OpenHours()
    issue = (service.issue_from, service.issue_until)
    own = for_service(own_periods(service.periods) if service.periods else of(row), *issue)
    at_noon = service.at_noon or db.rules.at_noon
    return Times(earlier(db, own), calendar.of_hall(db, service.days), db.rules.timezone, at_noon)


def earlier(db: Reads, hours: Hours) -> Hours:
    """C08: in a peak the day may begin before its hours, with numbers and windows."""
    mode = db.get(HallMode, 1)
    if mode is None or not mode.peak_early or not hours.periods:
        return hours
    start = minute(mode.peak_early)
    (first, end), *rest = hours.periods
    return Hours(((min(first, start), end), *rest), (min(hours.issue[0], start), hours.issue[1]))


def work_spans(db: Reads, service: Service, start: Ms, until: Ms, *, arrival: Ms | None = None) -> list[Span]:
    return of_service(db, service).spans(start, until, arrival=arrival)


def _always(zone: ZoneInfo) -> Times:
    whole = (0, 24 * 60)
    return Times(Hours((whole,), whole), lambda _day: True, zone)


def of(row: OpenHours) -> Hours:
    return parse(row.periods, row.issue_from, row.issue_until)


@lru_cache(maxsize=64)
def parse(periods: str, issue_from: str, issue_until: str) -> Hours:
    spans = sorted(_span(*period.split("-")) for period in periods.split(",") if period.strip())
    return Hours(tuple(spans), _span(issue_from, issue_until))


@lru_cache(maxsize=64)
def own_periods(periods: str) -> Hours:
    """A service's own: numbers from half an hour before them to their end."""
    found = parse(periods, "", "")
    if not found.periods:
        return found
    return found._replace(issue=(max(0, found.periods[0][0] - BEFORE), found.periods[-1][1]))


def for_service(hours: Hours, issue_from: str, issue_until: str) -> Hours:
    """With a service's own times to take a number, where it has some."""
    start, end = hours.issue
    return hours._replace(issue=(minute(issue_from) if issue_from else start, minute(issue_until or "") or end))


# -- the wall clock


def moment(day: str, at: Minute, zone: ZoneInfo) -> Ms:
    """A minute of that day; 24:00 is the next day's 00:00."""
    return _moment(date.fromisoformat(day), at, zone)


def day_of(at: Ms, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at / 1000, zone).date().isoformat()


def minute_of(at: Ms, zone: ZoneInfo) -> Minute:
    local = datetime.fromtimestamp(at / 1000, zone)
    return local.hour * 60 + local.minute


def clock(at: Ms | None, zone: ZoneInfo) -> str | None:
    """`08:30` on the hall's wall."""
    return None if at is None else f"{datetime.fromtimestamp(at / 1000, zone):%H:%M}"


def iso(at: Ms | None, zone: ZoneInfo) -> str | None:
    return None if at is None else datetime.fromtimestamp(at / 1000, zone).isoformat(timespec="seconds")


def minute(text: str) -> Minute:
    """Of `08:30`. Empty: 0."""
    hour, _, rest = text.strip().partition(":")
    return int(hour or 0) * 60 + int(rest or 0)


def _moment(day: date, at: Minute, zone: ZoneInfo) -> Ms:
    wall = datetime.combine(day, time()) + timedelta(minutes=at)
    return int(wall.replace(tzinfo=zone).timestamp() * 1000)


def _span(start: str, end: str) -> tuple[Minute, Minute]:
    return minute(start), minute(end)
