"""An emergency begins and ends: one action each, by the office or a guide."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads, iso
from hallq.ticketing import commands
from hallq.ticketing.lookups import name_of_actor
from hallq.ticketing.model import HallMode
from hallq.web.bodies import Body, Empty, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class Begin(Body):
    kind: Literal["evacuate", "hold"] = "evacuate"
    speak: bool | None = None
    request_id: RequestId = None  # a repeat changes nothing anyway


@router.get("/emergency")
@allow("emergency", "records")
async def get_emergency(request: Request) -> Response:
    return await _answer(request)


@router.post("/emergency")
@allow("emergency")
async def begin(request: Request, body: Begin | None = None) -> Response:
    wish = {} if body is None else body.model_dump(exclude={"request_id"})
    await hall_of(request).do(commands.begin_emergency, caller(request).actor, **wish)
    return await _answer(request)


@router.post("/emergency/end")
@allow("emergency")
async def end(request: Request, body: Empty | None = None) -> Response:
    await hall_of(request).do(commands.end_emergency, caller(request).actor)
    return await _answer(request)


async def _answer(request: Request) -> Response:
    hall = hall_of(request)
    return reply(await hall.read(_shape) | {"every": hall.rules.emergency_voice_s, "seq": hall.seq})


def _shape(db: Reads) -> dict[str, Any]:
    mode = db.get(HallMode, 1) or HallMode()
    if mode.emergency_since is None:
        return {"since": None, "voice": db.rules.emergency_voice}
    return {
        "since": iso(mode.emergency_since, db.rules.timezone),
        "kind": mode.emergency_kind,
        "by": name_of_actor(db, mode.emergency_by or "") or mode.emergency_by,
        "voice": bool(mode.emergency_voice),
    }
