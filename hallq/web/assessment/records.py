"""A person's record over the API, and praise that enters it. Clerks see their own, a chief the department's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from hallq import files
from hallq.assessment.record import commands, comparison, person, tables
from hallq.assessment.record.model import Commendation
from hallq.hall import Hall
from hallq.kernel import Reads, Refused, Tx, iso
from hallq.people import looks
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.texts import EN
from hallq.ticketing.model import Service
from hallq.web.assessment.record_files import Kind, file
from hallq.web.bodies import Body, Day, RequestId
from hallq.web.common import hall_of, period, reply
from hallq.web.errors import Problem, language
from hallq.web.files import answer
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.people.people import record_of
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MOST_DAYS = 366
SERVICES = select(col(Service.code), col(Service.name), col(Service.name_en))
By = Literal["window", "department"]
Files = Annotated[list[int], Field(max_length=5)] | None
Words = Annotated[str, Field(min_length=1, max_length=300)]


class Commend(Body):
    kind: Literal["commendation", "praise"] = "commendation"
    reason: Words
    source: Annotated[str, Field(max_length=200)] = ""
    day: Day | None = None
    files: Files = None
    request_id: RequestId = None


class Withdraw(Body):
    reason: Words


@router.get("/staff/{number}/record")
@allow("records", "record.own", "department")
async def get_record(request: Request, number: int) -> Response:
    """`from` and `to`, the month so far when left out. One's own: ratings by whole weeks that are over."""
    return reply(await _found(request, number))


@router.get("/export/record/{number}.{kind}")
@allow("export", "record.own")
async def export_record(request: Request, number: int, kind: Kind) -> Response:
    found, lang = await _found(request, number), language(request)
    services = await hall_of(request).read(_services, lang=lang)
    sheets = tables.of_record(found, lang, lambda code: services.get(code, code))
    return file(sheets, kind, f"record-{number}-{found['from']}-{found['to']}")


@router.get("/figures/comparison")
@allow("records", "department")
async def get_comparison(request: Request, by: By = "window") -> Response:
    """Windows or departments beside each other; a chief sees the own department."""
    return reply(await _compared(request, by))


@router.get("/export/comparison.{kind}")
@allow("export", "department")
async def export_comparison(request: Request, kind: Kind, by: By = "window") -> Response:
    found = await _compared(request, by)
    sheets = tables.of_comparison(found, language(request))
    return file(sheets, kind, f"comparison-{by}-{found['from']}-{found['to']}")


async def _compared(request: Request, by: str) -> Json:
    who, (since, until) = caller(request), period(request, MOST_DAYS)
    department = None if who.may("records") else who.department or ""
    return await hall_of(request).read(comparison.compare, by=by, since=since, until=until, department=department)


async def _found(request: Request, number: int) -> Json:
    hall, who = hall_of(request), caller(request)
    since, until = period(request, MOST_DAYS)
    row = await _person(hall, who, number)
    own = who.kind == "person" and who.id == number
    answer = await hall.read(person.record, person=number, since=since, until=until, own=own)
    return row | _worded(hall, answer, await hall.read(_names)) | {"now": iso(hall.now(), hall.rules.timezone)}


async def _person(hall: Hall, who: Identity, number: int) -> Json:
    row = next((row for row in await hall.read(looks.people) if row["id"] == number), None)
    if row is None:
        raise Refused("not_found", what="staff", id=number)
    if not record_of(who, row):
        raise Problem(403, "forbidden")
    return row


def _services(db: Reads, *, lang: str) -> dict[str, str]:
    rows = db.values(SERVICES)
    return {code: (name_en if lang == EN else "") or name for code, name, name_en in rows}


def _names(db: Reads) -> dict[str, str]:
    return {f"person:{row.id}": row.name for row in db.find(looks.PEOPLE)}


def _worded(hall: Hall, answer: Json, names: dict[str, str]) -> Json:
    """Times with the hall's offset, people by name."""
    zone = hall.rules.timezone

    def said(row: Json) -> Json:
        times = {name: iso(row[name], zone) for name in ("at", "sign_in", "sign_out") if row.get(name) is not None}
        by = {"by": names.get(row["by"], row["by"])} if "by" in row else {}
        back = {"cancelled": said(row["cancelled"])} if row.get("cancelled") else {}
        return row | times | by | back

    return answer | {name: [said(row) for row in answer[name]] for name in ("entries", "commendations", "days")}


@router.post("/staff/{number}/commendations", status_code=201)
@allow("score")
async def commend(request: Request, number: int, body: Commend) -> Response:
    who, values = caller(request), body.model_dump(exclude={"request_id", "files", "day"})
    values |= {"person": number, "files_": body.files or [], "day": body.day or ""}
    command = once(
        commands.commend, caller=who.actor, route="commendations", request_id=body.request_id, body=values, again=_again
    )
    row = await hall_of(request).do(command, who.actor, **values)
    return reply({"id": row.id, "day": row.day, "kind": row.kind}, 201)


def _again(tx: Tx, number: str) -> Commendation:
    row = tx.get(Commendation, int(number))
    assert row is not None
    return row


@router.post("/commendations/{number}/withdraw")
@allow("score")
async def withdraw(request: Request, number: int, body: Withdraw) -> Response:
    hall, who = hall_of(request), caller(request)
    await hall.do(commands.withdraw, who.actor, commendation=number, reason=body.reason)
    return reply({"seq": hall.seq})


@router.get("/commendations/{number}")
@allow("records", "record.own", "department")
async def get_commendation(request: Request, number: int) -> Response:
    """With its evidence."""
    row = await _commendation(request, number)
    kept = await hall_of(request).read(files.of, ref=f"commendation/{number}")
    return reply({"id": row.id, "kind": row.kind, "day": row.day, "reason": row.reason, "files": kept})


@router.get("/commendations/{number}/files/{file}")
@allow("records", "record.own", "department")
async def get_file(request: Request, number: int, file: int) -> Response:
    await _commendation(request, number)
    return await answer(request, file, f"commendation/{number}")


async def _commendation(request: Request, number: int) -> Any:
    hall = hall_of(request)
    row = await hall.read(lambda db: db.get(Commendation, number))
    if row is None:
        raise Refused("not_found", what="commendation", id=number)
    await _person(hall, caller(request), row.person)
    return row
