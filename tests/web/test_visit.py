"""A visit over HTTP as CONTRACT.md has it: states, refusals, the window's version, undo, no-show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hub import Caller, Hub, hub, write_hall


@pytest.fixture
async def clerk(hall_hub: Hub) -> Caller:
    return await hall_hub.clerk("李明", "2")


async def take(kiosk: Caller, service: str = "pension", **wish: Any) -> Any:
    return await kiosk.ok("/tickets", {"service": service, **wish})


async def code_of(caller: Caller, path: str, body: Any = None) -> str:
    answer = await caller.post(path, body)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["error"]["code"])


async def test_two_presses_make_a_visit(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    first, second = await take(kiosk), await take(kiosk)
    assert (first["number"], first["ahead"], second["number"], second["ahead"]) == ("B001", 0, "B002", 1)
    assert len(first["check_code"]) == 4 and first["check_code"].isdecimal()
    called = await clerk.ok("/windows/2/call-next")
    assert called["ticket"]["id"] == first["id"] and called["ticket"]["state"] == "called"
    assert called["window"]["state"] == "serving" and called["window"]["ticket"]["number"] == "B001"
    assert "check_code" not in called["ticket"]
    assert await code_of(clerk, "/windows/2/call-next") == "ticket_open"
    finished = await clerk.ok("/windows/2/finish", {"next": True})
    assert finished["ticket"]["id"] == second["id"] and finished["ticket"]["state"] == "called"
    done = (await kiosk.get(f"/tickets/{first['id']}")).json()
    assert done["state"] == "finished" and done["started_at"] == done["called_at"]
    assert done["issued_at"].endswith("+08:00")
    last = await clerk.ok("/windows/2/finish", {"next": True})  # nobody waits: finishing is enough
    assert last["ticket"]["state"] == "finished" and last["window"]["state"] == "open"
    assert await code_of(clerk, "/windows/2/call-next") == "nobody_waiting"


async def test_a_double_press_calls_one_person(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    await take(kiosk)
    await take(kiosk)
    seen = (await clerk.get("/windows/2")).json()["version"]
    first = await clerk.ok("/windows/2/call-next", {"seen": seen})
    assert first["window"]["version"] == seen + 1
    await clerk.ok("/windows/2/finish", {"seen": seen + 1})
    assert await code_of(clerk, "/windows/2/call-next", {"seen": seen}) == "stale"


async def test_every_verb_from_another_state_is_refused_and_changes_nothing(
    hall_hub: Hub, kiosk: Caller, clerk: Caller
) -> None:
    for verb in ("recall", "start", "finish", "no-show", "park", "transfer", "resume", "back"):
        body = {"service": "card"} if verb == "transfer" else None
        assert await code_of(clerk, f"/windows/2/{verb}", body) == "wrong_state", verb
    assert await code_of(clerk, "/windows/2/away", {"reason": "leave"}) == "wrong_state"
    assert await code_of(clerk, "/windows/2/undo") == "undo_expired"
    ticket = await take(kiosk)
    await clerk.ok("/windows/2/call-next")
    for verb, code in (("sign-out", "ticket_open"), ("resume", "wrong_state"), ("back", "wrong_state")):
        assert await code_of(clerk, f"/windows/2/{verb}") == code, verb
    assert await code_of(clerk, "/windows/2/pause", {"reason": "leave"}) == "ticket_open"
    assert await code_of(kiosk, f"/tickets/{ticket['id']}/cancel") == "wrong_state"
    before = (await clerk.get("/windows/2")).json()
    assert (await clerk.post("/windows/2/start")).status_code == 200
    assert (await clerk.get("/windows/2")).json()["version"] == before["version"] + 1


async def test_pause_and_away_say_when_the_clerk_is_back(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    paused = await clerk.ok("/windows/2/pause", {"reason": "leave", "minutes": 10})
    assert paused["window"]["state"] == "paused"
    assert paused["window"]["paused"]["reason"] == "工作人员暂时离开"
    assert paused["window"]["paused"]["until"] == "2026-11-23T09:10:00.000+08:00"
    await take(kiosk)
    assert await code_of(clerk, "/windows/2/call-next") == "paused"
    assert await code_of(clerk, "/windows/2/pause", {"reason": "leave"}) == "wrong_state"
    await clerk.ok("/windows/2/resume")
    await clerk.ok("/windows/2/call-next")
    away = await clerk.ok("/windows/2/away", {"reason": "leave", "minutes": 5})
    assert away["window"]["state"] == "away" and away["window"]["ticket"]["number"] == "B001"
    assert (await clerk.ok("/windows/2/back"))["window"]["state"] == "serving"


async def test_undo_gives_back_the_exact_place(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    first, second, third = await take(kiosk), await take(kiosk), await take(kiosk)
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/undo")
    assert (await kiosk.get(f"/tickets/{first['id']}")).json()["ahead"] == 0
    assert (await kiosk.get(f"/tickets/{third['id']}")).json()["ahead"] == 2
    await clerk.ok("/windows/2/call-next")
    await clerk.ok("/windows/2/finish", {"next": True})
    back = await clerk.ok("/windows/2/undo")  # one press, one undo: the call and the finish
    assert back["window"]["ticket"]["id"] == first["id"]
    assert (await kiosk.get(f"/tickets/{second['id']}")).json()["state"] == "waiting"
    await clerk.ok("/windows/2/finish", {"next": True})
    await clerk.ok("/windows/2/start")
    assert await code_of(clerk, "/windows/2/undo") == "undo_expired"


async def test_undo_ends_after_a_minute(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    await take(kiosk)
    await clerk.ok("/windows/2/call-next")
    hall_hub.clock.pass_(61)
    assert await code_of(clerk, "/windows/2/undo") == "undo_expired"


async def test_a_no_show_needs_two_calls_and_a_minute(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        kiosk, clerk = await running.device("kiosk", "k1"), await running.clerk("李明", "2")
        await take(kiosk)
        await clerk.ok("/windows/2/call-next")
        refused = (await clerk.post("/windows/2/no-show")).json()["error"]
        assert refused["code"] == "too_early" and refused["detail"]["seconds"] == 60
        await clerk.ok("/windows/2/recall")
        running.clock.pass_(59)
        refused = (await clerk.post("/windows/2/no-show")).json()["error"]
        assert refused["detail"]["seconds"] == 1
        running.clock.pass_(1)
        gone = await clerk.ok("/windows/2/no-show")
        assert gone["ticket"]["state"] == "no_show" and gone["window"]["ticket"] is None


async def test_park_transfer_and_call_back(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    parked, other = await take(kiosk), await take(kiosk)
    await clerk.ok("/windows/2/call-next")
    answer = await clerk.ok("/windows/2/park", {"kind": "papers"})
    assert answer["ticket"]["state"] == "parked"
    assert [ticket["id"] for ticket in answer["window"]["parked"]] == [parked["id"]]
    back = await clerk.ok("/windows/2/call", {"ticket": parked["id"]})
    assert back["ticket"]["state"] in ("called", "serving") and back["window"]["parked"] == []
    moved = await clerk.ok("/windows/2/transfer", {"service": "card"})
    assert moved["ticket"]["state"] == "waiting" and moved["ticket"]["service"] == "card"
    assert (await clerk.ok("/windows/2/call-next"))["ticket"]["id"] == parked["id"]  # it keeps its arrival
    await clerk.ok("/windows/2/transfer", {"window": "3", "service": "pension"})
    assert (await clerk.ok("/windows/2/call-next"))["ticket"]["id"] == other["id"]
    third = await hall_hub.clerk("赵强", "3")
    assert (await third.ok("/windows/3/call-next"))["ticket"]["id"] == parked["id"]


async def test_a_chosen_citizen_needs_a_reason(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    await take(kiosk)
    chosen = await take(kiosk)
    office = await hall_hub.person("林静", "office")
    me = (await clerk.get("/session")).json()["id"]
    await office.ok(f"/people/{me}/may-choose", {"allowed": True})
    refused = await clerk.post("/windows/2/call", {"ticket": chosen["id"]})
    assert refused.status_code == 422 and refused.json()["error"]["detail"]["field"] == "reason"
    called = await clerk.ok("/windows/2/call", {"ticket": chosen["id"], "reason": "赶火车"})
    assert called["ticket"]["id"] == chosen["id"]


async def test_sign_in_rules(hall_hub: Hub, clerk: Caller) -> None:
    assert (await clerk.post("/windows/2/sign-in")).status_code == 200  # the same person again
    other = await hall_hub.person("赵强")
    assert await code_of(other, "/windows/2/sign-in") == "window_taken"
    assert await code_of(clerk, "/windows/3/sign-in") == "signed_in_elsewhere"
    out = await clerk.ok("/windows/2/sign-out")
    assert out["window"]["state"] == "closed" and out["window"]["clerk"] is None


async def test_green_goes_first_but_not_for_ever(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    ordinary = await take(kiosk)
    green = [await take(kiosk, category="elderly") for _ in range(8)]
    assert green[0]["ahead"] == 0
    order = []
    for _ in range(7):
        order.append((await clerk.ok("/windows/2/call-next"))["ticket"]["id"])
        await clerk.ok("/windows/2/finish")
    bound = hall_hub.hall.rules.green_bound
    assert order.index(ordinary["id"]) == bound  # overtaken so often, and no more
    assert order[:bound] == [ticket["id"] for ticket in green[:bound]]


async def test_the_rating_stands_in_the_clerks_record(hall_hub: Hub, kiosk: Caller, clerk: Caller) -> None:
    pad = await hall_hub.device("pad-citizen", "2")
    for _ in range(3):
        await take(kiosk)
    tokens = []
    for _ in range(3):
        await clerk.ok("/windows/2/call-next")
        await clerk.ok("/windows/2/finish")
        tokens.append(hall_hub.hall.invitations["2"].token)
    stored = await pad.post("/pads/2/rating", {"token": tokens[0], "level": 5})
    assert stored.status_code == 201
    again = await pad.ok("/pads/2/rating", {"token": tokens[0], "level": 2})  # within 8 s: another level
    assert again["level"] == 2
    joined = await pad.ok("/pads/2/rating", {"token": tokens[0], "level": 2, "reasons": ["eff.wait"]})
    assert joined["reasons"] == ["eff.wait"]
    hall_hub.clock.pass_(31)
    kept = await pad.post("/pads/2/rating", {"token": tokens[0], "level": 5})
    assert kept.status_code == 200 and kept.json()["level"] == 2
    assert (await pad.post("/pads/2/rating", {"token": "nobody", "level": 5})).status_code == 404
    office = await hall_hub.person("主任", "office")
    [person] = [row for row in (await office.get("/staff")).json()["items"] if row["name"] == "李明"]
    record = (await office.get(f"/staff/{person['id']}/record")).json()
    assert (record["served"], record["unrated"]) == (3, 2)
    assert record["levels"] == {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0}
    [row] = (await office.get("/ratings")).json()["items"]
    assert (row["ticket"], row["window"], row["clerk"], row["level"]) == ("B001", "2", "李明", 2)
    own = await clerk.get(f"/staff/{person['id']}/record")
    assert own.status_code == 200
    assert (await clerk.get(f"/staff/{person['id'] + 1}/record")).status_code == 403
    hall_hub.clock.pass_(24 * 3600)
    closed = await pad.post("/pads/2/rating", {"token": tokens[1], "level": 5})
    assert closed.status_code == 409 and closed.json()["error"]["code"] == "rating_closed"


async def test_hours_rule_the_numbers(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        kiosk = await running.device("kiosk", "k1")
        assert await code_of(kiosk, "/tickets", {"service": "id"}) == "closed"  # open hours, but nobody there
        running.clock.at -= 3600_000 - 60_000  # 08:01, after the store's last time: time stands still there
        await running.clerk("王芳", "1")
        ticket = await take(kiosk, "id")
        assert ticket["number"] == "A001"
        running.clock.pass_(10 * 3600)
        assert await code_of(kiosk, "/tickets", {"service": "id"}) == "closed"


async def test_park_takes_a_position_as_a_transfer_does(hall_hub: Hub, kiosk: Caller) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    await kiosk.ok("/tickets", {"service": "id"})
    await clerk.ok("/windows/1/call-next")
    assert (await clerk.post("/windows/1/park", {"position": "middle"})).status_code == 422
    assert (await clerk.ok("/windows/1/park", {"position": "arrival"}))["ticket"]["state"] == "parked"


async def test_a_ticket_beyond_all_numbers_is_not_found(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("王芳", "1")
    assert (await clerk.post("/windows/1/call", {"ticket": 2**63, "reason": "x"})).status_code == 404
    assert (await clerk.post("/windows/1/call-next", {"seen": 2**63})).status_code == 409
    assert (await clerk.get(f"/staff/{10**20}/record")).status_code == 404
