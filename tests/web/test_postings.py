"""Entry and exit over HTTP, leave, trainings, pictures, the facts of the day: who may, and what is hidden from whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from hallq.office import day_book
from hallq.people import commands as people
from hallq.people.looks import PERSON
from tests.hub import Caller, Hub, hub, write_hall

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64
ENTRY: dict[str, Any] = {
    "kind": "entry", "name": "乌兰", "staff_no": "0555", "title": "窗口人员", "window": "2", "since": "2026-11-30",
    "gender": "女", "ethnicity": "蒙古族", "born": "1992-03", "phone": "13900000000", "id_number": "150627199203011234",
    "employer": "社会保险事业服务中心　科员", "work": "养老金待遇核定", "services": "养老金、社保卡",
}  # fmt: skip


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def upload(who: Caller, media: str = "image/jpeg") -> int:
    content = JPEG if media == "image/jpeg" else b"%PDF-1.4 x"
    answer = await who.http.post(
        "/api/v1/files?name=proof", content=content, headers={**who.headers, "content-type": media}
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def chief_of(hub: Hub) -> Caller:
    await hub.hall.do(people.add_person, name="周敏", role="chief", window="2")
    return await hub.person("周敏")


async def number_of(hub: Hub, name: str) -> int:
    row = await hub.hall.read(lambda db: db.first(PERSON, name=name))
    assert row is not None and row.id is not None
    return row.id


async def test_an_entry_from_the_form_to_the_pad_j04_d07(hall_hub: Hub) -> None:
    chief, office = await chief_of(hall_hub), await hall_hub.person("林静", "office")
    assert code(await chief.post("/postings", ENTRY)) == (409, "training_missing")  # J05
    wish = ENTRY | {"proofs": [await upload(chief, "application/pdf")], "photo": await upload(chief)}
    checked = await chief.ok("/postings/check", ENTRY | {"since": "2026-11-24"})
    assert [one["code"] for one in checked["items"]] == ["entry_late", "training_missing"]
    made = await chief.ok("/postings", wish | {"request_id": "r1"})
    assert (await chief.ok("/postings", wish | {"request_id": "r1"}))["id"] == made["id"]
    assert (made["state"], made["next"], made["applicant"]) == ("draft", ["sign", "withdraw"], "周敏")
    assert made["personal"]["id_number"] == "150***********1234"
    path = f"/postings/{made['id']}"
    assert code(await chief.post(f"{path}/approve", {})) == (403, "forbidden")
    await chief.ok(f"{path}/sign", {"opinion": "同意"})
    done = await office.ok(f"{path}/approve", {"answer": "同意入岗"})
    assert done["state"] == "approved"
    paper = (await office.http.get(f"/office{path}/print", headers=office.headers)).text
    printed = ("进驻人员入岗审批表", "蒙古族", "150***********1234", "同意入岗", "一式两份")
    assert all(words in paper for words in printed)
    leader = await hall_hub.person("方志平", "leader")
    assert "personal" not in (await leader.get(path)).json()
    assert "蒙古族" not in (await leader.http.get(f"/office{path}/print", headers=leader.headers)).text
    stored = await hall_hub.hall.read(lambda db: str(db.find(_all())))
    assert "150627199203011234" not in stored


def _all() -> Any:
    from hallq.web.people.postings import ALL

    return ALL


async def test_the_picture_is_public_on_duty_alone_d07(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    number = await number_of(hall_hub, "王芳")
    shown = await office.ok(f"/people/{number}/photo", {"file": await upload(office)})
    path = f"/people/{number}/photo"
    assert shown["photo"].startswith(f"/api/v1{path}?v=")
    assert code(await hall_hub.anyone.get(path)) == (401, "unauthorized")
    pad = await hall_hub.device("pad-citizen", "1")
    await hall_hub.clerk("王芳", "1")
    answer = await pad.get(path)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, JPEG, "image/jpeg")
    assert (await hall_hub.anyone.get(path)).status_code == 200
    await office.ok(f"/people/{number}/photo", {"file": None})
    assert code(await pad.get(path)) == (404, "not_found")


async def test_an_exit_with_its_checklist_j07_j08(hall_hub: Hub) -> None:
    chief, office = await chief_of(hall_hub), await hall_hub.person("林静", "office")
    person = await number_of(hall_hub, "李明")
    wish = {"kind": "exit", "person": person, "until": "2026-11-30", "reason": "调回单位"}
    assert code(await chief.post("/postings", wish)) == (409, "exit_late")
    made = await chief.ok("/postings", wish | {"lift": {"reason": "组织调动", "name": "张主任"}})
    assert (made["lifted"], made["name"]) == (["exit_late"], "李明")
    path = f"/postings/{made['id']}"
    handed = await office.ok(f"{path}/handed", {"item": "badge"})
    assert [row["item"] for row in handed["handed"] if row["by"]] == ["badge"]
    await chief.ok(f"{path}/sign", {})
    await office.ok(f"{path}/approve", {})
    paper = (await office.http.get(f"/office{path}/print", headers=office.headers)).text
    assert all(words in paper for words in ("离岗审批表", "2026年11月30日", "本人签字", "批准领导：张主任"))
    shape = (await office.get(f"/staff/{person}/standing")).json()
    assert (shape["until_day"], shape["leaving"], shape["postings"][0]["kind"]) == ("2026-11-30", True, "exit")
    stand_in = await office.post("/covers", {"name": "李明", "window": "3", "reason": "替岗", "start": False})
    assert stand_in.status_code == 201  # whoever leaves is still here, and keeps the own last day
    assert (await office.get(f"/staff/{person}/standing")).json()["until_day"] == "2026-11-30"


async def test_a_chief_looks_after_the_own_department_alone_j11(hall_hub: Hub) -> None:
    chief, office = await chief_of(hall_hub), await hall_hub.person("林静", "office")
    stranger = await number_of(hall_hub, "王芳")
    assert code(await chief.post("/postings", ENTRY | {"department": "ga"})) == (403, "forbidden")
    leave = {"person": stranger, "kind": "sick", "since": "2026-11-23", "until": "2026-11-23"}
    assert code(await chief.post("/leaves", leave)) == (403, "forbidden")
    assert code(await chief.get(f"/staff/{stranger}/standing")) == (403, "forbidden")
    own = await number_of(hall_hub, "李明")
    assert code(await office.post(f"/people/{own}/chief", {})) == (409, "chief_exists")
    await office.ok(f"/people/{own}/chief", {"hand_over": True})
    assert (await office.get(f"/staff/{own}/standing")).json()["chief"]["name"] == "李明"


async def test_leave_is_seen_where_it_matters_j03(hall_hub: Hub) -> None:
    office, leader = await hall_hub.person("林静", "office"), await hall_hub.person("方志平", "leader")
    person = await number_of(hall_hub, "李明")
    wish = {"person": person, "kind": "sick", "since": "2026-11-23", "until": "2026-11-24", "reason": "发热"}
    made = await office.ok("/leaves", wish | {"request_id": "l1"})
    assert (made["late"], (await office.ok("/leaves", wish | {"request_id": "l1"}))["id"]) == (True, made["id"])
    [row] = (await leader.get("/leaves?from=2026-11-23&to=2026-11-23")).json()["items"]
    assert (row["name"], "kind" in row, "reason" in row) == ("李明", False, False)
    proposed = (await office.get("/stand-ins?window=3")).json()["items"]
    assert {one["name"]: one["missing"] for one in proposed} == {"李明": ["leave"], "王芳": ["skill"]}
    cover = {"person": person, "window": "3", "reason": "替岗", "start": False}
    answer = await office.post("/covers", cover)
    assert (code(answer), answer.json()["error"]["detail"]["missing"]) == ((409, "cover_unqualified"), ["leave"])
    await office.ok(f"/leaves/{made['id']}/cancel")
    assert (await office.get("/stand-ins?window=3")).json()["items"][0]["missing"] == []


async def test_training_with_its_proof_j05_j06(hall_hub: Hub) -> None:
    office = await hall_hub.person("林静", "office")
    person = await number_of(hall_hub, "李明")
    proof = await upload(office, "application/pdf")
    made = await office.ok(f"/people/{person}/trainings", {"what": "岗前培训", "day": "2026-11-20", "proofs": [proof]})
    shape = (await office.get(f"/staff/{person}/standing")).json()
    assert shape["trainings"][0]["files"][0]["id"] == proof
    assert (await office.get(f"/trainings/{made['id']}/files/{proof}")).status_code == 200
    clerk = await hall_hub.person("王芳")
    assert code(await clerk.get(f"/trainings/{made['id']}/files/{proof}")) == (403, "forbidden")


@pytest_asyncio.fixture
async def open_hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        yield running


async def test_the_day_as_it_is_and_set_right_j02(open_hub: Hub) -> None:
    office, clerk = await open_hub.person("林静", "office"), await open_hub.clerk("李明", "2")
    kiosk = await open_hub.device("kiosk", "k1")
    await kiosk.ok("/tickets", {"service": "pension"})
    await clerk.ok("/windows/2/call-next")
    open_hub.clock.pass_(60)
    await clerk.ok("/windows/2/start")
    open_hub.clock.pass_(300)
    await clerk.ok("/windows/2/finish")
    [row] = (await office.get("/day-facts")).json()["items"]
    assert (row["name"], row["served"], row["walking_s"], row["marks"]) == ("李明", 1, 60, ["late"])
    fix = {"person": row["person"], "day": "2026-11-23", "mark": "late", "reason": "停电"}
    await office.ok("/day-facts/corrections", fix)
    assert code(await clerk.post("/day-facts/corrections", fix)) == (403, "forbidden")
    open_hub.clock.pass_(24 * 3600)
    await open_hub.hall.do(day_book.renew, day="2026-11-23")
    office = await open_hub.person("林静")
    [row] = (await office.get("/day-facts?day=2026-11-23")).json()["items"]
    assert row["corrected"] == {"late": {"reason": "停电", "by": "林静"}}
    assert "late" in row["marks"]
