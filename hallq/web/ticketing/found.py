"""A missed number, a lost slip, a number looked up: by number and check code, at a kiosk, a window or with a guide."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hallq.kernel import Reads, Refused
from hallq.limits import Limit
from hallq.office import settle
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing import commands
from hallq.ticketing.tickets import returns
from hallq.ticketing.waiting import queue
from hallq.web.bodies import Body, Code, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.ticketing.tickets import Placed, again, placed, ticket_json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class Restore(Body):
    number: Code
    check_code: Code


class Reissue(Body):
    check_code: Code | None = None  # without it: a guide's or the office's word
    kiosk: Code | None = None  # where a guide lets it print
    reason: Literal["lost", "unprinted", "unreadable", "other"] | None = None  # the office's, for the journal
    request_id: RequestId = None


@router.post("/tickets/restore")
@allow("slips", "tickets.all", "verbs", "department")
async def restore(request: Request, body: Restore) -> Response:
    """Also who was rebooked at a day's end: with a new number in the green channel, and its slip."""
    number, hall, kiosk = body.number.strip().upper(), hall_of(request), _kiosk(caller(request), None)
    wish = {"number": number, "check_code": body.check_code, "kiosk": kiosk}
    printer = hall.serves("print", f"kiosk/{kiosk}")
    found = await _guessed(request, placed(settle.restore), **wish, printer=printer)
    return reply(ticket_json(hall, found, secret=found.ticket.priority == settle.REBOOKED))


@router.post("/tickets/{ticket}/reissue")
@allow("slips", "tickets.all", "verbs")
async def reissue(request: Request, ticket: int, body: Reissue) -> Response:
    hall, who = hall_of(request), caller(request)
    kiosk = _kiosk(who, body.kiosk)
    if body.check_code is None and not who.may("tickets.all"):
        raise Problem(403, "forbidden")
    wish = {"ticket": ticket, "check_code": body.check_code, "kiosk": kiosk, "reason": body.reason}
    command = once(
        placed(commands.reissue), caller=who.actor, route="/tickets/reissue", request_id=body.request_id, body=wish,
        again=again,
    )  # fmt: skip
    new = await _guessed(request, command, **wish, printer=hall.serves("print", f"kiosk/{kiosk}"))
    return reply(ticket_json(hall, new, secret=True))


def _kiosk(who: Identity, wanted: str | None) -> str | None:
    kiosk = who.place if who.role == "kiosk" else wanted
    if wanted not in (None, kiosk):
        raise Problem(403, "forbidden", kiosk=wanted)
    return kiosk


async def _guessed(request: Request, command: Any, **wish: Any) -> Placed:
    """A caller that has guessed wrong too often waits: 429."""
    limit: Limit = request.app.state.code_limit
    who = caller(request).actor
    limit.check(who)
    try:
        found: Placed = await hall_of(request).do(command, who, **wish)
    except Refused as error:
        if error.code == "wrong_code":
            limit.count(who)
        raise
    return found


@router.get("/tickets")
@allow("tickets.all", "verbs", "department")
async def find_tickets(request: Request, number: Annotated[str, Query(min_length=1, max_length=16)]) -> Response:
    """Today's ticket of this number, or one of an earlier day that may still come back."""
    hall = hall_of(request)
    found = await hall.read(_find, number=number.strip().upper())
    return reply({"items": [ticket_json(hall, one, secret=False) for one in found], "next": None})


def _find(db: Reads, *, number: str) -> list[Placed]:
    return [Placed(db, row, queue.ahead(db, row)) for row in returns.by_number(db, number=number)]


