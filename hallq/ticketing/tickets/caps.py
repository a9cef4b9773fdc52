"""What stops numbers: a department's cap for a day, a person's stop. Nothing else does; a forecast only warns (A05).

A stop ends by itself with the day. Who was turned away is kept with the time (A06).
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import bindparam, func, select
from sqlmodel import Field, SQLModel, col
from sqlmodel import select as rows_of

from hallq.kernel import Reads, Refused, Tx, must_exist
from hallq.ticketing.model import Appointment, Service, SlotPlan, Suspension, Ticket, Window
from hallq.ticketing.opening import hours
from hallq.ticketing.opening.hours import day_of, moment

FULL, STOPPED, DIVERTED = "full", "stopped", "diverted"  # why no number was given; the last: done elsewhere
TURNED_AWAY = {"quota_reached": FULL, "stopped": STOPPED}  # by the refusal (A06)
GIVEN = select(func.count()).where(col(Ticket.day) == bindparam("day"), col(Ticket.service) == bindparam("service"))
RESERVED = select(func.count()).where(  # appointments of today that may still come
    col(Appointment.service) == bindparam("service"),
    col(Appointment.day) == bindparam("day"),
    col(Appointment.state) == "booked",
)
CLOSED_FOR_A_TIME = select(func.count()).where(
    col(Window.department) == bindparam("department"), col(Window.active), col(Window.closed) == "temp"
)


class DayCap(SQLModel, table=True):
    """The cap of one day, set ahead: it stands before the service's own quota. None: no cap on that day."""

    __tablename__ = "day_cap"
    __covered__: ClassVar[bool] = True
    day: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    cap: int | None = None
    at: int
    actor: str


class Stop(SQLModel, table=True):
    """A person has stopped a service's numbers for this day. The reason is shown to citizens."""

    __covered__: ClassVar[bool] = True
    day: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    reason: str
    at: int
    actor: str
    resumed_at: int | None = None
    resumed_by: str = ""


class TurnedAway(SQLModel, table=True):
    """Somebody got no number, or was shown another way and took it (C03)."""

    __tablename__ = "turned_away"
    __covered__: ClassVar[bool] = True
    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(index=True)
    at: int
    service: str
    why: str  # full stopped diverted
    kiosk: str | None = None


PLANS = rows_of(SlotPlan).where(col(SlotPlan.service) == bindparam("service"), col(SlotPlan.active)).limit(1)
COUNTED = (
    select(col(TurnedAway.service), col(TurnedAway.why), func.count())
    .where(col(TurnedAway.day) == bindparam("day"))
    .group_by(col(TurnedAway.service), col(TurnedAway.why))
)


def cap_of(db: Reads, service: Service, day: str) -> int | None:
    own = db.get(DayCap, day, service.code)
    return service.quota if own is None else own.cap


def left(db: Reads, service: Service) -> int | None:
    """Numbers that are left today; None: no cap. While one of the department's windows is closed for a time, no cap
    holds (A15)."""
    cap = cap_of(db, service, db.day)
    if cap is None or db.values(CLOSED_FOR_A_TIME, department=service.department) != [(0,)]:
        return None
    [(given,)] = db.values(GIVEN, day=db.day, service=service.code)
    [(reserved,)] = db.values(RESERVED, day=db.day, service=service.code)
    return max(0, cap - given - reserved)


def stopped(db: Reads, service: str) -> Stop | None:
    row = db.get(Stop, db.day, service)
    return row if row is not None and row.resumed_at is None else None


def must_be_left(db: Reads, service: Service) -> None:
    """Raises Refused: stopped (detail.reason), quota_reached (detail.quota)."""
    stop = stopped(db, service.code)
    if stop is not None:
        raise Refused("stopped", service=service.code, why=stop.reason)
    if left(db, service) == 0:
        raise Refused("quota_reached", service=service.code, quota=cap_of(db, service, db.day))


def turned_away(db: Reads, day: str) -> dict[str, dict[str, int]]:
    """service -> why -> how many."""
    counts: dict[str, dict[str, int]] = {}
    for service, why, count in db.values(COUNTED, day=day):
        counts.setdefault(service, {})[why] = count
    return counts


def instead(db: Reads, code: str) -> dict[str, object]:
    """What somebody without a number can do (A06, C03): the next day with numbers, an appointment, another place."""
    service = _service(db, code)
    zone, held = db.rules.timezone, db.get(Suspension, code)
    after = max(moment(db.day, 24 * 60, zone) - 1, held.until - 1 if held is not None else 0)
    at = hours.of_service(db, service).issues_next(after)
    while at is not None and cap_of(db, service, day_of(at, zone)) == 0:
        at = hours.of_service(db, service).issues_next(moment(day_of(at, zone), 24 * 60, zone) - 1)
    return {
        "next": hours.iso(at, zone),
        "bookable": db.first(PLANS, service=code) is not None,
        "elsewhere": service.elsewhere or None,
        "elsewhere_en": service.elsewhere_en or None,
    }


# -- commands


def stop(tx: Tx, *, service: str, reason: str) -> Stop:
    """No more numbers today. Who holds one is served all the same."""
    known = _service(tx, service)
    words = reason.strip()
    if not words:
        raise Refused("invalid", field="reason")
    if stopped(tx, known.code) is not None:
        raise Refused("wrong_state", state="stopped")
    values = {"reason": words, "at": tx.now, "actor": tx.actor, "resumed_at": None, "resumed_by": ""}
    row = tx.get(Stop, tx.day, known.code)
    return tx.insert(Stop, day=tx.day, service=known.code, **values) if row is None else tx.update(row, **values)


def resume(tx: Tx, *, service: str) -> Stop:
    row = stopped(tx, _service(tx, service).code)
    if row is None:
        raise Refused("wrong_state", state="open")
    return tx.update(row, resumed_at=tx.now, resumed_by=tx.actor)


def set_cap(tx: Tx, *, service: str, day: str, cap: int | None) -> DayCap:
    """Set ahead, for today or a later day."""
    known = _service(tx, service)
    if day < tx.day:
        raise Refused("invalid", field="day")
    row = tx.get(DayCap, day, known.code)
    values = {"cap": cap, "at": tx.now, "actor": tx.actor}
    return tx.insert(DayCap, day=day, service=known.code, **values) if row is None else tx.update(row, **values)


def turn_away(tx: Tx, *, service: str, why: str, kiosk: str | None = None) -> TurnedAway:
    known = _service(tx, service)
    if why not in (FULL, STOPPED, DIVERTED):
        raise Refused("invalid", field="why")
    return tx.insert(TurnedAway, day=tx.day, at=tx.now, service=known.code, why=why, kiosk=kiosk)


def _service(tx: Reads, code: str) -> Service:
    return must_exist(tx.get(Service, code), "service", code)
