"""Versioned data over the API: what is in force, what was, and the next version."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.assessment.standards import commands
from hallq.assessment.standards.model import Standard
from hallq.kernel import Reads, Tx, iso
from hallq.requests import once
from hallq.web.bodies import Body, Day, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)


class Enact(Body):
    content: dict[str, Any]
    from_day: Day
    source: Annotated[str, Field(min_length=1, max_length=300)]
    note: Annotated[str, Field(max_length=500)] = ""
    request_id: RequestId = None


@router.get("/standards")
@allow("records", "record.own", "standards")
async def get_standards(request: Request) -> Response:
    items = await hall_of(request).read(lambda db: [_in_force(db, kind) for kind in commands.kinds()])
    return reply({"items": items, "next": None})


@router.get("/standards/{kind}")
@allow("records", "record.own", "standards")
async def get_standard(request: Request, kind: str) -> Response:
    """With all versions, the newest first and the shipped one (0) last."""
    hall = hall_of(request)
    zone = hall.rules.timezone
    found, rows = await hall.read(lambda db: (_in_force(db, kind), commands.versions(db, kind)))
    shipped = commands.shipped(kind)
    older = [
        _version(row.version, commands.parsed(row.content), row.source, row.from_day)
        | {"note": row.note, "made_at": iso(row.made_at, zone), "made_by": row.made_by}
        for row in rows
    ]
    return reply(found | {"versions": [*older, _version(0, shipped.content, shipped.source, "")]})


@router.post("/standards/{kind}", status_code=201)
@allow("standards")
async def enact(request: Request, kind: str, body: Enact) -> Response:
    who, values = caller(request), body.model_dump(exclude={"request_id"})
    route, key = f"standards/{kind}", body.request_id
    command = once(commands.enact, caller=who.actor, route=route, request_id=key, body=values, again=_again)
    row = await hall_of(request).do(command, who.actor, kind=kind, **values)
    return reply({"id": row.id, "kind": kind, "version": row.version}, 201)


def _again(tx: Tx, number: str) -> Standard:
    row = tx.get(Standard, int(number))
    assert row is not None
    return row


def _in_force(db: Reads, kind: str) -> Json:
    found = commands.current(db, kind)
    return {"kind": kind} | _version(found.version, found.content, found.source, found.from_day)


def _version(number: int, content: commands.Content, source: str, from_day: str) -> Json:
    return {"version": number, "content": content, "source": source, "from_day": from_day or None}
