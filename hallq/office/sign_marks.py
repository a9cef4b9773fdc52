"""J01, J02: what stands out of a day's first sign-in and last sign-out. Pure: evidence beside the time clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hallq.kernel import MINUTE, SECOND, Ms
from hallq.ticketing.opening import hours
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.rules import Rules

Span = tuple[Ms, Ms]
LATE, EARLY, MISSING_IN, MISSING_OUT = "late", "early", "missing_in", "missing_out"


class Times(NamedTuple):
    """When the day's signs are good."""

    in_from: Ms
    in_until: Ms
    out_from: Ms
    out_until: Ms


class Signed(NamedTuple):
    first: Ms | None  # None: nobody signed in
    last: Ms | None  # None: not signed out by hand
    on_duty: bool = False  # still signed in, and the day goes on
    worked_until: Ms | None = None  # the end of the last visit


def times(
    day: str, periods: tuple[tuple[int, int], ...], leave: frozenset[str], outages: Iterable[Span], rules: Rules
) -> Times:
    """Of a working day. With half a day's leave the other half alone counts; what an outage took is added."""
    zone, gaps = rules.timezone, sorted(outages)
    in_from, out_until = _at(day, rules.sign_in_from, zone), _at(day, rules.sign_out_until, zone)
    in_until, out_from = _at(day, rules.sign_in_until, zone), _at(day, rules.sign_out_from, zone)
    if "am" in leave and periods:
        in_until = moment(day, periods[-1][0], zone)
    if "pm" in leave and periods:
        out_from = moment(day, periods[0][1], zone)
    return Times(in_from, _longer(in_from, in_until, gaps), out_from, _longer(out_from, out_until, gaps))


def marks(signed: Signed, good: Times, rules: Rules) -> list[str]:
    if signed.first is None:
        return [MISSING_IN, MISSING_OUT]
    found = [LATE] if signed.first >= good.in_until + MINUTE else []  # 08:30:59 is 08:30
    if signed.on_duty:
        return found
    if signed.last is None or signed.last >= _last_good(signed, good, rules) + MINUTE:
        return [*found, MISSING_OUT]
    return [*found, EARLY] if signed.last < good.out_from else found


def _last_good(signed: Signed, good: Times, rules: Rules) -> Ms:
    """Who serves past the time still counts, and has a while to tidy up (C07)."""
    return max(good.out_until, (signed.worked_until or 0) + rules.sign_out_grace_s * SECOND)


def _longer(since: Ms, until: Ms, gaps: list[Span]) -> Ms:
    """The clock stands still in an outage."""
    for begin, end in gaps:
        if begin < until and end > since:
            until += end - max(begin, since)
    return until


def _at(day: str, clock: str, zone: ZoneInfo) -> Ms:
    return moment(day, hours.minute(clock), zone)
