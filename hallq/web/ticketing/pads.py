"""The clerk's side of a pad in a browser: the sign-in by staff number and PIN."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.doors import pin_sign_in
from hallq.web import bodies
from hallq.web.assessment.ratings import own
from hallq.web.guard import GuardedRoute, allow
from hallq.web.ticketing.windows import answer

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


@router.post("/pads/{no}/sign-in")
@allow("verbs")
async def sign_in(request: Request, no: str, body: bodies.PinSignIn) -> Response:
    """The clerk's side of a pad: staff number and PIN."""
    hall = own(request, no)
    await pin_sign_in(hall, hall.pin_limit, no, body.staff_no, body.pin)
    return answer(request, no)
