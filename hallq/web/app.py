"""The web application over one hall: routes, errors, live sockets, health."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request, WebSocket
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocketDisconnect

import hallq
from hallq.bulletin_maker import BulletinMaker
from hallq.check import MIN_FREE
from hallq.forecasts import Forecasts
from hallq.hall import Hall
from hallq.id_hash import IdHash
from hallq.items import directory
from hallq.kernel import iso
from hallq.limits import Limit, SlowDoor
from hallq.live import Client, Live
from hallq.people.secrets import fingerprint
from hallq.public.pages import last_month
from hallq.speech import Speech
from hallq.web import audit, errors, exports, files, hooks, pages, public, relay, system, views
from hallq.web.assessment import (
    bulletins,
    case_print,
    cases,
    figures,
    findings,
    patrols,
    phone_ratings,
    ratings,
    records,
    score_shapes,
    scores,
    standards,
)
from hallq.web.errors import Problem
from hallq.web.guard import PERSON_COOKIE, Gate, GuardedRoute, allow, caller, same_site, trace
from hallq.web.items import items, query, query_papers
from hallq.web.kept import MONTH, Kept
from hallq.web.office import alarms, days, devices, form_print, forms, guides, messages, peaks, settle
from hallq.web.outcomes import (
    handover_print,
    handovers,
    one_time,
    one_time_print,
    outcome_print,
    outcomes,
    referral_print,
    referrals,
    refusal_print,
    refusals,
)
from hallq.web.people import people, posting_print, postings, posts, staff
from hallq.web.registers import lost, mail, register_print, window_mail
from hallq.web.shapes import Shapes
from hallq.web.ticketing import (
    appointments,
    calendar,
    catalogue,
    emergency,
    found,
    out_of_order,
    pads,
    phone,
    slips,
    tickets,
    windows,
)

GONE = (WebSocketDisconnect, RuntimeError, OSError)  # how a socket says that nobody is there
log = structlog.get_logger("hallq.web")
root = APIRouter(route_class=GuardedRoute, include_in_schema=False)


def create_app(hall: Hall, *, demo: bool = False) -> FastAPI:
    app = FastAPI(
        title="HallQ",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_live,
        redirect_slashes=False,
    )
    state = app.state
    state.hall, state.demo = hall, demo
    state.gate = Gate(hall)
    state.forecasts = Forecasts(hall)
    state.bulletins = BulletinMaker(hall)
    state.shapes = Shapes(hall)
    state.build = pages.build_of(pages.UI)
    state.files = pages.load_files(pages.UI)
    state.sign_ins = Limit(hall.clock, most=10, seconds=60)
    state.verification = audit.Verification()
    state.months = Kept(hall, "months", last_month, MONTH)
    state.checks = {}  # of all devices, by number (web.system)
    state.slow_door = SlowDoor(seconds=1, most=20)
    state.pairings = Limit(hall.clock, most=20, seconds=60)
    state.booking_limit = Limit(hall.clock, most=5, seconds=600)  # per telephone's address
    state.arrival_limit = Limit(hall.clock, most=10, seconds=60)  # wrong codes per kiosk
    state.query_limit = Limit(hall.clock, most=300, seconds=60)  # looks at guides per address of nobody known
    state.guide_prints = Limit(hall.clock, most=10, seconds=60)  # guides on paper per kiosk or clerk
    state.directories = Kept(hall, "guides", directory.take)
    state.complaint_limit = Limit(hall.clock, most=10, seconds=600)  # per kiosk
    state.code_limit = Limit(hall.clock, most=10, seconds=300)  # wrong numbers and check codes per caller
    state.phone_limit = Limit(hall.clock, most=6, seconds=60)  # what a ticket's phone asks for
    state.rating_attempts = Limit(hall.clock, most=20, seconds=60)  # refused ones that the journal takes, per caller
    state.speech = Speech()
    state.score_figures = score_shapes.Measured()
    state.id_hash = IdHash(hall.settings.database_path)
    state.live = Live(
        state.shapes,
        epoch=hall.epoch,
        build=state.build,
        now=lambda: iso(hall.now(), hall.rules.timezone),
    )
    state.live.seq = hall.seq
    hall.listeners.append(lambda keys: state.live.publish(hall.seq, keys))
    errors.install(app)
    rooms = (
        tickets,
        slips,
        found,
        windows,
        pads,
        ratings,
        people,
        records,
        alarms,
        audit,
        exports,
        posts,
        staff,
        days,
        postings,
        posting_print,
        guides,
        messages,
        appointments,
        calendar,
        catalogue,
        one_time,
        one_time_print,
        outcomes,
        outcome_print,
        query,
        query_papers,
        out_of_order,
        cases,
        case_print,
        emergency,
        figures,
        peaks,
        scores,
        settle,
        bulletins,
        system,
        devices,
        forms,
        files,
        patrols,
        findings,
        standards,
        hooks,
        items,
        form_print,
        lost,
        mail,
        window_mail,
        register_print,
        pages,
        handovers,
        handover_print,
        referrals,
        referral_print,
        refusals,
        refusal_print,
        phone_ratings,
        phone,  # behind it: its paths end in any act
        public,
        relay,
    )
    for part in (root, ratings.watched, *(room.router for room in rooms)):
        app.router.routes += part.routes  # as they are: an included router is searched twice for each request
    return app


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    app.state.live.start()
    yield
    await app.state.live.stop()


@root.get("/healthz")
@allow("public")
async def healthz() -> Response:
    return JSONResponse({"status": "alive", "version": hallq.__version__})


@root.get("/readyz")
@allow("public")
async def readyz(request: Request) -> Response:
    hall: Hall = request.app.state.hall
    free = shutil.disk_usage(hall.store.path.parent).free
    ready = free >= MIN_FREE and not hall.store.failed
    return JSONResponse({"ready": ready, "free_bytes": free}, 200 if ready else 503)


@root.get("/metrics")
@allow("public", "metrics")
async def metrics(request: Request) -> Response:
    if not request.app.state.demo and not caller(request).may("metrics"):
        raise Problem(401, "unauthorized") if caller(request).kind == "anonymous" else Problem(403, "forbidden")
    return Response(generate_latest(registry(request)), media_type="text/plain; version=0.0.4")


def registry(request: Request) -> CollectorRegistry:
    hall: Hall = request.app.state.hall
    taken = CollectorRegistry()

    def gauge(name: str, meaning: str, value: float) -> None:
        Gauge(f"hallq_{name}", meaning, registry=taken).set(value)

    picture = hall.picture
    gauge("waiting", "Tickets that wait", sum(queue.waiting for queue in picture.queues.values()))
    gauge(
        "windows_staffed", "Windows with a clerk", sum(window.clerk is not None for window in picture.windows.values())
    )
    gauge("live_clients", "Open live sockets", len(request.app.state.live.clients))
    gauge("commits", "Steps of the live picture", hall.seq)
    gauge(
        "devices_down", "Devices that do not answer", sum(device["state"] != "up" for device in hall.extras("device"))
    )
    return taken


@root.websocket("/live")
async def live(socket: WebSocket, view: str = "", place: str = "", guest: bool = False) -> None:
    """`guest`: the board as visitors may see it, without anybody's name."""
    app = socket.scope["app"]
    hall, feed = app.state.hall, app.state.live
    await socket.accept()
    try:
        kind, named = views.parse(view)
        wanted = named or place or None
        if not same_site(socket):
            raise Problem(403, "forbidden")
        permission = f"view.{kind}"
        who = await app.state.gate.admit(socket, (permission,), wanted, kind == "window")
        if who.kind == "token" and named is not None and who.place != named:
            raise Problem(403, "forbidden")
        window = hall.picture.windows.get(named or "")
        if named is not None and window is None:
            raise Problem(404, "not_found", what="window", id=named)
        if who.role == "chief" and window is not None and window.department != who.department:
            raise Problem(403, "forbidden")
        await trace(hall, who, f"/live/{kind}")
    except Problem as problem:
        await socket.close({401: 4401, 404: 4404}.get(problem.status, 4403))
        return
    session = socket.cookies.get(PERSON_COOKIE) if who.kind == "person" else None
    marks = {who.actor} | ({fingerprint(session)} if session else set())
    shown = "guest" if guest and kind == "board" else kind
    client = Client(socket, views.view(hall, shown, named or who.place), marks)
    page = f"page/{who.role}/{who.place}" if who.kind == "token" else f"page/{kind}/{named}" if named else ""
    with _open_page(hall, page):
        await until_gone(socket, feed.serve(client))


@contextmanager
def _open_page(hall: Hall, page: str) -> Iterator[None]:
    """A paired page, or a clerk's, counts as on while one of its sockets is open (office.kinds, web.system)."""
    if not page:
        yield
        return
    hall.set_extra(page, hall.extra.get(page, 0) + 1)
    try:
        yield
    finally:
        hall.set_extra(page, hall.extra[page] - 1 or None)


async def until_gone(socket: WebSocket, feed: Coroutine[Any, Any, None]) -> None:
    """Feeds it. Clients say nothing; what they send is read and dropped so that a closed socket is noticed."""
    sending, hearing = asyncio.create_task(feed), asyncio.create_task(_hear(socket))
    await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, hearing):
        task.cancel()
    [error, _] = await asyncio.gather(sending, hearing, return_exceptions=True)
    if isinstance(error, Exception) and not isinstance(error, GONE):
        log.error("a live feed failed", path=socket.url.path, exc_info=error)


async def _hear(socket: WebSocket) -> None:
    try:
        while True:
            await socket.receive_text()
    except (*GONE, KeyError):  # the last: bytes instead of words
        return
