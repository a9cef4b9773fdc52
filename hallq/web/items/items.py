"""Items and their guides for staff: what each lacks, its versions, the requests that change it, and the workbook."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from hallq.catalog import Code, Name
from hallq.exports import XLSX
from hallq.hall import Hall
from hallq.items import completeness, guides, known, requests, sheet, sheet_import
from hallq.items.content import Guide
from hallq.items.model import GuideRequest, GuideVersion
from hallq.items.requests import Kind, Trigger
from hallq.kernel import Reads, Refused, must_exist
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.texts import ZH, text
from hallq.ticketing.lookups import name_of_actor
from hallq.ticketing.model import Service
from hallq.web import bodies, files
from hallq.web.common import hall_of, reply
from hallq.web.downloads import attached
from hallq.web.errors import Problem, language
from hallq.web.guard import JSON, GuardedRoute, allow, caller, takes
from hallq.web.office.alarms import times
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
LARGE = 512 * 1024  # bytes of a guide with all that it may hold
LOOKERS = ("items", "forms", "records")
Reason = Annotated[str, Field(max_length=500, pattern=r"\S")]
Leader = Annotated[str, Field(max_length=60, pattern=r"\S")]
Document = Annotated[str, Field(max_length=120)]


class Edit(bodies.Body):
    guide: Guide
    reason: Reason
    leader: Leader
    from_day: bodies.Day | None = None
    trigger: Trigger = "elements"
    document: Document = ""
    request_id: bodies.RequestId = None


class Ask(bodies.Body):
    kind: Kind
    service: Code
    name: Name | Literal[""] = ""  # of a new item
    department: bodies.Code | None = None
    trigger: Trigger
    reason: Reason
    document: Document = ""
    approver: Leader
    guide: Guide | None = None
    from_day: bodies.Day
    request_id: bodies.RequestId = None


class Decide(bodies.Body):
    leader: Leader


class Refuse(Decide):
    why: Reason


class Withdraw(bodies.Body):
    why: Annotated[str, Field(max_length=500)] = ""


NOTHING = Withdraw()


# -- items


@router.get("/items")
@allow(*LOOKERS)
async def list_items(request: Request) -> Response:
    """H01, H02: every item in use with what its guide lacks; a chief representative reads the own department's."""
    rows = await hall_of(request).read(completeness.look)
    own = _own(caller(request))
    items = [row for row in rows if own in (None, row["department"])]
    return reply({
        "items": items, "departments": completeness.by_department(items), "elements": list(completeness.ELEMENTS),
        "next": None,
    })  # fmt: skip


@router.get("/items/{service}")
@allow(*LOOKERS)
async def get_item(request: Request, service: str, on: bodies.Day | None = None) -> Response:
    """The guide in force in full, today or `on` that day (H03), all its versions, and the requests about it."""
    hall = hall_of(request)
    return reply(await hall.read(_record, hall=hall, service=service, who=caller(request), on=on))


@router.post("/items/{service}", status_code=201)
@allow("items")
@takes(*JSON, most=LARGE)
async def edit(request: Request, service: str, body: Edit) -> Response:
    """The office's own edit: a request that is granted at once."""
    wish = body.model_dump(exclude={"request_id", "guide"}) | {"service": service, "from_day": body.from_day or ""}
    await _once(request, requests.enter, body, "/items", **wish, guide=body.guide)
    return reply(await hall_of(request).read(_record, hall=hall_of(request), service=service, who=caller(request)), 201)


@router.get("/items/{service}/files/{file}")
@allow(*LOOKERS)
async def sample(request: Request, service: str, file: int) -> Response:
    """H24: a form, blank or filled in."""
    return await files.answer(request, file, f"guide/{service}")


# -- requests


@router.get("/item-requests")
@allow(*LOOKERS)
async def list_requests(request: Request) -> Response:
    hall, own = hall_of(request), _own(caller(request))

    def look(db: Reads) -> list[Json]:
        return [_request_json(db, hall, row) for row in requests.listed(db) if own in (None, row.department)]

    return reply({"items": await hall.read(look), "next": None})


@router.get("/item-requests/{number}")
@allow(*LOOKERS)
async def get_request(request: Request, number: int) -> Response:
    return reply(await _request(request, number))


@router.post("/item-requests", status_code=201)
@allow("items", "forms")
@takes(*JSON, most=LARGE)
async def file(request: Request, body: Ask) -> Response:
    """H14: by the chief representative for the own department, or by the office."""
    who = caller(request)
    department = body.department or who.department
    if department is None or (_own(who) or department) != department:
        raise Problem(403, "forbidden", department=department)
    wish = body.model_dump(exclude={"request_id", "guide"}) | {"department": department}
    row = await _once(request, requests.file, body, "/item-requests", **wish, guide=body.guide)
    return reply(await _request(request, row.id or 0), 201)


@router.post("/item-requests/{number}/approve")
@allow("items")
async def approve(request: Request, number: int, body: Decide) -> Response:
    return await _step(request, requests.approve, number, leader=body.leader)


@router.post("/item-requests/{number}/refuse")
@allow("items")
async def refuse(request: Request, number: int, body: Refuse) -> Response:
    return await _step(request, requests.refuse, number, leader=body.leader, why=body.why)


@router.post("/item-requests/{number}/withdraw")
@allow("items", "forms")
async def withdraw(request: Request, number: int, body: Withdraw = NOTHING) -> Response:
    await _request(request, number)
    return await _step(request, requests.withdraw, number, why=body.why)


async def _step(request: Request, command: Any, number: int, **wish: Any) -> Response:
    await hall_of(request).do(command, caller(request).actor, number=number, **wish)
    return reply(await _request(request, number))


# -- the workbook


@router.get("/item-workbook")
@allow("items", "records")
async def export(request: Request) -> Response:
    hall = hall_of(request)
    content = await hall.read(sheet.book)
    day = await hall.read(lambda db: db.day)
    return attached(content, name=f"{text('gx.file', ZH)}-{day}.xlsx", media=XLSX)


@router.post("/item-workbook")
@allow("items")
@takes(XLSX, most=sheet_import.MOST)
async def bring_in(
    request: Request,
    dry_run: bool = False,
    leader: Annotated[str, Query(max_length=60)] = "",
    reason: Annotated[str, Query(max_length=500)] = "",
    from_day: bodies.Day | None = None,
) -> Response:
    """What would change, or every fault in words; without faults, and not only tried, it is so."""
    hall, lang = hall_of(request), language(request)
    book = await asyncio.to_thread(sheet_import.read, await request.body())
    plan = await hall.read(sheet_import.compare, book=book)
    if plan.changes and not dry_run:
        wish = {"leader": leader, "reason": reason or text("gx.reason", ZH), "from_day": from_day or ""}
        await hall.do(sheet_import.enter, caller(request).actor, changes=plan.changes, **wish)
    return reply({
        "faults": [fault.words(lang) for fault in plan.faults], "same": plan.same,
        "changes": [{"service": one.service, "name": one.name, "fields": one.fields} for one in plan.changes],
        "entered": bool(plan.changes) and not dry_run,
    })  # fmt: skip


# -- parts


def _own(who: Identity) -> str | None:
    """The one department that a chief representative reads and speaks for."""
    return (who.department or "-") if who.role == "chief" else None


async def _once(request: Request, command: Any, body: Any, route: str, **wish: Any) -> GuideRequest:
    actor = caller(request).actor
    key = body.model_dump(mode="json", exclude={"request_id"}) | {"of": wish["service"]}
    run = once(
        command, caller=actor, route=route, request_id=body.request_id, body=key,
        again=lambda tx, number: requests.find(tx, int(number)),
    )  # fmt: skip
    row: GuideRequest = await hall_of(request).do(run, actor, **wish)
    return row


def _record(db: Reads, *, hall: Hall, service: str, who: Identity, on: str | None = None) -> Json:
    row = must_exist(db.get(Service, service), "service", service)
    if _own(who) not in (None, row.department):
        raise Refused("not_found", what="service", id=service)
    found = guides.current(db, service, on)
    guide = found.guide if found else Guide()
    return guides.shape(db, row, found) | completeness.of(guide, known.facts(db, row)) | {
        "active": bool(row.active), "guide": guide.model_dump(mode="json"),
        "versions": [_version(db, hall, one) for one in guides.versions(db, service)],
        "requests": [_request_json(db, hall, one) for one in db.find(requests.OF_SERVICE, service=service)],
    }  # fmt: skip


def _version(db: Reads, hall: Hall, row: GuideVersion) -> Json:
    asked = db.get(GuideRequest, row.request) if row.request is not None else None
    return {
        "version": row.version, "from_day": row.from_day, "note": row.note, "request": row.request,
        "by": name_of_actor(db, row.made_by), "leader": asked.leader if asked else None,
        "guide": guides.parsed(row.content).model_dump(mode="json"),
    } | times(hall, made_at=row.made_at)  # fmt: skip


async def _request(request: Request, number: int) -> Json:
    """In full, with the guide that it asks for and the one that it was written from."""
    hall, own = hall_of(request), _own(caller(request))

    def look(db: Reads) -> Json:
        row = requests.find(db, number)
        if own not in (None, row.department):
            raise Refused("not_found", what="guide_request", id=number)
        before = guides.current(db, row.service)
        wanted = guides.parsed(row.content).model_dump(mode="json") if row.content else None
        return _request_json(db, hall, row) | {
            "guide": wanted, "before": before.guide.model_dump(mode="json") if before else None,
        }  # fmt: skip

    return await hall.read(look)


def _request_json(db: Reads, hall: Hall, row: GuideRequest) -> Json:
    names = ("id", "kind", "service", "department", "trigger", "reason", "document", "approver", "from_day", "state",
             "leader", "why")  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "name": requests.name_of(db, row), "by": name_of_actor(db, row.by),
        "decided_by": name_of_actor(db, row.decided_by or ""),
    } | times(hall, at=row.at, decided_at=row.decided_at, done_at=row.done_at)  # fmt: skip
