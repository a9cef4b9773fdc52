"""Cases (办件) over the API: the terminal's list of kinds, the office's list, rates, extensions, what was told.

The approval system reports by case number, with an `api` token; people work with the case's own number.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.hall import Hall
from hallq.kernel import Reads, Tx, iso
from hallq.outcomes import looks, own, progress, rates
from hallq.outcomes.model import Extension, Outcome
from hallq.outcomes.recorded import find
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.verbs import check_clerk
from hallq.web import common
from hallq.web.bodies import Body, Code, Day, Empty, Free, RequestId
from hallq.web.common import Next, hall_of, period, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.form_bodies import moment
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MOST_DAYS = 400
TIMES = ("at", "accepted_at", "done_at", "told_at", "system_at", "ended_at")
READERS = ("outcomes", "records")
WORKERS = ("outcomes", "verbs", "department")
NOTHING = Empty()
Moment = Annotated[str, Field(min_length=10, max_length=40)]


class CaseNumber(Body):
    case_no: Code


class Extend(Body):
    to_day: Day
    reason: Annotated[str, Field(max_length=200, pattern=r"\S"), Free]
    leader: Annotated[str, Field(max_length=40, pattern=r"\S")]
    request_id: RequestId = None


class At(Body):
    at: Moment | None = None  # when it really was; now, where left out


class Accepted(At):
    number: Annotated[str, Field(max_length=16)] = ""  # of the ticket, where nobody typed the case's number
    day: Day | None = None  # and its day, today where left out


NOW, ACCEPTED = At(), Accepted()


# -- at a window


@router.get("/windows/{no}/outcomes")
@allow("verbs", "department")
async def at_window(request: Request, no: str) -> Response:
    """The kinds with the day that each would promise, the last case here, and what is still open or to be told."""
    hall = hall_of(request)
    check_clerk(hall, caller(request), no)
    found = await hall.read(looks.at_window, window=no)
    last = found["last"]
    return reply(found | {
        "last": None if last is None else timed(hall, last),
        "items": [timed(hall, row) for row in found["items"]],
        "printer": hall.serves("print", f"window/{no}"),
    })  # fmt: skip


# -- lists and rates


@router.get("/outcomes")
@allow(*READERS)
async def listed(request: Request, next: Next = None) -> Response:
    """`from`, `to`; `department`, `kind`; `state`: open late untold unnumbered void, or nokind: permits without kind.
    Without a state a page at a time: `next` is given back for the following one."""
    hall, query = hall_of(request), request.query_params
    since, until = period(request, MOST_DAYS)
    wish: Json = {"since": since, "until": until, "department": common.wished_department(request)}
    kind = query.get("kind") or None
    match query.get("state") or "":
        case "":
            rows = await hall.read(looks.page, **wish, kind=kind, after=next)
            return reply(common.page([timed(hall, row) for row in rows]))
        case "nokind":
            rows = await hall.read(looks.without_kind, **wish)
        case state if state in looks.STATES:
            rows = await hall.read(looks.listing, **wish, state=state, kind=kind)
        case _:
            raise Problem(422, "invalid", field="state")
    return reply({"items": [timed(hall, row) for row in rows], "next": None})


@router.get("/outcomes/rates")
@allow(*READERS)
async def get_rates(request: Request) -> Response:
    """I01, I16: each rate with numerator, denominator and two decimals, for the hall and for each department."""
    since, until = period(request, MOST_DAYS)
    department = common.wished_department(request)
    return reply(await hall_of(request).read(rates.of_period, since=since, until=until, department=department))


@router.get("/outcomes/own")
@allow("record.own")
async def get_own(request: Request) -> Response:
    """What the caller's own visits came to, and nobody else's."""
    hall, (since, until) = hall_of(request), period(request, MOST_DAYS)
    return reply(await hall.read(own.counts, person=caller(request).id or 0, since=since, until=until))


@router.get("/outcomes/{number}")
@allow(*READERS)
async def get_outcome(request: Request, number: int) -> Response:
    return await answer(request, number)


# -- what becomes of one


@router.post("/outcomes/{number}/case-number")
@allow(*WORKERS)
async def case_number(request: Request, number: int, body: CaseNumber) -> Response:
    who = await worker(request, number)
    await hall_of(request).do(progress.number, who.actor, outcome=number, case_no=body.case_no)
    return await answer(request, number)


@router.post("/outcomes/{number}/extensions", status_code=201)
@allow("outcomes")
async def extend(request: Request, number: int, body: Extend) -> Response:
    who, values = await worker(request, number), body.model_dump(exclude={"request_id"})
    command = once(
        progress.extend, caller=who.actor, route=f"outcomes/{number}/extensions", request_id=body.request_id,
        body=values, again=_again,
    )  # fmt: skip
    await hall_of(request).do(command, who.actor, outcome=number, **values)
    return await answer(request, number, 201)


@router.post("/outcomes/{number}/told")
@allow(*WORKERS)
async def told(request: Request, number: int, body: Empty = NOTHING) -> Response:
    who = await worker(request, number)
    await hall_of(request).do(progress.told, who.actor, outcome=number)
    return await answer(request, number)


@router.post("/outcomes/{number}/print")
@allow(*WORKERS)
async def print_again(request: Request, number: int, body: Empty = NOTHING) -> Response:
    """`printed` false: no printer stands there; the A4 page is left."""
    who, hall = await worker(request, number), hall_of(request)
    printed = await hall.do(progress.reprint, who.actor, outcome=number)
    return reply({"printed": printed, "seq": hall.seq})


@router.post("/outcomes/{ref}/done")
@allow(*WORKERS, "approval")
async def done(request: Request, ref: str, body: At = NOW) -> Response:
    """`ref`: the case number for the approval system, else the case's own. The office may say when it really was."""
    hall, who, at = hall_of(request), caller(request), _moment(request, body)
    if who.may("approval"):
        row = await hall.do(progress.done_there, who.actor, case_no=ref, at=at)
        return reply(reported(hall, row))
    number = _number(ref)
    await worker(request, number)
    if at is not None and not (who.may("outcomes") and who.role != "chief"):
        raise Problem(403, "forbidden")
    await hall.do(progress.done, who.actor, outcome=number, at=at)
    return await answer(request, number)


@router.post("/outcomes/{case_no}/accepted")
@allow("approval")
async def accepted(request: Request, case_no: str, body: Accepted = ACCEPTED) -> Response:
    """I07. With `number` the approval system links the case itself: nobody types it twice."""
    hall, at = hall_of(request), _moment(request, body)
    row = await hall.do(
        progress.accepted, caller(request).actor, case_no=case_no, number=body.number, day=body.day, at=at
    )
    return reply(reported(hall, row))


# -- parts


async def worker(request: Request, number: int) -> Identity:
    who = caller(request)
    await hall_of(request).read(mine, number=number, who=who, hall=hall_of(request))
    return who


def mine(db: Reads, *, number: int, who: Identity, hall: Hall) -> Outcome:
    """The office and who reads all; a chief representative the department's; a clerk what was finished here."""
    row = find(db, number)
    if who.role == "chief":
        if row.department != who.department:
            raise Problem(403, "forbidden")
    elif not (who.may("outcomes") or who.may("records")):
        check_clerk(hall, who, row.window)
    return row


async def answer(request: Request, number: int, status: int = 200) -> Response:
    hall = hall_of(request)
    await hall.read(mine, number=number, who=caller(request), hall=hall)
    found = timed(hall, await hall.read(looks.detail, number=number))
    found["extensions"] = [timed(hall, made) for made in found["extensions"]]
    return reply(found, status)


def reported(hall: Hall, row: Outcome) -> Json:
    """What the approval system is told: how the hall knows it, and no person."""
    names = ("id", "day", "kind", "no", "case_no", "due_day", "done_day")
    times = {name: iso(getattr(row, name), hall.rules.timezone) for name in ("at", "system_at", "done_at")}
    return {name: getattr(row, name) for name in names} | times


def timed(hall: Hall, shape: Json) -> Json:
    return common.timed(hall, shape, TIMES)


def _moment(request: Request, body: At) -> int | None:
    return None if body.at is None else moment(body.at, "at", hall_of(request).rules.timezone)


def _number(ref: str) -> int:
    if not ref.isdecimal():
        raise Problem(404, "not_found", what="outcome", id=ref)
    return int(ref)


def _again(tx: Tx, number: str) -> Extension:
    row = tx.get(Extension, int(number))
    assert row is not None
    return row
