"""Too often is 429: failed sign-ins, pairings, anonymous pages. Never a device's token, never a successful sign-in."""

from __future__ import annotations

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
        events = self._recent(key)
        if len(events) >= self.most:
            wait = events[0] + self.seconds - self.clock.monotonic()
            raise Refused("too_many", seconds=max(1, round(wait)))

    def count(self, key: str) -> None:
        if len(self._events) > 10_000:
            self._events = {known: events for known, events in self._events.items() if self._recent(known)}
        self._events.setdefault(key, deque(maxlen=self.most)).append(self.clock.monotonic())

    def _recent(self, key: str) -> deque[float]:
        events = self._events.get(key, deque())
        while events and events[0] <= self.clock.monotonic() - self.seconds:
            events.popleft()
        return events
