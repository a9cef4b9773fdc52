"""Guides over HTTP: where each stands, short leaves that a stand-in confirms, arrivals, and what they report."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import SECOND, Tx
from hallq.office import guides
from hallq.office.post_model import GuideLeave, GuidePost
from hallq.requests import once
from hallq.ticketing.model import Notice
from hallq.web import bodies
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.alarms import times
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NOTHING = bodies.Empty()


class Stand(bodies.Body):
    kind: Literal["desk", "moving"]
    zone: bodies.Code | None = None
    request_id: bodies.RequestId = None


class Leave(bodies.Body):
    replacement: int | None = None
    request_id: bodies.RequestId = None


class Incident(bodies.Body):
    kind: Literal["dispute", "ill", "lost", "fault", "order", "other"]
    text: Annotated[str, Field(max_length=200)] = ""
    zone: bodies.Code | None = None
    request_id: bodies.RequestId = None


NOT_YET = Leave()


@router.get("/guides")
@allow("view.guide", "records")
async def get_guides(request: Request) -> Response:
    hall = hall_of(request)
    rows = await hall.read(guides.look)
    return reply({"items": [_guide_json(hall, row) for row in rows], "limit": hall.rules.guide_leave_s, "next": None})


@router.post("/guides/post", status_code=201)
@allow("tickets.all")
async def stand(request: Request, body: Stand) -> Response:
    """G01: a guide's day begins with where; another post ends the one before."""
    hall, (actor, person) = hall_of(request), _person(request, guide=True)
    wish = body.model_dump(exclude={"request_id"}) | {"person": person}
    command = once(
        guides.post, caller=actor, route="/guides/post", request_id=body.request_id, body=wish,
        again=_stood,
    )  # fmt: skip
    row = await hall.do(command, actor, **wish)
    return reply({"seq": hall.seq} | _post_json(hall, row), 201)


@router.post("/guides/post/end")
@allow("tickets.all")
async def end_post(request: Request, body: bodies.Empty = NOTHING) -> Response:
    hall, (actor, person) = hall_of(request), _person(request, guide=True)
    await hall.do(guides.end_post, actor, person=person)
    return reply({"seq": hall.seq})


@router.post("/guides/leave", status_code=201)
@allow("tickets.all")
async def leave(request: Request, body: Leave = NOT_YET) -> Response:
    hall, (actor, person) = hall_of(request), _person(request, guide=True)
    wish = {"person": person, "replacement": body.replacement}
    command = once(
        guides.leave, caller=actor, route="/guides/leave", request_id=body.request_id, body=wish, again=_left
    )
    left = await hall.do(command, actor, **wish)
    return reply({"seq": hall.seq} | _leave_json(hall, left), 201)


@router.post("/guides/leave/{number}/{answer}")
@allow("tickets.all")
async def answer_leave(
    request: Request, number: int, answer: Literal["confirm", "decline"], body: bodies.Empty = NOTHING
) -> Response:
    """G03: the stand-in's own word."""
    hall, (actor, person) = hall_of(request), _person(request, guide=True)
    command = guides.confirm if answer == "confirm" else guides.decline
    row = await hall.do(command, actor, leave=number, person=person)
    return reply({"seq": hall.seq} | _leave_json(hall, row))


@router.post("/guides/back")
@allow("tickets.all")
async def back(request: Request, body: bodies.Empty = NOTHING) -> Response:
    hall, (actor, person) = hall_of(request), _person(request, guide=True)
    row = await hall.do(guides.back, actor, person=person)
    return reply({"seq": hall.seq} | _leave_json(hall, row))


@router.post("/notices/{number}/arrived")
@allow("notices")
async def arrived(request: Request, number: int, body: bodies.Empty = NOTHING) -> Response:
    hall, (actor, person) = hall_of(request), _person(request)
    row = await hall.do(guides.arrived, actor, notice=number, person=person)
    return reply({"seq": hall.seq} | times(hall, owned_at=row.owned_at, arrived_at=row.arrived_at))


@router.post("/incidents", status_code=201)
@allow("notices")
async def report(request: Request, body: Incident) -> Response:
    hall, (actor, person) = hall_of(request), _person(request)
    wish = body.model_dump(exclude={"request_id"}) | {"person": person}
    command = once(
        guides.report, caller=actor, route="/incidents", request_id=body.request_id, body=wish,
        again=_reported,
    )  # fmt: skip
    row = await hall.do(command, actor, **wish)
    return reply({"id": row.id, "seq": hall.seq}, 201)


# -- shapes


def _person(request: Request, *, guide: bool = False) -> tuple[str, int]:
    """The actor and the person; posts and leaves are a guide's own."""
    who = caller(request)
    if who.id is None or who.kind != "person" or (guide and who.role != "guide"):
        raise Problem(403, "forbidden")
    return who.actor, who.id


def _left(tx: Tx, number: str) -> Any:
    return tx.get(GuideLeave, int(number))


def _stood(tx: Tx, number: str) -> Any:
    return tx.get(GuidePost, int(number))


def _reported(tx: Tx, number: str) -> Any:
    return tx.get(Notice, int(number))


def _guide_json(hall: Hall, row: Json) -> Json:
    post, left = row["post"], row["leave"]
    return row | {
        "post": None if post is None else _post_json(hall, post),
        "leave": None if left is None else _leave_json(hall, left),
    }


def _post_json(hall: Hall, row: GuidePost) -> Json:
    return {"kind": row.kind, "zone": row.zone} | times(hall, since=row.since)


def _leave_json(hall: Hall, row: GuideLeave) -> Json:
    """`until`: when the time of a short leave is up; none while it is only asked for."""
    asked = guides.is_asked(row)
    until = None if asked else row.since + hall.rules.guide_leave_s * SECOND
    state = "over" if row.ended_at is not None else "asked" if asked else "away"
    return {"id": row.id, "state": state, "replacement": row.replacement} | times(
        hall, since=row.since, until=until, ended_at=row.ended_at
    )
