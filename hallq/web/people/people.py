"""Doors and the office: sessions, pairing of browsers, people, tokens, records and ratings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import col, select
from starlette.responses import Response

from hallq.kernel import Reads, Tx, iso
from hallq.people import commands, looks, secrets
from hallq.people.identity import Identity
from hallq.requests import once
from hallq.ticketing import looks as catalogue
from hallq.ticketing.model import Outage, Person
from hallq.web import bodies
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import PERSON_COOKIE, GuardedRoute, allow, caller, device_cookie
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MONTH = 31 * 24 * 3600
NO_WISH = bodies.Confirm()
OUTAGES = select(Outage).order_by(col(Outage.id).desc()).limit(200)


def set_cookie(request: Request, response: Response, name: str, value: str, age: int) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="strict", secure=secure, path="/")


def who_json(who: Identity) -> Json:
    return {
        "id": who.id,
        "name": who.name,
        "role": who.role,
        "window": who.window,
        "department": who.department,
        "must_change": who.must_change,
        "may_choose": who.may("choose") or who.may_choose,
    }


async def open_session(request: Request, person: int) -> Response:
    hall = hall_of(request)
    token = await hall.do(commands.open_session, f"person:{person}", person=person)
    who = await hall.read(looks.by_session, token=token)
    assert who is not None
    response = reply(who_json(who))
    set_cookie(request, response, PERSON_COOKIE, token, int(commands.SESSION / 1000))
    return response


@router.post("/session")
@allow("public")
async def sign_in(request: Request, body: bodies.SignIn) -> Response:
    """Name and password. A wrong one and an unknown name take the same time and get the same answer."""
    hall, limit = hall_of(request), request.app.state.sign_ins
    key = f"{request.client.host if request.client else ''} {body.name}"
    if limit.spent(key):
        await request.app.state.slow_door.wait()
    door = await hall.read(looks.password_door, name=body.name)
    good = await asyncio.to_thread(secrets.matches, door.stored, body.password)
    if not good or door.person is None:
        limit.check(key)
        limit.count(key)
        raise Problem(401, "wrong_password")
    return await open_session(request, door.person)


@router.get("/session")
@allow("public")
async def get_session(request: Request) -> Response:
    who = await person(request)
    return reply(who_json(who))


async def person(request: Request) -> Identity:
    """The person of the session cookie, also one that has yet to change a one-time password. Problem 401."""
    token = request.cookies.get(PERSON_COOKIE)
    who = await hall_of(request).read(looks.by_session, token=token) if token else None
    if who is None:
        raise Problem(401, "unauthorized")
    return who


@router.delete("/session")
@allow("public")
async def sign_out(request: Request) -> Response:
    token = request.cookies.get(PERSON_COOKIE)
    if token:
        await hall_of(request).do(commands.close_session, token=token)
        await request.app.state.live.cut(secrets.fingerprint(token))
    response = Response(status_code=204)
    response.delete_cookie(PERSON_COOKIE)
    return response


@router.post("/session/password")
@allow("public")
async def change_password(request: Request, body: bodies.NewPassword) -> Response:
    hall, who = hall_of(request), await person(request)
    door = await hall.read(looks.password_door, name=who.name)
    if not await asyncio.to_thread(secrets.matches, door.stored, body.old) or door.person is None:
        raise Problem(401, "wrong_password")
    secrets.check_password(body.new, who.name)
    hashed = await asyncio.to_thread(secrets.hash_slowly, body.new)
    session = request.cookies[PERSON_COOKIE]
    await hall.do(commands.set_password, who.actor, person=door.person, password_hash=hashed, session=session)
    return reply(who_json(await person(request)))


@router.post("/pairings", status_code=201)
@allow("public")
async def ask_pairing(request: Request, body: bodies.AskPairing) -> Response:
    limit, key = request.app.state.pairings, request.client.host if request.client else ""
    limit.check(key)
    limit.count(key)
    asked = await hall_of(request).do(commands.ask_pairing, role=body.role, place=body.place)
    return reply({"id": asked.secret, "code": asked.code, "state": "waiting"}, 201)


@router.get("/pairings")
@allow("pairing")
async def list_pairings(request: Request) -> Response:
    return reply({"items": await _timed(request, looks.pairings, "asked_at"), "next": None})


@router.get("/pairings/{secret}")
@allow("public")
async def get_pairing(request: Request, secret: str) -> Response:
    """What the asking browser polls; once confirmed the answer carries its cookie."""
    shown, token = await hall_of(request).read(looks.pairing_state, secret=secret)
    response = reply(shown)
    if token is not None:
        set_cookie(request, response, device_cookie(shown["role"], shown["place"]), token, 12 * MONTH)
    return response


@router.post("/pairings/{pairing}/confirm")
@allow("pairing")
async def confirm_pairing(request: Request, pairing: int, body: bodies.Confirm = NO_WISH) -> Response:
    token = await hall_of(request).do(
        commands.confirm_pairing, caller(request).actor, pairing=str(pairing), place=body.place
    )
    return reply({"token": token})


@router.post("/pairings/{pairing}/swap")
@allow("pairing")
async def swap_pairing(request: Request, pairing: int, body: bodies.Confirm = NO_WISH) -> Response:
    """The old browser of the role and place is out at once, the new one stands there."""
    hall = hall_of(request)
    ended = await hall.do(commands.swap_pairing, caller(request).actor, pairing=str(pairing), place=body.place)
    for actor in ended:
        await request.app.state.live.cut(actor)
    await request.app.state.wiring.care.look()
    return reply({"revoked": [int(actor.partition(":")[2]) for actor in ended]})


@router.post("/pairings/{pairing}/refuse")
@allow("pairing")
async def refuse_pairing(request: Request, pairing: int) -> Response:
    await hall_of(request).do(commands.refuse_pairing, caller(request).actor, pairing=str(pairing))
    return reply({})


@router.get("/people")
@allow("people")
async def list_people(request: Request) -> Response:
    return reply({"items": await hall_of(request).read(looks.people), "next": None})


@router.post("/people", status_code=201)
@allow("people")
async def add_person(request: Request, body: bodies.AddPerson) -> Response:
    hall, who = hall_of(request), caller(request)
    if body.role == "admin" and who.role != "admin":
        raise Problem(403, "forbidden", role=body.role)
    wish = body.model_dump(exclude={"request_id"})
    made = await hall.do(
        once(_add, caller=who.actor, route="/people", request_id=body.request_id, body=wish, again=_again),
        who.actor,
        **wish,
    )
    return reply({"id": made.id}, 201)


class _Made:
    __slots__ = ("id",)

    def __init__(self, number: int) -> None:
        self.id = number


def _add(tx: Tx, **wish: Any) -> _Made:
    return _Made(commands.add_person(tx, **wish))


def _again(_: Tx, number: str) -> _Made:
    return _Made(int(number))


@router.post("/people/{number}/disable")
@allow("people")
async def disable(request: Request, number: int) -> Response:
    hall = hall_of(request)
    await may_change(request, number)
    await request.app.state.live.cut(await hall.do(commands.disable, caller(request).actor, person=number))
    return reply({"seq": hall.seq})


@router.post("/people/{number}/reset")
@allow("people")
async def reset(request: Request, number: int) -> Response:
    """The one-time password stands in this answer and nowhere else."""
    hall = hall_of(request)
    await may_change(request, number)
    password = secrets.one_time_password()
    hashed = await asyncio.to_thread(secrets.hash_slowly, password)
    ended = await hall.do(commands.reset, caller(request).actor, person=number, password_hash=hashed)
    await request.app.state.live.cut(ended)
    return reply({"password": password})


@router.post("/people/{number}/pin")
@allow("people")
async def set_pin(request: Request, number: int, body: bodies.Pin) -> Response:
    hall = hall_of(request)
    await may_change(request, number)
    secrets.check_pin(body.pin)
    hashed = await asyncio.to_thread(secrets.hash_slowly, body.pin)
    await hall.do(commands.set_pin, caller(request).actor, person=number, pin_hash=hashed)
    return reply({"seq": hall.seq})


@router.post("/people/{number}/badge")
@allow("people")
async def give_badge(request: Request, number: int, body: bodies.Badge) -> Response:
    hall = hall_of(request)
    await hall.do(commands.give_badge, caller(request).actor, person=number, badge=body.badge.strip())
    return reply({"seq": hall.seq})


async def may_change(request: Request, number: int) -> None:
    """Only an admin touches an admin's account."""
    changed = await hall_of(request).read(lambda db: db.get(Person, number))  # also one that is disabled
    if changed is not None and changed.role == "admin" and caller(request).role != "admin":
        raise Problem(403, "forbidden", role="admin")


@router.get("/tokens")
@allow("devices")
async def list_tokens(request: Request) -> Response:
    return reply({"items": await _timed(request, looks.tokens, "created", "revoked_at"), "next": None})


async def _timed(request: Request, look: Callable[[Reads], list[Json]], *names: str) -> list[Json]:
    """Rows with these times worded."""
    zone, rows = hall_of(request).rules.timezone, await hall_of(request).read(look)
    return [row | {name: iso(row[name], zone) for name in names if row[name] is not None} for row in rows]


@router.post("/tokens/{number}/revoke")
@allow("pairing")
async def revoke_token(request: Request, number: int) -> Response:
    hall = hall_of(request)
    await request.app.state.live.cut(await hall.do(commands.revoke_token, caller(request).actor, token=number))
    return reply({"seq": hall.seq})


@router.get("/staff")
@allow("records", "record.own", "department")
async def staff(request: Request) -> Response:
    who = caller(request)
    rows = [row for row in await hall_of(request).read(looks.people) if record_of(who, row)]
    names = ("id", "name", "title", "staff_no", "role", "window", "department", "active", "until_day", "leaving")
    return reply({"items": [{name: row[name] for name in names} for row in rows], "next": None})


def record_of(who: Identity, row: Json) -> bool:
    """Clerks see their own record; a chief the department's; the office all."""
    if who.may("records"):
        return True
    if who.role == "chief" and row["department"] == who.department:
        return True
    return bool(row["id"] == who.id)


@router.get("/outages")
@allow("records", "department")
async def outages(request: Request) -> Response:
    zone = hall_of(request).rules.timezone
    rows = await hall_of(request).read(lambda db: db.find(OUTAGES))
    items = [{"id": row.id, "since": iso(row.since, zone), "until": iso(row.until, zone)} for row in rows]
    return reply({"items": items, "next": None})


@router.get("/figures/curve")
@allow("view.board", "view.office")
async def curve(request: Request) -> Response:
    zone = hall_of(request).rules.timezone
    points = await hall_of(request).read(catalogue.curve)
    return reply({"points": [{"at": iso(at, zone), "waiting": waiting} for at, waiting in points], "bucket_s": 300})
