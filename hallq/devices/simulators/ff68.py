"""A call keypad and a button evaluator on an FF 68 line. Each sends one press at a time, again until it is answered.

How often real ones repeat is not published: these do so five times. Faults: stuck, deaf (to answers), wrong-sum.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from firmware_protocols import ff68_bus as bus
from hallq.devices.simulators.base import Simulator

REPEAT_S = 0.3
TRIES = 5
TYPING_S = 0.2  # between two keys of a quick hand
STUCK_S = 0.1
FAULTS = frozenset({"stuck", "deaf", "wrong-sum"})
KEYS = {name: key for key, name in bus.KEYS.items()} | {str(digit): digit for digit in range(10)}


class _Sender(Simulator):
    protocol = "ff68"

    def __init__(self, tempo: float = 1.0, *, address: int = 1) -> None:
        super().__init__(tempo)
        self.address = address
        self.answered = 0  # presses that were
        self.given_up = 0
        self._faults: set[str] = set()
        self._waiting: deque[Any] = deque()
        self._sent: Any = None
        self._last: Any = None
        self._again: asyncio.TimerHandle | None = None
        self._resting = False  # a hand needs its time between two keys

    def fault(self, name: str, on: bool) -> None:
        if name not in FAULTS:
            super().fault(name, on)
        (self._faults.add if on else self._faults.discard)(name)
        if name == "stuck" and on:
            self._stick()

    @property
    def busy(self) -> bool:
        """A press is not answered yet, or the hand not ready for the next one."""
        return self._resting or self._sent is not None or bool(self._waiting)

    def _pressed(self, message: Any) -> None:
        self._waiting.append(message)
        if self._sent is None and not self._resting:
            self._next()

    def _next(self) -> None:
        self._resting = False
        if self._waiting:
            self._sent = self._last = self._waiting.popleft()
            self._try(TRIES)

    def _try(self, left: int) -> None:
        if left == 0:
            self.given_up += 1
            self._done()
            return
        self._put(self._sent)
        self._again = self.later(REPEAT_S, lambda: self._try(left - 1))

    def _put(self, message: Any) -> None:
        data = bytearray(message.encode())
        if "wrong-sum" in self._faults:
            data[-2] ^= 0xFF
        self._say(bytes(data))

    def _taken(self, data: bytes, expected: bytes) -> bool:
        """Whether this was the answer that it waits for."""
        if self._sent is None or data != expected or "deaf" in self._faults:
            return False
        self.answered += 1
        self._done()
        return True

    def _done(self) -> None:
        if self._again is not None:
            self._again.cancel()
        self._sent, self._resting = None, True
        self.later(TYPING_S, self._next)

    def _stick(self) -> None:
        if "stuck" in self._faults:
            if self._last is not None:
                self._put(self._last)
            self.later(STUCK_S, self._stick)


class SimKeypad(_Sender):
    def __init__(self, tempo: float = 1.0, *, address: int = 1) -> None:
        super().__init__(tempo, address=address)
        self.beeps = 0
        self._shown: dict[str, int | None] = {"waiting": None, "ticket": None}

    def press(self, *keys: str) -> None:
        """One frame: a digit, a function key, or digits with one behind them."""
        data = bytes(KEYS[key] for key in keys)
        message = bus.Key if data[0] > 9 or (len(data) == 2 and data[0] in bus.CODES) else bus.Digits
        self._pressed(message(self.address, data))

    def type(self, keys: str, then: str = "confirm") -> None:
        """Digits one by one, then a function key."""
        for key in (*keys, then):
            self.press(key)

    def state(self) -> dict[str, Any]:
        return {"kind": "keypad", "address": self.address, "beeps": self.beeps, "answered": self.answered,
                "given_up": self.given_up, "busy": self.busy, **self._shown}  # fmt: skip

    def heard(self, message: Any) -> None:
        if message.address != self.address:
            return
        if self._sent is not None and self._taken(message.encode(), self._sent.encode()):
            return
        match message:
            case bus.Beep():
                self.beeps += 1
            case bus.Show(waiting=waiting, ticket=ticket):
                shown = {"waiting": waiting, "ticket": ticket}
                self._shown |= {name: value for name, value in shown.items() if value is not None}


class SimEvaluator(_Sender):
    def __init__(self, tempo: float = 1.0, *, address: int = 1) -> None:
        super().__init__(tempo, address=address)
        self.asked = 0

    def press(self, value: int) -> None:
        self._pressed(bus.Rated(self.address, value))

    def state(self) -> dict[str, Any]:
        return {"kind": "evaluator", "address": self.address, "asked": self.asked, "answered": self.answered,
                "given_up": self.given_up, "busy": self.busy}  # fmt: skip

    def heard(self, message: Any) -> None:
        if message.address != self.address:
            return
        match message:
            case bus.Evaluate():
                self.asked += 1
            case bus.Answer(value=value) if self._sent is not None:
                self._taken(bytes([value]), bytes([self._sent.value]))
