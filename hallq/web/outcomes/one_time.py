"""One-time notices over the API: the form at a window, giving one, a leader's word on a second one, the list, print."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Reads, Refused, Tx
from hallq.outcomes.model import OneTimeNotice
from hallq.outcomes.one_time import commands as one_time
from hallq.outcomes.one_time import looks as one_time_looks
from hallq.outcomes.one_time import second as one_time_second
from hallq.outcomes.one_time.content import Content
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.verbs import check_clerk
from hallq.web import common
from hallq.web.bodies import Body, Code, Empty, Free, Verb
from hallq.web.common import hall_of, period, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NOTHING = Empty()
MOST_DAYS = 400
TIMES = ("at", "decided_at", "met_at")


class Give(Verb):
    content: Content
    case_no: Code | None = None  # in the approval system
    why: Annotated[str, Field(max_length=200), Free] = ""  # a second request needs one (H07)
    aside: bool = False
    any_window: bool = False
    form: Literal["slip", "a4", "oral"] = "slip"


class Decide(Body):
    leader: Annotated[str, Field(max_length=40, pattern=r"\S")]
    said: Annotated[str, Field(max_length=200, pattern=r"\S"), Free]


class Met(Body):
    window: Code


# -- at a window


@router.get("/windows/{no}/notice-form")
@allow("verbs", "department")
async def form(request: Request, no: str) -> Response:
    """What the open visit's item needs, the earlier notices of this number, and what a slip printer is there for."""
    hall = hall_of(request)
    check_clerk(hall, caller(request), no)
    shape = await hall.read(one_time_looks.form, window=no)
    shape["earlier"] = [timed(hall, row) for row in shape["earlier"]]
    return reply(shape)


@router.get("/windows/{no}/returned")
@allow("verbs", "department")
async def returned(request: Request, no: str) -> Response:
    """What the citizen at hand was asked to bring; null where nobody is at hand any more: pages ask beside calls."""
    hall = hall_of(request)
    check_clerk(hall, caller(request), no)
    notice = await hall.read(one_time_looks.returned, window=no)
    return reply({"notice": notice and timed(hall, notice)})


@router.get("/windows/{no}/notices")
@allow("verbs", "department")
async def todays(request: Request, no: str) -> Response:
    """Those of this window today, to be printed again."""
    hall = hall_of(request)
    check_clerk(hall, caller(request), no)
    rows = await hall.read(one_time_looks.todays, window=no)
    return reply({"items": [timed(hall, row) for row in rows], "next": None})


@router.post("/windows/{no}/notices", status_code=201)
@allow("verbs", "department")
async def give(request: Request, no: str, body: Give) -> Response:
    hall, who = hall_of(request), caller(request)
    check_clerk(hall, who, no)
    values = {name: getattr(body, name) for name in Give.model_fields if name != "request_id"}
    command = once(
        one_time.give, caller=who.actor, route=f"windows/{no}/notices", request_id=body.request_id,
        body=body.model_dump(mode="json", exclude={"request_id"}), again=_again,
    )  # fmt: skip
    row = await hall.do(command, who.actor, window=no, **values)
    return await answer(request, row.id or 0, 201)


@router.post("/one-time-notices/{number}/met")
@allow("verbs", "department")
async def met(request: Request, number: int, body: Met) -> Response:
    """材料已补齐, from the terminal where the citizen is again."""
    hall, who = hall_of(request), caller(request)
    check_clerk(hall, who, body.window)
    await hall.do(one_time.meet, who.actor, notice=number, window=body.window)
    return await answer(request, number)


@router.post("/one-time-notices/{number}/print")
@allow("verbs", "department", "outcomes")
async def print_again(request: Request, number: int, body: Empty = NOTHING) -> Response:
    """On the slip printer again; `printed` false: none stands there, the A4 page is left."""
    hall, who = hall_of(request), caller(request)
    await hall.read(mine, number=number, who=who, hall=hall)
    printed = await hall.do(one_time.print_again, who.actor, notice=number)
    return reply({"printed": printed, "seq": hall.seq})


# -- a second one


@router.post("/one-time-notices/{number}/approve")
@allow("outcomes")
async def approve(request: Request, number: int, body: Decide) -> Response:
    return await decide(request, number, body, one_time_second.approve)


@router.post("/one-time-notices/{number}/refuse")
@allow("outcomes")
async def refuse(request: Request, number: int, body: Decide) -> Response:
    return await decide(request, number, body, one_time_second.refuse)


async def decide(request: Request, number: int, body: Decide, command: Any) -> Response:
    """By the department's chief representative or the office, in a leader's name."""
    hall, who = hall_of(request), caller(request)
    await hall.read(mine, number=number, who=who, hall=hall)
    await hall.do(command, who.actor, notice=number, person=who.id, **body.model_dump())
    return await answer(request, number)


# -- looks


@router.get("/one-time-notices")
@allow("outcomes", "records")
async def listed(request: Request) -> Response:
    """`from`, `to`; `state`, `window`, `department`, `second=1`. `state=asked`: all that wait, of whatever day."""
    hall, query = hall_of(request), request.query_params
    since, until = period(request, MOST_DAYS)
    if query.get("state") not in (None, "", *one_time.STATES):
        raise Refused("invalid", field="state")
    rows = await hall.read(
        one_time_looks.listing, since=since, until=until, department=common.wished_department(request),
        state=query.get("state") or None, window=query.get("window") or None, second=query.get("second") == "1",
    )  # fmt: skip
    return reply({"items": [timed(hall, row) for row in rows], "next": None})


@router.get("/one-time-notices/figures")
@allow("outcomes", "records")
async def figures(request: Request) -> Response:
    """`second` of `cases` (H07), `unwritten` of `sent` (H06, D10), in all and per department."""
    hall = hall_of(request)
    since, until = period(request, MOST_DAYS)
    department = common.wished_department(request)
    return reply(await hall.read(one_time_looks.figures, since=since, until=until, department=department))


@router.get("/one-time-notices/unwritten")
@allow("outcomes", "records")
async def unwritten(request: Request) -> Response:
    """Who was sent for papers without a notice on paper."""
    hall = hall_of(request)
    since, until = period(request, MOST_DAYS)
    rows = await hall.read(
        one_time_looks.unwritten, since=since, until=until, department=common.wished_department(request)
    )
    return reply({"items": [timed(hall, row) for row in rows], "next": None})


@router.get("/one-time-notices/{number}")
@allow("verbs", "outcomes", "records")
async def one(request: Request, number: int) -> Response:
    hall = hall_of(request)
    await hall.read(mine, number=number, who=caller(request), hall=hall)
    return await answer(request, number)


async def answer(request: Request, number: int, status: int = 200) -> Response:
    hall = hall_of(request)
    shape = await hall.read(one_time_looks.one, notice=number)
    return reply(timed(hall, shape) | {"seq": hall.seq}, status)


def mine(db: Reads, *, number: int, who: Identity, hall: Hall) -> OneTimeNotice:
    """The office and who reads all; a chief representative the department's; a clerk the own and the window's."""
    row = one_time.find(db, number)
    if who.role == "chief":
        allowed = row.department == who.department
    elif who.may("outcomes") or who.may("records"):
        allowed = True
    else:
        allowed = _at_hand(hall, who, row)
    if not allowed:
        raise Problem(403, "forbidden")
    return row


def _at_hand(hall: Hall, who: Identity, row: OneTimeNotice) -> bool:
    """Given by this clerk, at this clerk's window, or its citizen sits there now."""
    here = [no for no, window in hall.picture.windows.items()
            if no == who.place or (window.clerk is not None and who.kind == "person" and window.clerk.id == who.id)]
    tickets = [window.ticket.id for no in here if (window := hall.picture.windows[no]).ticket is not None]
    return (who.kind == "person" and who.id == row.person) or row.window in here or row.ticket in tickets


def timed(hall: Hall, shape: Json) -> Json:
    return common.timed(hall, shape, TIMES)


def _again(tx: Tx, number: str) -> OneTimeNotice:
    return one_time.find(tx, int(number))
