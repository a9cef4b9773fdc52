"""The hub's own state (B29), the check of all devices (B28), and what is still on after the day's end (B25)."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

import hallq
from hallq.backup import last_backup
from hallq.hall import Hall
from hallq.kernel import Tx, iso
from hallq.office import device_check
from hallq.office.post_model import DeviceCheck
from hallq.requests import once
from hallq.store import HubState
from hallq.web.bodies import Body, RequestId
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json
from hallq.wiring import self_test
from hallq.wiring.wiring import Wiring

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
PAGES = "page/"
log = structlog.get_logger("hallq.web")


class Check(Body):
    request_id: RequestId = None


NOW = Check()


@router.post("/devices/check", status_code=201)
@allow("devices")
async def check_devices(request: Request, body: Check = NOW) -> Response:
    """B28: begins a check of every device; its report stands in `GET /devices/checks` some seconds later."""
    hall, who, wiring = hall_of(request), caller(request), request.app.state.wiring
    command = once(
        device_check.begin, caller=who.actor, route="/devices/check", request_id=body.request_id, body={}, again=_check
    )
    made = await hall.do(command, who.actor, devices=len(wiring.entries))
    checks: dict[int, asyncio.Task[None]] = request.app.state.checks
    if made.ended_at is None and made.id not in checks:
        checks[made.id] = asyncio.create_task(_run(hall, wiring, made.id, who.actor))
    return reply(_timed(hall, await hall.read(device_check.report, row=made)) | {"seq": hall.seq}, 201)


async def _run(hall: Hall, wiring: Wiring, check: int, actor: str) -> None:
    try:
        results = await self_test.run(wiring)
        await hall.do(device_check.keep, actor, check=check, results=results)
    except Exception:
        log.exception("the check of all devices broke off")


@router.get("/devices/checks")
@allow("devices.read", "devices")
async def list_checks(request: Request) -> Response:
    hall = hall_of(request)
    return reply({"items": [_timed(hall, row) for row in await hall.read(device_check.newest)], "next": None})


def _check(tx: Tx, number: str) -> Any:
    return tx.get(DeviceCheck, int(number))


def _timed(hall: Hall, row: Json) -> Json:
    return row | {"at": iso(row["at"], hall.rules.timezone)}


@router.get("/system")
@allow("devices.read", "devices")
async def get_system(request: Request) -> Response:
    hall = hall_of(request)
    beat = await hall.read(lambda db: db.get(HubState, "heartbeat"))
    saved = await asyncio.to_thread(last_backup, hall.settings)
    made = None if saved is None else int(saved.stat().st_mtime * 1000)
    zone = hall.rules.timezone
    return reply({
        "version": hallq.__version__, "heartbeat": iso(int(beat.value), zone) if beat else None,
        "backup": None if made is None else iso(made, zone), "backup_name": saved.name if saved else None,
        "over": day_is_over(hall), "still_on": still_on(hall) if day_is_over(hall) else [],
    })  # fmt: skip


def day_is_over(hall: Hall) -> bool:
    """The hall has closed, nobody waits and nobody is at a window."""
    picture = hall.picture
    busy = any(window.ticket is not None for window in picture.windows.values())
    return not picture.hall_open and not busy and not any(queue.waiting for queue in picture.queues.values())


def still_on(hall: Hall) -> list[Json]:
    """Wired devices that answer, and pages that are open: kiosks, pads, clerks' terminals."""
    wired = [{"what": each["driver"], "id": each["id"]} for each in hall.extras("device") if each["state"] == "up"]
    pages = sorted(key.removeprefix(PAGES).split("/", 1) for key in hall.extra if key.startswith(PAGES))
    return wired + [{"what": what, "id": place} for what, place in pages]
