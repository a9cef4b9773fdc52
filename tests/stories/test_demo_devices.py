"""The virtual hall's other devices as visitors use them, its fault panel, and a working day played by script."""

from __future__ import annotations

from pathlib import Path

from hallq.demo.cast import PIN
from hallq.demo.clock import FastClock
from hallq.demo.day import Day
from hallq.simulate.plan import Citizen
from tests.devices.rig import until
from tests.stories.test_demo import Visitor, visit


async def up(visitor: Visitor, *devices: str) -> None:
    for device in devices:
        await visitor.until(f"device/{device}", lambda shown: shown["hub"]["state"] == "up")


async def test_keys_buttons_cards_and_faults(tmp_path: Path) -> None:
    async with visit(tmp_path) as visitor:
        await up(visitor, "keys-13", "buttons-13", "reader-k1", "box-k3", "printer-k3", "led-19", "digits-23")

        await visitor.post("/virtual/boxes/box-k3/key", key="KP1")  # through the relay, both ways
        slip = await visitor.until("device/printer-k3", lambda printer: printer["slip"] is not None)
        assert slip["slip"]["number"].startswith("L")

        await visitor.post("/virtual/readers/reader-k1/card", card="elder")
        await visitor.until("device/reader-k1", lambda reader: reader["read"])
        await until(lambda: visitor.demo.hall.extra.get("card/k1", {}).get("elderly"))
        await visitor.post("/virtual/readers/reader-k1/card")
        await visitor.until("device/reader-k1", lambda reader: not reader["card"])

        await visitor.post("/demo/pair", role="kiosk", place="k2")
        ticket = await visitor.post("/tickets", service="id-card", kiosk="k2", request_id="one")
        keys = [*"1301", "confirm", *PIN, "confirm"]
        await visitor.post("/virtual/keypads/keys-13/keys", keys=keys)
        await visitor.until("window/13", lambda window: window["clerk"])
        await visitor.post("/virtual/keypads/keys-13/keys", keys=["call_next"])
        await visitor.strip("13", ticket["number"])
        await visitor.until("device/keys-13", lambda keypad: keypad["number"] == ticket["number"][-3:])
        await visitor.post("/virtual/keypads/keys-13/keys", keys=["evaluate"])
        await visitor.until("device/buttons-13", lambda buttons: buttons["asking"])
        await visitor.post("/virtual/evaluators/buttons-13/button", value=1)
        await visitor.until("device/buttons-13", lambda buttons: buttons["answered"] == 1 and not buttons["asking"])

        await visitor.post("/virtual/groups/line-strips/unplug", on=True)
        await visitor.post("/virtual/groups/relay/unplug", on=True)
        await visitor.post("/virtual/devices/buttons-13/fault", name="mute", on=True)
        await visitor.until("device/led-22", lambda strip: strip["hub"]["state"] == "down")
        await visitor.until("device/printer-k3", lambda printer: printer["hub"]["state"] == "down")
        await visitor.post("/virtual/heal")
        await up(visitor, "led-19", "led-22", "printer-k3")
        assert not any(device.faults for device in visitor.demo.house.devices)
        assert (await visitor.http.post("/api/v1/virtual/groups/nowhere/unplug", json={"on": True})).status_code == 404


async def test_a_day_is_played_and_stands_still(tmp_path: Path) -> None:
    async with visit(tmp_path) as visitor:
        await visitor.post("/virtual/speed", speed=60)
        await visitor.post("/virtual/day", on=True, size=1200)
        await visitor.until("hall", lambda hall: hall["day"]["came"] > 4 and hall["staffed"] > 30)
        assert visitor.shown["hall"]["speed"] == 60
        await visitor.until("device/printer-k1", lambda printer: printer["printed"] > 0)
        assert (await visitor.post("/virtual/day", on=False))["state"] == "paused"
        assert visitor.demo.robots.day.paused


async def test_a_day_ends_with_everybody_come_and_the_clerks_sent_home() -> None:
    came: list[Citizen] = []
    work: list[bool] = []

    async def come(service: str, category: str, story: Citizen) -> None:
        came.append(story)

    async def to_work(on: bool) -> None:
        work.append(on)

    day = Day(FastClock(50_000), come, to_work, seed=1)
    await day.play(True, 40)
    await until(lambda: day.view()["state"] == "off")
    assert work == [True, False]
    assert len(came) == day.view()["came"] == day.view()["total"] > 20
    assert came == sorted(came)
    assert day.view()["at"] >= "17:30"
