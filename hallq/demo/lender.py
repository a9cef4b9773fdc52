"""The kiosk of the third floor is a machine of its own that lends its ports: both real ends of a relay's connection,
joined within this process.
"""

from __future__ import annotations

import asyncio

from hallq.devices.links import LinkLost
from hallq.relay.client import RelayEnd
from hallq.relay.mux import Receive, Send
from hallq.relay.registry import Relays

Messages = asyncio.Queue[bytes | None]  # None: the cable is pulled


class Lender:
    def __init__(self, name: str) -> None:
        self.name = name
        self.ports: dict[str, str] = {}  # as its relay.toml would have them
        self._cable: tuple[Messages, Messages] | None = None
        self._relays: Relays | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def is_out(self) -> bool:
        return self._cable is None

    def connect(self, relays: Relays) -> None:
        """To the hub, when there is one."""
        self._relays = relays
        self.plug()

    def plug(self) -> None:
        if self._relays is None or self._cable is not None:
            return
        up: Messages = asyncio.Queue()
        down: Messages = asyncio.Queue()
        self._cable = up, down
        self._spawn(RelayEnd(*_ends(up, down), self.ports).run())
        self._spawn(self._relays.serve(self.name, *_ends(down, up)))

    def unplug(self) -> None:
        for messages in self._cable or ():
            messages.put_nowait(None)
        self._cable = None

    async def stop(self) -> None:
        self.unplug()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: object) -> None:
        task: asyncio.Task[object] = asyncio.create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _ends(out: Messages, inward: Messages) -> tuple[Send, Receive]:
    async def send(message: bytes) -> None:
        out.put_nowait(message)

    async def receive() -> bytes:
        message = await inward.get()
        if message is None:
            inward.put_nowait(None)
            raise LinkLost("unplugged")
        return message

    return send, receive
