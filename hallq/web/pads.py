"""The citizen's side of a pad in a browser: rating, touching, skipping; and a clerk's sign-in by number and PIN."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.assessment import commands as assessment
from hallq.hall import Hall
from hallq.kernel import Refused
from hallq.people import looks
from hallq.people.secrets import matches
from hallq.ticketing import commands as ticketing
from hallq.web import bodies
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.limits import Limit
from hallq.web.tickets import hall_of, reply
from hallq.web.windows import answer

router = APIRouter(route_class=GuardedRoute)


def _own(request: Request, no: str) -> Hall:
    if caller(request).place != no:
        raise Problem(403, "forbidden", window=no)
    return hall_of(request)


@router.post("/pads/{no}/rating", status_code=201)
@allow("rate")
async def rate(request: Request, no: str, body: bodies.Rate) -> Response:
    hall = _own(request, no)
    rated = await hall.do(
        assessment.rate,
        actor=caller(request).actor,
        token=body.token,
        window=no,
        level=body.level,
        reasons=body.reasons or (),
        comment=body.comment or "",
        channel="page",
    )
    return reply(rating_json(rated.rating) | {"seq": hall.seq}, 201 if rated.new else 200)


def rating_json(rating: Any) -> dict[str, Any]:
    reasons = rating.reasons.split(",") if rating.reasons else []
    return {"id": rating.id, "level": rating.level, "reasons": reasons, "comment": rating.comment or None}


@router.post("/pads/{no}/touch")
@allow("rate")
async def touch(request: Request, no: str, body: bodies.Invited) -> Response:
    hall = _own(request, no)
    await hall.do(assessment.touch, actor=caller(request).actor, token=body.token, window=no)
    return reply({"seq": hall.seq})


@router.post("/pads/{no}/skip")
@allow("rate")
async def skip(request: Request, no: str, body: bodies.Invited) -> Response:
    hall = _own(request, no)
    await hall.do(assessment.skip, actor=caller(request).actor, token=body.token, window=no)
    return reply({"seq": hall.seq})


@router.post("/pads/{no}/sign-in")
@allow("verbs")
async def sign_in(request: Request, no: str, body: bodies.PinSignIn) -> Response:
    """The clerk's side of a pad: staff number and PIN."""
    hall = _own(request, no)
    await pin_sign_in(hall, request.app.state.sign_ins, caller(request).actor, no, body.staff_no, body.pin)
    return await answer(request, no, None)


async def pin_sign_in(hall: Hall, limit: Limit, actor: str, no: str, staff_no: str, pin: str) -> None:
    """Shared with hardware pads. Refused("wrong_pin") after the same time whoever does not exist."""
    limit.check(f"pin {no}")
    door = await hall.read(looks.pin_door, staff_no=staff_no)
    good = await asyncio.to_thread(matches, door.stored, pin)
    if not good or door.person is None:
        limit.count(f"pin {no}")
        raise Refused("wrong_pin")
    await hall.do(ticketing.sign_in, actor=f"person:{door.person}", window=no, person=door.person)
