"""Taking numbers, and the hall as it stands: services, windows, queues, devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Ms, Reads, Refused, Tx, iso, must_exist
from hallq.office import proofs
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing import commands, looks
from hallq.ticketing.model import WAITING, Ticket
from hallq.ticketing.rules import Wait
from hallq.ticketing.tickets import caps
from hallq.ticketing.tickets.appointments import BOOKABLE
from hallq.ticketing.waiting import outlook, queue
from hallq.web.bodies import Card, Empty, Slip, TakeTicket
from hallq.web.common import hall_of, reply, shapes_of
from hallq.web.errors import Problem, language
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.form_shapes import closures_json
from hallq.web.shapes import Json, waits
from hallq.web.views import is_public
from hallq.wiring.cards import Cards

NO_WAIT = Wait(0, 0, 0)
LOOKERS = ("view.board", "view.screen", "view.window", "view.guide", "view.office", "view.pad-clerk", "department")
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class Placed:
    """A ticket and where it stands."""

    __slots__ = ("ahead", "id", "ticket", "wait")

    def __init__(self, db: Reads, ticket: Ticket, ahead: int) -> None:
        self.ticket = ticket
        self.id = ticket.id
        self.ahead = ahead
        self.wait = outlook.wait(db, ticket, ahead) if ticket.state == WAITING else NO_WAIT


def issue(tx: Tx, **wish: Any) -> Placed:
    ticket = commands.issue(tx, **wish)
    return Placed(tx, ticket, queue.ahead_of_new(tx, ticket))


def again(tx: Tx, ticket: str) -> Placed:
    return look(tx, ticket=int(ticket))


def look(db: Reads, *, ticket: int) -> Placed:
    row = must_exist(db.get(Ticket, ticket), "ticket", ticket)
    return Placed(db, row, queue.ahead(db, row))


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """A verb's command whose ticket is looked at in its own transaction, as it leaves it."""

    def run(tx: Tx, **kwargs: Any) -> Any:
        value = command(tx, **kwargs)
        return Placed(tx, value, queue.ahead(tx, value)) if hasattr(value, "number") else None

    run.__name__ = command.__name__
    return run


def ticket_json(hall: Hall, placed: Placed, *, secret: bool) -> Json:
    """`secret`: for who issued it, with the check code and the phone's address."""
    ticket, zone = placed.ticket, hall.rules.timezone

    def time(at: Ms | None) -> str | None:
        return iso(at, zone)

    shape = {
        "id": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "category": ticket.category if secret or ticket.state != WAITING else None,  # A22: no class before the call
        "state": ticket.state,
        "window": ticket.window,
        "ahead": placed.ahead,
        "wait": waits(placed.wait[:3], placed.wait.over),
        "people": ticket.people,
        "cases": ticket.cases,
        "needs": ticket.needs.split(",") if ticket.needs else [],
        "kiosk": ticket.kiosk,
        "issued_at": time(ticket.issued_at),
        "called_at": time(ticket.called_at),
        "started_at": time(ticket.started_at),
        "finished_at": time(ticket.finished_at),
        "calls": ticket.calls,
        "print": ticket.print,
        "then": ticket.then.split(",") if ticket.then else [],
        "for_window": ticket.for_window,
        "priority": ticket.priority,
        "cases_done": ticket.cases_done or 0,
        "park_kind": ticket.park_kind or None,
        "any_window": bool(ticket.any_window),
        "return_by": ticket.return_by,
        "restored": ticket.restored or 0,
        "reissued": ticket.reissued or 0,
        "helper": ticket.helper,
    }
    if secret:
        base = hall.settings.server.public_url
        shape["check_code"] = ticket.check_code
        shape["phone_url"] = f"{base}/t/{ticket.phone_token}" if base else None
    return shape


def cards_of(request: Request) -> Cards:
    cards: Cards = request.app.state.wiring.cards
    return cards


def of_card(command: Callable[..., Any], key: str | None, name: str) -> Callable[..., Any]:
    """`command` for who lies on the reader, as `name`. In a request that is sent again the card may be gone by then."""

    def run(tx: Tx, **kwargs: Any) -> Any:
        if key is None:
            raise Refused("card_gone")
        return command(tx, **kwargs | {name: key})

    run.__name__ = command.__name__
    return run


def _as_whom(request: Request, body: TakeTicket) -> Json:
    """Of the ID number the hash goes on, nothing else. At a kiosk and through a program no guide stands by."""
    if body.id_number is not None and body.card is not None:
        raise Refused("invalid", field="card")
    number, hashes = body.id_number, request.app.state.id_hash
    holder = "" if number is None else hashes.of(number)
    return {"holder": holder, "self_service": not caller(request).may("tickets.all")}


@router.post("/tickets", status_code=201)
@allow("tickets.take")
async def take_ticket(request: Request, body: TakeTicket) -> Response:
    hall, who = hall_of(request), caller(request)
    kiosk = who.place if who.role == "kiosk" else body.kiosk
    if body.kiosk not in (None, kiosk):
        raise Problem(403, "forbidden", kiosk=body.kiosk)
    if body.beyond and not who.may("tickets.all"):
        raise Problem(403, "forbidden", field="beyond")
    wish = body.model_dump(exclude={"request_id", "kiosk", "id_number", "card"}) | _as_whom(request, body)
    make, known = issue, wish | {"kiosk": kiosk}
    if body.card is not None:
        key = cards_of(request).holder(who.place, body.card)
        make, known = of_card(issue, key, "holder"), known | {"card": body.card}
    command = once(make, caller=who.actor, route="/tickets", request_id=body.request_id, body=known, again=again)
    printer = hall.serves("print", f"kiosk/{kiosk}")
    try:
        placed = await hall.do(command, who.actor, **wish, kiosk=kiosk, printer=printer)
    except Refused as refused:
        if why := caps.TURNED_AWAY.get(refused.code):  # with its time
            await hall.do(caps.turn_away, who.actor, service=body.service, why=why, kiosk=kiosk)
        raise
    if body.card is not None:
        cards_of(request).forget(who.place, body.card)
    return reply(ticket_json(hall, placed, secret=True), 201)


@router.post("/kiosks/{kiosk}/card/forget")
@allow("tickets.take")
async def forget_card(request: Request, kiosk: str, body: Card) -> Response:
    """The citizen has gone, or would rather take a number without it."""
    if caller(request).place != kiosk:
        raise Problem(403, "forbidden", kiosk=kiosk)
    cards_of(request).forget(kiosk, body.card)
    return reply({})


async def own(request: Request, ticket: int) -> Placed:
    """The ticket, if this caller may see it: who issued it, or who works with tickets."""
    hall, who = hall_of(request), caller(request)
    placed = await hall.read(look, ticket=ticket)
    if not may_see(who, placed.ticket):
        raise Problem(403, "forbidden")
    return placed


def may_see(who: Identity, ticket: Ticket) -> bool:
    return ticket.issuer == who.actor or who.role not in ("kiosk", "api")


@router.get("/tickets/{ticket}")
@allow("tickets.own", "tickets.all", "tickets.take", "verbs", "department", "records")
async def get_ticket(request: Request, ticket: int) -> Response:
    placed = await own(request, ticket)
    secret = placed.ticket.issuer == caller(request).actor
    return reply(ticket_json(hall_of(request), placed, secret=secret))


@router.post("/tickets/{ticket}/cancel")
@allow("tickets.take", "tickets.all")
async def cancel_ticket(request: Request, ticket: int, body: Empty | None = None) -> Response:
    placed = await own(request, ticket)
    hall, who = hall_of(request), caller(request)
    await hall.do(commands.cancel, who.actor, ticket=ticket, why="citizen" if who.role == "kiosk" else who.role)
    placed = await hall.read(look, ticket=ticket)
    return reply(ticket_json(hall, placed, secret=placed.ticket.issuer == who.actor))


@router.post("/tickets/{ticket}/slip")
@allow("slips", "tickets.all")
async def answer_slip(request: Request, ticket: int, body: Slip) -> Response:
    """The citizen's word on a slip of which the printer told nothing."""
    await own(request, ticket)
    hall, who = hall_of(request), caller(request)
    await hall.do(commands.set_print, who.actor, ticket=ticket, state=body.outcome)
    return reply(ticket_json(hall, await hall.read(look, ticket=ticket), secret=True))


@router.get("/hall")
@allow(*LOOKERS, "view.kiosk")
async def get_hall(request: Request) -> Response:
    hall, shapes, who = hall_of(request), shapes_of(request), caller(request)
    picture, audience = hall.picture, audience_of(who)
    public = audience in ("public", "kiosk")
    running = await hall.read(proofs.in_force)
    told = {notice.key: shapes.notice(notice) for notice in picture.notices.values() if notice.key}
    return reply(
        {
            "epoch": hall.epoch,
            "seq": hall.seq,
            "windows": [shapes.window(window, audience) for window in picture.windows.values()],
            "queues": [shapes.queue(queue, audience) for queue in picture.queues.values()],
            "devices": [] if public else hall.extras("device"),
            "closures": closures_json(hall, running, told, language(request)),
            "notices": [
                shapes.notice(notice) for notice in picture.notices.values() if not public or is_public(notice)
            ],
        }
    )


def audience_of(who: Identity) -> str:
    if who.role in ("clerk", "chief", "guide", "pad-clerk"):
        return "staff"
    return {"office": "office", "admin": "office", "board": "board", "leader": "board", "auditor": "board"}.get(
        who.role, "kiosk" if who.role == "kiosk" else "public"
    )


@router.get("/services")
@allow("public")
async def get_services(request: Request) -> Response:
    bookable = {code for (code,) in await hall_of(request).read(lambda db: db.values(BOOKABLE))}
    items = shapes_of(request).services(hall_of(request).picture)
    return reply({"items": [item | {"bookable": item["code"] in bookable} for item in items], "next": None})


@router.get("/catalog")
@allow("public")
async def get_catalog(request: Request) -> Response:
    hall = hall_of(request)
    return reply((await hall.read(looks.catalog)) | {
        "hall": {"id": hall.settings.hall.id, "name": hall.settings.hall.name},
        "languages": list(hall.settings.hall.languages),
        "services": shapes_of(request).services(hall.picture),
    })  # fmt: skip


@router.get("/windows")
@allow(*LOOKERS)
async def get_windows(request: Request) -> Response:
    shapes, audience = shapes_of(request), audience_of(caller(request))
    windows = hall_of(request).picture.windows.values()
    return reply({"items": [shapes.window(window, audience) for window in windows], "next": None})


@router.get("/windows/{no}")
@allow(*LOOKERS)
async def get_window(request: Request, no: str) -> Response:
    window = hall_of(request).picture.windows.get(no)
    if window is None:
        raise Problem(404, "not_found", what="window", id=no)
    return reply(shapes_of(request).window(window, audience_of(caller(request))))


@router.get("/queues")
@allow(*LOOKERS, "view.kiosk")
async def get_queues(request: Request) -> Response:
    shapes, audience = shapes_of(request), audience_of(caller(request))
    return reply({"items": [shapes.queue(queue, audience) for queue in hall_of(request).picture.queues.values()],
                  "next": None})  # fmt: skip
