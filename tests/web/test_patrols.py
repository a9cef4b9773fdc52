"""Patrols over HTTP: a round on the tablet, the department's answer, who sees what."""

from __future__ import annotations

from typing import Any

from tests.hub import Hub

PHOTO = b"\xff\xd8\xff" + b"x" * 40


async def test_a_round_from_the_tablet_to_the_department_f06_f07(hall_hub: Hub) -> None:
    office, chief = await hall_hub.person("林静", "office"), await hall_hub.person("周明远", "chief", "2")
    other = await hall_hub.person("钱代表", "chief", "1")
    clerk = await hall_hub.clerk("李明", "2")
    known = (await office.get("/patrols/checklist")).json()
    assert [area["area"] for area in known["areas"]] == ["1/front", "1/back", "1/public"]
    assert known["areas"][0]["windows"] == ["1", "2", "3"]
    facts = (await office.get("/patrols/facts")).json()
    assert facts["facts"]["unsigned"] == {
        "num": 1, "den": 3, "ok": False, "places": [
            {"window": "1", "name": "", "times": 1, "seconds": 0, "name_en": ""},
            {"window": "3", "name": "", "times": 1, "seconds": 0, "name_en": ""},
        ],
    }  # fmt: skip
    assert {row["window"] for row in facts["order"]} == {"1", "2", "3"}
    begun = {"kind": "daily", "areas": ["1/front"], "people": ["林静"], "request_id": "p"}
    patrol = await office.ok("/patrols", begun)
    assert (await office.ok("/patrols", begun))["id"] == patrol["id"]
    path = f"/patrols/{patrol['id']}"
    refused = await office.post(f"{path}/end")
    assert refused.json()["error"]["code"] == "patrol_empty"
    await office.ok(f"{path}/checks", {"area": "1/front", "item": "called", "num": 3, "den": 3, "request_id": "c"})
    photo = await office.ask("POST", "/api/v1/files?name=a.jpg", PHOTO, **{"content-type": "image/jpeg"})
    wish = {
        "code": "games", "patrol": patrol["id"], "area": "1/front", "item": "conduct", "window": "2",
        "photos": [photo.json()["id"]], "camera": "09:05", "request_id": "f",
    }  # fmt: skip
    found = await office.ok("/findings", wish)
    assert (await office.ok("/findings", wish))["id"] == found["id"]
    assert (found["name"], found["what"], found["group"], found["department"]) == ("李明", "玩游戏", "5", "sb")
    assert found["camera_at"] == "2026-11-23T09:05:00.000+08:00" and found["next"] == ["withdraw"]
    await office.ok(f"{path}/end", {"note": "已看完"})
    whole = (await office.get(path)).json()
    assert [(one["item"], one["result"]) for one in whole["checks"]] == [("called", "ok"), ("conduct", "problem")]
    # the department
    one = f"/findings/{found['id']}"
    [row] = (await chief.get("/findings")).json()["items"]
    assert row["next"] == ["accept", "object", "plan", "report"]
    assert (await other.get("/findings")).json()["items"] == []
    assert (
        (await other.get(one)).status_code == (await other.post(f"{one}/steps", {"step": "accept"})).status_code == 404
    )
    assert (await clerk.get("/findings")).status_code == 403
    assert (await chief.get("/patrols")).status_code == 403
    [file] = (await chief.get(one)).json()["files"]
    assert (await chief.get(f"{one}/files/{file['id']}")).content == PHOTO
    assert (await other.get(f"{one}/files/{file['id']}")).status_code == 404
    objected = await chief.ok(f"{one}/steps", {"step": "object", "text": "当时在查业务系统", "request_id": "o"})
    assert (objected["state"], objected["next"]) == ("objected", [])
    assert (await chief.post(f"{one}/steps", {"step": "uphold", "text": "x"})).status_code == 403
    assert (await office.get(one)).json()["next"] == ["uphold", "change", "withdraw"]
    changed = {"step": "change", "text": "核实", "change": {"code": "online_chat", "person": None}}
    settled = await office.ok(f"{one}/steps", changed)
    assert (settled["what"], settled["person"], settled["state"]) == ("上网聊天", None, "stands")
    assert [each["step"] for each in (await chief.get(one)).json()["replies"]] == ["object", "change"]
    done = await chief.ok(f"{one}/steps", {"step": "report", "text": "已谈话"})
    assert done["fix"] == "reported"
    await office.ok(f"{one}/steps", {"step": "confirm"})


async def test_the_month_and_the_summary_f01_f08(hall_hub: Hub) -> None:
    office, leader = await hall_hub.person("林静", "office"), await hall_hub.person("方志平", "leader")
    patrol = await office.ok("/patrols", {"kind": "leader", "areas": ["1/public"], "people": ["方志平"]})
    await office.ok("/findings", {"code": "exit_blocked", "patrol": patrol["id"], "item": "exits", "area": "1/public"})
    praised = {"code": "praise", "kind": "praise", "window": "1", "person": 1, "note": "主动帮老人"}
    await office.ok("/findings", praised)
    await office.ok(f"/patrols/{patrol['id']}/end")
    known = (await leader.get("/patrols/month")).json()
    assert known["needs"][1] == {"kind": "leader", "done": 1, "needed": 1}
    [today] = [day for day in known["days"] if day["day"] == "2026-11-23"]
    assert today == {"day": "2026-11-23", "working": True, "kinds": ["leader"], "missing": False}
    summary = (await leader.get("/patrols/summary")).json()
    assert (summary["total"]["found"], summary["total"]["serious"], len(summary["praise"])) == (1, 1, 1)
    assert (await leader.post("/findings", praised)).status_code == 403
    assert (await leader.get("/export/findings.csv")).status_code == 403
    sheet = (await office.get("/export/findings.csv")).text
    assert "消防通道堵塞" in sheet and "表扬" in sheet and "领导带队" in sheet
    assert "Exit blocked" in (await office.get("/export/findings.csv", **{"accept-language": "en"})).text


async def test_what_may_not_be_said(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    bad: list[tuple[str, Any]] = [
        ("/patrols", {"kind": "daily", "areas": []}),
        ("/patrols", {"kind": "daily", "areas": ["roof"]}),
        ("/patrols", {"kind": "walk", "areas": ["1/front"]}),
        ("/findings", {"code": "games", "camera": "25:00"}),
        ("/findings", {"code": "games", "area": "1/roof"}),
    ]
    for path, body in bad:
        assert (await office.post(path, body)).status_code == 422, body
    assert (await office.get("/patrols/99")).status_code == 404
    assert (await office.get("/findings/99")).status_code == 404
    assert (await office.get("/patrols/month?month=2026-13")).status_code == 422
