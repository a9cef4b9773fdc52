"""`hallq devices probe / test / watch / roll-call`: without a hub, through the hub, and on a link that nobody knows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from hallq.cli.devices import fresh
from hallq.cli.errors import Fault, Findings
from hallq.cli.main import app
from hallq.config import ConfigError, Settings
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.pad import SimPad
from hallq.devices.simulators.printer import SimPrinter
from hallq.devices.simulators.strip import SimStrip
from hallq.kernel import Refused
from hallq.wiring import one_device, self_test
from tests.hub import hub, write_hall

DEVICE = '[[device]]\nid = "{}"\ndriver = "{}"\nlink = "{}"\n{} = "{}"\n'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "SHOWN_S", 0.0)


def hall(folder: Path, hosts: dict[str, SimHost]) -> Settings:
    kinds = {
        "strip": ("onbon-bxk", "window", "2"), "pad": ("eval-pad", "window", "2"), "printer": ("escpos", "kiosk", "k1"),
    }  # fmt: skip
    text = "".join(
        DEVICE.format(name, kinds[name][0], host.start_tcp(), *kinds[name][1:]) for name, host in hosts.items()
    )
    return write_hall(folder, devices=text)


async def test_without_a_hub_the_device_is_opened_alone(tmp_path: Path) -> None:
    hosts = {"strip": SimHost(SimStrip()), "pad": SimHost(SimPad(serial="P-77")), "printer": SimHost(SimPrinter())}
    settings = hall(tmp_path, hosts)
    try:
        with one_device.locked(settings):
            found = await one_device.probe(settings, one_device.named(settings, "pad"))
            assert (found["state"], found["detail"]["serial"]) == ("up", "P-77")
            results = {name: await one_device.test(settings, one_device.named(settings, name)) for name in hosts}
        assert results == dict.fromkeys(hosts, "done")
        assert "■" in str(hosts["strip"].device.state())
        assert hosts["printer"].device.state()["slips"]
        lines: list[Any] = []
        watching = asyncio.create_task(one_device.watch(settings, one_device.named(settings, "pad"), lines.append))
        async with asyncio.timeout(30):
            while not any(frame.way == "in" for frame in lines):
                await asyncio.sleep(0.01)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        with pytest.raises(ConfigError, match="known: strip, pad, printer"):
            one_device.named(settings, "led-9")
    finally:
        for host in hosts.values():
            await host.stop()


async def test_what_hangs_on_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_device, "TRIED_S", 0.4)
    host = SimHost(SimStrip())
    link = host.start_tcp()
    try:
        assert [each["driver"] for each in await one_device.identify(link)] == ["onbon-bxk"]
    finally:
        await host.stop()


async def test_through_the_hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = {"strip": SimHost(SimStrip()), "printer": SimHost(SimPrinter())}
    settings = hall(tmp_path, hosts)

    def run(*words: str) -> list[str]:
        get_command(app).main([*words, "-c", str(settings.file)], prog_name="hallq", standalone_mode=False)
        return capsys.readouterr().out.splitlines()

    async with hub(settings) as running:
        async with asyncio.timeout(30):
            while running.hall.extra.get("device/strip", {}).get("state") != "up":
                await asyncio.sleep(0.01)
        assert (await asyncio.to_thread(run, "devices", "probe", "strip"))[0].endswith(": up")
        assert await asyncio.to_thread(run, "devices", "test", "strip") == ["strip: well"]
        called = await asyncio.to_thread(run, "devices", "roll-call", "on")
        assert called[0].startswith("the whole hall: roll call until ")
        assert "notice/roll-call" in running.hall.extra
        assert await asyncio.to_thread(run, "devices", "roll-call", "off") == ["the roll call has ended"]
        with pytest.raises(Refused, match="not_found"):
            await asyncio.to_thread(run, "devices", "roll-call", "on", "--zone", "9F")
        hosts["printer"].fault("unplug", True)
        async with asyncio.timeout(30):
            while running.hall.extra["device/printer"]["state"] != "down":
                await asyncio.sleep(0.01)
        with pytest.raises(Findings):
            await asyncio.to_thread(run, "devices", "test", "printer")
        with pytest.raises(Fault, match="used by"):
            await asyncio.to_thread(run, "devices", "probe", hosts["strip"].link)
        with pytest.raises(Fault, match='"usb:1" does not fit; probe takes'):
            await asyncio.to_thread(run, "devices", "probe", "usb:1")
        with pytest.raises(Findings):
            await asyncio.to_thread(run, "devices", "probe", f"serial:{tmp_path}/gone")
        assert f"serial:{tmp_path}/gone: No such file or directory\n" in capsys.readouterr().out
        boss = await running.person("管理室", "office")
        assert [row["result"] for row in (await boss.get("/devices/strip")).json()["tests"]] == ["done"]
    for host in hosts.values():
        await host.stop()


def test_only_new_frames_are_told() -> None:
    assert fresh([], ["a", "b"]) == ["a", "b"]
    assert fresh(["a", "b", "a"], ["b", "a", "c", "d"]) == ["c", "d"]
    assert fresh(["a"], ["a"]) == []
