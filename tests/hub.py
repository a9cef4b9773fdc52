"""A whole hub for tests: real store, real web server on a port of its own, a clock that the test moves."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidState

from hallq.config import Settings, load_settings
from hallq.hall import Hall
from hallq.kernel import Ms
from hallq.people import commands as people
from hallq.people import secrets
from hallq.web.guard import PERSON_COOKIE
from hallq.web.server import listening, make_server, running
from tests.empty_hall import empty_hall

CATALOG = """
[hours]
days = [1, 2, 3, 4, 5]
open = ["08:30-12:00", "14:30-17:30"]
issue_from = "08:00"
issue_until = "17:30"
[[zone]]
code = "1F"
name = "一楼大厅"
floor = 1
[[department]]
code = "ga"
name = "公安户政"
[[department]]
code = "sb"
name = "社会保险"
[[service]]
code = "id"
name = "身份证"
department = "ga"
prefix = "A"
[[service]]
code = "pension"
name = "养老金"
department = "sb"
prefix = "B"
[[service]]
code = "card"
name = "社保卡"
department = "sb"
prefix = "B"
[[window]]
no = "1"
department = "ga"
zone = "1F"
services = ["id"]
[[window]]
no = "2"
department = "sb"
zone = "1F"
services = ["pension", "card"]
[[window]]
no = "3"
department = "sb"
zone = "1F"
services = ["pension"]
[[kiosk]]
id = "k1"
zone = "1F"
[[kiosk]]
id = "k2"
zone = "1F"
[[staff]]
name = "王芳"
title = "窗口人员"
window = "1"
[[staff]]
name = "李明"
title = "窗口人员"
window = "2"
[[staff]]
name = "赵强"
title = "窗口人员"
window = "3"
"""

MONDAY_NINE: Ms = 1_795_395_600_000  # 2026-11-23 09:00 in Asia/Shanghai


@dataclass
class ManualClock:
    """Stands still until the test moves it."""

    at: Ms = MONDAY_NINE

    def wall(self) -> Ms:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000

    def pass_(self, seconds: float) -> None:
        self.at += int(seconds * 1000)


@dataclass
class Caller:
    """One client with its token or session."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"content-type": "application/json"} if body is not None else {}
        return await self.http.request(method, path, content=content, headers={**kind, **self.headers, **headers})

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.ask("POST", f"/api/v1{path}", body, **headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.ask("GET", f"/api/v1{path}", **headers)

    async def ok(self, path: str, body: Any = None) -> Any:
        """The answer of a POST that must succeed."""
        answer = await self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@dataclass
class Hub:
    hall: Hall
    app: Any
    port: int
    clock: ManualClock
    http: httpx.AsyncClient

    @property
    def anyone(self) -> Caller:
        return Caller(self.http)

    async def device(self, role: str, place: str = "") -> Caller:
        token = secrets.new_token()
        await self.hall.do(
            people.add_token, name=f"{role} {place}", role=role, place=place, token_hash=secrets.fingerprint(token)
        )
        return Caller(self.http, {"authorization": f"Bearer {token}"})

    async def person(self, name: str, role: str | None = None, window: str | None = None) -> Caller:
        """Signed in by a session; made first when `role` is given."""
        if role is not None:
            await self.hall.do(people.add_person, name=name, role=role, window=window)
        number = next(row["id"] for row in await self.hall.read(_people) if row["name"] == name)
        token = await self.hall.do(people.open_session, person=number)
        return Caller(self.http, {"cookie": f"{PERSON_COOKIE}={token}"})

    async def clerk(self, name: str, window: str) -> Caller:
        clerk = await self.person(name)
        await clerk.ok(f"/windows/{window}/sign-in")
        return clerk

    @asynccontextmanager
    async def live(self, view: str, caller: Caller) -> AsyncIterator[ClientConnection]:
        url = f"ws://127.0.0.1:{self.port}/live?view={view}"
        async with connect(url, additional_headers=caller.headers, compression=None) as socket:
            yield socket


def _people(db: Any) -> list[dict[str, Any]]:
    from hallq.people.looks import people as everyone

    return everyone(db)


def write_hall(
    folder: Path, *, opening: str = "always", devices: str = "", server: str = "", rules: str = ""
) -> Settings:
    (folder / "catalog.toml").write_text(CATALOG, "utf-8")
    (folder / "hall.toml").write_text(
        f'[hall]\nid = "test"\nname = "测试大厅"\n[server]\nport = 0\n{server}\n'
        f'[calendar]\nopen = "{opening}"\n[rules]\n{rules}\n{devices}',
        "utf-8",
    )
    return load_settings(folder / "hall.toml")


@asynccontextmanager
async def hub(settings: Settings, clock: ManualClock | None = None, *, demo: bool = False) -> AsyncIterator[Hub]:
    clock = clock or ManualClock()
    if not settings.database_path.exists():
        settings.database_path.write_bytes(empty_hall())
    async with running(settings, clock=clock, demo=demo) as (hall, app):
        with listening("127.0.0.1", 0) as sock:
            port = sock.getsockname()[1]
            async with _serving(make_server(app, settings), sock):
                idle = httpx.Limits(keepalive_expiry=2)  # sooner than the server gives an idle connection up
                base = f"http://127.0.0.1:{port}"
                async with httpx.AsyncClient(base_url=base, limits=idle, verify=False) as http:  # no list of CAs
                    http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # each caller brings its own
                    yield Hub(hall, app, port, clock, http)


@asynccontextmanager
async def _serving(server: uvicorn.Server, sock: socket.socket) -> AsyncIterator[None]:
    """As `server.serve` does it, which looks only ten times a second whether it shall end and whether all have gone."""
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([sock])
    await server.on_tick(0)
    state = server.server_state
    try:
        yield
    finally:
        for listener in server.servers:
            listener.close()
        for connection in list(state.connections):
            with suppress(InvalidState):  # its client has just said goodbye itself
                connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                while state.connections or state.tasks:
                    await asyncio.sleep(0.005)
        for task in state.tasks:
            task.cancel()
        await server.lifespan.shutdown()
