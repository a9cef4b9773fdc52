"""The demo's clock: it may run faster than the wall's, and never starts before what the hall has already seen."""

from __future__ import annotations

import time

from hallq.kernel import Ms


class FastClock:
    def __init__(self, speed: float = 1.0, *, not_before: Ms = 0) -> None:
        self.speed = speed
        self._start = max(time.time_ns() // 1_000_000, not_before)
        self._zero = time.monotonic()

    def wall(self) -> Ms:
        return self._start + round((time.monotonic() - self._zero) * self.speed * 1000)

    def monotonic(self) -> float:
        return time.monotonic() * self.speed
