"""Peaks, caps, the day's end and paper numbers over the API: A05-A08, A14, C01-C06, G02."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hallq.office import forecast, peaks, settle
from hallq.office.peak_model import Arrivals
from hallq.ticketing import commands as do
from hallq.ticketing.model import OutOfOrder, Service
from hallq.ticketing.tickets import caps
from tests.hub import Caller, Hub, hub, write_hall

TODAY = "2026-11-23"  # a Monday, 09:00
PLAN = {"cause": "集中认证", "since_day": "2026-11-25", "until_day": "2026-11-25", "order": "张办"}


@pytest.fixture
async def open_hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path, opening="hours")) as running:
        await running.clerk("王芳", "1")
        yield running


@pytest.fixture
async def office(open_hub: Hub) -> Caller:
    return await open_hub.person("张办", "office")


async def chief(open_hub: Hub, department: str) -> Caller:
    caller = await open_hub.person("首席", "chief", "1")
    await open_hub.hall.do(lambda tx: _move(tx, department))
    return caller


def _move(tx: Any, department: str) -> None:
    from hallq.people.looks import PEOPLE

    person = next(row for row in tx.find(PEOPLE) if row.name == "首席")
    tx.update(person, department=department)


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


async def test_a_cap_and_a_stop_from_the_office_to_the_kiosk(open_hub: Hub, office: Caller) -> None:
    """A05, A06: each refusal is logged with its time; a guide goes beyond it with a reason."""
    kiosk = await open_hub.device("kiosk", "k1")
    await office.ok("/services/id/cap", {"day": TODAY, "cap": 1})
    async with open_hub.live("kiosk", kiosk) as socket:
        assert json.loads(await socket.recv())["all"]["queue/id"]["left"] == 1
    await kiosk.ok("/tickets", {"service": "id"})
    assert code_of(await kiosk.post("/tickets", {"service": "id"})) == "quota_reached"
    assert code_of(await kiosk.post("/tickets", {"service": "id", "beyond": "x"})) == "forbidden"
    guide = await open_hub.person("导服", "guide")
    ticket = await guide.ok("/tickets", {"service": "id", "beyond": "远道而来"})
    rows = await open_hub.hall.read(lambda db: db.get(OutOfOrder, 1))
    assert rows is not None and rows.kind == "beyond_cap" and rows.ticket == ticket["id"]
    stopped = await office.ok("/services/id/stop", {"reason": "系统检修"})
    assert stopped == {"service": "id", "stopped": "系统检修"}
    assert code_of(await kiosk.post("/tickets", {"service": "id"})) == "stopped"
    queue = next(q for q in (await kiosk.get("/queues")).json()["items"] if q["code"] == "id")
    assert (queue["open"], queue["why"], queue["stopped"]) == (False, "stopped", "系统检修")
    assert (await kiosk.post("/services/id/turned-away", {"why": "diverted"})).status_code == 201
    counted = (await office.get("/forecast")).json()["turned_away"]
    assert counted == {"id": {"full": 1, "stopped": 1, "diverted": 1}}
    assert (await office.ok("/services/id/resume"))["stopped"] is None


async def test_what_somebody_without_a_number_can_do(open_hub: Hub, office: Caller) -> None:
    """A06, C03: the next working day with numbers, and another place."""
    await open_hub.hall.do(lambda tx: tx.update(tx.get(Service, "id"), elsewhere="自助区 2 号机"))
    await office.ok("/services/id/cap", {"day": "2026-11-24", "cap": 0})
    kiosk = await open_hub.device("kiosk", "k1")
    found = (await kiosk.get("/services/id/instead")).json()
    assert found == {
        "next": "2026-11-25T08:00:00+08:00", "bookable": False, "elsewhere": "自助区 2 号机", "elsewhere_en": None
    }  # fmt: skip
    assert (await kiosk.get("/services/zz/instead")).status_code == 404


async def test_a_chiefs_hand_reaches_the_own_department(open_hub: Hub) -> None:
    """A05: only a department's cap or a person stops numbers."""
    own = await chief(open_hub, "ga")
    await own.ok("/services/id/stop", {"reason": "x"})
    for path, body in (("stop", {"reason": "x"}), ("resume", None), ("cap", {"day": TODAY, "cap": 1}), ("close", None)):
        assert code_of(await own.post(f"/services/pension/{path}", body)) == "forbidden"
    guide = await open_hub.person("导服", "guide")
    assert (await guide.post("/services/id/resume")).status_code == 403


async def test_a_plan_from_the_chief_to_the_hall(open_hub: Hub, office: Caller) -> None:
    """C01, C02, C05: filed, approved, in force by itself, told to everyone who works; ended."""
    own = await chief(open_hub, "ga")
    late = await own.post("/peaks", PLAN | {"since_day": "2026-11-24"})
    assert code_of(late) == "peak_too_late" and late.json()["error"]["detail"]["earliest"] == "2026-11-25"
    assert "2026-11-25" in late.json()["error"]["message"]
    filed = await own.post("/peaks", PLAN | {"services": ["id"], "request_id": "p1"})
    assert (await own.post("/peaks", PLAN | {"services": ["id"], "request_id": "p1"})).json() == filed.json()
    plan = filed.json()["id"]
    assert code_of(await own.post(f"/peaks/{plan}/approve")) == "forbidden"
    await own.ok(f"/peaks/{plan}/checked")
    assert (await office.ok(f"/peaks/{plan}/approve"))["state"] == "approved"
    open_hub.clock.pass_(2 * 24 * 3600)
    await open_hub.hall.tick()  # the day turns, the peak begins
    await open_hub.hall.do(peaks.keep)
    own, office = await open_hub.person("首席"), await open_hub.person("张办")  # sessions end with the day
    [row] = (await own.get("/peaks")).json()["items"]
    assert row["state"] == "in_force" and row["checked_by"] == "首席" and row["decided_by"] == "张办"
    guide = await open_hub.person("导服", "guide")
    async with open_hub.live("guide", guide) as socket:
        [notice] = [v for v in json.loads(await socket.recv())["all"].values() if v.get("kind") == "peak"]
    assert notice["detail"]["order"] == "张办" and "集中认证" in notice["text"] and "until" in notice["text_en"]
    assert code_of(await guide.post("/guides/leave", {})) == "peak_locked"  # G02
    clerk = await open_hub.clerk("王芳", "1")
    reasons = (await clerk.get("/pause-reasons")).json()["items"]
    refused = await clerk.post("/windows/1/pause", {"reason": reasons[0]["code"], "minutes": 11})
    assert code_of(refused) == "peak_limited" and refused.json()["error"]["detail"]["minutes"] == 10
    meal = next(row["code"] for row in reasons if (row["minutes"] or 0) > 10)
    paused = (await clerk.ok("/windows/1/pause", {"reason": meal}))["window"]["paused"]  # as a pad's key asks
    assert paused["until"] == paused["warn_at"]  # ten minutes, both of them
    assert (await office.ok("/peak/end", {"why": "人已散"})) == {"peak": None}


async def test_peak_mode_at_once(open_hub: Hub, office: Caller) -> None:
    """C01, A09"""
    begun = await office.post("/peak/start", {"reason": "停电后集中办理"})
    assert begun.status_code == 201 and begun.json()["state"] == "in_force"
    assert code_of(await office.post("/catalogue/categories/elderly/off")) in ("peak_green", "not_found")
    leader = await open_hub.person("领导", "leader")
    assert (await leader.post("/peak/end", {"why": "x"})).status_code == 403


def year(tx: Any) -> None:
    day = date(2026, 11, 20)
    for _ in range(60):
        if day.isoweekday() <= 5:
            for slot in range(18, 34):
                tx.insert(Arrivals, day=day.isoformat(), service="id", slot=slot, count=6)
        day -= timedelta(days=1)


async def test_the_forecast_warns_the_kiosk_the_board_and_the_office(open_hub: Hub, office: Caller) -> None:
    """A05: 96 people a day at one window of 8 minutes."""
    forecasts = open_hub.app.state.forecasts
    seen = (await office.get("/forecast")).json()
    assert seen["basis"] == "none" and seen["next_hour"] is None and seen["short"] == []
    await open_hub.hall.do(year)
    await forecasts.refresh()
    seen = (await office.get("/forecast")).json()
    [own] = [row for row in seen["services"] if row["code"] == "id"]
    assert seen["basis"] == "model" and 10 <= seen["next_hour"] <= 13 and seen["short"] == ["id"]
    assert own["open_windows"] == 1 and own["to_open"] >= 1 and own["capacity"] + own["short"] == -(-own["coming"] // 1)
    kiosk, board = await open_hub.device("kiosk", "k1"), await open_hub.device("board")
    async with open_hub.live("kiosk", kiosk) as socket:
        shown = json.loads(await socket.recv())["all"]
        assert shown["notice/busy"]["services"] == ["id"] and "notice/forecast" not in shown
    async with open_hub.live("board", board) as socket:
        shown = json.loads(await socket.recv())["all"]
        assert shown["notice/forecast"]["next_hour"] == seen["next_hour"]
        assert not [value for value in shown.values() if value.get("key") == "busy"]  # the office's alone
    async with open_hub.live("office", office) as socket:
        [warning] = [v for v in json.loads(await socket.recv())["all"].values() if v.get("key") == "busy"]
    assert warning["text"].startswith("避免放号过多，防止群众跑空：身份证")
    assert (await kiosk.post("/tickets", {"service": "id"})).status_code == 201  # it stops nothing
    later = (await office.get("/forecast?day=2026-11-27")).json()
    assert later["minutes_left"] == 390 and later["came"] == [] and later["next_hour"] is None
    assert (await office.get("/forecast?day=2026-11-20")).status_code == 422
    assert (await open_hub.anyone.get("/forecast")).status_code == 401


async def test_the_days_end_and_the_morning_after(open_hub: Hub, office: Caller) -> None:
    """A07, A08: the sheet, one press each, the greeting; a rebooked citizen at the kiosk."""
    kiosk = await open_hub.device("kiosk", "k1")
    mine = [await kiosk.ok("/tickets", {"service": "id"}) for _ in range(3)]
    assert code_of(await office.post("/services/id/close")) == "still_waiting"
    sheet = (await office.get("/settlement")).json()
    assert [row["number"] for row in sheet["left"]] == ["A001", "A002", "A003"] and not sheet["closed"]
    open_hub.clock.pass_(24 * 3600)
    await open_hub.hall.do(do.day_change)
    await open_hub.hall.do(settle.open_sheet)
    office = await open_hub.person("张办")
    async with open_hub.live("office", office) as socket:
        notices = json.loads(await socket.recv())["all"].values()
    [greeting] = [value for value in notices if value.get("key") == f"settle/{TODAY}"]
    assert "3" in greeting["text"] and greeting["detail"] == {"day": TODAY, "left": 3}
    refused = await office.post(f"/settlement/{mine[0]['id']}", {"how": "gave_up"})
    assert code_of(refused) == "settle_note" and "满 3 次" in refused.json()["error"]["message"]
    await office.ok(f"/settlement/{mine[0]['id']}", {"how": "gave_up", "note": "离开"})
    wish = {"day": TODAY, "service": "id", "how": "rebooked"}
    assert await office.ok("/settlement/all", wish) == {"settled": 2}
    assert (await office.get(f"/settlement?day={TODAY}")).json()["closed"]
    await open_hub.clerk("王芳", "1") if not open_hub.hall.picture.windows["1"].clerk else None
    back = await kiosk.ok("/tickets/restore", {"number": "A002", "check_code": mine[1]["check_code"]})
    assert (back["number"], back["priority"], back["ahead"]) == ("A001", "rebooked", 0)
    again = await kiosk.post("/tickets/restore", {"number": "A002", "check_code": mine[1]["check_code"]})
    assert code_of(again) == "wrong_code"
    leader = await open_hub.person("领导", "leader")
    assert (await leader.post("/settlement/all", wish)).status_code == 403


async def test_paper_numbers(open_hub: Hub, office: Caller) -> None:
    """All or none, every wrong line named; the same request enters once."""
    pad = (await office.post("/manual/pad", {"count": 2, "request_id": "r1"})).json()["items"]
    assert (await office.post("/manual/pad", {"count": 2, "request_id": "r1"})).json()["items"] == pad
    line = {"number": "M001", "service": "id", "arrival": "08:40", "check_code": pad[0]["check_code"]}
    wrong = await office.post("/manual", {"lines": [line, line | {"number": "M9", "arrival": "9:59"}]})
    assert wrong.status_code == 422 and code_of(wrong) == "manual_lines"
    assert {(fault["line"], fault["why"]) for fault in wrong.json()["error"]["detail"]["wrong"]} == {
        (2, "format"), (2, "future")
    }  # fmt: skip
    assert "第 2 行" in wrong.json()["error"]["message"]
    made = await office.post("/manual", {"lines": [line], "request_id": "r2"})
    assert made.status_code == 201 and [row["number"] for row in made.json()["items"]] == ["M001"]
    assert (await office.post("/manual", {"lines": [line], "request_id": "r2"})).json() == made.json()
    kiosk = await open_hub.device("kiosk", "k1")
    assert (await kiosk.ok("/tickets", {"service": "id"}))["ahead"] == 1
    assert (await kiosk.post("/manual", {"lines": [line]})).status_code == 403
    assert [row["number"] for row in (await office.get("/manual/pad")).json()["items"]] == ["M002"]


async def test_who_helped_stands_on_the_ticket(open_hub: Hub) -> None:
    """A03, A14: a number that a guide took for somebody is the guide's."""
    guide = await open_hub.person("导服", "guide")
    ticket = await guide.ok("/tickets", {"service": "id", "kiosk": "k1"})
    from hallq.ticketing.model import Ticket

    row = await open_hub.hall.read(lambda db: db.get(Ticket, ticket["id"]))
    assert row is not None and row.issuer.startswith("person:") and row.kiosk == "k1"


def test_a_forecast_never_refuses() -> None:
    """A05: nothing of the forecast is known where numbers are given."""
    for module in (caps, do):
        assert not any(getattr(value, "__module__", "") == forecast.__name__ for value in vars(module).values())
