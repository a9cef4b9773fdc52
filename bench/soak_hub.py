"""The hub of the soak: `hallq serve` on a clock that runs fast, with devices that do, and doors to its inside.

`python -m bench.soak_hub HALL.TOML SPEED PACE`: of the clock and of the devices
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import sys
import threading
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import uvloop
from fastapi import FastAPI
from sqlmodel import select

from hallq import logs
from hallq.config import load_settings
from hallq.demo.clock import FastClock
from hallq.devices.fleet import Fleet
from hallq.hall import Hall
from hallq.people import commands as people
from hallq.ticketing import commands
from hallq.ticketing.model import Person
from hallq.web.server import listening, running, web
from hallq.wiring import wiring

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


async def serve(file: Path, speed: float, pace: float) -> None:
    settings = load_settings(file)
    vars(wiring)["Fleet"] = partial(Fleet, tempo=1 / pace)
    async with running(settings, clock=FastClock(speed), extend=doors) as (_, app):
        with listening("127.0.0.1", settings.server.port) as sock:
            await web(app, settings, sock)


def doors(app: FastAPI, hall: Hall) -> None:
    async def come(no: str) -> dict[str, Any]:
        """The window's clerk signs in and has a session. Both end with the day, which is short here."""
        [clerk] = await hall.read(lambda db: db.find(select(Person).where(Person.window == no)))
        assert clerk.id is not None
        if hall.picture.windows[no].clerk is None:
            await hall.do(commands.sign_in, window=no, person=clerk.id)
        return {"session": await hall.do(people.open_session, person=clerk.id)}

    async def inside() -> dict[str, Any]:
        health = app.state.wiring.fleet.health().items()
        return vitals() | {"away": {device: each.error for device, each in health if each.state != "up"}}

    app.add_api_route("/soak/come/{no}", come, methods=["POST"])
    app.add_api_route("/soak/vitals", inside, methods=["GET"])


def vitals() -> dict[str, Any]:
    """What this process holds, by kind."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB
    database = ctypes.CDLL("libsqlite3.so.0").sqlite3_memory_used() / 1e6  # its page caches grow with it, up to a size
    tasks = Counter(task.get_coro().__qualname__ for task in asyncio.all_tasks())  # type: ignore[union-attr]
    threads = Counter(thread.name.rstrip("_0123456789") for thread in threading.enumerate())
    sizes = {"rss": resident, "database": database, "blocks": sys.getallocatedblocks()}
    return sizes | {"descriptors": _descriptors(), "tasks": tasks, "threads": threads}


def _descriptors() -> Counter[str]:
    found: Counter[str] = Counter()
    for each in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(each)
        except OSError:  # the folder's own, closed meanwhile
            continue
        found[target.partition(":[")[0].replace("/dev/pts/", "pts ").rstrip("0123456789")] += 1
    return found


if __name__ == "__main__":
    logs.configure("ERROR")
    uvloop.run(serve(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
