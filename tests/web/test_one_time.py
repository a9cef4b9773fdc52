"""One-time notices over HTTP: the form of the open visit, slip and A4, a leader's word, the list and its figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from tests.hub import Caller, Hub, hub, write_hall

GUIDE = """{"kind": "permit", "special": "实地勘查", "fee": "不收费", "phone": "0471-1234567", "approver": "王处",
"materials": [{"name": "户口簿", "how": "带原件"}], "steps": [{"name": "受理"}, {"name": "审核"}]}"""
NEEDS = {"content": {"missing": [{"name": "户口簿", "how": "带原件"}], "next": "审核", "fee": "不收费"}, "aside": True}
LEADER = {"leader": "张局长", "said": "同意"}


@pytest_asyncio.fixture
async def county(tmp_path: Path) -> AsyncIterator[Hub]:
    async with hub(write_hall(tmp_path)) as running:
        await running.hall.do(_guide)
        yield running


def _guide(tx: Tx) -> None:
    tx.insert(GuideVersion, service="pension", version=1, from_day="2026-01-01", content=GUIDE, made_at=0, made_by="t")


def code(answer: Any) -> Any:
    return answer.status_code, answer.json()["error"]["code"]


async def sent(county: Hub, clerk: Caller, **wish: Any) -> Any:
    """The next citizen of window 2 is told what is missing."""
    for verb in ("call-next", "start"):
        await clerk.ok(f"/windows/2/{verb}")
    return await clerk.ok("/windows/2/notices", NEEDS | wish)


async def test_h04_h07_h08_a_notice_from_the_window_to_the_leader(county: Hub) -> None:
    clerk, other = await county.clerk("李明", "2"), await county.clerk("王芳", "1")
    kiosk, office = await county.device("kiosk", "k1"), await county.person("林静", "office")
    ticket = await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    assert (await clerk.get("/windows/2/returned")).json() == {"notice": None}  # nobody is there
    await clerk.ok("/windows/2/call-next")
    form = (await clerk.get("/windows/2/notice-form")).json()
    assert (form["permit"], form["requests"], form["return_by"]) == (True, 0, "2026-11-30")
    assert form["proposal"] == {"missing": [], "accepted": "later", "reason": "", "special": "实地勘查", "next": "审核",
                                "fee": "不收费"}  # fmt: skip
    assert form["guide"]["materials"][0]["name"] == "户口簿" and "approver" not in form["guide"]
    assert code(await other.get("/windows/2/notice-form")) == (403, "forbidden")
    oral = NEEDS | {"form": "oral", "aside": False}
    assert code(await clerk.post("/windows/2/notices", oral)) == (409, "notice_written")
    assert code(await clerk.post("/windows/2/notices", {**NEEDS, "content": {"extra": 1}})) == (422, "invalid")
    first = await clerk.ok("/windows/2/notices", NEEDS | {"request_id": "n1"})
    again = await clerk.ok("/windows/2/notices", NEEDS | {"request_id": "n1"})
    assert (first["no"], first["return_by"], again["id"]) == ("2026-00001", "2026-11-30", first["id"])
    pad = county.app.state.shapes.value("pad/2", "pad")
    assert (pad["screen"], pad["sent"]["number"], pad["sent"]["return_by"]) == ("idle", "B001", "2026-11-30")
    path = f"/one-time-notices/{first['id']}"
    assert (await other.get(path)).status_code == 403 and (await clerk.get(path)).json()["number"] == "B001"

    await kiosk.ok("/tickets/restore", {"number": "B001", "check_code": ticket["check_code"]})
    second = await sent(county, clerk, why="需要另一份证明")
    assert (second["state"], second["no"], second["nth"]) == ("asked", None, 2)
    assert code(await clerk.post("/windows/2/notices", NEEDS | {"why": "再来"})) == (409, "notice_asked")
    assert code(await clerk.post(f"/one-time-notices/{second['id']}/approve", LEADER)) == (403, "forbidden")
    [row] = (await office.get("/one-time-notices?state=asked")).json()["items"]
    assert (row["why"], row["clerk"]) == ("需要另一份证明", "李明")
    nobody = LEADER | {"leader": " "}
    assert code(await office.post(f"/one-time-notices/{second['id']}/approve", nobody)) == (422, "invalid")
    given = await office.ok(f"/one-time-notices/{second['id']}/approve", LEADER)
    assert (given["no"], given["leader"], given["state"]) == ("2026-00002", "张局长", "given")
    assert county.hall.picture.windows["2"].ticket is None
    figures = (await office.get("/one-time-notices/figures")).json()
    assert {name: figures["total"][name] for name in ("cases", "second", "sent", "unwritten")} == {
        "cases": 1, "second": 1, "sent": 2, "unwritten": 0}  # fmt: skip
    assert [unit["department"] for unit in figures["departments"]] == ["ga", "sb"]
    page = (await clerk.ask("GET", f"/window/notices/{second['id']}/print")).text
    for words in ("2026-00002", "户口簿：带原件", "材料补齐后受理", "B001", "一式两份", "张局长批准"):
        assert words in page, words

    await kiosk.ok("/tickets/restore", {"number": "B001", "check_code": ticket["check_code"]})
    for verb in ("call-next", "start"):
        await clerk.ok(f"/windows/2/{verb}")
    assert (await clerk.get("/windows/2/returned")).json()["notice"]["no"] == "2026-00002"
    assert code(await other.get("/windows/2/returned")) == (403, "forbidden")
    met = await clerk.ok(f"/one-time-notices/{second['id']}/met", {"window": "2"})
    assert (met["state"], met["met_at"][:10]) == ("met", "2026-11-23")
    assert (await clerk.get("/windows/2/returned")).json()["notice"]["no"] == "2026-00001"  # asked for on another paper
    assert (await clerk.ok(f"/one-time-notices/{second['id']}/print", {}))["printed"] is False


async def test_a_chief_sees_the_own_department_and_refuses_there(county: Hub) -> None:
    clerk, kiosk = await county.clerk("李明", "2"), await county.device("kiosk", "k1")
    chief, stranger = await county.person("首席", "chief", "3"), await county.person("别人", "chief", "1")
    await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    await sent(county, clerk, case_no="X-7")
    await kiosk.ok("/tickets", {"service": "pension", "kiosk": "k1"})
    second = await sent(county, clerk, case_no="X-7", why="同一件事")
    assert second["state"] == "asked"
    path = f"/one-time-notices/{second['id']}/refuse"
    assert code(await stranger.post(path, LEADER)) == (403, "forbidden")
    assert (await stranger.get("/one-time-notices?state=asked")).json()["items"] == []
    refused = await chief.ok(path, LEADER | {"said": "按现有材料办理"})
    assert (refused["state"], refused["said"]) == ("refused", "按现有材料办理")
    assert (await chief.get("/one-time-notices?state=asked")).json()["items"] == []
