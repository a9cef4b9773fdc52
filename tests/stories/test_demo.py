"""The demo as a newcomer plays it: a number, a call, a pulled plug, a rating, and the rating in the record.

What is looked at is what the page of the virtual hall is sent, which the simulated devices decoded from their bytes.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from hallq.demo import _listening, virtual_hall
from hallq.demo.cast import PIN
from hallq.demo.routes import Demo
from hallq.hall import beat
from hallq.store import Locked
from hallq.web.server import make_server

PATIENCE = 40  # seconds


@dataclass
class Visitor:
    """A browser: cookies, and the page of the virtual hall."""

    demo: Demo
    http: httpx.AsyncClient
    socket: ClientConnection
    shown: dict[str, Any] = field(default_factory=dict)

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/api/v1{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        answer = await self.http.get(f"/api/v1{path}")
        assert answer.is_success, answer.text
        return answer.json()

    async def until(self, key: str, good: Callable[[Any], bool]) -> Any:
        """The value of a key, once it is as wanted."""
        async with asyncio.timeout(PATIENCE):
            while key not in self.shown or not good(self.shown[key]):
                message = json.loads(await self.socket.recv())
                self.shown |= message.get("all") or message["set"]
        return self.shown[key]

    async def strip(self, no: str, words: str) -> Any:
        return await self.until(f"device/led-{no}", lambda led: words in "".join(page["text"] for page in led["pages"]))

    async def pad(self, no: str, screen: str) -> Any:
        return await self.until(f"device/pad-{no}", lambda pad: pad["citizen"] and pad["citizen"]["kind"] == screen)

    async def sign_in(self, name: str) -> Any:
        people = (await self.get("/demo/people"))["items"]
        person = next(person for person in people if person["name"] == name)
        await self.post("/demo/session", person=person["person"])
        return person


@asynccontextmanager
async def visit(folder: Path, speed: float = 1.0) -> AsyncIterator[Visitor]:
    with _listening(0) as sock:
        port = sock.getsockname()[1]
        async with virtual_hall(folder, port=port, speed=speed, seed=7) as (demo, app, settings):
            server = make_server(app, settings)
            serving = asyncio.create_task(server.serve(sockets=[sock]))
            url = f"http://127.0.0.1:{port}"
            try:
                async with (
                    httpx.AsyncClient(base_url=url) as http,
                    connect(f"ws{url[4:]}/virtual/live", compression=None) as page,
                ):
                    yield Visitor(demo, http, page)
            finally:
                server.should_exit = True
                await serving


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with visit(tmp_path) as someone:
        yield someone


async def test_a_newcomer_plays_both_sides_and_finds_the_rating(visitor: Visitor) -> None:
    await visitor.until("device/led-3", lambda led: led["pages"])
    await visitor.post("/demo/pair", role="kiosk", place="k1")
    ticket = await visitor.post("/tickets", service="retire", kiosk="k1", request_id="one")
    printer = await visitor.until("device/printer-k1", lambda printer: printer["slip"] is not None)
    assert printer["slip"]["number"] == ticket["number"]
    await visitor.post("/virtual/printers/printer-k1/tear")
    await visitor.until("device/printer-k1", lambda printer: printer["slip"] is None)

    clerk = await visitor.sign_in("王秀兰")
    await visitor.post("/windows/3/sign-in")
    await visitor.pad("3", "idle")
    await visitor.post("/windows/3/call-next")
    strip = await visitor.strip("3", ticket["number"])
    assert ticket["number"].encode("gbk").hex(" ").upper() in strip["hex"]
    await visitor.pad("3", "called")
    voice = await visitor.until("device/voice-1F", lambda voice: voice["said"] or voice["saying"])
    assert ticket["number"] in voice["saying"] + "".join(voice["said"])

    await visitor.post("/virtual/devices/led-3/fault", name="unplug", on=True)
    await visitor.post("/windows/3/finish")
    await visitor.until("floor/1", lambda floor: floor["down"] == 1)
    assert ticket["number"] in visitor.shown["device/led-3"]["pages"][0]["text"]  # a card keeps what it was sent last
    await visitor.post("/virtual/devices/led-3/fault", name="unplug", on=False)
    await visitor.strip("3", "社保")

    await visitor.pad("3", "rate")
    await visitor.post("/virtual/devices/pad-3/press", kind="rate", level=2)
    pad = await visitor.pad("3", "reasons")
    assert {"eff.slow", "clean"} <= {reason["code"] for reason in pad["reasons"]}
    await visitor.post("/virtual/devices/pad-3/press", kind="reasons", reasons=["eff.slow"])
    await visitor.pad("3", "thanks")

    await visitor.sign_in("林静")
    record = await visitor.get(f"/staff/{clerk['id']}/record")
    assert (record["served"], record["levels"]["2"], record["unrated"]) == (1, 1, 0)
    [rating] = (await visitor.get("/ratings"))["items"]
    assert (rating["ticket"], rating["level"]) == (ticket["number"], 2)
    assert "eff.slow" in rating["reasons"]


async def test_a_clerk_who_has_nothing_but_the_pad(visitor: Visitor) -> None:
    await visitor.post("/demo/pair", role="kiosk", place="k1")
    ticket = await visitor.post("/tickets", service="medical-away", request_id="one")
    press = "/virtual/devices/pad-9/press"
    await visitor.pad("9", "closed")
    await visitor.post(press, kind="sign-in", staff_no="0901", pin=PIN)
    await visitor.pad("9", "idle")
    await visitor.post(press, kind="key", verb="call_next")
    await visitor.strip("9", ticket["number"])
    await visitor.post(press, kind="key", verb="finish")
    await visitor.pad("9", "rate")
    assert "level" not in visitor.shown["device/pad-9"]["clerk"]


async def test_robots_take_numbers_serve_rate_and_make_room(tmp_path: Path) -> None:
    async with visit(tmp_path, speed=20) as visitor:
        await visitor.post("/virtual/crowd", count=40)
        await visitor.post("/virtual/clerks", on=True)
        await visitor.until("hall", lambda hall: hall["staffed"] > 20 and not hall["arriving"])
        person = await visitor.sign_in("李文静")
        assert person["window"] == "4"
        await visitor.sign_in("林静")

        async with asyncio.timeout(PATIENCE):
            while not (await visitor.get("/ratings"))["items"]:
                await visitor.until("window/3", lambda _: True)
                message = json.loads(await visitor.socket.recv())
                visitor.shown |= message["set"]
        await visitor.post("/virtual/clerks", on=False)
        await visitor.until("hall", lambda hall: hall["staffed"] <= 1)


async def test_a_hall_goes_on_where_it_was_and_never_back_in_time(tmp_path: Path) -> None:
    async with visit(tmp_path, speed=60) as visitor:
        with pytest.raises(Locked):
            async with virtual_hall(tmp_path, port=0):
                pass
        await visitor.post("/demo/pair", role="kiosk", place="k1")
        first = await visitor.post("/tickets", service="collect", request_id="one")
        await visitor.demo.hall.do(beat)
        before = visitor.demo.hall.store.last
    async with visit(tmp_path) as visitor:
        assert visitor.demo.hall.clock.wall() >= before
        await visitor.post("/demo/pair", role="kiosk", place="k1")
        second = await visitor.post("/tickets", service="collect", request_id="two")
    assert second["number"] > first["number"]


async def test_hands_in_the_hall_are_refused_what_makes_no_sense(visitor: Visitor) -> None:
    for path, body, status in (
        ("/virtual/devices/led-99/fault", {"name": "unplug", "on": True}, 404),
        ("/virtual/devices/led-3/fault", {"name": "paper_out", "on": True}, 422),
        ("/virtual/devices/led-3/press", {"kind": "rate", "level": 5}, 404),
        ("/virtual/devices/pad-3/press", {"kind": "key", "verb": "dance"}, 422),
        ("/virtual/printers/led-3/tear", {}, 404),
        ("/virtual/crowd", {"count": 100000}, 422),
        ("/demo/session", {"person": 9999}, 404),
        ("/demo/pair", {"role": "office", "place": ""}, 422),
    ):
        answer = await visitor.http.post(f"/api/v1{path}", json=body)
        assert (answer.status_code, path) == (status, path), answer.text
    foreign = await visitor.http.post(
        "/api/v1/virtual/crowd", json={"count": 1}, headers={"origin": "http://elsewhere"}
    )
    assert foreign.status_code == 403


def test_a_taken_port_gives_way_to_a_free_one(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with _listening(port) as sock:
            assert sock.getsockname()[1] != port
    assert f"port {port} is taken" in capsys.readouterr().err
