"""The day's end and the hours without a system over the API: 日结 and 手工号."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.kernel import Tx
from hallq.office import day_sheet, manual, settle
from hallq.office.peak_model import ManualNumber
from hallq.requests import once
from hallq.ticketing.model import Ticket
from hallq.web.bodies import Body, Code, Day, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.peaks import own_service
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
How = Literal["served", "gave_up", "rebooked"]
Note = Annotated[str, Field(max_length=200)]


class Settle(Body):
    how: How
    note: Note = ""


class SettleAll(Settle):
    day: Day
    service: Code


class Pad(Body):
    count: Annotated[int, Field(ge=1, le=manual.PAD)]
    request_id: RequestId = None


class Line(Body):
    number: Code
    service: Code
    arrival: Annotated[str, Field(min_length=1, max_length=40)]
    check_code: Annotated[str, Field(max_length=8)]
    category: Code = "ordinary"


class Enter(Body):
    lines: Annotated[list[Line], Field(min_length=1, max_length=200)]
    request_id: RequestId = None


@router.get("/settlement")
@allow("view.office")
async def get_sheet(request: Request, day: Day | None = None) -> Response:
    hall = hall_of(request)
    return reply(await hall.read(day_sheet.sheet, day=day or hall.picture.day))


@router.post("/settlement/all")
@allow("settle")
async def settle_all(request: Request, body: SettleAll) -> Response:
    count = await hall_of(request).do(settle.settle_all, caller(request).actor, **body.model_dump())
    return reply({"settled": count})


@router.post("/settlement/{ticket}")
@allow("settle")
async def settle_one(request: Request, ticket: int, body: Settle) -> Response:
    done = await hall_of(request).do(settle.settle, caller(request).actor, ticket=ticket, **body.model_dump())
    return reply({"ticket": done.ticket, "how": done.how, "note": done.note})


@router.post("/services/{code}/close")
@allow("settle", "department")
async def close_service(request: Request, code: str) -> Response:
    """The day's business of a service ends; refused `still_waiting` while somebody holds a number."""
    stop = await hall_of(request).do(settle.close_service, caller(request).actor, service=own_service(request, code))
    return reply({"service": code, "stopped": stop.reason})


# -- numbers on paper


@router.get("/manual/pad")
@allow("settle")
async def get_pad(request: Request) -> Response:
    """Blank numbers that are printed and not used yet."""
    return reply({"items": [_blank(row) for row in await hall_of(request).read(manual.unused)], "next": None})


class _Made(list[Any]):
    """Several rows made by one request: known again by their ids."""

    @property
    def id(self) -> str:
        return ",".join(str(row.id) for row in self)


@router.post("/manual/pad", status_code=201)
@allow("settle")
async def make_pad(request: Request, body: Pad) -> Response:
    made = await _once(request, manual.make_pad, ManualNumber, "/manual/pad", body, {"count": body.count})
    return reply({"items": [_blank(row) for row in made], "next": None}, 201)


@router.post("/manual", status_code=201)
@allow("settle")
async def enter(request: Request, body: Enter) -> Response:
    """All lines or none; every wrong one is named in `detail.wrong`."""
    lines = [manual.Line(**line.model_dump()) for line in body.lines]
    made = await _once(request, manual.enter, Ticket, "/manual", body, {"lines": lines})
    items = [{"id": row.id, "number": row.number, "service": row.service} for row in made]
    return reply({"items": items, "next": None}, 201)


async def _once(request: Request, command: Any, model: type[Any], route: str, body: Any, wish: Json) -> list[Any]:
    def several(tx: Tx, **kwargs: Any) -> _Made:
        return _Made(command(tx, **kwargs))

    def again(tx: Tx, ids: str) -> _Made:
        return _Made(tx.get(model, int(key)) for key in ids.split(","))

    several.__name__ = command.__name__
    who = caller(request).actor
    sent = body.model_dump(exclude={"request_id"})
    made = once(several, caller=who, route=route, request_id=body.request_id, body=sent, again=again)
    return await hall_of(request).do(made, who, **wish)


def _blank(row: ManualNumber) -> Json:
    return {"number": row.number, "check_code": row.check_code}
