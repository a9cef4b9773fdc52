"""A slip that did not come out: the kiosks nearby that can print it, and its print there."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.ticketing import commands
from hallq.ticketing.tickets import slips
from hallq.web.bodies import Body, Code
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.ticketing.tickets import look, own, ticket_json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class PrintAt(Body):
    kiosk: Code


@router.get("/tickets/{ticket}/printers")
@allow("slips", "tickets.all")
async def printers(request: Request, ticket: int) -> Response:
    """The other kiosks of its kiosk's zone that have paper now; for guides and the office every kiosk that has."""
    return reply({"items": [{"kiosk": kiosk} for kiosk in await _printers(request, ticket)], "next": None})


@router.post("/tickets/{ticket}/print")
@allow("slips", "tickets.all")
async def print_at(request: Request, ticket: int, body: PrintAt) -> Response:
    hall, who = hall_of(request), caller(request)
    found = await _printers(request, ticket)
    await hall.do(commands.print_at, who.actor, ticket=ticket, kiosk=body.kiosk, printers=found)
    placed = await hall.read(look, ticket=ticket)
    return reply(ticket_json(hall, placed, secret=placed.ticket.issuer == who.actor))


async def _printers(request: Request, ticket: int) -> list[str]:
    hall, row = hall_of(request), (await own(request, ticket)).ticket
    everywhere = caller(request).may("tickets.all")
    near = await hall.read(slips.kiosks) if everywhere else await hall.read(slips.beside, kiosk=row.kiosk or "")
    return [kiosk for kiosk in near if _has_paper(hall, kiosk)]


def _has_paper(hall: Hall, kiosk: str) -> bool:
    if not hall.serves("print", f"kiosk/{kiosk}"):
        return False
    printers = (each.id for each in hall.settings.device if each.kiosk == kiosk and each.effect == "print")
    return any(hall.extra.get(f"device/{id}", {}).get("state") == "up" for id in printers)
