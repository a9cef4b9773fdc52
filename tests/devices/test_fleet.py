"""The fleet: no device waits for another, a bad driver stops nobody, the log says each loss once."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from structlog.testing import capture_logs

from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import Shown
from hallq.devices.drivers.onbon import LedStrip
from hallq.displays.screens import EvaluatorScreen, KeypadScreen, PadScreen, StripScreen
from tests.devices.rig import SLIP, Rig, now, pad_screen, speech, until


async def test_a_mute_device_makes_nobody_wait(rig: Rig) -> None:
    """A strip, a pad, a printer and a voice beside a mute one of each."""
    kinds = ["onbon-bxk", "eval-pad", "escpos", "syn6288"]
    for kind in kinds:
        rig.device(kind, "tcp", id=f"mute-{kind}").fault("mute", True)
        rig.device(kind, "pty", id=kind)
    fleet = await rig.start()
    for kind in kinds:
        await rig.up(kind)
    begun = now()
    for name in ("mute-onbon-bxk", "onbon-bxk"):
        fleet.show(name, StripScreen(("请A001号",)))
    for name in ("mute-eval-pad", "eval-pad"):
        fleet.show(name, pad_screen(1))
    stuck = [asyncio.create_task(fleet.perform(f"mute-{kind}", job, seconds=3)) for kind, job in
             (("escpos", SLIP), ("syn6288", speech("一")))]  # fmt: skip
    assert await fleet.perform("escpos", SLIP, seconds=5) == "done"
    assert await fleet.perform("syn6288", speech("一"), seconds=5) == "done"
    await until(lambda: {device for device, _ in rig.events.shown} == {"onbon-bxk", "eval-pad"})
    assert now() - begun < 2.5
    assert not any(task.done() for task in stuck)
    assert await asyncio.gather(*stuck) == ["failed", "failed"]


async def test_one_warning_when_it_goes_and_one_line_when_it_is_back(rig: Rig, transport: str) -> None:
    host = rig.device("onbon-bxk", transport, id="strip-3")
    with capture_logs() as logs:
        await rig.start()
        await rig.up("strip-3")
        host.fault("unplug", True)
        await rig.state("strip-3", "down")
        await asyncio.sleep(0.3)  # several tries in silence
        host.fault("unplug", False)
        await rig.up("strip-3")
    said = [(line["log_level"], line["event"].rstrip("0123456789 s")) for line in logs]
    assert said == [("warning", "strip-3 lost"), ("info", "strip-3 back after")]
    states = [health.state for health in rig.events.health["strip-3"]]
    assert [state for state, _ in itertools.groupby(states)] == ["up", "down", "up"]


async def test_an_unplugged_device_is_noticed_at_once(rig: Rig, transport: str) -> None:
    host = rig.device("onbon-bxk", transport, id="led")
    await rig.start(tempo=100.0)  # no time-out helps here
    await rig.up("led")
    begun = now()
    host.fault("unplug", True)
    await rig.state("led", "down")
    assert now() - begun < 1


async def test_a_bug_in_a_driver_is_a_loss_with_a_traceback(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(LedStrip):
        async def show(self, wire: object, screen: StripScreen) -> bool:
            raise ZeroDivisionError

    monkeypatch.setitem(DRIVERS, "broken", Broken)
    good = rig.device("onbon-bxk", "tcp", id="good")
    bad = rig.device("onbon-bxk", "tcp", id="bad")
    link = rig.entries.pop().link
    rig.entries.append(rig.entry("broken", link, id="bad"))
    with capture_logs() as logs:
        fleet = await rig.start()
        for device in ("bad", "good"):
            fleet.show(device, StripScreen(("一",)))
        await until(lambda: good.device.state()["pages"] == ["一"])
        await until(lambda: any(health.state == "down" for health in rig.events.health.get("bad", ())))
    assert any(line.get("exc_info") for line in logs)
    assert bad.device.state()["pages"] == []
    assert "ZeroDivisionError" in next(h.error for h in rig.events.health["bad"] if h.state == "down")


SCREENS: dict[type[Shown], Shown] = {
    StripScreen: StripScreen(("一",)), PadScreen: pad_screen(1),
    KeypadScreen: KeypadScreen(1, "open"), EvaluatorScreen: EvaluatorScreen("token"),
}  # fmt: skip


@pytest.mark.parametrize("driver", sorted(DRIVERS))
async def test_every_driver_has_a_simulator_in_the_same_process(rig: Rig, driver: str) -> None:
    rig.entries.append(rig.entry(driver, id="it"))
    fleet = await rig.start()
    await rig.up("it")
    if (shows := DRIVERS[driver].shows) is not None:
        fleet.show("it", SCREENS[shows])
        await until(lambda: ("it", SCREENS[shows]) in rig.events.shown)
    elif DRIVERS[driver].performs is not None:
        job = SLIP if driver == "escpos" else speech("一")
        assert await fleet.perform("it", job, seconds=20) == "done"


async def test_a_stopped_fleet_ends_its_jobs(rig: Rig) -> None:
    rig.device("escpos", "tcp", id="printer").fault("unplug", True)
    fleet = await rig.start()
    job = asyncio.create_task(fleet.perform("printer", SLIP, seconds=30))
    await rig.state("printer", "down")
    await fleet.stop()
    assert await job == "failed"


async def test_a_slip_that_never_went_out_is_failed_when_its_time_is_over(rig: Rig) -> None:
    """The printer goes mute between the look at it and the slip: the kiosk hears of it before it is back."""
    printer = rig.device("escpos", "tcp", id="printer")
    fleet = await rig.start()
    await rig.state("printer", "up")
    printer.fault("mute", True)
    assert await asyncio.wait_for(fleet.perform("printer", SLIP, seconds=0.1), 5) == "failed"
