"""首问转交 over the API (I17): written by whoever was asked first, taken and answered by the department responsible."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads, Tx
from hallq.outcomes.handing import referral_looks as looks
from hallq.outcomes.handing import referrals as commands
from hallq.outcomes.model import Referral
from hallq.people.looked import looked
from hallq.requests import once
from hallq.web.bodies import Empty
from hallq.web.common import hall_of, period, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.outcomes.handing_bodies import Answer, Place, Write
from hallq.web.outcomes.handing_parts import limited, must_be_of, must_print_at, person, timed

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
STAFF = ("verbs", "registers", "outcomes")
NOTHING, NOWHERE = Empty(), Place()


@router.get("/referrals")
@allow(*STAFF, "records")
async def list_referrals(request: Request) -> Response:
    """`from`, `to`; `open=1`: all that are open. Of one's department and one's own, unless one sees the whole hall."""
    hall, (since, until) = hall_of(request), period(request)
    open_only = request.query_params.get("open") == "1"

    def look(db: Reads) -> dict[str, Any]:
        rows = looks.listing(db, since=since, until=until, open_only=open_only, **limited(request))
        return {"items": [timed(hall, row) for row in rows], "figures": looks.figures(rows, db), "next": None}

    return reply(await hall.read(look))


@router.get("/referrals/{number}/identity")
@allow(*STAFF, "personal")
async def identity(request: Request, number: int) -> Response:
    """The citizen in full, to who has to answer; the look is recorded before."""
    hall = hall_of(request)
    row = await hall.read(commands.find, referral=number)
    who = caller(request) if caller(request).may("personal") else must_be_of(request, row.department)
    await hall.do(looked, who.actor, what="referral identity", ref=f"referral/{number}")
    return reply({name: getattr(row, name) for name in commands.PERSONAL} | {"id": number})


@router.post("/referrals", status_code=201)
@allow(*STAFF)
async def write(request: Request, body: Write) -> Response:
    """`printed`: whether a printer stands there; else it is told by word of mouth, or printed on A4."""
    hall, who = hall_of(request), person(request)
    must_print_at(request, body.window, body.kiosk)
    wish = body.model_dump(exclude={"request_id", "kiosk"})
    run = once(
        commands.write, caller=who.actor, route="/referrals", request_id=body.request_id, body=wish, again=_again
    )
    row = await hall.do(run, who.actor, **wish)
    printed = await _print(request, row.id or 0, body.window, body.kiosk)
    shape = timed(hall, await hall.read(lambda db: looks.shape(db, row)))
    return reply(shape | {"printed": printed, "seq": hall.seq}, 201)


@router.post("/referrals/{number}/take")
@allow(*STAFF)
async def take(request: Request, number: int, body: Empty = NOTHING) -> Response:
    return await _step(request, number, commands.take)


@router.post("/referrals/{number}/answer")
@allow(*STAFF)
async def answer(request: Request, number: int, body: Answer) -> Response:
    return await _step(request, number, commands.answer, answer=body.answer)


@router.post("/referrals/{number}/print")
@allow(*STAFF)
async def print_again(request: Request, number: int, body: Place = NOWHERE) -> Response:
    """By who wrote it, by the department responsible, by the office."""
    row = await hall_of(request).read(commands.find, referral=number)
    if row.by != person(request).actor:
        must_be_of(request, row.department)
    must_print_at(request, body.window, body.kiosk)
    return reply({"printed": await _print(request, number, body.window, body.kiosk)})


async def _step(request: Request, number: int, command: Any, **wish: str) -> Response:
    hall = hall_of(request)
    row = await hall.read(commands.find, referral=number)
    who = must_be_of(request, row.department)
    await hall.do(command, who.actor, referral=number, **wish)
    return reply(timed(hall, await hall.read(lambda db: looks.shape(db, commands.find(db, number)))))


async def _print(request: Request, number: int, window: str | None, kiosk: str | None) -> bool:
    hall, who = hall_of(request), caller(request)
    wished = [f"window/{window}" if window else "", f"kiosk/{kiosk}" if kiosk else ""]
    places = [place for place in wished if place and hall.serves("print", place)]
    return bool(places) and await hall.do(commands.print_slip, who.actor, referral=number, places=places)


def _again(tx: Tx, number: str) -> Referral:
    return commands.find(tx, int(number))
