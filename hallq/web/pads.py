"""The citizen's side of a pad in a browser: rating, touching, skipping; and a clerk's sign-in by number and PIN."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.assessment.ratings import commands as assessment
from hallq.doors import pin_sign_in
from hallq.hall import Hall
from hallq.web import bodies
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.tickets import hall_of, reply
from hallq.web.windows import answer

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


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
        caller(request).actor,
        token=body.token,
        window=no,
        level=body.level,
        reasons=body.reasons or (),
        comment=body.comment or "",
        channel="page",
        answered=body.reasons is not None,
    )
    return reply(rating_json(rated.rating) | {"seq": hall.seq}, 201 if rated.new else 200)


def rating_json(rating: Any) -> dict[str, Any]:
    reasons = rating.reasons.split(",") if rating.reasons else []
    return {"id": rating.id, "level": rating.level, "reasons": reasons, "comment": rating.comment or None}


@router.post("/pads/{no}/touch")
@allow("rate")
async def touch(request: Request, no: str, body: bodies.Invited) -> Response:
    hall = _own(request, no)
    await hall.do(assessment.touch, caller(request).actor, token=body.token, window=no)
    return reply({"seq": hall.seq})


@router.post("/pads/{no}/skip")
@allow("rate")
async def skip(request: Request, no: str, body: bodies.Invited) -> Response:
    hall = _own(request, no)
    await hall.do(assessment.skip, caller(request).actor, token=body.token, window=no)
    return reply({"seq": hall.seq})


@router.post("/pads/{no}/sign-in")
@allow("verbs")
async def sign_in(request: Request, no: str, body: bodies.PinSignIn) -> Response:
    """The clerk's side of a pad: staff number and PIN."""
    hall = _own(request, no)
    await pin_sign_in(hall, hall.pin_limit, no, body.staff_no, body.pin)
    return answer(request, no)
