"""Running a hall: the hub, its devices, its outbox, the admin socket and the web server, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from hallq.admin import Ops, serve_admin
from hallq.backup import every_night
from hallq.config import Settings
from hallq.hall import Hall
from hallq.hooks import sender
from hallq.kernel import Clock
from hallq.web.app import create_app
from hallq.wiring import device_register
from hallq.wiring.device_tests import DeviceTests
from hallq.wiring.wiring import Wiring

TICK = 0.25  # seconds
log = structlog.get_logger("hallq.server")


def run(settings: Settings, *, accept_clock: bool = False) -> None:
    """`hallq serve`. Returns when it was told to stop (SIGINT, SIGTERM)."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, accept_clock=accept_clock))


async def serve(settings: Settings, *, accept_clock: bool = False) -> None:
    async with running(settings, accept_clock=accept_clock) as (hall, app):
        host, port = settings.server.host, settings.server.port
        with listening(host, port) as sock:
            scheme = "https" if settings.tls else "http"
            log.info("ready", hall=hall.settings.hall.id, address=f"{scheme}://{host}:{sock.getsockname()[1]}/")
            await web(app, settings, sock)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    demo: bool = False,
    clock: Clock | None = None,
    accept_clock: bool = False,
    extend: Callable[[FastAPI, Hall], None] | None = None,
) -> AsyncIterator[tuple[Hall, FastAPI]]:
    """A hall with everything but the web server's socket. `extend` adds routes (the demo's)."""
    hooks = sender.lines(settings)
    async with Hall.open(settings, clock=clock, accept_clock=accept_clock) as hall, Wiring(hall) as wiring:
        app = create_app(hall, demo=demo)
        app.state.wiring = wiring
        app.state.device_tests = tests = DeviceTests(wiring)
        if extend is not None:
            extend(app, hall)
        admin = serve_admin(hall, settings.socket_path, cut=app.state.live.cut, ops=_device_ops(wiring, tests))
        forecasts, told = app.state.forecasts.keep(), sender.send_all(hall, hooks)
        async with background(_ticks(hall), admin, every_night(hall), forecasts, told, app.state.bulletins.keep()):
            yield hall, app


def _device_ops(wiring: Wiring, tests: DeviceTests) -> Ops:
    """For `hallq devices probe / test / watch / roll-call`."""

    async def look(actor: str, args: dict[str, Any]) -> Any:
        return await device_register.one(wiring, args["id"])

    async def test(actor: str, args: dict[str, Any]) -> Any:
        return await tests.through(actor, args["id"])

    async def roll_call(actor: str, args: dict[str, Any]) -> Any:
        return wiring.roll_call.turn(args["on"], args["zone"])

    return {"device": look, "device_test": test, "roll_call": roll_call}


@asynccontextmanager
async def background(*work: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_told(each)) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _told(work: Coroutine[Any, Any, None]) -> None:
    """The hall goes on without it, and the log says so."""
    try:
        await work
    except Exception:
        log.exception("background work ended")


async def _ticks(hall: Hall) -> None:
    while True:
        try:
            await hall.tick()
        except Exception:
            log.exception("tick failed")
        await asyncio.sleep(TICK)


def listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=2048)
    # opened anew by its number it knows that it is TCP; else asyncio's own loop leaves Nagle on: 40 ms to each answer
    return socket.socket(fileno=made.detach())


async def web(app: FastAPI, settings: Settings, sock: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM."""
    server = make_server(app, settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    await server.serve(sockets=[sock])


class _Server(uvicorn.Server):
    """The hub handles signals itself: its devices and its store stop after the web server."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: FastAPI, settings: Settings) -> uvicorn.Server:
    """Stops when its `should_exit` is set."""
    tls = settings.tls
    config = uvicorn.Config(
        app,
        http="httptools",
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=3,
        proxy_headers=bool(settings.server.trusted_proxies),
        forwarded_allow_ips=list(settings.server.trusted_proxies),
        ssl_certfile=str(tls[0]) if tls else None,
        ssl_keyfile=str(tls[1]) if tls else None,
        server_header=False,
    )
    return _Server(config)
