"""The slots of a day, and what an appointment's hour allows. Pure: plans and times in, answers out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from hallq.kernel import Ms
from hallq.ticketing.opening.hours import Minute, minute, moment

if TYPE_CHECKING:
    from hallq.ticketing.model import SlotPlan


class Slot(NamedTuple):
    at: Ms
    minutes: int
    capacity: int
    outside: bool  # out of working hours


def of_day(plans: Iterable[SlotPlan], day: str, *, working: bool, zone: ZoneInfo) -> list[Slot]:
    """In order of time. On a rest day only the plans that say so; where two plans meet, their places add up."""
    found: dict[Ms, Slot] = {}
    weekday = str(date.fromisoformat(day).isoweekday())
    for plan in plans:
        if not plan.active or weekday not in plan.days.split(",") or not (working or plan.outside):
            continue
        for start in _starts(plan):
            at = moment(day, start, zone)
            known = found.get(at)
            found[at] = Slot(at, plan.minutes, plan.capacity + (known.capacity if known else 0), bool(plan.outside))
    return [found[at] for at in sorted(found)]


def _starts(plan: SlotPlan) -> Iterator[Minute]:
    yield from range(minute(plan.start), minute(plan.until) - plan.minutes + 1, plan.minutes)


def punctual(at: Ms, now: Ms, *, early_s: int, late_s: int) -> str:
    """`early`: not yet; `in_time`: takes the appointment's place; `late`: an ordinary number."""
    if now < at - early_s * 1000:
        return "early"
    return "late" if now > at + late_s * 1000 else "in_time"
