"""A port whose adapter hangs holds nobody up; one that nobody waits for any more is given back."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hallq.devices import ports
from hallq.devices.links import Line, LinkLost, open_line
from tests.devices.rig import Rig


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Opening takes until it is set."""
    plug = threading.Event()
    opened = ports._opened

    def open_late(*port: str) -> ports.OpenPort:
        assert plug.wait(10)
        return opened(*port)  # type: ignore[arg-type]

    monkeypatch.setattr(ports, "_opened", open_late)
    return plug


async def test_the_others_go_on_while_an_adapter_hangs(rig: Rig, hanging: threading.Event) -> None:
    rig.device("onbon-bxk", "pty", id="hangs")
    rig.device("onbon-bxk", "tcp", id="well")
    fleet = await rig.start()
    await rig.up("well")
    assert fleet.health()["hangs"].state == "starting"
    hanging.set()
    await rig.up("hangs")


async def test_a_port_that_opens_too_late_is_given_back(rig: Rig, hanging: threading.Event) -> None:
    link = rig.device("onbon-bxk", "pty").link
    late = [asyncio.create_task(open_line(link)) for _ in range(3)]
    await asyncio.sleep(0)
    for opening in late:
        opening.cancel()
    await asyncio.wait(late)
    hanging.set()
    async with asyncio.timeout(20):
        while (line := await _opened(link)) is None:  # until then it was theirs: no two may have it at once
            await asyncio.sleep(0.01)
    line.close()


async def _opened(link: str) -> Line | None:
    try:
        return await open_line(link)
    except LinkLost:
        return None
