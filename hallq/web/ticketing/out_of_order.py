"""Who was called out of order, and who may do so: the office gives and takes the right (A22, A23)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import iso
from hallq.people import commands
from hallq.ticketing.waiting import out_of_order
from hallq.web.bodies import Body
from hallq.web.common import hall_of, period, reply
from hallq.web.guard import GuardedRoute, allow, caller

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class MayChoose(Body):
    allowed: bool


@router.get("/out-of-order")
@allow("records", "department")
async def listed(request: Request) -> Response:
    """`from` and `to`, the month so far when left out; a chief sees what the department's windows did."""
    hall, who = hall_of(request), caller(request)
    since, until = period(request)
    department = None if who.may("records") else who.department
    rows = await hall.read(out_of_order.listed, since=since, until=until, department=department)
    items = [row | {"at": iso(row["at"], hall.rules.timezone)} for row in rows]
    return reply({"items": items, "next": None})


@router.post("/people/{number}/may-choose")
@allow("people")
async def may_choose(request: Request, number: int, body: MayChoose) -> Response:
    hall = hall_of(request)
    await hall.do(commands.let_choose, caller(request).actor, person=number, allowed=body.allowed)
    return reply({"seq": hall.seq})
