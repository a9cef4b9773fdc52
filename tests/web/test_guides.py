"""Guides over HTTP: posts, leaves with a stand-in, arrivals, incidents; and who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hallq.ticketing.waiting import needs
from tests.hub import Caller, Hub


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


async def test_a_leave_from_the_question_to_the_return_g01_g02_g03_g05(hall_hub: Hub) -> None:
    """G01, G05: the day begins with a post. G02, G03: live for both, and only the stand-in's word begins it."""
    luo, sun = await hall_hub.person("罗小燕", "guide"), await hall_hub.person("孙导", "guide")
    stood = await luo.ok("/guides/post", {"kind": "desk", "zone": "1F", "request_id": "p"})
    assert (stood["kind"], stood["zone"], stood["since"]) == ("desk", "1F", "2026-11-23T09:00:00.000+08:00")
    again = await luo.ok("/guides/post", {"kind": "desk", "zone": "1F", "request_id": "p"})
    assert again | {"seq": stood["seq"]} == stood  # the hall's own work may have come between
    await sun.ok("/guides/post", {"kind": "moving"})
    refused = await luo.post("/guides/leave")
    assert code(refused) == "needs_replacement" and "孙导" in refused.json()["error"]["message"]
    rows = {row["name"]: row for row in (await luo.get("/guides")).json()["items"]}
    asked = await luo.ok("/guides/leave", {"replacement": rows["孙导"]["id"], "request_id": "l"})
    assert (asked["state"], asked["until"]) == ("asked", None)
    assert (await luo.ok("/guides/leave", {"replacement": rows["孙导"]["id"], "request_id": "l"}))["id"] == asked["id"]
    async with hall_hub.live("guide", sun) as socket:
        [notice] = [v for v in json.loads(await socket.recv())["all"].values() if v.get("kind") == "leave"]
    assert notice["text"] == "罗小燕请孙导替岗" and notice["detail"]["by"] == rows["孙导"]["id"]
    path = f"/guides/leave/{asked['id']}"
    assert code(await luo.post(f"{path}/confirm")) == "forbidden"
    assert (await sun.post(f"{path}/shrug")).status_code == 422
    hall_hub.clock.pass_(60)
    begun = await sun.ok(f"{path}/confirm")
    assert (begun["state"], begun["until"]) == ("away", "2026-11-23T09:11:00.000+08:00")
    refused = await sun.post("/guides/leave")
    assert code(refused) == "standing_in" and "罗小燕" in refused.json()["error"]["message"]
    assert (await luo.ok("/guides/back"))["state"] == "over"
    await luo.ok("/guides/post/end")
    rows = {row["name"]: row for row in (await sun.get("/guides")).json()["items"]}
    assert (rows["罗小燕"]["leaves"], rows["罗小燕"]["leave"], rows["罗小燕"]["post"]) == (1, None, None)


async def test_a_stand_in_declines_g03(hall_hub: Hub) -> None:
    luo, sun = await hall_hub.person("罗小燕", "guide"), await hall_hub.person("孙导", "guide")
    await sun.ok("/guides/post", {"kind": "desk"})
    [other] = [row["id"] for row in (await luo.get("/guides")).json()["items"] if row["name"] == "孙导"]
    asked = await luo.ok("/guides/leave", {"replacement": other})
    assert (await sun.ok(f"/guides/leave/{asked['id']}/decline"))["state"] == "over"
    assert code(await sun.post(f"/guides/leave/{asked['id']}/confirm")) == "wrong_state"
    assert code(await sun.post("/guides/leave/99/confirm")) == "not_found"


async def test_an_escort_is_counted_for_who_went_a12_a14_a03(hall_hub: Hub, kiosk: Caller) -> None:
    """A12: taken and arrived, with times; A14: on the ticket and counted; A03: numbers given are counted too."""
    guide = await hall_hub.person("罗小燕", "guide")
    ticket = await guide.ok("/tickets", {"service": "pension", "kiosk": "k1", "needs": ["wheelchair"]})
    await hall_hub.hall.do(needs.watch, "hub")
    [notice] = [n for n in hall_hub.hall.picture.notices.values() if n.kind == "escort"]
    hall_hub.clock.pass_(30)
    came = await guide.ok(f"/notices/{notice.id}/arrived")
    assert came["owned_at"] == came["arrived_at"] == "2026-11-23T09:00:30.000+08:00"
    [row] = (await guide.get("/guides")).json()["items"]
    assert (row["escorted"], row["issued"]) == (1, 1)
    assert (await guide.get(f"/tickets/{ticket['id']}")).json()["helper"] == row["id"]
    assert code(await kiosk.post(f"/notices/{notice.id}/arrived")) == "forbidden"


async def test_an_incident_is_an_alarm_of_the_office_g06_g08(hall_hub: Hub) -> None:
    """G06, G08: at once, with the area, once per request; kept among the day's alarms with why it ended."""
    guide, office = await hall_hub.person("罗小燕", "guide"), await hall_hub.person("赵敏", "office")
    wish = {"kind": "ill", "text": "老人头晕", "zone": "1F", "request_id": "i"}
    made = await guide.ok("/incidents", wish)
    assert (await guide.ok("/incidents", wish))["id"] == made["id"]
    [row] = (await office.get("/alarms")).json()["items"]
    assert (row["rank"], row["open"], row["zone"]) == (3, True, "1F")
    assert row["text"] == "突发情况·有人身体不适　一楼大厅（罗小燕上报）老人头晕"
    await office.ok(f"/notices/{made['id']}/take")
    await office.ok(f"/notices/{made['id']}/clear", {"why": "已送医"})
    [row] = (await office.get("/alarms")).json()["items"]
    assert (row["open"], row["owner"], row["why"]) == (False, "赵敏", "已送医")
    assert (await guide.post("/incidents", {"kind": "party"})).status_code == 422


@pytest.mark.parametrize("role", ["office", "clerk", "chief", "leader"])
async def test_posts_and_leaves_are_guides_own_g03(hall_hub: Hub, role: str) -> None:
    who = await hall_hub.person("某人", role, "2" if role in ("clerk", "chief") else None)
    for path, body in (("/guides/post", {"kind": "desk"}), ("/guides/leave", None), ("/guides/back", None)):
        assert (await who.post(path, body)).status_code == 403
    assert (await who.get("/guides")).status_code == (403 if role == "clerk" else 200)
    assert (await hall_hub.anyone.get("/guides")).status_code == 401
