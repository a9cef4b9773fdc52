"""Speech modules: each sentence whole, in order, none cut off by the next, whatever the line does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hallq.devices.simulators.speech import SimSpeechChip
from hallq.displays.screens import Speech
from tests.devices.rig import Rig, speech, until

CHIPS = ["syn6288", "syn6658", "xfs5152"]
SENTENCES = ["请A零零一号到三号窗口办理业务", "请B零一二号到十二号窗口办理业务", "三号窗口暂停服务"]


def spoken(chip: Any) -> list[str]:
    return [each["text"] for each in chip.state()["spoken"]]


def cut(chip: Any) -> bool:
    return any(each["cut"] for each in chip.state()["spoken"])


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("fault", ["", "delay", "bytewise"])
async def test_whole_in_order_never_cut(rig: Rig, transport: str, chip: str, fault: str) -> None:
    host = rig.device(chip, transport, id="voice", volume=50)
    if fault:
        host.fault(fault, True)
    fleet = await rig.start(tempo=1.0)  # a slow machine is no silent chip: the hub waits its real second
    outcomes = await asyncio.gather(*(fleet.perform("voice", speech(text), seconds=20) for text in SENTENCES))
    assert outcomes == ["done"] * 3
    assert spoken(host.device) == SENTENCES
    assert not cut(host.device)
    assert host.device.state()["volume"] == {"syn6288": 8, "syn6658": 5, "xfs5152": 5}[chip]


@pytest.mark.parametrize("chip", CHIPS)
async def test_a_garbled_line_repeats_no_sentence_that_is_being_spoken(rig: Rig, chip: str) -> None:
    """Bytes that hurt each other may cost a sentence, and it is said so; they never cut one."""
    host = rig.device(chip, "pty", id="voice")
    fleet = await rig.start()
    await rig.up("voice")
    host.fault("garble", True)
    outcomes = [await fleet.perform("voice", speech(text), seconds=0.5) for text in SENTENCES]
    host.fault("garble", False)
    assert await fleet.perform("voice", speech("最后一句"), seconds=20) == "done"
    assert not cut(host.device)
    assert spoken(host.device)[-1] == "最后一句"
    assert len(spoken(host.device)) <= 1 + sum(outcome != "failed" for outcome in outcomes)


async def test_a_long_text_is_said_in_parts_that_wait_for_each_other(rig: Rig) -> None:
    host = rig.device("syn6288", "tcp", id="voice")
    fleet = await rig.start()
    text = "请听从工作人员引导，从最近的安全出口有序离开。" * 6
    assert await fleet.perform("voice", speech(text), seconds=20) == "done"
    assert "".join(spoken(host.device)) == text
    assert len(spoken(host.device)) == 2
    assert not cut(host.device)


@pytest.mark.parametrize("fault", ["unplug", "mute"])
async def test_a_sentence_whose_end_is_not_heard_is_unknown_and_not_repeated(
    rig: Rig, transport: str, fault: str
) -> None:
    host = rig.device("syn6288", transport, id="voice")
    fleet = await rig.start()
    await rig.up("voice")
    job = asyncio.create_task(fleet.perform("voice", speech(SENTENCES[0]), seconds=20))
    await until(lambda: host.device.state()["speaking"])
    host.fault(fault, True)
    assert await job == "unknown"
    host.fault(fault, False)
    assert await fleet.perform("voice", speech(SENTENCES[1]), seconds=20) == "done"
    assert spoken(host.device) == SENTENCES[:2]
    assert not cut(host.device)


async def test_a_hub_that_starts_while_the_chip_speaks_lets_it_finish(rig: Rig) -> None:
    host = rig.device("xfs5152", "tcp", id="voice")
    fleet = await rig.start()
    job = asyncio.create_task(fleet.perform("voice", speech(SENTENCES[0]), seconds=20))
    await until(lambda: host.device.state()["speaking"])
    fleet = await rig.restart()
    assert await job == "unknown"
    assert await fleet.perform("voice", speech(SENTENCES[1]), seconds=20) == "done"
    assert spoken(host.device) == SENTENCES[:2]
    assert not cut(host.device)


async def test_what_could_not_be_said_in_time_is_not_said_late(rig: Rig) -> None:
    host = rig.device("syn6288", "tcp", id="voice")
    fleet = await rig.start()
    host.fault("unplug", True)
    assert await fleet.perform("voice", speech("太晚了"), seconds=0.2) == "failed"
    host.fault("unplug", False)
    assert await fleet.perform("voice", speech(SENTENCES[0]), seconds=20) == "done"
    assert spoken(host.device) == [SENTENCES[0]]


@pytest.mark.parametrize("chip", CHIPS)
async def test_a_sentence_with_chime_repeats_english_and_the_hours_volume(rig: Rig, chip: str) -> None:
    """Only what the chip's manual names: the SYN6658 has no chime, and only the XFS5152 reads English words."""
    host = rig.device(chip, "tcp", id="voice", volume=100)
    fleet = await rig.start()
    job = Speech("1F", SENTENCES[2], "", english="Window three has paused", times=2, chime=True, volume=50)
    assert await fleet.perform("voice", job, seconds=20) == "done"
    english = ["Window three has paused"] if chip == "xfs5152" else []
    assert spoken(host.device) == [SENTENCES[2]] * 2 + english
    assert host.device.state()["chimes"] == (chip != "syn6658")
    assert host.device.state()["volume"] == {"syn6288": 8, "syn6658": 5, "xfs5152": 5}[chip]
    assert not cut(host.device)


async def test_a_chip_may_be_kept_from_its_chime(rig: Rig) -> None:
    host = rig.device("syn6288", "tcp", id="voice", chime=False)
    fleet = await rig.start()
    assert await fleet.perform("voice", Speech("1F", SENTENCES[2], "", chime=True), seconds=20) == "done"
    assert (spoken(host.device), host.device.state()["chimes"]) == ([SENTENCES[2]], 0)


async def test_a_new_frame_cuts_the_simulated_sentence_and_that_is_seen() -> None:
    from firmware_protocols import speech_chip

    chip = SimSpeechChip("syn6658", 0.01)
    for text in ("第一句", "第二句"):
        for frame in speech_chip.speak("syn6658", text):
            chip.take(frame.encode())
    await until(lambda: not chip.state()["speaking"])
    assert chip.state()["spoken"] == [{"text": "第一句", "cut": True}, {"text": "第二句", "cut": False}]
    chip.power_on()
    chip.stop()
