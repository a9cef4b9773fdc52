"""kill -9 at random moments, over and over, while kiosks, clerks and pads are at work; then the books are read.

What the hub has answered must be there; what it was doing must be there wholly or not at all.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bench.consistency import faults
from bench.hub import Site
from bench.load import Answer, Connection, Unexpected, post
from bench.nursery import Nursery, kill
from hallq.store import connect as open_database

KIOSKS, CLERKS = 6, 8
LONGEST = 0.5  # seconds of load before a kill
AGAIN = 0.01  # seconds until a lost connection is tried anew


@dataclass
class Books:
    """Everything that the hub has acknowledged, over all its lives."""

    tickets: dict[int, str] = field(default_factory=dict)
    calls: set[tuple[int, str]] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)
    ratings: dict[str, int] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[int, int, int, int]:
        return len(self.tickets), len(self.calls), len(self.finished), len(self.ratings)

    def faults(self, site: Site) -> list[str]:
        """What was acknowledged and is not in the database, and what is half there."""
        connection = open_database(site.settings.database_path, query_only=True)
        try:
            tickets = dict(connection.execute("SELECT id, number FROM ticket"))
            calls = set(connection.execute("SELECT ticket, window FROM visit"))
            finished = {ticket for (ticket,) in connection.execute("SELECT ticket FROM visit WHERE end = 'finished'")}
            ratings = dict(connection.execute("SELECT token, level FROM rating"))
        finally:
            connection.close()
        lost = [
            *(f"ticket {number} ({key})" for key, number in self.tickets.items() if tickets.get(key) != number),
            *(f"call of {key} to window {no}" for key, no in self.calls - calls),
            *(f"finish of {key}" for key in self.finished - finished),
            *(f"rating {token}" for token, level in self.ratings.items() if ratings.get(token) != level),
        ]
        return [f"acknowledged and lost: {what}" for what in lost] + faults(site.settings.database_path)


class Client:
    """A connection that is opened anew when the hub went away."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: Connection | None = None

    async def ask(self, request: bytes) -> Answer:
        """Raises OSError when there is no answer: nobody knows then whether it was done."""
        try:
            if self._connection is None:
                self._connection = await Connection.open(self._port)
            return await self._connection.ask(request)
        except OSError:
            self.close()
            raise

    async def insist(self, request: bytes) -> Answer:
        """The same request until it is answered."""
        while True:
            try:
                return await self.ask(request)
            except OSError:
                await asyncio.sleep(AGAIN)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Crowd:
    """Kiosks, clerks and pads that go on whatever happens to the hub."""

    def __init__(self, site: Site, seed: int) -> None:
        self.books = Books()
        self.random = random.Random(seed)
        self._site = site
        self._requests = itertools.count()

    async def work(self) -> None:
        """Until it is cancelled."""
        windows = list(self._site.clerks)[:CLERKS]
        async with asyncio.TaskGroup() as group:
            for _ in range(KIOSKS):
                group.create_task(self._each(self._take))
            for no in windows:
                group.create_task(self._each(lambda client, no=no: self._visit(client, no)))  # type: ignore[misc]
                group.create_task(self._each(lambda client, no=no: self._rate(client, no)))  # type: ignore[misc]

    async def _each(self, step: Callable[[Client], Awaitable[None]]) -> None:
        client = Client(self._site.port)
        try:
            while True:
                try:
                    await step(client)
                except (OSError, WebSocketException):
                    await asyncio.sleep(AGAIN)
        finally:
            client.close()

    async def _take(self, kiosk: Client) -> None:
        """A kiosk asks with the same request id until it knows its number."""
        category = self.random.choice(["ordinary", "ordinary", "elderly"])
        wish = {"service": self.random.choice(self._site.services), "category": category,
                "request_id": f"request-{next(self._requests)}"}  # fmt: skip
        ticket = _answer(await kiosk.insist(post("/api/v1/tickets", self._site.kiosk, wish)), 201)
        if self.books.tickets.setdefault(ticket["id"], ticket["number"]) != ticket["number"]:
            raise Unexpected(f"ticket {ticket['id']} has two numbers")

    async def _visit(self, clerk: Client, no: str) -> None:
        """Call and finish. After a crash the clerk finds out by trying what stands at the window."""
        called = await clerk.ask(self._press(no, "call-next"))
        if called.status == 409:
            await asyncio.sleep(AGAIN)
        else:
            self.books.calls.add((_answer(called, 200)["ticket"]["id"], no))
        if self.random.random() < 0.3:
            await clerk.ask(self._press(no, "start"))
        finished = await clerk.ask(self._press(no, "finish"))
        if finished.status != 409:
            self.books.finished.add(_answer(finished, 200)["ticket"]["id"])

    def _press(self, no: str, verb: str) -> bytes:
        return post(f"/api/v1/windows/{no}/{verb}", self._site.clerks[no], {})

    async def _rate(self, pad: Client, no: str) -> None:
        """A pad sends a rating until it is acknowledged."""
        bearer = self._site.pads[no]
        name, _, value = bearer.strip().partition(": ")
        url = f"ws://127.0.0.1:{self._site.port}/live?view=pad/{no}/citizen"
        async with connect(url, additional_headers={name: value}, compression=None, open_timeout=5) as socket:
            async for message in socket:
                token = _invitation(json.loads(message), no)
                if token is not None and token not in self.books.ratings:
                    self.books.ratings[token] = await self._press_level(pad, no, token)

    async def _press_level(self, pad: Client, no: str, token: str) -> int:
        level = self.random.randint(1, 5)
        wish = {"token": token, "level": level}
        answer = await pad.insist(post(f"/api/v1/pads/{no}/rating", self._site.pads[no], wish))
        _answer(answer, 200 if answer.status == 200 else 201)  # 200: the hub had it before the crash
        return level


def _answer(answer: Answer, status: int) -> Any:
    if answer.status != status:
        raise Unexpected(f"{answer.status} {answer.body!r}")
    return answer.json()


def _invitation(message: Any, no: str) -> str | None:
    pad = (message.get("all") or message.get("set") or {}).get(f"pad/{no}")
    token: str | None = pad["token"] if pad and pad["screen"] == "rate" else None
    return token


async def kill_often(site: Site, nursery: Nursery, times: int, seed: int, *, each: Callable[[int], None]) -> Books:
    """So many lives of one hall, each ended by kill -9 in the middle of its work; then one that answers everything."""
    crowd = Crowd(site, seed)
    work = asyncio.create_task(crowd.work())
    try:
        for life in range(times):
            hub = await asyncio.to_thread(nursery.start, site)
            await asyncio.wait({work}, timeout=crowd.random.uniform(0.02, LONGEST))
            while min(crowd.books.answers) <= life and not work.done():  # on a slow machine a life takes longer
                await asyncio.wait({work}, timeout=AGAIN)
            await asyncio.to_thread(kill, hub)
            each(life)
            if work.done():
                break
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    if not work.cancelled() and (error := work.exception()) is not None:
        raise error
    return crowd.books
