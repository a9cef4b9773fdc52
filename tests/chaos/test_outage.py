"""The hub was down: that time counts nowhere, and each clerk is asked. A wrong clock: someone is told. Midnight."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.consistency import faults
from hallq import outbox
from hallq.config import load_settings
from hallq.hall import ClockWentBack, Hall, beat
from hallq.kernel import Tx
from hallq.rows import Effect
from tests.devices.rig import until
from tests.hub import MONDAY_NINE, ManualClock, hub, write_hall

HOUR = 3600


def as_killed(folder: Path, copy: Path) -> Path:
    """The hall's folder as kill -9 leaves it at this moment: no clean end, the log beside the database."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.sock", "*.lock", "*-shm", "backups"))
    return copy / "hall.toml"


async def items(caller: Any, path: str) -> Any:
    return (await caller.get(path)).json()["items"]


async def test_an_outage_counts_in_no_figure_and_each_clerk_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    clock = ManualClock()
    async with hub(write_hall(tmp_path / "a"), clock) as running:
        kiosk = await running.device("kiosk", "k1")
        one, two, three = [await running.clerk(*who) for who in (("王芳", "1"), ("李明", "2"), ("赵强", "3"))]
        await kiosk.ok("/tickets", {"service": "id"})
        await kiosk.ok("/tickets", {"service": "pension"})
        waiting = await kiosk.ok("/tickets", {"service": "pension"})
        await one.ok("/windows/1/call-next")
        await three.ok("/windows/3/call-next")
        reasons = (await two.get("/pause-reasons")).json()["items"]
        await two.ok("/windows/2/pause", {"reason": reasons[0]["code"]})
        clock.pass_(60)
        await running.hall.tick()
        settings = load_settings(as_killed(tmp_path / "a", tmp_path / "b"))
    clock.pass_(HOUR / 2)
    async with hub(settings, clock) as running:
        one, three = replace(one, http=running.http), replace(three, http=running.http)
        office = await running.person("主任", "office")
        [outage] = await items(office, "/outages")
        assert (outage["since"][11:19], outage["until"][11:19]) == ("09:01:00", "09:31:00")
        shapes = {window["no"]: window for window in await items(one, "/windows")}
        assert [bool(shapes[no]["restored"]) for no in "123"] == [True, False, True]
        assert shapes["2"]["paused"]["since"][11:19] == "09:30:00"  # 60 s of a pause, as it stood
        await until(lambda: "notice/figures" in running.hall.extra)
        figures = running.hall.extra["notice/figures"]
        assert (figures["longest_wait"], figures["paused_long"]) == (60, 0)
        assert not (await one.ok("/windows/1/continue"))["window"]["restored"]
        back = await three.ok("/windows/3/return")
        assert (back["ticket"]["state"], back["window"]["state"]) == ("waiting", "open")
        assert (await three.ok("/windows/3/call-next"))["ticket"]["id"] == back["ticket"]["id"] != waiting["id"]
        clock.pass_(120)
        await one.ok("/windows/1/finish")
        person = running.hall.picture.windows["1"].clerk
        assert person is not None
        record = (await office.get(f"/staff/{person.id}/record?from=2026-11-23&to=2026-11-23")).json()
        assert (record["served"], record["mean_handling_s"]) == (1, 180)
    assert faults(settings.database_path) == []


async def test_a_short_restart_asks_nobody(tmp_path: Path) -> None:
    clock = ManualClock()
    settings = write_hall(tmp_path)
    async with hub(settings, clock) as running:
        await (await running.device("kiosk", "k1")).ok("/tickets", {"service": "id"})
        await (await running.clerk("王芳", "1")).ok("/windows/1/call-next")
    clock.pass_(10)
    async with hub(settings, clock) as running:
        assert not running.hall.picture.windows["1"].outage
        assert running.hall.picture.windows["1"].state == "serving"


async def test_a_clock_that_stands_back_needs_the_offices_consent(tmp_path: Path) -> None:
    settings, clock = write_hall(tmp_path), ManualClock()
    async with Hall.open(settings, clock=clock):
        pass
    clock.pass_(-600)
    with pytest.raises(ClockWentBack) as refused:
        async with Hall.open(settings, clock=clock):
            pass
    assert "10 minutes before" in str(refused.value) and "--accept-clock" in str(refused.value)
    assert "\n" not in str(refused.value)
    async with Hall.open(settings, clock=clock, accept_clock=True) as hall:
        before = hall.now()
        await hall.do(beat)
        clock.pass_(30)
        assert hall.now() == before + 30_000  # the hall's time never goes back, and does not stand still


async def test_a_clock_that_jumps_is_journaled_and_alarmed(tmp_path: Path) -> None:
    class JumpyClock(ManualClock):
        behind = 0.0

        def monotonic(self) -> float:
            return super().monotonic() - self.behind

    clock = JumpyClock()
    async with hub(write_hall(tmp_path), clock) as running:
        clock.pass_(3)
        await running.hall.tick()
        assert not running.hall.picture.notices
        clock.pass_(3600)
        clock.behind = 3600
        await running.hall.tick()
        await running.hall.do(beat)
        [alarm] = running.hall.picture.notices.values()
        assert alarm.kind == "alert" and "3600" in alarm.text
        [facts] = running.hall.store._connection.execute("SELECT facts FROM journal WHERE verb = 'clock_jumped'")
        assert facts == ('{"seconds":3600}',)


async def test_midnight(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_NINE + 13 * HOUR * 1000)
    async with hub(write_hall(tmp_path), clock) as running:
        kiosk = await running.device("kiosk", "k1")
        one, three = await running.clerk("王芳", "1"), await running.clerk("赵强", "3")
        tickets = [await kiosk.ok("/tickets", {"service": "pension"}) for _ in range(3)]
        await three.ok("/windows/3/call-next")
        clock.pass_(HOUR)
        await running.hall.tick()
        assert (await kiosk.ok("/tickets", {"service": "id"}))["number"] == "A001"
        clock.pass_(HOUR)  # midnight in the hall's own timezone, 16:00 UTC
        await running.hall.tick()
        states = [(await kiosk.get(f"/tickets/{ticket['id']}")).json()["state"] for ticket in tickets]
        assert states == ["called", "cancelled", "cancelled"]
        assert (await kiosk.ok("/tickets", {"service": "pension"}))["number"] == "B001"
        windows = running.hall.picture.windows
        assert (windows["1"].state, windows["3"].state) == ("closed", "serving")
        await three.ok("/windows/3/finish")
        assert running.hall.picture.windows["3"].state == "closed"
        assert (await one.post("/windows/1/call-next")).json()["error"]["code"] == "not_signed_in"
        pad = await running.device("pad-citizen", "3")
        token = running.hall.invitations["3"].token
        clock.pass_(24 * HOUR)
        await running.hall.tick()
        assert "3" not in running.hall.invitations
        late = await pad.post("/pads/3/rating", {"token": token, "level": 5})
        assert (late.status_code, late.json()["error"]["code"]) == (409, "rating_closed")
    assert faults(running.hall.settings.database_path) == []


async def test_effects_after_a_crash_are_unknown_or_expired(tmp_path: Path) -> None:
    settings, clock = write_hall(tmp_path), ManualClock()

    def put(tx: Tx) -> list[int]:
        rows = [
            tx.insert(Effect, kind="speak", target="1F", payload="{}", state=state, at=tx.now, deadline=tx.now + 40_000)
            for state in ("sending", "pending", "done")
        ]
        return [row.id or 0 for row in rows]

    async with Hall.open(settings, clock=clock) as hall:
        keys = await hall.do(put)
    clock.pass_(41)
    async with Hall.open(settings, clock=clock) as hall:
        await hall.do(outbox.recover)
        assert await hall.do(outbox.claim) == []
        states = [await hall.read(lambda db, key=key: db.get(Effect, key).state) for key in keys]  # type: ignore[misc]
    assert states == ["unknown", "expired", "done"]
