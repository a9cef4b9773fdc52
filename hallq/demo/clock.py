"""The demo's clock: it may run faster than the wall's, and never starts before what the hall has already seen.

Its speed may change while others wait by it.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from hallq.kernel import Ms


class PastClock:
    """Stands where it is set."""

    def __init__(self) -> None:
        self.at: Ms = 0

    def wall(self) -> Ms:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000


class FastClock:
    def __init__(self, speed: float = 1.0, *, not_before: Ms = 0) -> None:
        self.speed = speed
        self._start = max(time.time_ns() // 1_000_000, not_before)
        self._zero = time.monotonic()
        self._passed = 0.0  # seconds of the hall's time until `_zero`
        self._changed = asyncio.Event()  # of the speed; a new one each time

    def wall(self) -> Ms:
        return self._start + round(self.monotonic() * 1000)

    def monotonic(self) -> float:
        return self._passed + (time.monotonic() - self._zero) * self.speed

    def run_at(self, speed: float) -> None:
        """From now on."""
        self._passed, self._zero, self.speed = self.monotonic(), time.monotonic(), speed
        self._changed.set()
        self._changed = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Seconds of the hall's time, however its speed changes meanwhile."""
        until = self.monotonic() + seconds
        while (left := until - self.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left / self.speed):
                    await self._changed.wait()
