"""What only the demo offers, on loopback alone: signing in by a button, pairing at once, hands in the virtual hall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Request
from pydantic import AfterValidator, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.websockets import WebSocket

from firmware_protocols.eval_pad import Verb
from hallq.demo import sound
from hallq.demo.cast import Tokens, everyone
from hallq.demo.feed import Feed
from hallq.demo.house import House
from hallq.demo.robots import Robots
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.hall import Hall
from hallq.web import pages
from hallq.web.app import until_gone
from hallq.web.bodies import Body, Code
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, device_cookie, same_site
from hallq.web.people import MONTH, open_session, set_cookie
from hallq.web.tickets import hall_of, reply

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
api = "/api/v1"


@dataclass
class Demo:
    hall: Hall
    house: House
    robots: Robots
    feed: Feed
    tokens: Tokens


def install(app: FastAPI, demo: Demo) -> None:
    app.state.demo_hall = demo
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])  # no page elsewhere
    app.include_router(router)


def demo_of(request: Request | WebSocket) -> Demo:
    demo: Demo = request.app.state.demo_hall
    return demo


class Session(Body):
    person: int


class Pair(Body):
    role: Code
    place: Annotated[str, Field(max_length=64)] = ""


class Fault(Body):
    name: Code
    on: bool


def _verb(name: str) -> str:
    if name.upper() not in Verb.__members__:
        raise ValueError("no verb of the pad protocol")
    return name


class Press(Body):
    kind: Literal["key", "sign-in", "rate", "reasons", "touch", "skip"]
    verb: Annotated[str, AfterValidator(_verb)] = "none"
    argument: Annotated[str, Field(max_length=40)] = ""
    minutes: Annotated[int, Field(ge=0, le=480)] = 0
    staff_no: Annotated[str, Field(max_length=16)] = ""
    pin: Annotated[str, Field(max_length=16)] = ""
    level: Annotated[int, Field(ge=0, le=5)] = 0
    reasons: Annotated[tuple[Code, ...], Field(max_length=12, strict=False)] = ()


class Crowd(Body):
    count: Annotated[int, Field(ge=1, le=200)]


class Clerks(Body):
    on: bool


@router.get(f"{api}/demo/people")
@allow("public")
async def people(request: Request) -> Response:
    rows = await hall_of(request).read(everyone)
    return reply({"items": [row | {"person": row["id"]} for row in rows], "next": None})


@router.post(f"{api}/demo/session")
@allow("public")
async def session(request: Request, body: Session) -> Response:
    """Somebody of the list sits down at this browser; at their window the robot makes room."""
    rows = await hall_of(request).read(everyone)
    person = next((row for row in rows if row["id"] == body.person), None)
    if person is None:
        raise Problem(404, "unknown_person", name=body.person)
    response = await open_session(request, body.person)
    await demo_of(request).robots.take_over(person["window"], body.person)
    return response


@router.post(f"{api}/demo/pair")
@allow("public")
async def pair(request: Request, body: Pair) -> Response:
    token = await demo_of(request).tokens.of(body.role, body.place)
    response = reply({"role": body.role, "place": body.place})
    set_cookie(request, response, device_cookie(body.role, body.place), token, 12 * MONTH)
    return response


# --- the virtual hall


@router.get("/virtual")
@allow("public")
async def page(request: Request) -> Response:
    return pages.shell(request, "virtual")


@router.get(f"{api}/virtual")
@allow("public")
async def picture(request: Request) -> Response:
    return reply(demo_of(request).feed.values())


@router.get(f"{api}/virtual/sounds/{{name}}")
@allow("public")
async def spoken(request: Request, name: str) -> Response:
    wav = sound.read(demo_of(request).house.sounds, name)
    if wav is None:
        raise Problem(404, "not_found", what="sound", id=name)
    return Response(wav, media_type="audio/wav")


@router.post(f"{api}/virtual/devices/{{device}}/fault")
@allow("public")
async def fault(request: Request, device: str, body: Fault) -> Response:
    house = demo_of(request).house
    house.fault(house.get(device), body.name, body.on)
    return reply({})


@router.post(f"{api}/virtual/devices/{{device}}/press")
@allow("public")
async def press(request: Request, device: str, body: Press) -> Response:
    """A finger on a hardware pad: what the pad makes of it goes over its wire."""
    demo = demo_of(request)
    found = demo.house.get(device, SimPad)
    pad, no = found.simulator, found.place
    assert isinstance(pad, SimPad)
    if body.kind in ("key", "sign-in"):
        await demo.robots.take_over(no, await _person(demo, body.staff_no) if body.staff_no else None)
    _touch(pad, body)
    return reply({})


def _touch(pad: SimPad, body: Press) -> None:
    match body.kind:
        case "key":
            pad.press(body.verb, body.argument, minutes=body.minutes)
        case "sign-in":
            pad.sign_in(body.staff_no, body.pin)
        case "rate":
            pad.rate(body.level)
        case "reasons":
            pad.submit(body.reasons)
        case "touch":
            pad.touch()
        case "skip":
            pad.skip()


@router.post(f"{api}/virtual/printers/{{device}}/tear")
@allow("public")
async def tear(request: Request, device: str) -> Response:
    house = demo_of(request).house
    house.tear(house.get(device, SimPrinter).place)
    return reply({})


@router.post(f"{api}/virtual/crowd")
@allow("public")
async def crowd(request: Request, body: Crowd) -> Response:
    await demo_of(request).robots.crowd(body.count)
    return reply({"arriving": demo_of(request).robots.arriving})


@router.post(f"{api}/virtual/clerks")
@allow("public")
async def clerks(request: Request, body: Clerks) -> Response:
    await demo_of(request).robots.clerks(body.on)
    return reply({"on": body.on})


@router.websocket("/virtual/live")
async def live(socket: WebSocket) -> None:
    if not same_site(socket):
        await socket.close(4403)
        return
    await socket.accept()
    await until_gone(socket, demo_of(socket).feed.serve(socket))


async def _person(demo: Demo, staff_no: str) -> int | None:
    rows = await demo.hall.read(everyone)
    return next((row["id"] for row in rows if row["staff_no"] == staff_no), None)
