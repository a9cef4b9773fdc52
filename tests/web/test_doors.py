"""Every door is tried: without sign-in, with the wrong role, for another window, from another origin; all hold."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select
from websockets.exceptions import ConnectionClosed

from hallq.assessment.ratings.model import Rating
from hallq.kernel import Refused
from hallq.limits import SlowDoor
from hallq.people.identity import DEVICE_ROLES, PERMISSIONS, PERSON_ROLES
from tests.hub import Caller, Hub

RATINGS = select(Rating.id, Rating.level)
# open to everyone on purpose: CONTRACT's anonymous row
PUBLIC_WRITES = {
    "/api/v1/session", "/api/v1/pairings", "/api/v1/session/password", "/api/v1/book", "/t/x/rate", "/t/x/x",
}  # fmt: skip


def routes(hub: Hub) -> list[APIRoute]:
    return [route for route in every(hub.app.routes) if isinstance(route, APIRoute)]


def allowed_at(route: APIRoute) -> tuple[str, ...]:
    allowed: tuple[str, ...] = getattr(route.endpoint, "allowed", ())
    return allowed


def every(found: Any) -> list[Any]:
    flat: list[Any] = []
    for route in found:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        flat += every(inner) if inner is not None else [route]
    return flat


def path_of(route: APIRoute) -> str:
    filled = {"no": "1", "kiosk": "k1", "number": "1", "ticket": "1", "pairing": "1"}
    path = re.sub(r"{(\w+)(:path)?}", lambda found: filled.get(found[1], "x"), route.path)
    return path if path.startswith("/api/v1") or not route.include_in_schema else f"/api/v1{path}"


def writes(hub: Hub) -> list[tuple[str, str, tuple[str, ...]]]:
    found = [
        (method, path_of(route), allowed_at(route))
        for route in routes(hub)
        for method in (route.methods or set()) - {"GET", "HEAD"}
    ]
    assert len(found) > 30
    return found


async def test_every_route_says_who_may_come_in(hall_hub: Hub) -> None:
    known = {permission for permissions in PERMISSIONS.values() for permission in permissions} | {"public"}
    for route in routes(hall_hub):
        assert allowed_at(route), route.path
        assert set(allowed_at(route)) <= known, route.path


async def test_no_look_without_an_identity(hall_hub: Hub) -> None:
    """CONTRACT's anonymous row. What pages draw with (names, wordings) is no secret; slots only where phones book."""
    open_looks = {"/api/v1/services", "/api/v1/catalog", "/api/v1/pause-reasons", "/api/v1/pairings/x"}
    answers = {
        path: (await hall_hub.anyone.ask("GET", f"{path}?service=id&day=2026-11-24")).status_code
        for path in (path_of(route) for route in routes(hall_hub) if "GET" in (route.methods or ()))
        if path.startswith("/api/v1/") and not path.endswith("openapi.json")
    }
    assert len(answers) > 30
    found = {path for path, status in answers.items() if status != 401}
    assert {path for path in found if not path.startswith("/api/v1/query/")} == open_looks  # guides are for everybody


async def test_no_write_without_an_identity(hall_hub: Hub) -> None:
    for method, path, allowed in writes(hall_hub):
        answer = await hall_hub.anyone.ask(method, path, {"unknown": 1})
        if path in PUBLIC_WRITES:
            assert answer.status_code in (204, 401, 404, 415, 422), path  # 404: no such page without `public_url`
        else:
            assert "public" not in allowed, path
            assert answer.status_code == 401, (path, answer.text)


async def test_no_write_with_the_wrong_role(hall_hub: Hub) -> None:
    places = {"pad-citizen": "1", "pad-clerk": "1", "kiosk": "k1", "relay": "k1"}
    callers = {role: await hall_hub.device(role, places.get(role, "")) for role in DEVICE_ROLES}
    for role in PERSON_ROLES:
        callers[role] = await hall_hub.person(f"测试{role}", role)
    tried: set[frozenset[str]] = set()
    for turn, (method, path, allowed) in enumerate(writes(hall_hub)):
        wrong = [role for role in callers if not PERMISSIONS[role] & set(allowed)]
        if "public" in allowed or not wrong:
            continue
        # every wrong role at the first route of its permissions, one of them in turn at the others
        for role in [wrong[turn % len(wrong)]] if frozenset(allowed) in tried else wrong:
            answer = await callers[role].ask(method, path, {})
            assert answer.status_code == 403, (role, path, answer.text)
        tried.add(frozenset(allowed))


async def test_no_write_from_another_site(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    others = (
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    )
    for turn, (method, path, _) in enumerate(writes(hall_hub)):
        headers = others[turn % len(others)]
        answer = await clerk.ask(method, path, {}, **headers)
        assert answer.status_code == 403, (path, headers)


async def test_a_clerk_has_only_the_window_where_signed_in(hall_hub: Hub) -> None:
    await hall_hub.clerk("李明", "2")
    other = await hall_hub.person("赵强")
    for verb in ("call-next", "recall", "start", "finish", "no-show", "park", "resume", "back", "undo", "sign-out"):
        assert (await other.post(f"/windows/2/{verb}")).status_code == 403, verb
        assert (await other.post(f"/windows/3/{verb}")).json()["error"]["code"] == "not_signed_in", verb
    assert (await other.post("/windows/2/pause", {"reason": "leave"})).status_code == 403


async def test_a_clerk_signs_in_only_in_the_own_department(hall_hub: Hub) -> None:
    clerk = await hall_hub.person("王芳")
    assert (await clerk.post("/windows/2/sign-in")).status_code == 403


async def test_pads_are_bound_to_their_window(hall_hub: Hub, kiosk: Caller) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    await kiosk.ok("/tickets", {"service": "id"})
    await clerk.ok("/windows/1/call-next")
    await clerk.ok("/windows/1/finish")
    token = hall_hub.hall.invitations["1"].token
    strange = await hall_hub.device("pad-citizen", "2")
    rating = {"token": token, "level": 1}
    assert (await strange.post("/pads/1/rating", rating)).status_code == 403
    assert (await strange.post("/pads/2/rating", rating)).status_code == 403
    assert (await clerk.post("/pads/1/rating", rating)).status_code == 403
    pad = await hall_hub.device("pad-clerk", "2")
    assert (await pad.post("/windows/1/call-next")).status_code == 403
    assert not await hall_hub.hall.read(lambda db: db.values(RATINGS))


async def test_disabled_and_revoked_are_out_at_once(hall_hub: Hub) -> None:
    office = await hall_hub.person("主任", "office")
    clerk = await hall_hub.clerk("王芳", "1")
    assert (await clerk.post("/windows/1/call-next")).status_code == 409
    number = next(row["id"] for row in (await office.get("/people")).json()["items"] if row["name"] == "王芳")
    async with hall_hub.live("window/1", clerk) as socket:
        await socket.recv()
        await office.ok(f"/people/{number}/disable")
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    assert (await clerk.post("/windows/1/call-next")).status_code == 401


async def test_the_live_views_ask_who_looks(hall_hub: Hub) -> None:
    screen = await hall_hub.device("screen")
    for view, caller, code in (
        ("office", hall_hub.anyone, 4401),
        ("office", screen, 4403),
        ("window/1", screen, 4403),
        ("pad/1/citizen", await hall_hub.device("pad-citizen", "2"), 4403),
        ("nothing", screen, 4404),
        ("window/99", await hall_hub.person("王芳"), 4404),
        ("window/1", await hall_hub.person("孙科", "chief"), 4403),
    ):
        async with hall_hub.live(view, caller) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == code, view


async def test_failed_sign_ins_are_slowed_and_good_ones_are_not(hall_hub: Hub) -> None:
    office = await hall_hub.person("主任", "office")
    number = next(row["id"] for row in (await office.get("/people")).json()["items"] if row["name"] == "王芳")
    password = (await office.ok(f"/people/{number}/reset"))["password"]
    for _ in range(3):
        wrong = await hall_hub.anyone.post("/session", {"name": "王芳", "password": "wrong"})
        assert wrong.status_code == 401
    good = await hall_hub.anyone.post("/session", {"name": "王芳", "password": password})
    assert good.status_code == 200 and good.json()["must_change"] is True
    assert "httponly" in good.headers["set-cookie"].lower() and "samesite=strict" in good.headers["set-cookie"].lower()
    for _ in range(7):
        await hall_hub.anyone.post("/session", {"name": "王芳", "password": "wrong"})
    hall_hub.app.state.slow_door.seconds = 0.01
    limited = await hall_hub.anyone.post("/session", {"name": "王芳", "password": "wrong"})
    assert limited.status_code == 429
    assert (await hall_hub.anyone.post("/session", {"name": "王芳", "password": password})).status_code == 200
    hall_hub.clock.pass_(61)
    assert (await hall_hub.anyone.post("/session", {"name": "王芳", "password": "wrong"})).status_code == 401


async def test_guesses_wait_in_a_line_that_has_an_end() -> None:
    door = SlowDoor(seconds=0.01, most=2)
    outcomes = await asyncio.gather(*(door.wait() for _ in range(3)), return_exceptions=True)
    assert [isinstance(outcome, Refused) for outcome in outcomes] == [False, False, True]
    await door.wait()


@pytest.mark.parametrize(
    ("accepted", "english"),
    [("en", True), ("zh-CN", False), ("", False), ("fr", False), ("en;q=0.1, zh-CN", False), ("fr, en;q=0.5", True),
     ("zh;q=0.2,en-GB;q=0.8", True), ("en;q=0", False), ("en;q=x", True), ("zh, en", False)],
)  # fmt: skip
async def test_messages_are_worded_as_the_caller_prefers(hall_hub: Hub, accepted: str, english: bool) -> None:
    answer = await hall_hub.anyone.ask("GET", "/api/v1/hall", None, **{"accept-language": accepted})
    assert (answer.json()["error"]["message"] == "Please sign in first") is english


async def test_times_are_iso_with_offset_in_the_offices_lists(hall_hub: Hub) -> None:
    office = await hall_hub.person("主任", "office")
    await hall_hub.device("screen")
    await hall_hub.anyone.ok("/pairings", {"role": "kiosk", "place": "k1"})
    [asked] = (await office.get("/pairings")).json()["items"]
    [token] = (await office.get("/tokens")).json()["items"]
    for at in (asked["asked_at"], token["created"]):
        assert datetime.fromisoformat(at).utcoffset() is not None
    assert token["revoked_at"] is None
    assert (await hall_hub.anyone.get("/pairings/nothing")).status_code == 404


async def test_a_one_time_password_opens_nothing_but_its_change(hall_hub: Hub) -> None:
    office = await hall_hub.person("主任", "office")
    number = next(row["id"] for row in (await office.get("/people")).json()["items"] if row["name"] == "王芳")
    password = (await office.ok(f"/people/{number}/reset"))["password"]
    good = await hall_hub.anyone.post("/session", {"name": "王芳", "password": password})
    clerk = Caller(hall_hub.http, {"cookie": good.headers["set-cookie"].partition(";")[0]})
    assert (await clerk.post("/windows/1/sign-in")).status_code == 403
    await clerk.ok("/session/password", {"old": password, "new": "一个新的好密码吧"})
    await clerk.ok("/windows/1/sign-in")


async def test_a_browser_pairs_once_the_office_agrees(hall_hub: Hub) -> None:
    office = await hall_hub.person("主任", "office")
    asked = await hall_hub.anyone.ok("/pairings", {"role": "pad-citizen", "place": "1"})
    waiting = await hall_hub.anyone.get(f"/pairings/{asked['id']}")
    assert waiting.json()["state"] == "waiting" and "set-cookie" not in waiting.headers
    [request] = (await office.get("/pairings")).json()["items"]
    assert request["code"] == asked["code"]
    await office.ok(f"/pairings/{request['id']}/confirm", {})
    confirmed = await hall_hub.anyone.get(f"/pairings/{asked['id']}")
    pad = Caller(hall_hub.http, {"cookie": confirmed.headers["set-cookie"].partition(";")[0]})
    async with hall_hub.live("pad/1/citizen", pad) as socket:
        assert '"pad/1"' in str(await socket.recv())


async def test_signing_out_ends_the_sessions_sockets_and_no_others(hall_hub: Hub) -> None:
    here, there = await hall_hub.clerk("王芳", "1"), await hall_hub.person("王芳")
    async with hall_hub.live("window/1", here) as mine, hall_hub.live("window/1", there) as other:
        await mine.recv()
        await other.recv()
        assert (await here.ask("DELETE", "/api/v1/session")).status_code == 204
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await mine.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
        await there.ok("/windows/1/help")
        assert "notice/" in str(await other.recv())


async def test_ones_own_record_ends_yesterday(hall_hub: Hub) -> None:
    """Else it would tell a clerk what the last citizen pressed."""
    clerk, kiosk = await hall_hub.clerk("王芳", "1"), await hall_hub.device("kiosk", "k1")
    await kiosk.ok("/tickets", {"service": "id"})
    await clerk.ok("/windows/1/call-next")
    await clerk.ok("/windows/1/finish")
    pad = await hall_hub.device("pad-citizen", "1")
    await pad.ok("/pads/1/rating", {"token": hall_hub.hall.invitations["1"].token, "level": 1})
    office = await hall_hub.person("主任", "office")
    number = next(row["id"] for row in (await office.get("/people")).json()["items"] if row["name"] == "王芳")
    assert (await office.get(f"/staff/{number}/record")).json()["levels"]["1"] == 1
    assert (await clerk.get(f"/staff/{number}/record")).json()["levels"]["1"] == 0


async def test_an_office_cannot_take_over_a_disabled_admin(hall_hub: Hub) -> None:
    """A reset lets a disabled person in again, with a password that the office sees."""
    office, admin = await hall_hub.person("主任", "office"), await hall_hub.person("管理员", "admin")
    number = next(row["id"] for row in (await office.get("/people")).json()["items"] if row["name"] == "管理员")
    await admin.ok(f"/people/{number}/disable")
    for what, body in (("reset", None), ("pin", {"pin": "2468"})):
        assert (await office.post(f"/people/{number}/{what}", body)).status_code == 403, what
