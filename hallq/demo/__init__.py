"""`hallq demo`: a whole virtual hall in one command. Simulated devices first, each on a line of its own, then the hub.

The hub is the real one: it reads a hall.toml that names those lines, and knows nothing of being a demo but its routes.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from random import Random
from socket import socket
from tempfile import TemporaryDirectory

import uvloop
from fastapi import FastAPI

from hallq import logs
from hallq.admin import offline
from hallq.catalog import import_catalog, load_catalog
from hallq.config import Settings, load_settings
from hallq.demo.cast import PIN, Tokens, settle
from hallq.demo.clock import FastClock
from hallq.demo.feed import Feed
from hallq.demo.guides import with_guides
from hallq.demo.house import House
from hallq.demo.past import history, notices
from hallq.demo.robots import Robots
from hallq.demo.routes import Demo, install
from hallq.journal import Chain
from hallq.kernel import Ms
from hallq.people.secrets import hash_slowly
from hallq.store import take_lock
from hallq.web.server import listening, running, web

HOST = "127.0.0.1"  # a hall that anyone may play with is nobody else's
PAST_DAYS = 62  # the last month is whole: it has a score sheet and a bulletin
EACH = 4  # visits a clerk and day of that past
NAME = "青禾县政务服务中心"
HALL_TOML = f"""# Written anew at each start of `hallq demo`: the simulated devices get new lines each time.
[hall]
id = "demo"
name = "{NAME}"

[server]
host = "{HOST}"
port = {{port}}

[calendar]
open = "always"

[rules]
manual_prefix = "S"

"""


def run(port: int, data: Path | None, speed: float) -> None:
    """Returns when it was told to stop."""
    logs.configure("DEBUG" if "--debug" in sys.argv else "WARNING")
    loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with _folder(data) as folder, _listening(port) as sock, loop as runner:
        runner.run(_serve(folder, sock, speed))


async def _serve(folder: Path, sock: socket, speed: float) -> None:
    port = sock.getsockname()[1]
    async with virtual_hall(folder, port=port, speed=speed, past_days=PAST_DAYS) as (_, app, settings):
        print(addresses(port), flush=True)
        await web(app, settings, sock)


@asynccontextmanager
async def virtual_hall(
    folder: Path, *, port: int, speed: float = 1.0, seed: int | None = None, past_days: int = 0
) -> AsyncIterator[tuple[Demo, FastAPI, Settings]]:
    """Everything but the web server's socket. Locked when a hall is running in the folder already."""
    os.close(take_lock(folder / "hall.db"))  # before that hall's lines are touched
    catalog = folder / "catalog.toml"
    if not catalog.exists():
        catalog.write_bytes((files("hallq") / "demo" / "catalog.toml").read_bytes())
    async with House.opened(load_catalog(catalog), folder) as house:
        (folder / "hall.toml").write_text(HALL_TOML.format(port=port) + house.toml(), "utf-8")
        settings = load_settings(folder / "hall.toml")
        if not settings.database_path.exists():
            await asyncio.to_thread(_begin, settings, past_days)
        clock = FastClock(speed, not_before=_last_time(settings.database_path))
        async with running(settings, demo=True, clock=clock) as (hall, app):
            await hall.do(settle, pin_hash=await asyncio.to_thread(hash_slowly, PIN))
            tokens, wiring = Tokens(hall), app.state.wiring
            robots = Robots(hall, house, app, tokens, Random(seed), clock)
            demo = Demo(hall, house, robots, Feed(hall, house, robots, clock), tokens, clock, wiring.fleet)
            house.lender.connect(wiring.relays)
            demo.run_at(speed)
            install(app, demo)
            try:
                yield demo, app, settings
            finally:
                await robots.close()


def _begin(settings: Settings, past_days: int) -> None:
    if past_days:
        today = datetime.now(settings.rules().timezone).date()
        history.fill(settings, until=today, days=past_days, each=EACH)
        with offline(settings, catalog=False) as store:
            store.run(notices.ask_again)
        return
    with offline(settings, catalog=False) as store:
        store.run(import_catalog, catalog=with_guides(load_catalog(settings.catalog_path)))


def addresses(port: int) -> str:
    base = f"http://{HOST}:{port}"
    rows = (
        (f"{base}/virtual", "the whole hall on one page: start here / 整个大厅"),
        (f"{base}/kiosk", "take a number / 取号"),
        (f"{base}/query?id=q1", "look a guide up / 查询办事指南"),
        (f"{base}/window/3", "call, as the clerk of window 3 / 窗口终端"),
        (f"{base}/pad/3/citizen", "rate / 评价器"),
        (f"{base}/screen", "the public screen / 公共大屏"),
        (f"{base}/guide", "help citizens, as a guide / 导服工作台"),
        (f"{base}/patrol", "go round the hall, as its office / 巡查"),
        (f"{base}/me", "one's own record and score, as a clerk / 我的考核"),
        (f"{base}/board", "the leaders' board / 运行看板"),
        (f"{base}/office", "the hall office / 大厅管理"),
    )
    return "\n".join(f"{address:<40}{words}" for address, words in rows) + "\nCtrl-C ends it / 按 Ctrl-C 结束"


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data.absolute()  # hall.toml's own paths start from itself
        return
    with TemporaryDirectory(prefix="hallq-demo-") as folder:
        yield Path(folder)


def _listening(port: int) -> socket:
    """The wanted port, or a free one when another program has it."""
    try:
        return listening(HOST, port)
    except OSError:
        sock = listening(HOST, 0)
        print(f"hallq: port {port} is taken by another program; using {sock.getsockname()[1]}", file=sys.stderr)
        return sock


def _last_time(database: Path) -> Ms:
    """A hall that ran fast has seen later times than the wall clock shows."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as connection:
        beat = connection.execute("SELECT value FROM hub_state WHERE key = 'heartbeat'").fetchone()
        return max(Chain.load(connection).at, int(beat[0]) if beat else 0)
