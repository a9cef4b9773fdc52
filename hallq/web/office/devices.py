"""Commissioning: the register of devices, one device with its last frames, its test, its mark; the grid on a pad."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from hallq.kernel import Tx, iso
from hallq.office import device_marks
from hallq.office.device_model import DeviceTest
from hallq.requests import once
from hallq.web.assessment.ratings import own
from hallq.web.bodies import Body, Code, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.wiring import device_register, plugged
from hallq.wiring.device_tests import DeviceTests
from hallq.wiring.wiring import Wiring

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
MARKERS = ("devices", "notices")  # the office; guides, who stand beside it
Cell = Annotated[str, Field(pattern=r"^[0-4]-[0-7]$")]


class Ask(Body):
    request_id: RequestId = None


class Mark(Body):
    note: Annotated[str, Field(min_length=1, max_length=200)]


class Touches(Body):
    cells: Annotated[list[Cell], Field(max_length=40)]
    end: bool = False


class RollCall(Body):
    on: bool
    zone: Code | None = None


NOW = Ask()


def wiring_of(request: Request) -> Wiring:
    wiring: Wiring = request.app.state.wiring
    return wiring


def tests_of(request: Request) -> DeviceTests:
    tests: DeviceTests = request.app.state.device_tests
    return tests


@router.get("/devices")
@allow("devices.read", "devices", "view.guide")
async def get_devices(request: Request) -> Response:
    """The wired ones."""
    return reply({"items": device_register.wired(wiring_of(request)), "next": None})


@router.get("/devices/register")
@allow("devices.read", "devices", "view.guide")
async def get_register(request: Request) -> Response:
    """A01: wired devices and paired pages."""
    return reply({"items": await device_register.register(wiring_of(request)), "next": None})


@router.post("/devices/roll-call")
@allow("devices")
async def call_roll(request: Request, body: RollCall) -> Response:
    """Every strip of a zone, or of the hall, shows its own window; those with a citizen keep their call."""
    return reply(wiring_of(request).roll_call.turn(body.on, body.zone))


@router.get("/devices/found")
@allow("devices")
async def get_found(request: Request) -> Response:
    """What is plugged in and named by no device, beside the devices that are missing: one may be the other, moved."""
    hall = hall_of(request)
    links = [device.link for device in hall.settings.device]
    found = await asyncio.to_thread(plugged.unused, links, hall.extras("relay"))
    missing = [each for each in device_register.wired(wiring_of(request)) if each["state"] == "down"]
    return reply({"unused": found, "missing": [{"id": each["id"], "link": each["link"]} for each in missing]})


@router.get("/devices/{device}")
@allow("devices.read", "devices")
async def get_device(request: Request, device: str) -> Response:
    found = await device_register.one(wiring_of(request), device)
    return reply(found | {"testing": tests_of(request).is_running(device)})


@router.post("/devices/{device}/test", status_code=201)
@allow("devices")
async def test_device(request: Request, device: str, body: Ask = NOW) -> Response:
    """Begins; what came of it stands in the device's `tests`."""
    hall, who, tests = hall_of(request), caller(request), tests_of(request)
    await tests.known(device)
    command = once(
        device_marks.begin_test, caller=who.actor, route="/devices/test", request_id=body.request_id,
        body={"device": device}, again=_test,
    )  # fmt: skip
    made: DeviceTest = await hall.do(command, who.actor, subject=device, running=tests.is_running(device))
    if made.ended_at is None:
        tests.start(made)
    at = iso(made.at, hall.rules.timezone)
    return reply({"id": made.id, "device": device, "at": at, "result": made.result or None}, 201)


def _test(tx: Tx, number: str) -> Any:
    return tx.get(DeviceTest, int(number))


@router.post("/devices/{device}/mark")
@allow(*MARKERS)
async def mark_device(request: Request, device: str, body: Mark) -> Response:
    """报修: no alarm for it, and a pad counts for nobody and against nobody, until the mark is taken away."""
    await tests_of(request).known(device)
    return await _marked(request, device_marks.mark, subject=device, note=body.note)


@router.post("/devices/{device}/unmark")
@allow(*MARKERS)
async def unmark_device(request: Request, device: str) -> Response:
    return await _marked(request, device_marks.unmark, subject=device)


async def _marked(request: Request, command: Any, **wish: str) -> Response:
    hall, care = hall_of(request), wiring_of(request).care
    await hall.do(command, caller(request).actor, **wish)
    await care.look()
    return reply({"device": wish["subject"], "mark": care.mark_of(wish["subject"]), "seq": hall.seq})


@router.post("/pads/{no}/touches")
@allow("rate")
async def touched(request: Request, no: str, body: Touches) -> Response:
    """The citizen's side tells which cells of its test answered."""
    own(request, no)
    return reply({"left": tests_of(request).touch(no, body.cells, end=body.end)})
