"""B28: a press tests a device, or all of them: a slip is printed, a sentence is said, a strip shows a test page and all
its dots, whatever else there is does the test of its driver.

A window with a citizen keeps its strip; whatever a strip showed before it shows again.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hallq.config import Device, Settings
from hallq.devices.catalogue import DRIVERS
from hallq.devices.driver import StripOptions
from hallq.displays import voice
from hallq.displays.screens import Slip, Speech, StripScreen
from hallq.kernel import Ms
from hallq.office.device_check import BUSY, DONE, DOWN, FAILED
from hallq.texts import ZH, text
from hallq.wiring import printing
from hallq.wiring.wiring import Wiring

SHOWN_S = 5.0
LONGEST_S = 20.0  # a device that has not begun by then has failed
ALL_DOTS = "■"
ALL_SEGMENTS = "8"


async def run(wiring: Wiring) -> dict[str, str]:
    """What each device did: done failed unknown (it does not say), down, busy."""
    devices = wiring.fleet.health()
    results = await asyncio.gather(*(one(wiring, device) for device in devices))
    return dict(zip(devices, results, strict=True))


async def one(wiring: Wiring, device: str) -> str:
    if wiring.fleet.health()[device].state in ("down", "starting"):
        return DOWN
    known = wiring.entries[device]
    if DRIVERS[known.driver].shows is StripScreen:
        return await _strip(wiring, known)
    job = made(wiring.hall.settings, known, wiring.hall.now())
    if job is None:
        return await wiring.fleet.test(device, seconds=LONGEST_S)
    return await wiring.fleet.perform(device, job, seconds=LONGEST_S)


def made(settings: Settings, device: Device, now: Ms) -> Slip | Speech | None:
    """What it shall print or say."""
    performs = DRIVERS[device.driver].performs
    if performs is Slip:
        return printing.test_slip(settings, device, now)
    return speech(device.place) if performs is Speech else None


def speech(place: dict[str, Any]) -> Speech:
    return replace(voice.speech(next(iter(place.values())), {"key": "st.voice"}), english="")


def pattern(device: Device) -> StripScreen:
    """测试 with the window's number, then every dot."""
    options = device.typed_options()
    assert isinstance(options, StripOptions)
    if options.form.charset == "ascii":
        return StripScreen((ALL_SEGMENTS * options.form.columns,), "green", ("test", 0, 1))
    words = text("cm.strip", ZH, win=device.window)
    return StripScreen((words, ALL_DOTS * max(1, options.form.columns // 2)), "green", ("test", 0, 1))


async def _strip(wiring: Wiring, device: Device) -> str:
    no = device.place["window"]
    if wiring.hall.picture.windows[no].ticket is not None:
        return BUSY
    shown = wiring.tested[device.id] = asyncio.Event()
    try:
        wiring.fleet.show(device.id, pattern(device))
        async with asyncio.timeout(LONGEST_S):
            await shown.wait()
        await asyncio.sleep(SHOWN_S)
        return DONE
    except TimeoutError:
        return FAILED
    finally:
        del wiring.tested[device.id]
        wiring.show(no)
