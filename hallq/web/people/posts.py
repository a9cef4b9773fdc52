"""The office's hand at windows, take-over, and temporary cover."""

from __future__ import annotations

import asyncio
import secrets as chance
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.kernel import Refused, Tx
from hallq.office import posts
from hallq.people import commands as people
from hallq.people import looks, secrets
from hallq.people.model import Credential
from hallq.requests import once
from hallq.ticketing.model import Person, Window
from hallq.ticketing.windows.shifts import SKILLS
from hallq.web import bodies
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.office.alarms import Words, of_department
from hallq.web.ticketing.windows import answer

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
NOTHING = bodies.Empty()


class PauseWindow(bodies.Body):
    reason: bodies.Code
    minutes: bodies.Minutes = None


class SignOut(bodies.Body):
    return_ticket: bool = False


class AddService(bodies.Body):
    service: bodies.Code
    request_id: bodies.RequestId = None


class Skills(bodies.Body):
    services: Annotated[list[bodies.Code], Field(max_length=200)]


class CoverPost(bodies.Body):
    window: bodies.Code
    reason: Words
    person: int | None = None
    name: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    start: bool = True
    leader: Annotated[str, Field(min_length=1, max_length=40)] | None = None  # who lets somebody cover unqualified
    request_id: bodies.RequestId = None


STAYS = SignOut()


# -- the office's hand at a window


@router.post("/posts/{no}/pause")
@allow("posts", "department")
async def pause_window(request: Request, no: str, body: PauseWindow) -> Response:
    return await _intervene(request, no, posts.pause_window, **body.model_dump())


@router.post("/posts/{no}/return")
@allow("posts", "department")
async def return_ticket(request: Request, no: str, body: bodies.Empty = NOTHING) -> Response:
    return await _intervene(request, no, posts.return_ticket)


@router.post("/posts/{no}/sign-out")
@allow("posts", "department")
async def sign_out(request: Request, no: str, body: SignOut = STAYS) -> Response:
    return await _intervene(request, no, posts.sign_out, return_ticket_too=body.return_ticket)


@router.post("/windows/{no}/services", status_code=201)
@allow("posts", "department")
async def add_service(request: Request, no: str, body: AddService) -> Response:
    """For today alone; the same again changes nothing."""
    await _intervene(request, no, posts.add_service, service=body.service)
    shown = answer(request, no)
    shown.status_code = 201
    return shown


@router.post("/windows/{no}/services/{service}/drop")
@allow("posts", "department")
async def drop_service(request: Request, no: str, service: str, body: bodies.Empty = NOTHING) -> Response:
    return await _intervene(request, no, posts.drop_service, service=service)


@router.get("/posts/today")
@allow("records", "posts", "department")
async def today(request: Request) -> Response:
    hall, who = hall_of(request), caller(request)
    rows = await hall.read(posts.today)
    return reply({"items": [row for row in rows if of_department(hall, who, row["window"])], "next": None})


@router.get("/people/{number}/skills")
@allow("people", "posts")
async def get_skills(request: Request, number: int) -> Response:
    rows = await hall_of(request).read(lambda db: db.find(SKILLS, person=number))
    return reply({"services": [row.service for row in rows]})


@router.post("/people/{number}/skills")
@allow("people", "posts")
async def set_skills(request: Request, number: int, body: Skills) -> Response:
    hall = hall_of(request)
    await hall.do(posts.set_skills, caller(request).actor, person=number, services=body.services)
    return reply({"services": body.services, "seq": hall.seq})


async def _intervene(request: Request, no: str, command: Any, **wish: Any) -> Response:
    hall, who = hall_of(request), caller(request)
    if no not in hall.picture.windows:
        raise Refused("not_found", what="window", id=no)
    if not of_department(hall, who, no):
        raise Problem(403, "forbidden", window=no)
    await hall.do(command, who.actor, window=no, **wish)
    return answer(request, no)


# -- cover


@router.post("/covers", status_code=201)
@allow("posts")
async def add_cover(request: Request, body: CoverPost) -> Response:
    """A stand-in for today: one who is known, or a new name. A new one's PIN stands in this answer and nowhere else."""
    hall, who = hall_of(request), caller(request)
    if (body.person is None) == (body.name is None):
        raise Problem(422, "invalid", field="person, name")
    pin = f"{chance.randbelow(900_000) + 100_000}"
    pin_hash = await asyncio.to_thread(secrets.hash_slowly, pin)
    wish = body.model_dump(exclude={"request_id"})
    command = once(_cover, caller=who.actor, route="/covers", request_id=body.request_id, body=wish, again=_cover_again)
    made = await hall.do(command, who.actor, **wish, pin_hash=pin_hash)
    row = await hall.read(lambda db: db.get(Person, made.id))
    assert row is not None
    shown = {"id": made.id, "name": row.name, "staff_no": row.staff_no, "pin": pin if made.new_pin else None}
    return reply(shown | {"window": body.window, "until": row.until_day, "seq": hall.seq}, 201)


class _Covered:
    def __init__(self, number: int, new_pin: bool) -> None:
        self.id, self.new_pin = number, new_pin


def _cover(
    tx: Tx, *, person: int | None, name: str | None, window: str, reason: str, start: bool, leader: str | None,
    pin_hash: str,
) -> _Covered:  # fmt: skip
    number, new = (person, False) if person is not None else _stand_in(tx, name or "", window, pin_hash)
    posts.cover(tx, person=number, window=window, reason=reason, start=start, leader=leader)
    credential = tx.get(Credential, number)
    if new or credential is None or credential.pin_hash is None:
        people.set_pin(tx, person=number, pin_hash=pin_hash)
        return _Covered(number, True)
    return _Covered(number, False)


def _stand_in(tx: Tx, name: str, window: str, pin_hash: str) -> tuple[int, bool]:
    """A person for today; the same stand-in of an earlier day again. The PIN opens pad and terminal."""
    known = tx.first(looks.PERSON, name=name.strip())
    if known is not None and (known.until_day is None or known.leaving or known.id is None):
        return known.id or 0, False
    number = (known and known.id) or people.add_person(tx, name=name.strip(), role="clerk", window=window)
    row, at = tx.get(Person, number), tx.get(Window, window)
    assert row is not None
    tx.update(row, active=True, window=window, department=at.department if at else None, until_day=tx.day)
    people.set_password(tx, person=number, password_hash=pin_hash)
    return number, True


def _cover_again(_: Tx, number: str) -> _Covered:
    return _Covered(int(number), False)
