"""The public screens: what they show in turn, and the office's pages, results and plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Reads, iso, must_exist
from hallq.public import pages, plans
from hallq.public.model import ContentPage, PublicResult, ScreenPlan
from hallq.requests import once
from hallq.web import bodies
from hallq.web.common import hall_of, reply, tagged
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.kept import Kept
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
LOOKERS = ("screens", "records")
Line = Annotated[str, Field(max_length=120, pattern=r"^\P{Cc}*$")]
Title = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\P{Cc}+$")]
Long = Annotated[str, Field(max_length=3000, pattern=r"^[\P{Cc}\n]*$")]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]


class Content(bodies.Body):
    title: Title
    title_en: Line = ""
    body: Annotated[Long, Field(min_length=1)]
    body_en: Long = ""
    from_day: bodies.Day | None = None
    until_day: bodies.Day | None = None
    ord: Annotated[int, Field(ge=0, le=9999)] = 0
    active: bool = True
    request_id: bodies.RequestId = None


class Result(bodies.Body):
    who: Title
    company: bool = False  # an organisation's name is no personal data
    matter: Annotated[str, Field(min_length=1, max_length=120)]
    result: Annotated[str, Field(min_length=1, max_length=200)]
    service: bodies.Code | None = None
    from_day: bodies.Day
    until_day: bodies.Day
    request_id: bodies.RequestId = None


class Turn(bodies.Body):
    page: Annotated[str, Field(max_length=40)]
    seconds: int


class Plan(bodies.Body):
    zone: Annotated[str, Field(max_length=64)] = ""
    pages: Annotated[list[Turn], Field(max_length=plans.MOST)]
    days: Annotated[list[Literal[1, 2, 3, 4, 5, 6, 7]], Field(max_length=7)]
    start: Clock = "00:00"
    until: Clock = "24:00"
    active: bool = True
    request_id: bodies.RequestId = None


NOTHING = bodies.Empty()


# -- for the screens


@router.get("/public/pages")
@allow("view.screen", "view.board", "screens")
async def get_pages(request: Request, zone: str = "", plan: int | None = None) -> Response:
    """The pages in turn with what they say, as the plan in force has it; `plan`: that one, whatever the hour."""
    months: Kept[pages.LastMonth] = request.app.state.months
    found = await hall_of(request).read(_pages, zone=zone, plan=plan, last=await months.get())
    return tagged(request, reply(found))


def _pages(db: Reads, *, zone: str, plan: int | None, last: pages.LastMonth) -> Json:
    row = None if plan is None else must_exist(db.get(ScreenPlan, plan), "plan", plan)
    chosen = plans.in_force(db, zone) if row is None else plans.turns(row)
    shown = [(turn, pages.facts(db, turn["page"], last)) for turn in chosen]
    return {"pages": [{**turn, **facts} for turn, facts in shown if facts is not None]}


# -- for the office


@router.get("/public/content")
@allow(*LOOKERS)
async def get_content(request: Request) -> Response:
    rows = await hall_of(request).read(lambda db: db.find(plans.CONTENT))
    return reply({"items": [_content(row) for row in rows], "next": None})


@router.post("/public/content", status_code=201)
@allow("screens")
async def add_content(request: Request, body: Content) -> Response:
    return reply(_content(await _made(request, plans.save_page, body, ContentPage)), 201)


@router.post("/public/content/{number}")
@allow("screens")
async def change_content(request: Request, number: int, body: Content) -> Response:
    """As a whole; `active` = false takes it off."""
    wish = body.model_dump(exclude={"request_id"})
    row = await _done(request, plans.save_page, page=number, **wish)
    return reply(_content(row))


@router.get("/public/results")
@allow(*LOOKERS)
async def get_results(request: Request) -> Response:
    hall = hall_of(request)
    rows = await hall.read(lambda db: db.find(plans.RESULTS))
    return reply({"items": [_result(hall, row) for row in rows], "next": None})


@router.post("/public/results", status_code=201)
@allow("screens")
async def add_result(request: Request, body: Result) -> Response:
    """H21: the name is masked before it is stored."""
    return reply(_result(hall_of(request), await _made(request, plans.publish, body, PublicResult)), 201)


@router.post("/public/results/{number}/end")
@allow("screens")
async def end_result(request: Request, number: int, body: bodies.Empty = NOTHING) -> Response:
    return reply(_result(hall_of(request), await _done(request, plans.end_result, result=number)))


@router.get("/public/plans")
@allow(*LOOKERS)
async def get_plans(request: Request) -> Response:
    rows = await hall_of(request).read(lambda db: db.find(plans.PLANS))
    return reply({"items": [_plan(row) for row in rows], "kinds": plans.KINDS, "next": None})


@router.post("/public/plans", status_code=201)
@allow("screens")
async def add_plan(request: Request, body: Plan) -> Response:
    return reply(_plan(await _made(request, plans.save_plan, body, ScreenPlan)), 201)


@router.post("/public/plans/{number}")
@allow("screens")
async def change_plan(request: Request, number: int, body: Plan) -> Response:
    wish = body.model_dump(exclude={"request_id"})
    return reply(_plan(await _done(request, plans.save_plan, plan=number, **wish)))


# -- parts


async def _made(request: Request, command: Callable[..., Any], body: Any, made: type) -> Any:
    """Once per request id."""
    wish = body.model_dump(exclude={"request_id"})
    run = once(
        command, caller=caller(request).actor, route=request.url.path, request_id=body.request_id, body=wish,
        again=lambda tx, number: tx.get(made, int(number)),
    )  # fmt: skip
    return await _done(request, run, **wish)


async def _done(request: Request, command: Callable[..., Any], **wish: Any) -> Any:
    return await hall_of(request).do(command, caller(request).actor, **wish)


def _content(row: ContentPage) -> Json:
    names = ("id", "title", "title_en", "body", "body_en", "from_day", "until_day", "ord")
    return {name: getattr(row, name) for name in names} | {"active": bool(row.active)}


def _result(hall: Hall, row: PublicResult) -> Json:
    names = ("id", "who", "matter", "result", "service", "from_day", "until_day")
    return {name: getattr(row, name) for name in names} | {"ended_at": iso(row.ended_at, hall.rules.timezone)}


def _plan(row: ScreenPlan) -> Json:
    days = [int(day) for day in row.days.split(",")]
    return {name: getattr(row, name) for name in ("id", "zone", "start", "until")} | {
        "active": bool(row.active), "days": days, "pages": plans.turns(row),
    }  # fmt: skip
