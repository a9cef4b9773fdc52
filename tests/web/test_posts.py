"""People at windows over HTTP: one person on window, pad and strip; alarms; the office's hand; cover; guides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hallq.displays import strip
from hallq.displays.screens import StripForm
from hallq.office import alarms
from hallq.people import commands as people
from hallq.people import secrets
from hallq.ticketing.model import Person
from tests.hub import Caller, Hub, hub, write_hall


async def office(running: Hub) -> Caller:
    return await running.person("大厅管理室", "office")


async def number_of(running: Hub, name: str) -> int:
    from tests.hub import _people

    return int(next(row["id"] for row in await running.hall.read(_people) if row["name"] == name))


async def notices(running: Hub, kind: str) -> list[Any]:
    return [view for view in running.hall.picture.notices.values() if view.kind == kind]


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


async def test_sign_in_shows_the_person_on_window_pad_and_strip(hall_hub: Hub) -> None:
    await hall_hub.clerk("李明", "2")
    wall = await hall_hub.device("board")
    windows = {row["no"]: row for row in (await wall.get("/windows")).json()["items"]}
    assert windows["2"]["clerk"]["name"] == "李明"
    picture, now = hall_hub.hall.picture, hall_hub.hall.now()
    async with hall_hub.live("pad/2/citizen", await hall_hub.device("pad-citizen", "2")) as socket:
        assert json.loads(await socket.recv())["all"]["pad/2"]["clerk"]["name"] == "李明"
    before = strip.strip(picture, "3", form=StripForm(12), now=now, zone=hall_hub.hall.rules.timezone)
    shown = strip.strip(picture, "2", form=StripForm(12), now=now, zone=hall_hub.hall.rules.timezone)
    assert shown.colour == "green"
    assert before.colour == "red"


async def test_the_pause_alarm_is_taken_and_its_history_kept_b02(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    await hall_hub.clerk("赵强", "3")
    await clerk.ok("/windows/2/pause", {"reason": "meal"})
    hall_hub.clock.pass_(1300)
    await hall_hub.hall.do(alarms.watch)
    [alarm] = [view for view in await notices(hall_hub, "alarm") if view.key == "pause/2"]
    assert (await clerk.post(f"/notices/{alarm.id}/take")).status_code == 403
    boss = await office(hall_hub)
    await boss.ok(f"/notices/{alarm.id}/take")
    assert hall_hub.hall.picture.notices[alarm.id].owner_name == "大厅管理室"
    assert (await boss.post(f"/notices/{alarm.id}/clear", {"why": ""})).status_code == 422
    await boss.ok(f"/notices/{alarm.id}/clear", {"why": "已联系本人"})
    assert code(await boss.post(f"/notices/{alarm.id}/take")) == "wrong_state"
    rows = (await boss.get("/alarms")).json()["items"]
    row = next(row for row in rows if row["key"] == "pause/2")
    assert (row["rank"], row["owner"], row["why"], row["done_by"]) == (3, "大厅管理室", "已联系本人", "大厅管理室")
    assert row["text"] == "2号窗口暂停超过 21 分钟（离岗）"


async def test_the_list_of_absences_b01_b02(hall_hub: Hub) -> None:
    """B01, B02, B05, B23: off-post events of each window, with who and how long."""
    clerk = await hall_hub.clerk("李明", "2")
    await clerk.ok("/windows/2/pause", {"reason": "meal"})
    hall_hub.clock.pass_(1000)
    await clerk.ok("/windows/2/resume")
    boss = await office(hall_hub)
    found = (await boss.get("/posts/away")).json()
    [row] = found["items"]
    assert (row["window"], row["name"], row["seconds"], row["off_post"]) == ("2", "李明", 1000, True)
    [total] = found["totals"]
    assert (total["times"], total["seconds"], total["off_post"]) == (1, 1000, 1)
    [shift] = (await boss.get("/posts/attendance")).json()["items"]
    assert (shift["name"], shift["marks"], shift["elsewhere"]) == ("李明", ["late"], [])  # J01: nine o'clock
    assert (await clerk.get("/posts/away")).status_code == 403


async def test_a_chief_sees_and_moves_the_own_department_alone(hall_hub: Hub) -> None:
    await hall_hub.clerk("王芳", "1")
    await hall_hub.clerk("李明", "2")
    chief = await hall_hub.person("社保首席", "chief", "2")
    assert (await chief.post("/posts/1/pause", {"reason": "leave"})).status_code == 403
    await chief.ok("/posts/2/pause", {"reason": "meal"})
    assert hall_hub.hall.picture.windows["2"].state == "paused"
    rows = (await chief.get("/posts/away")).json()["items"]
    assert [row["window"] for row in rows] == ["2"]
    assert (await chief.post("/messages", {"text": "好", "all": True})).status_code == 403


async def test_the_office_acts_at_a_window_and_the_clerk_reads_why(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    kiosk = await hall_hub.device("kiosk", "k1")
    await kiosk.ok("/tickets", {"service": "card"})
    await clerk.ok("/windows/2/call-next")
    boss = await office(hall_hub)
    assert code(await boss.post("/posts/2/sign-out")) == "ticket_open"
    await boss.ok("/posts/2/return")
    assert hall_hub.hall.picture.queues["card"].waiting == 1
    await boss.ok("/posts/2/sign-out")
    texts = [view.words for view in await notices(hall_hub, "message")]
    assert sorted(texts) == ["ms.returned", "ms.signedOut"]
    assert (await boss.post("/posts/9/sign-out")).status_code == 404


async def test_a_service_for_today_in_one_call_each_way_b04(hall_hub: Hub) -> None:
    boss = await office(hall_hub)
    assert code(await boss.post("/windows/3/services", {"service": "card"})) == "not_signed_in"
    await hall_hub.clerk("赵强", "3")
    answer = await boss.post("/windows/3/services", {"service": "card"})
    assert (answer.status_code, code(answer)) == (409, "no_skill")
    assert answer.json()["error"]["message"] == "赵强没有“社保卡”的办理资格，请选择能办这项业务的窗口"
    await hall_hub.hall.do(skilled, person=await number_of(hall_hub, "赵强"), service="card")
    added = await boss.post("/windows/3/services", {"service": "card"})
    assert (added.status_code, added.json()["window"]["services"]) == (201, ["pension", "card"])
    dropped = await boss.ok("/windows/3/services/card/drop")
    assert dropped["window"]["services"] == ["pension"]


def skilled(tx: Any, *, person: int, service: str) -> None:
    from hallq.ticketing.model import Skill

    tx.insert(Skill, person=person, service=service)


async def test_messages_with_receipts(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    other = await hall_hub.clerk("赵强", "3")
    boss = await office(hall_hub)
    wish = {"text": "下午两点开会", "all": True, "request_id": "m1"}
    sent = await boss.ok("/messages", wish)
    assert (await boss.ok("/messages", wish))["ids"] == sent["ids"]
    assert (await boss.post("/messages", {"text": "好"})).status_code == 422
    reader = await number_of(hall_hub, "李明")
    mine = next(view for view in await notices(hall_hub, "message") if view.person == reader)
    assert (await other.post(f"/notices/{mine.id}/read")).status_code == 403
    key = await hall_hub.device("pad-clerk", "2")
    await key.ok(f"/notices/{mine.id}/read")
    rows = {row["name"]: row for row in (await boss.get("/messages")).json()["items"]}
    assert rows["李明"]["read_at"] is not None
    assert rows["赵强"]["read_at"] is None
    assert (await clerk.post("/messages", {"text": "好", "all": True})).status_code == 403


async def test_temporary_cover_of_a_new_and_a_known_person(hall_hub: Hub) -> None:
    boss = await office(hall_hub)
    wish = {"name": "临时小周", "window": "1", "reason": "原岗人员请假", "request_id": "c1"}
    assert code(await boss.post("/covers", wish)) == "cover_unqualified"  # J06: no proof of training
    wish["leader"] = "张主任"
    made = await boss.ok("/covers", wish)
    clerk = hall_hub.hall.picture.windows["1"].clerk
    assert clerk is not None and clerk.name == "临时小周"
    assert (len(made["pin"]), made["until"]) == (6, "2026-11-23")
    again = await boss.ok("/covers", wish)
    assert (again["id"], again["pin"]) == (made["id"], None)
    session = await hall_hub.anyone.post("/session", {"name": "临时小周", "password": made["pin"]})
    assert session.status_code == 200
    cookie = session.headers["set-cookie"].partition(";")[0]
    stand_in = Caller(hall_hub.http, {"cookie": cookie})
    await stand_in.ok("/windows/1/sign-out")
    await hall_hub.clerk("赵强", "3")
    other = {"person": await number_of(hall_hub, "赵强"), "window": "1", "reason": "替岗", "leader": "张主任"}
    code_of = await boss.post("/covers", other)
    assert code(code_of) == "signed_in_elsewhere"
    hall_hub.clock.pass_(24 * 3600)
    late = await hall_hub.anyone.post("/session", {"name": "临时小周", "password": made["pin"]})
    assert (late.status_code, code(late)) == (401, "wrong_password")  # J06


async def test_take_over_by_a_colleague_b03_b32(hall_hub: Hub) -> None:
    first = await hall_hub.clerk("李明", "2")
    second = await hall_hub.person("赵强")
    assert code(await second.post("/windows/2/take-over")) == "window_taken"
    await first.ok("/windows/2/pause", {"reason": "meal"})
    shown = (await second.get("/windows/2/handover")).json()
    assert (shown["clerk"], shown["parked"], shown["faults"]) == ("李明", [], [])
    taken = await second.ok("/windows/2/take-over")
    assert (taken["window"]["clerk"]["name"], taken["window"]["state"]) == ("赵强", "open")


async def test_a_guides_ten_minutes_g02(hall_hub: Hub) -> None:
    guide = await hall_hub.person("导服小赵", "guide")
    left = await guide.ok("/guides/leave", {"request_id": "g1"})
    assert left["until"] == "2026-11-23T09:10:00.000+08:00"
    assert code(await guide.post("/guides/leave")) == "wrong_state"
    hall_hub.clock.pass_(700)
    await guide.ok("/guides/back")
    boss = await office(hall_hub)
    [row] = (await boss.get("/posts/away")).json()["guides"]
    assert (row["name"], row["seconds"], row["over"], row["nth"]) == ("导服小赵", 700, True, 1)
    assert (await boss.post("/guides/leave")).status_code == 403


async def test_the_minutes_of_an_empty_post_b30(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        clerk = await running.clerk("王芳", "1")
        kiosk = await running.device("kiosk", "k1")
        await kiosk.ok("/tickets", {"service": "id"})
        await clerk.ok("/windows/1/sign-out")
        await running.hall.do(alarms.watch)
        running.clock.pass_(300)
        await running.hall.do(alarms.watch)
        boss = await office(running)
        rows = (await boss.get("/posts/empty")).json()["items"]
        # by now the kiosk, whose page is open nowhere, may be missed too
        posts = [(row["name"], row["seconds"]) for row in rows if row["kind"] == "empty"]
        assert posts == [("身份证", 300)]
        assert "empty/id" in [view.key for view in await notices(running, "alarm")]


async def test_a_terminal_hears_of_its_own_windows_alarms_alone(hall_hub: Hub) -> None:
    clerk = await hall_hub.clerk("李明", "2")
    other = await hall_hub.clerk("赵强", "3")
    await clerk.ok("/windows/2/pause", {"reason": "meal"})
    hall_hub.clock.pass_(900)
    await hall_hub.hall.do(alarms.watch)
    for caller, no, hears in ((clerk, "2", True), (other, "3", False)):
        async with hall_hub.live(f"window/{no}", caller) as socket:
            assert ("pause/2" in str(await socket.recv())) is hears


async def test_on_the_pad_a_pin_takes_a_paused_window_over_b03(hall_hub: Hub) -> None:
    first = await hall_hub.clerk("李明", "2")
    number = await number_of(hall_hub, "赵强")
    await hall_hub.hall.do(with_pin, person=number, pin_hash=secrets.hash_slowly("480216"))
    pad = await hall_hub.device("pad-clerk", "2")
    wish = {"staff_no": "103", "pin": "480216"}
    assert code(await pad.post("/pads/2/sign-in", wish)) == "window_taken"
    await first.ok("/windows/2/pause", {"reason": "meal"})
    await pad.ok("/pads/2/sign-in", wish)
    clerk = hall_hub.hall.picture.windows["2"].clerk
    assert clerk is not None and clerk.name == "赵强"


def with_pin(tx: Any, *, person: int, pin_hash: str) -> None:
    tx.update(tx.get(Person, person), staff_no="103")
    people.set_pin(tx, person=person, pin_hash=pin_hash)


async def test_skills_are_kept_by_the_office_b04(hall_hub: Hub) -> None:
    boss = await office(hall_hub)
    number = await number_of(hall_hub, "赵强")
    await boss.ok(f"/people/{number}/skills", {"services": ["card", "id"]})
    await boss.ok(f"/people/{number}/skills", {"services": ["card"]})
    assert (await boss.get(f"/people/{number}/skills")).json() == {"services": ["card"]}
    assert (await boss.post(f"/people/{number}/skills", {"services": ["zz"]})).status_code == 404
    await hall_hub.clerk("赵强", "3")
    assert (await boss.get("/posts/today")).json()["items"] == [
        {"window": "3", "clerk": "赵强", "added": [], "can": ["card"]}
    ]
