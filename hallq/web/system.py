"""The hub's own state (B29), and what is still on although the hall has closed and everyone is served (B25)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

import hallq
from hallq.backup import last_backup
from hallq.hall import Hall
from hallq.kernel import iso
from hallq.store import HubState
from hallq.web.guard import GuardedRoute, allow
from hallq.web.shapes import Json
from hallq.web.tickets import devices, hall_of, reply

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
PAGES = "page/"


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
    wired = [{"what": each["driver"], "id": each["id"]} for each in devices(hall) if each["state"] == "up"]
    pages = sorted(key.removeprefix(PAGES).split("/", 1) for key in hall.extra if key.startswith(PAGES))
    return wired + [{"what": what, "id": place} for what, place in pages]
