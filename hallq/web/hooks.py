"""What other systems were told, and what they did not take."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import bindparam, col
from starlette.responses import Response

from hallq.hooks import commands
from hallq.hooks.model import Delivery
from hallq.kernel import Reads, iso
from hallq.web.bodies import Empty
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.shapes import Json

router = APIRouter(prefix="/api/v1", route_class=GuardedRoute)
WAITING = columns(func.count()).where(col(Delivery.hook) == bindparam("hook"), commands.IS_WAITING)
NOTHING = Empty()


@router.get("/webhooks")
@allow("devices", "devices.read")
async def get_webhooks(request: Request) -> Response:
    """Addresses and secrets stay in hall.toml."""
    hall = hall_of(request)
    items = [
        {"name": hook.name, "events": hook.events, "adapter": hook.adapter, **await hall.read(_look, hook=hook.name)}
        for hook in hall.settings.webhook
    ]
    return reply({"items": items, "next": None})


@router.post("/webhooks/deliveries/{number}/again")
@allow("devices")
async def send_again(request: Request, number: int, body: Empty = NOTHING) -> Response:
    row = await hall_of(request).do(commands.send_again, caller(request).actor, delivery=number)
    return reply({"id": row.id, "state": row.state})


def _look(db: Reads, *, hook: str) -> Json:
    rows = db.find(commands.LATEST, hook=hook)
    [(waiting,)] = db.values(WAITING, hook=hook)
    return {"waiting": waiting, "latest": [_delivery(db, row) for row in rows]}


def _delivery(db: Reads, row: Delivery) -> Json:
    zone = db.rules.timezone
    shape = {name: getattr(row, name) for name in ("id", "event", "state", "tries", "answer")}
    return shape | {"at": iso(row.at, zone), "settled_at": iso(row.settled_at, zone)}
