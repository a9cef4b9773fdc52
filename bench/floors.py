"""What stands under the numbers: an empty POST through the same web stack, and the durable insert itself."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.hub import Process, free_port, running
from hallq.store import connect


@contextmanager
def empty_post() -> Iterator[Process]:
    """A FastAPI application with one route that does nothing, in a process of its own, as the hub is served."""
    port = free_port()
    with running([sys.executable, "-m", "bench.floors", str(port)], port) as process:
        yield process


def durable_inserts(folder: Path, batch: int, seconds: float) -> float:
    """Rows a second: commits of `batch` inserts of a ticket's size, each commit on the disk before the next begins."""
    connection = connect(folder / f"floor-{batch}.db")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, content TEXT)")
    content, rows = "x" * 400, 0
    began = time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        _commit(connection, content, batch)
        rows += batch
    connection.close()
    return rows / took


def _commit(connection: sqlite3.Connection, content: str, batch: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for _ in range(batch):
        connection.execute("INSERT INTO row (content) VALUES (?)", (content,))
    connection.execute("COMMIT")


def main(port: int) -> None:
    import asyncio

    import uvloop
    from fastapi import FastAPI

    from hallq.config import parse_settings
    from hallq.web.server import listening, web

    app = FastAPI(openapi_url=None)

    @app.post("/empty")
    async def empty() -> dict[str, str]:
        return {}

    settings = parse_settings({"hall": {"id": "floor", "name": "floor"}}, Path("floor"))
    with listening("127.0.0.1", port) as sock, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(web(app, settings, sock))


if __name__ == "__main__":
    main(int(sys.argv[1]))
