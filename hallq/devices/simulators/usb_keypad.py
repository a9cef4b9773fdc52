"""A USB keypad as Linux gives it: each key is pressed and released. Faults: stuck (the key is held and repeats)."""

from __future__ import annotations

import time
from typing import Any

from firmware_protocols import evdev_events as evdev
from hallq.devices.simulators.base import Simulator

HELD_S = 0.05
REPEAT_S = 0.03
USAGES = 0x70000  # scan codes of USB keys
CODES = {name: code for code, name in evdev.NAMES.items()}


class SimUsbKeypad(Simulator):
    protocol = "evdev-keypad"

    def __init__(self, tempo: float = 1.0) -> None:
        super().__init__(tempo)
        self.pressed = 0
        self.answered = 0  # it hears no answers
        self.busy = False
        self._stuck = False

    def press(self, *names: str) -> None:
        """Keys one after the other, by their names: KP1, KPENTER."""
        for name in names:
            self.pressed += 1
            self._put(CODES[name], evdev.PRESSED)
            self.later(HELD_S, lambda code=CODES[name]: self._up(code))  # type: ignore[misc]

    def fault(self, name: str, on: bool) -> None:
        if name != "stuck":
            super().fault(name, on)
        self._stuck = on

    def state(self) -> dict[str, Any]:
        return {"kind": "usb-keypad", "pressed": self.pressed, "stuck": self._stuck}

    def heard(self, message: Any) -> None:
        """Lamps, at most."""

    def _up(self, code: int) -> None:
        if self._stuck:
            self._put(code, evdev.REPEATED)
            self.later(REPEAT_S, lambda: self._up(code))
        else:
            self._put(code, evdev.RELEASED)

    def _put(self, code: int, value: int) -> None:
        sec, nano = divmod(time.time_ns(), 1_000_000_000)
        kinds = ((evdev.MISC, evdev.SCAN, USAGES + code), (evdev.KEY, code, value), (evdev.SYNC, 0, 0))
        self._say(b"".join(evdev.EVENT.pack(sec, nano // 1000, *each) for each in kinds))
