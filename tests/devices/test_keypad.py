"""Call keypads and button evaluators on an FF 68 line: once per press, acknowledged once taken, beeped when refused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from firmware_protocols import ff68_bus as bus
from firmware_protocols import to_json
from hallq.devices import inputs
from hallq.devices.call_keys import GOOD, TYPED_S, WRONG, CallKeys, Wish
from hallq.devices.drivers.ff68 import drawn, names
from hallq.devices.inputs import Answer, Key, SignIn
from hallq.devices.simulators.ff68 import SimEvaluator, SimKeypad
from hallq.displays.screens import EvaluatorScreen, KeypadScreen
from tests.devices.rig import Rig, until

# -- the keys alone


def pressed(keys: CallKeys, *frames: str, closed: bool = False, now: float = 0.0) -> Wish:
    """Frames as words: "1", "6 confirm"; the last one's wish."""
    [*_, wish] = [keys.press(frame.split(), "k", now=now, closed=closed) for frame in frames]
    return wish


@pytest.mark.parametrize(
    ("frames", "verb", "argument"),
    [
        (["finish"], "finish", ""),
        (["call-next"], "call-next", ""),
        (["recall"], "recall", ""),
        (["6 confirm"], "no-show", ""),
        (["6", "confirm"], "no-show", ""),
        (["6", "6 confirm"], "no-show", ""),  # the digit by itself, then again with its key
        (["0 confirm"], "park", "papers"),
        (["0", "1", "confirm"], "park", "kept"),
        (["3 confirm"], "call-back", ""),
        (["8", "confirm"], "undo", ""),
        (["9", "confirm"], "help", ""),
        (["7", "0", "confirm"], "sign-out", ""),
        (["pause"], "pause-or-resume", ""),
        (["2", "pause"], "pause-or-resume", "2"),
        (["5", "cancel", "enter"], "call-next", ""),
        (["6", "enter"], "no-show", ""),
    ],
)
def test_keys_become_verbs(frames: Sequence[str], verb: str, argument: str) -> None:
    assert pressed(CallKeys(), *frames) == Key("k", None, verb, argument)


def test_a_transfer_needs_its_window() -> None:
    assert pressed(CallKeys(), "1", "2", "transfer") == Key("k", None, "transfer", window="12")
    assert pressed(CallKeys(), "transfer") == WRONG


@pytest.mark.parametrize("frames", [["confirm"], ["4", "4", "confirm"], ["one_metre"], ["1"] * 17])
def test_what_means_nothing_is_refused(frames: Sequence[str]) -> None:
    assert pressed(CallKeys(), *frames) == WRONG


def test_digits_that_nobody_confirmed_are_forgotten() -> None:
    keys = CallKeys()
    pressed(keys, "8")
    assert pressed(keys, "6", "confirm", now=TYPED_S + 1) == Key("k", None, "no-show")


def test_a_sign_in_is_staff_number_and_pin() -> None:
    keys = CallKeys()
    assert pressed(keys, *"1007", "confirm", closed=True) == GOOD
    assert pressed(keys, *"2580", "confirm", closed=True) == SignIn("k", "1007", "2580")
    assert pressed(keys, "7", "confirm", "1", "2", "confirm", *"2580", "confirm") == SignIn("k", "12", "2580")
    pressed(keys, *"1007", "confirm", closed=True)
    assert pressed(keys, "cancel", "9", "confirm", closed=True) == Key("k", None, "help")


def test_both_readings_of_a_blank_field_show_the_number() -> None:
    visit, free = KeypadScreen(1, "serving", "B012", 1007), KeypadScreen(1, "open", "", 4)
    assert [show.encode().hex(" ") for show in drawn(3, visit)] == [
        "ff 68 08 08 68 03 02 09 09 09 0a 0a 0a 3e 16",
        "ff 68 08 08 68 03 02 0a 0a 0a 00 01 02 26 16",
    ]
    assert drawn(3, free) == (bus.Show(3, ticket=0), bus.Show(3, waiting=4))


def test_a_pin_is_in_no_trace() -> None:
    [message] = bus.Host().feed(bus.Digits(1, bytes([2])).encode())
    assert isinstance(message, bus.Digits) and names(message.keys) == ["2"]
    assert "2" not in repr(message) + str(to_json(message)).replace("address", "")


# -- over a line


async def one(rig: Rig, transport: str = "tcp") -> SimKeypad:
    host = rig.device("ff68-keypad", transport, id="k")
    await rig.start()
    await rig.up("k")
    assert isinstance(host.device, SimKeypad)
    return host.device


async def test_a_press_is_acknowledged_once_the_hall_has_taken_it(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallq.devices.simulators.ff68.TRIES", 1000)  # however long this machine takes
    taken = asyncio.Event()

    async def slowly(what: inputs.Input) -> Answer:
        await taken.wait()
        return Answer()

    rig.events.answer = slowly
    keypad = await one(rig, "pty")
    keypad.press("call_next")
    await until(lambda: keypad.state()["busy"] and rig.events.inputs)
    await asyncio.sleep(0.1)  # it has repeated itself by now
    assert keypad.answered == 0
    taken.set()
    await until(lambda: keypad.answered == 1)
    assert len(rig.events.inputs) == 1 and keypad.beeps == 0


async def test_what_is_refused_beeps_and_is_acknowledged(rig: Rig) -> None:
    async def refuse(what: inputs.Input) -> Answer:
        return Answer("nobody_waiting")

    rig.events.answer = refuse
    keypad = await one(rig)
    keypad.press("call_next")
    await until(lambda: keypad.beeps == 1 and keypad.answered == 1)


async def test_what_the_disk_did_not_take_is_sent_again(rig: Rig) -> None:
    async def later(what: inputs.Input) -> Answer:
        return Answer("unavailable" if len(rig.events.inputs) < 3 else "ok")

    rig.events.answer = later
    keypad = await one(rig)
    keypad.press("recall")
    await until(lambda: keypad.answered == 1)
    assert len({key.key_id for key in rig.events.inputs if isinstance(key, Key)}) == 1


@pytest.mark.parametrize("fault", ["deaf", "stuck"])
async def test_a_press_that_is_repeated_happens_once(rig: Rig, fault: str) -> None:
    keypad = await one(rig)
    keypad.fault("deaf", fault == "deaf")
    keypad.press("pause")
    await until(lambda: rig.events.inputs)
    keypad.fault(fault, True)
    await until(lambda: not keypad.busy)
    keypad.fault(fault, False)
    assert len(rig.events.inputs) == 1
    await asyncio.sleep(0.1)
    keypad.press("pause")
    await until(lambda: len(rig.events.inputs) == 2)


async def test_a_line_on_which_the_hub_hears_itself_does_not_go_on_for_ever(rig: Rig) -> None:
    keypad = await one(rig)
    heard = keypad.heard
    keypad.heard = lambda message: (heard(message), keypad._say(message.encode()))[0]  # type: ignore[method-assign]
    keypad.press("call_next")
    assert rig.fleet
    await rig.state("k", "fault")
    assert "hears itself" in rig.fleet.health()["k"].error
    assert len(rig.events.inputs) == 1
    keypad.heard = heard  # type: ignore[method-assign]
    keypad.press("recall")
    await rig.state("k", "up")


async def test_a_press_whose_answer_was_lost_with_the_line_happens_once(rig: Rig) -> None:
    hosted = rig.device("ff68-keypad", "tcp", id="k")
    keypad = hosted.device
    assert isinstance(keypad, SimKeypad)

    async def cut(what: inputs.Input) -> Answer:
        hosted.fault("unplug", True)
        return Answer()

    rig.events.answer = cut
    await rig.start()
    await rig.up("k")
    keypad.press("call_next")
    await rig.state("k", "down")
    hosted.fault("unplug", False)
    await rig.up("k")
    await until(lambda: not keypad.busy)
    keypad.press("call_next")
    await until(lambda: keypad.answered >= 1 and not keypad.busy)
    assert len(rig.events.inputs) == 1


async def test_rubbish_is_no_key(rig: Rig) -> None:
    keypad = await one(rig)
    keypad.fault("wrong-sum", True)
    keypad.press("call_next")
    await until(lambda: keypad.given_up == 1)
    keypad.fault("wrong-sum", False)
    keypad.press("call_next")
    await until(lambda: keypad.answered == 1)
    assert [key.verb for key in rig.events.inputs if isinstance(key, Key)] == ["call-next"]


async def test_digits_are_typed_one_by_one_and_shown(rig: Rig) -> None:
    keypad = await one(rig)
    assert rig.fleet
    keypad.type("1107")
    keypad.type("2558")
    await until(lambda: rig.events.inputs)
    assert isinstance(rig.events.inputs[0], SignIn)
    assert (rig.events.inputs[0].staff_no, rig.events.inputs[0].pin) == ("1107", "2558")
    assert keypad.state()["ticket"] is None
    rig.fleet.show("k", KeypadScreen(2, "serving", "A012", 7))
    await until(lambda: (keypad.state()["waiting"], keypad.state()["ticket"]) == (7, 12))


async def test_a_test_is_seen_and_heard_and_then_gone(rig: Rig) -> None:
    keypad = await one(rig)
    assert rig.fleet
    rig.fleet.show("k", KeypadScreen(2, "serving", "A012", 7))
    await until(lambda: keypad.state()["ticket"] == 12)
    testing = asyncio.create_task(rig.fleet.test("k", seconds=5))
    await until(lambda: (keypad.state()["waiting"], keypad.state()["ticket"], keypad.beeps) == (888, 888, 1))
    assert await testing == "unknown"
    await until(lambda: (keypad.state()["waiting"], keypad.state()["ticket"]) == (7, 12))


async def test_keypads_and_evaluators_share_a_line(rig: Rig) -> None:
    host, line = rig.bus("ff68-keypad", "tcp", (1, 2))
    entry = rig.entry("ff68-evaluator", rig.entries[0].link, id="e1")
    evaluator = SimEvaluator(0.1)
    line.devices["e1"] = evaluator
    evaluator.attach(host._send)
    rig.entries.append(entry)
    fleet = await rig.start()
    for device in ("d1", "d2", "e1"):
        await rig.up(device)
    one, two = line.devices["d1"], line.devices["d2"]
    assert isinstance(one, SimKeypad) and isinstance(two, SimKeypad)
    fleet.show("d1", KeypadScreen(1, "serving", "A001", 3))
    fleet.show("d2", KeypadScreen(1, "serving", "A002", 5))
    fleet.show("e1", EvaluatorScreen("token"))
    one.press("call_next")
    two.press("recall")
    evaluator.press(2)
    await until(lambda: one.answered and two.answered and evaluator.answered and evaluator.asked)
    await until(lambda: (one.state()["ticket"], two.state()["ticket"]) == (1, 2))
    assert {getattr(what, "verb", what) for what in rig.events.inputs} == {"call-next", "recall", inputs.Button(2)}


# -- evaluators


async def asks(rig: Rig, **options: object) -> SimEvaluator:
    host = rig.device("ff68-evaluator", "tcp", id="e", **options)
    fleet = await rig.start()
    await rig.up("e")
    assert isinstance(host.device, SimEvaluator)
    evaluator = host.device
    fleet.show("e", EvaluatorScreen("first"))
    await until(lambda: evaluator.asked == 1)
    return evaluator


async def test_a_rating_is_answered_once_stored_and_counts_once(rig: Rig) -> None:
    evaluator = await asks(rig)
    evaluator.fault("deaf", True)
    evaluator.press(1)
    await until(lambda: evaluator.given_up == 1)
    evaluator.fault("deaf", False)
    assert rig.events.inputs == [inputs.Button(5)]
    assert rig.fleet
    rig.fleet.show("e", EvaluatorScreen("second"))
    await until(lambda: evaluator.asked == 2)
    evaluator.press(1)  # the next citizen's, with the same button
    await until(lambda: evaluator.answered == 1)
    assert rig.events.inputs == [inputs.Button(5), inputs.Button(5)]


async def test_what_does_not_count_is_not_answered(rig: Rig) -> None:
    async def closed(what: inputs.Input) -> Answer:
        return Answer("rating_closed")

    rig.events.answer = closed
    evaluator = await asks(rig)
    evaluator.press(0)
    await until(lambda: evaluator.given_up == 1)
    assert evaluator.answered == 0 and len(rig.events.inputs) == 1


async def test_a_button_without_a_level_is_a_fault_to_see(rig: Rig) -> None:
    evaluator = await asks(rig, levels={"1": 3})
    evaluator.press(2)
    assert rig.fleet
    await rig.state("e", "fault")
    assert "button 2" in rig.fleet.health()["e"].error
    evaluator.press(1)
    await rig.state("e", "up")
    assert rig.events.inputs == [inputs.Button(3)]
