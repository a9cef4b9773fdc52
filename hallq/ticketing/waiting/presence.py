"""When a window is expected to work for the rest of the day: from what it does now, its planned return, the service's
working time, and its habit: how much of each quarter of an hour somebody worked there on the days before. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import exp
from typing import NamedTuple

from hallq.ticketing.waiting.waits import Span

Second = int  # of the day
QUARTER: Second = 900
QUARTERS = 96
DAY: Second = 24 * 3600
SHORT, LONG = 1200.0, 3 * 3600.0  # how long what is unusual lasts: a pause that comes now and then, an extra window
LATE = 600  # a window that is not there so long after opening does not come by itself
LEAST = 0.03
RARELY = 0.25  # below this it is the last citizen of a window that goes home


class Known(NamedTuple):
    """Of a window, now."""

    works: bool  # someone is signed in; with `back` in a pause
    back: Second | None = None  # the earliest moment of its next call: a pause's return, a closure's end
    until: Second | None = None  # a form closes it then
    habit: str = ""  # two hexadecimal digits for each quarter of an hour; empty: nothing is known yet
    seen: bool = False  # someone worked here today


class Times(NamedTuple):
    """Of a service today: when its windows work for a ticket, and which part of that is the midday break."""

    worked: tuple[tuple[Second, Second], ...]
    breaks: tuple[tuple[Second, Second], ...] = ()
    rota: bool = False  # some windows work in the breaks; else those that work go on until the queue is done


@lru_cache(maxsize=4096)
def spans(known: Known, times: Times, now: Second) -> tuple[Span, ...]:
    """Nobody is sent home with a number: who works at the end of the day goes on."""
    begin = max(now, known.back or now)
    end = DAY if known.until is None else known.until
    found: list[Span] = []
    for start, stop, sure in _parts(known, times, now, begin):
        if start < end and sure >= LEAST:
            _add(found, Span(start, min(stop, end), min(1.0, sure)))
    return tuple(found)


def _add(found: list[Span], span: Span) -> None:
    last = found[-1] if found else None
    if last is not None and last.end == span.start and abs(last.sure - span.sure) < 0.05:
        found[-1] = last._replace(end=span.end)
    else:
        found.append(span)


def _parts(known: Known, times: Times, now: Second, begin: Second) -> Iterator[tuple[Second, Second, float]]:
    """Quarter by quarter of the working time to come, and the hours after it."""
    sure = 1.0 if known.works else 0.0
    for start, stop in times.worked:
        at = max(start, begin)
        while at < stop:
            to = min(stop, (at // QUARTER + 1) * QUARTER)
            goes_on = _in_break(times, at) and not times.rota and at > begin
            sure = sure if goes_on else _sure(known, times, now, begin, at)
            yield at, to, sure
            at = to
    yield max(begin, max((stop for _, stop in times.worked), default=begin)), DAY, sure


def _sure(known: Known, times: Times, now: Second, begin: Second, at: Second) -> float:
    """How probably it works at a moment to come."""
    usual, usual_now = _usual(known, times, at), _usual(known, times, begin)
    if not known.works:
        return _comes(known, times, now, at)
    if usual_now >= 0.5:
        return usual * (1 + (1 / usual_now - 1) * exp((begin - at) / SHORT))
    goes_home = any(_usual(known, times, begin - ago) >= 0.5 for ago in (QUARTER, 2 * QUARTER))
    return usual if goes_home else max(usual, exp((begin - at) / LONG))


def _comes(known: Known, times: Times, now: Second, at: Second) -> float:
    """The same where nobody is now."""
    usual, usual_now = _usual(known, times, at), _usual(known, times, now)
    start, stop = next((span for span in times.worked if span[0] <= now < span[1]), (DAY, now))
    if at >= stop:
        return 0.3 * usual if _stays_away(known, times, now) else usual
    if not known.habit:
        return 0.5 if now - start < LATE else 0.0
    if usual_now >= 0.5:
        return usual * (1 - exp((now - at) / (2.0 * max(LATE, now - start))))
    return max(0.0, (usual - usual_now) / (1 - usual_now))


def _stays_away(known: Known, times: Times, now: Second) -> bool:
    """It should have been seen today."""
    first = times.worked[0][0] if times.worked else DAY
    return not known.seen and any(_usual(known, times, at) >= 0.5 for at in range(first, now - LATE, QUARTER))


def _in_break(times: Times, at: Second) -> bool:
    return any(start <= at < stop for start, stop in times.breaks)


def _usual(known: Known, times: Times, at: Second) -> float:
    if not known.habit:
        return 0.5 if _in_break(times, at) else 1.0
    slot = 2 * max(0, min(QUARTERS - 1, at // QUARTER))
    share = int(known.habit[slot : slot + 2], 16) / 255
    return share if share >= RARELY else 0.0
