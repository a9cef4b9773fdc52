"""B28: one press tests every device: a slip is printed, a sentence is said, strips show a test page, pads are asked.

A window with a citizen keeps its strip; whatever a strip showed before it shows again.
"""

from __future__ import annotations

import asyncio
from typing import Any

from hallq import printing
from hallq.displays.screens import Speech, StripScreen
from hallq.office.device_check import BUSY, DONE, DOWN, FAILED
from hallq.texts import EN, ZH, text
from hallq.wiring import Wiring

SHOWN_S = 5.0
LONGEST_S = 20.0  # a device that has not begun by then has failed


async def run(wiring: Wiring) -> dict[str, str]:
    """What each device did: done failed unknown (it does not say), down, busy."""
    devices = wiring.fleet.health()
    results = await asyncio.gather(*(_test(wiring, device) for device in devices))
    return dict(zip(devices, results, strict=True))


async def _test(wiring: Wiring, device: str) -> str:
    known = wiring.entries[device]
    if wiring.fleet.health()[device].state != "up":
        return DOWN
    if known.driver == "eval-pad":
        return DONE  # it answers the hub's questions every few seconds
    if known.driver == "onbon-bxk":
        return await _strip(wiring, device, known.place["window"])
    job = printing.test_slip(wiring.hall, known) if known.driver == "escpos" else _speech(known.place)
    return await wiring.fleet.perform(device, job, seconds=LONGEST_S)


async def _strip(wiring: Wiring, device: str, no: str) -> str:
    if wiring.hall.picture.windows[no].ticket is not None:
        return BUSY
    shown = wiring.tested[device] = asyncio.Event()
    try:
        wiring.fleet.show(device, StripScreen((text("st.strip", ZH),), "green", ("test", 0, 1)))
        await asyncio.wait_for(shown.wait(), LONGEST_S)
        await asyncio.sleep(SHOWN_S)
        return DONE
    except TimeoutError:
        return FAILED
    finally:
        del wiring.tested[device]
        wiring.show(no)


def _speech(place: dict[str, Any]) -> Speech:
    return Speech(place["zone"], text("st.voice", ZH), text("st.voice", ZH), text("st.voice", EN))
