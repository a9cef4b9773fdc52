"""Appointments: booked into a slot, arrived with a code or an ID card, called near their hour or the board says why.

Who comes in time stands in the green channel at the slot's own time, so the bound protects everyone who waits. Who
comes late gets an ordinary number. A slot that nobody came for is free again, and so is its share of the day's cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, false, func, literal_column, select
from sqlmodel import col
from sqlmodel import select as rows_of

from hallq.kernel import SECOND, Ms, Reads, Refused, Tx, must_exist
from hallq.ticketing.model import WAITING, Appointment, Notice, OpenHours, Service, SlotPlan, Ticket
from hallq.ticketing.opening import calendar, emergency, hours
from hallq.ticketing.rules import Place
from hallq.ticketing.tickets import issue, slots
from hallq.ticketing.tickets.slots import Slot
from hallq.ticketing.told import hush, tell
from hallq.ticketing.waiting import queue

BOOKED, ARRIVED, MISSED, CANCELLED = "booked", "arrived", "missed", "cancelled"
PLANS = rows_of(SlotPlan).where(col(SlotPlan.service) == bindparam("service"), col(SlotPlan.active))
BOOKABLE = select(col(SlotPlan.service)).where(col(SlotPlan.active)).distinct()
ALL_PLANS = rows_of(SlotPlan).order_by(col(SlotPlan.service), col(SlotPlan.start))
TAKEN = (
    select(col(Appointment.at), func.count())
    .where(
        col(Appointment.service) == bindparam("service"),
        col(Appointment.day) == bindparam("day"),
        col(Appointment.state).in_([literal_column("'booked'"), literal_column("'arrived'")]),
    )
    .group_by(col(Appointment.at))
)
OF_DAY = (
    rows_of(Appointment)
    .where(col(Appointment.day) == bindparam("day"))
    .order_by(col(Appointment.at), col(Appointment.id))
)
BY_CODE = rows_of(Appointment).where(
    col(Appointment.day) == bindparam("day"), col(Appointment.code) == bindparam("code")
)
BY_PERSON = rows_of(Appointment).where(
    col(Appointment.day) == bindparam("day"),
    col(Appointment.person_key) == bindparam("key"),
    col(Appointment.state) == BOOKED,
)
DUE = rows_of(Appointment).where(
    col(Appointment.state) == literal_column("'booked'"), col(Appointment.at) < bindparam("before")
)
UNCALLED = (
    select(col(Appointment.id), col(Appointment.at), col(Ticket.id))
    .join(Ticket, col(Ticket.id) == Appointment.ticket)
    .where(
        col(Appointment.day) == bindparam("day"),
        col(Ticket.state) == WAITING,
        col(Ticket.priority) == "appointment",
        col(Appointment.at) < bindparam("before"),
    )
)
TOLD = rows_of(Notice).where(col(Notice.done_at).is_(None), col(Notice.key).startswith("appointment-late/"))
DONE_BY = select(col(Notice.done_by)).where(
    col(Notice.ticket) == bindparam("ticket"), col(Notice.key) == bindparam("key"), col(Notice.done_at).is_not(None)
)
ORDINARY_HEAD = (
    select(col(Ticket.arrival), col(Ticket.id), col(Ticket.service), col(Ticket.green))
    .where(
        col(Ticket.service) == bindparam("service"),
        col(Ticket.state) == queue.IS_WAITING,
        col(Ticket.green) == false(),
    )
    .order_by(col(Ticket.arrival), col(Ticket.id))
    .limit(1)
)
OLD = rows_of(Appointment).where(
    col(Appointment.day) < bindparam("day"),
    (col(Appointment.name) != "") | (col(Appointment.phone) != "") | (col(Appointment.person_key) != ""),
)
AGREED_MINUTES = 30  # of an hour that was agreed on, not planned
HUB = "hub"  # what ends a notice by itself
CODES = 20  # tries for a code that nobody holds


class Free(NamedTuple):
    slot: Slot
    taken: int


def free_slots(db: Reads, *, service: str, day: str) -> list[Free]:
    """The day's slots with how many of each are taken; those that have begun are gone."""
    taken = dict(db.values(TAKEN, service=service, day=day))
    plans = db.find(PLANS, service=service)
    found = slots.of_day(plans, day, working=calendar.is_working(db, day), zone=db.rules.timezone)
    return [Free(slot, taken.get(slot.at, 0)) for slot in found if slot.at > db.now]


def free_days(db: Reads, *, service: str, count: int) -> list[str]:
    """The next days, as far as appointments reach, on which a place is free; at most `count`."""
    last = calendar.add_working_days(db, db.day, db.rules.appointment_days)
    found: list[str] = []
    day = date.fromisoformat(db.day)
    while day.isoformat() <= last and len(found) < count:
        free = free_slots(db, service=service, day=day.isoformat())
        if any(one.taken < one.slot.capacity for one in free):
            found.append(day.isoformat())
        day += timedelta(days=1)
    return found


def book(
    tx: Tx,
    *,
    service: str,
    at: Ms,
    name: str = "",
    phone: str = "",
    person_key: str = "",
    people: int = 1,
    cases: int = 1,
    needs: Sequence[str] = (),
    agreed: bool = False,
) -> Appointment:
    """Take a place in a slot. `agreed`: staff has agreed on an hour outside the slots (A21); department and office
    are told. Raises Refused: invalid, slot_full, no_slot, already_booked."""
    wanted = issue.service_of(tx, service)
    day = hours.day_of(at, tx.rules.timezone)
    slot = _slot(tx, service, day, at, agreed=agreed)
    if person_key and any(known.service == service for known in tx.find(BY_PERSON, day=day, key=person_key)):
        raise Refused("already_booked", service=wanted.name)
    booked = tx.insert(
        Appointment, service=service, day=day, at=at, minutes=slot.minutes, code=_code(tx, day), name=name, phone=phone,
        person_key=person_key, salt=tx.token(), people=people, cases=cases, needs=",".join(sorted(set(needs))),
        outside=slot.outside, actor=tx.actor, booked_at=tx.now,
    )  # fmt: skip
    if slot.outside:
        _tell_outside(tx, booked, wanted)
    return booked


def cancel_appointment(tx: Tx, *, appointment: int) -> Appointment:
    row = _booked(tx, appointment)
    hush(tx, f"appointment-outside/{row.id}")
    return tx.update(row, state=CANCELLED, **NOBODY)


def arrive(
    tx: Tx, *, code: str = "", person_key: str = "", kiosk: str | None = None, printer: bool = False
) -> tuple[Appointment, Ticket]:
    """The citizen is here. Raises Refused: no_appointment, appointment_early (detail.opens), closed ..."""
    row = tx.first(BY_CODE, day=tx.day, code=code) if code else tx.first(BY_PERSON, day=tx.day, key=person_key)
    if row is None or row.state not in (BOOKED, MISSED):
        raise Refused("no_appointment")
    when = slots.punctual(
        row.at, tx.now, early_s=tx.rules.appointment_early_s, late_s=tx.rules.appointment_late_s
    )
    if when == "early":
        opens = row.at - tx.rules.appointment_early_s * SECOND
        raise Refused("appointment_early", opens=hours.clock(opens, tx.rules.timezone))
    place = {"green": True, "priority": "appointment", "arrival": row.at} if when == "in_time" else {}
    emergency.must_be_off(tx)
    ticket = issue.give(
        tx, issue.service_of(tx, row.service), kiosk=kiosk, printer=printer, people=row.people, cases=row.cases,
        needs=row.needs, appointment=row.id, **place,
    )  # fmt: skip
    hush(tx, f"appointment-outside/{row.id}")
    return tx.update(row, state=ARRIVED, arrived_at=tx.now, ticket=ticket.id), ticket


def watch_appointments(tx: Tx) -> None:
    """By time: who did not come frees the slot; who waits too long after the hour is told to the board, with why."""
    for row in tx.find(DUE, before=tx.now - tx.rules.appointment_late_s * SECOND):
        tx.update(row, state=MISSED)
        hush(tx, f"appointment-outside/{row.id}")
    late = tx.values(UNCALLED, day=tx.day, before=tx.now - tx.rules.appointment_call_s * SECOND)
    open_keys = {notice.key: notice for notice in tx.find(TOLD)}
    for appointment, at, ticket in late:
        assert appointment is not None and ticket is not None
        key = f"appointment-late/{appointment}"
        if open_keys.pop(key, None) is None and not _cleared(tx, key, ticket):
            _tell_late(tx, appointment, at, ticket)
    for notice in open_keys.values():
        tx.update(notice, done_at=tx.now, done_by=tx.actor, why="alw.called")


def forget_people(tx: Tx) -> None:
    """Once the day is over nobody needs to know who came."""
    for row in tx.find(OLD, day=tx.day):
        tx.update(row, **NOBODY)


def why_uncalled(db: Reads, ticket: Ticket) -> str:
    """unstaffed, paused, bound or busy: why nobody has called it yet."""
    staffed, working = queue.staff(db, ticket.service)
    if not staffed:
        return "unstaffed"
    if not working:
        return "paused"
    heads = [
        Place(arrival, number or 0, service, green)
        for arrival, number, service, green in db.values(ORDINARY_HEAD, service=ticket.service)
    ]
    return "bound" if any(queue.overtaken(db, head) >= db.rules.green_bound for head in heads) else "busy"


def save_plan(tx: Tx, /, *, plan: int | None, **columns: Any) -> SlotPlan:
    """Make a plan, or change it whole. Raises Refused: invalid (detail.field), not_found."""
    issue.service_of(tx, columns["service"])
    if hours.minute(columns["until"]) - hours.minute(columns["start"]) < columns["minutes"]:
        raise Refused("invalid", field="until")
    if plan is None:
        return tx.insert(SlotPlan, **columns)
    row = must_exist(tx.get(SlotPlan, plan), "plan", plan)
    return tx.update(row, **columns)


NOBODY = {"name": "", "phone": "", "person_key": "", "salt": ""}


def _slot(tx: Tx, service: str, day: str, at: Ms, *, agreed: bool) -> Slot:
    last = calendar.add_working_days(tx, tx.day, tx.rules.appointment_days)
    if at <= tx.now or (day > last and not agreed):
        raise Refused("no_slot", until=last)
    free = next((one for one in free_slots(tx, service=service, day=day) if one.slot.at == at), None)
    if free is not None and free.taken < free.slot.capacity:
        return free.slot
    if not agreed:
        raise Refused("slot_full" if free is not None else "no_slot", until=last)
    return Slot(at, AGREED_MINUTES, 1, outside=not _in_hours(tx, at, day))


def _in_hours(db: Reads, at: Ms, day: str) -> bool:
    minute = hours.minute_of(at, db.rules.timezone)
    periods = hours.of(db.get(OpenHours, 1) or OpenHours()).periods
    return calendar.is_working(db, day) and any(start <= minute < end for start, end in periods)


def _code(tx: Tx, day: str) -> str:
    for _ in range(CODES):
        code = tx.digits(6)
        if tx.first(BY_CODE, day=day, code=code) is None:
            return code
    raise Refused("slot_full")


def _booked(tx: Tx, key: int) -> Appointment:
    row = must_exist(tx.get(Appointment, key), "appointment", key)
    if row.state != BOOKED:
        raise Refused("wrong_state", state=row.state)
    return row


# -- who is told


def _tell_outside(tx: Tx, row: Appointment, service: Service) -> None:
    detail = {
        "svc": service.name, "svc_en": service.name_en or service.name, "day": row.day,
        "t": hours.clock(row.at, tx.rules.timezone), "department": service.department,
    }  # fmt: skip
    key = f"appointment-outside/{row.id}"
    tell(tx, key, "ap.outside", detail, kind="alert", audience="office", level="warn")


def _cleared(db: Reads, key: str, ticket: int) -> bool:
    """Somebody has seen to it; the hub does not say it again."""
    return any(by != HUB for (by,) in db.values(DONE_BY, key=key, ticket=ticket))


def _tell_late(tx: Tx, appointment: int, at: Ms, key: int) -> None:
    ticket = tx.get(Ticket, key)
    assert ticket is not None
    detail = {"no": ticket.number, "t": hours.clock(at, tx.rules.timezone)}
    why = why_uncalled(tx, ticket).capitalize()
    tell(tx, f"appointment-late/{appointment}", f"ap.late{why}", detail, kind="alarm", rank=2, level="warn", ticket=key)
