"""A machine that lends ports: both real ends of a relay's connection, joined by queues instead of a socket."""

from __future__ import annotations

import asyncio

from hallq.devices.links import LinkLost
from hallq.kernel import SystemClock
from hallq.relay.client import RelayEnd
from hallq.relay.mux import Receive, Send
from hallq.relay.registry import Relays

NAME = "far"
Messages = asyncio.Queue[bytes | None]  # None: the cable is pulled


class FarMachine:
    """`ports` may grow before it is plugged in."""

    def __init__(self) -> None:
        self.ports: dict[str, str] = {}
        self.relays = Relays([NAME], SystemClock())
        self._cable: tuple[Messages, Messages] | None = None
        self._tasks: list[asyncio.Task[object]] = []

    def plug(self) -> None:
        """Connects; the older connection, if any, is dead."""
        self.unplug()
        up, down = self._cable = asyncio.Queue(), asyncio.Queue()
        there = RelayEnd(*ends(up, down), self.ports)
        here = self.relays.serve(NAME, *ends(down, up))
        self._tasks += [asyncio.create_task(there.run()), asyncio.create_task(here)]

    def unplug(self) -> None:
        for messages in self._cable or ():
            messages.put_nowait(None)
        self._cable = None

    async def stop(self) -> None:
        self.unplug()
        await asyncio.gather(*self._tasks)


def ends(out: Messages, inward: Messages) -> tuple[Send, Receive]:
    async def send(message: bytes) -> None:
        out.put_nowait(message)

    async def receive() -> bytes:
        message = await inward.get()
        if message is None:
            inward.put_nowait(None)
            raise LinkLost("unplugged")
        return message

    return send, receive
