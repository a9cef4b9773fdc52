"""A device that cannot be reached: silent for ten seconds of the hall's clock, then one alarm until it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.strip import SimStrip
from tests.hub import Hub, hub, write_hall

PATIENCE = 40.0


async def eventually(good: Callable[[], bool]) -> None:
    """The wiring looks by itself; the hub's time stands still unless it is moved."""
    async with asyncio.timeout(PATIENCE):
        while not good():
            await asyncio.sleep(0.02)


def down(running: Hub) -> int | None:
    """As the wall's figures say; None before the first look."""
    found: int | None = running.hall.extra.get("notice/figures", {}).get("devices_down")
    known = running.hall.extra.get("device/led-2", {}).get("state")
    return found if known in ("up", "down") else None


def open_alarms(running: Hub) -> list[str]:
    """Of devices; that no strip is left at all is an alarm of its own (A01)."""
    notices = running.hall.picture.notices.values()
    return sorted(view.key for view in notices if view.kind == "alarm" and not view.key.startswith("kind/"))


async def test_a_restart_is_silent_and_a_dead_line_is_an_alarm(tmp_path: Path) -> None:
    host = SimHost(SimStrip(0.02))
    line = host.start_tcp()
    toml = f'[[device]]\nid = "led-2"\ndriver = "onbon-bxk"\nlink = "{line}"\nwindow = "2"\n'
    async with hub(write_hall(tmp_path, devices=toml)) as running:
        await eventually(lambda: down(running) == 0)
        host.fault("unplug", True)
        await eventually(lambda: down(running) == 1)  # the hub has looked
        assert open_alarms(running) == []
        running.clock.pass_(11)
        await eventually(lambda: open_alarms(running) == ["device/led-2"])
        host.fault("unplug", False)
        running.clock.pass_(6)
        await eventually(lambda: open_alarms(running) == [])
    await host.stop()
