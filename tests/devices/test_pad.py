"""Evaluation pads: the latest screen on both sides, a key once, a rating stored once, over resets of either end."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from firmware_protocols.eval_pad import ListId, PadHello
from hallq.devices import inputs
from hallq.devices.inputs import Answer
from hallq.devices.simulators.host import SimHost
from hallq.devices.simulators.pad import SimPad
from tests.devices.rig import TEMPO, Rig, pad_screen, until


class Hall:
    """Stores one rating per token, as the real one does; can be told that its disk is full."""

    def __init__(self) -> None:
        self.stored: dict[str, int] = {}
        self.keys: list[inputs.Key] = []
        self.full = False

    async def take(self, what: inputs.Input) -> Answer:
        await asyncio.sleep(0)
        if isinstance(what, inputs.Rated):
            return Answer("unavailable") if self.full else Answer(self._rate(what))
        if isinstance(what, inputs.Key):
            self.keys.append(what)
        return Answer()

    def _rate(self, rated: inputs.Rated) -> str:
        if rated.token in self.stored:
            return "already"
        self.stored[rated.token] = rated.level
        return "stored"


def pad_on(rig: Rig, transport: str) -> tuple[SimHost, SimPad, Hall]:
    host = rig.device("eval-pad", transport, id="pad")
    assert isinstance(host.device, SimPad)
    hall = Hall()
    rig.events.answer = hall.take
    return host, host.device, hall


def soon(seconds: int = 600) -> int:
    return int(time.time() * 1000) + seconds * 1000


async def test_both_sides_are_drawn_and_proved(rig: Rig, transport: str) -> None:
    _, pad, _ = pad_on(rig, transport)
    fleet = await rig.start()
    screen = pad_screen(7, "serving", clerk_name="王芳" * 30, number="A001", service="养老\n金")
    fleet.show("pad", screen)
    await until(lambda: rig.events.shown == [("pad", screen)])
    seen = pad.state()
    assert (seen["screen"], seen["window"], seen["citizen"]["number"]) == ("serving", "3", "A001")
    assert seen["citizen"]["service"] == "养老 金"
    assert "王芳王芳".startswith(seen["citizen"]["clerk_name"][:4])
    assert seen["clerk"] | {"extra": ""} == seen["clerk"]
    assert (seen["clerk"]["version"], seen["clerk"]["verbs"]) == (7, ["call_next", "transfer"])
    await until(lambda: set(pad.state()["lists"]) == {"levels", "reasons"})


async def test_welcome_is_the_pads_own_step(rig: Rig) -> None:
    _, pad, _ = pad_on(rig, "tcp")
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1, "called", number="A001"))
    await until(lambda: pad.state()["screen"] == "called")
    fleet.show("pad", pad_screen(2, "serving", number="A001"))
    await until(lambda: pad.state()["screen"] == "welcome")
    await until(lambda: pad.state()["screen"] == "serving")


@pytest.mark.parametrize("fault", ["unplug", "mute", "garble", "delay", "bytewise"])
async def test_it_converges_after_a_fault(rig: Rig, transport: str, fault: str) -> None:
    host, pad, _ = pad_on(rig, transport)
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1))
    await until(lambda: pad.state()["screen"] == "idle")
    host.fault(fault, True)
    for version in (2, 3, 4):
        fleet.show("pad", pad_screen(version, "called", number=f"A00{version}"))
        await asyncio.sleep(0)
    host.fault(fault, False)
    fleet.show("pad", last := pad_screen(5, "called", number="A005"))
    await until(lambda: ("pad", last) in rig.events.shown)
    assert pad.state()["citizen"]["number"] == "A005"


async def test_a_pad_that_lost_its_power_shows_the_invitation_again(rig: Rig, transport: str) -> None:
    _, pad, _ = pad_on(rig, transport)
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1, "rate", token="t1", until=soon()))
    await until(lambda: pad.state()["screen"] == "rate")
    pad.reset()
    assert pad.state()["screen"] == "starting"
    await until(lambda: pad.state()["screen"] == "rate")


async def test_a_pad_without_a_hub_is_offline_and_both_ends_notice(rig: Rig, transport: str) -> None:
    host, pad, _ = pad_on(rig, transport)
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1))
    await until(lambda: pad.state()["screen"] == "idle")
    host.fault("unplug", True)
    await rig.state("pad", "down")
    await until(lambda: pad.state()["screen"] == "offline")
    host.fault("unplug", False)
    await until(lambda: pad.state()["screen"] == "idle")


async def test_a_silent_pad_is_down_after_fifteen_seconds(rig: Rig, transport: str) -> None:
    host, _, _ = pad_on(rig, transport)
    fleet = await rig.start()
    await rig.up("pad")
    host.fault("mute", True)
    await rig.state("pad", "down")
    assert fleet.health()["pad"].error == "silent"


async def test_a_key_is_carried_out_once_and_its_answer_repeated(rig: Rig, transport: str) -> None:
    host, pad, hall = pad_on(rig, transport)
    fleet = await rig.start()
    fleet.show("pad", pad_screen(42))
    await until(lambda: pad.state()["screen"] == "idle")
    host.fault("mute", True)  # the first copies are lost
    assert pad.press("call_next")
    assert not pad.press("call_next")
    await asyncio.sleep(0.15)
    host.fault("mute", False)
    await until(lambda: not pad.state()["key_open"])
    assert [(key.verb, key.seen) for key in hall.keys] == [("call-next", 42)]
    assert pad.press("transfer", "S01", window="5", minutes=0)
    await until(lambda: not pad.state()["key_open"])
    assert (hall.keys[1].verb, hall.keys[1].argument, hall.keys[1].window) == ("transfer", "S01", "5")
    assert len({key.key_id for key in hall.keys}) == 2


async def test_a_key_whose_answer_was_lost_with_the_link_is_not_done_again(rig: Rig, transport: str) -> None:
    host, pad, hall = pad_on(rig, transport)
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(what: inputs.Input) -> Answer:
        begun.set()
        await go.wait()
        return await hall.take(what)

    rig.events.answer = slow
    fleet = await rig.start(tempo=1.0)  # the pad's own time stays quick: the hub only waits longer
    fleet.show("pad", pad_screen(42))
    await until(lambda: pad.state()["screen"] == "idle")
    assert pad.press("call_next")
    await begun.wait()
    host.fault("unplug", True)
    await rig.state("pad", "down")
    go.set()
    host.fault("unplug", False)
    await until(lambda: not pad.state()["key_open"])
    assert len(hall.keys) == 1


async def test_the_text_of_a_refusal_reaches_the_clerk(rig: Rig) -> None:
    _, pad, _ = pad_on(rig, "tcp")

    async def refuse(what: inputs.Input) -> Answer:
        return Answer("nobody_waiting", "目前没有等候的群众")

    rig.events.answer = refuse
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1))
    await until(lambda: pad.press("call_next"))
    await until(lambda: pad.state()["words"] == "目前没有等候的群众")


async def test_sign_in_reaches_the_hall_and_no_log(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, pad, _ = pad_on(rig, "tcp")
    rig.events.answer = None
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1, "closed"))
    await until(lambda: pad.sign_in("0017", "246810"))
    await until(lambda: rig.events.inputs)
    [signed] = rig.events.inputs
    assert isinstance(signed, inputs.SignIn)
    assert (signed.staff_no, signed.pin) == ("0017", "246810")
    assert "246810" not in caplog.text
    assert "0017" in caplog.text
    assert "246810" not in repr(signed)


async def test_the_lists_behind_keys(rig: Rig) -> None:
    _, pad, _ = pad_on(rig, "tcp")
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1))
    await until(lambda: pad.state()["screen"] == "idle")
    pad.menu(ListId.SERVICES)
    await until(lambda: "services" in pad.state()["lists"])
    assert [item["label"] for item in pad.state()["lists"]["services"]] == ["甲", "乙"]


async def test_touch_and_skip(rig: Rig) -> None:
    _, pad, _ = pad_on(rig, "tcp")
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1, "rate", token="t1", until=soon()))
    await until(lambda: pad.state()["screen"] == "rate")
    pad.touch()
    pad.skip()
    await until(lambda: {type(what) for what in rig.events.inputs} == {inputs.Touched, inputs.Skipped})
    assert pad.state()["screen"] == "idle"


async def test_a_rating_that_cannot_be_stored_is_kept_by_the_pad(rig: Rig, transport: str) -> None:
    _, pad, hall = pad_on(rig, transport)
    hall.full = True
    fleet = await rig.start()
    fleet.show("pad", pad_screen(1, "rate", token="t1", until=soon()))
    await until(lambda: pad.state()["screen"] == "rate")
    assert pad.rate(2)
    assert pad.state()["screen"] == "reasons"
    assert pad.submit(("eff.wait",))
    await until(lambda: len(rig.events.inputs) >= 2)
    pad.reset()
    assert pad.state()["pending"] == 2
    hall.full = False
    await until(lambda: pad.state()["pending"] == 0)
    assert hall.stored == {"t1": 2}


@pytest.mark.parametrize("trouble", ["unplug", "mute", "garble", "pad reset", "hub restart"])
async def test_ratings_arrive_exactly_once(rig: Rig, transport: str, trouble: str) -> None:
    """Ten invitations; each time something goes wrong within the press and its answer."""
    host, pad, hall = pad_on(rig, transport)
    fleet = await rig.start()
    for n in range(10):
        fleet.show("pad", pad_screen(n, "rate", token=f"t{n}", until=soon()))
        await until(lambda: pad.state()["citizen"].get("token") == f"t{n}")  # noqa: B023  awaited here
        assert pad.rate(3 + n % 3)
        for _ in range(n):  # a little later each time: before, within and behind the answer
            await asyncio.sleep(0)
        if trouble == "pad reset":
            pad.reset()
        elif trouble == "hub restart":
            fleet = await rig.restart()
        else:
            host.fault(trouble, True)
            await asyncio.sleep(0.05)
            host.fault(trouble, False)
    await until(lambda: pad.state()["pending"] == 0)
    assert hall.stored == {f"t{n}": 3 + n % 3 for n in range(10)}


class NewerPad(SimPad):
    """Speaks versions 2 and 3 only."""

    def say(self, message: object) -> None:
        super().say(PadHello(2, 3, 1, 0, "", "", "") if isinstance(message, PadHello) else message)


async def test_a_pad_of_another_version_is_refused_politely(rig: Rig) -> None:
    host, pad = SimHost(newer := NewerPad(TEMPO)), newer
    rig.hosts.append(host)
    rig.entries.append(rig.entry("eval-pad", host.start_tcp(), id="pad"))
    fleet = await rig.start()
    await until(lambda: "versions 2 to 3" in fleet.health()["pad"].error)
    await until(lambda: pad.state()["session"] == "refused")
