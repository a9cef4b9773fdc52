"""Findings over HTTP: recorded on a round, objected to and put right by the department, answered by the office."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.assessment.patrols import answers, commands, looks, rules
from hallq.assessment.patrols.model import Finding, FindingReply
from hallq.hall import Hall
from hallq.kernel import MINUTE, Ms, Refused
from hallq.office.dates import begin_of
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing.opening import hours
from hallq.web import bodies, files
from hallq.web.common import hall_of, period, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.alarms import times
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
Words = Annotated[str, Field(max_length=commands.LONGEST)]
Area = Annotated[str, Field(pattern=r"^-?[0-9]{1,3}/(front|back|public)$")]
Photos = Annotated[list[int], Field(max_length=9)]
Count = Annotated[int, Field(ge=0, le=10**9)] | None
Source = Literal["daily", "joint", "leader", "camera", "spot", "covert", "meeting", "files"]


class Found(bodies.Body):
    code: bodies.Code
    kind: Literal["problem", "praise"] = "problem"
    source: Source = "spot"
    patrol: int | None = None
    item: Annotated[str, Field(max_length=64)] = ""
    area: Area | Literal[""] = ""
    window: bodies.Code | None = None
    person: int | None = None
    department: bodies.Code | None = None
    note: Words = ""
    camera: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None  # F04: today's minute
    photos: Photos = Field(default_factory=list)
    num: Count = None
    den: Count = None
    request_id: bodies.RequestId = None


class Change(bodies.Body):
    code: bodies.Code | None = None
    severity: bodies.Code | None = None
    window: bodies.Code | None = None
    person: int | None = None
    department: bodies.Code | None = None


class Step(bodies.Body):
    step: Literal["accept", "object", "uphold", "change", "withdraw", "plan", "report", "confirm", "send_back"]
    text: Words = ""
    measures: Words = ""
    until_day: bodies.Day | Literal[""] = ""
    owner: Annotated[str, Field(max_length=60)] = ""
    photos: Photos = Field(default_factory=list)
    change: Change | None = None
    request_id: bodies.RequestId = None


@router.get("/findings")
@allow("findings", "records")
async def list_findings(request: Request) -> Response:
    """Of the days `from` to `to`; a chief reads the own department's."""
    hall, who, (since, until) = hall_of(request), caller(request), period(request)
    rows = await hall.read(looks.findings, since=since, until=until, department=_own(who))
    return reply({"items": [finding_json(hall, who, row) for row in rows], "next": None})


@router.get("/findings/{number}")
@allow("findings", "records")
async def get_finding(request: Request, number: int) -> Response:
    hall, who = hall_of(request), caller(request)
    return reply(finding_json(hall, who, await _seen(request, number)))


@router.post("/findings", status_code=201)
@allow("patrol")
async def record(request: Request, body: Found) -> Response:
    hall = hall_of(request)
    wish = body.model_dump(exclude={"request_id", "camera"}) | {"camera_at": _minute(hall, body.camera)}
    row = await once_for(request, commands.record, body, "/findings", Finding, **wish)
    return reply(finding_json(hall, caller(request), await _seen(request, row.id)), 201)


@router.post("/findings/{number}/steps", status_code=201)
@allow("findings")
async def answer(request: Request, number: int, body: Step) -> Response:
    """F07, E20: the chief of the department accepts, objects, plans, reports; the office answers and confirms."""
    who = caller(request)
    row = await _seen(request, number)
    if body.step not in _steps(who, row["department"]):
        raise Problem(403, "forbidden")
    change = None if body.change is None else body.change.model_dump(exclude_unset=True)
    wish = body.model_dump(exclude={"request_id", "change"}) | {"finding": number, "change": change}
    await once_for(request, answers.answer, body, "/findings/steps", FindingReply, **wish)
    return reply(finding_json(hall_of(request), who, await _seen(request, number)), 201)


@router.get("/findings/{number}/files/{file}")
@allow("findings", "records")
async def finding_file(request: Request, number: int, file: int) -> Response:
    await _seen(request, number)
    return await files.answer(request, file, f"finding/{number}")


@router.get("/findings/{number}/replies/{reply_}/files/{file}")
@allow("findings", "records")
async def reply_file(request: Request, number: int, reply_: int, file: int) -> Response:
    row = await _seen(request, number)
    if reply_ not in [each["id"] for each in row["replies"]]:
        raise Refused("not_found", what="file", id=file)
    return await files.answer(request, file, f"finding_reply/{reply_}")


# -- parts


async def once_for(
    request: Request, command: Callable[..., Any], body: Any, route: str, made: type, **wish: Any
) -> Any:
    """Once per request id. `made`: the model of the row that the command makes or ends."""
    actor = caller(request).actor
    key = body.model_dump(exclude={"request_id"}) | {"of": wish.get("patrol") or wish.get("finding")}
    run = once(
        command, caller=actor, route=route, request_id=body.request_id, body=key,
        again=lambda tx, number: tx.get(made, int(number)),
    )  # fmt: skip
    return await hall_of(request).do(run, actor, **wish)


async def _seen(request: Request, number: int) -> Json:
    """A chief sees the own department's, and no other."""
    row = await hall_of(request).read(looks.finding, number=number)
    own = _own(caller(request))
    if row is None or own not in (None, row["department"]):
        raise Refused("not_found", what="finding", id=number)
    return row


def _own(who: Identity) -> str | None:
    return (who.department or "-") if who.role == "chief" else None


def _steps(who: Identity, department: str | None) -> Iterable[str]:
    if who.role == "chief":
        return rules.CHIEF_STEPS
    if not who.may("findings"):
        return ()
    return rules.OFFICE_STEPS if department else (*rules.OFFICE_STEPS, "plan", "report")


def _minute(hall: Hall, clock: str | None) -> Ms | None:
    if clock is None:
        return None
    return begin_of(hall.store.reader().day, hall.rules.timezone) + hours.minute(clock) * MINUTE


def finding_json(hall: Hall, who: Identity, row: Json) -> Json:
    """`next`: the steps that this caller may take now."""
    steps = rules.possible(_steps(who, row["department"]), row["state"], row["fix"])
    over = hall.store.reader().day > row["object_until"]
    shown = [step for step in steps if step != "object" or not over]
    shape = row | times(hall, at=row["at"], camera_at=row["camera_at"]) | {"next": shown}
    if "replies" in row:
        shape["replies"] = [each | times(hall, at=each["at"]) for each in row["replies"]]
    return shape
