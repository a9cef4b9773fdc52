"""B28: one press checks every device; the report is kept and printable."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hallq.wiring import self_test
from tests.hub import Caller, Hub, hub, write_hall

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
id = "strip-3"
driver = "onbon-bxk"
link = "sim:"
window = "3"
[[device]]
id = "voice"
driver = "syn6658"
link = "sim:"
zone = "1F"
[[device]]
id = "strip-1"
driver = "onbon-bxk"
link = "tcp://127.0.0.1:9"
window = "1"
"""


async def all_up(running: Hub) -> None:
    """The four that are simulated."""
    for _ in range(1500):
        states = [value["state"] for key, value in running.hall.extra.items() if key.startswith("device/")]
        if states.count("up") == 4:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(states)


async def report(boss: Caller) -> Any:
    for _ in range(1000):
        [row] = (await boss.get("/devices/checks")).json()["items"]
        if not row["running"]:
            return row
        await asyncio.sleep(0.05)
    raise AssertionError("the check does not end")


async def test_b28_one_press_checks_every_device_and_keeps_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B28: print, voice and strips really do something; what is down or busy is named; the report has who and when."""
    monkeypatch.setattr(self_test, "SHOWN_S", 0.0)
    async with hub(write_hall(tmp_path, devices=DEVICES)) as running:
        await all_up(running)
        kiosk, clerk = await running.device("kiosk", "k2"), await running.clerk("赵强", "3")
        await kiosk.ok("/tickets", {"service": "pension"})
        await clerk.ok("/windows/3/call-next", {})
        boss = await running.person("大厅管理室", "office")
        begun: Any = await boss.ok("/devices/check", {"request_id": "check-0001"})
        assert begun["running"] is True
        assert (await boss.ok("/devices/check", {"request_id": "check-0001"}))["id"] == begun["id"]
        assert (await boss.post("/devices/check", {})).json()["error"]["code"] == "wrong_state"  # one at a time
        made = await report(boss)
        assert made["results"] == {
            "printer": "done", "strip-2": "done", "strip-3": "busy", "voice": "done", "strip-1": "down",
        }  # fmt: skip
        assert (made["by"], made["devices"], made["failed"]) == ("大厅管理室", 5, 2)
        paper = await boss.http.get(f"/office/checks/{made['id']}/print", headers=boss.headers)
        assert "设备自检记录" in paper.text
        assert "正在办理，没有检查" in paper.text
        assert (await clerk.post("/devices/check", {})).status_code == 403
