"""A day's figures of one person, pure: the same rows give the same figures in whatever order they come.

Outages and emergencies count nowhere. Seconds; times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hallq.kernel import SECOND, Ms
from hallq.office import leaves, sign_marks
from hallq.office.day_model import DayFacts
from hallq.office.post_model import Spell
from hallq.office.sign_marks import Signed, Span
from hallq.ticketing.model import Pause, Shift
from hallq.ticketing.opening import outages
from hallq.ticketing.rules import Rules


class Met(NamedTuple):
    """A visit, and how many cases it handled."""

    called: Ms
    started: Ms | None
    ended: Ms | None
    end: str
    outage: Ms
    cases: int
    gap: Ms


@dataclass(frozen=True, slots=True)
class Frame:
    """What a day is for everybody."""

    day: str
    now: Ms
    rules: Rules
    outages: list[Span]
    work: list[Span]  # working hours; none on a day off
    periods: tuple[tuple[int, int], ...] = ()
    closing: Ms | None = None
    limits: dict[str, int] = field(default_factory=dict)  # a pause's reason -> the seconds that the office gives it


@dataclass(slots=True)
class Kept:
    """What one person left behind of a day."""

    person: int
    department: str | None = None
    marked: bool = False  # has a home window and is no stand-in of the day: the sign-ins count
    leave: frozenset[str] = frozenset()
    shifts: list[Shift] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    idle: list[Spell] = field(default_factory=list)
    visits: list[Met] = field(default_factory=list)


def figure(kept: Kept, frame: Frame) -> DayFacts:
    at_windows = _by_window(kept, frame)
    signed = _signed(kept)
    facts: dict[str, Any] = {
        "day": frame.day, "person": kept.person, "department": kept.department,
        "window": max(at_windows, key=lambda no: (at_windows[no], no), default=None),
        "windows": ",".join(sorted(at_windows)), "sign_in": signed.first, "sign_out": signed.last,
        "marks": ",".join(_marks(kept, frame, signed)),
    }  # fmt: skip
    return DayFacts(**facts | _presence(kept, frame) | _absence(kept, frame) | _work(kept, frame))


def _presence(kept: Kept, frame: Frame) -> dict[str, int]:
    shifts, paused = _spans(kept.shifts, "started_at", frame), _pauses(kept, frame, "pause")
    return {
        "on_post_s": _seconds(_without(shifts, [*frame.outages, *paused])),
        "paused_s": _seconds(_without(paused, frame.outages)),
        "away_s": _seconds(_without(_pauses(kept, frame, "away"), frame.outages)),
    }


def _absence(kept: Kept, frame: Frame) -> dict[str, int]:
    beyond = [over for pause in kept.pauses if (over := _beyond(pause, frame)) >= 0]
    idle = _without(_spans(kept.idle, "since", frame), frame.outages)
    return {
        "off_post_s": sum(beyond), "off_posts": len(beyond), "idle_s": _seconds(idle), "idles": len(kept.idle),
    }  # fmt: skip


def _work(kept: Kept, frame: Frame) -> dict[str, int]:
    done = [met for met in kept.visits if met.end == "finished"]
    begun = [(met.called, met.started) for met in kept.visits if met.started is not None]
    handled = sum((met.ended or 0) - (met.started or 0) - met.outage for met in done)
    late = [
        (max(met.called, frame.closing), met.ended) for met in done
        if frame.closing is not None and met.ended is not None and met.ended > frame.closing
    ]  # fmt: skip
    return {
        "calls": len(kept.visits), "served": len(done), "cases": sum(met.cases for met in done),
        "handling_s": max(0, handled) // SECOND, "walking_s": _seconds(_without(begun, frame.outages)),
        "gap_s": sum(met.gap for met in kept.visits) // SECOND,
        "extended_s": _seconds(_without(late, frame.outages)), "extended": len(late),
    }  # fmt: skip


def _beyond(pause: Pause, frame: Frame) -> int:
    """B02: seconds beyond the limit within working hours; negative: within it. A reason has the time that the office
    gives it, as for a meal."""
    until = frame.now if pause.ended_at is None else pause.ended_at
    lasted = _seconds(_within(_without([(pause.since, until)], frame.outages), frame.work))
    return lasted - max(frame.rules.pause_limit_s, frame.limits.get(pause.reason, 0))


def _signed(kept: Kept) -> Signed:
    if not kept.shifts:
        return Signed(None, None)
    last = max(kept.shifts, key=lambda shift: (shift.ended_at is None, shift.ended_at or 0))
    out = None if last.ended_by == "day_end" else last.ended_at
    ends = [met.ended for met in kept.visits if met.ended is not None]
    return Signed(min(shift.started_at for shift in kept.shifts), out, last.ended_at is None, max(ends, default=None))


def _marks(kept: Kept, frame: Frame, signed: Signed) -> list[str]:
    if not kept.marked or not frame.work or frame.rules.always_open or len(kept.leave) == len(leaves.HALVES):
        return []
    good = sign_marks.times(frame.day, frame.periods, kept.leave, frame.outages, frame.rules)
    return sign_marks.marks(signed, good, frame.rules)


def _by_window(kept: Kept, frame: Frame) -> dict[str, Ms]:
    found: dict[str, Ms] = {}
    for shift in kept.shifts:
        spent = (frame.now if shift.ended_at is None else shift.ended_at) - shift.started_at
        found[shift.window] = found.get(shift.window, 0) + spent
    return found


def _pauses(kept: Kept, frame: Frame, kind: str) -> list[Span]:
    return _spans([pause for pause in kept.pauses if pause.kind == kind], "since", frame)


def _spans(rows: Iterable[Any], begins: str, frame: Frame) -> list[Span]:
    return sorted((getattr(row, begins), frame.now if row.ended_at is None else row.ended_at) for row in rows)


def _without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    known = sorted(holes)
    return [piece for since, until in spans for piece in outages.pieces(since, until, known)]


def _within(spans: Iterable[Span], frames: Iterable[Span]) -> list[Span]:
    known = list(frames)
    met = ((max(a, since), min(b, until)) for a, b in spans for since, until in known)
    return [(a, b) for a, b in met if a < b]


def _seconds(spans: Iterable[Span]) -> int:
    return sum(end - begin for begin, end in spans) // SECOND
