"""Time that does not pass while the machine lets a test stand still: a test's patience and a simulated device's answer
limit are then spent on what is tested, not on what else the machine does.
"""

from __future__ import annotations

import asyncio
import selectors
import time

NAP = 0.02  # seconds; who waits looks at the clock at least so often
STEP = 0.03  # more than this between two looks, and it was kept from running


class FairTime:
    def __init__(self) -> None:
        self._seen, self._stood = time.monotonic(), 0.0

    def monotonic(self) -> float:
        now = time.monotonic()
        self._stood += max(0.0, now - self._seen - STEP)
        self._seen = now
        return now - self._stood


class FairLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._time = FairTime()
        super().__init__(_Napping())

    def time(self) -> float:
        return self._time.monotonic()


class _Napping(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(NAP if timeout is None else min(timeout, NAP))
