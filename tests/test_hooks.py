"""Other systems are told in order, signed, until they have taken it; nothing personal is in it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from hallq.assessment.ratings import commands as ratings
from hallq.assessment.ratings.model import Invitation
from hallq.config import ConfigError, parse_settings
from hallq.hall import Hall
from hallq.hooks import adapters, commands, sender
from hallq.hooks.adapters import Outgoing
from hallq.hooks.model import Delivery
from hallq.kernel import SECOND, Refused
from hallq.ticketing import commands as ticketing
from hallq.ticketing.model import Notice
from tests.hub import ManualClock, write_hall

SECRET = b"0123456789abcdef"
TOKEN = select(Invitation.token)
NOTICES = select(Notice).where(col(Notice.done_at).is_(None))
HOOK = {"name": "city", "url": "http://platform.example/hook", "secret_file": "city.key", "events": ["rating"]}


def test_the_signature_is_over_time_and_body() -> None:
    post = adapters.SignedJson().post(Outgoing(7, "rating", b"{}"), SECRET, 1_700_000_000_000)
    expected = hmac.new(SECRET, b"1700000000.{}", hashlib.sha256).hexdigest()
    assert post.headers["X-HallQ-Signature"] == f"t=1700000000,v1={expected}"
    assert post.headers["X-HallQ-Delivery"] == "7"


RATED = json.dumps({"event": "rating", "at": "2026-11-20T10:06:31.000+08:00", "data": {
    "service": "social", "service_name": "社保", "window": "3", "staff_no": None, "level": 2, "reasons": ["eff.wait"],
    "channel": "pad", "rated_at": "2026-11-20T10:06:31.000+08:00"}}).encode()  # fmt: skip


def test_the_example_wants_ratings_alone() -> None:
    example = adapters.ExampleProvince()
    assert example.post(Outgoing(1, "visit.finished", b"{}"), SECRET, 0) is None
    post = example.post(Outgoing(1, "rating", RATED), SECRET, 5000)
    assert post is not None
    fields = json.loads(post.body)
    assert (fields["satisfaction"], fields["evalChannel"], fields["assessTime"]) == ("2", "10", "2026-11-20 10:06:31")
    assert post.headers["sign"] == hashlib.sha256(b"5" + post.body + SECRET).hexdigest().upper()


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [(200, b'{"code":0}', "done"), (200, b'{"code":40012}', "refused"), (200, b'{"code":50000}', "again"),
     (200, b"<html>", "again"), (502, b'{"code":0}', "again"), (200, b"[]", "again")],
)  # fmt: skip
def test_the_example_reads_its_platforms_answers(status: int, body: bytes, verdict: str) -> None:
    assert adapters.ExampleProvince().judge(status, body) == verdict


@pytest.mark.parametrize(("tries", "seconds"), [(1, 1), (2, 2), (5, 16), (12, 2048), (13, 3600), (99, 3600)])
def test_the_pauses_between_tries_grow_to_an_hour(tries: int, seconds: int) -> None:
    assert commands.pause_after(tries) == seconds * SECOND


def settings_with(folder: Path, **changes: Any) -> Any:
    raw = {"hall": {"id": "x", "name": "x"}, "webhook": [HOOK | changes]}
    return parse_settings(raw, folder / "hall.toml")


@pytest.mark.parametrize("secret", [None, "short"])
def test_a_hook_without_a_secret_does_not_start(tmp_path: Path, secret: str | None) -> None:
    if secret is not None:
        (tmp_path / "city.key").write_text(secret)
    with pytest.raises(ConfigError, match=r"city.key holds no secret"):
        sender.lines(settings_with(tmp_path))


def test_an_unknown_adapter_is_named(tmp_path: Path) -> None:
    (tmp_path / "city.key").write_bytes(SECRET)
    with pytest.raises(ConfigError, match='no adapter "nobody"; there are signed-json, example-province'):
        sender.lines(settings_with(tmp_path, adapter="nobody"))


@pytest.mark.parametrize("url", ["platform", "ftp://x/y", "http://x y"])
def test_an_address_is_a_web_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="url"):
        settings_with(tmp_path, url=url)


class Platform:
    """Answers as it is told to, and remembers what it got."""

    def __init__(self) -> None:
        self.answers: list[int | Exception] = []
        self.got: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        if answer < 300:
            self.got.append(json.loads(request.content))
        return httpx.Response(answer, text="ok")


@pytest.fixture
async def telling(tmp_path: Path) -> AsyncIterator[Any]:
    """The hall, its clock, the platform, and a function that hands over once."""
    (tmp_path / "city.key").write_bytes(SECRET)
    known = HOOK | {"events": ["rating", "visit.finished", "outcome.recorded"]}
    hook = "".join(f"{name} = {json.dumps(value)}\n" for name, value in known.items())
    settings = write_hall(tmp_path, devices=f"[[webhook]]\n{hook}")
    clock, platform = ManualClock(), Platform()
    [line] = sender.lines(settings)
    out = httpx.AsyncClient(transport=httpx.MockTransport(platform))
    async with Hall.open(settings, clock=clock) as hall, out as client:

        async def once() -> Delivery | None:
            """One hand-over of what waits first; the row as it is now."""
            row = await hall.read(commands.first, hook="city")
            if row is None:
                return None
            await sender.hand_over(hall, line, client, row)
            return await hall.read(lambda db: db.get(Delivery, row.id))

        yield hall, clock, platform, once


async def served_and_rated(hall: Hall, level: int) -> None:
    await hall.do(ticketing.sign_in, person=1, window="1")
    await hall.do(ticketing.issue, service="id")
    await hall.do(ticketing.call_next, window="1")
    await hall.do(ticketing.finish, window="1")
    token = await hall.read(lambda db: db.values(TOKEN)[0][0])
    await hall.do(ratings.rate, token=token, window="1", level=level, comment="王先生 138")


async def test_the_kind_of_case_is_told_i07(telling: Any) -> None:
    hall, _, platform, once = telling
    await hall.do(ticketing.sign_in, person=1, window="1")
    await hall.do(ticketing.issue, service="id")
    await hall.do(ticketing.call_next, window="1")
    await hall.do(ticketing.finish, window="1", outcome="promise", case_no="SP-1")
    assert [(await once()).state, (await once()).state] == ["done", "done"]
    told = platform.got[1]
    assert (told["event"], told["data"]["kind"], told["data"]["case_no"]) == ("outcome.recorded", "promise", "SP-1")


async def test_what_happened_is_told_in_order_and_without_the_citizens_words(telling: Any) -> None:
    hall, _, platform, once = telling
    await served_and_rated(hall, 2)
    assert [(await once()).state, (await once()).state, await once()] == ["done", "done", None]
    assert [each["event"] for each in platform.got] == ["visit.finished", "rating"]
    assert platform.got[1]["data"] | {"level": 2, "window": "1", "service": "id"} == platform.got[1]["data"]
    assert "138" not in json.dumps(platform.got)


async def test_what_is_not_taken_waits_and_holds_back_what_comes_after(telling: Any) -> None:
    hall, clock, platform, once = telling
    await served_and_rated(hall, 5)
    platform.answers = [503, httpx.ConnectError("x"), 200]
    first = await once()
    assert (first.state, first.tries, first.next_at - clock.at, first.answer) == ("waiting", 1, 1000, "503 ok")
    second = await once()
    assert (second.id, second.tries, second.answer) == (first.id, 2, "ConnectError")
    assert (await once()).state == "done"


async def test_after_a_week_the_office_is_told_and_may_send_again(telling: Any) -> None:
    hall, clock, platform, once = telling
    await served_and_rated(hall, 5)
    clock.pass_(8 * 24 * 3600)
    platform.answers = [500]
    given_up = await once()
    assert given_up.state == "given_up"
    assert any(notice.words == "hk.trouble" for notice in await hall.read(lambda db: db.find(NOTICES)))
    again = await hall.do(commands.send_again, delivery=given_up.id)
    assert again.state == "waiting"
    with pytest.raises(Refused, match="wrong_state"):
        await hall.do(commands.send_again, delivery=given_up.id)
