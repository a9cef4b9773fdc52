"""Service guides for everybody (A16, H02, H05, H22, H25): found by words, matter, department or life event; one of them
whole, with the windows that are open for it now. Nobody has to say who he is.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hallq.hall import Hall
from hallq.items import guides
from hallq.items.directory import Directory, Wish
from hallq.kernel import Reads
from hallq.limits import Limit
from hallq.ticketing.lookups import ZONES
from hallq.ticketing.model import Zone
from hallq.ticketing.picture import WindowView
from hallq.web.common import hall_of, reply
from hallq.web.guard import GuardedRoute, allow, caller
from hallq.web.kept import Kept
from hallq.web.shapes import Json, waits

WORKS = ("open", "serving", "away")  # states of a window that calls
PAGE = 100  # items to an answer
Words = Annotated[str, Query(max_length=60)]
Chosen = Annotated[str, Query(max_length=120)]
router = APIRouter(prefix="/api/v1/query", route_class=GuardedRoute)


def polite(request: Request) -> None:
    """Who is nobody may ask so often from one address (Problem 429)."""
    if caller(request).kind == "anonymous" and request.client is not None:
        limit: Limit = request.app.state.query_limit
        limit.check(request.client.host)
        limit.count(request.client.host)


@router.get("/choices")
@allow("public")
async def get_choices(request: Request) -> Response:
    """What the first page offers: departments, matters, life events."""
    polite(request)
    known: Kept[Directory] = request.app.state.directories
    return reply((await known.get()).groups())


@router.get("/items")
@allow("public")
async def find_items(
    request: Request,
    q: Words = "",
    department: Chosen = "",
    matter: Chosen = "",
    event: Chosen = "",
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    next: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """The best match first. `total` counts all; `next`, where there are more, is given back for the following ones.
    Where nothing is found, `near` are a few that might be meant."""
    polite(request)
    known: Kept[Directory] = request.app.state.directories
    items, wish = await known.get(), Wish(q, department, matter, event)
    found = items.find(wish)
    near = [] if found else items.near(wish)
    page, more = found[next : next + limit], next + limit < len(found)
    return reply({
        "items": _listed(request, page), "total": len(found), "next": next + limit if more else None,
        "near": _listed(request, near),
    })  # fmt: skip


def _listed(request: Request, items: list[Json]) -> list[Json]:
    return [item | {"now": _shortly(hall_of(request), item["service"])} for item in items]


@router.get("/items/{service}")
@allow("public")
async def get_item(request: Request, service: str) -> Response:
    polite(request)
    hall = hall_of(request)
    item, zones = await hall.read(_item, service=service)
    windows = [window for window in hall.picture.windows.values() if service in window.services]
    return reply(item | {"now": _shortly(hall, service) | {"floors": _floors(hall, windows, zones)}})


def _item(db: Reads, *, service: str) -> tuple[Json, list[Zone]]:
    row = guides.offered(db, service)
    shape = guides.shape(db, row, guides.current(db, service))
    return shape | {"elsewhere": row.elsewhere or "", "elsewhere_en": row.elsewhere_en or ""}, db.find(ZONES)


def _shortly(hall: Hall, service: str) -> Json:
    """Whether numbers are given, who waits how long, and the windows that call for it now."""
    queue = hall.picture.queues.get(service)
    known = hall.picture.services.get(service)
    windows = [hall.picture.windows[no] for no in (known.windows if known else ()) if no in hall.picture.windows]
    return {
        "open": queue is not None and queue.open,
        "why": (queue.why or None) if queue else None,
        "opens": queue.opens if queue else None,
        "waiting": queue.waiting if queue else 0,
        "wait": waits(queue.wait, queue.over) if queue else waits((0, 0, 0)),
        "windows": [window.no for window in windows if window.state in WORKS],
    }


def _floors(hall: Hall, mine: list[WindowView], zones: list[Zone]) -> list[Json]:
    """A plan of each floor that has a window for it: zone by zone all windows, in their order (A16)."""
    floors: dict[int, list[Json]] = {}
    for zone in zones:
        windows = [window for window in hall.picture.windows.values() if window.zone == zone.code]
        if zone.floor in {window.floor for window in mine} and windows:
            marked = [_marked(window, window in mine) for window in windows]
            plan = {"code": zone.code, "name": zone.name, "name_en": zone.name_en, "windows": marked}
            floors.setdefault(zone.floor, []).append(plan)
    return [{"floor": floor, "zones": plans} for floor, plans in sorted(floors.items())]


def _marked(window: WindowView, mine: bool) -> dict[str, Any]:
    return {"no": window.no, "mine": mine, "open": window.state in WORKS}
