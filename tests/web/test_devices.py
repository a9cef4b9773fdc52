"""Commissioning: one list of all devices, a test of one, fault marks, the grid on a pad, a swap in one press."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from hallq.office.device_model import PadGap
from hallq.wiring import self_test, wiring
from hallq.wiring.device_tests import ALL
from tests.hub import Caller, Hub, ManualClock, hub, write_hall

DEVICES = """
[[device]]
id = "printer"
driver = "escpos"
link = "sim:"
kiosk = "k1"
[[device]]
id = "strip-2"
driver = "onbon-bxk"
link = "sim:"
window = "2"
[[device]]
id = "pad-3"
driver = "eval-pad"
link = "sim:"
window = "3"
[[device]]
id = "strip-1"
driver = "onbon-bxk"
link = "tcp://127.0.0.1:9"
window = "1"
"""

_GAPS = select(col(PadGap.window), col(PadGap.ended_at))


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "REFRESH", 0.05)


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def up(running: Hub, *devices: str) -> None:
    states = running.hall.extra
    await until(lambda: all(states.get(f"device/{each}", {}).get("state") == "up" for each in devices))


async def result(boss: Caller, device: str) -> Any:
    async with asyncio.timeout(20):
        while True:
            found = (await boss.get(f"/devices/{device}")).json()
            if not found["testing"] and found["tests"][0]["ended_at"]:
                return found["tests"][0]
            await asyncio.sleep(0.02)


async def test_one_list_of_wired_devices_and_paired_pages(tmp_path: Path) -> None:
    """A01: what is at window 3?"""
    async with hub(write_hall(tmp_path, devices=DEVICES)) as running:
        await up(running, "printer", "strip-2", "pad-3")
        boss, pad = await running.person("管理室", "office"), await running.device("pad-citizen", "3")
        await running.device("api", "3")
        async with running.live("pad/3/citizen", pad):
            await until(lambda: "page/pad-citizen/3" in running.hall.extra)
            items = (await boss.get("/devices/register")).json()["items"]
        at_3 = [(each["id"], each["kind"], each["state"]) for each in items if each["place"].get("window") == "3"]
        assert at_3 == [("pad-3", "pad", "up"), ("pad-citizen:3", "pad-citizen", "up")]
        assert {each["floor"] for each in items} == {1}
        seen = (await boss.get("/devices/pad-3")).json()
        assert seen["detail"]["serial"]
        assert {frame["way"] for frame in seen["frames"]} == {"in", "out"}
        assert seen["heard_at"] and seen["losses"] == 0 and seen["marks"] == seen["tests"] == []
        assert (await boss.get("/devices/led-9")).status_code == 404
        clerk = await running.person("王芳")
        assert (await clerk.get("/devices/register")).status_code == 403


async def test_a_press_tests_one_device_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B28: each does what it can; a repeated press does nothing again."""
    monkeypatch.setattr(self_test, "SHOWN_S", 0.0)
    async with hub(write_hall(tmp_path, devices=DEVICES)) as running:
        await up(running, "printer", "strip-2", "pad-3")
        boss = await running.person("管理室", "office")
        ends = {"printer": "done", "strip-2": "done", "pad-3": "done", "strip-1": "down"}
        for device in ends:
            made = await boss.ok(f"/devices/{device}/test", {"request_id": "t-1"} if device == "printer" else {})
            assert (await result(boss, device))["result"] == ends[device], device
            if device == "printer":
                assert (await boss.ok("/devices/printer/test", {"request_id": "t-1"}))["id"] == made["id"]
        shown = [frame["words"] for frame in (await boss.get("/devices/strip-2")).json()["frames"]]
        assert any("TextAreas" in words for words in shown)
        assert (await boss.post("/devices/nobody/test", {})).status_code == 404


async def test_a_fault_mark_is_seen_at_once_and_silences_the_alarm(tmp_path: Path) -> None:
    clock = ManualClock()
    async with hub(write_hall(tmp_path, devices=DEVICES), clock) as running:
        boss, guide = await running.person("管理室", "office"), await running.person("小赵", "guide")
        await until(lambda: running.hall.extra.get("device/strip-1", {}).get("state") == "down")
        clock.pass_(60)
        await until(lambda: any(n.key == "device/strip-1" for n in running.hall.picture.notices.values()))
        answer = await guide.ok("/devices/strip-1/mark", {"note": "被撞歪了"})
        assert answer["mark"] | {"at": ""} == {"note": "被撞歪了", "by": "小赵", "at": ""}
        assert running.hall.extra["device/strip-1"]["mark"]["note"] == "被撞歪了"
        await until(lambda: not any(n.key == "device/strip-1" for n in running.hall.picture.notices.values()))
        known = (await boss.get("/patrols/facts")).json()["facts"]["devices"]
        assert any("被撞歪了" in place["name"] for place in known["places"])
        await boss.ok("/devices/strip-1/unmark", {})
        past = (await boss.get("/devices/strip-1")).json()
        assert (past["mark"], past["marks"][0]["ended_by"]) == (None, "管理室")
        assert (await boss.post("/devices/strip-1/unmark", {})).status_code == 404


async def test_a_window_whose_only_pad_is_marked_has_none(tmp_path: Path) -> None:
    """D02: nobody can rate there; another pad at the same window would do."""
    clock = ManualClock()
    async with hub(write_hall(tmp_path, devices=DEVICES), clock) as running:
        await up(running, "pad-3")
        boss = await running.person("管理室", "office")
        await running.device("pad-citizen", "1")
        await boss.ok("/devices/pad-3/mark", {"note": "碎屏"})
        await boss.ok("/devices/pad-citizen:1/mark", {"note": "没电"})
        await running.device("pad-citizen", "3")
        clock.pass_(60)

        def open_gaps() -> list[str]:
            rows = running.hall.store.reader().values(_GAPS)
            return [window for window, ended in rows if ended is None]

        await until(lambda: open_gaps() == ["1"])
        await boss.ok("/devices/pad-citizen:1/unmark", {})
        await until(lambda: open_gaps() == [])


async def test_the_grid_on_a_pad(tmp_path: Path) -> None:
    """Each cell that answers is told; what never answered is named; a citizen who is called ends it."""
    async with hub(write_hall(tmp_path)) as running:
        boss, pad = await running.person("管理室", "office"), await running.device("pad-citizen", "2")
        await boss.ok("/devices/pad-citizen:2/test", {})
        assert (await result(boss, "pad-citizen:2"))["result"] == "down"  # its page is not open
        async with running.live("pad/2/citizen", pad) as socket:
            json.loads(await socket.recv())
            await until(lambda: "page/pad-citizen/2" in running.hall.extra)
            await boss.ok("/devices/pad-citizen:2/test", {})
            assert (await boss.post("/devices/pad-citizen:2/test", {})).json()["error"]["code"] == "wrong_state"
            while "padtest/2" not in json.loads(await socket.recv()).get("set", {}):
                pass
            left = await pad.ok("/pads/2/touches", {"cells": sorted(ALL - {"0-0", "4-7"})})
            assert left == {"left": 2}
            assert (await pad.post("/pads/3/touches", {"cells": []})).status_code == 403
            assert (await pad.post("/pads/2/touches", {"cells": ["9-9"]})).status_code == 422
            await pad.ok("/pads/2/touches", {"cells": [], "end": True})
            kept = await result(boss, "pad-citizen:2")
            assert (kept["result"], kept["cells"]) == ("partial", ["0-0", "4-7"])
            assert (await pad.post("/pads/2/touches", {"cells": []})).status_code == 404
            await boss.ok("/devices/pad-citizen:2/test", {})
            clerk, kiosk = await running.clerk("李明", "2"), await running.device("kiosk", "k1")
            await kiosk.ok("/tickets", {"service": "pension"})
            await clerk.ok("/windows/2/call-next", {})
            assert (await result(boss, "pad-citizen:2"))["result"] == "busy"


async def test_a_swap_ends_the_old_browser_and_its_mark(tmp_path: Path) -> None:
    async with hub(write_hall(tmp_path)) as running:
        boss, old = await running.person("管理室", "office"), await running.device("pad-citizen", "2")
        other = await running.device("pad-clerk", "2")
        await boss.ok("/devices/pad-citizen:2/mark", {"note": "碎屏"})
        await running.anyone.ok("/pairings", {"role": "pad-citizen", "place": "2"})
        [asked] = (await boss.get("/pairings")).json()["items"]
        assert len((await boss.ok(f"/pairings/{asked['id']}/swap", {"place": "2"}))["revoked"]) == 1
        assert (await old.post("/pads/2/touches", {"cells": []})).status_code == 401
        assert (await other.post("/windows/2/call-next", {})).status_code != 401
        items = (await boss.get("/devices/register")).json()["items"]
        [page] = [each for each in items if each["kind"] == "pad-citizen"]
        assert (page["mark"], len(page["tokens"])) == (None, 1)
