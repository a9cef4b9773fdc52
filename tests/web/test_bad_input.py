"""Bad input gets the error of CONTRACT.md, early, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select

from hallq.duties import DUTIES
from hallq.ticketing.model import Ticket
from tests.hub import Caller, Hub

TICKETS = select(Ticket.id, Ticket.number)
GOOD = {"service": "id"}


def shaped(body: Any) -> Any:
    error = body["error"]
    assert set(error) == {"code", "message", "detail"} and error["code"] and error["message"]
    return error


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b'{"service": "id", "people": NaN}', 400),
        (b'{"service": "id", "people": Infinity}', 400),
        (b"[" * 100_000, 413),
        (b"[" * 20_000, 400),
        (b'{"service":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (b"\xff\xfe", 400),
        (json.dumps(GOOD | {"service": "nothing"}).encode(), 422),
        (json.dumps(GOOD | {"category": "vip"}).encode(), 422),
        (json.dumps(GOOD | {"people": 0}).encode(), 422),
        (json.dumps(GOOD | {"people": 1.5}).encode(), 422),
        (json.dumps(GOOD | {"people": "2"}).encode(), 422),
        (json.dumps(GOOD | {"people": True}).encode(), 422),
        (json.dumps(GOOD | {"people": 10**30}).encode(), 422),
        (json.dumps(GOOD | {"needs": ["money"]}).encode(), 422),
        (json.dumps(GOOD | {"needs": "escort"}).encode(), 422),
        (json.dumps(GOOD | {"at": "2020-01-01T00:00:00Z"}).encode(), 422),  # the client's clock is never believed
        (json.dumps(GOOD | {"request_id": ""}).encode(), 422),
        (json.dumps(GOOD | {"request_id": "x" * 65}).encode(), 422),
        (json.dumps({"service": "id\u0000"}).encode(), 422),
        (json.dumps({"service": None}).encode(), 422),
    ],
)
async def test_a_bad_body_is_refused_and_gives_no_number(
    hall_hub: Hub, kiosk: Caller, body: bytes, status: int
) -> None:
    answer = await kiosk.post("/tickets", body)
    assert answer.status_code == status, answer.text
    shaped(answer.json())
    assert await hall_hub.hall.read(lambda db: db.values(TICKETS)) == []


async def test_ten_megabytes_are_refused_before_they_are_read(hall_hub: Hub, kiosk: Caller) -> None:
    headers = kiosk.headers | {"content-type": "application/json", "content-length": str(10 * 1024 * 1024)}
    answer = await hall_hub.http.post("/api/v1/tickets", content=b"x" * 10 * 1024 * 1024, headers=headers)
    assert answer.status_code == 413 and shaped(answer.json())["code"] == "too_large"

    async def chunks() -> Any:
        for _ in range(200):
            yield b" " * 1024

    streamed = {k: v for k, v in headers.items() if k != "content-length"}
    answer = await hall_hub.http.post("/api/v1/tickets", content=chunks(), headers=streamed)
    assert answer.status_code == 413


async def test_the_caller_is_checked_before_the_body(hall_hub: Hub) -> None:
    assert (await hall_hub.anyone.post("/tickets", b"{")).status_code == 401
    board = await hall_hub.device("board")
    assert (await board.post("/tickets", b"{")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/v1/tickets/999", 404, "not_found"),
        ("GET", "/api/v1/tickets/abc", 422, "invalid"),
        ("GET", "/api/v1/tickets/99999999999999999999", 404, "not_found"),
        ("POST", "/api/v1/tickets/99999999999999999999/cancel", 404, "not_found"),
        ("PUT", "/api/v1/tickets", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/tickets/1", 405, "method_not_allowed"),
        ("POST", "/api/v1/windows/99/call-next", 403, "forbidden"),
        ("GET", "/static/old/shared/base.css", 404, "not_found"),
        ("GET", "/window/99", 404, "not_found"),
    ],
)
async def test_the_frameworks_own_errors_have_the_same_shape(
    hall_hub: Hub, kiosk: Caller, method: str, path: str, status: int, code: str
) -> None:
    answer = await kiosk.ask(method, path)
    assert answer.status_code == status, answer.text
    assert shaped(answer.json())["code"] == code


async def test_a_wrong_media_type_is_415(hall_hub: Hub, kiosk: Caller) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = await kiosk.post("/tickets", b'{"service":"id"}', **{"content-type": kind})
        assert answer.status_code == 415 and shaped(answer.json())["code"] == "unsupported"


async def test_messages_follow_the_language_and_codes_do_not(hall_hub: Hub) -> None:
    zh = await hall_hub.anyone.post("/tickets", GOOD)
    en = await hall_hub.anyone.post("/tickets", GOOD, **{"accept-language": "en-GB,en;q=0.9"})
    assert zh.json()["error"]["code"] == en.json()["error"]["code"]
    assert zh.json()["error"]["message"] != en.json()["error"]["message"]
    assert en.json()["error"]["message"].isascii()


async def test_a_wrong_window_blanks_no_display(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    before = hall_hub.hall.picture
    for no in ("99", "0", "1%20", "../1", "一"):
        answer = await clerk.post(f"/windows/{no}/call-next")
        assert answer.status_code in (403, 404, 405), (no, answer.text)
    assert hall_hub.hall.picture == before


async def test_idempotency(hall_hub: Hub, kiosk: Caller) -> None:
    wish = GOOD | {"request_id": "abc"}
    first, again = await kiosk.post("/tickets", wish), await kiosk.post("/tickets", wish)
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    reused = await kiosk.post("/tickets", wish | {"people": 2})
    assert reused.status_code == 409 and shaped(reused.json())["code"] == "request_id_reused"
    other = await hall_hub.device("kiosk", "k2")
    assert (await other.post("/tickets", wish)).json()["id"] != first.json()["id"]  # per caller
    refused = await kiosk.post("/tickets", {"service": "none", "request_id": "later"})
    assert refused.status_code == 422
    assert (await kiosk.post("/tickets", GOOD | {"request_id": "later"})).status_code == 201  # successes only


async def test_no_get_changes_anything(hall_hub: Hub) -> None:
    """But that somebody has read personal data stands in the journal."""
    from tests.web.test_doors import path_of, routes

    office = await hall_hub.person("管理员", "admin")
    for duty in DUTIES:  # what the first tick does anyway
        await hall_hub.hall.do(duty)
    before, picture = hall_hub.hall.store._connection.total_changes, hall_hub.hall.picture
    for route in routes(hall_hub):
        if "GET" in (route.methods or ()):
            await office.ask("GET", path_of(route))
    [reads] = hall_hub.hall.store._connection.execute("SELECT count(*) FROM journal WHERE verb = 'looked'").fetchone()
    changed = hall_hub.hall.store._connection.total_changes - before
    assert changed == reads and hall_hub.hall.picture is picture


async def test_markup_in_a_name_is_text_everywhere(hall_hub: Hub) -> None:
    from hallq.people import commands

    evil = "<script>alert(1)</script>"
    await hall_hub.hall.do(commands.add_person, name=evil, role="clerk", window="1")
    person = await hall_hub.person(evil)
    await person.ok("/windows/1/sign-in")
    answer = await person.get("/windows/1")
    assert answer.headers["content-type"] == "application/json" and answer.json()["clerk"]["name"] == evil
    page = await hall_hub.anyone.ask("GET", "/window/1")
    assert evil not in page.text and "content-security-policy" in page.headers


@pytest.mark.parametrize("path", ["/appointments/slots?service=id", "/appointments?", "/forecast?", "/settlement?"])
@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "9999-12-31", "today", ""])
async def test_a_day_that_there_is_not_is_refused(hall_hub: Hub, path: str, day: str) -> None:
    office = await hall_hub.person("office-days", "office")
    answer = await office.get(f"{path}&day={day}")
    assert answer.status_code == 422, answer.text
    assert shaped(answer.json())["detail"]["field"] == "day"


async def test_what_is_made_is_made_once_for_a_request_id(hall_hub: Hub) -> None:
    """A slot's plan is a new row each time; a year's plan replaces the one before."""
    office = await hall_hub.person("office-once", "office")
    slots = {"service": "id", "days": [1], "start": "09:00", "until": "10:00", "minutes": 30, "capacity": 1}
    first, second = [await office.post("/appointments/plans", slots | {"request_id": "a"}) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    other = await office.post("/appointments/plans", slots | {"request_id": "a", "capacity": 2})
    assert shaped(other.json())["code"] == "request_id_reused"
    year = {"department": "ga", "year": 2027, "seasons": [], "request_id": "b"}
    one, again = [await office.ok("/window-plans", year) for _ in range(2)]
    assert one["id"] == again["id"]


async def test_a_walk_in_and_a_count_happen_once(hall_hub: Hub) -> None:
    clerk, kiosk = await hall_hub.clerk("王芳", "1"), await hall_hub.device("kiosk", "k1")
    walk_in = {"service": "id", "reason": "急事", "request_id": "w"}
    one, two = [(await clerk.ok("/windows/1/walk-in", walk_in))["ticket"]["id"] for _ in range(2)]
    assert one == two
    other = await clerk.post("/windows/1/walk-in", walk_in | {"reason": "x"})
    assert shaped(other.json())["code"] == "request_id_reused"
    away = {"why": "full", "request_id": "t"}
    assert await kiosk.ok("/services/id/turned-away", away) == await kiosk.ok("/services/id/turned-away", away)


async def test_a_look_without_a_filter_is_about_now(hall_hub: Hub) -> None:
    office = await hall_hub.person("office-now", "office")
    assert (await office.get("/calendar")).json() == (await office.get("/calendar?year=2026")).json()
