"""Appointments over the API: slots, booking at the desk, by a program or by phone, arrival, and the office's plans."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.id_hash import IdHash
from hallq.kernel import Ms, Refused, Tx, iso
from hallq.limits import Limit
from hallq.people.identity import Identity
from hallq.people.looked import looked
from hallq.requests import once
from hallq.ticketing.model import Appointment, SlotPlan
from hallq.ticketing.opening import hours
from hallq.ticketing.tickets import appointments
from hallq.web.bodies import Body, Code, Count, Day, Empty, Handle, IdNumber, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json
from hallq.web.ticketing.tickets import Placed, cards_of, look, of_card, ticket_json

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Pin = Annotated[str, Field(pattern=r"^\d{6}$")]
Need = Literal["escort", "deaf", "blind", "wheelchair", "interpreter"]
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class BookByPhone(Body):
    service: Code
    day: Day
    time: Clock
    request_id: RequestId = None


class Book(BookByPhone):
    name: Annotated[str, Field(max_length=20)] = ""
    phone: Annotated[str, Field(pattern=r"^[0-9+ -]{0,20}$")] = ""
    people: Count = 1
    cases: Count = 1
    needs: Annotated[tuple[Need, ...], Field(max_length=5, strict=False)] = ()
    agreed: bool = False  # staff alone: an hour outside the slots
    id_number: IdNumber | None = Field(default=None, repr=False)  # of it a keyed hash goes on, nothing else


class Arrive(Body):
    """With the code, or with the ID card that the appointment was booked with: its number, or on the kiosk's reader."""

    code: Pin | None = None
    id_number: IdNumber | None = Field(default=None, repr=False)
    card: Handle = None
    kiosk: Code | None = None
    request_id: RequestId = None


class Plan(Body):
    id: int | None = None
    service: Code
    days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    start: Clock
    until: Clock
    minutes: Annotated[int, Field(ge=5, le=240)]
    capacity: Annotated[int, Field(ge=1, le=99)]
    outside: bool = False
    active: bool = True
    request_id: RequestId = None


def is_staff(who: Identity) -> bool:
    return who.may("tickets.all")


@router.get("/appointments/slots")
@allow("public")
async def get_slots(request: Request, service: str, day: Day) -> Response:
    _reachable(request)
    hall = hall_of(request)
    found = await hall.read(appointments.free_slots, service=service, day=day)
    return reply({"items": [_slot(hall, one) for one in found], "next": None})


@router.get("/appointments/days")
@allow("public")
async def get_days(request: Request, service: str, count: Annotated[int, Query(ge=1, le=31)] = 10) -> Response:
    """The next days with a free place."""
    _reachable(request)
    days = await hall_of(request).read(appointments.free_days, service=service, count=count)
    return reply({"items": days, "next": None})


def _reachable(request: Request) -> None:
    """Everyone asks for slots where telephones can book; elsewhere who is known here."""
    if caller(request).kind == "anonymous" and hall_of(request).settings.server.public_url is None:
        raise Problem(401, "unauthorized")


@router.post("/appointments", status_code=201)
@allow("book")
async def book(request: Request, body: Book) -> Response:
    if body.agreed and not is_staff(caller(request)):
        raise Problem(403, "forbidden")
    return await _book(request, body)


@router.post("/book", status_code=201)
@allow("public")
async def book_by_phone(request: Request, body: BookByPhone) -> Response:
    """On a telephone, where telephones can reach the hub; not too often from one address."""
    if hall_of(request).settings.server.public_url is None:
        raise Problem(404, "not_found", what="page", id="book")
    limit: Limit = request.app.state.booking_limit
    source = request.client.host if request.client else ""
    limit.check(source)
    limit.count(source)
    return await _book(request, body)


async def _book(request: Request, body: Book | BookByPhone) -> Response:
    hall, who = hall_of(request), caller(request)
    wish = body.model_dump(exclude={"request_id", "day", "time", "id_number"})
    if isinstance(body, Book):
        wish["person_key"] = _key(request, body)
    wish["at"] = hours.moment(body.day, hours.minute(body.time), hall.rules.timezone)
    command = once(
        appointments.book, caller=who.actor, route=request.url.path, request_id=body.request_id, body=wish, again=_again
    )
    booked = await hall.do(command, who.actor, **wish)
    return reply(_shape(hall, booked, full=True) | {"seq": hall.seq}, 201)


def _key(request: Request, body: Book | Arrive) -> str:
    hashes: IdHash = request.app.state.id_hash
    return "" if body.id_number is None else hashes.of(body.id_number)


def _again(tx: Tx, key: str) -> Any:
    return tx.get(Appointment, int(key))


@router.get("/appointments")
@allow("tickets.all", "forms", "records")
async def get_appointments(request: Request, day: Day | None = None) -> Response:
    """Of one day; names and telephones for who arranges them alone, and that look is journaled."""
    hall, who = hall_of(request), caller(request)
    rows = await hall.read(lambda db: db.find(appointments.OF_DAY, day=day or db.day))
    if is_staff(who) and any(row.name or row.phone for row in rows):
        await hall.do(looked, who.actor, what="appointments", ref=rows[0].day)
    return reply({"items": [_shape(hall, row, full=is_staff(who)) for row in rows], "next": None})


@router.post("/appointments/{number}/cancel")
@allow("tickets.all")
async def cancel(request: Request, number: int, body: Empty | None = None) -> Response:
    hall = hall_of(request)
    row = await hall.do(appointments.cancel_appointment, caller(request).actor, appointment=number)
    return reply(_shape(hall, row, full=False) | {"seq": hall.seq})


@router.post("/appointments/arrive", status_code=201)
@allow("tickets.take", "tickets.all")
async def arrive(request: Request, body: Arrive) -> Response:
    """The number that goes with the appointment. Guessing is slowed per caller."""
    if sum(given is not None for given in (body.code, body.id_number, body.card)) != 1:
        raise Refused("invalid", field="code")
    hall, who = hall_of(request), caller(request)
    kiosk = who.place if who.role == "kiosk" else body.kiosk
    limit: Limit = request.app.state.arrival_limit
    limit.check(who.actor)
    printer = hall.serves("print", f"kiosk/{kiosk}")
    who_comes = {"code": body.code or "", "person_key": _key(request, body)}
    make, known = _arrived, who_comes | {"kiosk": kiosk}
    if body.card is not None:
        key = cards_of(request).holder(who.place, body.card)
        make, known = of_card(_arrived, key, "person_key"), known | {"card": body.card}
    command = once(
        make, caller=who.actor, route="/appointments/arrive", request_id=body.request_id, body=known,
        again=lambda tx, key: look(tx, ticket=int(key)),
    )  # fmt: skip
    try:
        placed = await hall.do(command, who.actor, kiosk=kiosk, printer=printer, **who_comes)
    except Refused as refused:
        if refused.code == "no_appointment":
            limit.count(who.actor)
        raise
    if body.card is not None:
        cards_of(request).forget(who.place, body.card)
    return reply(ticket_json(hall, placed, secret=True), 201)


def _arrived(tx: Tx, *, code: str, person_key: str, kiosk: str | None, printer: bool) -> Placed:
    _, ticket = appointments.arrive(tx, code=code, person_key=person_key, kiosk=kiosk, printer=printer)
    assert ticket.id is not None
    return look(tx, ticket=ticket.id)


@router.get("/appointments/plans")
@allow("tickets.all", "forms", "records")
async def get_plans(request: Request) -> Response:
    rows = await hall_of(request).read(lambda db: db.find(appointments.ALL_PLANS))
    return reply({"items": [_plan(row) for row in rows], "next": None})


@router.post("/appointments/plans")
@allow("catalogue")
async def save_plan(request: Request, body: Plan) -> Response:
    hall, who = hall_of(request), caller(request)
    days = ",".join(map(str, sorted(set(body.days))))
    columns = body.model_dump(exclude={"request_id", "id", "days"}) | {"days": days}
    command = once(
        appointments.save_plan, caller=who.actor, route="/appointments/plans", request_id=body.request_id,
        body=columns | {"plan": body.id}, again=_plan_again,
    )  # fmt: skip
    row = await hall.do(command, who.actor, plan=body.id, **columns)
    return reply(_plan(row) | {"seq": hall.seq}, 200 if body.id else 201)


def _plan_again(tx: Tx, key: str) -> Any:
    return tx.get(SlotPlan, int(key))


def _plan(row: SlotPlan) -> Json:
    return {
        "id": row.id, "service": row.service, "days": [int(day) for day in row.days.split(",")], "start": row.start,
        "until": row.until, "minutes": row.minutes, "capacity": row.capacity, "outside": bool(row.outside),
        "active": bool(row.active),
    }  # fmt: skip


def _slot(hall: Hall, free: appointments.Free) -> Json:
    slot = free.slot
    return {
        "at": iso(slot.at, hall.rules.timezone), "time": hours.clock(slot.at, hall.rules.timezone),
        "minutes": slot.minutes, "free": max(0, slot.capacity - free.taken), "capacity": slot.capacity,
        "outside": slot.outside,
    }  # fmt: skip


def _shape(hall: Hall, row: Appointment, *, full: bool) -> Json:
    zone = hall.rules.timezone

    def time(at: Ms | None) -> str | None:
        return iso(at, zone)

    shape = {
        "id": row.id, "service": row.service, "day": row.day, "at": time(row.at), "time": hours.clock(row.at, zone),
        "minutes": row.minutes, "state": row.state, "people": row.people, "cases": row.cases,
        "needs": row.needs.split(",") if row.needs else [], "outside": bool(row.outside),
        "arrived_at": time(row.arrived_at), "ticket": row.ticket,
    }  # fmt: skip
    return shape | {"code": row.code, "name": row.name, "phone": row.phone} if full else shape


