"""Scores over HTTP: everyone sees the own sheet with all it rests on, and contests it; nobody decides about oneself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from hallq.assessment.ledger import commands as ledger
from hallq.assessment.score import recompute
from hallq.ticketing.model import Person
from tests.hub import Caller, Hub

OCTOBER = "2026-10"
DAY = 24 * 3600
PEOPLE = select(Person)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


async def number(hub: Hub, name: str) -> int:
    return await hub.hall.read(lambda db: next(row.id or 0 for row in db.find(PEOPLE) if row.name == name))


async def entry(hub: Hub, name: str, ref: str = "pause/1", kind: str = "off_post") -> int:
    person = await number(hub, name)
    return await enter(hub, kind=kind, ref=ref, person=person, amount=20)


async def enter(hub: Hub, **values: Any) -> int:
    made = await hub.hall.do(lambda tx: ledger.enter(tx, day="2026-10-12", clause="三", **values))
    return made.id or 0


async def ok(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture
async def office(hall_hub: Hub) -> Caller:
    return await hall_hub.person("大厅管理室", "office")


async def test_a_month_from_the_draft_to_the_appeal(hall_hub: Hub, office: Caller, tmp_path: Path) -> None:
    """E20: object, decide, freeze, appeal; each with its reason, and each by somebody else."""
    line, me = await entry(hall_hub, "李明"), await number(hall_hub, "李明")
    clerk, second = await hall_hub.person("李明"), await hall_hub.person("副主任", "admin")
    assert (await office.post(f"/scores/{OCTOBER}/freeze")).json()["error"]["code"] == "wrong_state"
    assert (await office.post("/scores/2026-11/publish")).json()["error"]["code"] == "month_not_over"
    assert (await ok(await office.post(f"/scores/{OCTOBER}/publish")))["object_until"] == "2026-11-26"
    up = await clerk.ask("POST", "/api/v1/files?name=a.png", PNG, **{"content-type": "image/png"})
    wish = {"entry": line, "text": "到分中心送件", "files": [up.json()["id"]], "request_id": "r1"}
    first = await clerk.ok(f"/scores/{OCTOBER}/objections", wish)
    assert await clerk.ok(f"/scores/{OCTOBER}/objections", wish) == first
    sheet = await ok(await clerk.get(f"/scores/{me}?month={OCTOBER}"))
    assert (sheet["result"]["total"], sheet["may"]) == (97, {"object": True, "appeal": False})
    [filed] = sheet["objections"]
    assert (filed["by"], filed["state"], filed["files"][0]["name"]) == ("李明", "open", "a.png")
    assert (await office.get(f"/scores/objections/{first['id']}/files/{up.json()['id']}")).content == PNG
    other = await hall_hub.person("赵强")
    assert (await other.get(f"/scores/objections/{first['id']}/files/{up.json()['id']}")).status_code == 404
    no = {"uphold": False, "reason": "没有登记"}
    assert (await ok(await office.post(f"/scores/objections/{first['id']}/decide", no)))["state"] == "rejected"
    assert (await office.post(f"/scores/{OCTOBER}/freeze")).json()["error"]["code"] == "freeze_waits"
    hall_hub.clock.pass_(4 * DAY)
    clerk, office, second = [await hall_hub.person(name) for name in ("李明", "大厅管理室", "副主任")]
    late = await clerk.post(f"/scores/{OCTOBER}/objections", {"figure": "weighted", "text": "x"})
    assert late.json()["error"]["code"] == "objection_closed"
    await ok(await office.post(f"/scores/{OCTOBER}/freeze"))
    appeal = await clerk.ok(f"/scores/{OCTOBER}/appeals", {"entry": line, "text": "补登记单"})
    yes = {"uphold": True, "reason": "登记单属实", "leader": "刘主任"}
    path = f"/scores/appeals/{appeal['id']}/decide"
    assert (await office.post(path, yes)).json()["error"]["code"] == "same_decider"
    await ok(await second.post(path, yes))
    sheet = await ok(await clerk.get(f"/scores/{me}?month={OCTOBER}"))
    assert (sheet["result"]["total"], sheet["adjusted"], sheet["adjustments"][0]["points"]) == (97, 100, 3)
    export = await ok(await office.get(f"/scores/export?month={OCTOBER}"))
    file = tmp_path / "scores.json"
    file.write_text(json.dumps(export), "utf-8")
    assert recompute.main([str(file)]) == 0
    [row] = [row for row in (await ok(await office.get("/scores/years/2026")))["items"] if row["person"] == me]
    assert (row["months"], row["mean"]) == ({OCTOBER: 100}, 100)
    hall_hub.clock.pass_(20 * DAY)
    clerk = await hall_hub.person("李明")
    late = await clerk.post(f"/scores/{OCTOBER}/appeals", {"figure": "weighted", "text": "x"})
    assert late.json()["error"]["code"] == "appeal_closed"


async def test_who_sees_whose_sheet(hall_hub: Hub, office: Caller) -> None:
    """D20: a clerk the own row, a chief the department's, the office and who audits all; only the office decides."""
    await entry(hall_hub, "李明")
    me, other = await number(hall_hub, "李明"), await number(hall_hub, "王芳")
    clerk, chief = await hall_hub.person("李明"), await hall_hub.person("社保首席", "chief", "2")
    leader, auditor = await hall_hub.person("领导", "leader"), await hall_hub.person("审计", "auditor")

    async def names(who: Caller) -> set[str]:
        return {row["name"] for row in (await ok(await who.get(f"/scores?month={OCTOBER}")))["items"]}

    assert await names(clerk) == {"李明"}
    assert await names(chief) == {"李明", "赵强", "社会保险"}
    assert await names(leader) == await names(auditor) == await names(office) >= {"李明", "王芳", "公安户政"}
    assert (await clerk.get(f"/scores/{other}?month={OCTOBER}")).status_code == 404
    assert (await chief.get(f"/scores/{other}?month={OCTOBER}")).status_code == 404
    assert (await chief.get(f"/scores/departments/sb?month={OCTOBER}")).json()["result"]["mean"] == 98.5
    assert (await clerk.get(f"/scores/{me}?month=2026-13")).status_code == 422
    for who in (clerk, chief, leader, auditor):
        assert (await who.post(f"/scores/{OCTOBER}/publish")).status_code == 403
    assert (await hall_hub.anyone.get("/scores")).status_code == 401
    assert (await clerk.get("/scores/export?month=2026-10")).status_code == 403


async def test_the_formula_stands_beside_the_score_with_its_source(hall_hub: Hub, office: Caller) -> None:
    """D16, D21: the version, the source of each row, the definitions of the figures."""
    await entry(hall_hub, "李明")
    me = await number(hall_hub, "李明")
    sheet = await ok(await office.get(f"/scores/{me}?month={OCTOBER}"))
    [line] = [line for line in sheet["result"]["lines"] if line["code"] == "off_post"]
    assert (line["raw"], line["points"], line["cap"], line["refs"]) == (-3, -3, 12, ["pause/1"])
    assert "苍南县" in line["source"]
    assert sheet["formula"]["version"] == 0
    assert len(sheet["formula"]["content"]["class"]) == 7
    assert {"satisfied_low", "handling_ratio"} <= {row["figure"] for row in sheet["definitions"]}


async def test_what_the_office_enters_and_adjusts_by_hand(hall_hub: Hub, office: Caller) -> None:
    """D10: a second notice is entered with its reason; other kinds are not typed in. Nobody about oneself."""
    me = await number(hall_hub, "李明")
    wish = {"kind": "second_notice", "person": me, "day": "2026-10-13", "note": "同一事项两次补件"}
    await office.ok("/scores/entries", wish | {"request_id": "a"})
    sheet = await ok(await office.get(f"/scores/{me}?month={OCTOBER}"))
    assert sheet["result"]["total"] == 98
    for wrong in ({"kind": "late"}, {"day": "2027-01-01"}, {"person": None}):
        assert (await office.post("/scores/entries", wish | wrong)).json()["error"]["code"] == "invalid"
    boss = await number(hall_hub, "大厅管理室")
    assert (await office.post("/scores/entries", wish | {"person": boss})).json()["error"]["code"] == "own_matter"
    change = {"person": me, "points": "-1.5", "reason": "重复"}
    assert (await office.post(f"/scores/{OCTOBER}/adjustments", change)).json()["error"]["code"] == "wrong_state"


async def test_a_chief_contests_for_the_department(hall_hub: Hub, office: Caller) -> None:
    made = await enter(hall_hub, kind="missed_step", ref="missed_step/1", department="sb")
    chief, clerk = await hall_hub.person("社保首席", "chief", "2"), await hall_hub.person("李明")
    await office.ok(f"/scores/{OCTOBER}/publish")
    wish = {"entry": made, "text": "临时停电", "department": True}
    assert (await clerk.post(f"/scores/{OCTOBER}/objections", wish)).status_code == 403
    filed = await chief.ok(f"/scores/{OCTOBER}/objections", wish)
    await office.ok(f"/scores/objections/{filed['id']}/decide", {"uphold": True, "reason": "属实"})
    sheet = await ok(await chief.get(f"/scores/departments/sb?month={OCTOBER}"))
    assert (sheet["result"]["total"], sheet["published"]) == (100, 97)
