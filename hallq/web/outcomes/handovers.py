"""交接班 over the API (B32): what a window hands on, the two signatures, and the office's list."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Reads, Refused, iso
from hallq.outcomes.handing import handovers as commands
from hallq.web.common import Next, hall_of, page, period, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.outcomes.handing_bodies import Remark, TakeOver
from hallq.web.outcomes.handing_parts import limited, person, timed
from hallq.web.ticketing.windows import answer

Json = dict[str, Any]
router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NO_REMARK, NO_WISH = Remark(), TakeOver()


# -- at the window


@router.get("/windows/{no}/handover")
@allow("verbs", "department", "posts")
async def handover(request: Request, no: str) -> Response:
    """As things stand there, and what who left has signed (`signed`), if nobody has taken it over yet."""
    hall, who = hall_of(request), caller(request)
    window = hall.picture.windows.get(no)
    if window is None:
        raise Refused("not_found", what="window", id=no)

    def look(db: Reads) -> Json:
        signed = commands.signed_by_another(db, no, who.id)
        return commands.facts(db, no) | {"signed": None if signed is None else commands.shape(db, signed)}

    found = _timed(hall, await hall.read(look))
    since = None if window.pause is None else iso(window.pause.since, hall.rules.timezone)
    return reply(found | {
        "clerk": window.clerk.name if window.clerk else None, "paused_since": since, "faults": _faults(hall, no),
    })  # fmt: skip


@router.post("/windows/{no}/handover", status_code=201)
@allow("verbs", "department")
async def sign(request: Request, no: str, body: Remark = NO_REMARK) -> Response:
    """Who leaves signs; what is open and which devices are down is kept with it."""
    hall, who = hall_of(request), person(request)
    faults = ",".join(_faults(hall, no))
    row = await hall.do(
        commands.sign, who.actor, window=no, person=who.id or 0, faults=faults, remark=body.remark
    )
    return reply({"id": row.id, "seq": hall.seq}, 201)


@router.post("/windows/{no}/handover/confirm")
@allow("verbs", "department")
async def confirm(request: Request, no: str, body: Remark = NO_REMARK) -> Response:
    """Who has signed in after it confirms: the second signature."""
    hall, who = hall_of(request), person(request)
    row = await hall.do(commands.confirm, who.actor, window=no, person=who.id or 0, remark=body.remark)
    return reply({"id": row.id, "seq": hall.seq})


@router.post("/windows/{no}/take-over")
@allow("verbs", "department")
async def take_over(request: Request, no: str, body: TakeOver = NO_WISH) -> Response:
    """A window where somebody else is signed in, paused: both signatures at once, or the second one."""
    hall, who = hall_of(request), person(request)
    faults = ",".join(_faults(hall, no))
    await hall.do(
        commands.take_over, who.actor, window=no, person=who.id or 0, faults=faults, remark=body.remark, seen=body.seen
    )
    return answer(request, no)


def _faults(hall: Hall, no: str) -> list[str]:
    devices = hall.extras("device")
    return [device["id"] for device in devices if device["place"].get("window") == no and device["state"] != "up"]


# -- the office's list


@router.get("/handovers")
@allow("records", "department", "verbs")
async def list_handovers(request: Request, next: Next = None) -> Response:
    """`from`, `to`; of one's department, unless one sees the whole hall."""
    hall, (since, until) = hall_of(request), period(request)
    own = limited(request).get("department")
    rows = await hall.read(commands.listing, since=since, until=until, department=own, after=next)
    return reply(page([_timed(hall, row) for row in rows]))


def _timed(hall: Hall, row: Json) -> Json:
    """With the times of the pauses, too."""
    zone = hall.rules.timezone
    shape = timed(hall, row)
    if shape.get("signed"):
        shape["signed"] = _timed(hall, shape["signed"])
    inner = shape.get("content", shape)
    if "pauses" in inner:
        inner["pauses"] = [
            each | {"since": iso(each["since"], zone), "ended_at": each["ended_at"] and iso(each["ended_at"], zone)}
            for each in inner["pauses"]
        ]
    return shape
