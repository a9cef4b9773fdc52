"""Load from a process of its own: N keep-alive connections, each with one request under way. Counts and times."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import uvloop

Request = tuple[str, str, bytes]  # method, path, body


@dataclass
class Outcome:
    """What a run saw: seconds per answer, answers by status, and the run's length in seconds."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request, headers: str
) -> tuple[int, bytes]:
    method, path, body = request
    head = f"{method} {path} HTTP/1.1\r\nhost: hub\r\n{headers}content-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    lower = answer.lower()
    start = lower.index(b"content-length:") + 15
    length = int(lower[start : lower.index(b"\r\n", start)])
    return int(answer[9:12]), await reader.readexactly(length)


async def _client(
    port: int, requests: Iterator[Request], headers: str, until: Callable[[], bool], out: Outcome, hear: Callable[[int, bytes], None] | None
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in requests:
            if until():
                break
            began = time.perf_counter()
            status, body = await ask(reader, writer, request, headers)
            out.latencies.append(time.perf_counter() - began)
            out.statuses[status] = out.statuses.get(status, 0) + 1
            if hear is not None:
                hear(status, body)
    finally:
        writer.close()


def headers_of(token: str | None) -> str:
    bearer = f"authorization: Bearer {token}\r\n" if token else ""
    return f"{bearer}content-type: application/json\r\n"


async def run(
    port: int, streams: list[Iterator[Request]], tokens: list[str | None], seconds: float, hear: Callable[[int, bytes], None] | None = None
) -> Outcome:
    """One connection per stream for so many seconds."""
    out = Outcome()
    end = time.perf_counter() + seconds
    began = time.perf_counter()
    await asyncio.gather(
        *(
            _client(port, stream, headers_of(token), lambda: time.perf_counter() >= end, out, hear)
            for stream, token in zip(streams, tokens, strict=True)
        )
    )
    out.seconds = time.perf_counter() - began
    return out


def posts(path: str, body: object) -> Iterator[Request]:
    encoded = json.dumps(body).encode()
    while True:
        yield "POST", path, encoded


def load(*args: object) -> Outcome:
    return uvloop.run(run(*args))  # type: ignore[arg-type]
