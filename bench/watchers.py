"""Those who look on, in a process of their own: displays on sockets, phones that poll; and when they saw what."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.hub import ROOT
from bench.load import Connection, get, go

EVERY = 10.0  # seconds between a phone's looks


class Display(asyncio.Protocol):
    """One socket of a public screen; notes when a window's new value arrives."""

    def __init__(self, headers: str) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self.seen: list[float] = []
        self._headers = headers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = f"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: {key}\r\n"
        version = "sec-websocket-version: 13\r\n"
        transport.write(get("/live?view=screen", self._headers + upgrade + version))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            if b'"epoch"' in data:
                self.ready.set_result(None)
        elif b'"window/' in data:
            self.seen.append(time.perf_counter())


async def displays(port: int, count: int, headers: str) -> list[Display]:
    loop, opened = asyncio.get_running_loop(), []
    for _ in range(count):
        _, display = await loop.create_connection(lambda: Display(headers), "127.0.0.1", port)
        await asyncio.wait_for(display.ready, 30)
        opened.append(display)
    return opened


async def phones(port: int, paths: list[str], count: int) -> None:
    """Each looks every ten seconds with the tag of its last look, all of them spread evenly."""
    connections = [await Connection.open(port) for _ in range(32)]
    tags: dict[int, str] = {}

    async def share(first: int) -> None:
        began = time.perf_counter()
        turn = 0
        while True:
            for phone in range(first, count, len(connections)):
                due = began + turn * EVERY + phone / count * EVERY
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                known = f"if-none-match: {tags[phone]}\r\n" if phone in tags else ""
                tags[phone] = (await connections[first].ask(get(paths[phone % len(paths)], known))).etag
            turn += 1

    await asyncio.gather(*(share(first) for first in range(len(connections))))


async def main(kind: str, port: int, count: int) -> None:
    rest = json.loads(sys.stdin.readline())
    loop = asyncio.get_running_loop()
    opened = await displays(port, count, rest) if kind == "displays" else []
    polling = asyncio.create_task(phones(port, rest, count)) if kind == "phones" else None
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    if polling is not None:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    print(json.dumps([display.seen for display in opened]), flush=True)


class Watching:
    """What the watchers' process saw: per display the times (perf_counter) of its windows' changes."""

    def __init__(self) -> None:
        self.seen: list[list[float]] = []


@contextmanager
def watching(kind: str, port: int, count: int, rest: object) -> Iterator[Watching]:
    """`rest`: the displays' headers, or the phones' paths. `seen` is filled at the block's end."""
    command = [sys.executable, "-m", "bench.watchers", kind, str(port), str(count)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    watched = Watching()
    try:
        print(json.dumps(rest), file=process.stdin, flush=True)
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the watchers did not start")
        yield watched
        print("stop", file=process.stdin, flush=True)
        watched.seen = json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    go(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
