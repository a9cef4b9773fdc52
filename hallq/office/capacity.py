"""What the hall can still serve on a day, beside what waits and what will come: A05's warning, in windows to open.

Capacity is in minutes of windows that are really open, or planned to be, held against measured handling times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import NamedTuple

from hallq.kernel import MINUTE, Reads
from hallq.office import forecast
from hallq.office.forecast import SLOT
from hallq.ticketing import lookups
from hallq.ticketing.model import HandlingTime, Pause, QueueCount, Service, Window
from hallq.ticketing.opening import calendar, hours
from hallq.ticketing.opening.hours import moment
from hallq.ticketing.tickets import caps

MEASURED_LEAST = 15  # with fewer visits the catalogue's minutes stand
Minutes = Mapping[str, float]  # per service
Expected = Mapping[str, Mapping[int, float]]  # per service and half hour of the day


class Open(NamedTuple):
    services: frozenset[str]
    minutes: float  # that it will still work


def share(demand: Minutes, windows: Iterable[Open]) -> dict[str, float]:
    """The minutes that each service gets of the windows: a window shares its time among its services as they still need
    it, and those with the fewest services go first. Nobody gets more than asked, no window gives more than it has."""
    rest = dict(demand)
    for window in sorted(windows, key=lambda window: len(window.services)):
        asked = sum(rest.get(code, 0.0) for code in window.services)
        if asked <= 0:
            continue
        part = min(1.0, window.minutes / asked)
        for code in window.services & rest.keys():
            rest[code] -= rest[code] * part
    return {code: minutes - rest[code] for code, minutes in demand.items()}


def windows_needed(short: float, minutes_left: float) -> int:
    """How many more windows make up for so many missing minutes. Exact: each works `minutes_left`."""
    return ceil(round(short / minutes_left, 6)) if short > 0 and minutes_left > 0 else 0


@dataclass(frozen=True, slots=True)
class ServiceDay:
    code: str
    waiting: int
    came: int
    coming: float  # still to come
    low: int  # of the whole day, 80 of 100 such days between the two
    high: int
    minutes: float  # per visit
    measured: bool
    capacity: int  # people that can still be served
    short: int  # people too many
    open_windows: int
    to_open: int
    could_open: int
    left: int | None
    stopped: bool


@dataclass(frozen=True, slots=True)
class HallDay:
    day: str
    basis: str  # none thin model
    minutes_left: float
    services: tuple[ServiceDay, ...] = ()
    came: tuple[tuple[int, int], ...] = ()  # (half hour, people) of the hall
    expected: tuple[tuple[int, float], ...] = ()
    next_hour: int | None = None
    short: tuple[str, ...] = field(default=())  # services that cannot all be served


def look(db: Reads, *, day: str, basis: str, expected: Expected, rates: Mapping[str, forecast.Rate]) -> HallDay:
    """The hall's day as it stands now, or as a later day is expected to be."""
    today = day == db.day
    start = db.now if today else moment(day, 0, db.rules.timezone)
    spans = hours.hall(db).spans(start, moment(day, 24 * 60, db.rules.timezone))
    windows = _windows(db, spans, today=today)
    came = forecast.came_on(db, day) if today else {}
    now_slot = forecast.slot_of(db.now, db) + (db.now % SLOT) / SLOT if today else 0.0
    minutes_left = sum(until - since for since, until in spans) / MINUTE
    services = _services(db, _Day(windows, minutes_left, came, now_slot, expected, rates), today=today)
    hall_slots: dict[int, float] = {}
    for slots in expected.values():
        for slot, people in slots.items():
            hall_slots[slot] = hall_slots.get(slot, 0.0) + people
    known = basis != forecast.NONE
    return HallDay(
        day, basis, round(minutes_left, 1), services, _by_slot(came),
        tuple(sorted((slot, round(people, 1)) for slot, people in hall_slots.items())),
        next_hour(hall_slots, sum(came.values()), now_slot) if today and known else None,
        tuple(each.code for each in services if each.short > 0),
    )  # fmt: skip


def next_hour(slots: Mapping[int, float], came: int, now_slot: float) -> int:
    """People expected in the coming sixty minutes, as today goes."""
    pace = forecast.level(came, _between(slots, 0, now_slot))
    return round(pace * _between(slots, now_slot, now_slot + 2))


class _Day(NamedTuple):
    windows: list[tuple[Window, Open]]
    minutes_left: float
    came: Mapping[tuple[str, int], int]
    now_slot: float
    expected: Expected
    rates: Mapping[str, forecast.Rate]


def _services(db: Reads, day: _Day, *, today: bool) -> tuple[ServiceDay, ...]:
    rows = db.find(lookups.SERVICES)
    minutes = {row.code: _handling(db, row) for row in rows}
    waiting = {row.code: _waiting(db, row.code) if today else 0 for row in rows}
    coming = {row.code: _coming(day, row.code) for row in rows}
    demand = {code: (waiting[code] + coming[code]) * minutes[code][0] for code in waiting}
    served = share(demand, [each for _, each in day.windows if each.minutes > 0])
    return tuple(_service(db, row, day, minutes[row.code], waiting[row.code], coming[row.code],
                          served[row.code], today=today) for row in rows)  # fmt: skip


def _service(
    db: Reads, row: Service, day: _Day, handling: tuple[float, bool], waiting: int, coming: float, served: float,
    *, today: bool,
) -> ServiceDay:  # fmt: skip
    minutes, measured = handling
    offers = [(window, each) for window, each in day.windows if row.code in each.services]
    missing = max(0.0, (waiting + coming) * minutes - served)
    low, high = day.rates.get(row.code, forecast.Rate(0)).range80()
    short = ceil(round(missing / minutes, 3))
    return ServiceDay(
        row.code, waiting, sum(n for (code, _), n in day.came.items() if code == row.code), round(coming, 1), low, high,
        round(minutes, 1), measured, waiting + ceil(coming) - short, short,
        sum(each.minutes > 0 for _, each in offers), windows_needed(missing, day.minutes_left),
        sum(each.minutes <= 0 for _, each in offers), caps.left(db, row) if today else caps.cap_of(db, row, db.day),
        today and caps.stopped(db, row.code) is not None,
    )  # fmt: skip


def _coming(day: _Day, code: str) -> float:
    slots = day.expected.get(code, {})
    came = sum(count for (service, _), count in day.came.items() if service == code)
    pace = forecast.level(came, _between(slots, 0, day.now_slot)) if day.now_slot else 1.0
    return pace * _between(slots, day.now_slot, 48)


def _between(slots: Mapping[int, float], since: float, until: float) -> float:
    return sum(people * max(0.0, min(slot + 1, until) - max(slot, since)) for slot, people in slots.items())


def _handling(db: Reads, service: Service) -> tuple[float, bool]:
    """Minutes of a window per visit, and whether they are measured."""
    known = db.get(HandlingTime, service.code)
    if known is None or known.turns < MEASURED_LEAST or not known.seconds:
        return service.minutes, False
    return known.seconds / known.turns / 60, True


def _windows(db: Reads, spans: list[hours.Span], *, today: bool) -> list[tuple[Window, Open]]:
    """Every window that is not closed by a form, with the minutes that it will work. While the hall is not open, and on
    later days, all are planned to."""
    offers: dict[str, set[str]] = {}
    for offer in db.find(lookups.OFFERS):
        offers.setdefault(offer.window, set()).add(offer.service)
    planned = not today or not hours.hall(db).is_open(db.now)
    windows = [row for row in db.find(lookups.WINDOWS) if not row.closed and not row.advice_only]
    minutes = {row.no: _minutes(db, row, spans, planned=planned) for row in windows}
    return [(row, Open(frozenset(offers.get(row.no, ())), minutes[row.no])) for row in windows]


def _minutes(db: Reads, window: Window, spans: list[hours.Span], *, planned: bool) -> float:
    if window.shift is None and not planned:
        return 0.0
    pause = db.get(Pause, window.pause) if window.pause is not None else None
    since = 0
    if pause is not None and pause.kind == "pause":
        if pause.until is None:
            return 0.0
        since = pause.until
    return sum(max(0, until - max(begin, since)) for begin, until in spans) / MINUTE


def _waiting(db: Reads, service: str) -> int:
    count = db.get(QueueCount, service)
    return count.waiting if count else 0


def _by_slot(came: Mapping[tuple[str, int], int]) -> tuple[tuple[int, int], ...]:
    slots: dict[int, int] = {}
    for (_, slot), count in came.items():
        slots[slot] = slots.get(slot, 0) + count
    return tuple(sorted(slots.items()))


def last_open(db: Reads, day: str) -> date:
    return date.fromisoformat(calendar.add_working_days(db, day, -1))
