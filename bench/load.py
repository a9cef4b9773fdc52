"""Load from a process of its own: keep-alive connections, each with one request under way. Counts and times."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import uvloop

V = TypeVar("V")


class Answer:
    """Status and body of one answer."""

    __slots__ = ("body", "etag", "status")

    def __init__(self, status: int, body: bytes, etag: str = "") -> None:
        self.status, self.body, self.etag = status, body, etag

    def json(self) -> Any:
        return json.loads(self.body)


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection to the hub. Raises ConnectionError when it breaks."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answer: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, port: int) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    async def post(self, path: str, headers: str = "", body: Any = None) -> Answer:
        return await self.ask(post(path, headers, body))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("lost"))

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data
        head = received.find(b"\r\n\r\n")
        if head < 0:
            return
        lines = received[:head].decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        end = head + 4 + int(headers.get("content-length", "0"))
        if len(received) < end:
            return
        self._received = received[end:]
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(int(lines[0][9:12]), received[head + 4 : end], headers.get("etag", "")))


def post(path: str, headers: str = "", body: Any = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    kind = "content-type: application/json\r\n" if content else ""
    head = f"POST {path} HTTP/1.1\r\nhost: hub\r\n{headers}{kind}content-length: {len(content)}\r\n\r\n"
    return head.encode() + content


def get(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: hub\r\n{headers}\r\n".encode()


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[list[Connection]]:
    opened = [await Connection.open(port) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


@dataclass
class Run:
    """Seconds per counted answer, and the run's length."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def at(self, share: float) -> float:
        """The latency in ms that this share of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Unexpected(Exception):
    """The server gave an answer that this measurement cannot count."""


Step = Callable[[Connection], Awaitable[float]]  # one operation; the seconds of it that count


async def timed(connection: Connection, request: bytes, status: int) -> float:
    began = time.perf_counter()
    answer = await connection.ask(request)
    took = time.perf_counter() - began
    if answer.status != status:
        raise Unexpected(f"{answer.status} {answer.body[:300]!r}")
    return took


async def run(port: int, steps: list[Step], seconds: float) -> Run:
    """Every step over and over on a connection of its own, for so many seconds."""
    result = Run()

    async def client(connection: Connection, step: Step, end: float) -> None:
        while time.perf_counter() < end:
            result.latencies.append(await step(connection))

    async with connections(port, len(steps)) as opened:
        began = time.perf_counter()
        pairs = zip(opened, steps, strict=True)
        await asyncio.gather(*(client(connection, step, began + seconds) for connection, step in pairs))
        result.seconds = time.perf_counter() - began
    return result


def go(work: Coroutine[Any, Any, V]) -> V:
    """Run it on the event loop that costs the measuring side least."""
    return uvloop.run(work)
