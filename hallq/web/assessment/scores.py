"""考核评分 over the API: sheets with everything they rest on, objections, the freeze, appeals, adjustments."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.assessment.ledger.model import Entry
from hallq.assessment.score import board, commands, export, later
from hallq.assessment.score.contest import Line
from hallq.assessment.score.model import ScoreAdjustment, ScoreAppeal, ScoreObjection
from hallq.assessment.score.sheets import Who
from hallq.kernel import Tx
from hallq.requests import once
from hallq.web.assessment import score_shapes
from hallq.web.bodies import Body, Code, Day, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.downloads import attached
from hallq.web.errors import Problem
from hallq.web.files import answer
from hallq.web.guard import GuardedRoute, allow, caller

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Files = Annotated[list[int], Field(max_length=5)] | None
LOOKERS = ("records", "score", "record.own", "department")


class File(Body):
    """A line of the own sheet; `department`: of the department's, by its chief representative."""

    entry: int | None = None
    figure: Code | None = None
    text: Words
    department: bool = False
    files: Files = None
    request_id: RequestId = None


class Decide(Body):
    uphold: bool
    reason: Words


class Judge(Decide):
    leader: Annotated[str, Field(min_length=1, max_length=40)]
    points: Annotated[str, Field(max_length=10)] | None = None


class Adjust(Body):
    person: int | None = None
    department: Code | None = None
    points: Annotated[str, Field(min_length=1, max_length=10)]
    reason: Words
    files: Files = None
    request_id: RequestId = None


class Enter(Body):
    kind: Code
    person: int | None = None
    department: Code | None = None
    day: Day
    note: Words
    files: Files = None
    request_id: RequestId = None


# -- looking


@router.get("/scores")
@allow(*LOOKERS)
async def get_month(request: Request, month: Month | None = None) -> Response:
    """The month so far when none is named. A clerk finds the own row, a chief the department's."""
    hall, who = hall_of(request), caller(request)
    kept: score_shapes.Measured = request.app.state.score_figures
    return reply(await hall.read(score_shapes.month, month=month or hall.picture.day[:7], who=who, measured=kept))


@router.get("/scores/years/{year}")
@allow("records", "score")
async def get_year(request: Request, year: Annotated[int, Field(ge=2000, le=2099)]) -> Response:
    """D14: of each the mean of the frozen months, adjusted."""
    return reply({"year": year, "items": await hall_of(request).read(board.year, number=year), "next": None})


@router.get("/scores/export")
@allow("export")
async def get_export(request: Request, month: Month) -> Response:
    """A month with all that its scores rest on; `hallq.assessment.score.recompute` finds them again from it."""
    found = await hall_of(request).read(export.month, month=month)
    content = orjson.dumps(found, option=orjson.OPT_INDENT_2)
    return attached(content, name=f"scores-{month}.json", media="application/json")


@router.get("/scores/departments/{code}")
@allow(*LOOKERS)
async def get_department(request: Request, code: str, month: Month | None = None) -> Response:
    return await _sheet(request, month, Who(None, code))


@router.get("/scores/{person}")
@allow(*LOOKERS)
async def get_person(request: Request, person: int, month: Month | None = None) -> Response:
    """The sheet with every line, the formula, its source, and the definitions of the figures."""
    return await _sheet(request, month, Who(person, None))


@router.get("/scores/{what}/{number}/files/{file}")
@allow(*LOOKERS)
async def get_file(request: Request, what: str, number: int, file: int) -> Response:
    ref = await hall_of(request).read(score_shapes.evidence, what=what, number=number, who=caller(request))
    return await answer(request, file, ref)


# -- the way of a month


@router.post("/scores/{month}/publish")
@allow("score")
async def publish(request: Request, month: Month) -> Response:
    return await _turn(request, commands.publish, month)


@router.post("/scores/{month}/freeze")
@allow("score")
async def freeze(request: Request, month: Month) -> Response:
    return await _turn(request, commands.freeze, month)


@router.post("/scores/{month}/objections", status_code=201)
@allow("appeal")
async def object_to(request: Request, month: Month, body: File) -> Response:
    return await _file(request, commands.object_to, ScoreObjection, month, body)


@router.post("/scores/{month}/appeals", status_code=201)
@allow("appeal")
async def appeal_to(request: Request, month: Month, body: File) -> Response:
    return await _file(request, later.appeal_to, ScoreAppeal, month, body)


@router.post("/scores/objections/{number}/decide")
@allow("score")
async def decide(request: Request, number: int, body: Decide) -> Response:
    """Nobody about oneself. Upheld: the entry is taken back, or the figure counts nothing this month."""
    values = body.model_dump() | {"objection": number, "decider": _person(request)}
    row = await hall_of(request).do(commands.decide, caller(request).actor, **values)
    return reply({"id": row.id, "state": row.state})


@router.post("/scores/appeals/{number}/decide")
@allow("score")
async def judge(request: Request, number: int, body: Judge) -> Response:
    """By somebody else than who decided the objection, with a leader's name; `points` for a figure."""
    values = body.model_dump() | {"appeal": number, "decider": _person(request)}
    row = await hall_of(request).do(later.judge, caller(request).actor, **values)
    return reply({"id": row.id, "state": row.state})


@router.post("/scores/{month}/adjustments", status_code=201)
@allow("score")
async def adjust(request: Request, month: Month, body: Adjust) -> Response:
    values = body.model_dump(exclude={"request_id", "files", "person", "department"}) | {"month": month}
    values |= {"who": _whose(body), "files_": body.files or ()}
    return await _make(request, later.adjust, ScoreAdjustment, f"scores/{month}/adjustments", body, values)


@router.post("/scores/entries", status_code=201)
@allow("score")
async def enter(request: Request, body: Enter) -> Response:
    """What the hub cannot know (D10): kinds that the formula lets the office enter."""
    values = body.model_dump(exclude={"request_id", "files", "person", "department"})
    values |= {"who": _whose(body), "files_": body.files or ()}
    return await _make(request, commands.enter, Entry, "scores/entries", body, values)


# -- parts


async def _sheet(request: Request, month: str | None, of: Who) -> Response:
    hall, who = hall_of(request), caller(request)
    return reply(await hall.read(score_shapes.sheet, month=month or hall.picture.day[:7], of=of, who=who))


async def _turn(request: Request, command: Any, month: str) -> Response:
    """The figures are measured beside the writer, who then has little to do."""
    hall = hall_of(request)
    figures = await hall.read(export.measured, month=month)
    row = await hall.do(command, caller(request).actor, month=month, figures=figures)
    return reply({"month": row.month, "object_until": row.object_until, "appeal_until": row.appeal_until})


async def _file(request: Request, command: Any, model: Any, month: str, body: File) -> Response:
    who, by = caller(request), _person(request)
    if body.department and (who.role != "chief" or who.department is None):
        raise Problem(403, "forbidden")
    of = Who(None, who.department) if body.department else Who(by, None)
    values = {"month": month, "who": of, "by": by, "text": body.text, "files_": body.files or ()}
    values["line"] = Line(body.entry, body.figure)
    route = f"scores/{month}/{model.__tablename__}"
    return await _make(request, command, model, route, body, values)


async def _make(request: Request, command: Any, model: Any, route: str, body: Any, values: dict[str, Any]) -> Response:
    def again(tx: Tx, number: str) -> Any:
        return tx.get(model, int(number))

    who, sent = caller(request), body.model_dump(exclude={"request_id"})
    if "by" not in values:
        values["decider"] = _person(request)
    made = once(command, caller=who.actor, route=route, request_id=body.request_id, body=sent, again=again)
    row = await hall_of(request).do(made, who.actor, **values)
    return reply({"id": row.id}, 201)


def _whose(body: Adjust | Enter) -> Who:
    if (body.person is None) == (body.department is None):
        raise Problem(422, "invalid", field="person, department")
    return Who(body.person, body.department)


def _person(request: Request) -> int:
    """Who decides or contests is a person, with a name."""
    who = caller(request)
    if who.kind != "person" or who.id is None:
        raise Problem(403, "forbidden")
    return who.id
