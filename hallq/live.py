"""The live picture on sockets: a snapshot, then small whole values of the keys that changed.

No queues and no replay: each client has a set of dirty keys and gets what they are now; a page that misses a step
reconnects. Each value is encoded once per audience, each message once per step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import orjson
import structlog

SLICE = 20  # clients woken per turn of the event loop, so that watchers do not stand in a clerk's way
SEND_TIMEOUT = 10.0  # seconds; a slower client is cut off
PULSE = 0.8  # seconds after which a client without a changed key hears of a commit

log = structlog.get_logger("hallq.live")


class Socket(Protocol):
    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000) -> None: ...


@dataclass(frozen=True, slots=True)
class View:
    """Who looks: `audience` names the shape of the values, `wants` the keys."""

    audience: str
    wants: Callable[[str], bool]


@dataclass(eq=False, slots=True)
class Client:
    socket: Socket
    view: View
    marks: set[str]  # the identity that opened it, and its session: what it is cut off by
    since: int = 0
    dirty: set[str] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Source(Protocol):
    """Where the values come from."""

    def keys(self) -> Iterable[str]: ...

    def value(self, key: str, audience: str) -> object | None:
        """None: there is no such key (any more)."""
        ...


class Live:
    def __init__(self, source: Source, *, epoch: str, build: str, now: Callable[[], str]) -> None:
        self.seq = 0
        self.clients: set[Client] = set()
        self._source = source
        self._epoch, self._build, self._now = epoch, build, now
        self._values: dict[str, dict[str, bytes]] = {}  # key -> audience -> "key":value
        self._messages: dict[tuple[str, int, frozenset[str]], str] = {}
        self._waking: list[Client] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._wake_in_slices()), asyncio.create_task(self._pulse())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in list(self.clients):
            await self._close(client, 1001)

    def publish(self, seq: int, keys: set[str]) -> None:
        """The picture has moved to `seq`, and these keys have new values. Whoever waits for an answer goes first:
        a clerk's press is answered before hundreds of watchers are looked through."""
        asyncio.get_running_loop().call_soon(self._move, seq, keys)

    def _move(self, seq: int, keys: set[str]) -> None:
        self.seq = seq
        self._messages.clear()
        for key in keys:
            self._values.pop(key, None)
        for client in self.clients:
            touched = {key for key in keys if client.view.wants(key)}
            if touched:
                client.dirty |= touched
                self._waking.append(client)
        if self._waking:
            self._wake.set()

    async def serve(self, client: Client) -> None:
        """Send until the socket fails, the client is cut off, or the task is cancelled."""
        client.since = self.seq
        snapshot = self._snapshot(client.view)
        self.clients.add(client)
        try:
            await self._send(client, snapshot)
            while True:
                await client.wake.wait()
                client.wake.clear()
                if client.since != self.seq:
                    await self._send(client, self._delta(client))
        except TimeoutError:
            log.warning("slow live client cut off", who=min(client.marks, key=len))
        finally:
            self.clients.discard(client)

    async def cut(self, mark: str) -> None:
        """End the sockets of an identity that was disabled or revoked, or of a session that ended."""
        for client in [client for client in self.clients if mark in client.marks]:
            await self._close(client, 4401)

    def _snapshot(self, view: View) -> str:
        values = self._body(view.audience, {key for key in list(self._source.keys()) if view.wants(key)})
        head = orjson.dumps({"epoch": self._epoch, "seq": self.seq, "build": self._build, "now": self._now()})
        return (head[:-1] + b',"all":{' + b",".join(text for text in values[0]) + b"}}").decode()

    def _delta(self, client: Client) -> str:
        dirty = frozenset(client.dirty)
        client.dirty.clear()
        step = (client.view.audience, client.since, dirty)
        client.since = self.seq
        message = self._messages.get(step)
        if message is None:
            head = orjson.dumps({"since": step[1], "seq": self.seq})
            if dirty:
                values, gone = self._body(step[0], dirty)
                head = head[:-1] + b',"set":{' + b",".join(values) + b'},"del":' + orjson.dumps(gone) + b"}"
            message = self._messages[step] = head.decode()
        return message

    def _body(self, audience: str, keys: Iterable[str]) -> tuple[list[bytes], list[str]]:
        values, gone = [], []
        for key in sorted(keys):
            text = self._encoded(audience, key)
            if text is None:
                gone.append(key)
            else:
                values.append(text)
        return values, gone

    def _encoded(self, audience: str, key: str) -> bytes | None:
        known = self._values.get(key, {}).get(audience)
        if known is None:
            value = self._source.value(key, audience)
            if value is None:  # not kept: every ticket of every day is gone in the end
                return None
            known = self._values.setdefault(key, {})[audience] = orjson.dumps(key) + b":" + orjson.dumps(value)
        return known

    async def _send(self, client: Client, message: str) -> None:
        async with asyncio.timeout(SEND_TIMEOUT):
            await client.socket.send_text(message)

    async def _close(self, client: Client, code: int) -> None:
        try:
            async with asyncio.timeout(1):
                await client.socket.close(code)
        except (TimeoutError, RuntimeError, OSError):
            log.info("live client was gone already")

    async def _wake_in_slices(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waking:
                turn, self._waking = self._waking[:SLICE], self._waking[SLICE:]
                for client in turn:
                    client.wake.set()
                await asyncio.sleep(0)

    async def _pulse(self) -> None:
        while True:
            await asyncio.sleep(PULSE)
            self._waking += [client for client in self.clients if client.since != self.seq]
            if self._waking:
                self._wake.set()
