"""The door for machines that lend ports: a token of the role `relay`, one binary WebSocket, nothing else."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Request, WebSocket
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

from hallq.devices.links import LinkLost
from hallq.live import Client, View
from hallq.relay.mux import Receive, Send
from hallq.relay.registry import Relays
from hallq.web.common import hall_of, reply
from hallq.web.errors import Problem
from hallq.web.guard import GuardedRoute, allow, same_site

router = APIRouter(route_class=GuardedRoute)
GONE = (WebSocketDisconnect, RuntimeError, OSError)  # how a socket says that nobody is there
NOTHING = View("relay", lambda key: False)


@router.websocket("/relay")
async def relay(socket: WebSocket) -> None:
    state = socket.scope["app"].state
    await socket.accept()
    try:
        if not same_site(socket):
            raise Problem(403, "forbidden")
        who = await state.gate.admit(socket, ("relay",))
    except Problem as problem:
        await socket.close(4401 if problem.status == 401 else 4403)
        return
    relays: Relays = state.wiring.relays
    client = Client(socket, NOTHING, {who.actor})  # a revoked token ends it, as it ends a page
    state.live.clients.add(client)
    try:
        await relays.serve(who.place, *_ends(socket))
    finally:
        state.live.clients.discard(client)
        await _close(socket)


@router.get("/api/v1/relays")
@allow("devices", "devices.read")
async def get_relays(request: Request) -> Response:
    return reply({"items": hall_of(request).extras("relay"), "next": None})


def _ends(socket: WebSocket) -> tuple[Send, Receive]:
    """Bytes out and in; LinkLost when the socket is gone."""

    async def send(message: bytes) -> None:
        try:
            await socket.send_bytes(message)
        except GONE:
            raise LinkLost("disconnected") from None

    async def receive() -> bytes:
        try:
            return await socket.receive_bytes()
        except (*GONE, KeyError):  # the last: words instead of bytes
            raise LinkLost("disconnected") from None

    return send, receive


async def _close(socket: WebSocket) -> None:
    with suppress(*GONE):
        await socket.close(1001)
