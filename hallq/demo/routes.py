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
from hallq.demo.clock import FastClock
from hallq.demo.feed import Feed
from hallq.demo.house import House
from hallq.demo.robots import Robots
from hallq.devices.fleet import Fleet
from hallq.devices.simulators.card_reader import SimCardReader
from hallq.devices.simulators.ff68 import KEYS, SimEvaluator, SimKeypad
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.usb_keypad import SimUsbKeypad
from hallq.hall import Hall
from hallq.web import pages
from hallq.web.app import until_gone
from hallq.web.bodies import Body, Code
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, device_cookie, same_site
from hallq.web.people.people import MONTH, open_session, set_cookie

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
api = "/api/v1"


@dataclass
class Demo:
    hall: Hall
    house: House
    robots: Robots
    feed: Feed
    tokens: Tokens
    clock: FastClock
    fleet: Fleet

    def run_at(self, speed: float) -> None:
        """The hall's clock, and with it its devices and their drivers."""
        self.clock.run_at(speed)
        self.house.pace(speed, self.fleet)


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


Key = Literal[*KEYS]  # type: ignore[valid-type]  # the simulated keypad's own


class Keys(Body):
    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=20, strict=False)]


class Button(Body):
    value: Annotated[int, Field(ge=0, le=255)]


class BoxKey(Body):
    key: Code


class CardOn(Body):
    card: Annotated[str, Field(max_length=16)] = ""


class Out(Body):
    on: bool


class Playing(Body):
    on: bool
    size: Annotated[int, Field(ge=10, le=3000)] = 600


class Speed(Body):
    speed: Annotated[float, Field(ge=0.1, le=60)]


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
    demo_of(request).house.get(device).fault(body.name, body.on)
    return reply({})


@router.post(f"{api}/virtual/groups/{{group}}/unplug")
@allow("public")
async def unplug(request: Request, group: str, body: Out) -> Response:
    """A switch, a shared line or a relay: everything that hangs on it."""
    known = demo_of(request).house.groups.get(group)
    if known is None:
        raise Problem(404, "not_found", what="group", id=group)
    known.unplug(body.on)
    return reply({})


@router.post(f"{api}/virtual/heal")
@allow("public")
async def heal(request: Request) -> Response:
    demo_of(request).house.heal()
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


@router.post(f"{api}/virtual/keypads/{{device}}/keys")
@allow("public")
async def type_keys(request: Request, device: str, body: Keys) -> Response:
    """One key after the other, as a hand types them."""
    demo = demo_of(request)
    found = demo.house.get(device, SimKeypad)
    assert isinstance(found.simulator, SimKeypad)
    await demo.robots.take_over(found.place, None)
    for key in body.keys:
        found.simulator.press(key)
    return reply({})


@router.post(f"{api}/virtual/evaluators/{{device}}/button")
@allow("public")
async def button(request: Request, device: str, body: Button) -> Response:
    found = demo_of(request).house.get(device, SimEvaluator)
    assert isinstance(found.simulator, SimEvaluator)
    found.simulator.press(body.value)
    found.rated = found.simulator.asked
    return reply({})


@router.post(f"{api}/virtual/boxes/{{device}}/key")
@allow("public")
async def box_key(request: Request, device: str, body: BoxKey) -> Response:
    """A push-button dispenser's: one key, one number."""
    found = demo_of(request).house.get(device, SimUsbKeypad)
    if body.key not in found.options["keys"]:
        raise Problem(404, "not_found", what="key", id=body.key)
    assert isinstance(found.simulator, SimUsbKeypad)
    found.simulator.press(body.key)
    return reply({})


@router.post(f"{api}/virtual/readers/{{device}}/card")
@allow("public")
async def card(request: Request, device: str, body: CardOn) -> Response:
    house = demo_of(request).house
    house.put_card(house.get(device, SimCardReader), body.card)
    return reply({})


@router.post(f"{api}/virtual/printers/{{device}}/tear")
@allow("public")
async def tear(request: Request, device: str) -> Response:
    house = demo_of(request).house
    house.tear(house.get(device, SimPrinter).place)
    return reply({})


@router.post(f"{api}/virtual/crowd")
@allow("public")
async def crowd(request: Request, body: Crowd) -> Response:
    citizens = demo_of(request).robots.citizens
    await citizens.crowd(body.count)
    return reply({"arriving": citizens.arriving})


@router.post(f"{api}/virtual/day")
@allow("public")
async def day(request: Request, body: Playing) -> Response:
    """Plays a working day, or stands still. A size is the next day's."""
    playing = demo_of(request).robots.day
    await playing.play(body.on, body.size)
    return reply(playing.view())


@router.post(f"{api}/virtual/speed")
@allow("public")
async def speed(request: Request, body: Speed) -> Response:
    demo_of(request).run_at(body.speed)
    return reply({"speed": body.speed})


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
