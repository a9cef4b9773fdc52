"""The catalogue as the office edits it: a list, an entry saved as a whole, off and on, for each kind of entry."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field, create_model
from starlette.responses import Response

from hallq import catalog, catalog_edits
from hallq.catalog_edits import KINDS, SWITCHED, Saved
from hallq.kernel import Tx
from hallq.requests import once
from hallq.toml_file import Section
from hallq.web.bodies import Empty, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller

router = APIRouter(prefix="/api/v1/catalogue", route_class=GuardedRoute)
Place = Annotated[int, Field(ge=0, le=9999)] | None


def body_of(kind: str) -> type[Section]:
    """The entry as catalog.toml has it, its place in the order, and the id of the request that makes it."""
    known = KINDS[kind]
    more: dict[str, Any] = {"request_id": (RequestId, None)}
    if known.has("ord"):
        more["ord"] = (Place, None)
    made: type[Section] = create_model(f"Save{known.entry.__name__}", __base__=known.entry, **more)
    return made


@router.get("/hours")
@allow("catalogue")
async def get_hours(request: Request) -> Response:
    return reply(await hall_of(request).read(catalog_edits.hours))


@router.post("/hours")
@allow("catalogue")
async def save_hours(request: Request, body: catalog.Hours) -> Response:
    hall = hall_of(request)
    await hall.do(catalog_edits.save_hours, caller(request).actor, hours=body)
    return reply(await hall.read(catalog_edits.hours))


def _add_kind(kind: str) -> None:
    async def listed(request: Request) -> Response:
        return reply({"items": await hall_of(request).read(catalog_edits.entries, kind=kind), "next": None})

    async def save(request: Request, body: Any) -> Response:
        return await _save(request, kind, body)

    save.__annotations__["body"] = body_of(kind)
    router.add_api_route(f"/{kind}", allow("catalogue")(listed), methods=["GET"], name=f"list {kind}")
    router.add_api_route(f"/{kind}", allow("catalogue")(save), methods=["POST"], name=f"save {kind}")


def _add_switch(kind: str, word: str, active: bool) -> None:
    async def switch(request: Request, code: str, body: Empty | None = None) -> Response:
        return await _switch(request, kind, code, active)

    path = f"/{kind}/{{code}}/{word}"
    router.add_api_route(path, allow("catalogue")(switch), methods=["POST"], name=f"{kind} {word}")


for _kind in KINDS:
    _add_kind(_kind)
for _kind in SWITCHED:
    _add_switch(_kind, "off", active=False)
    _add_switch(_kind, "on", active=True)


async def _save(request: Request, kind: str, body: Any) -> Response:
    hall, who = hall_of(request), caller(request)
    wish = body.model_dump(exclude={"request_id"})
    route, key = f"/catalogue/{kind}", body.request_id
    command = once(catalog_edits.save, caller=who.actor, route=route, request_id=key, body=wish, again=_again)
    saved = await hall.do(command, who.actor, kind=kind, entry=body, new=key is not None)
    return await _answer(request, kind, saved.id, 201 if saved.new else 200)


def _again(_: Tx, code: str) -> Saved:
    return Saved(code, True)


async def _switch(request: Request, kind: str, code: str, active: bool) -> Response:
    await hall_of(request).do(catalog_edits.switch, caller(request).actor, kind=kind, key=code, active=active)
    return await _answer(request, kind, code, 200)


async def _answer(request: Request, kind: str, code: str, status: int) -> Response:
    rows = await hall_of(request).read(catalog_edits.entries, kind=kind)
    return reply(next(row for row in rows if row[KINDS[kind].key] == code), status)
