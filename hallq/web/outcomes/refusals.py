"""否定报备 over the API (I18): what was refused, and what the leader in charge said to it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hallq.kernel import Reads, Refused, Tx
from hallq.outcomes.handing import refusal_looks as looks
from hallq.outcomes.handing import refusals as commands
from hallq.outcomes.model import RefusalRecord
from hallq.requests import once
from hallq.web.common import hall_of, period, reply
from hallq.web.guard import GuardedRoute, allow
from hallq.web.outcomes.handing_bodies import Note, Record
from hallq.web.outcomes.handing_parts import department_of, limited, must_be_at, must_be_of, person, timed

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


@router.get("/refusals")
@allow("verbs", "outcomes", "records")
async def list_refusals(request: Request) -> Response:
    """`from`, `to`; `unseen=1`: all that no leader has seen yet."""
    hall, (since, until) = hall_of(request), period(request)
    unseen = request.query_params.get("unseen") == "1"

    def look(db: Reads) -> dict[str, Any]:
        rows = looks.listing(db, since=since, until=until, unseen=unseen, **limited(request))
        return {"items": [timed(hall, row) for row in rows], "figures": looks.figures(rows, db), "next": None}

    return reply(await hall.read(look))


@router.post("/refusals", status_code=201)
@allow("verbs", "outcomes")
async def record(request: Request, body: Record) -> Response:
    hall, who = hall_of(request), person(request)
    must_be_at(request, body.window)
    department = department_of(hall, who) if limited(request) else body.department
    if department is None:
        raise Refused("invalid", field="department")
    wish = body.model_dump(exclude={"request_id"}) | {"department": department, "person": who.id}
    run = once(
        commands.record, caller=who.actor, route="/refusals", request_id=body.request_id, body=wish, again=_again
    )
    row = await hall.do(run, who.actor, **wish)
    return reply({"id": row.id, "no": row.no, "seq": hall.seq}, 201)


@router.post("/refusals/{number}/note")
@allow("outcomes")
async def note(request: Request, number: int, body: Note) -> Response:
    """A chief notes for the own department."""
    hall = hall_of(request)
    row = await hall.read(commands.find, refusal=number)
    who = must_be_of(request, row.department)
    await hall.do(commands.note, who.actor, refusal=number, leader=body.leader, opinion=body.opinion)
    return reply(timed(hall, await hall.read(lambda db: looks.shape(db, commands.find(db, number)))))


def _again(tx: Tx, number: str) -> RefusalRecord:
    return commands.find(tx, int(number))
