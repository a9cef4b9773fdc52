"""Too often is 429: guessed passwords, PINs and codes, pairings, prints, questions of who is nobody. Never a device's
token, never the right password."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from hallq.kernel import Clock, Refused


@dataclass
class Limit:
    """At most `most` events a `seconds` per key. Memory is bounded: idle keys are dropped."""

    clock: Clock
    most: int
    seconds: float
    _events: dict[str, deque[float]] = field(default_factory=dict)

    def check(self, key: str) -> None:
        """Refused("too_many") once the key has had its share."""
        if self.spent(key):
            wait = self._events[key][0] + self.seconds - self.clock.monotonic()
            raise Refused("too_many", seconds=max(1, round(wait)))

    def spent(self, key: str) -> bool:
        return len(self._recent(key)) >= self.most

    def count(self, key: str) -> None:
        if len(self._events) > 10_000:
            self._events = {known: events for known, events in self._events.items() if self._recent(known)}
        self._events.setdefault(key, deque(maxlen=self.most)).append(self.clock.monotonic())

    def _recent(self, key: str) -> deque[float]:
        events = self._events.get(key, deque())
        while events and events[0] <= self.clock.monotonic() - self.seconds:
            events.popleft()
        return events


@dataclass
class SlowDoor:
    """Who failed too often waits here, one after the other: guessing does not pay, the right password still opens."""

    seconds: float
    most: int  # in the line
    _line: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    async def wait(self) -> None:
        if self._waiting >= self.most:
            raise Refused("too_many", seconds=max(1, round(self._waiting * self.seconds)))
        self._waiting += 1
        try:
            async with self._line:
                await asyncio.sleep(self.seconds)
        finally:
            self._waiting -= 1
