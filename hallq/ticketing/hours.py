"""The hall's working days and hours, in its own timezone. Pure: the catalogue's row and a time in, an answer out."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from hallq.kernel import Ms

if TYPE_CHECKING:
    from hallq.ticketing.model import OpenHours

Minute = int  # of the day


class Hours(NamedTuple):
    days: frozenset[int]  # ISO weekdays
    periods: tuple[tuple[Minute, Minute], ...]  # windows are staffed
    issue: tuple[Minute, Minute]  # numbers are given


def of(row: OpenHours) -> Hours:
    return parse(row.days, row.periods, row.issue_from, row.issue_until)


@lru_cache(maxsize=64)
def parse(days: str, periods: str, issue_from: str, issue_until: str) -> Hours:
    spans = tuple(_span(*period.split("-")) for period in periods.split(",") if period.strip())
    return Hours(frozenset(int(day) for day in days.split(",") if day.strip()), spans, _span(issue_from, issue_until))


def for_service(hours: Hours, issue_from: str, issue_until: str) -> Hours:
    """With a service's own times to take a number, where it has some."""
    start, end = hours.issue
    return hours._replace(issue=(minute(issue_from) if issue_from else start, minute(issue_until or "") or end))


def is_open(hours: Hours, now: Ms, zone: ZoneInfo) -> bool:
    """Within working hours: the windows should be staffed."""
    return any(_within(hours, span, now, zone) for span in hours.periods)


def can_issue(hours: Hours, now: Ms, zone: ZoneInfo) -> bool:
    """Numbers are given: this may begin before the windows open, and go on through the midday break."""
    return _within(hours, hours.issue, now, zone)


def opens_next(hours: Hours, now: Ms, zone: ZoneInfo) -> Ms | None:
    """The next moment after `now` when working hours begin; None when no day is a working day."""
    return _next(hours, [start for start, _ in hours.periods], now, zone)


def issues_next(hours: Hours, now: Ms, zone: ZoneInfo) -> Ms | None:
    return _next(hours, [hours.issue[0]], now, zone)


def clock(at: Ms | None, zone: ZoneInfo) -> str | None:
    """`08:30` on the hall's wall."""
    return None if at is None else f"{datetime.fromtimestamp(at / 1000, zone):%H:%M}"


def iso(at: Ms | None, zone: ZoneInfo) -> str | None:
    return None if at is None else datetime.fromtimestamp(at / 1000, zone).isoformat(timespec="seconds")


def minute(text: str) -> Minute:
    """Of `08:30`. Empty: 0."""
    hour, _, rest = text.strip().partition(":")
    return int(hour or 0) * 60 + int(rest or 0)


def _span(start: str, end: str) -> tuple[Minute, Minute]:
    return minute(start), minute(end)


def _within(hours: Hours, span: tuple[Minute, Minute], now: Ms, zone: ZoneInfo) -> bool:
    local = datetime.fromtimestamp(now / 1000, zone)
    return local.isoweekday() in hours.days and span[0] <= local.hour * 60 + local.minute < span[1]


def _next(hours: Hours, starts: list[Minute], now: Ms, zone: ZoneInfo) -> Ms | None:
    local = datetime.fromtimestamp(now / 1000, zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for ahead in range(8):
        day = midnight + timedelta(days=ahead)
        for start in sorted(starts) if day.isoweekday() in hours.days else ():
            at = int(day.replace(hour=start // 60, minute=start % 60).timestamp() * 1000)
            if at > now:
                return at
    return None
