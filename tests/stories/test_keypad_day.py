"""A clerk's whole day from an RS-485 keypad alone: no page of the window is ever opened. Beside it an evaluator with
buttons, at the same address of the same line; the citizens' numbers come from buttons too (test_dispenser)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from hallq.assessment.ratings.model import Rating
from hallq.config import load_settings
from hallq.devices.drivers import ff68
from hallq.devices.simulators.bus import SimBus
from hallq.devices.simulators.ff68 import SimEvaluator, SimKeypad
from hallq.devices.simulators.host import SimHost
from tests.chaos.test_outage import as_killed
from tests.devices.rig import until
from tests.hub import Hub, ManualClock, hub, write_hall
from tests.stories.test_hall import staff_number, state
from tests.web.test_ratings import refusals

TEMPO = 0.2
DEVICES = """
[[device]]
id = "keys-2"
driver = "ff68-keypad"
link = "{link}"
window = "2"
options = {{ address = 2 }}
[[device]]
id = "eval-2"
driver = "ff68-evaluator"
link = "{link}"
window = "2"
options = {{ address = 2 }}
"""


@dataclass
class Desk:
    """Window 2: what stands on its desk."""

    running: Hub
    keypad: SimKeypad
    evaluator: SimEvaluator

    async def press(self, *keys: str, good: Callable[[dict[str, Any]], Any] = lambda now: True) -> None:
        """One frame; then the window is as it should be, and nothing has beeped."""
        beeps = self.keypad.beeps
        self.keypad.press(*keys)
        await until(lambda: not self.keypad.busy and good(state(self.running)))
        assert self.keypad.beeps == beeps, keys

    async def refused(self, *keys: str) -> None:
        beeps = self.keypad.beeps
        self.keypad.press(*keys)
        await until(lambda: self.keypad.beeps > beeps and not self.keypad.busy)

    async def shows(self, *, ticket: int, waiting: int) -> None:
        await until(lambda: (self.keypad.state()["ticket"], self.keypad.state()["waiting"]) == (ticket, waiting))


@asynccontextmanager
async def line(folder: Path) -> AsyncIterator[tuple[SimHost, SimKeypad, SimEvaluator]]:
    keypad, evaluator = SimKeypad(TEMPO, address=2), SimEvaluator(TEMPO, address=2)
    host = SimHost(SimBus({"keys-2": keypad, "eval-2": evaluator}))
    host.start_tcp()
    try:
        yield host, keypad, evaluator
    finally:
        await host.stop()


async def test_a_whole_day_from_the_keypad_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ff68, "KEY_AGAIN_S", 0.03)
    monkeypatch.setattr(ff68, "DIGIT_AGAIN_S", 0.01)
    (tmp_path / "a").mkdir()
    clock = ManualClock()
    async with line(tmp_path) as (host, keypad, evaluator):
        settings = write_hall(tmp_path / "a", opening="hours", devices=DEVICES.format(link=host.link))
        async with hub(settings, clock) as running:
            desk = Desk(running, keypad, evaluator)
            await the_morning(desk, clock)
            settings = load_settings(as_killed(tmp_path / "a", tmp_path / "b"))
        clock.pass_(120)
        async with hub(settings, clock) as running:
            await the_evening(Desk(running, keypad, evaluator), clock)


async def the_morning(desk: Desk, clock: ManualClock) -> None:
    running, keypad = desk.running, desk.keypad
    await staff_number(running, "李明", "1007", "2580")
    await desk.refused("call_next")  # nobody is signed in
    keypad.type("1007")
    keypad.type("9999")
    await until(lambda: keypad.beeps == 2 and not keypad.busy)
    assert state(running)["clerk"] is None and keypad.state()["ticket"] == 0
    await sign_in(desk)
    kiosk = await running.device("kiosk", "k1")
    for service in ("pension", "pension", "pension", "card"):
        await kiosk.ok("/tickets", {"service": service})
    await desk.shows(ticket=0, waiting=4)

    desk.evaluator.press(3)  # nobody is asked: a child plays
    await until(lambda: desk.evaluator.given_up == 1)
    assert desk.evaluator.answered == 0

    await desk.press("call_next", good=number("B001"))
    await desk.shows(ticket=1, waiting=3)
    await desk.refused("call_next")  # it never finishes one by itself
    await desk.refused("6", "confirm")  # not yet
    await desk.press("recall", good=lambda now: now["ticket"]["calls"] == 2)
    clock.pass_(61)
    await desk.press("6", "confirm", good=lambda now: now["ticket"] is None)
    await desk.press("8")
    await desk.press("confirm", good=number("B001"))  # the wrong one: taken back
    await desk.press("1")
    await desk.press("confirm", good=lambda now: now["ticket"]["state"] == "serving")
    await desk.press("pause", good=lambda now: now["state"] == "away")  # a stamp in the back room
    await desk.press("pause", good=lambda now: now["state"] == "serving")
    await desk.press("evaluate", good=lambda now: now["ticket"] is None)
    await until(lambda: desk.evaluator.asked >= 1)
    desk.evaluator.press(0)
    await until(lambda: desk.evaluator.answered == 1)

    await desk.press("call_next", good=number("B002"))
    await desk.press("0", "confirm", good=lambda now: now["parked"] != [])
    await desk.press("3", "confirm", good=number("B002"))
    await desk.press("evaluate", good=lambda now: now["ticket"] is None)
    await desk.press("2", "pause", good=lambda now: now["paused"])
    pause = running.hall.picture.windows["2"].pause
    assert pause is not None and pause.code == "meal"  # the second of the list
    await desk.press("pause", good=lambda now: not now["paused"])
    await desk.press("9", "confirm")
    assert any(notice.kind == "help" for notice in running.hall.picture.notices.values())
    await desk.press("call_next", good=number("B003"))
    await desk.refused("transfer")  # where to?
    await desk.press("3", "transfer", good=lambda now: now["ticket"] is None)
    await desk.press("call_next", good=number("B004"))
    clock.pass_(60)
    await running.hall.tick()


async def the_evening(desk: Desk, clock: ManualClock) -> None:
    """The hub was away with a visit open; then the last citizen, and home."""
    await until(lambda: "device/keys-2" in desk.running.hall.extra)
    await desk.shows(ticket=4, waiting=1)  # who was sent to window 3 waits for the same service
    assert state(desk.running)["restored"]
    await desk.press("4")
    await desk.press("confirm", good=lambda now: not now["restored"])
    await desk.press("evaluate", good=lambda now: now["ticket"] is None)
    await desk.press("7", "0", "confirm", good=lambda now: now["clerk"] is None)
    [rating] = await desk.running.hall.read(lambda db: db.find(select(Rating)))
    assert (rating.level, rating.channel, rating.window) == (4, "button", "2")
    [(actor, facts)] = refusals(desk.running)
    assert actor == "device:eval-2" and "rating_closed" in facts


def number(wanted: str) -> Callable[[dict[str, Any]], bool]:
    return lambda now: now["ticket"] is not None and now["ticket"]["number"] == wanted


async def sign_in(desk: Desk) -> None:
    desk.keypad.type("1007")
    desk.keypad.type("2580")
    await until(lambda: not desk.keypad.busy and state(desk.running)["clerk"] is not None)
